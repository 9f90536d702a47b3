"""Do the names that code imports exist in what is installed? Read from the files of the packages; nothing of them is run."""

import ast
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.results.versions import normal

ENVIRONMENTS = (".venv", "venv", "env")
DIST = re.compile(r"([A-Za-z0-9][\w.]*)-([0-9][\w.+!]*)\.(?:dist|egg)-info")
MAX_SOURCE = 2_000_000
MAX_NAMES = 12
MAX_STAR = 3
"""How many `from x import *` are followed."""


def symbol_findings(tree: ast.Module, repo: Path | None, versions: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What is known of the names that a module imports.

    Args:
        tree: the code.
        repo: the repository, whose virtual environment is looked into before this program's own; None where it is not at hand.
        versions: what runs in the export's environment: this program's own packages count only where they are of that version.

    Yields:
        One line for each package.
    """
    absent = []
    for package, names in _imported(tree).items():
        if package in sys.stdlib_module_names or package == "__future__":
            continue
        home = _home(package, repo, versions)
        if home is None:
            absent.append(f"`{package}`")
            continue
        root, label = home
        missing: list[str] = []
        unsure: list[str] = []
        for module, name in list(dict.fromkeys(names))[:MAX_NAMES]:
            known = has_name(root, module, name)
            (missing if known is False else unsure if known is None else []).append(f"{module}.{name}" if name else module)
        if missing:
            yield f"not in {label}: {', '.join(f'`{one}`' for one in missing)}"
        if unsure:
            yield f"not checked in {label}: {', '.join(f'`{one}`' for one in unsure)}"
        if not missing and not unsure:
            yield f"{label} has {', '.join(f'`{name or module}`' for module, name in list(dict.fromkeys(names))[:MAX_NAMES])}"
    if absent:
        where = "is not installed" if len(absent) == 1 else "are not installed"
        yield f"not checked: {', '.join(absent)} {where} where this can be looked up" + ("" if repo else " (give `--repo`)")


def _imported(tree: ast.Module) -> dict[str, list[tuple[str, str]]]:
    """(module, name) for all that is imported absolutely, by the package; the name is empty for a module."""
    found: dict[str, list[tuple[str, str]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                found.setdefault(one.name.partition(".")[0], []).append((one.name, ""))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                found.setdefault(node.module.partition(".")[0], []).append((node.module, "" if one.name == "*" else one.name))
    return found


def _home(package: str, repo: Path | None, versions: Mapping[str, frozenset[str]]) -> tuple[Path, str] | None:
    """The folder that holds a package, and what it is called: the repository, its environment, or this program's own."""
    for folder in (repo, repo / "src") if repo else ():
        if (folder / package).is_dir() or (folder / f"{package}.py").is_file():
            return folder, "the repository"
    for folder in _site_packages(repo) if repo else ():
        if (folder / package).is_dir() or (folder / f"{package}.py").is_file():
            version = next(
                (found[2] for entry in folder.iterdir() if (found := DIST.fullmatch(entry.name)) and normal(found[1]) == normal(package)),
                "",
            )
            return folder, f"the installed {package} {version}".rstrip()
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.origin or spec.origin in ("built-in", "frozen"):
        return None
    version = _own_version(package)
    if version not in versions.get(normal(package), frozenset()):
        return None  # another version than the export's tells nothing
    origin = Path(spec.origin)
    return (origin.parent.parent if spec.submodule_search_locations else origin.parent), f"{package} {version}"


def _site_packages(repo: Path) -> Iterator[Path]:
    for name in ENVIRONMENTS:
        root = repo / name
        if (root / "pyvenv.cfg").is_file():
            yield from (folder for pattern in ("lib/python*/site-packages", "Lib/site-packages") for folder in sorted(root.glob(pattern)))


def _own_version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def has_name(root: Path, module: str, name: str, *, depth: int = 0) -> bool | None:
    """Whether a module defines or imports a name, or has a submodule of that name; None where that cannot be told.

    Args:
        root: the folder that holds the package.
        module: dotted.
        name: what is imported from it; empty for the module itself.
        depth: how many star imports led here.
    """
    base = root.joinpath(*module.split("."))
    file = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    if not file.is_file():
        return None if base.is_dir() or list(base.parent.glob(f"{base.name}.*")) else False
    if not name or (base.is_dir() and ((base / name).is_dir() or list(base.glob(f"{name}.*")))):
        return True
    tree = _tree(file)
    if tree is None:
        return None
    defined, stars, dynamic = _names(tree)
    if name in defined:
        return True
    for level, target in stars:
        parts = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
        parent = parts[: len(parts) - level + 1] if level else []
        there = has_name(root, ".".join([*parent, *filter(None, [target])]), name, depth=depth + 1) if depth < MAX_STAR else None
        if there:
            return True
        dynamic = dynamic or there is None
    return None if dynamic else False


def _tree(file: Path) -> ast.Module | None:
    try:
        if file.stat().st_size > MAX_SOURCE:
            return None
        return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def _names(tree: ast.Module) -> tuple[set[str], list[tuple[int, str]], bool]:
    """What a module defines, what it imports with a star, and whether it makes names while it runs."""
    found: set[str] = set()
    stars: list[tuple[int, str]] = []
    dynamic = False
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
            dynamic = dynamic or node.name == "__getattr__"
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
            dynamic = dynamic or node.id == "__getattr__"
        elif isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names):
            stars.append((node.level, node.module or ""))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(one.asname or one.name.partition(".")[0] for one in node.names)
    dynamic = dynamic or any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "globals" for node in ast.walk(tree)
    )
    return found, stars, dynamic
