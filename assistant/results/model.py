"""Results drafted with a model: the same caps, memory, repair and ledger of calls as for an export; what fails, extraction drafts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from assistant.drafting.asking import PIECE_OVERHEAD, RULE_ORIGIN, Asking, nonce_of
from assistant.drafting.endpoint import Endpoint
from assistant.drafting.grounding import Fault
from assistant.drafting.model import MARGIN, ModelDrafter
from assistant.drafting.prices import price_usd
from assistant.drafting.replies import Reply
from assistant.drafting.requests import Usage
from assistant.evidence import Evidence, Kind, Ledger
from assistant.packing import pack
from assistant.results.drafted import ResultsDraft
from assistant.results.extraction import extract
from assistant.results.grounding import Ground
from assistant.results.material import Material
from assistant.results.overlay import overlay
from assistant.results.ranking import Ranked

TASKS = ("results", "answers")
Plan = tuple[tuple[dict[str, Any], Usage, float | None], ...]
"""For each call what is sent, the tokens that it takes at most, and their price at most."""
EVIDENCE_SHARE = 0.3
"""Of the budget, at most, for the export's own evidence; the rest is for the notes."""


class ModelResults(ModelDrafter):
    """A drafter of results that asks an OpenAI-compatible endpoint; its arguments are those of `ModelDrafter`."""

    def draft_results(self, material: Material) -> ResultsDraft:
        """Draft results; what fails is said, and what extraction quotes stands there."""
        base = extract(material)
        if not any(one.usable for one in material.ranked):
            return replace(base, told=(*base.told, "no note is about this export: the model was not asked"))
        ledger = together(material)
        self._held = Ground(ledger, material.asked)
        replies, notes, use = self._ask_all(self._asking(material, ledger), ledger, TASKS)
        return replace(overlay(base, replies, material, name=self.name), told=(*base.told, *notes), use=use)

    def payloads_of(self, material: Material) -> Plan:
        """Exactly what would be sent, the tokens it takes at most, and what that costs at most; nothing is sent."""
        asking = self._asking(material, together(material))
        endpoint = Endpoint(self._profile)
        planned = [(payload := asking.payload(task), self._most(payload)) for task in TASKS]
        return tuple((endpoint.body(payload), most, price_usd(most, self._profile)) for payload, most in planned)

    def ground(self, reply: Reply, ledger: Ledger) -> Sequence[Fault]:
        """What in a reply the notes and the evidence do not bear out."""
        return self._held.faults(reply)

    def _asking(self, material: Material, ledger: Ledger) -> Asking:
        """The prefix within the token budget and the model's window."""
        own = max(self._count(self._packed(material, ledger, 0).payload(task)) for task in TASKS)
        room = int((self._profile.window - self._profile.reply_tokens) / MARGIN) - own - PIECE_OVERHEAD
        return self._packed(material, ledger, max(0, min(self._options.token_budget, room)))

    def _packed(self, material: Material, ledger: Ledger, token_budget: int) -> Asking:
        pieces = [piece for piece in material.evidence if not (piece.kind is Kind.NOTE and piece.origin.path.startswith(RULE_ORIGIN))]
        own = pack(pieces, token_budget=int(token_budget * EVIDENCE_SHARE), counter=self._counter, overhead=PIECE_OVERHEAD)
        left = token_budget - sum(self._counter.count(piece.text) + PIECE_OVERHEAD for piece in own.pieces)
        notes = pack(_weighted(material.ranked), token_budget=max(0, left), counter=self._counter, overhead=PIECE_OVERHEAD)
        nonce = nonce_of(ledger)
        evidence = self._prompts.render(
            "research_evidence",
            nonce=nonce,
            pieces=own.pieces,
            notes=sorted(notes.pieces, key=lambda piece: int(piece.id[1:])),
            asked=material.asked,
            left_out=[item.id for item in notes.left_out],
        )
        return Asking(
            self._prompts, nonce, self._prompts.render("research_system", nonce=nonce), evidence, (*own.left_out, *notes.left_out)
        )


class PlannedResults:
    """Drafts by extraction and tells what a model would be sent; sends nothing.

    Args:
        drafter: the drafter that would ask.
        told: is given what would be sent.
    """

    def __init__(self, drafter: ModelResults, told: Callable[[Plan], None]) -> None:
        self._drafter = drafter
        self._told = told

    def draft_results(self, material: Material) -> ResultsDraft:
        """Draft by extraction."""
        self._told(self._drafter.payloads_of(material))
        return extract(material)


def together(material: Material) -> Ledger:
    """Evidence and notes as one ledger, for look-ups."""
    return Ledger((*material.evidence.items, *material.ledger.items))


def _weighted(ranked: Sequence[Ranked]) -> list[Evidence]:
    """The notes of this run, what answers first; what gives orders to a program is not sent."""
    sent = [one for one in ranked if not one.is_hostile and one.topic]
    return [replace(one.passage.evidence, weight=max(one.solution, one.explanation, one.relevance / 2)) for one in sent]
