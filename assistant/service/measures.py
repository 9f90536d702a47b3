"""Numbers for Prometheus: of requests as they are served, of exports and jobs as the database holds them."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from assistant.service.store import Store
from assistant.service.stored import ENDED
from assistant.version import VERSION

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measures:
    """The numbers of one service, in a registry of their own.

    Args:
        store: whose exports and jobs are counted when somebody asks.
    """

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Stored(store))
        labels = ("method", "route", "status")
        self._requests = Counter("assistant_http_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "assistant_http_seconds", "Time until a request was answered.", ("route",), buckets=SECONDS, registry=self._registry
        )
        self.open = Gauge("assistant_http_open", "Requests being served.", registry=self._registry)
        self.uploaded = Counter("assistant_upload_bytes", "Bytes of uploads that were accepted.", registry=self._registry)
        Gauge("assistant_info", "Which version runs.", ("version",), registry=self._registry).labels(VERSION).set(1)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer; status 0 where the client had gone."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All numbers in Prometheus' text format."""
        return generate_latest(self._registry)


class _Stored(Collector):
    """Counts what the database holds at the moment of asking: the processes that draft write only there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> list[Metric]:
        """Nothing in advance, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The numbers of this moment."""
        exports, jobs = self._store.counts()
        states = GaugeMetricFamily("assistant_exports", "Exports by what has to be done next.", labels=("state",))
        for state, count in sorted(exports.items()):
            states.add_metric((state,), count)
        yield states
        work = GaugeMetricFamily("assistant_jobs", "Jobs by kind and by where they stand.", labels=("kind", "state"))
        for (kind, progress), count in sorted(jobs.items()):
            work.add_metric((kind, progress), count)
        yield work
        waiting = sum(count for (_, progress), count in jobs.items() if progress not in ENDED)
        yield GaugeMetricFamily("assistant_jobs_waiting", "Jobs that have not ended.", value=waiting)
