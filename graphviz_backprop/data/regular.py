"""A table with as many cells in each line: cut at once, not line by line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import NamedTuple

from graphviz_backprop.data import limits
from graphviz_backprop.data.layout import BAR, BLANK, is_comment, is_rule

_LONGEST = 100_000  # letters of a line: the reader of longer ones has limits of its own


class Cut(NamedTuple):
    numbers: Sequence[int]
    """Of the rows, counted from 1, as in an editor or a spreadsheet."""
    columns: list[list[str]]
    """Their cells, those of the first row among them."""


def cut(text: str, separator: str) -> Cut | None:
    """The cells of a text; None where it is not regular, which says nothing of a mistake.

    Where there are cells, they are those that :func:`grid.rows` gives. Lines end in line feeds.
    """
    if separator == BLANK or "\0" in text or text.count("\n") > limits.MOST_LINES:
        return None
    lines = text.rstrip("\n").split("\n")
    first = next((at for at, line in enumerate(lines) if not is_comment(line)), 0)
    numbers: Sequence[int] = range(first + 1, len(lines) + 1)
    lines = lines[first:]
    if any("#" in line or len(line) > _LONGEST for line in lines):
        return None
    if separator == BAR:
        numbers = [numbers[0], *numbers[2:]]
        columns = _plain(_within_bars(lines), separator)
    else:
        columns = (_quoted if '"' in text else _plain)(lines, separator)
    return Cut(numbers, columns) if columns and _is_full(columns) else None


def _within_bars(lines: list[str]) -> list[str]:
    """The lines of a Markdown table without the bars around them; none where they are not drawn so."""
    if len(lines) < 2 or not is_rule(lines[1], 2):
        return []
    inner = [line.strip() for line in (lines[0], *lines[2:])]
    if any(len(line) < 2 or line[0] + line[-1] != "||" or "\\" in line for line in inner):
        return []
    return [line[1:-1] for line in inner]


def _plain(lines: list[str], separator: str) -> list[list[str]]:
    """The cells of equally long lines without quotes; none where they differ."""
    width = lines[0].count(separator) + 1 if lines else 0
    if not _fits(width, len(lines)) or any(line.count(separator) != width - 1 for line in lines):
        return []
    cells = [cell.strip() for cell in separator.join(lines).split(separator)]
    return [cells[at::width] for at in range(width)]


def _quoted(lines: list[str], separator: str) -> list[list[str]]:
    """The cells of equally long lines, some in quotes; none where they differ, or one goes over several."""
    if not _fits(lines[0].count(separator) + 1, len(lines)):
        return []
    try:
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return []
    if len(rows) != len(lines) or len(set(map(len, rows))) > 1:
        return []
    return [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]


def _fits(columns: int, rows: int) -> bool:
    return (
        columns <= limits.MOST_COLUMNS
        and rows <= limits.MOST_ROWS + 1
        and columns * rows <= limits.MOST_CELLS
    )


def _is_full(columns: list[list[str]]) -> bool:
    """Whether there is something in each row, and in the last column."""
    return any(columns[-1]) and all(map(any, zip(*columns, strict=True)))
