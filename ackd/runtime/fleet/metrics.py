"""What Prometheus sees of a worker and of the fleet, and whether the worker is well: numbers alone, on this
machine alone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from ackd.errors import AckdError, LedgerError
from ackd.mailbox import transport
from ackd.runtime.fleet.status import FleetStatus

log = logging.getLogger(__name__)

#: Seconds for which the fleet's numbers are told again, however often they are asked for.
TOLD_FOR = 15.0
_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """A worker's own numbers. Any number of threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._well = clock()  # when the worker last showed that it works
        self._passes = Counter(
            "ackd_passes", "Passes that ended, by how.", ["outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "ackd_pass_seconds",
            "How long passes took.",
            buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300),
            registry=self.registry,
        )
        self._letters = Counter(
            "ackd_letters", "Acknowledgements that this worker saw go out.", registry=self.registry
        )
        for outcome in ("done", "failed", "bug"):
            self._passes.labels(outcome)

    @contextmanager
    def a_pass(self) -> Iterator[None]:
        """A pass goes on in here."""
        begun, outcome = self._clock(), "bug"
        try:
            yield
            outcome = "done"
        except AckdError:
            outcome = "failed"
            raise
        finally:
            self._passes.labels(outcome).inc()
            self._seconds.observe(self._clock() - begun)
            if outcome == "done":
                self._well = self._clock()

    def sent(self, letters: int) -> None:
        """So many letters went out."""
        self._letters.inc(letters)

    def ticked(self) -> None:
        """The queue is at work."""
        self._well = self._clock()

    def silent_for(self) -> float:
        """Seconds since the worker last showed that it works."""
        return self._clock() - self._well


class _Fleet:
    """The fleet's numbers, looked up when they are asked for; prometheus-client's own name for it: a
    collector."""

    def __init__(self, look: Callable[[], FleetStatus]) -> None:
        self._look = look
        self._told: tuple[float, FleetStatus] | None = None
        self._guard = threading.Lock()

    def collect(self) -> Iterator[Any]:
        yield CounterMetricFamily(
            "ackd_requests", "Answers that came whole from servers and authorities.", transport.answered()
        )
        try:
            found = self._status()
        except LedgerError as error:
            log.warning("event=metrics: %s", error)
            return
        for name, words, value in (
            ("mailboxes", "Mailboxes of the fleet.", found.mailboxes),
            ("mailboxes_healthy", "Those that are looked after in time.", found.healthy),
            ("mailboxes_failing", "Those with an error.", len(found.errors)),
            ("lag_p95_seconds", "How late the next look is for 95 in a hundred.", found.lag_p95_s),
            ("open_promises", "Promises that are open.", found.open_promises),
            ("parked", "Cases that wait for a person.", found.parked),
        ):
            yield GaugeMetricFamily(f"ackd_{name}", words, value)

    def _status(self) -> FleetStatus:
        with self._guard:
            now = time.monotonic()
            if self._told is None or now - self._told[0] > TOLD_FOR:
                self._told = now, self._look()
            return self._told[1]


@contextmanager
def served(
    place: str | None, metrics: Metrics, look: Callable[[], FleetStatus], patience: float
) -> Iterator[str]:
    """Serve `/metrics` and `/health` at a place (`host:port`; None: nowhere) as long as this lasts; gives the
    address. Healthy is a worker that showed within `patience` seconds that it works (200, else 503)."""
    if place is None:
        yield ""
        return
    metrics.registry.register(_Fleet(look))

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            status, kind, body = 404, "text/plain", b"/metrics or /health\n"
            if self.path == "/metrics":
                status, kind, body = 200, _TYPE, generate_latest(metrics.registry)
            elif self.path == "/health":
                silent = metrics.silent_for()
                status = 200 if silent <= patience else 503
                body = f"{'well' if status == 200 else 'silent'}: {silent:.0f} s\n".encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: the log is ackd's."""

    host, _, port = place.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    kind = type("Server", (ThreadingHTTPServer,), {"address_family": 10 if ":" in bare else 2})
    server = kind((bare, int(port)), Handler)
    thread = threading.Thread(target=server.serve_forever, name="ackd metrics", daemon=True)
    thread.start()
    try:
        log.info("event=metrics at=http://%s:%d/metrics", host, server.server_address[1])
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
