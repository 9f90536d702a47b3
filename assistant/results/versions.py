"""Which versions a text speaks of, and whether an answer is for another major version than the one that runs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

PAIR = re.compile(
    r"(?<![\w./-])(?P<name>[A-Za-z][A-Za-z0-9_.-]{1,40}?)(?:\[[\w,]{1,40}\])?(?:`|\*{1,2})?(?:\s{0,2}(?P<sign>[=~<>!]=?=?)\s{0,2}|-|@|\s?(?:version|v|release|documentation)?:?\s{1,2}(?:version\s|v|release\s)?)"
    r"[\"'`]?v?(?P<version>[0-9]{1,4}(?:\.[0-9]{1,6}){0,4}(?:\.x)?)(?![\w%]|\.[0-9])"
)
IN_ADDRESS = re.compile(
    r"//(?:docs?\.|www\.)?(?P<name>[a-z][a-z0-9-]{2,30})\.[a-z.]{2,20}/(?:en|docs|doc|manual)/(?:v|stable-|release-)?(?P<version>[0-9]{1,2}(?:[._]?[0-9]{1,2}){0,2})/",
    re.I,
)
DECLARED = re.compile(
    r"\b(?:for|on|with|using|uses?|under|running|run|have|assumes?|targets?|docs?|documentation|this (?:page|answer|guide) is for)\W{1,3}(?:[A-Za-z][\w-]{1,30}\W{1,3}){0,2}?$|^\W*$",
    re.I,
)
MANUAL = re.compile(r"\W{0,3}(?:documentation|docs|manual|reference|guide|tutorial)\b", re.I)
CHANGES = re.compile(
    r"\b(?:upgrad\w*|updat\w*|downgrad\w*|install\w*|pin\w*|since|before|until|after|from|below|above|than|prior to|fixed in|in|added in|removed in|changed in|as of|up to|requires?|needs?|to|at least|<|>|<=|>=|~=|!=)\W{1,4}(?:\w{1,20}\W{1,2})?$",
    re.I,
)
CHANGED = re.compile(
    r"\W{0,3}(?:silently |now |also )?(?:removed|added|changed|introduced|dropped|deprecated|or (?:newer|later|above|higher|older)|and (?:newer|later|above)|onwards?|to [0-9]|and up|no longer|renamed|moved|turned|made|fixed|fixes|raises|broke|requires)",
    re.I,
)
PAST = re.compile(
    r"\b(?:since|before|until|prior to|as of|up to|older than|newer than|needs|requires|wants|expects|accepts|supports|(?:built|compiled) (?:for|against)|(?:fixed|added|removed|changed|introduced|dropped|deprecated|broken) in)\W{1,4}$",
    re.I,
)
NO_NAME = frozenset([
    "a", "about", "above", "after", "an", "and", "answer", "are", "at", "before", "below", "between", "chapter", "code", "comment",
    "e", "error", "exactly", "exit", "figure", "for", "from", "http", "hypothesis", "in", "into", "is", "issue", "item", "least",
    "limit", "line", "lines", "minutes", "most", "newer", "number", "of", "older", "on", "only", "option", "or", "over", "page",
    "part", "pep", "port", "post", "python2", "python3", "question", "r", "release", "releases", "rfc", "seconds", "section", "since",
    "size", "status", "step", "table", "than", "the", "to", "under", "until", "version", "versions", "was", "with",
])  # fmt: skip
"""Words before a number that are no library."""
ALIASES = {"postgres": "postgresql", "nodejs": "node", "node.js": "node", "py": "python", "sqla": "sqlalchemy"}


class OtherVersion(NamedTuple):
    """An answer that is for another major version.

    Args:
        name: of the library.
        theirs: the version that the note is for.
        ours: the version that runs.
        note: number of the note.
    """

    name: str
    theirs: str
    ours: str
    note: int


def versions_in(text: str) -> dict[str, frozenset[str]]:
    """Every version that stands right behind a name, by the normalised name."""
    found: dict[str, set[str]] = {}
    for pair in PAIR.finditer(text.replace("version: ", "")):
        name = normal(pair["name"])
        if name not in NO_NAME and (
            pair["sign"]
            or "." in pair["version"]
            or name in ("python", "postgresql", "node", "java", "go", "redis", "django", "npm", "react", "spring")
        ):
            found.setdefault(name, set()).add(pair["version"].removesuffix(".x"))
    return {name: frozenset(versions) for name, versions in found.items()}


def normal(name: str) -> str:
    """A library's name as package registries fold it."""
    folded = re.sub(r"[-_.]+", "-", name.strip("`*")).lower().strip("-")
    return ALIASES.get(name.lower(), ALIASES.get(folded, folded))


def major(version: str) -> str:
    """The part of a version that says what is compatible: `2` of 2.0.36, `0.28` of 0.28.1."""
    parts = version.split(".")
    return ".".join(parts[:2]) if parts[0] == "0" and len(parts) > 1 else parts[0]


def other_versions(texts: Sequence[tuple[int, str]], ours: Mapping[str, frozenset[str]]) -> tuple[OtherVersion, ...]:
    """Notes that are for another major version than the one that runs.

    A note is for the versions that it declares: in a heading, in its address, behind `for`, `with`, `using`. Versions that it only
    names as steps of a change (`since`, `upgrade to`, `removed in`, `<2`) say nothing of that.

    Args:
        texts: number of the note, and a passage or heading of it.
        ours: what runs there, by normalised name.
    """
    declared: dict[tuple[int, str], set[str]] = {}
    for note, text in texts:
        for name, version in _declared(text):
            if name in ours:
                declared.setdefault((note, name), set()).add(version)
    found = []
    for (note, name), versions in declared.items():
        running = {major(version) for version in ours[name]}
        if not any(_same(version, ours[name]) for version in versions):
            theirs, mine = sorted(versions)[0], sorted(ours[name])[0]
            if major(theirs) not in running:
                found.append(OtherVersion(name, theirs, mine, note))
    return tuple(found)


def differing(text: str, ours: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str, str]]:
    """Versions that a text names of what runs there in another one: (name, the text's version, the one that runs).

    In which version something changed (`since 2.0`, `4.1 dropped it`) says nothing of what an answer is for.
    """
    for name, versions in versions_in(_without_past(text)).items():
        running = ours.get(name, frozenset())
        other = sorted(version for version in versions if not any(_begins(one, version) or _begins(version, one) for one in running))
        if running and other:
            yield name, other[0], " and ".join(sorted(running)[:2])


def _begins(version: str, start: str) -> bool:
    """Whether 2.0 begins 2.0.36."""
    return f"{version}.".startswith(f"{start}.")


def _declared(text: str) -> list[tuple[str, str]]:
    found = []
    for pair in IN_ADDRESS.finditer(text):
        digits = pair["version"].replace("_", ".")
        found.append((normal(pair["name"]), f"{digits[0]}.{digits[1:]}" if re.fullmatch(r"[0-9]{2}", digits) else digits))
    for pair in PAIR.finditer(text):
        if normal(pair["name"]) in NO_NAME or pair["sign"]:
            continue
        before, after = text[max(0, pair.start() - 60) : pair.start()], text[pair.end() : pair.end() + 25]
        if not _is_change(text, pair) and (DECLARED.search(before) or MANUAL.match(after)):
            found.append((normal(pair["name"]), pair["version"].removesuffix(".x")))
    return found


def _is_change(text: str, pair: re.Match[str]) -> bool:
    """Whether a version is a step of a change, by what stands around it."""
    return bool(CHANGES.search(text[max(0, pair.start() - 60) : pair.start()]) or CHANGED.match(text[pair.end() : pair.end() + 25]))


def _without_past(text: str) -> str:
    """A text without the versions in which something changed."""

    def kept(pair: re.Match[str]) -> str:
        before, after = text[max(0, pair.start() - 60) : pair.start()], text[pair.end() : pair.end() + 25]
        return " " if PAST.search(before) or CHANGED.match(after) else pair[0]

    return PAIR.sub(kept, text)


def _same(version: str, ours: frozenset[str]) -> bool:
    return any(major(version) == major(one) for one in ours)
