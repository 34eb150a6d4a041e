"""Text -> rows of cells: what a CSV file, a spreadsheet's clipboard or a Markdown table holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from graphviz_backprop.data import limits
from graphviz_backprop.data.choices import DROP, Choices
from graphviz_backprop.data.layout import BAR, BLANK, TAB, bar_cells, is_comment, is_rule
from graphviz_backprop.data.mistakes import DataError


class Row(NamedTuple):
    number: int
    """Counted from 1, as in an editor or a spreadsheet."""
    cells: list[str]


def rows(text: str, separator: str, choices: Choices) -> list[Row]:
    """The rows, all equally long, without the empty ones before and after them. Lines end in line feeds.

    Raises DataError where rows differ, or one is empty, and for more of them than the limits allow.
    """
    limits.check_lines(text)
    found: list[Row] = []
    total = 0
    for number, cells in _bars(text) if separator == BAR else _separated(text, separator):
        if found or any(cells):
            found.append(Row(number, cells))
            total += len(cells)
            limits.check(len(found) - 1, total, number)
    while found and not any(found[-1].cells):
        found.pop()
    if not found:
        raise DataError("this table is empty")
    limits.check_columns(len(found[0].cells))
    return _even(found, choices)


class _Lines:
    """The lines of a text but for comments.

    A quoted cell may go over several lines, and what looks like a comment in it is none: hence ``begin``,
    which the reader calls before each row.
    """

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text)
        self._number = 0
        self._fresh = True
        self.first = 1
        """The number of the row's first line."""

    def begin(self) -> None:
        self._fresh = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            self._number += 1
            limits.check_line(line, self._number)
            if self._fresh:
                if "#" in line and is_comment(line):
                    continue
                self._fresh, self.first = False, self._number
            return line
        raise StopIteration


def _separated(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    lines = _Lines(text)
    blank = separator == BLANK
    source = (line.strip(" \t\n") for line in lines) if blank else lines
    reader = csv.reader(source, delimiter=separator, strict=True, skipinitialspace=blank)
    try:
        for cells in reader:
            yield lines.first, [cell.strip() for cell in cells]
            lines.begin()
    except csv.Error as error:
        if "field larger" in str(error):
            many = f"a cell has more than {csv.field_size_limit():,} letters"
            raise DataError(many, lines.first) from None
        raise DataError("a quotation mark is not closed, or has text behind it", lines.first) from None


def _bars(text: str) -> Iterator[tuple[int, list[str]]]:
    seen = 0
    for number, line in enumerate(text.split("\n"), 1):
        if is_comment(line):
            continue
        seen += bool(line.strip())
        if not is_rule(line, seen):
            limits.check_line(line, number)
            yield number, bar_cells(line) if line.strip() else []


def _even(found: list[Row], choices: Choices) -> list[Row]:
    """The rows without the empty columns at the right that spreadsheets add; empty ones have empty cells."""
    width = len(found[0].cells)
    for at, (number, cells) in enumerate(found):
        if not any(cells):
            if choices.missing != DROP:
                raise DataError("this row is empty", number, offers=(choices.without_missing(),))
            found[at] = Row(number, [""] * width)
        elif len(cells) != width:
            raise _uneven(number, len(cells), width, choices)
    while all(not row.cells[width - 1] for row in found):
        width -= 1
    return found if width == len(found[0].cells) else [Row(row.number, row.cells[:width]) for row in found]


def _uneven(number: int, count: int, width: int, choices: Choices) -> DataError:
    message = f"{count} cell{'s' if count > 1 else ''} here, and {width} in the first row"
    one = choices.offer("One column: commas are a part of its numbers", separator=TAB)
    return DataError(message, number, min(count, width) + 1, (one,) if width == 1 and count == 2 else ())
