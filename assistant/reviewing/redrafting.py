"""One place drafted anew: the logs are read again, and of what comes out only that place is taken."""

from dataclasses import replace

from assistant.document import parse
from assistant.drafting import Drafter
from assistant.errors import UsageError
from assistant.merging import Previous
from assistant.pipeline import Material, Request, draft_export
from assistant.record import Written, body_digest
from assistant.reviewing.shelf import Held, Redraft


def redraft_from(request: Request, drafter: Drafter | None = None, material: Material | None = None) -> Redraft:
    """A function that drafts one place of an export anew.

    Args:
        request: the logs and the repository that the export was drafted from.
        drafter: drafts what evidence cannot fill; the playbook by default.
        material: the inputs, where they were read before.
    """

    def redraft(held: Held, place: str) -> Held:
        region = parse(held.text).find(place)
        if held.record is None or region is None:
            raise UsageError("there is no run record beside the export, so nothing can be drafted anew", hint="draft the export again")
        body = parse(held.text).body(place)
        known = held.record.subsections
        # what a person wrote is left alone; here a person asks for it to be replaced, so it counts as ours
        ours = replace(known[place], digest=body_digest(body)) if place in known else Written(digest=body_digest(body), by="blank")
        previous = Previous(text=held.text, record=replace(held.record, subsections={**known, place: ours}))
        outcome = draft_export(request, previous=previous, drafter=drafter, material=material)
        written = {**known, place: outcome.record.subsections.get(place, ours)}
        record = replace(held.record, ledger=outcome.record.ledger, subsections=written)
        return replace(held, text=outcome.text, record=record)

    return redraft
