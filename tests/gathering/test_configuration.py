"""Settings: names of variables but never their values; the compose services that the failure concerns."""

import random
import string

import pytest

from assistant.evidence import Frame
from assistant.gathering import learn_secrets, open_repository
from assistant.redaction import Redactor

COMPOSE = """services:
  db:
    image: postgres:15-alpine
    environment:
      POSTGRES_DB: shop

  # the cache
  cache:
    image: redis:7
  api:
    build: .
    depends_on: [db]
  docs:
    image: nginx:1.27
"""
ASYNCPG = Frame("/venv/site-packages/asyncpg/connection.py", 9, "connect", ours=False, package="asyncpg")


def fake(length: int = 24) -> str:
    return "".join(random.Random(length).choices(string.ascii_letters + string.digits, k=length))


def texts(found, blocks):
    return [found.ledger.get(block.evidence).text for block in blocks]


def test_names_are_given_and_values_are_nowhere(project, failure, gathered):
    value = fake()
    root = project({".env": f"# local\nexport API_KEY='{value}'\nDATABASE_URL=postgresql://shop:{value}x@db/shop\nDEBUG=1\n"})
    found = gathered(failure(), root)
    assert texts(found, found.env_settings) == ["API_KEY\nDATABASE_URL\nDEBUG"]
    assert not any(value in piece.text for piece in found.ledger)


def test_a_value_of_the_env_file_is_masked_where_it_stands_in_code(project, failure, gathered):
    value = fake(30)
    root = project({".env": f"STRIPE_API_KEY={value}\n", "app/pay.py": f'def pay():\n    charge("{value}")\n'})
    found = gathered(failure(frames=(Frame("app/pay.py", 2, "pay"),)), root)
    piece = found.ledger.get(found.problematic[0].evidence)
    assert value not in piece.text
    assert len(piece.masked) == 1


@pytest.mark.parametrize(
    "files",
    [
        {".env": "DB_PASSWORD={}\n"},
        {".env": "DATABASE_URL=postgresql://shop:{}@db/shop\n"},
        {"deploy/docker-compose.yml": "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: {}\n"},
        {"config/prod.yaml": "db:\n  user: shop\n  password: {}\n"},
        {"alembic.ini": "sqlalchemy.url = postgresql://shop:{}@db/shop\n"},
        {"secrets.toml": 'password = "{}"\n'},
        {"app/settings.py": 'DB_PASSWORD = "{}"\n'},
        {"deploy.sh": "export DB_PASSWORD={}\n"},
    ],
    ids=lambda files: next(iter(files)),
)
def test_a_secret_of_the_repository_is_masked_in_what_is_read_later(project, files):
    value = fake(18)
    redactor = Redactor()
    learn_secrets(open_repository(project({path: text.replace("{}", value) for path, text in files.items()})), redactor)
    assert value not in redactor.mask(f"could not log in with {value} at db")


@pytest.mark.parametrize("value", ["orders-prod-pass", "correcthorsebatteries", "x9y8z7"])
def test_a_secret_that_is_made_of_words_is_masked_too_where_a_file_of_settings_tells_it(project, value):
    redactor = Redactor()
    learn_secrets(open_repository(project({".env": f"DB_PASSWORD={value}\n"})), redactor)
    assert value not in redactor.mask(f"login with {value} failed")


@pytest.mark.parametrize(
    "text",
    [
        "POSTGRES_USER=orders_app\nPOSTGRES_PASSWORD=orders_app\n",
        "POSTGRES_PASSWORD=orders\n",
        "POSTGRES_PASSWORD=your-password-here\n",
        "POSTGRES_PASSWORD_FILE=/run/secrets/orders_app\n",
    ],
)
def test_a_word_that_is_no_secret_by_itself_stays(project, text):
    redactor = Redactor()
    learn_secrets(open_repository(project({".env": text})), redactor)
    line = "role orders_app of orders: your-password-here is missing"
    assert redactor.mask(line) == line


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('A="one\nB=two"\nC=3\n', "A\nC"),
        ("A='one\nB=two'\nC=3\n", "A\nC"),
        ("KEY=-----BEGIN X-----\nabcDEF=\n-----END X-----\nC=3\n", "KEY\nC"),
        ("A=$(touch x)\nB=`touch x`\n", "A\nB"),
        ("=none\nno equals\nA = 1\n", "A"),
        ("A=1\nA=2\n", "A"),
        ("A=1\nMIIEpAIBAAKCAQEAxYz=\n", "A\nMIIEpAIBAAKCAQEAxYz"),
        ("A=1\nMIIEpAIBAAKCAQEAxYzQ=\n", "A"),
    ],
)
def test_only_names_are_taken_from_an_env_file(project, failure, gathered, text, names):
    found = gathered(failure(), project({".env": text}))
    assert texts(found, found.env_settings) == [names]


def test_an_example_that_names_nothing_new_is_left_out(project, failure, gathered):
    found = gathered(failure(), project({".env": "A=1\nB=2\n", ".env.example": "A=\nB=\n", ".env.test": "A=1\nC=1\n"}))
    assert texts(found, found.env_settings) == ["A\nB", "C"]


def test_the_service_of_the_driver_is_shown_and_the_others_are_counted(project, failure, gathered):
    found = gathered(failure(frames=(ASYNCPG,)), project({"docker-compose.yml": COMPOSE}))
    assert texts(found, found.compose) == ["  db:\n    image: postgres:15-alpine\n    environment:\n      POSTGRES_DB: shop"]
    assert str(found.ledger.get(found.compose[0].evidence).origin) == "docker-compose.yml:2-5"
    assert found.notes == ("`docker-compose.yml`: 3 of 4 services left out (`cache`, `api`, `docs`)",)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ('could not translate host name "cache" to address', ["cache"]),
        ("api_1  | exited", ["db", "api"]),
        ("connect to cache:6379 failed", ["cache"]),
        ("the docs say so", []),
    ],
)
def test_a_service_that_the_error_names_is_shown_with_what_it_waits_for(project, failure, gathered, message, shown):
    found = gathered(failure(f"OSError: {message}"), project({"compose.yaml": COMPOSE}))
    assert [text.split(":")[0].strip() for text in texts(found, found.compose)] == shown


def test_two_services_are_shown_although_nothing_names_them(project, failure, gathered):
    found = gathered(failure(), project({"compose.yml": "services:\n  a:\n    image: x\n  b: {image: y}\n"}))
    assert texts(found, found.compose) == ["  a:\n    image: x", "  b: {image: y}"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nservices: *b\n", "it has no mapping `services`"),
        ("services:\n  a: !!python/object/apply:os.system ['true']\n", "it holds tags or shapes that no compose service has"),
        ("services: [\n", "it is no YAML that can be read"),
        ("services: " + "[" * 100_000, "it is no YAML that can be read"),
        ("x: 1\n", "it has no mapping `services`"),
    ],
)
def test_odd_compose_files_are_refused_with_a_reason(project, failure, gathered, text, reason):
    found = gathered(failure(), project({"compose.yml": text}))
    assert found.compose == ()
    assert f"`compose.yml` was left out: {reason}" in found.notes
