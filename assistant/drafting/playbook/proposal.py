"""A proposal: one hypothesis with everything that follows from it. Rules and lenses both make them."""

from typing import NamedTuple

from assistant.sections import Quote


class Asked(NamedTuple):
    """What somebody who doubts should be asked and should search for.

    Args:
        primary: main questions.
        technical: questions about a library's or tool's behaviour.
        architecture: questions about design.
        queries: search queries.
        information: what has to be found out first.
        criteria: behaviour that is seen when it is fixed.
    """

    primary: tuple[str, ...] = ()
    technical: tuple[str, ...] = ()
    architecture: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    information: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


BY_CHANGE = "change:"
"""What the keys of hypotheses from the change begin with; the commit follows."""

NOTHING_ASKED = Asked()


class Proposal(NamedTuple):
    """One possible cause.

    Args:
        key: the mechanism it names; of two proposals with one key the better is kept.
        score: how well it fits; the best comes first.
        theory: one or two plain sentences.
        quotes: what speaks for and against it, verbatim.
        test: what a person can run or look at.
        if_true: what the test shows then.
        if_false: what it shows otherwise.
        solution: what would fix it then.
        asked: the questions that follow.
    """

    key: str
    score: float
    theory: str
    quotes: tuple[Quote, ...]
    test: str
    if_true: str
    if_false: str
    solution: str = ""
    asked: Asked = NOTHING_ASKED
