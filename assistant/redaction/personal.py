"""Personal data: e-mail addresses, public IP addresses, phone and card numbers, user names in home folders."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.spans import Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMAIL = r"(?<![\w.+%\-/])([A-Za-z0-9_][\w.+%\-]{0,63}(?:@|%40)(?:[A-Za-z0-9\-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![\w\-]|\.\w)"
_V4 = r"(?<![\w.\-])(?<!version )(?<!version\")(?<![^/]/)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w\-]|\.\w|/(?!32\b)\d)"
_V6 = r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){1,7}(?:(?::?[0-9A-Fa-f]{1,4}){1,7}|:)(?![\w:])"
_PHONE = r"(?<![\w+.\-])\+[1-9](?:[ \-.()]{0,2}\d){7,14}(?![\w\-])"
_CARD = r"(?<![\w.\-])(?:\d[ \-]?){12,18}\d(?![\w\-]|\.\d)"
_IBAN = r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"
_HOME = r"(?:/home/|/Users/|[A-Za-z]:\\{1,4}Users\\{1,4}|[A-Za-z]:/Users/|\\\\[\w.\-]{1,60}\\Users\\|(?<![\w/.])~(?=[a-z][\w\-]{2,30}/))([A-Za-z][\w.\-]{0,60})(?=[/\\\s\"':]|$)"

_SSN = r"(?i)\bssn\b[^\d\n]{0,12}(\d{3}-\d\d-\d{4})(?!\d)"
_MAC = r"(?i)\b(?:mac|hwaddr|ether|lladdr|bssid)\b[^\n]{0,12}?((?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2})(?![\w:])"
_NUMBERED = r"(?i)(?:order|trace|span|id|epoch|ns|ts|time|seq|offset|bytes|size|invoice|serial|build|run|job)\w{0,10}[\"']?\s{0,2}[=:#]?\s{0,2}[\"']?$"

_NOT_A_PERSON = _words(
    "app user users runner runneradmin root ubuntu debian vscode public default node docker ec2-user admin administrator circleci jenkins "
    "gitlab-runner travis vagrant shared guest git www-data nobody postgres python builder build ci dev test work code service web api"
)
_NOT_A_DOMAIN = _words(
    "service socket target timer mount png jpg jpeg gif svg webp js ts css py rb go rs java json yaml yml toml git local localhost internal "
    "lock txt md html sh so dll exe zip whl gz tar in conf cfg"
)
_VERSIONED = r"(?i)(?:version|release|libs?|v|==|@|[A-Za-z_][\w\-]{0,60}(?:[ /=]|: )|[A-Za-z]\w{0,60}-)\s{0,2}[\"']?$"
_ADDRESSED = (
    r"(?i)(?:\b(?:ip|addr|address|host|from|to|client|remote|peer|source|src|dst|server|by|for|at|via|user|http|https|tcp|udp|connect|real|"
    r"origin|listen|forwarded|dial|node|ips)|[\w\-]{0,40}(?:ip|addr|address|host|for))[\"']?\s{0,3}[:=(\[]{0,2}\s{0,3}[\"']?$"
)


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


def find_personal(line: str) -> Iterator[Span]:
    """The personal data in one line."""
    low = line.lower()
    if "@" in line or "%40" in line:
        for match in _pattern(_EMAIL).finditer(line):
            if _is_person(match, line):
                yield Span(*match.span(1), "email")
    if "home" in low or "users" in low or "~" in line:
        for match in _pattern(_HOME).finditer(line):
            if match[1].lower() not in _NOT_A_PERSON:
                yield Span(*match.span(1), "user")
    yield from _find_addresses(line)
    yield from _find_numbers(line, low)


def _is_person(match: re.Match[str], line: str) -> bool:
    local, domain = re.split("@|%40", match[1], maxsplit=1)
    if local.lower() in ("git", "hg", "svn", "noreply", "no-reply", "donotreply") or domain.rsplit(".", 1)[1].lower() in _NOT_A_DOMAIN:
        return False
    remote = line[match.end() : match.end() + 1] == ":" and line[match.end() + 1 : match.end() + 2] not in (" ", "")
    return not remote and not line[: match.start()].endswith("://")


def _find_addresses(line: str) -> Iterator[Span]:
    for match in _pattern(_V4).finditer(line) if line.count(".") > 2 else ():
        if _is_public(match.group()) and not _is_version(line, match):
            yield Span(*match.span(), "ip")
    if line.count(":") >= 2:
        for match in _pattern(_V6).finditer(line):
            if len(match.group()) >= 8 and match.group().count(":") >= 3 and _is_public(match.group()):
                yield Span(*match.span(), "ip")


def _is_public(text: str) -> bool:
    # late: few logs hold an address
    from ipaddress import ip_address

    try:
        address = ip_address(text)
    except ValueError:
        return False
    named = address.is_loopback or address.is_unspecified or address.is_link_local or address.is_multicast or text.startswith("255.")
    documentation = text.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8"))
    return documentation or not (named or address.is_private)


def _is_version(line: str, match: re.Match[str]) -> bool:
    before = line[max(0, match.start() - 40) : match.start()]
    if _pattern(_ADDRESSED).search(before):
        return False
    octets = [int(octet) for octet in match.group().split(".")]
    small = max(octets) < 40 or sum(octet > 20 for octet in octets) < 3
    return (small and _pattern(_VERSIONED).search(before) is not None) or (max(octets) < 10 and bool(before.strip()))


def _find_numbers(line: str, low: str) -> Iterator[Span]:
    if "+" in line:
        for match in _pattern(_PHONE).finditer(line):
            yield Span(*match.span(), "phone")
    for match in _pattern(_CARD).finditer(line):
        if _is_card(match.group()) and not _pattern(_NUMBERED).search(line[max(0, match.start() - 30) : match.start()]):
            yield Span(*match.span(), "card")
    for word, pattern in (("ssn", _SSN), ("mac", _MAC), ("hwaddr", _MAC), ("ether", _MAC), ("lladdr", _MAC)):
        for match in _pattern(pattern).finditer(line) if word in low else ():
            yield Span(*match.span(1), "ssn" if word == "ssn" else "mac")
    for match in _pattern(_IBAN).finditer(line):
        if _is_iban(match.group().replace(" ", "")):
            yield Span(*match.span(), "iban")


def _is_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    if not re.fullmatch(
        r"4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}", digits
    ):
        return False
    if re.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}", text):
        return True
    doubled = (int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    if not 15 <= len(text) <= 34:
        return False
    turned = "".join(str(int(c, 36)) for c in text[4:] + text[:4])
    return int(turned) % 97 == 1
