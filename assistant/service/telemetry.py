"""OpenTelemetry: spans of requests, jobs and model calls, the last by the GenAI conventions; never what was said."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from assistant.drafting.calls import Call, ModelUse
from assistant.service.tracing import Attributes
from assistant.version import VERSION

NANO = 1_000_000_000
PROVIDERS = {"api.openai.com": "openai"}
UNKNOWN_PROVIDER = "openai_compatible"


class Telemetry:
    """Spans for an exporter.

    Args:
        exporter: where they go; the standard variables (OTEL_EXPORTER_OTLP_ENDPOINT, …) say it by default.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        resource = Resource.create({"service.name": "research-export-assistant", "service.version": VERSION})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("assistant", VERSION)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, *, parent: str = "", attributes: Attributes | None = None) -> Iterator["_Going"]:
        """An operation; what an exception says stays at home, only its kind is told."""
        context = self._propagator.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name, context=context, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            going = _Going(span)
            try:
                yield going
            except BaseException as error:
                going.failed(type(error).__name__)
                raise

    def context(self) -> str:
        """The trace context of the operation that goes on."""
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get("traceparent", "")

    def calls(self, use: ModelUse) -> None:
        """A span for each call to the model; those that were remembered were never made."""
        for call in use.calls:
            if not call.remembered:
                self._call(use, call)

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()

    def _call(self, use: ModelUse, call: Call) -> None:
        address = urlsplit(use.endpoint)
        attributes: Attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": PROVIDERS.get(address.hostname or "", UNKNOWN_PROVIDER),
            "gen_ai.request.model": use.model,
            "gen_ai.output.type": "text" if call.form == "text" else "json",
            "gen_ai.usage.input_tokens": call.sent,
            "gen_ai.usage.output_tokens": call.received,
            "gen_ai.usage.cache_read.input_tokens": call.cached,
            "gen_ai.usage.reasoning.output_tokens": call.reasoning,
            "gen_ai.prompt.name": call.task,
            "server.address": address.hostname or use.endpoint,
        }
        span = self._tracer.start_span(
            f"chat {use.model}", kind=trace.SpanKind.CLIENT, attributes=attributes, start_time=int(call.began * NANO)
        )
        if call.outcome not in ("ok", "repaired later"):
            _Going(span).failed("model_call_failed")
        span.end(int((call.began + call.seconds) * NANO))


class _Going:
    """A span while its operation goes on."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def name(self, name: str, attributes: Attributes) -> None:
        """Name it by what is known only later."""
        self._span.update_name(name)
        self._span.set_attributes(attributes)

    def failed(self, kind: str) -> None:
        """Say that it failed."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(trace.StatusCode.ERROR)


def open_telemetry() -> Telemetry:
    """Tracing to where the standard variables say."""
    return Telemetry(OTLPSpanExporter())
