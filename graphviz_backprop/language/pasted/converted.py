"""A program in the language that was made of a pasted text, and where each of its pieces stood there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from graphviz_backprop.language.errors import ExpressionError

Span = tuple[int, int]


class Piece(NamedTuple):
    """A piece of the program, and the place in the pasted text that it stands for."""

    text: str
    span: Span


class Converted:
    """The program, with the way back from each of its places to the pasted text."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        kept = [piece for piece in pieces if piece.text]
        self.text = "".join(piece.text for piece in kept)
        self._spans = [piece.span for piece in kept]
        self._starts = [0, *accumulate(len(piece.text) for piece in kept)]

    def place(self, start: int, end: int) -> Span:
        """The place in the pasted text of a place in the program."""
        if not self._spans:
            return 0, 0
        first = self._span_at(start)
        last = self._span_at(max(start, end - 1))
        return first[0], max(first[1], last[1])

    def _span_at(self, offset: int) -> Span:
        at = bisect_right(self._starts, offset, hi=len(self._spans)) - 1
        return self._spans[at]

    def error(self, error: ExpressionError) -> ExpressionError:
        """A mistake in the program as one in the pasted text."""
        return ExpressionError(error.message, *self.place(error.start, error.end), error.hint)

    def after(self, first: Converted) -> Converted:
        """Two conversions in a row: ``first`` made the text that this one began with."""
        ends = [*self._starts[1:]]
        return Converted(
            Piece(self.text[start:end], first.place(*span))
            for start, end, span in zip(self._starts, ends, self._spans, strict=False)
        )


Rope: TypeAlias = "Piece | list[Rope]"
"""Pieces that were put together, without being copied at each level."""


def flat(rope: Rope) -> list[Piece]:
    """The pieces of a rope from left to right."""
    todo: list[Rope] = [rope]
    found: list[Piece] = []
    while todo:
        part = todo.pop()
        if isinstance(part, Piece):
            found.append(part)
        else:
            todo += reversed(part)
    return found
