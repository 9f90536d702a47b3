"""Reports of tests in JUnit's XML, of any flavour: read as a stream, bounded, with nothing that XML can do to its reader.

The tests that failed become text: `FAILED id`, the message, the trace, and the end of what was printed, each line with its number in
the XML; where in the text each test stands goes with it.
"""

import re
from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from assistant.mining.identities import identity_of, names_type
from assistant.sources.encodings import wide_encoding
from assistant.sources.source import Case, Source, test_digest

HEAD_LINES, TAIL_LINES, LINE_LENGTH = 150, 250, 8000
"""So many lines of a text are kept from its start and from its end, and of each so many characters."""

OUTPUT_LINES = 40
MAX_DEPTH = 100
BRIEF_LINES = 3
"""When the room is used up, so many lines of a test's message are kept and no trace, until that took as much room again."""

_COLOUR = re.compile(rb"\x1b\[[0-9;]{0,20}[mK]")
_FORBIDDEN = bytes(32 if byte < 32 and byte not in b"\t\n\r" else byte for byte in range(256))
"""XML has no control characters, but what tests print has."""

_OUTCOMES = {"failure": "FAILED", "error": "ERROR"}
_FLAKY = frozenset({"flakyFailure", "flakyError"})
_OUTPUTS = frozenset({"system-out", "system-err"})
_EMPTY = frozenset({"", "failed", "failure", "error", "none"})
"""Messages that say nothing."""


class ReportError(Exception):
    """A report that cannot be read, or only in part.

    Args:
        reason: why.
        refused: whether it is refused as an attack.
    """

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.refused = refused


def read_report(name: str, blocks: Iterable[bytes], room: int) -> Source:
    """Read a report.

    Args:
        name: the input's name.
        blocks: its bytes.
        room: how many characters of text to make of it, about.

    Raises:
        ReportError: It declares a DTD or entities, or it is broken before its first test.
    """
    # late: few inputs are reports
    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import DefusedExpatParser

    report = _Report(room)
    parser = DefusedExpatParser(forbid_dtd=True)
    report.setDocumentLocator(parser)
    parser.setContentHandler(report)
    broken = ""
    try:
        for block in _without_controls(blocks):
            parser.feed(block)
        parser.close()
    except DefusedXmlException as error:
        raise ReportError("the XML declares a DTD or entities, which no report of tests needs", refused=True) from error
    except (SAXException, ValueError, LookupError, ReportError) as error:  # ValueError: an encoding that expat does not know
        broken = error.reason if isinstance(error, ReportError) else "the XML is broken or ends early"
        if not report.count:
            raise ReportError(broken) from error
    return report.source(name, f"{broken}; what stands before was read" if broken else "")


def _without_controls(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks without the control characters that XML forbids and that tests print all the same."""
    wide: bool | None = None
    for block in blocks:
        wide = bool(wide_encoding(block)) if wide is None else wide
        yield block if wide else _COLOUR.sub(b"", block).translate(_FORBIDDEN)


class _Text:
    """The text of an element as it comes: its first lines and its last ones.

    Args:
        kind: the element's name.
        line: the line in which it begins.
        attributes: its attributes.
    """

    def __init__(self, kind: str, line: int, attributes: AttributesImpl) -> None:
        self.kind, self.line = kind, line
        self.message, self.exception = attributes.get("message", ""), attributes.get("type", "")
        self._first: list[tuple[int, str]] = []
        self._latest: deque[tuple[int, str]] = deque(maxlen=TAIL_LINES)
        self._count, self._open = 0, ""

    def add(self, text: str) -> None:
        """Take the next characters."""
        if "\n" not in text:  # expat gives every entity apart
            self._open += text if len(self._open) < LINE_LENGTH else ""
            return
        *whole, self._open = (self._open + text).split("\n")
        for line in whole:
            self._close(line)
        self._open = self._open[:LINE_LENGTH]

    def _close(self, line: str) -> None:
        (self._first if self._count < HEAD_LINES else self._latest).append((self._count, line[:LINE_LENGTH]))
        self._count += 1

    def lines(self, last: int) -> list[tuple[int, str]]:
        """Its lines with their numbers, without blank ones at its ends; it ends in the line with the given number."""
        self._close(self._open)
        start = max(self.line, last - self._count + 1)
        lines = [(min(last, start + at), line) for at, line in (*self._first, *self._latest)]
        told = [at for at, (_, line) in enumerate(lines) if line.strip()]
        return lines[told[0] : told[-1] + 1] if told else []


@dataclass
class _Test:
    """A test case as it is read."""

    line: int
    attributes: AttributesImpl
    suite: str
    outcome: _Text | None = None
    trace: list[tuple[int, str]] = field(default_factory=list)
    printed: list[tuple[int, str]] = field(default_factory=list)
    flaky: bool = False
    skipped: bool = False


class _Report(ContentHandler):
    """A report at work: what of it became text so far."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = self._brief_room = room
        self._lines: list[str] = []
        self._numbers = array("L")
        self._cases: list[Case] = []
        self._passed = array("Q")
        self._test: _Test | None = None
        self._text: _Text | None = None
        self._suites: list[str] = []
        self._depth = 0
        self.count = self.flaky = self.left_out = self._last = 0

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - xml.sax calls it so
        """Take what knows the line that is read."""
        self._locator = locator

    @property
    def _line(self) -> int:
        return self._locator.getLineNumber() or 1

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - xml.sax calls it so
        """A test begins, or something that is told of one."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ReportError(f"its elements stand in each other more than {MAX_DEPTH} deep")
        if name == "testsuite":
            self._suites.append(attrs.get("name", ""))
        elif name == "testcase":
            self._test = _Test(self._line, attrs, self._suites[-1] if self._suites else "")
            self.count += 1
        elif self._test and name in _FLAKY:
            self._test.flaky = True
        elif self._test and name == "skipped":
            self._test.skipped = True
        elif self._test and self._text is None and (name in _OUTPUTS or (name in _OUTCOMES and self._test.outcome is None)):
            self._text = _Text(name, self._line, attrs)

    def characters(self, content: str) -> None:
        """Text of the element that is open."""
        if self._text:
            self._text.add(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - xml.sax calls it so
        """A test ends, or something that is told of one."""
        self._depth -= 1
        self._last = self._line
        test, text = self._test, self._text
        if name == "testsuite" and self._suites:
            self._suites.pop()
        elif name == "testcase" and test:
            self._end(test)
            self._test = self._text = None
        elif test and text and name == text.kind:
            lines = text.lines(self._line)
            if name in _OUTPUTS:
                test.printed += lines[-OUTPUT_LINES:]
            else:
                test.outcome, test.trace = text, lines
            self._text = None

    def _end(self, test: _Test) -> None:
        if test.outcome is None:
            self.flaky += test.flaky
            if not test.skipped:
                self._passed.append(test_digest(identity_of(test.attributes, test.suite, ()).name))
            return
        if self._room < -self._brief_room:
            self.left_out += 1
            return
        outcome, brief = test.outcome, self._room <= 0
        first = len(self._lines)
        identity = identity_of(test.attributes, test.suite, [line for _, line in test.trace])
        self._add([(test.line, f"{_OUTCOMES[outcome.kind]} {identity.name}")])
        body = test.trace or test.printed
        said = _said(outcome, body)
        self._add(said[:BRIEF_LINES] if brief else said)
        self._add(body[: 0 if said else BRIEF_LINES] if brief else body)
        end = len(self._lines)
        self._add([] if brief or not test.trace else test.printed)
        phase = identity.phase or _phase(outcome)
        self._cases.append(Case(first, end, len(self._lines), phase, outcome.exception, identity.pytest))

    def _add(self, lines: Iterable[tuple[int, str]]) -> None:
        for number, line in lines:
            self._lines.append(line)
            self._numbers.append(max(number, self._numbers[-1] if self._numbers else 1))
            self._room -= len(line) + 1

    def source(self, name: str, note: str) -> Source:
        """The text of all tests that failed."""
        notes = [note] if note else []
        notes += [f"{self.flaky} of its tests passed only when they were run again"] if self.flaky else []
        notes += [f"{self.left_out} more tests that failed were left out"] if self.left_out else []
        return Source(name, "\n".join(self._lines), tuple(notes), self._numbers, self._last, cases=tuple(self._cases), passed=self._passed)


def _said(outcome: _Text, trace: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Type and message as lines, where the trace does not have them."""
    message = outcome.message.replace("\r\n", "\n").strip("\n")
    first = message.partition("\n")[0].strip()
    if first.lower() in _EMPTY or any(first[:LINE_LENGTH] in line for _, line in trace):
        return []
    known = not names_type(outcome.exception) or first.startswith(outcome.exception)
    head = message if known else f"{outcome.exception}: {message}"
    return [(outcome.line, line[:LINE_LENGTH]) for line in head.split("\n")[:HEAD_LINES]]


def _phase(outcome: _Text) -> str:
    """When it happened, as pytest says it; other tools call what the test did not expect an error."""
    if outcome.message.startswith("collection failure"):
        return "collection"
    return next((phase for phase in ("setup", "teardown") if re.match(rf"(?:failed on|test) {phase}", outcome.message)), "call")
