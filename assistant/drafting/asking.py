"""What a model is asked: one prefix, byte for byte the same for all calls of an export, and a short task behind it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.drafting import Case
from assistant.drafting.prompts import Prompts
from assistant.drafting.replies import REPLIES, Reply, strict_schema
from assistant.drafting.requests import Payload
from assistant.evidence import Evidence, Kind, Ledger
from assistant.packing import LeftOut, pack
from assistant.tokens import TokenCounter

PIECE_OVERHEAD = 40
"""Tokens that the marks around a piece take, at most."""
RULE_ORIGIN = "playbook rule"
GROUPS = ("hypotheses", "summary", "questions", "search_queries", "criteria", "next_steps")
"""One task a section group; the first is asked alone, so that the provider's prompt cache is warm for the others."""
MOST_FAULTS = 20
"""A repair lists so many; a reply of nonsense has hundreds, and the next repair lists what is left."""
NONCE_LENGTH = 8


class Mend(NamedTuple):
    """What a repair is told: where, and what to mend."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Asking:
    """All that the calls of one export share.

    Args:
        prompts: the prompt files.
        nonce: stands on the marks around evidence; occurs nowhere in it.
        system: the system prompt.
        evidence: the packed evidence.
        left_out: what did not fit, each with its reason.
        attempts: what is told of recorded attempts to the task that asks about them.
    """

    prompts: Prompts
    nonce: str
    system: str
    evidence: str
    left_out: tuple[LeftOut, ...] = ()
    attempts: Sequence[object] = ()

    def payload(self, task: str, *, schema_in_prompt: bool = False) -> Payload:
        """The request for a task."""
        return self._payload(task, self._task(task, schema_in_prompt=schema_in_prompt))

    def repair(self, task: str, answer: str, faults: Sequence[Mend], *, schema_in_prompt: bool = False) -> Payload:
        """The request to mend what was wrong in an answer; of many faults the first are listed and the rest counted."""
        text = self.prompts.render(
            "repair",
            task=self._task(task, schema_in_prompt=False),
            answer=answer,
            faults=faults[:MOST_FAULTS],
            more=max(0, len(faults) - MOST_FAULTS),
            nonce=self.nonce,
            schema=_schema_text(task) if schema_in_prompt else "",
        )
        return self._payload(task, text)

    def _task(self, task: str, *, schema_in_prompt: bool) -> str:
        return self.prompts.render(task, schema=_schema_text(task) if schema_in_prompt else "", attempts=self.attempts)

    def _payload(self, task: str, text: str) -> Payload:
        messages = ({"role": "system", "content": self.system}, {"role": "user", "content": f"{self.evidence}\n{text}"})
        schema = {"name": task, "strict": True, "schema": strict_schema(reply_of(task))}
        return Payload(task=task, messages=messages, body={"response_format": {"type": "json_schema", "json_schema": schema}})


def asking_of(case: Case, prompts: Prompts, *, token_budget: int, counter: TokenCounter) -> Asking:
    """Pack a case's evidence and make the prefix.

    Args:
        case: what is drafted.
        prompts: the prompt files.
        token_budget: how many tokens the evidence may take, its marks counted.
        counter: counts tokens.
    """
    pieces = [piece for piece in case.ledger if not (piece.kind is Kind.NOTE and piece.origin.path.startswith(RULE_ORIGIN))]
    packed = pack(pieces, token_budget=token_budget, counter=counter, overhead=PIECE_OVERHEAD)
    nonce = nonce_of(case.ledger)
    evidence = prompts.render(
        "evidence", nonce=nonce, failure_id=case.failure.evidence, pieces=packed.pieces, left_out=[item.id for item in packed.left_out]
    )
    return Asking(prompts, nonce, prompts.render("system", nonce=nonce), evidence, packed.left_out)


def nonce_of(ledger: Ledger) -> str:
    """A digest of the ledger, long enough that it stands nowhere in the evidence: the same ledger gives the same prompt."""
    texts = [_identity(piece) for piece in ledger]
    digest = hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    length = NONCE_LENGTH
    while length < len(digest) and any(digest[:length] in text for text in texts):
        length += 4
    return digest[:length]


def reply_of(task: str) -> type[Reply]:
    """The reply's model for a task."""
    return REPLIES[task]


def _identity(piece: Evidence) -> str:
    return f"{piece.id}\n{piece.kind}\n{piece.origin}\n{piece.text}"


def _schema_text(task: str) -> str:
    return json.dumps(strict_schema(reply_of(task)), ensure_ascii=False)
