"""What was made before: remembered up to a total size, and made once however many ask for it at once."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Abandoned(Exception):
    """Who made it has no use for it any more: others may."""


class Remembered(Generic[T]):
    """The things that were used last, as many as there is ``room`` for by what ``weigh`` says of each.

    ``hits`` and ``misses`` count how often one was there, and how often it had to be made.
    """

    def __init__(self, room: int, weigh: Callable[[T], int]) -> None:
        self._room = room
        self._weigh = weigh
        self._things: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._making: dict[Hashable, _Making[T]] = {}
        self._lock = threading.Lock()
        self.hits = self.misses = 0

    def get(self, key: Hashable, make: Callable[[], T], keep: Callable[[T], bool] | None = None) -> T:
        """The thing of this key; who asks while another one makes it waits for that, and for its exception.

        What ``keep`` says no to is given and forgotten.
        """
        while True:
            with contextlib.suppress(_Anew):
                return self._get(key, make, keep)

    def _get(self, key: Hashable, make: Callable[[], T], keep: Callable[[T], bool] | None) -> T:
        """Raises _Anew where it was another one who made it, and has left."""
        with self._lock:
            if key in self._things:
                self.hits += 1
                self._things.move_to_end(key)
                return self._things[key][0]
            making = self._making.get(key)
            if making is None:
                self.misses += 1
                mine = self._making[key] = _Making()
        if making is not None:
            return making.wait()
        try:
            made = mine.make(make)
            if keep is None or keep(made):
                self._put(key, made)
            return made
        finally:
            with self._lock:
                del self._making[key]
            mine.done.set()

    def find(self, key: Hashable) -> T | None:
        """The thing of this key, if it is there."""
        with self._lock:
            found = self._things.get(key)
            if found is None:
                self.misses += 1
                return None
            self.hits += 1
            self._things.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, thing: T) -> None:
        self._put(key, thing)

    def _put(self, key: Hashable, thing: T) -> None:
        weight = self._weigh(thing)
        with self._lock:
            if key in self._things:
                self._room += self._things.pop(key)[1]
            self._things[key] = thing, weight
            self._room -= weight
            while self._room < 0:
                _, (_, lighter) = self._things.popitem(last=False)
                self._room += lighter


class _Anew(Exception):
    """It is nobody's to make at the moment."""


class _Making(Generic[T]):
    """A thing that one thread makes, and others may wait for."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self._made: list[T] = []
        self._fault: BaseException | None = None

    def make(self, make: Callable[[], T]) -> T:
        try:
            self._made = [make()]
        except BaseException as fault:
            self._fault = fault
            raise
        return self._made[0]

    def wait(self) -> T:
        self.done.wait()
        if isinstance(self._fault, Abandoned):
            raise _Anew
        if self._fault is not None:
            raise self._fault
        return self._made[0]
