"""Sixteen clients send the heaviest requests of a kind that are accepted: how long does an ordinary one take?

Each kind has its own server. Bounded: SECONDS for each kind, and no request is waited for longer than 60 s.
KINDS="table,a set" measures these alone. A kind that is refused measures nothing: it ends the bench.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode

from bench import browser
from bench.http import Client
from bench.timing import percentile, shown

SECONDS = 8.0
CLIENTS = 16
ORDINARY = 3

Request = tuple[str, str, bytes, str]
FORM, JSON, CSV = "application/x-www-form-urlencoded", "application/json", "text/csv"
PANELS = "nodes,paths,nudge,forward,sides,slope"


def kinds() -> Mapping[str, Request]:
    """By what they are; NUMBER is another one each time, so that nothing is remembered."""
    sines = "+".join(f"sin({n}*x+NUMBER)" for n in range(490))
    tangle = "x+NUMBER\n" + "\n".join(
        f"a{n} = {'x' if n < 3 else f'a{n - 1}*a{n - 2}+a{n - 3}'}" for n in range(260)
    )
    chain = "\n".join(f"u{n} = sin({f'u{n - 1}' if n else 'x'})*x + NUMBER" for n in range(1_200))
    many = "+".join(f"x{n}*{n}" for n in range(450)) + "+NUMBER"
    table = "x,y\n" + "".join(f"{n}.25,{n % 977}.5\n" for n in range(1_000_000))
    descent = {"expr": "(w*x+b-y)^2+NUMBER*w", "rate": 1e-9, "steps": 15_000}
    made = descent | {"data": {"set": "line", "n": 100_000}}
    sent = descent | {"steps": 100, "data": {"columns": {name: [0.12345] * 1_000_000 for name in "xy"}}}
    network = urlencode({"sizes": "8-12-12-8", "activation": "tanh", "view": "network"})
    return {
        "a page": _get("/fragments?expr=" + quote("(NUMBER*x+1)^2")),
        "closed form": _post("/formula", {"expr": "x*NUMBER*9^9^9^9"}),
        "490 sines, all explanations": _post("/fragments", {"expr": sines, "panels": PANELS, "frame": "3"}),
        "3,600 nodes": _post("/fragments", {"expr": chain, "panels": PANELS, "view": "graph"}),
        "3,600 nodes as JSON": _post("/api/graph", {"expr": chain, "view": "graph"}),
        "450 variables": _post("/fragments", {"expr": many, "panels": PANELS}),
        "a tangle": _get("/graph.svg?view=graph&expr=" + quote(tangle)),
        "PNG": _get("/graph.png?expr=" + quote("+".join(f"sin({n}*x)" for n in range(15)) + "+NUMBER")),
        "PDF": _get("/graph.pdf?expr=" + quote("+".join(f"sin({n}*x)" for n in range(15)) + "+NUMBER")),
        "descent": ("POST", "/api/descend", json.dumps(made).encode(), JSON),
        "descent over what is sent": ("POST", "/api/descend", json.dumps(sent).encode(), JSON),
        "table": ("POST", "/api/table", table.encode(), CSV),
        "a set": _get("/api/data?name=moons&n=1000000&seed=NUMBER"),
        "a network": _get(f"/network?{network}&seed=NUMBER"),
    }


def _get(path: str) -> Request:
    return "GET", path, b"", ""


def _post(path: str, form: Mapping[str, str]) -> Request:
    return "POST", path, urlencode(form).encode(), FORM


def main() -> None:
    print(f"## {CLIENTS} clients send the heaviest of a kind; {ORDINARY} others type\n")
    print("| the heavy kind | its answers, by status | ordinary p50 | p95 | most |")
    print("| --- | --- | --- | --- | --- |")
    wanted = os.environ.get("KINDS")
    for name, request in kinds().items():
        if wanted and name not in wanted.split(","):
            continue
        with browser.server() as address:
            statuses, times = asyncio.run(_measured(address, request))
        told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
        p50, p95, most = (shown(percentile(times, share)) for share in (0.5, 0.95, 1.0))
        print(f"| {name} | {told} | {p50} | {p95} | {most} |", flush=True)


async def _measured(address: str, request: Request) -> tuple[Counter[str], list[float]]:
    end = time.monotonic() + SECONDS
    statuses: Counter[str] = Counter()
    times: list[float] = []
    numbers = itertools.count(1)
    heavy = [asyncio.create_task(_heavy(address, request, numbers, statuses, end)) for _ in range(CLIENTS)]
    await asyncio.sleep(0.5)
    await asyncio.gather(*(_ordinary(address, numbers, times, end) for _ in range(ORDINARY)))
    for task in heavy:
        task.cancel()
    for failure in await asyncio.gather(*heavy, return_exceptions=True):
        if isinstance(failure, Exception):
            raise failure
    return statuses, times


async def _heavy(
    address: str, request: Request, numbers: Iterator[int], statuses: Counter[str], end: float
) -> None:
    method, path, body, kind = request
    async with Client(address) as client:
        while time.monotonic() < end:
            number = str(next(numbers))
            sent = body if kind == CSV else body.replace(b"NUMBER", number.encode())
            headers = {"Content-Type": kind} if kind else {}
            try:
                answer = await client.send(method, path.replace("NUMBER", number), sent, **headers)
                if answer.status == 303:
                    answer = await client.get(answer.headers["location"])
            except OSError:  # it was refused before all of it was sent
                statuses["503"] += 1
                await asyncio.sleep(1)
                continue
            except asyncio.CancelledError:
                statuses["under way"] += 1
                raise
            statuses[f"{answer.status}"] += 1
            if answer.status == 503:  # as the page does, which then waits longer
                await asyncio.sleep(float(answer.headers["retry-after"]))
            elif answer.status != 200:
                raise RuntimeError(f"{path[:60]} is refused: {answer.status} {answer.body[:300]!r}")


async def _ordinary(address: str, numbers: Iterator[int], times: list[float], end: float) -> None:
    async with Client(address) as client:
        while time.monotonic() < end:
            number = next(numbers)
            answer = await asyncio.wait_for(client.get(f"/fragments?expr=({number}*x%2B1)%5E2"), 60)
            assert answer.status == 200
            times.append(answer.seconds)
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    main()
