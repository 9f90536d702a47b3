"""Exports as people leave them after a week, and whether a run left alone what is not its own; told without the program's own parser."""

from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from assistant.record import RunRecord, load_record
from assistant.resources import resource_folder

TEMPLATE = (resource_folder("templates") / "research_export.md").read_text("utf-8")
V1 = Path(__file__).parent.parent / "data" / "export_v1" / "export.md"
DOCUMENTS = ((TEMPLATE, None), (V1.read_text("utf-8"), load_record(V1)))
"""The template filled by hand, and an export of format version 1 with its record."""
RESULTS = "## Research Results (To Be Filled After External Research)"
PIECES = (
    "a person's words",
    "trailing blanks   ",
    "\ttab",
    "<!-- a comment -->",
    "<!--\nof two lines\n-->",
    "```python\nx = 1\n```",
    "```",
    "### A heading of my own",
    "###   Odd   Spacing  ###",
    "#### deeper",
    "> quoted",
    "> *Drafted by me from E1. Confirm, then delete this line.*",
    "| a | b |\n|---|---|",
    "---",
    "[REVIEW: what else?]",
    "* [ ] done",
    "<details><summary>x</summary>",
    "\ufeff",
    "é \u2028 \x0c",
    "",
)
OPEN = ("```", "~~~~", "<!-- never closed", "<script>")
CLOSED = tuple(piece for piece in PIECES if piece not in OPEN)
NEWLINES = ("\n", "\r\n")


def shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((at for at, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs), min(len(one), len(other)))


def only_answers_were_put_in(before: str, after: str) -> bool:
    """Whether a text is another one with one stretch put in, which holds the answers."""
    ahead = shared(before, after)
    behind = shared(before[ahead:][::-1], after[ahead:][::-1])
    stretch = after[ahead : len(after) - behind]
    return ahead + behind == len(before) and "Answers" in stretch and stretch.count("##") <= 1


class Edited(NamedTuple):
    """A document as people leave it after a week, in the three parts that a run must tell apart; and its record."""

    ahead: str
    results: str
    behind: str
    record: RunRecord | None

    @property
    def text(self) -> str:
        return self.ahead + self.results + self.behind


@st.composite
def edited(draw: st.DrawFn, pieces: tuple[str, ...] = CLOSED) -> Edited:
    """Lines added, changed and taken away before and after the results, with line ends of several systems, and perhaps none at the end."""
    text, record = draw(st.sampled_from(DOCUMENTS))
    lines = text.rstrip("\n").split("\n")
    at = lines.index(RESULTS)
    ahead, results = lines[:at], lines[at:]
    for _ in range(draw(st.integers(0, 8))):
        number = draw(st.integers(1, len(ahead) - 1))
        match draw(st.sampled_from(("add", "add", "blanks", "spacing", "remove"))):
            case "add":
                ahead.insert(number, draw(st.sampled_from(pieces)))
            case "blanks":
                ahead[number] += draw(st.sampled_from(("  ", "\t", "   \t ")))
            case "spacing" if ahead[number].startswith("#") and "`" not in ahead[number]:
                ahead[number] = ahead[number].replace("# ", draw(st.sampled_from(("#   ", "#\t", "#  "))), 1) + " ##"
            case "remove" if not ahead[number].startswith(("#", "`")):
                del ahead[number]
    behind = draw(st.lists(st.sampled_from(("", "## Appendix", "a person's words  ", "<!-- x -->", "- é \u2028")), max_size=4))
    behind = ["## More", *behind] if behind else []
    usual = draw(st.sampled_from(NEWLINES))

    odd = draw(st.sets(st.integers(0, 700), max_size=6))
    other = "\n" if usual == "\r\n" else "\r\n"

    def written(part: list[str]) -> str:
        raw = "\n".join(part).split("\n") if part else []
        return "".join(line + (other if number in odd else usual) for number, line in enumerate(raw))

    parts = [written(ahead), written(results), written(behind)]
    last = 2 if behind else 1
    parts[last] = parts[last].rstrip("\r\n") + draw(st.sampled_from(("", usual, usual * 3)))
    return Edited(*parts, record)


def intact(before: Edited, after: str) -> bool:
    """Whether only the bodies under the six headings differ, and the answers that were put in; told without the program's own parser."""
    heading = before.results[: len(RESULTS)]
    at = after.rindex(heading)
    ahead, rest = after[:at], after[at:]
    own = [line for line in before.results.splitlines(keepends=True) if line.startswith("##")]
    still = [line for line in rest[: len(rest) - len(before.behind)].splitlines(keepends=True) if line.startswith("##")]
    return (
        (ahead == before.ahead or only_answers_were_put_in(before.ahead, ahead))
        and rest.endswith(before.behind)
        and [line.rstrip("\r\n") for line in own] == [line.rstrip("\r\n") for line in still]
        and [line for line in own if line in still] == own
    )
