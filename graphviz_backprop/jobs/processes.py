"""Processes that work for us and can be killed: each job has a time limit.

They are our own and not a pool of ``multiprocessing`` or of pebble: those import the main module again,
which is the whole web app, or fails in a script that does not expect it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, LifoQueue, Queue, SimpleQueue
from typing import Any, TypeVar

from graphviz_backprop.jobs import worker
from graphviz_backprop.jobs.remembered import Abandoned

T = TypeVar("T")

_LOOK = 0.25  # seconds, after which who waits looks whether anybody waits for it
_LOADING = 60.0  # seconds until a process that has started can work, on a machine with a lot to do


class JobTimeout(Exception):
    """The result was not ready in time."""


class JobBusy(JobTimeout):
    """So many wait already that waiting is of no use."""


class JobLeft(Abandoned):
    """Nobody waits for the result any more."""


class JobError(Exception):
    """The process said what went wrong, or ended."""


class JobMissing(JobError):
    """What does the job is not installed; the message says how to install it."""


_REFUSALS = {worker.ERROR: JobError, worker.MISSING: JobMissing}


class Pool:
    """Processes that do the jobs of :mod:`graphviz_backprop.jobs.worker`; each starts when it is needed.

    All threads share one pool. No job takes longer than ``limit`` seconds, waiting for a free process
    included; what a new process ``loads`` before it can work does not count. At most ``waiting`` jobs wait.
    ``what`` says in messages what it is that takes so long. A job ends once ``left`` says to the thread that
    waits for it that nobody needs the result.
    """

    def __init__(
        self,
        limit: float,
        workers: int,
        what: str,
        *,
        loads: str = "",
        waiting: int = 10,
        left: Callable[[], bool] = lambda: False,
    ) -> None:
        self.limit = limit
        self.left = left
        self._what = what
        self._closed = False
        self._workers = [_Worker(loads) for _ in range(workers)]
        self._places = threading.BoundedSemaphore(workers + waiting)
        self._free: LifoQueue[_Worker] = LifoQueue()
        for each in self._workers:
            self._free.put(each)

    def run(self, job: str, *arguments: Any, sent: bytes | None = None, limit: float | None = None) -> bytes:
        """The result of a job; ``sent`` is its last argument. Raises JobTimeout, JobLeft and JobError."""
        limit = self.limit if limit is None else limit
        if limit <= 0:
            raise self._late()
        if not self._places.acquire(blocking=False):
            raise JobBusy("Too many others are being served. Try again in a moment.")
        try:
            line = json.dumps([job, arguments, limit]).encode()
            message = [line] if sent is None else [line, b"\n", sent]
            return self._run(time.monotonic() + limit, message)
        finally:
            self._places.release()

    @property
    def restarts(self) -> int:
        """How many processes have taken over from one that was killed or had crashed."""
        return sum(max(0, each.restarts) for each in self._workers)

    def start(self) -> None:
        """Starts all processes without waiting for them, so that no job will have to."""
        for each in self._workers:
            each.start()

    def close(self) -> None:
        """Ends the processes; those at work end after it."""
        self._closed = True
        while True:
            try:
                self._free.get_nowait().kill()
            except Empty:
                return

    def _run(self, end: float, message: Sequence[bytes]) -> bytes:
        try:
            worker = _next(self._free, end - time.monotonic(), self.left)
        except Empty:
            raise JobBusy("Too many others are being served. Try again in a moment.") from None
        try:
            reply = worker.run(message, max(0, end - time.monotonic()), self.left)
        finally:
            if self._closed:
                worker.kill()
            else:
                self._free.put(worker)
        if reply is None:
            raise self._late()
        return reply

    def _late(self) -> JobTimeout:
        return JobTimeout(f"{self._what} takes too long.")


def _next(queue: Queue[T] | SimpleQueue[T], limit: float, left: Callable[[], bool]) -> T:
    """The next of a queue. Raises Empty where there is none in time, JobLeft where nobody waits for it."""
    end = time.monotonic() + limit
    while True:
        rest = max(0, end - time.monotonic())
        try:
            return queue.get(timeout=min(rest, _LOOK))
        except Empty:
            if rest <= _LOOK:
                raise
        if left():
            raise JobLeft


class _Crash(Exception):
    """The process has ended."""


class _Worker:
    """One process at a time: another one takes over where it was killed or has crashed."""

    def __init__(self, loads: str) -> None:
        self._loads = loads
        self._process: _Process | None = None
        self.restarts = -1

    def run(self, message: Sequence[bytes], limit: float, left: Callable[[], bool]) -> bytes | None:
        """The result of a job, or None once the process had to be killed. Raises JobError and JobLeft."""
        try:
            reply = self._ask(message, limit, left)
        except (_Crash, OSError):  # it may have been the machine's fault: once more, and nobody need know
            try:
                reply = self._ask(message, limit, left)
            except (_Crash, OSError):
                raise JobError("The process that should do it has crashed.") from None
        if reply is None:
            return None
        refusal = _REFUSALS.get(reply[:1])
        if refusal:
            raise refusal(reply[1:].decode())
        return reply[1:]

    def start(self) -> _Process:
        """The process, which is new where there is none alive."""
        if self._process is None or not self._process.alive:
            self.kill()
            self._process = _Process(self._loads)
            self.restarts += 1
        return self._process

    def kill(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process:
            process.kill()

    def _ask(self, message: Sequence[bytes], limit: float, left: Callable[[], bool]) -> bytes | None:
        try:
            return self.start().ask(message, limit, left)
        except _Crash:
            self.kill()
            raise
        except JobLeft:
            self._begin_anew()
            raise
        except Empty:
            self._begin_anew()
            return None

    def _begin_anew(self) -> None:
        """Another process for the next one, it loads meanwhile."""
        self.kill()
        self.start()


class _Process:
    """A process that runs :mod:`graphviz_backprop.jobs.worker`.

    A thread reads what it says, since not every system can wait for a pipe and a clock at once.
    """

    def __init__(self, loads: str) -> None:
        # -P: the script's folder must not become the first place where modules are looked for.
        command = [sys.executable, "-P", str(Path(worker.__file__)), loads]
        self._popen = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self._said: SimpleQueue[bytes | None] = SimpleQueue()
        self._ready = False
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def ask(self, message: Sequence[bytes], limit: float, left: Callable[[], bool]) -> bytes:
        """The reply to a message, within so many seconds from when the process can work.

        Raises Empty where there is none in time, JobLeft, and _Crash from a process that has ended.
        """
        if not self._ready:
            self._next(_LOADING)
            self._ready = True
        assert self._popen.stdin
        try:
            # A process takes in its message before it does anything.
            worker.send(self._popen.stdin, *message)
        except OSError:
            raise _Crash from None
        return self._next(limit, left)

    def kill(self) -> None:
        """Ends it and what it has started."""
        if self.alive and hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.killpg(self.pid, signal.SIGKILL)
        else:
            self._popen.kill()
        self._popen.wait()
        assert self._popen.stdin
        with contextlib.suppress(OSError):  # of a message that it has not taken
            self._popen.stdin.close()

    def _next(self, limit: float, left: Callable[[], bool] = lambda: False) -> bytes:
        said = _next(self._said, limit, left)
        if said is None:
            raise _Crash
        return said

    def _listen(self) -> None:
        assert self._popen.stdout
        with self._popen.stdout as stdout:
            while (message := worker.receive(stdout)) is not None:
                self._said.put(message)
        self._said.put(None)
