"""Places that hold a secret without naming it as `name = value`: URLs, headers, cookies, command lines, SQL, sentences.

A row is: kind, the lower-case literals of which one must be in the line, how sure the place alone is (see `Trust`), the
pattern. Every group that matched is a value. Where the kind is empty, a group's name says it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from assistant.redaction.names import Trust
from assistant.redaction.spans import Span
from assistant.redaction.values import Where, is_code, is_placeholder, is_random, is_reference, is_secret


class Context(NamedTuple):
    """A row of the table, its literals apart."""

    kind: str
    hints: tuple[str, ...]
    trust: Trust
    pattern: str


_SHELL = r"(?:'([^'\n]{1,400})'|\"([^\"\n]{1,400})\"|([^\s'\"|;&<>,\]]{1,400}))"
_CLIENTS = r"(?:sshpass|twine|mongo(?:sh|dump|restore|export|import)?|cqlsh|influx|(?:az|docker|podman|buildah|skopeo|helm|oras|crane|oc)\b[^|;\n]{0,60}?\blogin)"

_TABLE = (
    ("bearer-token", "bearer", Trust.LIKELY, r"\bbearer(?:[ \t]+|%20|\+|[\"']?[ \t]*[:=,][ \t]*[\"']?)([\w.~+/\-]{8,}={0,2})"),
    ("basic-auth", "basic", Trust.LIKELY, r"\bbasic[ \t]+([A-Za-z0-9+/]{8,}={0,2})(?![\w\-])"),
    ("authorization", "authorization", Trust.LIKELY, r"authorization[\"']?\\?[\"']?[ \t]*(?:[:=,]|=>)[ \t]*b?\\?[\"']?(?:(?:token|apikey|api-key|key|negotiate|ntlm|oauth|bot|splunk|genie-?key|sso-key|gogs|aws|sharedkey|hawk|snowflake|private-token|job-token|deploy-token)[ \t]+(?:token=|id=)?[\"']?)?([\w.~+/\-:%]{8,}={0,2})(?![\w ])"),
    ("authorization", "signature=", Trust.LIKELY, r"\bsignature=\"?([\w%+/\-]{16,}={0,2})"),
    ("digest-auth", "nonce=", Trust.LIKELY, r"\b(?:c?nonce|response|opaque)=\"?([\w+/=\-]{8,})\"?"),
    ("curl-password", "curl http user", Trust.CERTAIN, r"(?:^|[\s\"'])(?:-u|--user|--proxy-user|-U)[ \t=]+[\"']?[^\s:\"'/]{1,100}:([^\s\"']+)"),
    ("password", "-p ", Trust.CERTAIN, rf"\b{_CLIENTS}\b[^|;\n]{{0,300}}?\s-p[ \t]+{_SHELL}"),
    ("mysql-password", "mysql maria", Trust.CERTAIN, r"\b(?:mysql|mariadb)(?:dump|admin|check|import|sh)?\b[^|;\n]{0,300}?\s-p(?:'([^'\n]{1,400})'|\"([^\"\n]{1,400})\"|([^\s'\"|;&<>]{3,400}))"),
    ("password", "zip openssl", Trust.CERTAIN, rf"\b(?:zip|unzip|zipcloak)\b[^|;\n]{{0,200}}?\s(?-i:-P)[ \t]+{_SHELL}|\bopenssl[ \t]+enc\b[^|;\n]{{0,200}}?\s-k[ \t]+{_SHELL}"),
    ("npm-password", ":_", Trust.CERTAIN, r":_(?:password|auth|authToken)[ \t]+[\"']?([^\s\"']{6,})"),
    ("redis-password", "redis-cli keydb-cli valkey-cli", Trust.CERTAIN, rf"(?:redis|keydb|valkey)-cli\b[^|;\n]{{0,300}}?[\s\"'](?:-a|--pass)(?:[ \t]+|[\"'],[ \t]*){_SHELL}"),
    ("redis-password", "requirepass masterauth", Trust.CERTAIN, rf"(?:requirepass|masterauth)[\"']?,?[ \t]+{_SHELL}"),
    ("password", "pass:", Trust.CERTAIN, rf"\bpass:{_SHELL}"),
    ("password", "sshpass", Trust.CERTAIN, rf"\bsshpass[ \t]+-p[ \t]*{_SHELL}"),
    ("", "--", Trust.CERTAIN, rf"(?<![\w\-])-{{1,2}}(?:[a-z][\w]{{0,30}}[.\-]){{0,4}}(?P<password>pass|passwd|password|passphrase|pwd|requirepass|storepass|keypass|secret|token|api-?key|access-?key|secret-?key|auth-?token|client-secret|private-token|secret-access-key|vault-password|admin-password)(?:[ \t]+|[\"'],[ \t]*){_SHELL}"),
    ("password", "-pass -pw -asplain", Trust.CERTAIN, rf"(?<![\w\-])-(?:pass(?:word)?|pw|asplaintext)[ \t]+{_SHELL}"),
    ("", "login user", Trust.CERTAIN, r"\b(?:login|user)[ \t]+\S{1,100}[ \t]+password[ \t]+(?P<password>\S{1,400})"),
    ("", "env arg set", Trust.LIKELY, r"^\s{0,20}(?:ENV|ARG|setenv|setx)[ \t]+\w{0,60}(?:(?P<password>PASS\w{0,30})|(?P<token>TOKEN|PAT)|(?P<secret>SECRET\w{0,30}|\w{0,20}KEY))[ \t]+[\"']?(?P<_>[^\s\"']{6,})"),
    ("sql-password", "password", Trust.CERTAIN, r"\bpassword(?:\s{1,20}|\s{0,8}\(\s{0,8})[eE]?'((?:[^'\n]|'')+)'"),
    ("sql-password", "identified", Trust.CERTAIN, r"(?:\b(?:user|role|grant|alter|create|login)\b[^;\n]{0,300}?|^\s{0,40})\b(?<!revision )identified\s+(?:with\s+[\w'\"]{1,40}\s+)?(?:by|as|using)\s+(?:password\s+)?(?:'((?:[^'\n]|'')+)'|\"([^\"\n]+)\"|([^\s'\";,]{3,}))"),
    ("sql-password", "secret", Trust.LIKELY, r"\bsecret\s+'([^'\n]{6,})'"),
    ("oracle-password", "sqlplus jdbc:oracle sqlldr expdp impdp rman", Trust.CERTAIN, r"(?:sqlplus|sqlldr|expdp|impdp|rman(?:\s+target)?|thin:)(?:\s+-\w+)*[ \t:]*[\"']?[\w.$#]{1,60}/[\"']?([^\s@\"'/]{2,})[\"']?@"),
    ("mysql-password", "@tcp( @unix(", Trust.CERTAIN, r"(?<![\w/])[\w.\-]{1,60}:([^\s\"'`]{1,200})@(?:tcp|unix)\("),
    ("basic-auth", "auth", Trust.CERTAIN, r"\b(?:basic_?auth|auth|credentials)[\"']?\s{0,4}(?:=|:|\()\s{0,4}[(\[]?\(?\s{0,4}[bu]?[\"'][^\"'\n]{1,80}[\"'],\s{0,4}[bu]?(?:\"([^\"\n]+)\"|'([^'\n]+)')"),
    ("password", "password passphrase passwd", Trust.LIKELY, r"\b(?:password|passphrase|passwd|pass ?code)(?:[ \t]+(?:for|of|to)(?:[ \t]+(?:the|user|role|account|database))?[ \t]+[\w@.\-]{1,60}){0,3}(?:[ \t]+(?:is now|is|was|were|has been set to|set to|changed to|reset to|will be|generated|to log in|to login|used)[ \t]*|[ \t]*)[:=]?[ \t]+(?:\"([^\"\n]{4,100})\"|'([^'\n]{4,100})'|`([^`\n]{4,100})`)"),
    ("password", "password passphrase passwd", Trust.RANDOM, r"\b(?:password|passphrase|passwd|pass ?code)(?:[ \t]+(?:for|of|to)(?:[ \t]+(?:the|user|role|account|database))?[ \t]+[\w@.\-]{1,60}){0,3}(?:[ \t]+(?:is now|is|was|are|has been set to|set to|changed to|reset to|will be|generated|to log ?in|used)[ \t]*:?|[ \t]*(?:[:=]|->)|:)[ \t]+([^\s\"'`]{6,200})"),
    ("token", "token secret key", Trust.RANDOM, r"(?<![a-z])(?:token|secret|(?:api|access|secret|private|license|account|signing|encryption)[ _\-]?key)[ \t]+(?:(?:is|was|value|set to|generated|received|provided|used)[ \t]*)?[:=]?[ \t]*[\"'`(]?([\w.~+/\-]{16,}={0,2})"),
    ("one-time-code", "code otp", Trust.CERTAIN, r"\b(?:(?:verification|security|one-time|confirmation|login|access|sms|2fa|mfa)[ \-]?(?:code|pin)|otp(?: code)?)(?: is| was|:| =)?[ \t]{1,3}[\"']?(\d{4,8})(?![\w.\-])"),
    ("query-secret", "code= sig= key= token= sid= hash= ticket= signature= sas= secret= auth= state=", Trust.RANDOM, r"(?<=[?&;])(?:code|sig|key|[a-z]{0,20}token|sid|ticket|x-amz-signature|x-goog-signature|signature|sas|s|secret|auth|apikey|hmac|access_?key)=([^\s&\"'<>#;,)\]}|\\]{12,})"),
    ("connection-key", "accountkey= sharedaccesskey= sharedaccesssignature= sig= accesskey=", Trust.LIKELY, r"(?:AccountKey|SharedAccessKey|AccessKey|[?&;]sig)=([\w+/%=\-]{16,})"),
    ("password", "value", Trust.CERTAIN, r"<(?:add|property|entry|param(?:eter)?|setting|item|environment|env|var|arg|context-param)\b[^<>\n]{0,200}?\b(?:name|key|id)=[\"'][^\"'\n]{0,80}?(?:password|passwd|pwd|secret|token|apikey|api[_.\-]key|accesskey|secretkey)[\"'][^<>\n]{0,100}?\bvalue=(?:\"([^\"\n]+)\"|'([^'\n]+)')"),
    ("password", "</ >", Trust.CERTAIN, r"<(?:[\w.\-]{1,30}:)?[\w.\-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|api-?key|secret-?key|private-?key|access-?key)(?:\s[^<>\n]{0,200})?>(?:<!\[CDATA\[)?([^<>\n]+?)(?:\]\]>)?</"),
    ("password", "password secret token passwd", Trust.CERTAIN, r"<(?:entry|property|string|prop|param|setting)\s[^<>\n]{0,100}?(?:password|passwd|secret|token)[\"'][^<>\n]{0,60}>(?:<value>)?([^<>\n]+)</"),
    ("password-hash", "md5", Trust.LIKELY, r"(?<![\w/\-])(md5[0-9a-f]{32})(?!\w)"),
    ("postgres-password", ":", Trust.CERTAIN, r"^[\w.*\-]{1,100}:(?:\d{4,5}|\*):[\w.*\-]{1,60}:[\w.*\-]{1,60}:(\S{3,200})$"),
)  # fmt: skip

_URL = r"(?<![A-Za-z0-9+.\-])([A-Za-z][A-Za-z0-9+.\-]{1,40})://([^\s:@/\"'<>`|]{0,256})(?::([^\s/?#\"'<>`]{1,512}|[^\s\"'<>`]{1,256}))?@(?=[\w\[.$%{\-])"

_HEADERS = ("bearer-token", "authorization")
"""Kinds whose value stands without quotes, where a program's names and plain words stand too."""

_NAME = re.compile(r"(?:[A-Za-z]{1,15}|[a-z]+(?:[_\-.][a-z]+)+)[.,:;]?")
_CALL = re.compile(r"[A-Za-z_][\w.]*\(.*\)[,;]?")

_SCHEMES = {
    "postgres": "postgres", "postgresql": "postgres", "cockroachdb": "postgres", "mysql": "mysql", "mariadb": "mysql", "mssql": "mssql",
    "sqlserver": "mssql", "oracle": "oracle", "redis": "redis", "rediss": "redis", "mongodb": "mongodb", "amqp": "amqp", "amqps": "amqp",
    "smtp": "smtp", "smtps": "smtp", "ldap": "ldap", "ldaps": "ldap", "ftp": "ftp", "sftp": "ftp", "clickhouse": "clickhouse",
}  # fmt: skip


@cache
def contexts() -> tuple[Context, ...]:
    """The table; a pattern is compiled when a line first needs it."""
    return tuple(Context(kind, tuple(hints.split(" ")), trust, pattern) for kind, hints, trust, pattern in _TABLE)


@cache
def _by_hint() -> tuple[tuple[str, Context], ...]:
    return tuple((hint, context) for context in contexts() for hint in context.hints)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def _url() -> re.Pattern[str]:
    return re.compile(_URL)


def find_in_context(line: str, low: str) -> Iterator[Span]:
    """The values in a line whose surroundings say that they are secrets."""
    if "@" in line and "://" in line:
        yield from _find_in_urls(line)
    if "cookie" in low:
        yield from _find_cookies(line)
    for context in dict.fromkeys([context for hint, context in _by_hint() if hint in low]):
        if context.pattern[0] == "<" and "<" not in line:
            continue
        for match in _compiled(context.pattern).finditer(line):
            yield from _values(match, context)


def _values(match: re.Match[str], context: Context) -> Iterator[Span]:
    named = [name for name, value in match.groupdict().items() if value is not None and name != "_"]
    whole = set(named) if match.re.groupindex and "_" not in match.re.groupindex and match.re.groups > 1 else set()
    for group in range(1, match.re.groups + 1):
        value = match[group]
        name = next((key for key, number in match.re.groupindex.items() if number == group), "")
        if value is None or name in whole or (name and "_" in match.re.groupindex and name != "_"):
            continue
        if context.trust is not Trust.CERTAIN and match.string.startswith("(", match.end(group)):
            continue  # a call
        if _fits(value, context):
            yield Span(*match.span(group), context.kind or (named[0] if named else "secret"))


def _fits(value: str, context: Context) -> bool:
    if context.trust is Trust.RANDOM:
        return not (is_placeholder(value) or is_reference(value) or _CALL.fullmatch(value)) and is_random(value, least=8)
    if context.kind in _HEADERS and (_NAME.fullmatch(value) or is_code(value)):
        return False
    return is_secret(value, context.trust, Where.QUOTED)


def _find_in_urls(line: str) -> Iterator[Span]:
    for match in _url().finditer(line):
        scheme = match[1].lower().split("+")[0]
        vendor = _SCHEMES.get(scheme, "")
        if match[3] is None:
            if is_random(match[2], least=20):
                yield Span(*match.span(2), "url-key")
        elif not _is_port_and_path(match[3], vendor) and not is_placeholder(match[3], Where.QUOTED) and "${" not in match[3]:
            if is_random(match[2], least=32):
                yield Span(*match.span(2), "url-key")
            yield Span(*match.span(3), f"{vendor}-password" if vendor else "url-password")


def _is_port_and_path(text: str, vendor: str) -> bool:
    """Whether what stands after the colon is a port, and the `@` belongs to the path: `http://host:80/@scope`."""
    return re.match(r"\d{1,5}[/?#]", text) is not None or (not vendor and "/" in text)


_COOKIE = r"(?:set-)?cookie(?P<q>[\"']?)\s{0,4}(?:[:=,]|=>)\s{0,4}b?[\"']?(?=[\w.\-]{1,100}=)"
_DICT = r"cookies?[\"']?\s{0,4}[=:]\s{0,4}(?:dict\(|<?[\w.]{0,30}\(?)?\{([^{}\n]{1,4000})"
_PAIR = r"(?<![\w.\-])(?P<name>[\w.\-]{1,100})[\"']?\s{0,3}[=:]\s{0,3}[\"']?(?P<value>[^\s;,\"'}]+)"
_SESSION = r"sess|sid$|^sid|auth|token|csrf|xsrf|jwt|login|remember|identity|secret|^s$|credential|_key$|bearer"
_ATTRIBUTES = frozenset(("path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority", "version"))


def _find_cookies(line: str) -> Iterator[Span]:
    for match in re.finditer(_COOKIE, line, re.IGNORECASE):
        yield from _cookie_pairs(line, match.end(), len(line))
        break
    for match in re.finditer(_DICT, line, re.IGNORECASE):
        yield from _cookie_pairs(line, *match.span(1))


def _cookie_pairs(line: str, start: int, end: int) -> Iterator[Span]:
    for pair in re.compile(_PAIR).finditer(line, start, end):
        name, value = pair["name"].lower(), pair["value"]
        if name in _ATTRIBUTES or is_placeholder(value):
            continue
        if is_random(value) or (re.search(_SESSION, name) and len(value) >= 6):
            yield Span(*pair.span("value"), "cookie")
