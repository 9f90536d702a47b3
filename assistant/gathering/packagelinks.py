"""Links that the metadata of packages in the repository's virtual environment gives: documentation, changes, tracker, source; only files are read."""

import re
import sys
from typing import NamedTuple

from assistant.evidence import Kind
from assistant.gathering.claims import normalise
from assistant.gathering.code import ordered_causes
from assistant.gathering.collection import Collection
from assistant.gathering.installed import metadata_in
from assistant.gathering.versions import DISTRIBUTIONS, Known

PACKAGES, LINKS = 3, 4
HEAD_BYTES = 20_000
WEIGHT = 0.25
WANTED = {"documentation": "documentation", "changelog": "changes", "issues": "issue tracker", "source": "source"}
_LABELS = {
    "documentation": re.compile(r"(?i)^(?:docs?|documentation)\b"),
    "changelog": re.compile(r"(?i)^(?:change ?log|changes|release ?notes|history|what's new)\b"),
    "issues": re.compile(r"(?i)\b(?:issues?|bugs?|tracker)\b"),
    "source": re.compile(r"(?i)^(?:source|repository|code|github)\b"),
}
_URL = re.compile(r"^Project-URL: (?P<label>[^,\n]{1,60}), (?P<url>https://[\w.~/#%&=+@:-]{4,200})$", re.MULTILINE)
_VERSION = re.compile(r"^Version: (?P<version>[\w.+!-]{1,60})$", re.MULTILINE)


class Metadata(NamedTuple):
    """What a package says of itself: name, version, and addresses by what they are."""

    name: str
    version: str
    links: dict[str, str]


def package_links(collection: Collection, known: Known) -> tuple[str, ...]:
    """Links of the packages that the failure concerns, the one that raised it first.

    Args:
        collection: the failure, and where what is read is added.
        known: which versions are known.
    """
    found: list[str] = []
    for name in _concerned(collection, known):
        metadata = _read(name, metadata_in(collection.repository, name) if collection.repository else "")
        if not metadata.links:
            continue
        text = "\n".join([f"{metadata.name} {metadata.version}", *(f"{WANTED[key]}: {url}" for key, url in metadata.links.items())])
        piece = collection.cite_text(f"metadata of the installed {metadata.name}", text, kind=Kind.ENVIRONMENT, weight=WEIGHT)
        told = ", ".join(f"{WANTED[key]} `{url}`" for key, url in metadata.links.items())
        found.append(f"`{metadata.name}`: {told} (metadata of the installed release {metadata.version}, {piece.id})")
    return tuple(found)


def _concerned(collection: Collection, known: Known) -> list[str]:
    """Distributions of the frames that are not ours, innermost first, then those with a version that the failure's own text names."""
    frames = [frame for cause in ordered_causes(collection.failure) for frame in reversed(cause.frames) if not frame.ours]
    words = set(re.findall(r"[a-z][\w-]{2,40}", str(collection.failure.text)[:HEAD_BYTES].lower()))
    named = [name for name in known.versions if name in words and name != "python"]
    modules = [frame.package.lower() for frame in frames if frame.package and frame.package not in sys.stdlib_module_names]
    names = [normalise(DISTRIBUTIONS.get(name, name)) for name in (*modules, *named)]
    return [name for name in dict.fromkeys(names) if name and not name.startswith(("pytest", "pluggy", "-pytest"))][:PACKAGES]


def _read(name: str, text: str) -> Metadata:
    version = _VERSION.search(text)
    links: dict[str, str] = {}
    for match in _URL.finditer(text):
        kind = next((kind for kind, label in _LABELS.items() if label.search(match["label"])), "")
        if kind:
            links.setdefault(kind, match["url"])
    ordered = {kind: links[kind] for kind in WANTED if kind in links}
    return Metadata(name, version["version"] if version else "", dict(list(ordered.items())[:LINKS]))
