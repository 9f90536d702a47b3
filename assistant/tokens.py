"""How many tokens a text has: exactly where the vocabulary can be used, else by an upper bound; never with a network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

PIECE_LENGTH = 25_000
"""In characters: at most 100 KB in any script."""
BYTES_PER_TOKEN = 2.5
"""Of ordinary log text, measured with o200k_base (2.1 to 2.7)."""


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """A way to count tokens.

    Args:
        name: for the run record.
        count: the number of tokens of a text.
    """

    name: str
    count: Callable[[str], int]


def token_counter() -> TokenCounter:
    """The exact counter where the vocabulary can be read, else the upper bound."""
    return exact_counter() or UPPER_BOUND


@cache
def exact_counter() -> TokenCounter | None:
    """A counter with the vocabulary o200k_base, or None where its file or tiktoken cannot be used."""
    # late: tiktoken and the vocabulary cost some 30 bare starts, and only a run with a model counts exactly
    try:
        from assistant.vocabulary import encoding
    except ImportError:
        return None
    encode = encoding()
    if encode is None:
        return None
    return TokenCounter("o200k_base", lambda text: sum(len(encode(piece)) for piece in pieces(text)))


def pieces(text: str) -> Iterator[str]:
    """A text in pieces of bounded size, cut at line ends where there are any.

    The tokenizer panics on a million blanks. A border between pieces changes the count by a token or two at most.
    """
    start = 0
    while start < len(text):
        end = min(start + PIECE_LENGTH, len(text))
        if end < len(text) and (line_end := text.rfind("\n", start, end)) > start:
            end = line_end + 1
        yield text[start:end]
        start = end


UPPER_BOUND = TokenCounter("upper bound (UTF-8 bytes)", lambda text: len(text.encode("utf-8", "surrogatepass")))
"""A byte-level vocabulary never makes more tokens than bytes."""

ESTIMATE = TokenCounter(
    f"estimate ({BYTES_PER_TOKEN} bytes a token)", lambda text: int(len(text.encode("utf-8", "surrogatepass")) / BYTES_PER_TOKEN) + 1
)
"""Good enough to print a log within a budget."""
