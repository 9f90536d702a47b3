"""What a model returns, one model a task.

Portable schemas: OpenAI's strict mode, llama.cpp and vLLM (xgrammar, llguidance) all take them. So: no defaults, no
discriminators, no dicts, tuples or sets, no patterns; every property required, objects closed. What the subset cannot
say (questions end in `?`, quotes are verbatim, …) is checked by `assistant.drafting.grounding`.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.checking.items import TITLE_LIMIT


class Reply(BaseModel):
    """A closed object without defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class QuoteReply(Reply):
    """A verbatim part of a piece of evidence."""

    id: str = Field(description="evidence id, as in E3")
    quote: str = Field(description="copied letter by letter from that evidence, one line, at most 200 characters")
    stance: Literal["for", "against"]


class HypothesisReply(Reply):
    """What might be the cause and how to find out."""

    theory: str = Field(description="one or two sentences that name the mechanism")
    evidence: list[QuoteReply]
    test: str = Field(description="a command or snippet that a person can run as it stands")
    if_true: str = Field(description="what the test shows if the theory is true")
    if_false: str = Field(description="what the test shows if it is false")
    solution: str = Field(description="the change that would mend it, if true")


class SummaryReply(Reply):
    """The problem in plain language."""

    title: str = Field(description=f"names the problem, at most {TITLE_LIMIT} characters")
    brief_description: str = Field(description="two or three sentences: what broke, and what is asked")
    severity: Literal["Low", "Medium", "High", "Blocking"]


class HypothesesReply(Reply):
    """Hypotheses, best first."""

    hypotheses: list[HypothesisReply]


class QuestionsReply(Reply):
    """Research questions in three groups, most important first."""

    primary_questions: list[str]
    technical_questions: list[str]
    architecture_questions: list[str]


class QueriesReply(Reply):
    """Search queries of three kinds."""

    exact: list[str] = Field(description="the error's own words")
    general: list[str] = Field(description="the mechanism, without the project's names")
    version_change: list[str] = Field(description="the library and what may have changed; its version only where the evidence states it")


class CriteriaReply(Reply):
    """How everybody will know that it is fixed."""

    success_criteria: list[str]
    acceptance_test: str = Field(description="Python: one function test_solution(); empty where nothing can be run")


class NextStepsReply(Reply):
    """What has to be found out first."""

    information_needed: list[str]


class AttemptReply(Reply):
    """Why a recorded attempt did not help."""

    attempt: int = Field(description="its number, from 1")
    why_it_didnt_work: str


class AttemptsReply(Reply):
    """Why recorded attempts did not help."""

    attempts: list[AttemptReply]


class SingleReply(Reply):
    """Every task in one reply, for the cheap way."""

    summary: SummaryReply
    hypotheses: list[HypothesisReply]
    questions: QuestionsReply
    search_queries: QueriesReply
    criteria: CriteriaReply
    next_steps: NextStepsReply


class SaidReply(Reply):
    """One statement about the notes and the ids that it stands on."""

    text: str = Field(description="one or two sentences, no ids and no addresses in it")
    ids: list[str] = Field(description="ids of the notes it stands on, at least one as in R3; E ids may be added")


class CodeReply(Reply):
    """Code to copy."""

    language: Literal["python", "diff", "bash", "sql", "yaml", "toml", "text"]
    code: str = Field(description="without a fence; of a note letter by letter, or adapted to the code that the evidence shows")
    ids: list[str] = Field(description="ids of the notes it stands on, at least one")


class LinkReply(Reply):
    """An address that stands in a note."""

    id: str = Field(description="the note, as in R3")
    url: str = Field(description="copied letter by letter from that note")


class ResultsReply(Reply):
    """The six parts of the results, from the notes alone."""

    answer_found: Literal["yes", "partly", "no"]
    solution: list[SaidReply]
    why: list[SaidReply]
    steps: list[SaidReply]
    code: list[CodeReply]
    tests: list[CodeReply]
    documentation: list[SaidReply]
    links: list[LinkReply]


class QuestionReply(Reply):
    """How far the notes answer one question."""

    number: int
    status: Literal["answered", "partly", "open"]
    answer: str = Field(description="one or two sentences; empty where the question stays open")
    ids: list[str] = Field(description="ids of the notes that answer; empty where the question stays open")


class VerdictReply(Reply):
    """What the notes say of one hypothesis."""

    number: int
    status: Literal["supported", "refuted", "untouched"]
    quotes: list[QuoteReply] = Field(description="the quotes that decide; empty where it is untouched")


class ConflictReply(Reply):
    """Two notes that contradict each other."""

    subject: str = Field(description="what they contradict each other about, in a few words")
    quotes: list[QuoteReply] = Field(description="one quote of each side")


class AnswersReply(Reply):
    """What the notes say to each question and of each hypothesis, and where they contradict each other."""

    questions: list[QuestionReply]
    hypotheses: list[VerdictReply]
    contradictions: list[ConflictReply]
    off_topic: list[str] = Field(description="names of the notes that are about something else")


REPLIES: dict[str, type[Reply]] = {
    "summary": SummaryReply,
    "hypotheses": HypothesesReply,
    "questions": QuestionsReply,
    "search_queries": QueriesReply,
    "criteria": CriteriaReply,
    "next_steps": NextStepsReply,
    "attempts": AttemptsReply,
    "single": SingleReply,
    "results": ResultsReply,
    "answers": AnswersReply,
}
"""The reply of each task by the task's name; a prompt file of the same name asks for it."""


def strict_schema(reply: type[Reply]) -> dict[str, Any]:
    """The JSON schema sent for a reply: `$ref` resolved, titles dropped, nothing outside the portable subset."""
    schema = reply.model_json_schema()
    found: dict[str, Any] = _plain(schema, schema.get("$defs", {}))
    return found


def _plain(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_plain(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(definitions[node["$ref"].rpartition("/")[2]], definitions)
    if "properties" in node:
        properties = {name: _plain(value, definitions) for name, value in node["properties"].items()}
        return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {key: _plain(value, definitions) for key, value in node.items() if key not in ("title", "$defs")}
