"""What the stages found, put into the sections: facts where evidence answers, drafts where they were drafted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.changes import Change
from assistant.drafting import Drafted
from assistant.evidence import Evidence, Failure
from assistant.gathering import Gathered
from assistant.sections import (
    AdditionalContext,
    Attempt,
    Block,
    Configuration,
    ConstraintsAndRequirements,
    Context,
    CurrentCode,
    CurrentPhase,
    DocumentationReferences,
    EnvironmentDetails,
    ErrorMessages,
    ExportInformation,
    Impact,
    NextSteps,
    ProblemStatement,
    ResearchExport,
    ResearchQuestions,
    SuccessCriteria,
    SystemState,
    Timeline,
)

MORE = "[REVIEW: What else?]"
MAX_NAMED_TESTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the user said with options, settings or by being who they are; empty where nothing was said.

    Args:
        date: the day of the export, YYYY-MM-DD.
        exported_by: who exports.
        phase: phase of the project, as in `3`.
        endpoint: as in `POST /orders`.
        severity: Low, Medium, High or Blocking.
        title: names the problem.
    """

    date: str
    exported_by: str = ""
    phase: str = ""
    endpoint: str = ""
    severity: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The numbered evidence under Error Messages, and what is said where there is none."""

    primary: Evidence
    secondary: Sequence[Evidence]
    around: Sequence[Evidence]
    secondary_note: str = ""
    around_note: str = ""


def assemble(stated: Stated, failure: Failure, errors: Errors, gathered: Gathered, drafted: Drafted) -> ResearchExport:
    """Fill the sections of an export about one failure."""
    title = stated.title or drafted.title
    drafts = dict(drafted.drafts)
    if stated.title and stated.severity:
        drafts.pop("export_information", None)
    return ResearchExport(
        title=title,
        export_information=_information(stated, gathered.endpoint, stated.severity or drafted.severity),
        problem_statement=ProblemStatement(
            brief_description=drafted.brief_description,
            impact=Impact(what_is_blocked=_blocked(failure)),
        ),
        context=Context(
            current_phase=CurrentPhase(
                phase_number=stated.phase or None,
                endpoint_being_implemented=stated.endpoint or gathered.endpoint,
                step_where_problem_occurred=gathered.step,
            ),
            system_state=SystemState(
                environment=gathered.environment,
                database=gathered.database,
                python_version=gathered.python_version,
                fastapi_version=gathered.fastapi_version,
                other_relevant_versions=gathered.other_versions,
            ),
        ),
        what_we_tried=_explained(gathered.attempts, drafted.why_it_didnt_work),
        error_messages=ErrorMessages(
            primary_error=(Block(evidence=errors.primary.id),),
            secondary_errors=_blocks(errors.secondary, errors.secondary_note),
            log_output=_blocks(errors.around, errors.around_note),
        ),
        current_code=CurrentCode(
            problematic_code=gathered.problematic,
            related_code=gathered.related,
            configuration=Configuration(env_settings=gathered.env_settings, docker_compose_yml=gathered.compose),
        ),
        research_questions=ResearchQuestions(
            primary_questions=drafted.primary_questions,
            technical_questions=drafted.technical_questions,
            architecture_questions=drafted.architecture_questions,
            search_queries=drafted.search_queries,
        ),
        hypotheses=drafted.hypotheses,
        documentation_references=DocumentationReferences(
            official_documentation_consulted=_with_more(
                gathered.documentation, "[REVIEW: Which of these was read, which other pages, and what was checked?]"
            )
        ),
        environment_details=EnvironmentDetails(
            database_schema=gathered.tables,
            database_state=gathered.rows,
            python_environment=_not_twice(gathered.python_environment, errors),
        ),
        constraints_and_requirements=ConstraintsAndRequirements(
            must_have=_with_more(gathered.must_have, "[REVIEW: Which other requirements cannot be given up?]")
        ),
        success_criteria=SuccessCriteria(how_well_know_its_fixed=drafted.success_criteria, acceptance_tests=drafted.acceptance_test),
        additional_context=AdditionalContext(
            similar_issues_encountered=_with_more(
                (*gathered.similar, *drafted.similar_issues),
                "[REVIEW: Has something like this happened in this project before, and how was it solved?]",
            ),
            working_code_references=gathered.working,
            related_phase_summaries=gathered.phases,
        ),
        next_steps_after_research=NextSteps(
            information_needed=drafted.information_needed,
            potential_solutions_to_test=drafted.potential_solutions,
            timeline=Timeline(time_spent_so_far=_red_since(gathered.change)),
        ),
        drafts=drafts,
    )


def _red_since(change: Change | None) -> str | None:
    """Since when it can have failed at all; how long somebody worked on it only that person knows."""
    if change is None or not change.red_since:
        return None
    told = f"red since {change.red_since} at the earliest, the first commit after `{change.base}` ({change.listed})"
    return f"{told}; [REVIEW: How many hours have gone into this?]"


def _explained(attempts: Sequence[Attempt], why: Sequence[str]) -> tuple[Attempt, ...]:
    """Attempts with the reasons that were drafted for those whose logs do not say it themselves."""
    drafted = (*why, *[""] * (len(attempts) - len(why)))
    return tuple(replace(one, why_it_didnt_work=one.why_it_didnt_work or text or None) for one, text in zip(attempts, drafted, strict=True))


def assemble_without_failure(stated: Stated, said: str) -> ResearchExport:
    """An export that says that nothing was found, and drafts nothing.

    Args:
        stated: what the user said.
        said: what was read, as one sentence.
    """
    return ResearchExport(
        title=stated.title or "no failure found",
        export_information=_information(stated, None, stated.severity or None),
        problem_statement=ProblemStatement(brief_description=said),
        error_messages=ErrorMessages(primary_error=(Block(note=said),)),
        context=Context(
            current_phase=CurrentPhase(phase_number=stated.phase or None, endpoint_being_implemented=stated.endpoint or None),
        ),
    )


def _information(stated: Stated, endpoint: str | None, severity: str | None) -> ExportInformation:
    where = stated.endpoint or endpoint
    phase = None
    if stated.phase or where:
        number = stated.phase or "[REVIEW: Which phase number?]"
        phase = f"Phase {number} - {where or '[REVIEW: Which endpoint?]'}"
    return ExportInformation(date=stated.date, phase=phase, severity=severity, exported_by=stated.exported_by or None)


def _blocked(failure: Failure) -> str | None:
    tests = failure.test_ids
    if not tests:
        return None
    named = ", ".join(f"`{test}`" for test in tests[:MAX_NAMED_TESTS])
    rest = f" and {len(tests) - MAX_NAMED_TESTS} more" if len(tests) > MAX_NAMED_TESTS else ""
    what = "test modules cannot be collected" if failure.phase == "collection" else "tests fail"
    return f"{len(tests)} {what if len(tests) > 1 else what.replace('modules', 'module').replace('tests fail', 'test fails')}: {named}{rest} ({failure.evidence})"


def _blocks(pieces: Sequence[Evidence], note: str) -> tuple[Block, ...]:
    blocks = tuple(Block(evidence=piece.id) for piece in pieces)
    return (*blocks, Block(note=note)) if note else blocks


def _not_twice(blocks: tuple[Block, ...], errors: Errors) -> tuple[Block, ...]:
    """Blocks of evidence that stands under Error Messages already become a hint to it."""
    around = {piece.id for piece in errors.around}
    above = {errors.primary.id, *(piece.id for piece in errors.secondary)} | around
    return tuple(
        Block(note=f"{block.evidence} under {'Log Output' if block.evidence in around else 'Error Messages'} states the versions.")
        if block.evidence in above
        else block
        for block in blocks
    )


def _with_more(items: tuple[str, ...], ask: str) -> tuple[str, ...]:
    return (*items, ask) if items else ()
