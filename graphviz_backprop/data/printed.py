"""Lists and arrays as Python, NumPy and PyTorch print them -> rows of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from graphviz_backprop.data import limits, plain
from graphviz_backprop.data.grid import Row
from graphviz_backprop.data.layout import BLANK
from graphviz_backprop.data.mistakes import DataError, short
from graphviz_backprop.data.numerals import COMMA, POINT

_OPENED = re.compile(r"\s*(?:\w+\s*=\s*)?(?:(?:[A-Za-z]+\.)*(?:array|asarray|tensor|Tensor)\s*)?[\[(]")
_NAMED = re.compile(r"\s*\w+\s*=\s*")
_CALLED = re.compile(r"\s*(?:\w+\s*=\s*)?(?:[A-Za-z]+\.)*(?:array|asarray|tensor|Tensor)\s*\(")
_SCALAR = re.compile(r"\b(?:np|numpy)\.(?:float|int|uint|str|bool)\d*_?\(([^()]*)\)")  # as NumPy 2 prints one
_SETTING = re.compile(r",\s*(?:dtype|device|requires_grad|grad_fn)\s*=\s*(?:<[^<>]*>|'[^']*'|[\w.]+)")
_TOKEN = re.compile(r"""[\[\](),]|'[^'\n]*'|"[^"\n]*"|[^\s\[\](),'"]+|['"]""")
_PAIRS = {"[": "]", "(": ")"}


def is_printed(text: str) -> bool:
    return _OPENED.match(text) is not None and text.rstrip().endswith(("]", ")"))


def rows(text: str) -> list[Row]:
    """The rows, counted from 1: each inner list is one, and each number of a list that has no inner ones.

    Raises DataError for lists that are no table.
    """
    reader = _Reader()
    for token in _tokens(text):
        reader.take(token)
    return reader.finished()


def plain_columns(text: str) -> npt.NDArray[np.float64] | None:
    """The columns of a list of nothing but plain numbers, a column a row; None where it holds more."""
    body = " ".join(_bare(text).split())
    if set("()") & set(body) and set("[]") & set(body):
        return None
    between = COMMA if "," in body else BLANK
    if body.count(between) > limits.MOST_CELLS:
        return None
    if begun := re.match(r"[\[(] ?[\[(]", body):
        ended = re.search(r"[\])] ?,? ?[\])]$", body)
        if not ended:
            return None  # what is not closed is told with its place
        lines = re.split(r"[\])] ?,? ?[\[(]", body[begun.end() : ended.start()])
        return plain.columns("\n".join(lines), between, POINT)
    cells = [cell.strip() for cell in body[1:-1].split("," if between == COMMA else None)]
    return plain.columns("\n".join(cells), COMMA, POINT) if len(cells) > 1 else None


def _tokens(text: str) -> Iterator[str]:
    return (found[0] for found in _TOKEN.finditer(_bare(text)))


def _bare(text: str) -> str:
    """The list alone, without the call that makes an array of it."""
    called = _CALLED.match(text)
    if called:
        text = _SETTING.sub("", text[called.end() :]).rstrip().removesuffix(")")
    return _SCALAR.sub(r"\1", _NAMED.sub("", text, count=1) if _NAMED.match(text) else text).strip()


@dataclass
class _Reader:
    """Reads brackets, commas and cells from left to right."""

    done: list[Row] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    """The marks that close what is open."""
    depth: int = 0
    """How deep the cells are; 0 before the first one."""
    last: str = ""
    commas: bool | None = None
    """Whether commas stand between the cells, or blanks alone."""
    lists: int = 0
    total: int = 0

    def take(self, token: str) -> None:
        if token in _PAIRS:
            self._opens(token)
        elif token in "])":
            self._closes(token)
        elif token == ",":
            if self.last in {"", ",", *_PAIRS}:
                raise self._wrong("there is nothing before a comma")
        else:
            self._is_cell(token)
        self.last = token if token in "[]()," else "cell"

    def _opens(self, token: str) -> None:
        if self.cells or self.last == "cell":
            raise self._wrong("a list stands beside numbers")
        if len(self.open) == 2:
            raise self._wrong("lists are nested three deep, and a table is a list of lists")
        self.open.append(_PAIRS[token])

    def _closes(self, token: str) -> None:
        if not self.open or self.open.pop() != token:
            raise self._wrong(f"{token} closes nothing that is open")
        if self.cells or self.last in _PAIRS:
            if not self.cells:
                raise self._wrong("this list is empty")
            self._row_ends()

    def _row_ends(self) -> None:
        self.done.append(Row(len(self.done) + 1, self.cells))
        limits.check_columns(len(self.cells) if self.depth == 2 else 1)
        self.cells = []

    def _is_cell(self, token: str) -> None:
        if not self.open:
            raise self._wrong(f"{short(token)} stands outside of the list")
        if token in ("...", "…"):
            every = "numpy.set_printoptions(threshold=sys.maxsize) prints all of them"
            raise self._wrong(f"numbers are left out here; {every}")
        if self.depth not in (0, len(self.open)) or self.last in ("]", ")"):
            raise self._wrong("a number stands beside a list")
        self.depth = len(self.open)
        if self.last in (",", "cell"):
            comma = self.last == ","
            if self.commas not in (None, comma):
                raise self._wrong("there are commas between some numbers, and blanks alone between others")
            self.commas = comma
        quoted = token[0] in "'\"" and len(token) > 1
        self.cells.append(token[1:-1] if quoted else token)
        self.total += 1
        limits.check(len(self.done), self.total, len(self.done) + 1)

    def _wrong(self, message: str) -> DataError:
        flat = self.depth == 1 or not self.depth
        return DataError(message, len(self.done) + 1, None if flat else len(self.cells) + 1)

    def finished(self) -> list[Row]:
        if self.open:
            raise self._wrong("a bracket is not closed")
        if not self.done:
            raise DataError("this table is empty")
        if self.depth == 1 and len(self.done) == 1:
            cells = self.done[0].cells
            limits.check(len(cells), len(cells), len(cells))
            return [Row(number, [cell]) for number, cell in enumerate(cells, 1)]
        width = len(self.done[0].cells)
        for number, cells in self.done:
            if len(cells) != width:
                few = f"{len(cells)} cell{'s' if len(cells) > 1 else ''} here, and {width} in the first row"
                raise DataError(few, number, min(len(cells), width) + 1)
        return self.done
