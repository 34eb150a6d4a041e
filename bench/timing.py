"""Fair timing on a noisy machine: the candidates take turns, and each keeps its best time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

Candidate = Callable[[], object]


def best_times(
    candidates: Mapping[str, Candidate], seconds: float = 1.5, batch: float = 1e-3
) -> dict[str, float]:
    """The least time of one call of each, in seconds, over rounds that fill about this time.

    A quick call is timed in batches of about ``batch`` seconds; garbage is collected as it would be in use.
    """
    batches = {name: max(1, round(batch / _timed(call, 1))) for name, call in candidates.items()}
    best = {name: float("inf") for name in candidates}
    end = time.perf_counter() + seconds
    rounds = 0
    while rounds < 3 or time.perf_counter() < end:
        for name, call in candidates.items():
            best[name] = min(best[name], _timed(call, batches[name]))
        rounds += 1
    return best


def _timed(call: Candidate, times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


def stopwatch(clock: Callable[[], float] = time.perf_counter) -> Callable[[], float]:
    """What it returns gives the seconds of this clock since it was called last."""
    last = clock()

    def lap() -> float:
        nonlocal last
        before, last = last, clock()
        return last - before

    return lap


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def shown(seconds: float) -> str:
    """A time with a unit that suits it."""
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
