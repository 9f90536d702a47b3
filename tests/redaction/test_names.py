"""What a name announces."""

import pytest

from assistant.redaction.names import Trust, named


@pytest.mark.parametrize(
    ("name", "kind", "trust"),
    [
        ("password", "password", Trust.CERTAIN),
        ("POSTGRES_PASSWORD", "postgres-password", Trust.CERTAIN),
        ("spring.datasource.password", "password", Trust.CERTAIN),
        ("dbPassword", "password", Trust.CERTAIN),
        ("MYSQL_PWD", "mysql-password", Trust.CERTAIN),
        ("DB_PASSWORD_OLD", "password", Trust.CERTAIN),
        ("X-Api-Key", "api-key", Trust.LIKELY),
        ("JWT_SECRET", "jwt-secret", Trust.LIKELY),
        ("SECRET_KEY", "secret-key", Trust.LIKELY),
        ("refreshToken", "token", Trust.LIKELY),
        ("private_key_id", "private-key-id", Trust.CERTAIN),
        ("auth", "credential", Trust.RANDOM),
    ],
)
def test_a_secret_name_has_a_kind_and_a_trust(name, kind, trust):
    assert named(name) == (kind, trust)


@pytest.mark.parametrize(
    "name",
    [
        "key",
        "author",
        "tokenizer",
        "max_tokens",
        "token_count",
        "token_type",
        "password_hasher",
        "PASSWORD_MIN_LENGTH",
        "cache_key",
        "primary_key",
        "public_key",
        "PublicKeyToken",
        "idempotency_key",
        "keyboard_layout",
        "passed",
        "compass",
        "next_page_token",
        "secret_version",
        "key_id",
        "password_reset_url",
    ],
)
def test_other_names_have_none(name):
    assert named(name) is None
