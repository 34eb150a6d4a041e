"""A class opens one link and types: the page's own requests, as Chromium makes them, from many connections.

`STUDENTS=300 SECONDS=60 python -m bench crowd`: first all come within ten seconds, each with six connections;
then each types other programs, letter by letter, each letter as the page would ask for it. Bounded by those.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from bench import browser
from bench.http import Client
from bench.timing import percentile, shown

STUDENTS, SECONDS = 300, 60.0
CONNECTIONS = 6
WITHIN = 10.0  # seconds in which they come
LETTER = (0.15, 0.6)  # seconds between two letters
REST = (3.0, 8.0)  # and between two programs, which are looked at

PROGRAMS = (
    "(4*x+1)^2", "sin(x*y)+x", "1/(1+e^(-x))", "log(x^2+y^2)", "x = -2; y = 5; z = -4; (x+y)*z",
    "tanh(w*x+b)", "max(x, y)*z", "(w*x+b-y)^2",
)  # fmt: skip


def main() -> None:
    students = int(os.environ.get("STUDENTS", STUDENTS))
    seconds = float(os.environ.get("SECONDS", SECONDS))
    processes = os.environ.get("WORKERS", "1")
    print(f"## {students} students, {CONNECTIONS} connections each; {processes} processes\n")
    with browser.server() as address:
        Class(address, students, seconds).run()
    print()
    rival()


class Class:
    """Students, and what they waited for."""

    def __init__(self, address: str, students: int, seconds: float) -> None:
        self.address, self.students, self.seconds = address, students, seconds
        self.pages: list[float] = []
        self.letters: list[float] = []
        self.faults: list[str] = []

    def run(self) -> None:
        begun = time.perf_counter()
        asyncio.run(self._all())
        _line("whole page", self.pages, self.pages and WITHIN)
        _line("a letter", self.letters, self.seconds)
        print(f"\nErrors: {len(self.faults)} {self.faults[:3]}; in all {time.perf_counter() - begun:.0f} s")

    async def _all(self) -> None:
        await asyncio.gather(*(self._student(random.Random(number)) for number in range(self.students)))

    async def _student(self, chance: random.Random) -> None:
        await asyncio.sleep(chance.uniform(0, WITHIN))
        clients = [Client(self.address) for _ in range(CONNECTIONS)]
        try:
            await self._open(clients)
            await self._type(clients[0], chance)
        finally:
            for client in clients:
                client.close()

    async def _open(self, clients: list[Client]) -> None:
        """The page, then all that it names, at once."""
        begun = time.perf_counter()
        page = await self._got(clients[0], "/?expr=(4*x%2B1)%5E2")
        named = re.findall(r'(?:src|href)="(/static/[^"]+)"', _unpacked(page))
        left = list(dict.fromkeys(named))
        await asyncio.gather(*(self._fetch(client, left) for client in clients))
        self.pages.append(time.perf_counter() - begun)

    async def _fetch(self, client: Client, left: list[str]) -> None:
        """A connection takes what is left, one at a time."""
        while left:
            await self._got(client, left.pop(0))

    async def _type(self, client: Client, chance: random.Random) -> None:
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            program = chance.choice(PROGRAMS).replace("x", chance.choice("xyzuvw"))
            if chance.random() < 0.5:
                program += f"+{chance.randint(2, 999)}"
            for length in range(1, len(program) + 1):
                begun = time.perf_counter()
                await self._got(client, f"/fragments?expr={quote(program[:length])}")
                self.letters.append(time.perf_counter() - begun)
                await asyncio.sleep(chance.uniform(*LETTER))
            await asyncio.sleep(chance.uniform(*REST))

    async def _got(self, client: Client, path: str) -> bytes:
        try:
            answer = await asyncio.wait_for(client.get(path), 120)
        except (OSError, EOFError, TimeoutError) as fault:
            self.faults.append(repr(fault))
            return b""
        if answer.status != 200:
            self.faults.append(f"{answer.status} {path}")
        return answer.body


def _unpacked(page: bytes) -> str:
    import brotli

    return str(brotli.decompress(page).decode()) if page else ""


def _line(what: str, times: list[float], seconds: float) -> None:
    if not times:
        return print(f"{what}: none")
    parts = " ".join(f"{name} {shown(percentile(times, share))}" for name, share in _SHARES)
    print(f"- {what}: {len(times):,}, {len(times) / seconds:.0f}/s; {parts}")


_SHARES = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("most", 1.0))

# Beside an app as one would write it


def rival(seconds: float = 4.0) -> None:
    """The same number of answers from a Flask app that calls micrograd and dot, under the same server."""
    print("| app | new expressions/s | repeated/s |\n| --- | --- | --- |")
    for name, place in {"micrograd, draw_dot, .pipe()": micrograd, "ours": browser.server}.items():
        with place() as address:
            rates = [asyncio.run(_rate(address, seconds, new)) for new in (True, False)]
        print(f"| {name} | {rates[0]:.0f} | {rates[1]:.0f} |", flush=True)


@contextmanager
def micrograd() -> Iterator[str]:
    command = [sys.executable, "-m", "bench.micrograd_app"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def _rate(address: str, seconds: float, new: bool) -> float:
    numbers = iter(range(1_000, 10**9))
    done = 0

    async def one() -> None:
        nonlocal done
        async with Client(address) as client:
            while time.monotonic() < end:
                number = next(numbers) if new else 1
                answer = await client.get(f"/graph.svg?expr=({number}*x%2B1)%5E2")
                assert answer.status == 200
                done += 1

    end = time.monotonic() + seconds
    await asyncio.gather(*(one() for _ in range(8)))
    return done / seconds


if __name__ == "__main__":
    main()
