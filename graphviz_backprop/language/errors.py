"""The one exception that a program can cause."""

from __future__ import annotations

import re


class ExpressionError(ValueError):
    """A mistake in a program, in words a student understands.

    ``start`` and ``end`` are offsets in characters of the text; ``hint`` says what to do, or is empty.
    """

    def __init__(self, message: str, start: int, end: int, hint: str = "") -> None:
        self.message = _short(message)
        self.start = start
        self.end = end
        self.hint = _short(hint)
        super().__init__(self.message, start, end, self.hint)  # all of it, so that it can be pickled

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


def _short(text: str) -> str:
    """A sentence in which no name of the program goes on for pages."""
    return re.sub(r"\S{60,}", lambda word: f"{word[0][:50]}…", text)
