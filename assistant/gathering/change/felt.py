"""Which tests feel an edit, told as notes: the way there, who else goes it, and which earlier tests touch the same object."""

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import Kind
from assistant.gathering.change.suspects import Found, Scene
from assistant.gathering.change.symbols import Symbol
from assistant.gathering.change.tested import Tests
from assistant.gathering.collection import Collection

TOLD, NAMED, OBJECTS = 3, 5, 2
WEIGHT = 0.4
_HELD = re.compile(
    r"(?:=\s{0,4}(?:\{\}|\[\]|dict\(|list\(|set\(|defaultdict\(|Counter\(|deque\(|OrderedDict\(|new (?:Map|Set)\(|[A-Z]\w{0,40}(?:Cache|Memo|Store|Registry|Pool|Session|Queue|Limiter|State|Clock)\w{0,20}\())|@(?:functools\.)?(?:lru_)?cache\b"
)


def tell_reach(found: Sequence[Found], scene: Scene, tests: Tests, collection: Collection) -> None:
    """Put into the ledger how failing and passing tests differ in what they reach.

    Args:
        found: suspected changes, best first.
        scene: what ran.
        tests: the failing tests and others.
        collection: where it is added.
    """
    rows = [line for one in found[:TOLD] if one.reached for line in _contrast(one, scene, tests)]
    rows += _shared_objects(scene, tests)
    if rows:
        head = "By the names that the code uses, not by a run:"
        collection.cite_text("what the tests reach", "\n".join([head, *rows]), kind=Kind.NOTE, weight=WEIGHT)


def _contrast(one: Found, scene: Scene, tests: Tests) -> Iterator[str]:
    assert one.reached is not None
    symbol, route = one.reached.symbol, " > ".join(step.shown for step in one.reached.route)
    yield f"{one.touch.path}, {symbol.shown or 'the module'}: reached by {one.failing} of {len(tests.failing)} failing tests ({route})"
    others = [test for test, reached in zip(tests.passing, scene.passing, strict=True) if symbol in reached]
    if others:
        yield f"  and by {len(others)} of {len(tests.passing)} other tests: {_names(others)}"
    elif tests.passing:
        yield f"  and by none of {len(tests.passing)} other tests"


def _shared_objects(scene: Scene, tests: Tests) -> Iterator[str]:
    """Objects on the level of a module that the first failing test and others can change."""
    first = scene.failing[0] if scene.failing else {}
    held = [symbol for symbol in first if _is_object(symbol, scene)]
    for symbol in held[:OBJECTS]:
        others = [test for test, reached in zip(tests.passing, scene.passing, strict=True) if symbol in reached]
        if others:
            yield f"{symbol.path}, {symbol.name}: made once for the process; other tests that touch it: {_names(others)}"


def _is_object(symbol: Symbol, scene: Scene) -> bool:
    if symbol.outer or not symbol.name:
        return False
    lines = scene.code.sources.get(symbol.path, "").split("\n")[symbol.first - 1 : symbol.last]
    return bool(lines) and not lines[0].startswith((" ", "\t")) and bool(_HELD.search(lines[0]))


def _names(tests: Sequence[Symbol]) -> str:
    more = len(tests) - NAMED
    return ", ".join(test.shown for test in tests[:NAMED]) + (f" and {more} more" if more > 0 else "")
