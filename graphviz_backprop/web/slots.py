"""Work that takes long: so much of it at once, and no more."""

from __future__ import annotations

import threading
from collections.abc import Callable

from werkzeug.exceptions import ServiceUnavailable

_WAIT = 2.0  # seconds: a run that a client has left ends within them


class Slots:
    """Places for so many at once."""

    def __init__(self, places: int, busy: str) -> None:
        self._free = threading.BoundedSemaphore(places)
        self._busy = busy

    def take(self) -> Callable[[], None]:
        """Takes a place; what it returns gives it back.

        Raises ServiceUnavailable where none gets free within two seconds.
        """
        if not self._free.acquire(timeout=_WAIT):
            raise ServiceUnavailable(self._busy, retry_after=1)
        return self._free.release
