"""The section schema: one model a section, and what the template, the checks and the JSON need of each.

A `Slot` says of one fillable place which label it has, who fills it and what a person is asked where it stays
blank. Headings and labels are those of the Research Export template; JSON keys are the headings in snake_case.
Plain dataclasses, so that the offline path need not pay for pydantic; `assistant schema` derives the JSON schema
from them with it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

FORMAT_VERSION = 1


class By(StrEnum):
    """Who fills a slot."""

    EVIDENCE = "evidence"
    DRAFT = "draft"
    PERSON = "person"
    RESEARCH = "research"


class Shape(StrEnum):
    """How the value of a slot is written in the document."""

    FIELD = "field"
    LABELLED = "labelled"
    TEXT = "text"
    ITEMS = "items"
    NUMBERED = "numbered"
    CHECKS = "checks"
    BLOCKS = "blocks"
    CODE_BLOCKS = "code_blocks"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Slot:
    """One fillable place of the document.

    Args:
        label: the heading or label exactly as the template has it.
        shape: how its value is written.
        by: who fills it.
        ask: the question a person is asked where it stays blank; for research slots the template's own text.
        max_items: how many items a list holds at most.
    """

    label: str
    shape: Shape = Shape.TEXT
    by: By = By.PERSON
    ask: str = ""
    max_items: int = 10


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section or subsection whose value is a model of its own."""

    title: str
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Block:
    """A piece of evidence shown whole.

    Args:
        evidence: its id in the ledger; empty where there is none to show.
        note: what is said of it, or instead of it.
    """

    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CodeBlock:
    """A piece of code shown with file and lines.

    Args:
        file: path in the repository.
        lines: `12-34`; empty where the template asks for none.
        evidence: its id in the ledger; empty where only the place is known, not the code.
        note: why it is shown, in a few words.
    """

    file: str
    lines: str = ""
    evidence: str = ""
    note: str = ""


# a table: one slot a line
# fmt: off
Text = str | None
Items = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ExportInformation:
    """When, where in the project and by whom the export was made."""

    date: Annotated[Text, Slot("Date", Shape.FIELD, By.EVIDENCE, "On which day was this exported?")] = None
    phase: Annotated[Text, Slot("Phase", Shape.FIELD, By.PERSON, "Which phase number and endpoint does this belong to?")] = None
    severity: Annotated[Text, Slot("Severity", Shape.FIELD, By.DRAFT, "How severe is it: Low, Medium, High or Blocking?")] = None
    exported_by: Annotated[Text, Slot("Exported By", Shape.FIELD, By.EVIDENCE, "Who exports this and answers questions about it?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Impact:
    """Whom the failure stops."""

    what_is_blocked: Annotated[Text, Slot("What is blocked", Shape.FIELD, By.EVIDENCE, "Which feature, endpoint or job does not work because of this?")] = None
    workaround_available: Annotated[Text, Slot("Workaround available", Shape.FIELD, By.PERSON, "Is there a workaround (Yes/No), and what is it?")] = None
    production_impact: Annotated[Text, Slot("Production impact", Shape.FIELD, By.PERSON, "Does it happen in production (Yes/No), and whom does it hit?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProblemStatement:
    """What broke, in plain language, and whom it stops."""

    brief_description: Annotated[Text, Slot("Brief Description", Shape.TEXT, By.DRAFT, "What broke, and what do you want to know? One paragraph of plain language.")] = None
    impact: Annotated[Impact, Heading("Impact")] = field(default_factory=Impact)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CurrentPhase:
    """Where in the project's plan the failure stands."""

    phase_number: Annotated[Text, Slot("Phase Number", Shape.FIELD, By.PERSON, "Which phase of the project is this?")] = None
    endpoint_being_implemented: Annotated[Text, Slot("Endpoint Being Implemented", Shape.FIELD, By.EVIDENCE, "Which method and path was being implemented?")] = None
    step_where_problem_occurred: Annotated[Text, Slot("Step Where Problem Occurred", Shape.FIELD, By.EVIDENCE, "At which step did it fail: E2E test, migration, implementation, …?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RelatedPhases:
    """What came before and what waits for this."""

    dependencies_on_previous_phases: Annotated[Text, Slot("Dependencies on previous phases", Shape.FIELD, By.PERSON, "Which earlier phases does this build on?")] = None
    impact_on_future_phases: Annotated[Text, Slot("Impact on future phases", Shape.FIELD, By.PERSON, "Which later phases wait for this?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SystemState:
    """What the failing system ran on."""

    environment: Annotated[Text, Slot("Environment", Shape.FIELD, By.EVIDENCE, "Where did it fail: local, development, CI or production?")] = None
    database: Annotated[Text, Slot("Database", Shape.FIELD, By.EVIDENCE, "Which database and version, and was it up?")] = None
    python_version: Annotated[Text, Slot("Python version", Shape.FIELD, By.EVIDENCE, "Which Python version ran this (`python --version`)?")] = None
    fastapi_version: Annotated[Text, Slot("FastAPI version", Shape.FIELD, By.EVIDENCE, "Which FastAPI version is installed (`pip show fastapi`), or is it not used?")] = None
    other_relevant_versions: Annotated[Text, Slot("Other relevant versions", Shape.FIELD, By.EVIDENCE, "Which versions of the libraries in the stack trace are installed?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Context:
    """Project and system around the failure."""

    current_phase: Annotated[CurrentPhase, Heading("Current Phase")] = field(default_factory=CurrentPhase)
    related_phases: Annotated[RelatedPhases, Heading("Related Phases")] = field(default_factory=RelatedPhases)
    system_state: Annotated[SystemState, Heading("System State")] = field(default_factory=SystemState)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Attempt:
    """One thing somebody tried; never invented."""

    approach: Annotated[Text, Slot("Approach", Shape.LABELLED, By.EVIDENCE, "What was tried first? Leave out what nobody tried.")] = None
    result: Annotated[Text, Slot("Result", Shape.LABELLED, By.EVIDENCE, "What happened then, word for word where there was output?")] = None
    why_it_didnt_work: Annotated[Text, Slot("Why it didn't work", Shape.LABELLED, By.DRAFT, "Why, as far as you can tell, did it not help?")] = None
    code_snippets: Annotated[Text, Slot("Code snippets", Shape.LABELLED, By.EVIDENCE, "Which code or command was tried?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ErrorMessages:
    """The errors themselves, verbatim."""

    primary_error: Annotated[tuple[Block, ...], Slot("Primary Error", Shape.BLOCKS, By.EVIDENCE, "What is the full error message with its stack trace?")] = ()
    secondary_errors: Annotated[tuple[Block, ...], Slot("Secondary Errors", Shape.BLOCKS, By.EVIDENCE, "Were there other errors or warnings around it?")] = ()
    log_output: Annotated[tuple[Block, ...], Slot("Log Output", Shape.BLOCKS, By.EVIDENCE, "Which log lines around the error matter?")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Configuration:
    """Settings that may matter: names of variables, never their values."""

    env_settings: Annotated[tuple[Block, ...], Slot(".env settings", Shape.BLOCKS, By.EVIDENCE, "Which environment variables (names only) does this code read?")] = ()
    docker_compose_yml: Annotated[tuple[Block, ...], Slot("docker-compose.yml", Shape.BLOCKS, By.EVIDENCE, "Which compose services take part, or is none used?")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CurrentCode:
    """The code that fails, what calls it and how it is configured."""

    problematic_code: Annotated[tuple[CodeBlock, ...], Slot("Problematic Code", Shape.CODE_BLOCKS, By.EVIDENCE, "Which function fails? Paste it whole.")] = ()
    related_code: Annotated[tuple[CodeBlock, ...], Slot("Related Code", Shape.CODE_BLOCKS, By.EVIDENCE, "Which code calls it or sets it up? Paste it.")] = ()
    configuration: Annotated[Configuration, Heading("Configuration")] = field(default_factory=Configuration)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResearchQuestions:
    """What is asked, main question first, and what to search for."""

    primary_questions: Annotated[Items, Slot("Primary Questions", Shape.NUMBERED, By.DRAFT, "What is the one question an answer must settle?", 3)] = ()
    technical_questions: Annotated[Items, Slot("Technical Questions", Shape.NUMBERED, By.DRAFT, "Which behaviour of a library or tool has to be looked up?", 4)] = ()
    architecture_questions: Annotated[Items, Slot("Architecture Questions", Shape.NUMBERED, By.DRAFT, "Which design decision is in doubt?", 3)] = ()
    search_queries: Annotated[Items, Slot("Search Queries", Shape.ITEMS, By.DRAFT, "Which words would find others with this problem?", 6)] = ()


class Stance(StrEnum):
    """Whether a quote speaks for or against a theory."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Quote:
    """A verbatim part of a piece of evidence (white space folded), and what it speaks for."""

    id: str
    quote: str
    stance: Stance = Stance.FOR


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Hypothesis:
    """What might be the cause, what speaks for and against it, and how to find out."""

    theory: Annotated[Text, Slot("Theory", Shape.LABELLED, By.DRAFT, "What might be causing the problem?")] = None
    evidence: Annotated[tuple[Quote, ...], Slot("Evidence", Shape.LABELLED, By.DRAFT, "Which observation speaks for it, which against?")] = ()
    test: Annotated[Text, Slot("Test", Shape.LABELLED, By.DRAFT, "Which command or experiment would tell whether it is true?")] = None
    if_true: Text = None
    if_false: Text = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DocumentationReferences:
    """What was read already."""

    official_documentation_consulted: Annotated[Items, Slot("Official Documentation Consulted", Shape.ITEMS, By.PERSON, "Which pages of the official documentation were read, and what was checked in each?")] = ()
    stack_overflow_forum_posts: Annotated[Items, Slot("Stack Overflow / Forum Posts", Shape.ITEMS, By.PERSON, "Which forum posts were read, and what did they say?")] = ()
    blog_posts_tutorials: Annotated[Items, Slot("Blog Posts / Tutorials", Shape.ITEMS, By.PERSON, "Which articles were followed?")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EnvironmentDetails:
    """Schema, data and packages."""

    database_schema: Annotated[tuple[Block, ...], Slot("Database Schema", Shape.BLOCKS, By.EVIDENCE, "Which table definitions take part, or is no database involved?")] = ()
    database_state: Annotated[tuple[Block, ...], Slot("Database State", Shape.BLOCKS, By.PERSON, "Which rows show the problem (no private data), or is no database involved?")] = ()
    python_environment: Annotated[tuple[Block, ...], Slot("Python Environment", Shape.BLOCKS, By.EVIDENCE, "Which packages are installed (`pip list`)?")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConstraintsAndRequirements:
    """What a solution must keep to."""

    must_have: Annotated[Items, Slot("Must Have", Shape.ITEMS, By.PERSON, "Which requirements cannot be given up?")] = ()
    nice_to_have: Annotated[Items, Slot("Nice to Have", Shape.ITEMS, By.PERSON, "What would be welcome but can be given up?")] = ()
    cannot_do: Annotated[Items, Slot("Cannot Do", Shape.ITEMS, By.PERSON, "Which approaches are not open to you, and why?")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SuccessCriteria:
    """How everybody will know that it is fixed."""

    how_well_know_its_fixed: Annotated[Items, Slot("How We'll Know It's Fixed", Shape.CHECKS, By.DRAFT, "Which test passes and which behaviour is seen when it is fixed?")] = ()
    acceptance_tests: Annotated[Text, Slot("Acceptance Tests", Shape.CODE, By.DRAFT, "Which test fails today and passes when this is solved?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AdditionalContext:
    """What else may help."""

    similar_issues_encountered: Annotated[Items, Slot("Similar Issues Encountered", Shape.ITEMS, By.EVIDENCE, "Has something like this happened before, and how was it solved?")] = ()
    working_code_references: Annotated[tuple[CodeBlock, ...], Slot("Working Code References", Shape.CODE_BLOCKS, By.EVIDENCE, "Is there code that does the same and works?")] = ()
    related_phase_summaries: Annotated[Items, Slot("Related Phase Summaries", Shape.ITEMS, By.EVIDENCE, "Which earlier phase summaries matter here?")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Timeline:
    """How long this may take."""

    time_spent_so_far: Annotated[Text, Slot("Time spent so far", Shape.FIELD, By.PERSON, "How many hours have gone into this?")] = None
    maximum_time_to_allocate: Annotated[Text, Slot("Maximum time to allocate", Shape.FIELD, By.PERSON, "How many hours may it take at most?")] = None
    decision_point: Annotated[Text, Slot("Decision point", Shape.FIELD, By.PERSON, "When do you escalate or take another way?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NextSteps:
    """What to gather and to try."""

    information_needed: Annotated[Items, Slot("Information Needed", Shape.CHECKS, By.DRAFT, "What has to be found out first?")] = ()
    potential_solutions_to_test: Annotated[Items, Slot("Potential Solutions to Test", Shape.NUMBERED, By.DRAFT, "Which fixes are worth a try, best first?", 5)] = ()
    timeline: Annotated[Timeline, Heading("Timeline")] = field(default_factory=Timeline)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Notes:
    """What the next person should know."""

    lessons_learned: Annotated[Text, Slot("Lessons Learned", Shape.TEXT, By.PERSON, "What did you learn, even if it is not solved yet?")] = None
    documentation_gaps: Annotated[Text, Slot("Documentation Gaps", Shape.TEXT, By.PERSON, "Where was documentation unclear or missing?")] = None
    process_improvements: Annotated[Text, Slot("Process Improvements", Shape.TEXT, By.PERSON, "How could this have been prevented or caught earlier?")] = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResearchResults:
    """The answer, filled when it comes back; until then the template's own text stands."""

    solution_found: Annotated[Text, Slot("Solution Found", Shape.TEXT, By.RESEARCH, "[Describe the solution]")] = None
    why_it_works: Annotated[Text, Slot("Why It Works", Shape.TEXT, By.RESEARCH, "[Explain the underlying issue and why this solution addresses it]")] = None
    implementation_plan: Annotated[Items, Slot("Implementation Plan", Shape.NUMBERED, By.RESEARCH, "1. [Step to implement solution]\n2. [Step to verify solution]\n3. [Step to prevent recurrence]")] = ()
    code_changes_required: Annotated[Text, Slot("Code Changes Required", Shape.CODE, By.RESEARCH, "```python\n# New code to implement\n```")] = None
    testing_strategy: Annotated[Text, Slot("Testing Strategy", Shape.CODE, By.RESEARCH, "```python\n# Tests to verify solution\n```")] = (
        None
    )
    documentation_updates_needed: Annotated[Items, Slot("Documentation Updates Needed", Shape.ITEMS, By.RESEARCH, "- [What needs to be documented]\n- [Where to document it]")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft:
    """Who drafted a subsection, and on which evidence."""

    by: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResearchExport:
    """The whole document as values: 16 sections in the template's order.

    `drafts` says which subsections were drafted, by place (see `Place`); every other filled one stands on evidence.
    """

    format_version: int = FORMAT_VERSION
    title: Text = None
    export_information: Annotated[ExportInformation, Heading("Export Information")] = field(default_factory=ExportInformation)
    problem_statement: Annotated[ProblemStatement, Heading("Problem Statement")] = field(default_factory=ProblemStatement)
    context: Annotated[Context, Heading("Context")] = field(default_factory=Context)
    what_we_tried: Annotated[tuple[Attempt, ...], Heading("What We Tried", repeated=True)] = ()
    error_messages: Annotated[ErrorMessages, Heading("Error Messages")] = field(default_factory=ErrorMessages)
    current_code: Annotated[CurrentCode, Heading("Current Code")] = field(default_factory=CurrentCode)
    research_questions: Annotated[ResearchQuestions, Heading("Research Questions")] = field(default_factory=ResearchQuestions)
    hypotheses: Annotated[tuple[Hypothesis, ...], Heading("Hypotheses", repeated=True)] = ()
    documentation_references: Annotated[DocumentationReferences, Heading("Documentation References")] = field(default_factory=DocumentationReferences)
    environment_details: Annotated[EnvironmentDetails, Heading("Environment Details")] = field(default_factory=EnvironmentDetails)
    constraints_and_requirements: Annotated[ConstraintsAndRequirements, Heading("Constraints and Requirements")] = field(default_factory=ConstraintsAndRequirements)
    success_criteria: Annotated[SuccessCriteria, Heading("Success Criteria")] = field(default_factory=SuccessCriteria)
    additional_context: Annotated[AdditionalContext, Heading("Additional Context")] = field(default_factory=AdditionalContext)
    next_steps_after_research: Annotated[NextSteps, Heading("Next Steps After Research")] = field(default_factory=NextSteps)
    notes_for_future_reference: Annotated[Notes, Heading("Notes for Future Reference")] = field(default_factory=Notes)
    research_results: Annotated[ResearchResults, Heading("Research Results (To Be Filled After External Research)")] = field(default_factory=ResearchResults)
    drafts: dict[str, Draft] = field(default_factory=dict)
