"""Open the inputs: files, folders and stdin in, decoded and control-escaped text with its line numbers out."""

from assistant.sources.files import Inputs, Source, read_sources
from assistant.sources.text import decode, escape

__all__ = ["Inputs", "Source", "decode", "escape", "read_sources"]
