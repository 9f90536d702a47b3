"""What the redactor promises for every text; every secret here is drawn when the test runs."""

import random
import re
import string

import pytest
from hypothesis import given, settings, strategies as st

from assistant.redaction import Redactor, tokens_in

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def drawn(length: int, *, of: str = LETTERS, seed: int = 7) -> str:
    """A fake secret that holds a letter and a digit."""
    rng = random.Random(seed * 1000 + length)
    return "q7" + "".join(rng.choice(of) for _ in range(length - 2))


PASSWORD = drawn(14, of=LETTERS + "!.+^~")
TOKEN = drawn(36)
DIGEST = drawn(40, of=HEX).replace("q", "a")

FORMS = {
    "env": "DB_PASSWORD={}",
    "env exported": "export DB_PASSWORD='{}'",
    "yaml": "db:\n  password: {}\n  port: 5432",
    "yaml block": "password: |\n  {}\nport: 1",
    "json": '{{"user": "app", "password": "{}", "port": 5432}}',
    "json in json": 'body="{{\\"password\\":\\"{}\\"}}"',
    "toml": 'password = "{}"',
    "ini": "[db]\npasswd = {}",
    "python": "connect(host='db', password='{}')",
    "annotated": "password: str = '{}'",
    "repr": "Config(password=SecretStr('{}'))",
    "pair": "[('password', '{}')]",
    "ruby": '{{"password"=>"{}"}}',
    "option": "tool --password {} --host db",
    "option with sign": "tool --db.password={} --host db",
    "argument list": '["tool", "--password", "{}"]',
    "url": "postgresql+asyncpg://app:{}@db:5432/shop",
    "conninfo": "host=db password={} dbname=shop",
    "jdbc": "jdbc:postgresql://db/shop?user=app&password={}&ssl=true",
    "ado": "Server=db;User Id=sa;Password={};Encrypt=true",
    "xml": "<password>{}</password>",
    "xml attribute": '<add key="DbPassword" value="{}"/>',
    "sql": "ALTER USER app WITH PASSWORD '{}';",
    "sql identified": "CREATE USER 'app'@'%' IDENTIFIED BY '{}';",
    "sql insert": "INSERT INTO users (name, password) VALUES ('mira', '{}')",
    "sql parameters": "[SQL: INSERT INTO users (name, password) VALUES (%s, %s)]\n[parameters: ('mira', '{}')]",
    "name and value": "- name: DB_PASSWORD\n  value: {}",
    "curl": "curl -u admin:{} https://example.com/x",
    "netrc": "machine example.com login app password {}",
    "sentence": "the initial password is {}",
    "coloured": "\x1b[36mDB_PASSWORD\x1b[0m=\x1b[33m{}\x1b[0m ok",
    "shell default": "echo ${{DB_PASSWORD:-{}}}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_password_is_masked_in_every_form_and_the_rest_stays(form):
    masked = Redactor().mask(form.format(PASSWORD))
    assert PASSWORD not in masked
    assert re.sub(r"\[SECRET:[a-z-]+:1\]", "{}", masked) == form.format("{}")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgresql://app:{}@db/shop", "postgresql://app:[SECRET:postgres-password:1]@db/shop"),
        ("POSTGRES_PASSWORD={}", "POSTGRES_PASSWORD=[SECRET:postgres-password:1]"),
        ("redis://:{}@cache:6379/0", "redis://:[SECRET:redis-password:1]@cache:6379/0"),
        ("Authorization: Bearer {}", "Authorization: Bearer [SECRET:bearer-token:1]"),
        ("API_KEY={}", "API_KEY=[SECRET:api-key:1]"),
        ("GET /x?access_token={}&page=2", "GET /x?access_token=[SECRET:token:1]&page=2"),
        ("Cookie: theme=dark; sessionid={}", "Cookie: theme=dark; sessionid=[SECRET:cookie:1]"),
    ],
)
def test_the_token_says_what_was_masked(text, masked):
    assert Redactor().mask(text.format(TOKEN)) == masked


SHAPES = {
    "github-token": "gh" + "p_" + drawn(36),
    "gitlab-token": "gl" + "pat-" + drawn(20),
    "aws-access-key": "AK" + "IA" + drawn(16).upper().replace("0", "2"),
    "google-api-key": "AI" + "za" + drawn(35),
    "slack-token": "xo" + "xb-" + "1" * 12 + "-" + drawn(24),
    "stripe-key": "sk" + "_live_" + drawn(24),
    "anthropic-key": "sk" + "-ant-api03-" + drawn(80),
    "openai-key": "sk" + "-proj-" + drawn(80),
    "huggingface-token": "hf" + "_" + drawn(34),
    "npm-token": "np" + "m_" + drawn(36),
    "pypi-token": "pyp" + "i-AgEIcHlwaS5vcmc" + drawn(60),
    "sendgrid-key": "S" + "G." + drawn(22) + "." + drawn(43),
    "azure-client-secret": "Ab1" + "8Q~" + drawn(34),
    "jwt": "ey" + "J" + drawn(30) + "." + "ey" + "J" + drawn(40) + "." + drawn(43),
    "docker-token": "dckr" + "_pat_" + drawn(27),
    "digitalocean-token": "do" + "p_v1_" + drawn(64, of=HEX).replace("q", "a"),
}


@pytest.mark.parametrize(("kind", "token"), SHAPES.items(), ids=SHAPES.keys())
def test_a_known_shape_is_masked_in_the_middle_of_a_sentence(kind, token):
    assert Redactor().mask(f"call failed for {token} today") == f"call failed for [SECRET:{kind}:1] today"


KEPT = """\
password authentication failed for user "app"
def login(username: str, password: str) -> Token:
password: str
token: Optional[str] = None
SECRET_KEY = os.environ["SECRET_KEY"]
password=None, token=null
password=%s user=%s
POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?required}
api_key = settings.API_KEY
hashed_password = get_password_hash(password)
token = jwt.encode(payload, SECRET_KEY, algorithm=ALGORITHM)
KeyError: 'access_token'
max_tokens=4096 token_count=15321
password_hasher=argon2 PASSWORD_MIN_LENGTH=12
cache_key=user:123:profile:v2
DETAIL:  Key (email)=(x) already exists.
FAILED tests/test_auth.py::test_login[password-wrong] - AssertionError
Can't locate revision identified by 'fe7656c21eaa'
commit 3b0339f17fb6528c1fb07c65b32fe52a6d29015b
<Client object at 0x7ff5e472e179>
X-Request-ID: d03e40ce-f5b9-48cd-9717-3bea65516f57
FROM python:3.12-slim@sha256:b3116afd229111523612d6d9641dc6e224d041c9bc97d82972f50dbb26e7cc4c
open /etc/ssl/private/server.key: permission denied
git@github.com:acme/shop.git
postgresql://db.example.com:5432/shop unreachable
password=[FILTERED] token=********
5 passed, 3 failed, 1 skipped
"token_type": "bearer", "expires_in": 3600
Enter password:
The token is invalid or has expired"""


@pytest.mark.parametrize("line", KEPT.split("\n"))
def test_what_only_speaks_of_secrets_stays(line):
    assert Redactor().mask(line) == line


def test_the_same_value_is_the_same_token_in_every_text_of_a_redactor():
    redactor = Redactor()
    assert redactor.mask(f"POSTGRES_PASSWORD={PASSWORD}") == "POSTGRES_PASSWORD=[SECRET:postgres-password:1]"
    assert redactor.mask(f"password: {PASSWORD}\nother_password: {TOKEN}") == (
        "password: [SECRET:postgres-password:1]\nother_password: [SECRET:password:1]"
    )


def test_a_value_is_masked_wherever_else_it_stands():
    masked = Redactor().mask(f"tried {PASSWORD}!\npassword={PASSWORD}\nagain{PASSWORD}again")
    assert masked == "tried [SECRET:password:1]!\npassword=[SECRET:password:1]\nagain[SECRET:password:1]again"


def test_a_value_that_is_a_word_is_masked_only_in_its_place():
    assert Redactor().mask("password='butterfly'\nthe butterfly stays") == "password='[SECRET:password:1]'\nthe butterfly stays"


def test_a_percent_encoded_value_and_the_plain_one_share_a_token():
    masked = Redactor().mask(f"redis://:{TOKEN}%23x@cache/0\nraw {TOKEN}#x")
    assert masked == "redis://:[SECRET:redis-password:1]@cache/0\nraw [SECRET:redis-password:1]"


def test_learned_values_are_masked_and_words_are_not():
    redactor = Redactor()
    redactor.learn([("stripe-key", TOKEN), ("password", "postgres")])
    assert redactor.mask(f"{TOKEN} on postgres") == "[SECRET:stripe-key:1] on postgres"


def test_what_a_later_text_tells_is_masked_in_an_earlier_one():
    assert Redactor().mask_all([f"tried {PASSWORD}", f"password={PASSWORD}"]) == (
        "tried [SECRET:password:1]",
        "password=[SECRET:password:1]",
    )


def test_what_was_studied_is_masked_everywhere():
    redactor = Redactor()
    redactor.study(f"password={PASSWORD}")
    assert redactor.mask(f"tried {PASSWORD}") == "tried [SECRET:password:1]"


@pytest.mark.parametrize(("value", "sought"), [("acme-prod-pass", True), ("x9y8z7", True), ("postgres", False), ("12345678", False)])
def test_a_file_of_settings_tells_words_too_but_no_single_word(value, sought):
    redactor = Redactor()
    redactor.study(f"DB_PASSWORD: {value}", plain=())
    assert (redactor.mask(f"on {value} now") != f"on {value} now") is sought
    plain = Redactor()
    plain.study(f"DB_PASSWORD: {value}", plain=[value])
    assert plain.mask(f"on {value} now") == f"on {value} now"


def test_learned_counts_what_is_sought_everywhere():
    redactor = Redactor()
    redactor.mask(f"password={PASSWORD}")
    learned = redactor.learned
    redactor.mask(f"password={PASSWORD} {PASSWORD}")
    assert redactor.learned == learned
    redactor.mask(f"password={TOKEN}")
    assert redactor.learned > learned


def test_tokens_that_a_text_brings_along_are_not_given_again():
    masked = Redactor().mask(f"password=[SECRET:password:1]\npassword={PASSWORD}")
    assert masked == "password=[SECRET:password:1]\npassword=[SECRET:password:2]"
    assert tokens_in(masked) == ("[SECRET:password:1]", "[SECRET:password:2]")


def key_block(prefix: str = "") -> list[str]:
    mark = "-" * 5
    body = [drawn(64, seed=n) for n in range(4)] + [drawn(20) + "=="]
    return [prefix + line for line in (f"{mark}BEGIN RSA PRIVATE KEY{mark}", *body, f"{mark}END RSA PRIVATE KEY{mark}")]


@pytest.mark.parametrize("prefix", ["", "    ", "2026-07-14T10:00:01.123Z ", "[pod/api-0] "])
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "cut off"])
def test_a_private_key_goes_line_by_line(prefix, whole):
    lines = key_block(prefix)
    text = "\n".join(["before", *(lines if whole else lines[:-1]), "after it"])
    masked = Redactor().mask(text).split("\n")
    assert masked[2:7] == [f"{prefix}[SECRET:private-key:1]"] * 5
    assert (masked[0], masked[1], masked[-1]) == ("before", lines[0], "after it")


def test_a_private_key_in_one_line_goes():
    lines = key_block()
    masked = Redactor().mask('KEY="' + "\\n".join(lines) + '"\nALG=RS256')
    assert not any(line in masked for line in lines[1:-1])
    assert masked.endswith('"\nALG=RS256')


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail to mira.k@kunde.example.at", "mail to [PII:email:1]"),
        ("client 74.83.86.218 refused", "client [PII:ip:1] refused"),
        ("remote=[2a00:d78:d6a::1f0e:72]:44120", "remote=[[PII:ip:1]]:44120"),
        ('File "/home/mira/shop/app.py", line 3', 'File "/home/[PII:user:1]/shop/app.py", line 3'),
        ("SMS to +436643451908 failed", "SMS to [PII:phone:1] failed"),
        ("listening on 127.0.0.1:8000 and 172.28.0.3", "listening on 127.0.0.1:8000 and 172.28.0.3"),
        ("libfoo 1.2.3.4 installed, lodash@npm:4.17.21", "libfoo 1.2.3.4 installed, lodash@npm:4.17.21"),
    ],
)
def test_personal_data_is_masked_where_asked_for(text, masked):
    assert Redactor(pii=True).mask(text) == masked
    assert Redactor().mask(text) == text


PIECES = st.one_of(
    st.sampled_from(
        ["password", "token", "secret", "=", ": ", "'", '"', "\\", "\n", " ", "@", "://", "&", "[SECRET:x:1]", "{", "}", "(", ",", "-p "]
    ),
    st.sampled_from(
        ["eyJ", "--token", "Cookie: ", "Authorization: ", "-----BEGIN PRIVATE KEY-----", "IDENTIFIED BY ", "value: ", "name: "]
    ),
    st.text(max_size=12),
    st.integers(0, 9).map(lambda n: drawn(24, seed=n)),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.booleans())
def test_lines_stay_and_masking_twice_is_masking_once(text, pii):
    redactor = Redactor(pii=pii)
    masked = redactor.mask(text)
    assert masked.count("\n") == text.count("\n")
    assert redactor.mask(masked) == masked
    assert Redactor(pii=pii).mask(masked) == masked


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(sorted(FORMS)), TEXTS)
def test_no_planted_secret_survives_whatever_stands_around(before, form, after):
    assert PASSWORD not in Redactor(pii=True).mask(f"{before}\n{FORMS[form].format(PASSWORD)}\n{after}")


def test_thousands_of_values_are_found_as_one_is():
    rng = random.Random(3)
    values = ["".join(rng.choice(LETTERS) for _ in range(rng.randrange(9, 40))) + "7x" for _ in range(500)]
    assigned = "\n".join(f"password={value}" for value in values)
    masked = Redactor().mask(assigned + "\n" + " ".join(reversed(values)))
    assert not any(value in masked for value in values)


@pytest.mark.parametrize(
    "piece", ["A", "password=", "\"'", "a@", "a.", "a:", "https://a:b", "token key ", "key =  ", '\\"', "4", "eyJ", "-p x", "name: "]
)
def test_a_long_hostile_line_costs_no_more_than_its_length(piece):
    text = piece * (200_000 // len(piece))
    assert Redactor(pii=True).mask(text).count("\n") == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=4), st.sampled_from(sorted(FORMS)), st.randoms(use_true_random=False))
def test_what_is_masked_does_not_depend_on_the_order_of_the_texts(texts, form, rng):
    texts = [*texts, FORMS[form].format(PASSWORD), f"tried {PASSWORD} twice"]
    order = list(range(len(texts)))
    rng.shuffle(order)
    plain = [re.sub(r"\[(SECRET|PII):[a-z0-9-]+:\d+\]", "[…]", text) for text in Redactor().mask_all(texts)]
    shuffled = Redactor().mask_all([texts[number] for number in order])
    assert [re.sub(r"\[(SECRET|PII):[a-z0-9-]+:\d+\]", "[…]", text) for text in shuffled] == [plain[number] for number in order]
    assert not any(PASSWORD in text for text in plain)
