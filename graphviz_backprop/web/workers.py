"""Several processes that serve at one socket; they share nothing else."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NoReturn

_END = 12.0  # seconds for a process that was told to stop
_SOON = 5.0  # a process that lived less did not get far: another one is not started at once
_PAUSE = 1.0
_LOOK = 1.0


class _Stopped(BaseException):
    pass


def run(count: int, serve: Callable[[Callable[[], None]], None], ready: Callable[[], None]) -> None:
    """Has so many processes ``serve``, others for those that end, until SIGINT or SIGTERM.

    Each gets a function that it calls once it can work; ``ready`` is called when all have.
    Raises SystemExit where the first ones cannot start.
    """
    with contextlib.ExitStack() as stack:
        try:  # for the numbers that are told of all
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = stack.enter_context(TemporaryDirectory())
        except OSError as fault:
            print(f"graphviz_backprop: /metrics is of one process at a time: {fault}", file=sys.stderr)
        _run(count, serve, ready)


def _run(count: int, serve: Callable[[Callable[[], None]], None], ready: Callable[[], None]) -> None:
    processes: dict[int, float] = {}
    parent = os.getpid()
    told, tell = os.pipe()

    def start() -> None:
        pid = os.fork()
        if pid == 0:
            os.close(told)
            _be_one(parent, serve, lambda: os.write(tell, b"+"))
        processes[pid] = time.monotonic()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        for _ in range(count):
            start()
        _wait_for(told, count, processes)
        ready()
        while True:
            pid, _ = os.wait()
            begun = processes.pop(pid, 0.0)
            if time.monotonic() - begun < _SOON:
                time.sleep(_PAUSE)
            print(f"graphviz_backprop: process {pid} has ended; another one starts", file=sys.stderr)
            start()
    except _Stopped:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _end(processes)


def _be_one(
    parent: int, serve: Callable[[Callable[[], None]], None], ready: Callable[[], object]
) -> NoReturn:
    """What a new process does; it never returns to what its parent was about."""
    status = 1
    threading.Thread(target=_stop_without, args=[parent], daemon=True).start()
    try:
        serve(lambda: (ready(), None)[1])
        status = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        status = 0 if end.code is None else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _stop_without(parent: int) -> None:
    """Has this process stop once its parent is gone: nobody would ever tell it to."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


def _wait_for(told: int, count: int, processes: dict[int, float]) -> None:
    """Until so many have said that they can work. Raises SystemExit where one ends before."""
    os.set_blocking(told, False)
    while count:
        with contextlib.suppress(BlockingIOError):
            count -= len(os.read(told, count))
            continue
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            del processes[pid]
            raise SystemExit(os.waitstatus_to_exitcode(status) or 1)
        time.sleep(0.05)


def _end(processes: dict[int, float]) -> None:
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _END
    while processes:
        with contextlib.suppress(ChildProcessError):
            pid, _ = os.waitpid(-1, os.WNOHANG)
            processes.pop(pid, None)
            if pid:
                continue
        if time.monotonic() > end:
            for pid in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.02)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise _Stopped
