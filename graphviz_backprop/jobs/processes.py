"""Processes that work for us and can be killed: each job has a time limit.

They are our own and not a pool of ``multiprocessing`` or of pebble: those import the main module again,
which is the whole web app, or fails in a script that does not expect it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty, LifoQueue
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from graphviz_backprop.jobs import worker


class JobTimeout(Exception):
    """The result was not ready in time."""


class JobError(Exception):
    """The process said what went wrong, or ended."""


class Pool:
    """Processes that do the jobs of :mod:`graphviz_backprop.jobs.worker`; each starts when it is needed.

    All threads share one pool. No job takes longer than ``limit`` seconds, waiting included. ``what``
    says in messages what it is that takes so long.
    """

    def __init__(self, limit: float, workers: int, what: str) -> None:
        self.limit = limit
        self._what = what
        self._closed = False
        self._free: LifoQueue[_Worker] = LifoQueue()
        for _ in range(workers):
            self._free.put(_Worker())

    def run(self, job: str, *arguments: Any, limit: float | None = None) -> bytes:
        """The result of a job. Raises JobTimeout and JobError."""
        limit = self.limit if limit is None else limit
        start = time.monotonic()
        try:
            worker = self._free.get(timeout=limit)
        except Empty:
            raise JobTimeout("Too many others are being served. Try again in a moment.") from None
        try:
            reply = worker.run(limit - (time.monotonic() - start), job, *arguments)
        finally:
            if self._closed:
                worker.kill()
            else:
                self._free.put(worker)
        if reply is None:
            raise JobTimeout(f"{self._what} takes too long.")
        return reply

    def close(self) -> None:
        """Ends the processes; those at work end after it."""
        self._closed = True
        while True:
            try:
                self._free.get_nowait().kill()
            except Empty:
                return


class _Worker:
    """One process: it starts for its first job, and again for the next one once it was killed or crashed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, limit: float, job: str, *arguments: Any) -> bytes | None:
        """The result of a job, or None once the process had to be killed. Raises JobError."""
        process = self._alive()
        reply, late = _ask(process, json.dumps([job, arguments]).encode(), max(limit, 0))
        if reply is None or late:
            self.kill()
        if late:
            return None
        if reply is None:
            raise JobError("The process that should do it has crashed.")
        if reply[:1] != b"+":
            raise JobError(reply[1:].decode())
        return reply[1:]

    def kill(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.kill()
            # -P: the script's folder must not become the first place where modules are looked for.
            command = [sys.executable, "-P", str(Path(worker.__file__))]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process


def _ask(process: subprocess.Popen[bytes], message: bytes, limit: float) -> tuple[bytes | None, bool]:
    """The reply, or None from a process that has ended; and whether there was none in time.

    A process takes in its message before it does anything, and gives its reply once it has all of it: what
    can take long is between them. A thread with a clock would take longer than many a layout.
    """
    assert process.stdin
    assert process.stdout
    try:
        worker.send(process.stdin, message)
        with DefaultSelector() as selector:
            selector.register(process.stdout, EVENT_READ)
            if not selector.select(limit):
                return None, True
        return worker.receive(process.stdout), False
    except OSError:
        return None, False
