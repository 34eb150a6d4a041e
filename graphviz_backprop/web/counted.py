"""The numbers for Prometheus.

The library decides when it is loaded whether processes share their numbers: in the folder that
$PROMETHEUS_MULTIPROC_DIR names then. So this is imported where an app is made, and not before.
"""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)


class Numbers:
    """The numbers of one app, or of all the processes that serve together."""

    def __init__(self) -> None:
        self._several = "PROMETHEUS_MULTIPROC_DIR" in os.environ
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        self.requests = Counter("backprop_requests", "Answers.", ["path", "method", "status"], **own)
        self.seconds = Histogram(
            "backprop_request_seconds", "Until the answer begins.", ["path"], buckets=_BUCKETS, **own
        )
        self.layouts = Histogram(
            "backprop_layout_seconds", "Graphviz's work for one figure.", buckets=_BUCKETS, **own
        )
        state: dict[str, Any] = own | {"multiprocess_mode": "sum"}
        self.remembered = Gauge(
            "backprop_remembered", "How often a thing was remembered, or not.", ["what", "found"], **state
        )
        self.restarts = Gauge("backprop_restarts", "Workers that had to be replaced.", ["pool"], **state)

    def text(self) -> bytes:
        if not self._several:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
