"""Text in, masked text out: secrets become typed, stable tokens as in `[SECRET:postgres-password:1]`."""

from assistant.redaction.redactor import Redactor, tokens_in

__all__ = ["Redactor", "tokens_in"]
