"""What can be checked of code in an answer before anybody tries it: does it parse, apply, name what exists, collect?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.checking.items import parsed_python
from assistant.results.drafted import CodePart
from assistant.results.proofs.collecting import collection_finding
from assistant.results.proofs.patches import patch_finding
from assistant.results.proofs.symbols import symbol_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What code is held against.

    Args:
        repo: the repository; None where it is not at hand.
        collect: whether tests are collected by pytest, which runs what stands at their top level.
        versions: what runs in the export's environment, by normalised name.
    """

    repo: Path | None = None
    collect: bool = False
    versions: Mapping[str, frozenset[str]]


def proved(part: CodePart, bench: Bench, *, is_test: bool = False) -> CodePart:
    """Code with what the checks say of it.

    Args:
        part: the code.
        bench: what it is held against.
        is_test: whether it stands under Testing Strategy.
    """
    return part._replace(findings=tuple(_findings(part, bench, is_test=is_test)))


def _findings(part: CodePart, bench: Bench, *, is_test: bool) -> Iterator[str]:
    if part.language == "diff":
        yield patch_finding(part.text, bench.repo)
    elif part.language == "python":
        yield from _python(part.text, bench, is_test=is_test)
    else:
        yield "not checked: only Python and diffs can be"


def _python(code: str, bench: Bench, *, is_test: bool) -> Iterator[str]:
    tree = parsed_python(without_prompts(code))
    if isinstance(tree, tuple):
        yield f"does not parse as Python: {tree[0]} (line {tree[1]})"
        return
    yield "parses as Python"
    yield from symbol_findings(tree, bench.repo, bench.versions)
    if is_test and bench.collect:
        yield collection_finding(code, bench.repo)


def without_prompts(code: str) -> str:
    """Code without the prompts of an interactive session and what it printed."""
    lines = code.split("\n")
    if not any(line.startswith(">>> ") for line in lines):
        return code
    return "\n".join(line[4:] for line in lines if line.startswith((">>> ", "... ")))
