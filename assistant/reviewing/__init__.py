"""The review pages: exports that a person reads, answers, confirms and edits in a browser."""

from assistant.reviewing.shelf import Card, Forms, Held, Redraft, Shelf, StaleError

__all__ = ["Card", "Forms", "Held", "Redraft", "Shelf", "StaleError"]
