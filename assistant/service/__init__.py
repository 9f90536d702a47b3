"""The service: drafts over HTTP, review pages in a browser; `create_app()` is the application."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.service.app import create_app as create_app
    from assistant.service.configuration import Limits as Limits, ServiceConfig as ServiceConfig

__all__ = ["Limits", "ServiceConfig", "create_app"]


def __getattr__(name: str) -> Any:
    # late: FastAPI costs some 50 bare starts, and the review of one file needs only a part of this package
    if name == "create_app":
        from assistant.service.app import create_app

        return create_app
    if name in ("Limits", "ServiceConfig"):
        from assistant.service import configuration

        return getattr(configuration, name)
    raise AttributeError(f"module 'assistant.service' has no attribute {name!r}")
