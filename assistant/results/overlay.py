"""A model's replies laid over what extraction drafted: each place says who drafted it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.drafting.replies import AnswersReply, CodeReply, QuoteReply, Reply, ResultsReply, SaidReply
from assistant.results.drafted import (
    EXTRACTION,
    PARTS,
    Answered,
    CodePart,
    Conflict,
    NoteRead,
    QuestionAnswer,
    ResultsDraft,
    Said,
    TheoryVerdict,
    Verdict,
)
from assistant.results.material import Material
from assistant.sections import Quote, Stance


def overlay(base: ResultsDraft, replies: Mapping[str, Reply], material: Material, *, name: str) -> ResultsDraft:
    """Put a model's replies in the place of what extraction drafted.

    Args:
        base: what extraction drafted.
        replies: task -> reply, faultless by now.
        material: what was drafted from.
        name: the model's name.
    """
    authors = {f"research_results.{part}": EXTRACTION for part in PARTS} | {"research_questions.answers": EXTRACTION}
    draft = replace(base, by=name)
    if isinstance(reply := replies.get("results"), ResultsReply):
        draft = _results(draft, reply, material)
        authors = {place: by for place, by in authors.items() if not place.startswith("research_results.")}
    if isinstance(reply := replies.get("answers"), AnswersReply):
        draft = _answers(draft, reply, material)
        authors.pop("research_questions.answers")
    return replace(draft, authors=authors)


def _results(draft: ResultsDraft, reply: ResultsReply, material: Material) -> ResultsDraft:
    found = reply.answer_found != "no" and bool(reply.solution or reply.code)
    return replace(
        draft,
        found=found,
        solution=_said(reply.solution) if found else (),
        why=_said(reply.why) if found else (),
        steps=_said(reply.steps) if found else (),
        code=_code(reply.code, material) if found else (),
        tests=_code(reply.tests, material) if found else (),
        testing=() if reply.tests else draft.testing,
        documentation=_said(reply.documentation) if found else (),
        links=tuple(Said(link.url, (link.id,)) for link in reply.links),
    )


def _said(items: Sequence[SaidReply]) -> tuple[Said, ...]:
    return tuple(Said(item.text, tuple(dict.fromkeys(item.ids))) for item in items if item.text.strip())


def _code(items: Sequence[CodeReply], material: Material) -> tuple[CodePart, ...]:
    """Code that stands in a note word for word is shown as that note."""
    parts = []
    for item in items:
        piece = next((piece for one in item.ids if (piece := material.ledger.get(one)) and piece.text.strip() == item.code.strip()), None)
        if item.code.strip():
            parts.append(CodePart(piece.text if piece else item.code.strip("\n"), item.language, tuple(dict.fromkeys(item.ids)), piece))
    return tuple(parts)


def _answers(draft: ResultsDraft, reply: AnswersReply, material: Material) -> ResultsDraft:
    """Questions and hypotheses that the model passed over stay open and untouched."""
    answers = {answer.number: answer for answer in reply.questions}
    verdicts = {verdict.number: verdict for verdict in reply.hypotheses}
    return replace(
        draft,
        answers=tuple(
            QuestionAnswer(
                question.number,
                question.text,
                Answered(answer.status) if answer else Answered.OPEN,
                (Said(answer.answer, tuple(answer.ids)),) if answer and answer.status != "open" and answer.answer.strip() else (),
            )
            for question in material.asked.questions
            for answer in [answers.get(question.number)]
        ),
        verdicts=tuple(
            TheoryVerdict(
                theory.number, Verdict(verdict.status) if verdict else Verdict.UNTOUCHED, _quotes(verdict.quotes) if verdict else ()
            )
            for theory in material.asked.theories
            for verdict in [verdicts.get(theory.number)]
        ),
        conflicts=tuple(
            Conflict(item.subject, tuple(Said(quote.quote, (quote.id,), is_quote=True) for quote in item.quotes))
            for item in reply.contradictions
            if len(item.quotes) > 1
        ),
        read=tuple(_read(note, reply.off_topic) for note in draft.read),
    )


def _quotes(quotes: Sequence[QuoteReply]) -> tuple[Quote, ...]:
    return tuple(Quote(id=quote.id, quote=quote.quote, stance=Stance(quote.stance)) for quote in quotes)


def _read(note: NoteRead, off_topic: Sequence[str]) -> NoteRead:
    return note._replace(worth="off the topic") if note.name in off_topic and ";" not in note.worth else note
