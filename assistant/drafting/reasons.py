"""Why attempts did not help, drafted by a model from the logs before and after them; only where these stand in the ledger."""

from dataclasses import replace

from assistant.drafting import Case, Drafted
from assistant.drafting.attempts import to_explain
from assistant.drafting.replies import AttemptsReply, Reply
from assistant.evidence import CITATION
from assistant.sections import Draft

TASK = "attempts"


def with_reasons(drafted: Drafted, reply: Reply | None, case: Case, *, name: str) -> Drafted:
    """A draft with what a model makes of the attempts that it was asked about; a person is asked of the others.

    Args:
        drafted: the draft.
        reply: the model's; None where it gave none that may be used.
        case: what is drafted.
        name: the model's name.
    """
    asked = to_explain(case)
    said: dict[int, str] = {}
    for entry in reply.attempts if isinstance(reply, AttemptsReply) else ():
        if 1 <= entry.attempt <= len(asked):
            said.setdefault(asked[entry.attempt - 1], entry.why_it_didnt_work.strip())
    places = {
        f"what_we_tried.attempt_{number + 1}": Draft(
            by=name, evidence=tuple(dict.fromkeys(CITATION.findall(why))) or (case.attempts[number].source,)
        )
        for number, why in said.items()
        if why
    }
    why = tuple(said.get(number, "") for number in range(len(case.attempts)))
    return replace(drafted, why_it_didnt_work=why, drafts={**drafted.drafts, **places})
