"""Counts and times for Prometheus. They name no collection, no question and no reader."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from rag.serve.pool import Pool

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The figures of one server."""

    def __init__(self, pool: Pool) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "rag_requests", "Requests answered.", ["route", "method", "status"],
            registry=self._registry,
        )  # fmt: skip
        self._request_seconds = Histogram(
            "rag_request_seconds", "Seconds until a reply was complete.", ["route"],
            buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._asks = Counter(
            "rag_asks", "Questions by outcome.", ["outcome"], registry=self._registry
        )
        self._ask_seconds = Histogram(
            "rag_ask_seconds", "Seconds that an answer took, without waiting.",
            buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        for name, text, number in (
            ("rag_asks_running", "Questions being answered.", lambda: pool.running),
            ("rag_asks_waiting", "Questions that wait.", lambda: pool.waiting),
        ):
            Gauge(name, text, registry=self._registry).set_function(number)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, method, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def ask(self, outcome: str, seconds: float) -> None:
        """Count a question with its outcome, ``failed`` or ``stopped``."""
        self._asks.labels(outcome).inc()
        self._ask_seconds.observe(seconds)

    def text(self) -> bytes:
        """All figures in the format of Prometheus."""
        return generate_latest(self._registry)
