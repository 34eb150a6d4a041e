"""Text -> columns of numbers: CSV files, and what a spreadsheet puts on the clipboard.

Tabs, semicolons or commas between cells; decimal points or decimal commas; with or without names in the
first row.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graphviz_backprop.language.names import normal

MOST_BYTES = 50_000_000
"""How long a text may be."""
MOST_ROWS = 1_000_000
"""How many rows it may have below the first."""
MOST_COLUMNS = 1_000
"""And how many columns."""

_SEPARATORS = "\t;,"  # the first of these that the first line holds
_NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_QUOTED = re.compile('"[^"]*"')
_MISSING = {"", "-", "?", "na", "n/a", "#n/a", "nan", "null", "none"}


class DataError(ValueError):
    """A mistake in a table: ``message``, and where it is, ``row`` and ``column`` counted from 1."""

    def __init__(self, message: str, row: int | None = None, column: int | None = None) -> None:
        place = [f"{word} {at}" for word, at in (("row", row), ("column", column)) if at]
        super().__init__(f"{', '.join(place)}: {message}" if place else message)
        self.message = message
        self.row = row
        self.column = column


class _Row(NamedTuple):
    number: int
    cells: list[str]


def read_table(text: str | bytes) -> dict[str, npt.NDArray[np.float64]]:
    """The columns of a table by their names; x1, x2, … where it has none.

    Raises DataError with row and column for what is not a table of numbers. Rows are counted as in an
    editor or a spreadsheet: the names are row 1.
    """
    if len(text) > MOST_BYTES:
        raise DataError(f"this table has {len(text):,} bytes; {MOST_BYTES:,} are read")
    rows = _even(_rows(_decoded(text) if isinstance(text, bytes) else text))
    named = not any(_NUMBER.fullmatch(cell) for cell in rows[0].cells)
    names = _names(rows[0]) if named else [f"x{at}" for at in range(1, len(rows[0].cells) + 1)]
    body = rows[named:]
    if not body:
        raise DataError("there are no numbers below the names", rows[0].number + 1)
    texts = ["\n".join([row.cells[at] for row in body]) for at in range(len(names))]
    mark = _decimal_mark(texts)
    return {name: _column(body, at, texts[at], mark) for at, name in enumerate(names)}


def _decoded(raw: bytes) -> str:
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError("this is not text in UTF-8", raw.count(b"\n", 0, error.start) + 1) from None


def _rows(text: str) -> list[_Row]:
    """The rows without the empty ones before and after them."""
    text = text.removeprefix("\ufeff").rstrip("\r\n")
    first = _QUOTED.sub("", text.lstrip("\r\n").replace("\r", "\n", 1).partition("\n")[0])
    separator = next((mark for mark in _SEPARATORS if mark in first), ",")
    if first.count(separator) >= MOST_COLUMNS:
        raise DataError(f"this table has more than {MOST_COLUMNS:,} columns")
    rows = list(_read(text, separator))
    while rows and not any(rows[-1].cells):
        rows.pop()
    start = next((at for at, row in enumerate(rows) if any(row.cells)), 0)
    if not rows:
        raise DataError("this table is empty")
    return rows[start:]


def _read(text: str, separator: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for count, cells in enumerate(reader):
            if count > MOST_ROWS:
                raise DataError(f"this table has more than {MOST_ROWS:,} rows", number)
            yield _Row(number, [cell.strip() for cell in cells])
            number = reader.line_num + 1
    except csv.Error:
        raise DataError("a quotation mark is not closed, or has text behind it", number) from None


def _even(rows: list[_Row]) -> list[_Row]:
    """The rows, which are equally long, without the empty columns at the right that spreadsheets add."""
    width = len(rows[0].cells)
    for number, cells in rows:
        if not any(cells):
            raise DataError("this row is empty", number)
        if len(cells) != width:
            at = min(len(cells), width) + 1
            wrong = f"{len(cells)} cell{'s' if len(cells) > 1 else ''} here, and {width} in the first row"
            raise DataError(wrong, number, at)
    while all(not row.cells[width - 1] for row in rows):
        width -= 1
    return rows if width == len(rows[0].cells) else [_Row(row.number, row.cells[:width]) for row in rows]


def _names(row: _Row) -> list[str]:
    """The names in the first row, as the language compares them: x₁ is x1."""
    names: list[str] = []
    for at, cell in enumerate(map(normal, row.cells), 1):
        if not cell:
            raise DataError("this column has no name", row.number, at)
        if cell in names:
            raise DataError(f"there are two columns named {cell}", row.number, at)
        names.append(cell)
    return names


def _decimal_mark(texts: Sequence[str]) -> str:
    """A comma where a number has one and none has a point."""
    return "," if any("," in text for text in texts) and not any("." in text for text in texts) else "."


def _column(rows: Sequence[_Row], at: int, text: str, mark: str) -> npt.NDArray[np.float64]:
    """The numbers of a column. Python reads them fast; what it may take wrongly is looked at one by one."""
    try:
        column = np.array(list(map(float, text.replace(mark, ".").split("\n"))))
        if len(column) == len(rows) and "_" not in text and np.all(np.isfinite(column)):
            return column
    except ValueError:
        pass
    return np.array([_number(row, at, mark) for row in rows])


def _number(row: _Row, at: int, mark: str) -> float:
    cell = row.cells[at].replace("−", "-")
    if not _NUMBER.fullmatch(cell):
        problem = "a number is missing" if cell.lower() in _MISSING else f"{_short(cell)} is not a number"
        raise DataError(problem, row.number, at + 1)
    if mark == "." and "," in cell:
        raise DataError(f"{_short(cell)} has a comma, and other numbers a point", row.number, at + 1)
    number = float(cell.replace(",", "."))
    if not math.isfinite(number):
        raise DataError(f"{_short(cell)} is too large", row.number, at + 1)
    return number


def _short(cell: str) -> str:
    return cell if len(cell) <= 30 else f"{cell[:29]}…"
