"""The review pages: exports that a person reads, answers, confirms and edits in a browser; needs the extra `[service]`, import it late."""

from importlib.util import find_spec

from assistant.errors import UsageError

if missing := [name for name in ("starlette", "uvicorn") if find_spec(name) is None]:
    raise UsageError(
        f"the pages need packages that are not installed: {', '.join(missing)}",
        hint="install them: pip install 'research-export-assistant[service]' (pipx: pipx inject research-export-assistant fastapi uvicorn)",
    )

from assistant.reviewing.routes import review_routes
from assistant.reviewing.shelf import Card, Forms, Held, PageOptions, Redraft, Shelf, StaleError

__all__ = ["Card", "Forms", "Held", "PageOptions", "Redraft", "Shelf", "StaleError", "review_routes"]
