"""The functions of this program as MCP tools, for coding agents on this machine; they read what the agent names."""

import datetime
import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field

from assistant.errors import AssistantError, UsageError
from assistant.settings import Settings
from assistant.version import VERSION

if TYPE_CHECKING:
    from assistant.drafting.model import ModelDrafter

INSTRUCTIONS = (
    "Turns error logs into a checked Research Export: a document on numbered evidence with hypotheses, questions, and blanks that a person answers. "
    "Begin with draft_export on the log of the failing run; check_export says what is wrong, blank or not confirmed; fill_results takes an answer in. "
    "Leave confirming drafts and answering blanks to the person. Secrets are masked in all that comes back."
)
Logs = Annotated[list[str], Field(min_length=1, description="Paths of logs, JUnit reports, and folders or archives of them.")]
Repo = Annotated[str, Field(description="The repository whose code failed; empty where it is not at hand.")]
Export = Annotated[str, Field(description="Path of a Research Export (.md).")]
Pii = Annotated[bool | None, Field(description="Whether e-mail addresses, IPs and user names are masked too.")]
P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D", bound="ModelDrafter")


class Drafted(BaseModel, frozen=True):
    """What draft_export gives.

    Args:
        path: where the export was written; empty where `text` has it.
        text: the export; empty where it was written to a file.
        title: of the document.
        counts: problems, blanks and unconfirmed drafts.
        causes: every cause of the input, gravest first.
        notes: what was cut, skipped or fallen back to.
    """

    path: str
    text: str
    title: str
    counts: dict[str, int]
    causes: list[str]
    notes: list[str]


class Checked(BaseModel, frozen=True):
    """What check_export gives: the problems in the order of their lines, and whether nothing counts against the export."""

    passed: bool
    counts: dict[str, int]
    problems: list[dict[str, Any]]


class Filled(BaseModel, frozen=True):
    """What fill_results gives.

    Args:
        path: the export that was filled.
        found: whether the notes answer at all.
        questions: how many are answered, partly answered and open.
        hypotheses: how many are supported, refuted and untouched.
        kept: places in which a person's text stays.
        notes: what was cut, skipped or fallen back to.
    """

    path: str
    found: bool
    questions: dict[str, int]
    hypotheses: dict[str, int]
    kept: list[str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools; each calls the function that the command of the same name calls.

    Args:
        settings: how drafts are made.
    """

    settings: Settings

    def draft_export(  # noqa: PLR0913 - a tool has as many parameters as the agent may choose
        self,
        logs: Logs,
        repo: Repo = "",
        output: Annotated[str, Field(description="Where to write the export (.md); empty to get its text back.")] = "",
        cause: Annotated[int, Field(ge=1, description="Which of several causes to draft; 1 is the gravest.")] = 1,
        title: Annotated[str, Field(description="The problem's name.")] = "",
        severity: Literal["", "Low", "Medium", "High", "Blocking"] = "",
        pii: Pii = None,
    ) -> Drafted:
        """Draft a Research Export from logs; one that exists at `output` is brought up to date, and what a person wrote in it stays."""
        # late, here and below: the stages cost some 20 bare starts, and a client asks for the list of tools first
        import io

        from assistant.assembly import Stated
        from assistant.exporting import Target, write_export
        from assistant.gathering.identity import git_user
        from assistant.pipeline import Request

        settings, folder = self.settings, _folder(repo)
        request = Request(
            logs=_no_stdin(logs),
            repo=folder,
            cause=cause,
            templates=_templates(settings),
            mask=settings.mask,
            keep=settings.keep,
            pii=self._pii(pii),
            stated=Stated(
                date=datetime.date.today().isoformat(),
                exported_by=settings.exported_by or git_user(folder or Path.cwd()),
                phase=settings.phase,
                endpoint=settings.endpoint,
                severity=severity,
                title=title,
            ),
        )
        drafter = None
        if settings.model:
            from assistant.drafting.model import ModelDrafter

            drafter = self._model(ModelDrafter)
        text, outcome = write_export(request, Target(path=Path(output) if output else None), stdin=io.BytesIO(), drafter=drafter)
        return Drafted(
            path=output,
            text=text,
            title=str(outcome.export.title or ""),
            counts=outcome.review.counts,
            causes=[(f"{one.exception}: " if one.exception else "") + one.message.partition("\n")[0] for one in outcome.causes],
            notes=list(outcome.notes),
        )

    def check_export(
        self, export: Export, allow_drafts: Annotated[bool, Field(description="Blanks and unconfirmed drafts do not count.")] = False
    ) -> Checked:
        """Hold a Research Export against the rules: what is wrong, what is blank, what nobody confirmed, each with its line."""
        from assistant.exporting import read_document
        from assistant.record import load_record
        from assistant.review import review

        found = review(read_document(Path(export)), load_record(Path(export)))
        passed = not found.counted(allow_drafts=allow_drafts)
        return Checked(passed=passed, counts=found.counts, problems=[asdict(problem) for problem in found.problems])

    def fill_results(
        self,
        export: Export,
        notes: Annotated[list[str], Field(min_length=1, description="Paths of research notes: Markdown, text, HTML, PDF, chats, patches.")],
        repo: Repo = "",
        pii: Pii = None,
    ) -> Filled:
        """Draft the Research Results of an export from notes; nothing else in it changes, and what a person wrote stays."""
        import io

        from assistant.filling import Place, write_results
        from assistant.results import ResultsRequest

        settings = self.settings
        request = ResultsRequest(
            notes=_no_stdin(notes),
            repo=_folder(repo),
            templates=_templates(settings),
            pii=self._pii(pii),
            mask=settings.mask,
            keep=settings.keep,
        )
        drafter = None
        if settings.model:
            from assistant.results.model import ModelResults

            drafter = self._model(ModelResults)
        _, filled = write_results(request, Place(export=Path(export)), stdin=io.BytesIO(), drafter=drafter)
        draft = filled.draft
        return Filled(
            path=export,
            found=draft.found,
            questions=_counted([str(answer.status) for answer in draft.answers]),
            hypotheses=_counted([str(verdict.status) for verdict in draft.verdicts]),
            kept=list(filled.kept),
            notes=list(filled.notes),
        )

    def log_evidence(
        self,
        logs: Logs,
        budget: Annotated[int, Field(ge=1, le=200_000, description="How many tokens to give back at most.")] = 4000,
        baseline: Annotated[list[str], Field(description="Logs of runs that went well: what they say too loses weight.")] = [],  # noqa: B006 - never changed, and the schema shows it
        pii: Pii = None,
    ) -> str:
        """The most telling parts of logs, best first, with their lines; far shorter than the log."""
        from assistant.redaction import Redactor
        from assistant.showing import as_text, log_evidence

        redactor = Redactor(pii=self._pii(pii), mask=self.settings.mask, keep=self.settings.keep)
        shown = log_evidence(_no_stdin(logs), token_budget=budget, baseline=_no_stdin(baseline), redactor=redactor)
        return "".join(f"note: {note}\n" for note in shown.notes) + as_text(shown)

    def _pii(self, asked: bool | None) -> bool:
        chosen = self.settings.pii if asked is None else asked
        return bool(self.settings.model) if chosen is None else chosen

    def _model(self, kind: type[D]) -> D:
        from assistant.drafting.setup import model_drafter

        return model_drafter(self.settings, single_call=False, fresh=False, tell=lambda _: None, kind=kind)


def tool_server(settings: Settings) -> MCPServer:
    """The tools as an MCP server.

    Args:
        settings: how drafts are made.
    """
    tools = Tools(settings)
    served = MCPServer("research-export-assistant", instructions=INSTRUCTIONS, version=VERSION, log_level="WARNING")
    reads, writes = ToolAnnotations(read_only_hint=True), ToolAnnotations(read_only_hint=False, destructive_hint=False)
    for tool, kind in (
        (tools.draft_export, writes),
        (tools.check_export, reads),
        (tools.fill_results, writes),
        (tools.log_evidence, reads),
    ):
        served.add_tool(_told(tool), annotations=kind)
    return served


def serve_tools(settings: Settings) -> None:
    """Serve the tools over standard input and output until the client leaves."""
    tool_server(settings).run("stdio")


def _told(tool: Callable[P, R]) -> Callable[P, R]:
    """A tool that tells the agent what was wrong and what to do."""

    @functools.wraps(tool)
    def call(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return tool(*arguments, **named)
        except AssistantError as error:
            raise ToolError(f"{error.message}\n{error.hint}".strip()) from None

    return call


def _folder(repo: str) -> Path | None:
    if repo and not Path(repo).is_dir():
        raise UsageError(f"repo {repo}: is no folder", hint="give a folder that exists, or leave it out")
    return Path(repo) if repo else None


def _templates(settings: Settings) -> Path | None:
    return Path(settings.templates) if settings.templates else None


def _no_stdin(paths: list[str]) -> tuple[str, ...]:
    """Paths, none of which is standard input: that belongs to the protocol."""
    if "-" in paths:
        raise UsageError("`-` cannot be read here", hint="give the path of a file")
    return tuple(paths)


def _counted(statuses: list[str]) -> dict[str, int]:
    return {status: statuses.count(status) for status in sorted(set(statuses))}
