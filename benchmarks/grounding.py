"""Does grounding find what a model makes up? Seeded corruptions of a faultless reply, and drafts that nobody touched.

Run it as `python benchmarks/grounding.py`; it exits with 1 when fewer than 99 of 100 corruptions are found, or when an
untouched draft is called faulty. The corruptions are made to look right: a wrong line is one that the evidence names of
another file, a wrong version is often another package's, a wrong id exists.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from assistant.assembly import Stated
from assistant.drafting import Drafted
from assistant.drafting.grounding import ground
from assistant.drafting.playbook import Playbook
from assistant.drafting.replies import (
    CriteriaReply,
    HypothesisReply,
    NextStepsReply,
    QueriesReply,
    QuestionsReply,
    QuoteReply,
    SingleReply,
    SummaryReply,
)
from assistant.evidence import Ledger
from assistant.pipeline import Request, prepare_case

CHECKOUT = Path(__file__).resolve().parent.parent
EXAMPLE = CHECKOUT / "examples" / "orders-service"
LOGS = CHECKOUT / "tests" / "data"
SEED = 20261125
CORRUPTIONS = 500
LEAST_FOUND = 0.99
STATED = Stated(date="2026-11-25")

Place = tuple[str | int, ...]
"""Where a text stands in a reply, as keys and indexes."""


class Corrupted(NamedTuple):
    """A reply with one thing changed.

    Args:
        reply: the whole reply.
        place: where.
        said: the text that stands there now.
    """

    reply: SingleReply
    place: Place
    said: str


def main() -> int:
    """Print what was found by kind and in all, and the false alarms; 1 when a limit is missed."""
    reply, ledger = example()
    alarms = [f"{name}: {fault.path}: {fault.message}" for name, held, known in untouched(reply, ledger) for fault in ground(held, known)]
    tried, found, missed = Counter[str](), Counter[str](), []
    for kind, corrupted in corruptions(reply, ledger):
        tried[kind] += 1
        if ground(corrupted.reply, ledger):
            found[kind] += 1
        else:
            missed.append(f"{kind}: {'.'.join(map(str, corrupted.place))}: {corrupted.said}")
    for kind in KINDS:
        print(f"{kind:<16}{found[kind]:4} of {tried[kind]:3} found")
    share = found.total() / tried.total()
    print(f"{'in all':<16}{found.total():4} of {tried.total()} found ({share:.1%}); limit {LEAST_FOUND:.0%}")
    print(f"{'untouched':<16}{len(alarms):4} false alarms")
    print("\n".join(["", *(f"missed {text}" for text in missed), *(f"false alarm {text}" for text in alarms)]).rstrip())
    return int(share < LEAST_FOUND or bool(alarms))


def example() -> tuple[SingleReply, Ledger]:
    """A reply for the example project without faults, as a good model would write it, and the ledger it stands on."""
    drafted = _drafted(EXAMPLE / "failing-test.log", EXAMPLE)
    assert drafted
    reply = as_reply(drafted)
    summary = reply.summary.model_copy(update={"brief_description": f"{reply.summary.brief_description} {ADDED_SUMMARY}"})
    hypotheses = [*reply.hypotheses, ADDED_HYPOTHESIS]
    queries = reply.search_queries.model_copy(update={"version_change": ["sqlalchemy 2.0.58 asyncio expire_on_commit greenlet 3.5.6"]})
    return reply.model_copy(update={"summary": summary, "hypotheses": hypotheses, "search_queries": queries}), drafted.ledger


ADDED_SUMMARY = (
    "`close_order` calls `record` (`app/services.py`, line 47), which builds the payload at `app/outbox.py:22` (E1). "
    "It runs on Python 3.11.7 with `sqlalchemy` 2.0.58 and `pytest` 9.2.0 (E2), (E15). "
    "Such reads of expired attributes fail since `sqlalchemy` 1.4.99 (not in evidence)."
)
ADDED_HYPOTHESIS = HypothesisReply(
    theory="`order_payload` in `app/outbox.py`, line 15, reads `order.updated_at` after the flush of `close_order` expired it, because "
    "the database computes that column and `sqlalchemy` 2.0.58 does not fetch it back (E1), (E4), (E6).",
    evidence=[
        QuoteReply(id="E4", quote='"updated_at": order.updated_at.isoformat(),', stance="for"),
        QuoteReply(
            id="E1", quote=".venv/lib/python3.11/site-packages/sqlalchemy/orm/attributes.py:1126: in _fire_loader_callables", stance="for"
        ),
    ],
    test="`python -m pytest tests/test_outbox.py` with `eager_defaults=True` on the mapper (line 15 of `app/outbox.py` is the read).",
    if_true="`tests/test_outbox.py::test_cancelled_order_is_told` passes.",
    if_false="`MissingGreenlet` is raised at `app/outbox.py`, line 15, as before.",
    solution="Set `eager_defaults=True`, or `await session.refresh(order)` before `app/outbox.py` builds the payload.",
)


def as_reply(drafted: Drafted) -> SingleReply:
    """The playbook's draft in the form in which a model replies."""
    solutions = [*(text.partition(" (Hypothesis")[0] for text in drafted.potential_solutions), "Pin the versions."]
    hypotheses = [
        HypothesisReply(
            theory=held.theory or "",
            evidence=[QuoteReply(id=quote.id, quote=quote.quote, stance=quote.stance.value) for quote in held.evidence],
            test=held.test or "",
            if_true=held.if_true or "It fails in the same way.",
            if_false=held.if_false or "It passes.",
            solution=solutions[min(number, len(solutions) - 1)],
        )
        for number, held in enumerate(drafted.hypotheses)
    ]
    groups = {name: list(getattr(drafted, name)) for name in QuestionsReply.model_fields}
    return SingleReply(
        summary=SummaryReply.model_validate(
            {"title": drafted.title, "brief_description": drafted.brief_description, "severity": drafted.severity}
        ),
        hypotheses=hypotheses,
        questions=QuestionsReply.model_validate(groups),
        search_queries=QueriesReply(exact=list(drafted.search_queries[:1]), general=list(drafted.search_queries[1:]), version_change=[]),
        criteria=CriteriaReply(success_criteria=list(drafted.success_criteria), acceptance_test=drafted.acceptance_test or ""),
        next_steps=NextStepsReply(information_needed=list(drafted.information_needed)),
    )


def untouched(reply: SingleReply, ledger: Ledger) -> Iterator[tuple[str, SingleReply, Ledger]]:
    """The example's reply, and the playbook's draft of every log that the tests keep."""
    yield "example", reply, ledger
    for log in sorted(LOGS.rglob("*.log")):
        if drafted := _drafted(log, None):
            yield log.name, as_reply(drafted), drafted.ledger


def _drafted(log: Path, repo: Path | None) -> Drafted | None:
    case = prepare_case(Request(logs=(str(log),), stated=STATED, repo=repo))
    return Playbook().draft(case) if case else None


def corruptions(reply: SingleReply, ledger: Ledger) -> Iterator[tuple[str, Corrupted]]:
    """Seeded, as many of each kind; none leaves the text as it was."""
    rng = random.Random(SEED)
    kinds = list(KINDS.items())
    for number in range(CORRUPTIONS):
        kind, (wanted, change) = kinds[number % len(kinds)]
        places = [(place, text) for place, text in texts_in(reply.model_dump()) if wanted(place, text)]
        place, text = rng.choice(places)
        said = change(text, rng, ledger)
        while said == text:
            said = change(text, rng, ledger)
        yield kind, Corrupted(SingleReply.model_validate(_put(reply.model_dump(), place, said)), place, said)


def texts_in(data: object, at: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text of a dumped reply with its place."""
    if isinstance(data, str):
        yield at, data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from texts_in(value, (*at, name))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from texts_in(value, (*at, number))


def _put(data: object, place: Place, text: str) -> object:
    if not place:
        return text
    if isinstance(data, dict):
        return {name: _put(value, place[1:], text) if name == place[0] else value for name, value in data.items()}
    assert isinstance(data, list)
    return [_put(value, place[1:], text) if number == place[0] else value for number, value in enumerate(data)]


SHOWN = (range(10, 23), range(40, 50))
"""Lines of `app/outbox.py` and `app/services.py` that the evidence shows."""
LINE = re.compile(r"(?<=line )[0-9]+|(?<=\.py:)[0-9]+")
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
SYMBOL = re.compile(r"(?<=`)[A-Za-z_]{4,}(?=`)")
CITED = re.compile(r"(?<=\()E[0-9]+(?=\))")
STATED_FIELDS = frozenset(["brief_description", "theory"])
GROUPS = frozenset(QuestionsReply.model_fields)


def _is_stated(place: Place, text: str) -> bool:
    return bool(STATED_FIELDS & set(place) or GROUPS & set(place))


def _is_prose(place: Place, text: str) -> bool:
    return place[-1] not in ("id", "quote", "stance", "severity", "acceptance_test")


def _another(found: re.Pattern[str], make: Callable[[str, random.Random, Ledger], str]) -> Callable[[str, random.Random, Ledger], str]:
    """A change of one of the places that a pattern finds in a text."""

    def change(text: str, rng: random.Random, ledger: Ledger) -> str:
        spot = rng.choice([match for match in found.finditer(text) if "(not in evidence)" not in text[match.end() : match.end() + 20]])
        return text[: spot.start()] + make(str(spot[0]), rng, ledger) + text[spot.end() :]

    return change


def _other_line(line: str, rng: random.Random, ledger: Ledger) -> str:
    """A line near by, or one that a trace names of another file; not one that a piece of code shows, which may be meant."""
    named = re.findall(r"\.py:([0-9]+):", "\n".join(piece.text for piece in ledger))
    other = rng.choice([str(int(line) + rng.choice([-9, -8, 9, 17, 100])), *rng.sample(named, 1)])
    return line if any(int(other) in shown for shown in SHOWN) else other


def _other_version(version: str, rng: random.Random, ledger: Ledger) -> str:
    """The next patch, the next minor, or the version of another package."""
    major, minor, patch = version.split(".")
    held: list[str] = re.findall(r"==([0-9]+\.[0-9]+\.[0-9]+)\b", "\n".join(piece.text for piece in ledger))
    return rng.choice([f"{major}.{minor}.{int(patch) + 1}", f"{major}.{int(minor) + 1}.{patch}", *rng.sample(held, 1)])


def _other_symbol(symbol: str, rng: random.Random, ledger: Ledger) -> str:
    """A name one would believe."""
    spot = rng.randrange(1, len(symbol))
    return rng.choice(
        [f"{symbol}s", f"get_{symbol}", symbol[:spot] + symbol[spot + 1 :], symbol[:spot] + rng.choice("xqz") + symbol[spot:]]
    )


def _other_id(cited: str, rng: random.Random, ledger: Ledger) -> str:
    return f"E{len(ledger) + rng.randrange(1, 60)}"


def _wrong_id(cited: str, rng: random.Random, ledger: Ledger) -> str:
    """Of a quote: any id, also one that exists; of those that exist only such as do not hold the text are wrong."""
    return rng.choice([_other_id(cited, rng, ledger), "E2", "E3", "E7", "E13"])


def _other_quote(quote: str, rng: random.Random, ledger: Ledger) -> str:
    """One word left out, doubled, changed, or two exchanged."""
    words = quote.split()
    spot = rng.randrange(len(words))
    changed = words[spot][:-1] + rng.choice("xqz0")
    near = words[max(0, spot - 1) : spot + 1]
    made = [
        [*words[:spot], *words[spot + 1 :]] if 0 < spot < len(words) - 1 else [changed, *words],
        [*words[:spot], words[spot], *words[spot:]],
        [*words[:spot], changed, *words[spot + 1 :]],
        [*words[: max(0, spot - 1)], *reversed(near), *words[spot + 1 :]] if len(set(near)) > 1 else [*words, changed],
    ]
    return " ".join(rng.choice(made))


def _with(choices: list[str]) -> Callable[[str, random.Random, Ledger], str]:
    """Something put between two words."""

    def change(text: str, rng: random.Random, ledger: Ledger) -> str:
        words = text.split(" ")
        spot = rng.randrange(len(words))
        return " ".join([*words[:spot], rng.choice(choices), *words[spot:]])

    return change


URLS = [
    "https://docs.sqlalchemy.org/en/20/errors.html",
    "www.example.org",
    "(see http://localhost:8000/docs)",
    "https://sqlalche.me/e/20/xd2s",
]
PATHS = [
    "`app/repository.py`",
    "app/handlers/orders.py",
    "`/srv/orders-service/app/wsgi.py`",
    "/etc/orders/settings.toml",
    "`tests/outbox.py`",
]

Kind = tuple[Callable[[Place, str], bool], Callable[[str, random.Random, Ledger], str]]
KINDS: dict[str, Kind] = {
    "wrong line": (lambda place, text: _is_prose(place, text) and bool(LINE.search(text)), _another(LINE, _other_line)),
    "wrong version": (
        lambda place, text: (_is_stated(place, text) or "version_change" in place) and bool(VERSION.search(text)),
        _another(VERSION, _other_version),
    ),
    "wrong symbol": (lambda place, text: _is_stated(place, text) and bool(SYMBOL.search(text)), _another(SYMBOL, _other_symbol)),
    "wrong id": (lambda place, text: _is_prose(place, text) and bool(CITED.search(text)), _another(CITED, _other_id)),
    "id of a quote": (lambda place, text: place[-1] == "id", _wrong_id),
    "altered quote": (lambda place, text: place[-1] == "quote", _other_quote),
    "added address": (_is_prose, _with(URLS)),
    "added path": (_is_prose, _with(PATHS)),
}
"""Which texts each kind of corruption may change, and how."""


if __name__ == "__main__":
    sys.exit(main())
