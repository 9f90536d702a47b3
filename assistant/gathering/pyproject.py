"""What pyproject.toml declares: dependencies, Python versions, pins."""

from collections.abc import Iterator

from assistant.gathering.claims import Claim, Trust, normalise
from assistant.gathering.manifest import Manifest, declared, line_with, requirement
from assistant.gathering.repository import Repository, SourceFile


def read_pyproject(file: SourceFile, repository: Repository) -> Manifest:
    """What a pyproject.toml says.

    Args:
        file: the file.
        repository: not needed for it; readers of manifests are called alike.
    """
    import tomllib  # 14 ms, and only some repositories have this file

    try:
        data = tomllib.loads(file.source)
    except (tomllib.TOMLDecodeError, RecursionError):
        return Manifest(file.path, (), frozenset(), False)
    project = _table(data.get("project"))
    poetry = _table(_table(data.get("tool")).get("poetry"))
    written = _written(project, _table(data.get("dependency-groups")))
    parsed = [(one, line_with(file, text)) for text in written if (one := requirement(text))]
    claims = [claim for (name, specifier), line in parsed for claim in declared(name, specifier, file, line)]
    by_poetry = dict(_poetry_tables(poetry))
    for name, value in by_poetry.items():
        if isinstance(value, str) and name != "python":
            line = line_with(file, f"{name} =")
            claims.append(Claim(normalise(name), value, Trust.DECLARED, line, line, file=file, exact=False))
    claims += _python(file, project.get("requires-python"), "requires-python")
    claims += _python(file, by_poetry.get("python"), "python =")
    names = {name for (name, _), _ in parsed} | {normalise(name) for name in by_poetry}
    complete = bool(names) and len(parsed) == len(written) and "dependencies" not in _strings(project.get("dynamic"))
    return Manifest(file.path, tuple(one for one in claims if one.first), frozenset(names), complete)


def _written(project: dict[str, object], groups: dict[str, object]) -> list[str]:
    optional = _table(project.get("optional-dependencies"))
    return [text for group in (project.get("dependencies"), *optional.values(), *groups.values()) for text in _strings(group)]


def _python(file: SourceFile, wanted: object, key: str) -> Iterator[Claim]:
    if isinstance(wanted, str):
        line = line_with(file, key)
        yield Claim("python", wanted, Trust.DECLARED, line, line, file=file, exact=False)


def _poetry_tables(poetry: dict[str, object]) -> Iterator[tuple[str, object]]:
    yield from _table(poetry.get("dependencies")).items()
    yield from _table(poetry.get("dev-dependencies")).items()
    for group in _table(poetry.get("group")).values():
        yield from _table(_table(group).get("dependencies")).items()


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
