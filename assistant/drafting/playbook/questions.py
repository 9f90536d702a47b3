"""Research questions, search queries and what has to be found out: they follow from the proposals."""

import re
from collections.abc import Iterable, Sequence

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses.common import caller, listing, place, suspects
from assistant.drafting.playbook.proposal import Proposal
from assistant.drafting.playbook.wording import MESSAGE_LIMIT, clause, clean, shorten

PRIMARY, TECHNICAL, ARCHITECTURE, QUERIES, INFORMATION = 3, 3, 2, 6, 5
QUERY_LIMIT, SHORT = 160, 70
JVM_DOTS = 2
LONGER = 2
SAME = 0.8
"""Two queries that share more than this part of the shorter one's words find the same."""

VALUES_ONLY = re.compile(
    r"(?:AssertionError:? ?)?assert [^a-zA-Z]{0,200}|(?:AssertionError:? ?)?assert \S{1,80} (?:==|!=|is|in|<|>|<=|>=) \S{1,80}|KeyError '?[^']{0,80}'?|IndexError \S{0,80}"
)
"""Errors that tell nothing but values of this project: nobody else has them."""

EMPTY = "``"
"""What is left where a text names a value that the case does not have."""

PRIVATE = re.compile(
    r"\[SECRET:[^\]\n]{1,80}\]"
    r"|[a-zA-Z][a-zA-Z0-9+.\-]{0,20}://\S{0,300}|\b(?:[Ww]{3}\.)\S{1,300}"
    r"|[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+"
    r"|(?<!\w)(?:[A-Za-z]:)?(?:[\w.\-~]{0,80}[/\\]){1,30}[\w.\-]{0,80}"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"
    r"|\b0x[0-9a-fA-F]{4,16}\b|\b[0-9a-f]{8}-[0-9a-f\-]{27}\b|\b[0-9a-f]{12,64}\b"
    r"|\b(?:localhost|[\w\-]{1,63}\.(?:internal|local|lan|corp|intra|example))\b(?::\d+)?"
)
PUBLIC_FOLDERS = frozenset(
    {
        "",
        ".",
        "..",
        "app",
        "src",
        "lib",
        "tests",
        "test",
        "main",
        "api",
        "core",
        "models",
        "migrations",
        "alembic",
        "conftest",
        "services",
        "db",
        "usr",
        "home",
        "srv",
        "opt",
    }
)


def primary_questions(proposals: Sequence[Proposal], facts: Facts) -> tuple[str, ...]:
    """The main questions, those of the best proposal first."""
    fallback = f"What is the cause of {_subject(facts)}, and what has to change so that it does not come back?"
    return _asked((q for p in proposals for q in p.asked.primary), [fallback], PRIMARY)


def technical_questions(proposals: Sequence[Proposal], facts: Facts, besides: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Questions about the behaviour of libraries and tools, `besides` those asked already."""
    package = clean(caller(facts))
    raised = (
        f"Under which conditions does `{package}` raise {_subject(facts)}?"
        if package
        else f"Under which conditions does {_subject(facts)} come up?"
    )
    return _asked((q for p in proposals for q in p.asked.technical if q not in besides), [raised], TECHNICAL)


def architecture_questions(proposals: Sequence[Proposal], facts: Facts, besides: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Questions about design, `besides` those asked already."""
    about = place(facts.ours) if facts.ours else _subject(facts)
    return _asked(
        (q for p in proposals for q in p.asked.architecture if q not in besides),
        [f"Which part of the design around {about} should prevent this kind of failure?"],
        ARCHITECTURE,
    )


def search_queries(proposals: Sequence[Proposal], facts: Facts) -> tuple[str, ...]:
    """What to type into a search box: the exact error without anything private, then more general, then versions."""
    headline = clause(facts.headline, QUERY_LIMIT) if len(facts.headline) > QUERY_LIMIT else facts.headline
    told = f"{facts.exception} {headline}" if facts.exception not in headline else headline
    exact = "" if VALUES_ONLY.fullmatch(told) else public(told, facts)
    from_rules = [public(query, facts) for proposal in proposals for query in proposal.asked.queries]
    near = [name for name in suspects(facts) if name in facts.messages.lower()]
    inside = facts.library.package if facts.library and not (facts.innermost and facts.innermost.ours) else ""
    packages = list(dict.fromkeys(filter(None, [caller(facts), inside, *near])))[:1]
    short = public(
        f"{facts.exception} {shorten(facts.headline, SHORT)}" if facts.exception not in facts.headline else shorten(facts.headline, SHORT),
        facts,
    )
    general = [f"{name} {version.value if (version := facts.version(name)) else ''} {short}" for name in packages]
    change = [
        f"{name} changelog {facts.exception}" for name in packages if facts.exception and not any(facts.exception in q for q in from_rules)
    ]
    found = [" ".join(query.split()) for query in (exact, *from_rules, *general, *change)]
    return distinct_queries(query for query in found if len(query.split()) > 1 and len(query) <= QUERY_LIMIT)[:QUERIES]


def distinct_queries(queries: Iterable[str]) -> tuple[str, ...]:
    """The queries that are no near duplicate of an earlier one."""
    kept: list[tuple[str, set[str]]] = []
    for query in queries:
        words = set(re.findall(r"\w{2,}", query.lower()))
        if not any(_near(words, held) for _, held in kept):
            kept.append((query, words))
    return tuple(query for query, _ in kept)


def _near(one: set[str], other: set[str]) -> bool:
    fewer, more = sorted((len(one), len(other)))
    return len(one & other) >= SAME * fewer and more <= LONGER * fewer


def information_needed(proposals: Sequence[Proposal], facts: Facts) -> tuple[str, ...]:
    """What would decide between the hypotheses."""
    told = [text for proposal in proposals for text in proposal.asked.information][: INFORMATION - 2]
    named = [name for name in dict.fromkeys(filter(None, [caller(facts), *suspects(facts)])) if facts.version(name) is None][:1]
    told += [f"The installed version of `{clean(name)}` (`{listing(facts, clean(name))}`)" for name in named]
    numbers = [str(number) for number in range(1, min(len(proposals), 3) + 1)]
    told.append(
        f"What the tests of hypotheses {', '.join(numbers[:-1])} and {numbers[-1]} show"
        if numbers[1:]
        else "What the test of hypothesis 1 shows"
    )
    if facts.failure.test_id:
        told.append("The last commit or run at which the failing test passed, and its log")
    else:
        told.append("The log of the last run that worked, for comparison")
    return tuple(dict.fromkeys(told))[:INFORMATION]


def public(text: str, facts: Facts) -> str:
    """A text without paths, addresses, hosts, hashes and the project's own package names."""
    plain = PRIVATE.sub(" ", text.replace("`", ""))
    for name in _own_names(facts):
        plain = re.sub(rf"(?<!\w){re.escape(name)}(?:\.\w+)*", " ", plain)
    plain = re.sub(r"[\"']\s{0,9}\(\)\s{0,9}[\"']|(?<!\w)\(\s*\)|''|\"\"|<[^<>\n]{0,80}\bat\s*>|<\s*>|(?<=\s)['\"](?=\s|$)", " ", plain)
    plain = " ".join(plain.split()).strip(" :,;-")
    return re.sub(r"(?: (?:for|at|in|on|from|to|url|file|path|'|\")){1,4}$", "", plain)


def _own_names(facts: Facts) -> list[str]:
    frames = [frame for cause in facts.failure.chain for frame in cause.frames] or list(facts.failure.frames)
    firsts = {frame.path.lstrip("./").split("/")[0].removesuffix(".py") for frame in frames if frame.ours}
    firsts |= {".".join(frame.function.split(".")[:2]) for frame in frames if frame.ours and frame.function.count(".") > JVM_DOTS}
    return sorted(name for name in firsts if name.lower() not in PUBLIC_FOLDERS and len(name) > 3)


def _subject(facts: Facts) -> str:
    name, message = clean(facts.exception), clean(facts.headline, MESSAGE_LIMIT)
    return f"`{name}`" if name else f"`{message}`" if message else "this failure"


def _asked(found: Iterable[str], fallback: list[str], limit: int) -> tuple[str, ...]:
    """Distinct questions; the fallback where there is none."""
    kept: list[str] = []
    for question in found:
        if question.endswith("?") and EMPTY not in question and question not in kept:
            kept.append(question)
    kept += [question for question in fallback if not kept]
    return tuple(kept[:limit])
