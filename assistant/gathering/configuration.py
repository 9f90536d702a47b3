"""Settings: the names of variables in .env files, never their values, and the compose services concerned."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from assistant.evidence import Kind
from assistant.gathering.collection import Collection
from assistant.gathering.repository import Repository, SourceFile, is_private
from assistant.gathering.services import Service, services_in
from assistant.gathering.technology import technologies
from assistant.redaction import Redactor
from assistant.redaction.names import Trust, named
from assistant.redaction.values import is_reference, is_wordlike
from assistant.sections import Block

NAME_LIMIT = 60
FILE_LIMIT = 3
SETTINGS_LIMIT = 60
STUDY_LIMIT, STUDY_BUDGET = 200_000, 1_000_000
"""Characters of a file, and of all settings and all code, that are searched for secrets before the logs are masked."""
COMPOSE_NAMES = (
    "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml", "docker-compose.override.yml",
    "docker-compose.override.yaml", "compose.override.yml", "compose.override.yaml",
)  # fmt: skip
_ENTRY = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]{0,63})\s*=(.*)", re.DOTALL)
_URL_PASSWORD = re.compile(r"([A-Za-z][A-Za-z0-9+-]{1,30})://[^\s:/@]{0,100}:([^\s/@]{4,200})@")
_PLAIN = re.compile(
    r"^[ \t]{0,40}(?:-[ \t]+)?[\"']?([A-Za-z_][\w.\-]{0,80})[\"']?[ \t]{0,8}[:=][ \t]{0,8}[\"']?([^\s\"']{4,100})[\"']?[ \t]{0,8},?$",
    re.MULTILINE,
)
_SETTINGS = (".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".properties", ".env", ".json", ".tfvars", ".netrc", ".npmrc", "Dockerfile")
_QUOTES = ('"', "'", "`", "://")
_UNQUOTED = (".sh", ".sql", ".php")
_CODE = (".py", ".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", ".go", ".rb", ".java", ".kt", ".php", ".rs", ".cs", ".sh", ".sql")
_TEMPLATES = (".example", ".sample", ".template", ".dist")
_ENV_FILE = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$")


def learn_secrets(repository: Repository, redactor: Redactor) -> None:
    """Tell the redactor the secrets of a repository before anything is masked, so that they are masked wherever they stand.

    Args:
        repository: its .env files, its other settings and, as far as the limits go, its code are read.
        redactor: learns the values.
    """
    variables = [pair for path in _env_files(repository) if not path.endswith(_TEMPLATES) for pair in _variables(repository, path)]
    settings = list(_within_budget(repository, _settings_files(repository), private=True))
    plain = {value for name, value in variables if not named(name)}
    for file in settings:
        plain.update(match[2] for match in _PLAIN.finditer(file.source) if not named(match[1]))
    redactor.learn(secret for name, value in variables if value not in plain for secret in _secrets(name, value))
    for file in settings:
        redactor.study(file.source, plain=plain)
    code = _within_budget(repository, (path for path in repository.files if path.endswith(_CODE)))
    redactor.study("\n".join(map(_literals, code)))


def _within_budget(repository: Repository, paths: Iterable[str], *, private: bool = False) -> Iterator[SourceFile]:
    """The files that are not too large to be studied, until the budget is spent."""
    budget = STUDY_BUDGET
    for path in paths:
        file = repository.read(path, private=private)
        if file and len(file.source) <= STUDY_LIMIT:
            budget -= len(file.source)
            yield file
        if budget <= 0:
            return


def _literals(file: SourceFile) -> str:
    """Code without the lines that hold no text in quotes: a secret in code is one; whole where a secret may go over lines."""
    if file.path.endswith(_UNQUOTED) or "-----BEGIN" in file.source or "insert into" in file.source.lower():
        return file.source
    return "\n".join(line for line in file.source.split("\n") if any(mark in line for mark in _QUOTES))


def _settings_files(repository: Repository) -> list[str]:
    """Files of settings and of secrets, shallow ones first."""
    names = ((path, path.rpartition("/")[2]) for path in repository.files if not path.endswith(_TEMPLATES))
    found = [path for path, name in names if name.endswith(_SETTINGS) or (is_private(path) and not name.startswith(".env"))]
    return sorted((path for path in found if "lock" not in path), key=lambda path: path.count("/"))[:SETTINGS_LIMIT]


def env_settings(collection: Collection) -> tuple[Block, ...]:
    """The names of the variables that .env files set, one a line."""
    repository = collection.repository
    if repository is None:
        return ()
    blocks: list[Block] = []
    known: set[str] = set()
    for path in _env_files(repository):
        names = [name for name in dict.fromkeys(name for name, _ in _variables(repository, path)) if name not in known]
        if not names or len(blocks) == FILE_LIMIT:
            continue
        known.update(names)
        if len(names) > NAME_LIMIT:
            collection.note(f"`{path}` sets {len(names)} variables; the first {NAME_LIMIT} are named")
        piece = collection.cite_text(path, "\n".join(names[:NAME_LIMIT]), kind=Kind.CONFIG, weight=0.4)
        blocks.append(Block(evidence=piece.id))
    return tuple(blocks)


def compose_services(collection: Collection) -> tuple[tuple[Block, ...], tuple[tuple[Service, str], ...]]:
    """The services of compose files that the failure concerns.

    Returns:
        Their blocks, and each service with the id of its evidence.
    """
    repository = collection.repository
    if repository is None:
        return (), ()
    shown: list[tuple[Service, str]] = []
    for path in repository.named(*COMPOSE_NAMES):
        file = collection.read(path)
        if file is None:
            continue
        services, why = services_in(file, collection.redactor)
        if why:
            collection.note(f"`{path}` was left out: {why}")
        concerned = _concerned(services, collection)
        left_out = [service.name for service in services if service not in concerned]
        if left_out:
            named = ", ".join(f"`{name}`" for name in left_out[:6]) + (", …" if len(left_out) > 6 else "")
            collection.note(f"`{path}`: {len(left_out)} of {len(services)} services left out ({named})")
        for service in concerned:
            piece = collection.cite_file(file, service.first, service.last, kind=Kind.CONFIG, weight=0.5)
            shown.append((service, piece.id))
    return tuple(Block(evidence=evidence) for _, evidence in shown), tuple(shown)


def _concerned(services: tuple[Service, ...], collection: Collection) -> list[Service]:
    failure = collection.failure
    mentioned = technologies(failure)
    text = f"{failure.message}\n{failure.text}"
    matched = [one for one in services if one.technology in mentioned or _names(text, one.name)]
    wanted = {one.name for one in matched}
    wanted.update(name for one in matched for name in one.depends_on)
    if not wanted and len(services) <= 2:
        return list(services)
    return [one for one in services if one.name in wanted]


def _names(text: str, service: str) -> bool:
    """Whether a text names a service as a host or a compose log does: `"db"`, `db:5432`, `db_1`, `service db`."""
    name = re.escape(service)
    patterns = rf"[\"'`]{name}[\"'`]|[@/]{name}[:/][0-9\"'\s]|(?<![\w/.-]){name}(?:[_-][0-9]{{1,3}}\b|:[0-9]{{2,5}}\b)|\bservice {name}\b|^{name} +\|"
    return bool(re.search(patterns, text, re.MULTILINE))


def _secrets(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Kind and value of what a variable holds that must not be seen: of a URL its password, else the value."""
    if found := _URL_PASSWORD.match(value):
        yield f"{found[1].lower().partition('+')[0]}-password", unquote(found[2])
        return
    what = named(name)
    if what and not is_reference(value) and (what.trust is not Trust.RANDOM or not is_wordlike(value)):
        yield what.kind, value


def _env_files(repository: Repository) -> list[str]:
    return [path for path in repository.files if _ENV_FILE.search(path)][:10]


def _variables(repository: Repository, path: str) -> list[tuple[str, str]]:
    """Names and values as an .env file sets them; lines inside quoted values and key blocks are no names."""
    file = repository.read(path, private=True)
    found: list[tuple[str, str]] = []
    closing = ""
    for line in file.source.split("\n") if file else ():
        if closing:
            closing = "" if closing in line else closing
            continue
        entry = _ENTRY.match(line)
        if entry is None:
            closing = "-----END" if "-----BEGIN" in line else ""
            continue
        name, value = entry[1], entry[2].strip()
        if not _looks_like_data(name, value):
            found.append((name, value.strip("\"'")))
        closing = _opened(value)
    return found


def _opened(value: str) -> str:
    """What ends a value that goes on in the next line; empty where it ends here."""
    if "-----BEGIN" in value and "-----END" not in value:
        return "-----END"
    quote = value[:1]
    if quote in ("'", '"') and quote not in value[1:]:
        return quote
    return ""


def _looks_like_data(name: str, value: str) -> bool:
    """Whether a line is the rest of encoded data that happens to end in `=`."""
    return value in ("", "=") and len(name) >= 20 and name != name.upper() and name != name.lower()
