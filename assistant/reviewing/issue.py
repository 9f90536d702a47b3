"""An export as the text of an issue: the outgoing copy, as long as an issue may be."""

from dataclasses import replace
from typing import NamedTuple

from assistant.briefing import Brief, BriefRequest, write_brief

MOST_CHARACTERS = 65_000
"""GitHub takes 65,536 in the text of an issue."""
TRIES = 4


class Issue(NamedTuple):
    """Title and text of an issue, and what a person must know of them."""

    title: str
    text: str
    notes: tuple[str, ...]


def as_issue(text: str, request: BriefRequest) -> Issue:
    """Make the outgoing copy of a document, short enough for an issue.

    Args:
        text: the document.
        request: what goes out.

    Raises:
        DocumentError: it is no Research Export.
        UsageError: not even the question fits.
    """
    brief = write_brief(text, request)
    for _ in range(TRIES):
        if len(brief.text) <= MOST_CHARACTERS:
            break
        budget = int(brief.tokens * MOST_CHARACTERS / len(brief.text) * 0.95)
        brief = write_brief(text, replace(request, token_budget=budget))
    head, _, rest = brief.text.partition("\n")
    return Issue(head.removeprefix("# ").strip(), rest.lstrip("\n"), tuple(_notes(brief)))


def _notes(brief: Brief) -> list[str]:
    kept = {
        "Not in it, because nobody confirmed it yet": brief.unconfirmed,
        "Left out for its length": brief.left_out,
        "Cut": brief.shortened,
    }
    return [f"{what}: {', '.join(names)}." for what, names in kept.items() if names]
