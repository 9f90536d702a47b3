"""The screen never hides a pattern that matches."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.mining import cues, wording
from assistant.mining.patterns import Lazy
from assistant.mining.screening import Screen

PATTERNS = {"cues": [cue.pattern for cue in cues.CUES], "wording": [kind.pattern for kind in wording._KINDS]}
SCREENS = {name: Screen(patterns) for name, patterns in PATTERNS.items()}
LOGS = sorted((Path(__file__).parent.parent / "data").rglob("*.log")) + sorted((Path(__file__).parents[2] / "examples").rglob("*.log"))


def hidden(name: str, line: str) -> list[str]:
    candidates = set(SCREENS[name].candidates(line))
    return [pattern.source for number, pattern in enumerate(PATTERNS[name]) if number not in candidates and pattern.search(line)]


@pytest.mark.parametrize("name", PATTERNS)
def test_nothing_is_hidden_in_real_logs(name: str) -> None:
    lines = {line[:600] for log in LOGS for line in log.read_text("utf-8", "replace").split("\n")[:2000]}
    assert len(lines) > 500
    assert [line for line in sorted(lines) if hidden(name, line)] == []


WORDS = st.sampled_from(
    [
        "ERROR",
        "error",
        ": ",
        " ",
        "Failed",
        "FAILED",
        "E   ",
        "exit code 1",
        "a/b.py",
        "::",
        "not found",
        "x" * 90,
        "[",
        "]",
        "(",
        "0 errors",
        "\t",
        "é",
        "TypeError",
    ]
)


@pytest.mark.parametrize("name", PATTERNS)
@given(st.lists(WORDS | st.text(st.characters(min_codepoint=32, max_codepoint=300), max_size=6), max_size=8).map("".join))
def test_nothing_is_hidden_in_any_line(name: str, line: str) -> None:
    assert hidden(name, line) == []


def test_what_can_not_match_is_not_asked() -> None:
    screen = Screen([Lazy(r"(?<!no )error\b"), Lazy(r"^x{5,900}y"), Lazy("WARN", 2)])
    assert list(screen.candidates("an error")) == [0]
    assert list(screen.candidates("no error")) == [0]
    assert list(screen.candidates("a warning")) == [2]
    assert list(screen.candidates("é")) == [0, 1, 2]
