"""Prompts: files with front matter, filled with StrictUndefined, known by version and digest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import DictLoader, StrictUndefined, TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import TemplateError
from assistant.evidence import Evidence, Kind, Origin
from assistant.redaction import Redactor
from assistant.resources import resource_folder

MARK = "---\n"
HINT = "mend it or leave out --prompts"
PIECE = Evidence(Kind.ERROR, Origin("tests.log", 1), Redactor().mask("text"), id="E1", cut=1)
TRIAL: dict[str, dict[str, Any]] = {
    "system": {"nonce": "n"},
    "evidence": {"nonce": "n", "failure_id": "E1", "pieces": [PIECE], "left_out": ["E2"]},
    "research_system": {"nonce": "n"},
    "research_evidence": {
        "nonce": "n",
        "pieces": [PIECE],
        "notes": [PIECE],
        "asked": {"questions": [{"number": 1, "text": "q"}], "theories": [{"number": 1, "text": "t"}]},
        "left_out": ["R2"],
    },
    "repair": {"task": "t", "answer": "a", "faults": [{"path": "p", "message": "m"}], "more": 1, "nonce": "n", "schema": "s"},
}
"""What each prompt is given, to try it before anything is sent; tasks get the same."""
TASK_TRIAL = {"schema": "s", "attempts": [{"source": "E2", "before": ["E1"], "after": ["E3"]}]}


class FrontMatter(BaseModel):
    """What a prompt file says of itself; unknown keys fail."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: int
    section: str


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts of a run.

    Args:
        texts: template text by name; partials begin with `_`.
        versions: name -> `version 1, sha256:…` for the run record.
    """

    texts: Mapping[str, str]
    versions: Mapping[str, str]

    def render(self, name: str, **values: Any) -> str:
        """Fill a prompt.

        Args:
            name: the prompt's name.
            values: what its placeholders stand for.

        Raises:
            TemplateError: the prompt is broken, or asks for a value that it does not get.
        """
        loader = DictLoader({f"{key}.md": text for key, text in self.texts.items()})
        environment = ImmutableSandboxedEnvironment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        try:
            return environment.get_template(f"{name}.md").render(**values).strip() + "\n"
        except (JinjaError, ArithmeticError, LookupError, TypeError, ValueError) as error:  # whatever a user's prompt computes
            raise TemplateError(f"prompt {name}.md: {error}", hint=HINT) from None


def load_prompts(folder: Path | None = None) -> Prompts:
    """Read and validate all prompts.

    Args:
        folder: the user's prompts; what is missing in it comes from the shipped ones.

    Raises:
        TemplateError: a file has no or wrong front matter, or asks for a value that it does not get.
    """
    paths = {path.stem: path for path in sorted(resource_folder("prompts").glob("*.md"))}
    known = frozenset(paths)
    paths |= {path.stem: path for path in sorted(folder.glob("*.md"))} if folder else {}
    if strangers := sorted(set(paths) - known):
        raise TemplateError(f"{paths[strangers[0]]}: there is no prompt of that name", hint=f"known are {', '.join(sorted(known))}")
    texts, versions = {}, {}
    for name, path in paths.items():
        texts[name], versions[name] = _read(name, path)
    prompts = Prompts(texts, versions)
    for name in texts:
        if not name.startswith("_"):
            prompts.render(name, **TRIAL.get(name, TASK_TRIAL))
    return prompts


def _read(name: str, path: Path) -> tuple[str, str]:
    try:
        text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: cannot be read: {error}", hint=HINT) from None
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    if name.startswith("_"):
        return text, f"partial, {digest}"
    head, mark, body = text.removeprefix(MARK).partition(f"\n{MARK}")
    if not text.startswith(MARK) or not mark:
        raise TemplateError(f"{path}: has no front matter between two lines of ---", hint=HINT)
    try:
        front = FrontMatter.model_validate(yaml.load(head, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValidationError) as error:
        what = error.errors()[0] if isinstance(error, ValidationError) else {"loc": ("front matter",), "msg": str(error)}
        raise TemplateError(f"{path}: {'.'.join(map(str, what['loc']))}: {what['msg']}", hint=HINT) from None
    if front.name != name:
        raise TemplateError(f"{path}: calls itself {front.name!r}", hint=f"name it {name!r} or rename the file")
    return body, f"version {front.version}, {digest}"
