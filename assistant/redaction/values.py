"""What a value looks like by itself: a placeholder, a piece of code, an ordinary word, or something random."""

import re
from base64 import b64decode
from enum import IntEnum
from functools import cache

from assistant.redaction.names import Trust

BLANK = "\x91"
"""A control character that no decoded source holds. It stands, in searched text, for every character of a token that is there already: no rule takes it for a value."""

SHORTEST = 6
"""Fewer characters are a secret only under a name that says so for certain."""

_MOST_WORDS = 9

_WORDS = re.compile(r"[A-Za-z]{1,15}|[A-Z]?[a-z]+(?:[A-Z]+[a-z]*)+|\d{1,7}|[A-Za-z]*_[A-Za-z_]*|\.[A-Za-z_.]+|[\w]+( [\w']+){2,}[.!?]?|\s+")


class Where(IntEnum):
    """In what kind of text a value stands: what of it may be code."""

    CODE = 1
    """without quotes in a program, a command or a sentence: it may be an expression or a word"""
    QUOTED = 2
    """in quotes: it may be a template"""
    CONFIG = 3
    """in a line of settings (`.env`, YAML, compose): it is what it says, but for the variables of compose and CI"""


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(text.split())


_LEAD = words_of(
    "your insert enter put replace add set use change some fake dummy example sample placeholder todo tbd fixme please paste fill generate django"
)
_CORE = words_of(
    "db database user username api app auth client access refresh private public secret secrets password passwords passwd pwd pass token tokens "
    "key keys jwt value string text id here placeholder me credential credentials goes change"
)
_ARTICLES = words_of("the a an new old raw plain")
_NOUN = words_of(
    "new old passphrase this it with your own a an the in for to please super very long random strong secure openai anthropic github gitlab "
    "stripe aws azure google slack sentry postgres redis django insecure real actual production env file out only development dev local now "
    "later master admin root signing encryption session webhook"
)

_STATUS = words_of(
    "none null nil undefined nan true false yes no on off empty unset blank required optional missing invalid valid incorrect wrong expired "
    "unknown not is was has must should can cannot could and or for in of the a an to from with if it its this that are will may does did failed "
    "failure error ok success denied changed reset updated created sent generated found disabled enabled set new await lambda return yield str "
    "string int bytes bool any text object optional self cls secretstr secretbytes field basic bearer digest plain default argparse prompt n/a na "
    "number boolean here change changeme changeit changethis password password1 password2 passwd pwd pass pass1 pass2 secret secret1 secrets token "
    "token1 tokens key key1 key2 keys apikey credentials credential auth value value1 username user user1 yourpassword yoursecret yourtoken yourkey "
    "filtered redacted hidden masked removed scrubbed omitted via"
)

_PLACEHOLDER = (
    r"([*xX•●.\-_#?~0])\1*", r"\W{1,2}",
    r"<[^<>]*>", r"\[[A-Za-z _\-:]*\]", r"[(\[]+(?:filtered|redacted|hidden|masked|removed|secret|scrubbed|snip|omitted)[)\]]*",
    r"[\w\-]{0,16}(?:\.{3,6}|…)[\w\-]{0,4}",
    r"\$\{.*\}|\$\{[^}]*", r"\$\(.*", r"(?-i:\$\$?[A-Z_][A-Z0-9_]*)", r"\$env:\w+", r"%[sdr]", r"%\(\w+\)[sdr]?", r"%[A-Za-z_]\w*%", r"%env\(.*\)%",
    r"\{\{.*", r"#\{.*", r"\{%.*", r"@[\w.]+@", r"![\w!/]*(?:vault|secret|env|include|ref|sub|getatt|importvalue|reference|encrypted|var)\b.*",
    r"[|>][+\-]?\d?", r"(?-i:[A-Za-z0-9/+_\-]{0,40}EXAMPLE(?:_?KEY)?)", r"\d{1,3}|\d+(?:\.\d+)?(?:ms|s|m|h|d|kb|mb|gb|%)",
    r"\d{4}-\d\d-\d\d(?:[t_ ][\d:.,+\-z ]*)?",
)  # fmt: skip

_TEMPLATE = (
    r"(?-i:\$\$?(?:[a-z]+(?:_[a-z0-9]+)*|[a-z]+(?:[A-Z][a-z]+)*)|\$_[A-Z]\w*.*)",
    r":[a-z_]+",
    r"\{[\w.!:\[\]]*\}",
    r"\?\d*",
    r"[\w\-]{0,16}(?:\.\.\.|…).*",
)
"""What is a variable where a program or a template may be."""

_CUT_OFF = (r"<[^<>]*", r"\[[^\[\]]*\]?", r"\{[\w.!:\[\]]*", r"!\w+", r"[&*]\w+")
"""What stands without quotes in a program or a sentence and is no value."""

_REFERENCE = (
    r"(?:vault|ssm|secretsmanager|awssm|gcpsm|azurekv|op|doppler|sops|ref\+\w+|kms|arn|file):[\w.\-]*[/:#].*|env:\w+|secret:[\w.\-]*/.*",
    r"[A-Za-z]:\\.*", r"(?:id|src|source|type|name|env)=[\w./\-]*", r"projects/.*", r"urn:[a-z].*", r"[a-z][a-z0-9+.\-]*://.*",
)  # fmt: skip

_PATH = r"(?:~|\.{1,2})?(?:/[A-Za-z0-9_.\-]+)+/?"

_CODE = (
    r"(?:await |new |not |lambda |\*{1,2}|&)?[A-Za-z_][\w.]*(?:\(.*|\[.*|\)+.*|::.*|->.*)",
    r"[A-Za-z_]+(?:\??\.[A-Za-z_]+[A-Za-z_0-9]*)+[;,:)!]*", r"\(.*", r"-{1,2}[A-Za-z][\w\-]*", r"f?[\"'`].*", r"[=<>]=?.*|!=.*|!\s.*", r"/.*/[gimsu]*",
)  # fmt: skip

_LOOKUP = (
    r"(?:os\.)?(?:environ|getenv)\b.*", r"(?:process|import\.meta)\.env\b.*", r"(?:env|config|getenv|get_env|Field|SecretStr|Secret|decouple)\(.*\)",
    r"(?:settings|config|secrets|env|self|args)\.(?:[A-Z][A-Z0-9_]*|[a-z_.]*(?:password|passwd|secret|token|key))[!;,)]*",
    r"(?:settings|config|os\.environ|ENV|secrets)\[.*\]",
    r"(?:typing\.|t\.)?(?:Optional|Annotated|Union|Final|ClassVar|Literal|[Ll]ist|[Dd]ict|[Tt]uple|[Ss]et|Mapping|Sequence)\[.*",
)  # fmt: skip
"""What even in a line that looks like settings is a value from elsewhere, or a type."""

_TALK = words_of(
    "is are was were be been not no none must should can cannot could will would may has have had does did do required missing invalid valid "
    "incorrect wrong expired field fields this that these the a an of or and to from for in on at by with if than then least most characters "
    "character long short too length contain contains match matches authentication failed failure error denied rejected changed reset updated "
    "set sent given provided supplied found unknown empty blank value input string expected got received enter use used using try again "
    "user login policy hidden sensitive generated default same different only when while because it its your you we already also"
)
"""Words of which one stands in nearly every sentence about a password, and seldom in one."""


@cache
def _pattern(part: str) -> re.Pattern[str]:
    rows = {
        "placeholder": _PLACEHOLDER, "template": _TEMPLATE, "cut off": _CUT_OFF, "reference": _REFERENCE, "path": (_PATH,), "code": _CODE,
        "lookup": _LOOKUP,
    }[part]  # fmt: skip
    return re.compile("|".join(f"(?:{row})" for row in rows), re.IGNORECASE if part in ("placeholder", "reference") else 0)


def is_placeholder(value: str, where: Where = Where.CODE) -> bool:
    """Whether the value stands for nothing secret: empty, masked already, a template's variable, `changeme`, a status word."""
    text = value.strip()[:200]
    if not text or BLANK in value or _is_example(text.lower()) or _pattern("placeholder").fullmatch(text):
        return True
    if where is not Where.CONFIG and _pattern("template").fullmatch(text):
        return True
    return where is Where.CODE and _pattern("cut off").fullmatch(text) is not None


def _is_example(low: str) -> bool:
    """Whether it is a word of status, or words that say what to put in their place: `your-password-here`, `change_me`."""
    if low.rstrip("!") in _STATUS:
        return True
    parts = re.split(r"[_\- ]", low.strip("_!"))
    if len(parts) > _MOST_WORDS or len(parts) < 2:
        return False
    if parts[0] in _ARTICLES:
        return _CORE.issuperset(parts[1:])
    return _CORE.issuperset(parts) or (parts[0] in _LEAD and all(part in _CORE or part in _NOUN or part in _LEAD for part in parts))


def is_reference(value: str) -> bool:
    """Whether the value only says where the secret lies: a path, a vault reference, a URL."""
    if _pattern("reference").fullmatch(value[:400]):
        return True
    return _pattern("path").fullmatch(value[:400]) is not None and not any(is_random(part) for part in value.split("/"))


def is_code(value: str) -> bool:
    """Whether an unquoted value is an expression of a program: a call, an attribute, a subscript."""
    return _pattern("code").fullmatch(value[:400]) is not None and not any(map(_is_jumbled, re.findall(r"\w{6,}", value[:400])))


def _is_jumbled(word: str) -> bool:
    """Whether capitals, letters and digits change too often for a name."""
    return (
        re.search(r"[A-Z]", word) is not None
        and re.search(r"\d", word) is not None
        and len(word) < 2.2 * len(re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+|_+", word))
    )


def is_setting(value: str) -> bool:
    """Whether what stands in a line of settings is a value, and neither fetched from elsewhere nor a type nor a sentence."""
    if _pattern("lookup").fullmatch(value[:400]):
        return False
    words = value.split()
    return len(words) < 2 or (len(words) <= 8 and not any(word.strip(".,:;!?()'\"").lower() in _TALK for word in words))


def _is_sentence(value: str) -> bool:
    """Whether words say something, and end as a sentence does."""
    words = value.split()
    return len(words) > 2 and value.rstrip()[-1:] in ".!?" and any(word.lower() in _TALK for word in words)


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


_WORDISH = re.compile(r"[A-Z]?[a-z]+\d{0,3}|[A-Z]+\d{0,3}|\d+")


def is_drawn(value: str, *, sure: bool) -> bool:
    """Whether the value looks drawn by lot even beside plain words: no words joined by signs, no version, no name with a number.

    Args:
        value: the text.
        sure: whether words with a number behind them are a secret, too: `harborlagoon50` behind the word password.
    """
    parts = [part for part in re.split(r"[^A-Za-z\d]+", value) if part]
    odd = [part for part in parts if not _WORDISH.fullmatch(part)]
    if sure and len(value) >= 8 and re.search(r"\d", value) and re.search(r"[+!^~@#$%*?]", value) and not re.search(r"[\s=(]|^-", value):
        return True
    if not is_random(value, least=8) and (len(odd) < 2 or len(value) < 12 or re.search(r"\s", value)):
        return False
    if any(len(part) >= SHORTEST for part in odd) or (len(value) >= 12 and len(odd) >= 2):
        return True
    return sure and (len(parts) == 1 or bool(re.search(r"[^\w.:/\-]", value)))


def _is_credentials(value: str) -> bool:
    """Whether it is `user:password` in base64."""
    try:
        text = b64decode(value, validate=True)
    except ValueError:
        return False
    return len(value) >= 12 and b":" in text and text.isascii() and text.decode("ascii").isprintable()


def is_wordlike(value: str) -> bool:
    """Whether the value could stand elsewhere by chance: a word, words joined by `_`, `-` or `.`, a number, a short text."""
    return (
        len(value) < 8
        or re.fullmatch(r"[A-Za-z]{1,19}|[a-z]+(?:[_\-. /][a-z]+)*|[A-Z]+(?:[_\-. ][A-Z]+)*|[\d.:\-]{1,12}", value) is not None
    )


def is_word(value: str) -> bool:
    """Whether the value says too little to be sought everywhere although a file of secrets holds it: a word, a number, a few characters."""
    return len(value) < SHORTEST or re.fullmatch(r"[A-Za-z]{1,15}|[\d.:\-]{1,12}|\W+", value) is not None


def is_secret(value: str, trust: Trust, where: Where) -> bool:
    """Whether the value of a name that announces a secret is one.

    Args:
        value: the text that stands as its value.
        trust: how much the name says.
        where: in what kind of text it stands.
    """
    if is_placeholder(value, where) or is_reference(value) or (where is Where.CODE and is_code(value)):
        return False
    if (where is Where.CONFIG and not is_setting(value)) or _is_sentence(value):
        return False
    if trust is Trust.RANDOM:
        return is_random(value) or _is_credentials(value)
    if trust is Trust.LIKELY:
        return len(value) >= SHORTEST and (where is Where.CONFIG or _WORDS.fullmatch(value) is None or _is_credentials(value))
    return True
