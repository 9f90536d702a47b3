"""Ready sentences on versions, database and constraints, each with the evidence it stands on; what is not known is None."""

import re
from collections.abc import Iterable

from assistant.evidence import Kind, Version
from assistant.gathering.claims import Claim, Trust
from assistant.gathering.collection import Collection
from assistant.gathering.manifest import Manifest
from assistant.gathering.services import Service
from assistant.gathering.signs import is_plainly_not_python
from assistant.gathering.technology import DATABASES, DRIVERS, image_version, label, technologies, technologies_in
from assistant.gathering.versions import Known, cite_claims

OTHER_LIMIT = 10
PIN_LIMIT = 4
REQUIREMENTS = re.compile(r"(?:^|/)requirements[\w.-]{0,40}\.(?:txt|in)$")
"""Files in which a project without another manifest states what it wants."""

SHOWN_LINES = 40
SCAN_LIMIT = 300
SHORT_LOG = 200
AROUND = 40
NAMES = {
    "fastapi": "FastAPI", "sqlalchemy": "SQLAlchemy", "pydantic": "Pydantic", "starlette": "Starlette", "alembic": "Alembic", "django": "Django", "flask": "Flask",
    "node": "Node.js", "go": "Go", "java": "Java", "rust": "Rust", "docker-engine": "Docker", "terraform": "Terraform", "celery": "Celery", "redis-server": "Redis", "mongodb": "MongoDB", "mysql": "MySQL", "mariadb-server": "MariaDB",
    "ruby": "Ruby", "maven": "Maven", "gradle": "Gradle",
}  # fmt: skip
USUAL = (
    "sqlalchemy", "alembic", "asyncpg", "psycopg", "psycopg2", "psycopg2-binary", "starlette", "pydantic", "uvicorn", "httpx", "pytest",
    "pytest-asyncio", "node", "npm", "go", "java", "rust", "docker-engine", "docker-compose", "terraform", "ruby", "maven", "gradle",
)  # fmt: skip
ORMS = frozenset(
    [
        "sqlalchemy",
        "sqlmodel",
        "django",
        "peewee",
        "tortoise-orm",
        "pony",
        "databases",
        "edgedb",
        "prisma",
        "orm",
        "aiosql",
        "records",
        "dataset",
    ]
)


def python_version(collection: Collection, known: Known) -> str | None:
    """Python's version, or that the program is none of Python's."""
    if "python" in known.texts:
        return known.texts["python"]
    return "not used" if is_plainly_not_python(collection) else None


def fastapi_version(collection: Collection, known: Known) -> str | None:
    """FastAPI's version; that it is not used only where something complete shows that."""
    if "fastapi" in known.texts:
        return known.texts["fastapi"]
    named = any(name.startswith("fastapi") for manifest in known.manifests for name in manifest.names)
    if named or "fastapi" in collection.failure.text.lower():
        return None
    complete = _complete(known.manifests)
    if complete:
        return f"not used (not in `{complete.path}`, {_cite_manifest(complete, collection)})"
    return "not used" if is_plainly_not_python(collection) else None


def database(collection: Collection, known: Known, services: Iterable[tuple[Service, str]]) -> str | None:
    """The database that takes part, with its version where evidence has it."""
    failure = collection.failure
    named = technologies(failure)
    mentioned = [one for one in DATABASES if one in named]
    served = [(service, evidence) for service, evidence in services if service.technology in (mentioned or DATABASES)]
    for name in mentioned or [service.technology for service, _ in served]:
        if name in known.texts:
            return f"{label(name)} {known.texts[name]}"
    for service, evidence in served:
        version = image_version(service.image)
        what = f"{label(service.technology)} {version}".strip()
        return f"{what} (image `{service.image}`, service `{service.name}`, {evidence})" if service.image else None
    if mentioned:
        return f"{label(mentioned[0])} ({_sign(mentioned[0], collection)}, {failure.evidence}); version not in evidence"
    by_log = _database_by_log(collection)
    if by_log is None and "redis" in named:
        return f"Redis (named in the error, {failure.evidence}); version not in evidence"
    return by_log or _database_by_manifest(collection, known)


def other_versions(known: Known, database_text: str | None) -> str | None:
    """The versions of what the failure names, then of what usually matters."""
    order = dict.fromkeys((*known.named, *USUAL))
    names = [name for name in order if name in known.versions and name not in ("python", "fastapi", *DATABASES)]
    if database_text is None:
        names = [*[name for name in DATABASES if name in known.versions], *names]
    shown = [f"{NAMES.get(name, name)} {known.texts[name]}" for name in names[:OTHER_LIMIT]]
    return ", ".join(shown) or None


def must_have(collection: Collection, known: Known) -> tuple[str, ...]:
    """The Python range and the pins that a solution must keep to, as the project declares them; a lock file declares nothing."""
    found: list[str] = []
    every = [claim for manifest in known.manifests for claim in manifest.claims if claim.file]
    declared = [claim for claim in every if claim.trust is Trust.DECLARED]
    claims = declared or [claim for claim in every if claim.trust is Trust.LOCKED and claim.file and REQUIREMENTS.search(claim.file.path)]
    for claim in claims:
        if claim.name == "python" and claim.file and not found:
            key = "requires-python" if claim.file.path.endswith("pyproject.toml") else "python_requires"
            found.append(f"Python `{claim.value}` (`{key}` in `{claim.file.path}`, {cite_claims([claim], collection)})")
    for claim in claims:
        capped = claim.trust is Trust.LOCKED or any(mark in claim.value for mark in ("<", "~=", "==", "^"))
        if claim.name in known.versions and claim.name != "python" and capped and len(found) <= PIN_LIMIT:
            found.append(_pin(claim, known.versions[claim.name], collection))
    return tuple(dict.fromkeys(found))


def _pin(claim: Claim, version: Version, collection: Collection) -> str:
    source = claim.file.path if claim.file else claim.source
    value, how = (f"=={claim.value}", "pinned") if claim.trust is Trust.LOCKED else (claim.value, "declared")
    return f"{NAMES.get(version.name, version.name)} `{value}` ({how} in `{source}`, {cite_claims([claim], collection)})"


def _sign(name: str, collection: Collection) -> str:
    """What in the error tells of a database: its driver where it is named."""
    words = set(re.findall(r"[a-z0-9]+", collection.failure.text.lower()))
    driver = next((one for one in DRIVERS if DRIVERS[one] == name and one in words), "")
    return f"the driver `{driver}` is in the error" if driver else "named in the error"


def _complete(manifests: Iterable[Manifest]) -> Manifest | None:
    """The first manifest that tells of all packages that are used directly."""
    return next((one for one in manifests if one.complete), None)


def _cite_manifest(manifest: Manifest, collection: Collection) -> str:
    if manifest.log:
        log = collection.logs[manifest.path]
        return collection.cite_log(manifest.path, 1, log.number(log.text.rstrip("\n").count("\n"))).id
    file = collection.read(manifest.path)
    if file is None:
        names = "\n".join(sorted({claim.text for claim in manifest.claims if claim.text}))
        return collection.cite_text(manifest.path, names, kind=Kind.ENVIRONMENT, weight=0.3).id
    return collection.cite_file(file, 1, min(file.count, SHOWN_LINES), kind=Kind.ENVIRONMENT, weight=0.3).id


def _database_by_manifest(collection: Collection, known: Known) -> str | None:
    for manifest in known.manifests:
        for name in sorted(manifest.names & DRIVERS.keys()):
            claims = [claim for claim in manifest.claims if claim.name == name]
            if claims and (claims[0].file or claims[0].log):
                evidence = cite_claims(claims[:1], collection)
            else:
                evidence = _cite_manifest(manifest, collection)
            return f"{label(DRIVERS[name])} (by the driver `{name}` in `{manifest.path}`, {evidence}); version not in evidence"
    complete = _complete(known.manifests)
    if complete is None or any(one.names & ORMS for one in known.manifests) or _uses_sqlite(collection):
        return None
    return f"not used (no driver in `{complete.path}`, {_cite_manifest(complete, collection)})"


def _database_by_log(collection: Collection) -> str | None:
    """The one database that the lines around the error name."""
    origin = collection.failure.origin
    start = max(1, origin.first - AROUND)
    lines = collection.numbered_lines(origin.path, start, origin.last + AROUND)
    found = {name: number for number, line in reversed(lines) for name in technologies_in(line) if name in DATABASES}
    about_data = re.search(r"(?i)sqlalchemy|alembic|django|database|\bsql\b", collection.failure.text)
    if len(found) != 1 or not (about_data or len(collection.log_lines(origin.path, 1, SHORT_LOG)) < SHORT_LOG):
        return None
    name, line = next(iter(found.items()))
    return f"{label(name)} (named in the log, {collection.cite_log(origin.path, line, line, kind=Kind.LOG).id}); version not in evidence"


def _uses_sqlite(collection: Collection) -> bool:
    """Whether the code may use the database that comes with Python; True where it cannot all be looked at."""
    repository = collection.repository
    if repository is None:
        return True
    sources = [path for path in repository.files if path.endswith(".py")]
    if len(sources) > SCAN_LIMIT:
        return True
    return any("sqlite" in file.source for path in sources if (file := repository.read(path)))
