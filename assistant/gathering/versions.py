"""Which versions are known, by the most trusted source, and the evidence that states each."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.evidence import Excerpt, Failure, Kind, Version
from assistant.gathering.claims import FIXED, Claim, Trust, believed, normalise
from assistant.gathering.collection import Collection
from assistant.gathering.log_versions import claims_of_log, is_package_list, python_by_path
from assistant.gathering.manifest import Manifest
from assistant.gathering.manifests import manifests_of
from assistant.sections import Block

DISTRIBUTIONS = {
    "yaml": "pyyaml", "cv2": "opencv-python", "pil": "pillow", "jose": "python-jose", "dateutil": "python-dateutil", "dotenv": "python-dotenv",
    "sklearn": "scikit-learn", "bs4": "beautifulsoup4", "jwt": "pyjwt", "multipart": "python-multipart", "magic": "python-magic",
    "attr": "attrs", "crypto": "pycryptodome", "mysqldb": "mysqlclient", "flask-sqlalchemy": "flask-sqlalchemy", "openssl": "pyopenssl",
    "pkg-resources": "setuptools", "rest-framework": "djangorestframework", "serial": "pyserial", "git": "gitpython", "google": "",
}  # fmt: skip
TOOLS = frozenset(("node", "npm", "go", "java", "rust", "ruby", "maven", "gradle", "terraform", "docker-engine", "docker-compose"))
SERVERS = frozenset(("postgresql", "mysql", "mariadb-server", "mongodb", "redis-server"))
ALIKE = {"psycopg2": ("psycopg2-binary",), "psycopg": ("psycopg-binary",), "pydantic": ("pydantic-core",)}
PLUMBING = frozenset(("pluggy", "py", "iniconfig", "pip", "setuptools", "wheel", "uv", "hypothesis", "faker", "anyio"))
BLOCK_LIMIT = 6
TOLD_LIMIT = 12
SHORT_LOG = 200
AROUND = 40
NEAR = 3
NEAR_IN_LOG = 5
SMALL_FILE = 15
DIFFERENCE_LIMIT = 5
_QUOTED = re.compile(r"['\"`]([A-Za-z][\w.-]{1,60})['\"`]")
_WORD = re.compile(r"(?<![\w/.-])@?[A-Za-z][\w/-]{1,60}(?![\w/])")


@dataclass(frozen=True)
class Known:
    """What is known of versions.

    Args:
        versions: by normalised name.
        named: the packages the failure itself names, most telling first.
        blocks: the evidence for Python packages, to be shown as a narrowed `pip list`.
        manifests: what the repository's files and package lists among the logs say.
        texts: the word that states each version, with its evidence, as in `2.0.36 (E4)`.
    """

    versions: Mapping[str, Version]
    named: tuple[str, ...]
    blocks: tuple[Block, ...]
    manifests: tuple[Manifest, ...]
    texts: Mapping[str, str] = field(default_factory=dict)


def known_versions(collection: Collection) -> Known:
    """Find the versions that matter and make the lines that state them evidence.

    Args:
        collection: where to read from and add to.
    """
    failure = collection.failure
    manifests = manifests_of(collection.repository) if collection.repository else ()
    lists = _package_lists(collection)
    claims = [claim for manifest in (*manifests, *lists) for claim in manifest.claims]
    for name, log in _logs_in_order(collection):
        claims.extend(claims_of_log(name, log, failure.origin.first if name == failure.origin.path else 0))
    if hint := python_by_path(failure):
        claims.append(hint)
    named = packages_named(failure, frozenset(claim.name for claim in claims))
    named = (*named, *_told_on_purpose(claims, failure, named, collection.log_text(failure.origin.path)))
    wanted = _with_alike((*named, *FIXED, *_tools_near(collection)))
    chosen = {name: claim for name, claim in believed(claims).items() if name in wanted}
    evidence = _cite(chosen, named, collection)
    _tell_differences(chosen, claims, evidence, collection)
    versions = {name: Version(name, claim.value, evidence[name], claim.exact) for name, claim in chosen.items()}
    shown = [evidence[name] for name in (*named, *sorted(chosen)) if name in chosen and _is_package(chosen[name])]
    return Known(versions, named, _blocks(shown, collection), (*manifests, *lists), {name: _text(one) for name, one in versions.items()})


def packages_named(failure: Failure, known: frozenset[str]) -> tuple[str, ...]:
    """The packages that the failure names, by its frames, its exception and its message.

    Args:
        failure: the failure.
        known: the names that some source states a version of; words of the message count only among them.
    """
    frames = [frame for cause in (*failure.chain, failure.cause) for frame in cause.frames] + list(failure.frames)
    found = [frame.package for frame in reversed(frames) if frame.package and not frame.ours]
    found += [name.partition(".")[0] for name in (failure.exception, failure.cause.exception) if "." in name]
    message = f"{failure.message}\n{failure.cause.message}" if failure.frames or failure.exception else str(failure.text)
    found += [name.partition(".")[0] for name in _QUOTED.findall(message)]
    words = {normalise(word) for word in _WORD.findall(message[:20_000])}
    names = dict.fromkeys(distribution(one) for one in found)
    return tuple(name for name in (*names, *sorted(words & known - set(names))) if name)


def distribution(package: str) -> str:
    """The distribution that an import name belongs to, normalised; empty where that is not told."""
    name = normalise(package)
    return DISTRIBUTIONS.get(name, name)


def _told_on_purpose(claims: list[Claim], failure: Failure, named: tuple[str, ...], log: str) -> tuple[str, ...]:
    """Packages of a log that states few versions: somebody wrote them there because they matter."""
    own = dict.fromkeys(one.name for one in claims if one.log == failure.origin.path and one.trust is Trust.LOG)
    told = [name for name in own if not name.startswith("pytest") and name not in PLUMBING and name not in FIXED and name not in named]
    short = log.count("\n") < SHORT_LOG
    return tuple(told) if short and len(told) <= TOLD_LIMIT else ()


def _tools_near(collection: Collection) -> frozenset[str]:
    """Tools and servers that the error or the lines around it name; CI images print the versions of many more."""
    origin = collection.failure.origin
    near = "\n".join(collection.log_lines(origin.path, origin.first - AROUND, origin.last + AROUND)).lower()
    return frozenset(tool for tool in TOOLS | SERVERS if tool.partition("-")[0] in near)


def _with_alike(names: Iterable[str]) -> frozenset[str]:
    return frozenset(one for name in names for one in (name, *ALIKE.get(name, ())))


def _logs_in_order(collection: Collection) -> list[tuple[str, Excerpt]]:
    own = collection.failure.origin.path
    return sorted(((name, log) for name, log in collection.logs.items() if not is_package_list(log.text)), key=lambda one: one[0] != own)


def _package_lists(collection: Collection) -> tuple[Manifest, ...]:
    """Logs that are nothing but a list of installed packages."""
    found = []
    for name, log in collection.logs.items():
        if is_package_list(log.text):
            claims = tuple(claims_of_log(name, log, 0))
            found.append(Manifest(name, claims, frozenset(claim.name for claim in claims), complete=True, log=True))
    return tuple(found)


def _cite(chosen: Mapping[str, Claim], named: tuple[str, ...], collection: Collection) -> dict[str, str]:
    """Make the lines of the chosen claims evidence: neighbouring lines are one piece."""
    by_source: dict[str, list[Claim]] = {}
    for name in (*[one for one in named if one in chosen], *[one for one in chosen if one not in named]):
        by_source.setdefault(chosen[name].source, []).append(chosen[name])
    evidence: dict[str, str] = {}
    for claims in by_source.values():
        if claims[0].file is None and not claims[0].log:
            text = "\n".join(sorted(claim.text for claim in claims))
            piece = collection.cite_text(claims[0].path, text, kind=Kind.ENVIRONMENT, weight=0.4)
            evidence.update((claim.name, piece.id) for claim in claims)
            continue
        for group in _neighbours(claims):
            identity = cite_claims(group, collection)
            evidence.update((claim.name, identity) for claim in group)
    return evidence


def cite_claims(group: list[Claim], collection: Collection) -> str:
    """Make the lines of claims of one source one piece of evidence.

    Args:
        group: claims of one file or log that stand close together.
        collection: where to add it.
    """
    first, last = min(one.first for one in group), max(one.last for one in group)
    file = group[0].file
    if file is None:
        return collection.cite_log(group[0].log, first, last).id
    if file.count <= SMALL_FILE and file.path.endswith((".txt", ".in")):
        first, last = 1, file.count
    return collection.cite_file(file, first, last, kind=Kind.ENVIRONMENT, weight=0.4).id


def _neighbours(claims: list[Claim]) -> list[list[Claim]]:
    groups: list[list[Claim]] = []
    for claim in sorted(claims, key=lambda one: one.first):
        if groups and claim.first - max(one.last for one in groups[-1]) <= (NEAR if claim.file else NEAR_IN_LOG):
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


def _tell_differences(chosen: Mapping[str, Claim], claims: list[Claim], evidence: Mapping[str, str], collection: Collection) -> None:
    told = 0
    for claim in claims:
        held = chosen.get(claim.name)
        if held is None or told == DIFFERENCE_LIMIT or not (held.exact and claim.exact) or claim.source == held.source:
            continue
        if claim.value != held.value and claim.trust in (Trust.INSTALLED, Trust.LOCKED) and claim.file:
            told += 1
            other = cite_claims([claim], collection)
            collection.note(
                f"`{claim.name}` is {held.value} in `{held.source}` ({evidence[claim.name]}) but {claim.value} in `{claim.source}` ({other})"
            )


def _is_package(claim: Claim) -> bool:
    return claim.name not in TOOLS | SERVERS and claim.name != "python" and claim.trust is not Trust.IMAGE


def _blocks(shown: list[str], collection: Collection) -> tuple[Block, ...]:
    """The evidence to show; what stands elsewhere in the document only where there is nothing else."""
    told = [one for one in dict.fromkeys(shown) if one != collection.failure.evidence]
    ids = [one for one in told if (piece := collection.ledger.get(one)) and piece.kind is not Kind.LOG] or told
    if len(ids) > BLOCK_LIMIT:
        collection.note(f"{len(ids) - BLOCK_LIMIT} more excerpts state versions; they are in the record, not in the document")
    pieces = [piece for one in ids[:BLOCK_LIMIT] if (piece := collection.ledger.get(one))]
    files = list(dict.fromkeys(piece.origin.path for piece in pieces))
    ordered = sorted(pieces, key=lambda piece: (files.index(piece.origin.path), piece.origin.first))
    return tuple(Block(evidence=piece.id) for piece in ordered)


def _text(version: Version) -> str:
    if version.exact:
        return f"{version.value} ({version.evidence})"
    return (
        f"`{version.value}` (declared, {version.evidence})" if not version.value[:1].isdigit() else f"{version.value} ({version.evidence})"
    )
