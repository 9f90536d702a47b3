"""Where a failure began: the innermost exception, unless the program lives with it."""

from dataclasses import replace

from assistant.evidence import Failure

LIVED_WITH = frozenset({"IndexError", "KeyError", "LookupError", "StopIteration", "StopAsyncIteration", "Empty", "Full"})
"""Exceptions by which programs find out that something is not there, and go on: what then fails is another matter."""


def rooted(failure: Failure) -> Failure:
    """A failure whose chain begins with what went wrong.

    An exception that was only being handled when the next one came stands first in the chain; where it is of a kind that programs
    live with and nothing that followed speaks of it, it is left out.
    """
    chain = failure.chain
    while len(chain) > 1 and chain[0].exception.rpartition(".")[2] in LIVED_WITH and not _spoken_of(chain[0].message, chain[-1].message):
        chain = chain[1:]
    return failure if chain is failure.chain else replace(failure, chain=chain)


def _spoken_of(message: str, later: str) -> bool:
    return message.strip("'\" ") in later
