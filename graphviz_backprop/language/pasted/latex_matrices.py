r"""Matrices in LaTeX: which values are tensors, and the cells of ``\begin{pmatrix} 1 & 2 \end{pmatrix}``.

Side by side on paper, tensors are a product of rows and columns, numbers one of numbers. What a value is, is
known of literals and of names that were given one; of other values of such a program it is left open, and the
language asks which product is meant. A column is a vector here, of one axis.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted.converted import Piece, Span

NUMBER, VECTOR, TENSOR, EITHER = "number", "vector", "tensor", "either"
ENVIRONMENTS = frozenset("matrix pmatrix bmatrix Bmatrix smallmatrix array".split())


@dataclass
class Kinds:
    """What the values of a text are, as far as it says so."""

    names: dict[str, str] = field(default_factory=dict)
    last: str = NUMBER
    """What the value that has just ended is."""
    seen: bool = False
    """Whether this statement has a tensor in it."""
    defined: str = ""
    literal: tuple[int, str] = (0, NUMBER)
    """Where a matrix ended with which a statement began, and what it is."""

    def of_name(self, name: str) -> str:
        return self.names.get(name, NUMBER)

    def end(self, written: int) -> None:
        """A statement has ended: its name is the matrix that is all of it, or may be a tensor."""
        at, kind = self.literal
        if self.defined and self.seen:
            self.names[self.defined] = kind if at == written else EITHER
        self.defined, self.seen, self.literal = "", False, (0, NUMBER)

    def be(self, kind: str) -> None:
        """A value of this kind has ended."""
        self.last = kind
        self.seen = self.seen or kind != NUMBER

    def closed(self) -> None:
        """A bracket has closed: a number at its end says nothing of the whole."""
        if self.last == NUMBER and self.seen:
            self.last = EITHER

    def between(self, coming: str) -> str:
        """What is written between the last value and one that comes."""
        both = {self.last, coming}
        if both <= {TENSOR, VECTOR}:
            return " @ "
        return " * " if NUMBER in both else " "


@dataclass
class Cells:
    """The cells of a matrix that is open."""

    start: int
    """Where the cell that is open begins in what is written."""
    rows: list[list[list[Piece]]] = field(default_factory=lambda: [[]])

    def end(self, written: list[Piece]) -> None:
        """Takes the cell that has ended out of what is written."""
        self.rows[-1].append(written[self.start :])
        del written[self.start :]

    def pieces(self, column: bool, span: Span) -> list[Piece]:
        """The matrix in the language, a column as a vector. Raises ExpressionError for uneven rows."""
        rows = [row for row in self.rows if row]
        if len({len(row) for row in rows}) != 1:
            lengths = " and ".join(str(length) for length in dict.fromkeys(map(len, rows)))
            raise ExpressionError(f"rows of {lengths or 'no'} cells make no matrix", *span)
        if column:
            return self._listed([cell for row in rows for cell in row], span)
        return self._listed([self._listed(row, span) for row in rows], span)

    @property
    def columns(self) -> int:
        return max(map(len, self.rows))

    @property
    def lines(self) -> int:
        return sum(map(bool, self.rows))

    def _listed(self, parts: list[list[Piece]], span: Span) -> list[Piece]:
        found = [Piece("[", span)]
        for at, part in enumerate(parts):
            found += [*([Piece(", ", span)] if at else []), *part]
        return [*found, Piece("]", span)]
