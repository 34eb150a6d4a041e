"""A number as a cell of a table writes it, with a decimal point or a decimal comma.

Digits may stand in groups of three, set apart by blanks, apostrophes or the mark that is not the decimal one:
1,000 has two readings, 1000 and 1.0, and which one holds is a matter of the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

POINT, COMMA = ".", ","
MARKS = {POINT: "point", COMMA: "comma"}
"""What may be a decimal mark, and its name."""

_BLANKS = " \u00a0\u2009\u202f"
_APART = f"'’{_BLANKS}"


def _pattern(mark: str) -> re.Pattern[str]:
    mark, other = re.escape(mark), re.escape(other_mark(mark))
    grouped = rf"[1-9][0-9]{{0,2}}([{other}{_APART}])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:{mark}[0-9]*)?"
    plain = rf"[0-9]+(?:{mark}[0-9]*)?|{mark}[0-9]+"
    return re.compile(rf"[+\-−]?(?:{grouped}|{plain})(?:[eE][+\-−]?[0-9]+|[{_BLANKS}]?%)?")


def other_mark(mark: str) -> str:
    return COMMA if mark == POINT else POINT


def _as_python(mark: str) -> dict[int, str | None]:
    """What each sign becomes where Python reads the number."""
    apart = dict.fromkeys([other_mark(mark), *_APART])
    return str.maketrans({**apart, mark: ".", "−": "-", "%": "e-2"})


_PATTERNS: Mapping[str, re.Pattern[str]] = {mark: _pattern(mark) for mark in MARKS}
_TO_PYTHON: Mapping[str, dict[int, str | None]] = {mark: _as_python(mark) for mark in MARKS}
_TWO_READINGS = re.compile(r"[+\-−]?[1-9][0-9]{0,2}[.,][0-9]{3}(?:[eE][+\-−]?[0-9]+|\s?%)?")
_MISSING = {"", "?", "na", "n/a", "#n/a", "nan"}
_NO_NUMBER = {*_MISSING, "-", "null", "none"}  # in a column of texts these could be a class
_INFINITE = {"inf", "infinity", "∞"}


def is_number(cell: str, mark: str) -> bool:
    return _PATTERNS[mark].fullmatch(cell) is not None


def is_missing(cell: str, among_texts: bool) -> bool:
    return cell.lower() in (_MISSING if among_texts else _NO_NUMBER)


def is_numeric(cell: str) -> bool:
    """Whether it is a number in some writing, or infinite, which is none of a table's."""
    return any(is_number(cell, mark) for mark in MARKS) or cell.lower().lstrip("+-−") in _INFINITE


def number(cell: str, mark: str) -> float:
    """What the cell says with this decimal mark; infinite where it is too large. 1 % is 0.01."""
    return float(cell.translate(_TO_PYTHON[mark]))


def numbers(cells: Sequence[str], mark: str) -> tuple[npt.NDArray[np.float64], list[int]]:
    """The numbers of a column, NaN where a cell is none, and the places of those."""
    no_number = [at for at, found in enumerate(map(_PATTERNS[mark].fullmatch, cells)) if not found]
    if no_number:
        cells = list(cells)
        for at in no_number:
            cells[at] = "nan"
    text = "\n".join(cells).translate(_TO_PYTHON[mark])
    return np.array(list(map(float, text.split("\n")))), no_number


def decimal_mark(columns: Iterable[Sequence[str]]) -> tuple[str | None, tuple[int, int] | None]:
    """The decimal mark of a table: that of the first number which has one reading alone.

    Where no number has, None, and the place (column, row) of the first that has two.
    """
    doubtful = None
    for column, cells in enumerate(columns):
        for row, cell in enumerate(cells):
            if not ("," in cell or "." in cell):
                continue
            if _TWO_READINGS.fullmatch(cell):
                doubtful = doubtful or (column, row)
                continue
            found = [mark for mark in MARKS if is_number(cell, mark)]
            if len(found) == 1:
                return found[0], None
    return None, doubtful
