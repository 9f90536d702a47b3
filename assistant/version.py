"""Name and version of this program."""

VERSION = "0.1.0"
TOOL = f"research-export-assistant {VERSION}"
