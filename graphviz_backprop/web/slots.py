"""Work that takes long: so much of it at once, so many who wait for it, and no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from flask import Flask, g, has_request_context, request
from werkzeug.exceptions import ServiceUnavailable

_WAIT = 2.0  # seconds: a run that a client has left ends within them
_LOOK = 0.1  # seconds, after which one who waits looks whether its client still does


class Slots:
    """Places for so many at once. Threads that wait for one are lost to others: so many may, too."""

    def __init__(self, places: int, busy: str, waiting: int = 3) -> None:
        self._free = threading.BoundedSemaphore(places)
        self._door = threading.BoundedSemaphore(places + waiting)
        self._busy = busy

    def take(self) -> Callable[[], None]:
        """Takes a place; what it returns gives it back.

        Raises ServiceUnavailable where so many wait already, or none gets free within two seconds.
        """
        if not self._door.acquire(blocking=False):
            raise self._refusal()
        try:
            self._wait()
        except BaseException:
            self._door.release()
            raise
        return self._leave

    def _wait(self) -> None:
        end = time.monotonic() + _WAIT
        while not self._free.acquire(timeout=_LOOK):
            if time.monotonic() > end or client_has_left():
                raise self._refusal()

    def _leave(self) -> None:
        self._free.release()
        self._door.release()

    def _refusal(self) -> ServiceUnavailable:
        return ServiceUnavailable(self._busy, retry_after=1)


def install(app: Flask) -> None:
    """Gives back at the end of each request what :func:`hold` has taken for it."""
    app.teardown_request(_give_back)


def hold(slots: Slots) -> None:
    """Takes a place until the end of this request; once, however often it is asked for."""
    if has_request_context() and "leave" not in g:
        g.leave = slots.take()


def _give_back(error: BaseException | None) -> None:
    leave = g.pop("leave", None)
    if leave:
        leave()


def client_has_left() -> bool:
    """Whether nobody waits for the answer to this request any more, as far as the server can tell."""
    if not has_request_context():
        return False
    left: Callable[[], bool] | None = request.environ.get("waitress.client_disconnected")
    return left is not None and left()
