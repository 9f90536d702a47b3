"""Lenses on imports: the module is not there, not the right one, or not ready."""

import re

from assistant.drafting.playbook.facts import FOREIGN, Facts
from assistant.drafting.playbook.lenses.common import caller, pair, place, quotes, release, where
from assistant.drafting.playbook.proposal import Asked, Proposal
from assistant.drafting.playbook.wording import clean

CANNOT_IMPORT = re.compile(
    r"cannot import name '?(?P<name>\w+)'? from (?P<partly>partially initialized module )?'(?P<module>[\w.]+)'(?: \((?P<file>[^()\n]{1,300})\))?"
)
INSTALLED = re.compile(r"[/\\](?:site-packages|dist-packages)[/\\]|[/\\]lib[/\\]python\d")
NO_MODULE = re.compile(r"No module named '?(?P<module>[\w.]+)'?")
PYTHON_PATH = re.compile(r"[/\\](?:lib[/\\])?python(3\.\d{1,2})\b", re.IGNORECASE)
COULD_NOT = re.compile(r"(?i)could not import module \"?(?P<module>[\w.]+)\"?")


def import_name(facts: Facts) -> Proposal | None:
    """A name that the module no longer offers."""
    found = CANNOT_IMPORT.search(facts.messages)
    if found is None or found["partly"]:
        return None
    name, module = clean(found["name"]), clean(found["module"])
    top, package = module.partition(".")[0], caller(facts)
    if top in FOREIGN:
        return gone_from_python(facts, module, name)
    if found["file"] and not INSTALLED.search(found["file"]):
        return _own_import(facts, module, name)
    reader = release(facts, package) if package else where(facts) or "The importing code"
    return Proposal(
        key="import-name",
        score=8.0,
        theory=(
            f"{reader} imports `{name}` from `{module}`, and the installed {release(facts, top)} no longer offers it: a newer `{top}` removed `{name}` (or renamed or moved it), "
            f"while the importing code was written for an older one. Pin `{top}` to the older release, or upgrade what imports it."
        ),
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test=f'Run {pair(facts, top, package)}, then `python -c "import {top}; print({top}.__file__)"`, and look for `{name}` in that package\'s change log.',
        if_true=f"The file belongs to the installed `{top}`, and a release removed, renamed or moved `{name}`.",
        if_false=f"The file is another one (a local file or folder named `{top}`), or the change log never had `{name}`.",
        solution=f"Pin `{top}` below the release that removed `{name}`, or upgrade the importer to a release that no longer needs it.",
        asked=Asked(
            primary=(f"Which release of `{top}` removed or moved `{name}`, and what replaces it?",),
            technical=(f"Which range of `{top}` does {f'`{package}`' if package else 'the importing code'} declare that it supports?",),
        ),
    )


def gone_from_python(facts: Facts, module: str, name: str) -> Proposal:
    """A name that the standard library had in another release of Python."""
    package = caller(facts)
    reader = release(facts, package) if package else where(facts) or "The code"
    running = PYTHON_PATH.search("\n".join([facts.places, facts.error]))
    this = f"this release of Python ({running[1]})" if running else "this release of Python"
    older = f"an older release of `{package}` that" if package else "code that"
    return Proposal(
        key="gone-from-python",
        score=8.2,
        theory=(
            f"{reader} wants `{name}` of `{module}`, which {this} does not have: a newer Python removed it (or moved it, as the abstract base classes to `collections.abc`), "
            f"and {older} was written for an older Python is installed; or, the other way round, this Python is too old for it."
        ),
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test=f"Run `python --version` and `python -c \"import {module}; print({module}.__file__, hasattr({module}, '{name}'))\"` with the Python that failed and with the one of the last green run.",
        if_true=f"Only one of the two releases of Python has `{name}` there.",
        if_false=f"Both have it; then a file of the project named like `{module}` hides the library's.",
        solution=(f"Upgrade `{package}` to a release made for this Python" if package else f"Replace `{name}` by what this Python offers")
        + ", or run the Python that it was written for.",
        asked=Asked(
            primary=(f"Which release of Python removed or added `{name}` in `{module}`, and what replaces it?",),
            technical=((f"Which release of `{package}` is the first that supports this Python?",) if package else ()),
        ),
    )


def _own_import(facts: Facts, module: str, name: str) -> Proposal:
    """A name that a module of the project does not offer at that moment: a circle of imports, or a renaming."""
    file = module.replace(".", "/")
    passed = [frame for frame in facts.failure.frames if frame.path.removesuffix(".py").removesuffix("/__init__").endswith(file)]
    importer = place(facts.innermost) if facts.innermost else "The importing module"
    circle = f"the modules import each other in a circle (circular import): `{module}` itself is still being loaded when {importer} asks it for `{name}`, which is only defined further down"
    moved = f"`{name}` was renamed, moved or removed in `{module}`, and {importer} still imports it under the old name"
    first, second = (circle, moved) if passed or facts.failure.language != "python" else (moved, circle)
    return Proposal(
        key="own-import",
        score=8.0,
        theory=f"{first[0].upper()}{first[1:]}; or {second}.",
        quotes=quotes(facts, *(frame.code for frame in passed), facts.innermost.code if facts.innermost else ""),
        test=f'Run `python -X importtime -c "import {module}"` to see whether `{module}` is imported again before it is complete, and `grep -rnw {name} --include=*.py .` to see where the name is defined now.',
        if_true=f"The chain of imports comes back to `{module}`, or `{name}` is defined elsewhere.",
        if_false=f"Neither; then another copy of `{module}` (an installed or cached one) is imported.",
        solution=f"Move what both modules need into a third one, import `{name}` inside the function that uses it, or import it from where it is defined now.",
        asked=Asked(
            primary=(f"Which chain of imports leads back to `{module}` before `{name}` is defined, or when was `{name}` moved?",),
            architecture=(f"Which module should own `{name}` so that the imports form no circle?",),
        ),
    )


def missing_module(facts: Facts) -> Proposal | None:
    """A distribution that is not installed where the code runs."""
    found = NO_MODULE.search(facts.messages)
    if found is None:
        return None
    module = clean(found["module"])
    top, package = module.partition(".")[0], caller(facts)
    reader = release(facts, package) if package else where(facts) or "The code"
    optional = (
        f"`{package}` needs it without requiring it (an optional extra), or"
        if package
        else "It is missing in the requirements of this environment, or"
    )
    return Proposal(
        key="missing-module",
        score=7.5,
        theory=(
            f"{reader} imports `{module}`, and no installed distribution provides it. {optional} it was dropped from a dependency that used to bring it along; "
            "the distribution may have another name than the module."
        ),
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test=f'Run `python -m pip list` and `python -c "import {top}"` with the interpreter that failed.',
        if_true=f"The import fails there too and no listed distribution provides `{top}`.",
        if_false="The import works by hand; then another interpreter, environment or folder is used in the failing run.",
        solution=f"Add the distribution that provides `{top}` to the requirements, with a range, and install it in every environment.",
        asked=Asked(
            primary=(f"Which distribution provides the module `{module}`, and which requirement should have brought it in?",),
            technical=(f"Was `{module}` removed from a later version of its distribution or of Python itself?",),
        ),
    )


def import_path(facts: Facts) -> Proposal | None:
    """A module that exists but not where Python looks."""
    found = NO_MODULE.search(facts.messages) or COULD_NOT.search(facts.text)
    if found is None or caller(facts):
        return None
    module = clean(found["module"])
    top = module.partition(".")[0]
    return Proposal(
        key="import-path",
        score=6.0 if "." in module else 5.0,
        theory=(
            f"The module `{module}` is part of the project, but the command runs in another working directory or without the project on its import path, "
            "so that Python looks for it in the wrong folder (or the file was moved or renamed)."
        ),
        quotes=quotes(facts, module),
        test=f"Run `find . -path ./.venv -prune -o -name '{top}*' -print` and `python -c \"import sys; print(sys.path)\"` in the folder of the failing command.",
        if_true=f"`{top}` lies in a folder that is not on the printed path.",
        if_false=f"The project has no `{top}`; then it is a dependency that is not installed.",
        solution="Start the command in the folder that holds the package, install the project itself (`pip install -e .`), or set the import path in the configuration.",
        asked=Asked(
            technical=(f"From which folder is the command started, and is the folder that holds `{top}` on the import path?",),
            architecture=(f"Should the project that holds `{top}` be installed as a package rather than found by the working directory?",),
        ),
    )


def circular(facts: Facts) -> Proposal | None:
    """Modules that import each other while one of them is half loaded."""
    found = CANNOT_IMPORT.search(facts.messages)
    if found is None or not found["partly"]:
        return None
    name, module = clean(found["name"]), clean(found["module"])
    importer = place(facts.innermost) if facts.innermost else "The importing module"
    return Proposal(
        key="circular",
        score=7.5,
        theory=(
            f"`{module}` is still being loaded when {importer} asks it for `{name}`: the modules import each other in a circle, "
            f"and `{name}` is only defined further down."
        ),
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test=f'Run `python -X importtime -c "import {module}"` and follow which module imports `{module}` before it is complete.',
        if_true="The chain of imports comes back to a module that stands above it.",
        if_false=f"Only one module imports `{module}`; then a file of that name hides the real one.",
        solution=f"Move what both need into a third module, or import `{name}` inside the function that uses it.",
        asked=Asked(
            primary=(f"Which chain of imports leads back to `{module}` before `{name}` is defined?",),
            architecture=(f"Which module should own `{name}` so that the imports form no circle?",),
        ),
    )
