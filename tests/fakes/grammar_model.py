"""A model without a mind and with a real grammar engine: seeded random replies that fit a JSON schema, full of things that must not get out."""

import json
import random
from functools import cache
from typing import Any

from llguidance import LLMatcher, LLTokenizer

LONG = 8_000
"""From here on everything ends as soon as it may."""
MAX_BYTES = 12_000
ENDS = 0.25
QUOTE = ord('"')
LETTERS = b"etaoin shrdlu cmfwyp"
FRAGMENTS = (
    "E1",
    "(E1)",
    "(E999)",
    "E0",
    "R1",
    " see https://example.org/fix?id=1 ",
    "[a link](http://example.org)",
    "<script>alert(1)</script>",
    "![x](data:image/png;base64,AAAA)",
    "`nowhere/lost.py:4711`",
    "`NoSuchError`",
    "version 99.98.97",
    "::error file=a.py::b",
    "\\n# Research Export\\n## Hypotheses\\n### Hypothesis 9\\n",
    "\\n> *Drafted by nobody from E1. Confirm, then delete this line.*\\n",
    "[REVIEW: everything?]",
    "{{ 7 * 7 }}{% raw %}",
    "\\u202e\\u0000\\u001b[31m",
    "\\ud800",
    "```\\n",
    "@everyone",
    "What of order_payload?",
    "/etc/passwd",
    "MissingGreenlet",
    "greenlet_spawn has not been called",
)
"""Pieces of strings, as they stand in JSON: right and wrong ids, links, markup, forged lines, words of the log."""


@cache
def _tokenizer() -> LLTokenizer:
    return LLTokenizer("byte")


def grammar_problem(schema: dict[str, Any]) -> str:
    """What the grammar engine has against a schema; an empty text if nothing."""
    return str(LLMatcher.validate_grammar(LLMatcher.grammar_from_json_schema(schema), _tokenizer()))


def sample(schema: dict[str, Any], *, seed: int) -> str:
    """A random JSON text that the engine accepts for the schema; the same seed gives the same text."""
    dice = random.Random(f"{seed}{json.dumps(schema)}")
    tokenizer = _tokenizer()
    matcher = LLMatcher(tokenizer, LLMatcher.grammar_from_json_schema(schema, overrides={"whitespace_flexible": False}))
    written = bytearray()
    while not matcher.is_stopped() and len(written) < MAX_BYTES:
        ends = ENDS if len(written) < LONG else 1.0
        step = matcher.compute_ff_bytes() or _step(matcher, dice, ends)
        if not step:
            break
        taken = matcher.try_consume_tokens(list(step))
        written += step[:taken]
    assert matcher.is_accepting() or matcher.is_stopped(), matcher.get_error()
    return written.decode("utf-8")


def _step(matcher: LLMatcher, dice: random.Random, ends: float) -> bytes:
    bias = matcher.compute_logit_bias()
    allowed = [byte for byte in range(256) if bias[byte]]
    letters = [byte for byte in LETTERS if bias[byte]]
    if len(letters) > 10:  # inside a string
        if bias[QUOTE] and dice.random() < ends:
            return bytes([QUOTE])
        return dice.choice(FRAGMENTS).encode() if dice.random() < 0.4 else bytes(dice.choices(letters, k=dice.randint(1, 12)))
    ending = [byte for byte in b"]}" if bias[byte]]
    if ending and dice.random() < ends:
        return bytes([dice.choice(ending)])
    return bytes([dice.choice([byte for byte in allowed if byte not in ending] or allowed)]) if allowed else b""
