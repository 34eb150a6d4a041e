"""A property that is computed once for each object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


def once(owner: object, key: str, make: Callable[[], T]) -> T:
    """What is made of an object that knows nothing of it: made at its first use, kept with it.

    Two threads may both make it, as with :class:`cached_property`.
    """
    known = owner.__dict__
    if key not in known:
        known[key] = make()
    found: T = known[key]
    return found


class cached_property(Generic[T]):
    """Computed at its first use, then an attribute.

    Before Python 3.12 that of :mod:`functools` holds one lock for all objects of a class while it computes:
    one slow figure would stop the figures of all other visitors. This one has no lock: two threads that use
    the same object at the same moment both compute, and get equal results.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        # Only the first use comes here: what has no __set__ yields to an attribute of its name.
        found: T = self._compute(instance)
        instance.__dict__[self._name] = found
        return found
