"""What a name says about its value: `DB_PASSWORD` holds a password, `password_hasher` and `cache_key` do not."""

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple


class Trust(IntEnum):
    """How much the name alone says: whether the value must look like a secret, too."""

    RANDOM = 1
    """only a value that looks random is a secret (`auth`, `*_key`)"""
    LIKELY = 2
    """any value but plain words is a secret (`token`, `secret`)"""
    CERTAIN = 3
    """any value that is not a placeholder is a secret (`password`)"""


class Named(NamedTuple):
    """What a name stands for."""

    kind: str
    trust: Trust


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_VENDORS = {
    "postgres": "postgres", "postgresql": "postgres", "pg": "postgres", "pgpassword": "postgres",
    "mysql": "mysql", "mariadb": "mysql", "redis": "redis", "mongo": "mongodb", "mongodb": "mongodb",
    "rabbitmq": "amqp", "amqp": "amqp", "smtp": "smtp", "mail": "smtp", "email": "smtp", "ldap": "ldap",
    "aws": "aws", "azure": "azure", "github": "github", "gitlab": "gitlab", "stripe": "stripe", "openai": "openai",
    "jwt": "jwt", "django": "django", "slack": "slack", "datadog": "datadog", "twilio": "twilio", "npm": "npm",
}  # fmt: skip

# The first row whose ending fits says kind and trust; names are lower-case words joined by `-`.
_ENDINGS = (
    ("private-key-id", "private-key-id", Trust.CERTAIN),
    ("secret-id", "secret-id", Trust.RANDOM),
    ("api-key", r"(?:api|app)-hash|erlang-cookie|auth-?ident|art-api", Trust.LIKELY),
    ("password", r"pass-?w(?:or)?d|passwd|passwort|pwd|authtok|bindpw|rootpw|pgpassword|sshpass|-pw|pass-?phrase|pass-?code|-pass|(?:user|db|root|admin|require|ssh|mysql|ldap|smtp|redis|key|store)-?pass|master-?auth|mot-de-passe|contrasena|senha", Trust.CERTAIN),
    ("private-key", r"private-?key(?:-pem)?|client-key(?:-data)?|ssh-key|-pem-key|tls-key", Trust.RANDOM),
    ("secret-key", r"(?:secret|access|signing|encryption|encrypt|crypto|cipher|hmac|fernet|master|session|storage|account|auth|root|jwt|webhook|deploy|data-encryption|integrity|app-secret|private|unseal)-?key(?:-base)?|shared-access-key", Trust.LIKELY),
    ("api-key", r"(?:api|subscription|functions|function|app|application|license|licence|admin|service|service-role|integration|ingestion|rest|write|read|client|server|instrumentation|activation|recovery|backup|restic|borg|host|org|project|team|consumer|developer|dev|anon|openai|maps|search|query)-?key", Trust.LIKELY),
    ("secret", r"secret(?:-base|s)?|-psk|pre-?shared-?key|(?:otp|totp|mfa|2-fa)-seed|mnemonic|seed-phrase|wep-?key|wpa-?psk|pepper", Trust.LIKELY),
    ("token", r"token|-jwt|bearer|-pat|xsrf|csrf|ticket-granting|assertion|saml-?response|macaroon|session-?ticket", Trust.LIKELY),
    ("one-time-code", r"-otp|-totp|one-time-code|verification-code|recovery-codes?|backup-codes?|device-code|auth-code|authorization-code|code-verifier|-cvv|-cvc", Trust.CERTAIN),
    ("session", r"(?:php|j|asp-net-)?sess(?:ion)?-?id|session-cookie|-sid|connect-sid", Trust.RANDOM),
    ("credential", r"credentials?|creds?|-auth|http-?auth|basic-auth|-sas|salt|signature|-sig|hmac|-dsn|webhook|webhook-url|hash-key", Trust.RANDOM),
)  # fmt: skip

_QUALIFIERS = _words(
    "prod production dev staging stage test old new current previous prev primary secondary backup live default value str string "
    "text plain cleartext raw b 64 base hash hashed digest data confirm confirmation again repeat repeated verify encrypted enc a main local sha this result"
)

_WHOLE = (["api", "hash"], ["app", "hash"])
"""Endings whose last word is no mere qualifier."""

_BENIGN = re.compile(
    r"(?:^|-)(?:partition|cache|primary|foreign|public|publishable|sort|routing|object|message|idempotency|dedupe|deduplication|"
    r"unique|index|group|hot|arrow|map|dict|json|row|column|composite|candidate|natural|surrogate|search-after|lock|rate-limit|"
    r"shortcut|registry|bucket|blob|file|s-?3|restore|i-?18-?n|translation|feature|site|verifying|ssh-host|host|known)-?keys?$|"
    r"(?:^|-)(?:existing|image-pull|pull|target|source|tls|external|ref)-secrets?$|"
    r"(?:^|-)(?:public|publishable)-?key|(?:page|continuation|cancellation|next|sync)-token$"
)

_MENTION = re.compile(r"(?:pass-?w(?:or)?d|passwd|pwd|passphrase|secret|token|key|cred|auth)(?:-|$)")

_NOT_A_VALUE = _words(
    "id name names url uri path file filename dir type types version versions length len min max count counts ttl expires expiry expire "
    "expired expiration age hasher hashers validator validators policy field fields class prefix suffix header headers algorithm alg "
    "rotation enabled disabled required optional endpoint provider providers reset hint size format limit limits budget index usage "
    "generator backend backends handler middleware error errors exception status state strength login form input view views page "
    "user username email host port region location kind scope scopes created updated at on by in ref reference arn manager service "
    "store storage helper utils util factory model models schema schemas serializer table column label title description help text "
    "message placeholder param parameter prompt test tests check change changed validation encoding charset function method property "
    "selector mode strategy source env var variable attempts retries interval window timeout seconds minutes hours days bits bytes"
)

_SURE_DESPITE = re.compile(r"(?:^|-)private-key-id$|(?:password|passwd)-text$|(?:^|-)secret-id$")


@lru_cache(maxsize=4096)
def named(name: str) -> Named | None:
    """What kind of secret a name announces; None where it announces none."""
    words = [word.lower() for word in _WORDS.findall(name)]
    while len(words) > 1 and (words[-1] in _QUALIFIERS or words[-1].isdigit()) and words[-2:] not in _WHOLE:
        words.pop()
    if not words:
        return None
    joined = "-".join(words)
    if _BENIGN.search(joined) or (words[-1] in _NOT_A_VALUE and not _SURE_DESPITE.search(joined)):
        return None if not _session_name(joined) else Named("session", Trust.RANDOM)
    for kind, pattern, trust in _compiled():
        if pattern.search("-" + joined):
            return Named(_with_vendor(kind, words), trust)
    if _MENTION.search(joined) and len(words) > 1:
        return Named("secret", Trust.RANDOM)
    return None


def _session_name(joined: str) -> bool:
    return joined in ("session-id", "sess-id", "sid")


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, re.Pattern[str], Trust], ...]:
    return tuple((kind, re.compile(f"(?:{endings})$"), trust) for kind, endings, trust in _ENDINGS)


def _with_vendor(kind: str, words: list[str]) -> str:
    vendor = next((_VENDORS[word] for word in words if word in _VENDORS), "")
    return f"{vendor}-{kind}" if vendor and not kind.startswith(vendor) else kind
