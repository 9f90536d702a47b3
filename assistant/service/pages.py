"""The review pages over the store."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from assistant.service.context import Service


def routes(service: Service) -> Sequence[BaseRoute]:
    """The routes of the pages."""
    return ()
