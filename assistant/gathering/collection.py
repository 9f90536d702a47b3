"""What one gathering has collected so far: the only way from a file's or log's lines to numbered evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.evidence import Evidence, Excerpt, Failure, Kind, Ledger, Masked, Origin
from assistant.gathering.repository import Repository, SourceFile
from assistant.redaction import Redactor, tokens_in
from assistant.redaction.masked import cut_note, joined, lines_of
from assistant.sources.text import escape

MASK_MARGIN = 100
WHOLE_LIMIT = 2_000
LANGUAGES = {
    "py": "python", "pyi": "python", "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "jsx", "ts": "typescript",
    "tsx": "tsx", "go": "go", "rs": "rust", "java": "java", "kt": "kotlin", "rb": "ruby", "php": "php", "c": "c", "h": "c", "cc": "cpp",
    "cpp": "cpp", "hpp": "cpp", "cs": "csharp", "sql": "sql", "sh": "bash", "yml": "yaml", "yaml": "yaml", "toml": "toml", "ini": "ini",
    "cfg": "ini", "json": "json", "html": "html", "tf": "hcl",
}  # fmt: skip


@dataclass
class Collection:
    """The ledger as it grows, the notes, and where to read from.

    Args:
        failure: what the gathering is for.
        ledger: all evidence so far.
        redactor: masks all that is read.
        logs: what is read of each log, masked, by its name.
        repository: None where no repository was given.
        starts: the lines of the same log in which the other failures begin.
    """

    failure: Failure
    ledger: Ledger
    redactor: Redactor
    logs: Mapping[str, Excerpt]
    repository: Repository | None
    starts: tuple[int, ...] = ()
    notes: list[str] = field(default_factory=list)
    _masked: dict[str, tuple[Masked, ...]] = field(default_factory=dict)
    _log_lines: dict[str, list[Masked]] = field(default_factory=dict)

    def note(self, text: str) -> None:
        """Tell the reader what was left out or is in doubt; once."""
        if text not in self.notes:
            self.notes.append(text)

    def read(self, path: str) -> SourceFile | None:
        """Read a file of the repository; where that is refused, a note says so."""
        if self.repository is None:
            return None
        file = self.repository.read(path)
        if file is None and path in self.repository.refused:
            self.note(f"`{path}` was left out: {self.repository.refused[path]}")
        return file

    def masked_lines(self, file: SourceFile) -> tuple[Masked, ...]:
        """All lines of a file, masked."""
        if file.path not in self._masked:
            self._masked[file.path] = self._mask(file.lines)
        return self._masked[file.path]

    def log_text(self, name: str) -> Masked:
        """What is read of a log; the failure's text where the log is not at hand."""
        return self.logs[name].text if name in self.logs else self.failure.text

    def log_lines(self, name: str, first: int, last: int) -> list[Masked]:
        """Lines of a log by their numbers, counted from 1, as far as they are read."""
        return [line for _, line in self.numbered_lines(name, first, last)]

    def numbered_lines(self, name: str, first: int, last: int) -> list[tuple[int, Masked]]:
        """Lines of a log, each with its number; see `log_lines`."""
        if name not in self.logs:
            return []
        log = self.logs[name]
        if name not in self._log_lines:
            self._log_lines[name] = lines_of(log.text)
        start, end = log.rows(first, last)
        return [(log.number(row), line) for row, line in enumerate(self._log_lines[name][start:end], start)]

    def cite_file(
        self, file: SourceFile, first: int, last: int, *, kind: Kind, weight: float, cut: tuple[int, int] | None = None
    ) -> Evidence:
        """Number lines of a file of the repository; unless they are code, a piece that holds them already serves.

        Args:
            file: the file.
            first: first line, counted from 1.
            last: last line, inclusive.
            kind: what it is evidence of.
            weight: how much it matters.
            cut: first and last line of a part to leave out of it.
        """
        for held in self.ledger if kind is not Kind.CODE else ():
            origin = held.origin
            if origin.path == file.path and origin.first <= first and last <= origin.last and not held.cut:
                return held
        lines = list(self._slice(file, first, last))
        if cut:
            left_out = cut[1] - cut[0] + 1
            lines[cut[0] - first : cut[1] - first + 1] = [cut_note(left_out)]
        origin = Origin(file.path, first, last, self.repository.revision if self.repository else "")
        return self._number(kind, origin, joined(lines), weight, cut[1] - cut[0] + 1 if cut else 0)

    def cite_log(self, name: str, first: int, last: int, *, kind: Kind = Kind.ENVIRONMENT, weight: float = 0.4) -> Evidence:
        """Number lines of a log up to the first gap; where a piece of the ledger holds them already, that piece."""
        numbered = self.numbered_lines(name, first, last)
        whole = next((at for at in range(1, len(numbered)) if numbered[at][0] - numbered[at - 1][0] > 1), len(numbered))
        lines = [line for _, line in numbered[:whole]]
        last = numbered[whole - 1][0] if lines else last
        for held in self.ledger:
            origin = held.origin
            if origin.path == name and origin.first <= first and last <= origin.last and _holds(held, lines):
                return held
        return self._number(kind, Origin(name, first, last), joined(lines), weight)

    def cite_text(self, path: str, text: str, *, kind: Kind, weight: float) -> Evidence:
        """Number a text that is no excerpt, such as a list of names."""
        return self._number(kind, Origin(path), self.redactor.mask(escape(text)[0]), weight)

    def cite_lines(self, name: str, first: int, lines: Sequence[Masked], *, kind: Kind, weight: float) -> Evidence:
        """Number masked lines of an input that is no log and no file of the repository, as notes are."""
        return self._number(kind, Origin(name, first, first + len(lines) - 1), joined(lines), weight)

    def cite_history(self, origin: Origin, text: Masked, *, weight: float, cut: int = 0) -> Evidence:
        """Number what the history tells: a diff, which has a place, or a list.

        Args:
            origin: where it comes from.
            text: masked lines.
            weight: how much it matters.
            cut: how many lines were left out of it.
        """
        piece = Evidence(
            Kind.HISTORY, origin, text, weight=weight, masked=tokens_in(text), cut=cut, language="diff" if origin.first else ""
        )
        self.ledger, numbered = self.ledger.add(piece)
        return numbered

    def _slice(self, file: SourceFile, first: int, last: int) -> tuple[Masked, ...]:
        if file.path in self._masked or file.count <= WHOLE_LIMIT:
            return self.masked_lines(file)[first - 1 : last]
        start = max(0, first - 1 - MASK_MARGIN)
        return self._mask(file.lines[start : last + MASK_MARGIN])[first - 1 - start : last - start]

    def _mask(self, lines: tuple[str, ...]) -> tuple[Masked, ...]:
        return tuple(lines_of(self.redactor.mask("\n".join(lines))))

    def _number(self, kind: Kind, origin: Origin, text: Masked, weight: float, cut: int = 0) -> Evidence:
        language = LANGUAGES.get(origin.path.rpartition(".")[2].lower(), "") if origin.first else ""
        piece = Evidence(kind, origin, text, weight=weight, masked=tokens_in(text), cut=cut, language=language)
        self.ledger, numbered = self.ledger.add(piece)
        return numbered


def _holds(held: Evidence, lines: Sequence[str]) -> bool:
    """Whether a piece shows the lines although a part of it may be cut."""
    shown = held.text.split("\n") if held.cut else ()
    return not held.cut or all(line in shown for line in lines)


def line_of(text: str, position: int) -> int:
    """The line, counted from 1, in which a position of a text stands."""
    return text.count("\n", 0, position) + 1
