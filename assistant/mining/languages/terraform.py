"""Terraform and OpenTofu: the boxes that tell an error, and the plain form of older releases."""

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

MOST_LINES = 80
_ERROR = Lazy(r"(?:│ )?Error: (\S.{0,500})$")
_PLACE = Lazy(r"\s{1,4}on (\S{1,300}) line (\d{1,7})(?:, in (.{1,200}?))?:?$")
_CODE = Lazy(
    r".{0,1000}?(?:\bapi error (\w{3,60}): |\b([A-Z]\w{3,60}(?:Exception|Error|Denied|NotFound"
    r"|InUse|Conflict|Invalid|Exceeded)): |\bStatusCode[:=] ?(\d{3})\b|\b[Ee]rror (\d{3}): )"
)
_OWN = ("erraform", "tofu", "│ Error: ", "state lock")


def find_terraform(log: Log, taken: Taken) -> Iterator[Failure]:
    """The errors of terraform, with the place in the configuration that each names."""
    if "Error: " not in log.text or not (any(mark in log.text for mark in _OWN) or ".tf line " in log.text):
        return
    for index in log.holding("Error: "):
        match = _ERROR.match(log.bare[index])
        if index in taken or match is None:
            continue
        boxed = log.bare[index].startswith("│")
        first, end = (_box if boxed else _plain)(log, index)
        body = [line.removeprefix("│").removeprefix(" ") for line in log.bare[index + 1 : end] if line.rstrip() not in ("│", "╵")]
        if (
            not boxed
            and not _PLACE.match("  " + "".join(body[:1]).strip())
            and "erraform" not in "".join(body)
            and "lock" not in match.group(1)
        ):
            continue
        taken.take(first, end)
        yield log.failure((first, end), (_cause(match.group(1), body),), language="terraform")


def _box(log: Log, index: int) -> tuple[int, int]:
    first, end = index, index + 1
    if index and log.bare[index - 1].startswith("╷"):
        first -= 1
    while end < min(len(log), index + MOST_LINES) and log.bare[end].startswith("│"):
        end += 1
    return first, end + (end < len(log) and log.bare[end].startswith("╵"))


def _plain(log: Log, index: int) -> tuple[int, int]:
    """Up to the next error or the end of the second paragraph."""
    end, blanks = index + 1, 0
    while end < min(len(log), index + MOST_LINES) and not _ERROR.match(log.bare[end]):
        blanks += not log.bare[end].strip()
        if blanks > 2 or (blanks > 1 and log.bare[end].strip() and log.bare[end][:1] not in " \t"):
            break
        end += 1
    return index, end


def _cause(summary: str, body: Sequence[str]) -> Cause:
    text = [line.strip() for line in body if line.strip()]
    places = [match for line in body if (match := _PLACE.match("  " + line.strip()))]
    detail = next(
        (line for line in text if not _PLACE.match("  " + line) and not re.match(r"\d{1,7}: |with |Error message:$|├|│", line)), ""
    )
    found = next((match for line in (summary, *text) if (match := _CODE.match(line))), None)
    code = next((group for group in found.groups() if group), "") if found else ""
    frames: tuple[Frame, ...] = tuple(frame(place.group(1), int(place.group(2)), place.group(3) or "") for place in places[:1])
    return Cause(code or summary.partition(":")[0] if len(summary) > 60 or code else summary, f"{summary}\n{detail}".strip(), frames)
