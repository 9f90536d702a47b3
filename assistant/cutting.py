"""Where code and notes may be cut: the line ends that langchain-text-splitters finds at syntax borders. Heavy: import it late."""

from collections.abc import Callable, Sequence

from langchain_text_splitters import Language, RecursiveCharacterTextSplitter

LANGUAGES = {
    "python": Language.PYTHON, "javascript": Language.JS, "jsx": Language.JS, "typescript": Language.TS, "tsx": Language.TS,
    "go": Language.GO, "rust": Language.RUST, "java": Language.JAVA, "kotlin": Language.KOTLIN, "ruby": Language.RUBY,
    "php": Language.PHP, "c": Language.CPP, "cpp": Language.CPP, "csharp": Language.CSHARP, "markdown": Language.MARKDOWN,
}  # fmt: skip
PLAIN = ("\n\n", "\n")
FENCES = ("```", "~~~")


def line_borders(text: str, *, language: str, size: int, count: Callable[[str], int]) -> list[int]:
    """After how many lines a text may be cut, ascending; its end is none.

    Args:
        text: code or a note.
        language: as in `Evidence.language`; an unknown one is cut at blank lines, else at lines.
        size: how many tokens lie between two borders at most, unless a single line has more.
        count: counts tokens.
    """
    known = LANGUAGES.get(language)
    named = RecursiveCharacterTextSplitter.get_separators_for_language(known) if known else PLAIN
    splitter = RecursiveCharacterTextSplitter(
        separators=[one for one in named if "\n" in one] or list(PLAIN),
        is_separator_regex=True,
        chunk_size=max(1, size),
        chunk_overlap=0,
        length_function=count,
        strip_whitespace=False,
    )
    lines = text.split("\n")
    at = ended = 0
    borders: set[int] = set()
    for chunk in splitter.split_text(text)[:-1]:
        at += len(chunk)
        ended += chunk.count("\n")
        if text.startswith("\n", at) or text.endswith("\n", 0, at):
            borders.add(_settled(lines, ended + text.startswith("\n", at)))
    found = sorted(borders - {0})
    return _outside_fences(lines, found) if language == "markdown" else found


def _settled(lines: Sequence[str], border: int) -> int:
    """A border before the decorators and blank lines that belong to what follows."""
    while border and (not lines[border - 1].strip() or lines[border - 1].lstrip().startswith("@")):
        border -= 1
    return border


def _outside_fences(lines: Sequence[str], borders: Sequence[int]) -> list[int]:
    """The borders at which no fence is open; all of them where that leaves none."""
    fences = [line.lstrip().startswith(FENCES) for line in lines]
    return [border for border in borders if sum(fences[:border]) % 2 == 0] or list(borders)
