"""Lines of settings: in `.env`, YAML and compose nothing is code, and only a placeholder is no secret."""

import random
import string

import pytest

from assistant.redaction import Redactor


def drawn(length: int = 9, seed: int = 3) -> str:
    """A fake secret of small letters and digits that begins with a letter."""
    rng = random.Random(seed * 100 + length)
    return "k" + "".join(rng.choice(string.ascii_lowercase) for _ in range(length - 2)) + "7"


WORD = drawn(5)[:4]
VALUES = {
    "words joined": f"my-prod-{WORD}",
    "begins with a dollar sign": "$" + drawn(13).title(),
    "round brackets": f"{WORD}({drawn(5)})9x",
    "in brackets": f"({drawn(7)})",
    "a long word": "".join(random.Random(5).choice(string.ascii_lowercase) for _ in range(19)),
    "a dot": f"{WORD}.{WORD}",
    "an object's name": f"app.{WORD}pass1",
    "an open bracket": f"{WORD}[1",
    "begins with a dash": f"-{drawn(6)}",
    "begins like an example": f"fake_but_{WORD}_9X",
    "begins with your": f"your_{WORD}_9X",
    "ends like an example": f"{drawn(8)}-example",
    "an exclamation mark": f"!{drawn(7)}",
    "an asterisk": f"*{drawn(7)}",
    "an ampersand": f"&{drawn(7)}",
    "a smaller sign": f"<{drawn(7)}",
    "a colon": f":{WORD}{WORD}",
    "looks like a reference": f"secret:{drawn(6)}",
    "begins with a slash": "/" + drawn(9) + "Q" + drawn(10).upper(),
    "letters cut": f"k9...{drawn(9)}",
}
LINES = {
    "env": "DB_PASSWORD={}",
    "env exported": "export DB_PASSWORD={}",
    "among others": "DB_HOST=db\nDB_PASSWORD={}\nDB_PORT=5432",
    "with a comment": "DB_PASSWORD={} # for all",
    "compose": "    environment:\n      POSTGRES_PASSWORD: {}\n      POSTGRES_DB: shop",
    "compose list": "    environment:\n      - POSTGRES_PASSWORD={}",
    "compose log": "db_1  | DB_PASSWORD={}",
    "ci log": "2026-07-14T10:00:01.123Z   DB_PASSWORD: {}",
    "a token's name": "JWT_TOKEN={}",
    "a key's name": "API_KEY: {}",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_the_value_of_a_secrets_name_is_masked_whatever_it_looks_like(line: str, value: str) -> None:
    masked = Redactor().mask(line.format(value))
    assert value not in masked
    assert masked.count("[SECRET:") == 1
    assert masked.split("[SECRET:")[0] == line.split("{}")[0]
    assert masked.endswith(line.split("{}")[1])


@pytest.mark.parametrize("value", [f"#{drawn(7)}", f"{drawn(7)}#{drawn(7)}", f"'{WORD} # {WORD}'"])
def test_a_number_sign_begins_a_comment_only_behind_a_blank(value: str) -> None:
    assert WORD not in Redactor().mask(f"DB_PASSWORD={value}")
    assert Redactor().mask(f"DB_PASSWORD: # {WORD}") == f"DB_PASSWORD: # {WORD}"


@pytest.mark.parametrize("value", [f"{WORD}.{WORD}", f"{WORD}({drawn(5)})9x", f"-{drawn(6)}"])
def test_yaml_is_known_by_its_neighbours(value: str) -> None:
    assert value not in Redactor().mask(f"db:\n  user: app\n  password: {value}\n  port: 5432")
    assert value not in Redactor().mask(f"loaded\n\n  user: app\n  password: {value}\n\ndone")


@pytest.mark.parametrize("text", ["password: {}", "DB_HOST=db\nDB_PASSWORD={}\nDB_PORT=1", "SECRET_PHRASE_PASSWORD: {}"])
def test_words_are_a_password_too(text: str) -> None:
    phrase = f"open {WORD} please"
    assert "please" not in Redactor().mask(text.format(phrase))


KEPT = """\
DB_PASSWORD=changeme
DB_PASSWORD=change-me-please
DB_PASSWORD=<your password>
DB_PASSWORD=xxx
DB_PASSWORD=***
DB_PASSWORD=your-password-here
DB_PASSWORD=${DB_PASSWORD}
DB_PASSWORD: ${DB_PASSWORD:?must be set}
DB_PASSWORD=$DB_PASSWORD
DB_PASSWORD=$(cat /run/secrets/db)
DB_PASSWORD: /run/secrets/db_password
DB_PASSWORD_FILE=/run/secrets/db
API_KEY=your-openai-api-key
API_KEY=insert-token-here
SECRET_KEY=django-insecure-change-me
TOKEN: ${{ secrets.GITHUB_TOKEN }}
PASSWORD=  # set me
password: !vault |
password: !secret db_password
password: ""
SECRET_KEY: Field required
SECRET_KEY: Input should be a valid string [type=string_type]
API_TOKEN: must not be empty
password: This field is required.
password: authentication failed
token: unexpected end of file
SECRET_KEY=os.environ["SECRET_KEY"]
API_KEY: str | None = None
  API_KEY: process.env.API_KEY,
f(SECRET_KEY=settings.SECRET_KEY)
    password=password,
    password: str,
("authorization", "proxy-authorization")
return ("bearer", self.api_key)
decoded_secret = base64.b64decode(secret[6:])
ERROR [user-service] Can't locate revision identified by 'fe7656c21eaa'"""


@pytest.mark.parametrize("line", KEPT.split("\n"))
def test_a_placeholder_a_sentence_and_code_stay(line: str) -> None:
    assert Redactor().mask(line) == line


@pytest.mark.parametrize(
    "text",
    [
        "class User(BaseModel):\n    email: str\n    password: Annotated[str, Field(min_length=8)]",
        "class User(BaseModel):\n    email: EmailStr\n    password: constr(min_length=8)",
        "x = {\n  email: req.body.email,\n  password: req.body.password\n}",
        "interface User {\n  email: string\n  password: string\n  token: string\n}",
        "      secretKeyRef:\n        name: x\n        key: password",
        "def login(\n    password: schemas.Password\n):",
    ],
)
def test_code_with_colons_is_no_yaml(text: str) -> None:
    assert Redactor().mask(text) == text
