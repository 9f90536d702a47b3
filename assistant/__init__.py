"""Research exports drafted from error logs and code.

The public names load on first use, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.assembly import Stated as Stated
    from assistant.batch.request import BatchOutcome as BatchOutcome, BatchRequest as BatchRequest
    from assistant.batch.run import draft_batch as draft_batch
    from assistant.merging import Previous as Previous
    from assistant.pipeline import Outcome as Outcome, Request as Request, draft_export as draft_export
    from assistant.record import RunRecord as RunRecord, load_record as load_record
    from assistant.results import Filled as Filled, ResultsRequest as ResultsRequest, fill_results as fill_results
    from assistant.review import Review as Review, review as check
    from assistant.sections import ResearchExport as ResearchExport

__all__ = [
    "BatchOutcome",
    "BatchRequest",
    "Filled",
    "Outcome",
    "Previous",
    "Request",
    "ResearchExport",
    "ResultsRequest",
    "Review",
    "RunRecord",
    "Stated",
    "check",
    "draft_batch",
    "draft_export",
    "fill_results",
    "load_record",
]

_HOMES = {
    "BatchOutcome": ("assistant.batch.request", "BatchOutcome"),
    "BatchRequest": ("assistant.batch.request", "BatchRequest"),
    "Filled": ("assistant.results", "Filled"),
    "Outcome": ("assistant.pipeline", "Outcome"),
    "Previous": ("assistant.merging", "Previous"),
    "Request": ("assistant.pipeline", "Request"),
    "ResearchExport": ("assistant.sections", "ResearchExport"),
    "ResultsRequest": ("assistant.results", "ResultsRequest"),
    "Review": ("assistant.review", "Review"),
    "RunRecord": ("assistant.record", "RunRecord"),
    "Stated": ("assistant.assembly", "Stated"),
    "check": ("assistant.review", "review"),
    "draft_batch": ("assistant.batch.run", "draft_batch"),
    "draft_export": ("assistant.pipeline", "draft_export"),
    "fill_results": ("assistant.results", "fill_results"),
    "load_record": ("assistant.record", "load_record"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    import importlib

    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(module), attribute)
