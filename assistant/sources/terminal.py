"""Lines that a program rewrote on the terminal, as progress bars are: the state that was shown last stays."""

import re

MANY = 6
"""So many different states of one line are shown at most: the first, and the last ones."""

_VARIES = re.compile(r"[\d\s.,:%/|\\#=<>\[\]()*█▉▊▋▌▍▎▏━╸╺─·•⠁-⣿?-]+|\b(?:[kKMGT]?i?B(?:/s)?|it/s|s/it|eta)\b")
"""What progress changes in a line: a state that is the same without it is an earlier one of the next."""


def last_states(text: str) -> tuple[str, int]:
    """A text in which only the last states of rewritten lines stand; lines are counted by LF and keep their numbers.

    States that differ in more than numbers and bars are different messages: they stay, so that nothing is hidden by rewriting it.

    Args:
        text: decoded text.

    Returns:
        The text, and how many states were dropped.
    """
    if "\r" not in text:
        return text, 0
    lines = re.sub("\r+\n", "\n", text).split("\n")
    dropped = 0
    for number, line in enumerate(lines):
        if "\r" in line:
            lines[number], fewer = _last_states(line)
            dropped += fewer
    return "\n".join(lines), dropped


def _last_states(line: str) -> tuple[str, int]:
    states = line.split("\r")
    kept = _without_progress([state for state in states if state.strip()])
    if len(kept) > MANY:
        kept = [kept[0], *kept[1 - MANY :]]
    fewer = len(states) - len(kept)
    return ("\r".join(kept), fewer) if fewer > 1 else (line, 0)  # rewritten once: that is no progress


def _without_progress(states: list[str]) -> list[str]:
    kept: list[str] = []
    last = ""
    for state in states:
        key = _VARIES.sub("", state)
        if kept and key == last:
            kept[-1] = state
        else:
            kept.append(state)
        last = key
    return kept
