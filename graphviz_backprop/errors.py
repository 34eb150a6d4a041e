"""The one exception that a program can cause."""

from __future__ import annotations


class ExpressionError(ValueError):
    """A mistake in a program, in words a student understands.

    ``start`` and ``end`` are offsets in characters of the text; ``hint`` says what to do, or is empty.
    """

    def __init__(self, message: str, start: int, end: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message
