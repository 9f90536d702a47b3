"""What a value looks like by itself: a placeholder, a piece of code, an ordinary word, or something random."""

import re
from functools import cache

from assistant.redaction.names import Trust

BLANK = "\x91"
"""A control character that no decoded source holds. It stands, in searched text, for every character of a token that is there already: no rule takes it for a value."""

_PLACEHOLDER = (
    r"([*xX•●.\-_#?~0])\1*",
    r"<[^<>]*>?", r"\[[^\[\]]*\]?", r"\(?\[?(?:filtered|redacted|hidden|masked|removed|secret|scrubbed|snip|omitted)\]?\)?", r"[\w\-]{0,16}(?:\.\.\.|…).*",
    r"\$\{.*", r"\$\(.*", r"\$\$?[A-Za-z_]+(?:[A-Z0-9_]*)", r"\$env:\w+", r"%[sdr]", r"%\(\w+\)[sdr]?", r"%[A-Za-z_]\w*%", r"\{\{.*", r"#\{.*", r"\{[\w.!:\[\]]*\}?", r"\{%.*",
    r"@[\w.]+@", r":[a-z_]+", r"\?\d*", r"!\w+", r"[|>][+\-]?", r"[&*]\w+",
    r"none|null|nil|undefined|nan|true|false|yes|no|on|off|empty|unset|blank|required|optional|missing|invalid|valid|incorrect|wrong|expired|"
    r"unknown|not|is|was|has|must|should|can|cannot|could|and|or|for|in|of|the|a|an|to|from|with|if|it|its|this|that|are|will|may|does|did|failed|"
    r"failure|error|ok|success|denied|changed|reset|updated|created|sent|generated|found|disabled|enabled|set|new|await|lambda|return|yield|str|"
    r"string|int|bytes|bool|any|text|object|optional|self|cls|secretstr|secretbytes|field|basic|bearer|digest|plain|default|argparse|prompt|n/?a",
    r"(?:the |your |my |some |a |an )?(?:db |user |new |old |api |raw |plain )?[_\-]?(?:passwords?|passwd|pwd|pass|secrets?|tokens?|keys?|api[_\-]?keys?|apikey|credentials?|auth|value|username|user)[12]?",
    r"change[_\-]?(?:me|it|this)?(?:[_\-]?please)?!?|(?:your|my|insert|enter|put|replace|some|add|set|fake|dummy|example|sample|placeholder|todo|tbd|fixme)(?:[_\- ].*|me|here)?|.*[_\-](?:here|placeholder)|.*(?:example_?key|examplekey|example)",
    r"\d{1,3}|(?:\d+(?:\.\d+)?)(?:ms|s|m|h|d|kb|mb|gb|%)", r"\d{4}-\d\d-\d\d(?:[t_ ].*)?",
)  # fmt: skip

_REFERENCE = (
    r"(?:vault|ssm|env|file|secret|secretsmanager|awssm|gcpsm|azurekv|op|doppler|sops|ref\+\w+|kms|arn):.*",
    r"(?:~|\.{1,2})?(?:/[a-z0-9_.\-]+)+/?", r"[A-Za-z]:\\.*", r"projects/.*", r"[a-z][a-z0-9+.\-]*://.*",
)  # fmt: skip

_CODE = (
    r"(?:await |new |not |lambda |\*{1,2}|&)?[A-Za-z_][\w.]*(?:\(.*|\[.*|\)+.*|::.*|->.*)",
    r"[A-Za-z_]+(?:\??\.[A-Za-z_]+[A-Za-z_0-9]*)+[;,)]*", r"\(.*", r"-{1,2}[A-Za-z][\w\-]*", r"f?[\"'`].*", r"[=!<>]=?.*", r"/.*/[gimsu]*",
)  # fmt: skip


@cache
def _pattern(part: str) -> re.Pattern[str]:
    rows = {"placeholder": _PLACEHOLDER, "reference": _REFERENCE, "code": _CODE}[part]
    return re.compile("|".join(f"(?:{row})" for row in rows), re.IGNORECASE if part != "code" else 0)


def is_placeholder(value: str) -> bool:
    """Whether the value stands for nothing secret: empty, masked already, a template's variable, `changeme`, a status word."""
    return not value.strip() or BLANK in value or _pattern("placeholder").fullmatch(value.strip()[:200]) is not None


def is_reference(value: str) -> bool:
    """Whether the value only says where the secret lies: a path, a vault reference, a URL."""
    return _pattern("reference").fullmatch(value[:400]) is not None


def is_code(value: str) -> bool:
    """Whether an unquoted value is an expression of a program: a call, an attribute, a subscript."""
    return _pattern("code").fullmatch(value[:400]) is not None


def is_random(value: str, *, least: int = 16) -> bool:
    """Whether the value looks drawn by lot: long, of several kinds of characters, with few repeats."""
    if len(value) < least or re.search(r"\s", value):
        return False
    groups = (bool(re.search(p, value)) for p in ("[a-z]", "[A-Z]", r"\d", r"[^A-Za-z\d]"))
    digits = sum(c.isdigit() for c in value)
    parts = [part for part in re.split(r"[^A-Za-z\d]+", value) if part]
    longest = max((len(part) for part in parts), default=0)
    return (
        sum(groups) >= 2
        and digits > 0
        and len(set(value)) >= 8
        and (longest >= least * 3 // 4 or sum(map(len, parts)) < len(value) * 3 // 4)
    )


def is_wordlike(value: str) -> bool:
    """Whether the value could stand elsewhere by chance: a word, words joined by `_`, `-` or `.`, a number, a short text."""
    return (
        len(value) < 8
        or re.fullmatch(r"[A-Za-z]{1,19}|[a-z]+(?:[_\-. /][a-z]+)*|[A-Z]+(?:[_\-. ][A-Z]+)*|[\d.:\-]{1,12}", value) is not None
    )


def is_secret(value: str, trust: Trust, *, quoted: bool) -> bool:
    """Whether the value of a name that announces a secret is one.

    Args:
        value: the text that stands as its value.
        trust: how much the name says.
        quoted: whether it stood in quotes; what does not may be code.
    """
    if is_placeholder(value) or is_reference(value) or (not quoted and is_code(value)):
        return False
    if trust is Trust.RANDOM:
        return is_random(value)
    if trust is Trust.LIKELY:
        return (
            len(value) >= 6
            and not re.fullmatch(r"[A-Za-z]{1,15}|\d{1,7}|[A-Za-z_]+|[\w]+( [\w']+){2,}[.!?]?", value)
            and not value.isspace()
        )
    return True
