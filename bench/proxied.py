"""Two servers behind nginx as in deploy/: repeats come from its cache, one server is killed in between."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.http import Client
from bench.timing import percentile, shown

_ROOT = Path(__file__).parents[1]
SECONDS = 12.0
CLIENTS = 16


def main() -> None:
    with ExitStack() as stack:
        servers = [stack.enter_context(_server()) for _ in range(2)]
        port = stack.enter_context(_nginx([port for _, port in servers]))
        asyncio.run(_measured(f"http://127.0.0.1:{port}/", servers[0][0]))


@contextmanager
def _server() -> Iterator[tuple[subprocess.Popen[str], int]]:
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": "0", "PROXIES": "1"}
    command = [sys.executable, "app.py"]
    with subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found
        try:
            yield process, int(found[1])
        finally:
            process.terminate()


@contextmanager
def _nginx(ports: list[int]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        own = (_ROOT / "deploy/nginx.conf").read_text("utf-8")
        for usual, given in zip(("8001", "8002"), ports, strict=True):
            own = own.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{given}")
        own = own.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/var/cache/nginx", folder)
        user = "user root;" if os.geteuid() == 0 else ""
        whole = f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        whole += "events { worker_connections 4096; }\n"
        paths = " ".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        Path(folder, "nginx.conf").write_text(f"{whole}http {{ access_log off; {paths}\n{own}\n}}\n", "utf-8")
        with subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf"]) as process:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            try:
                yield port
            finally:
                process.terminate()


async def _measured(address: str, victim: subprocess.Popen[str]) -> None:
    statuses: Counter[object] = Counter()
    caches: Counter[str] = Counter()
    times: dict[bool, list[float]] = {True: [], False: []}
    numbers = count(1)
    end = time.monotonic() + SECONDS

    async def one() -> None:
        async with Client(address) as client:
            while time.monotonic() < end:
                new = next(numbers) % 4 == 0
                path = f"/graph.svg?expr=x%2B{next(numbers)}" if new else "/graph.svg?expr=(4*x%2B1)%5E2"
                try:
                    answer = await asyncio.wait_for(client.get(path), 30)
                except (OSError, EOFError, TimeoutError) as fault:
                    statuses[repr(fault)] += 1
                    continue
                statuses[answer.status] += 1
                caches[answer.headers.get("x-cache", "none")] += 1
                times[new].append(answer.seconds)

    async def kill() -> None:
        await asyncio.sleep(SECONDS / 2)
        victim.send_signal(signal.SIGKILL)

    await asyncio.gather(kill(), *(one() for _ in range(CLIENTS)))
    print(f"## {CLIENTS} clients of nginx before two servers, one killed after {SECONDS / 2:.0f} s\n")
    print(f"- answers: {dict(statuses)}; from the cache: {dict(caches)}")
    for new, found in times.items():
        p50, p95 = (shown(percentile(found, share)) for share in (0.5, 0.95))
        print(f"- {'new' if new else 'repeated'}: {len(found) / SECONDS:.0f}/s, p50 {p50}, p95 {p95}")


if __name__ == "__main__":
    main()
