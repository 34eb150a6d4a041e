"""What is wrong with a table: the words, the place, and the choices that would read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Offer(NamedTuple):
    """A way to read a table that can't be read as it stands."""

    label: str
    """What it would do, in words."""
    options: Mapping[str, Any]
    """All options of :func:`read_table` that do it, those that were given already among them."""


class DataError(ValueError):
    """A mistake in a table.

    ``message`` says what is wrong, ``row`` and ``column`` where, counted from 1 (None where it has no place),
    and ``offers`` the choices that would read the table: ``read_table(text, **offer.options)``.
    """

    def __init__(
        self,
        message: str,
        row: int | None = None,
        column: int | None = None,
        offers: tuple[Offer, ...] = (),
    ) -> None:
        place = [f"{word} {at}" for word, at in (("row", row), ("column", column)) if at]
        super().__init__(f"{', '.join(place)}: {message}" if place else message)
        self.message = message
        self.row = row
        self.column = column
        self.offers = offers


def short(cell: str) -> str:
    """A cell as a message quotes it."""
    return cell if len(cell) <= 30 else f"{cell[:29]}…"
