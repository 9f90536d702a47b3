"""The vocabulary o200k_base, shipped with the package (benchmarks/vocabulary.py packs it); tiktoken's own loader would fetch it."""

import lzma
from collections.abc import Callable
from pathlib import Path

import tiktoken

FILE = Path(__file__).parent / "data" / "o200k_base.tokens.xz"
SPECIAL = {"<|endoftext|>": 199999, "<|endofprompt|>": 200018}
PATTERN = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
"""How o200k_base splits text before it looks tokens up."""


def encoding() -> Callable[[str], list[int]] | None:
    """A function from text to token ids that takes special tokens for ordinary text; None where the file cannot be read."""
    try:
        data = lzma.decompress(FILE.read_bytes())
    except (OSError, lzma.LZMAError):
        return None
    return tiktoken.Encoding("o200k_base", pat_str=PATTERN, mergeable_ranks=unpacked(data), special_tokens=SPECIAL).encode_ordinary


def unpacked(data: bytes) -> dict[bytes, int]:
    """Tokens and their ranks from the packed form: each token stands behind one byte that holds its length."""
    ranks: dict[bytes, int] = {}
    at = 0
    while at < len(data):
        end = at + 1 + data[at]
        ranks[data[at + 1 : end]] = len(ranks)
        at = end
    return ranks
