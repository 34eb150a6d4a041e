"""How large a table may be."""

from __future__ import annotations

from graphviz_backprop.data.mistakes import DataError

MOST_BYTES = 50_000_000
"""How long a text may be."""
MOST_ROWS = 1_000_000
"""How many samples it may have."""
MOST_COLUMNS = 1_000
"""And how many columns."""
MOST_CELLS = 10_000_000
"""Samples times columns."""
MOST_LINES = 2_000_000
"""Rows, and what is none: comments, empty lines."""
MOST_LETTERS = 1_000_000
"""How long a line may be."""
MOST_CLASSES = 100
"""How many different texts a column may have that stand for classes."""


def check_bytes(size: int) -> None:
    if size > MOST_BYTES:
        raise DataError(f"this table has {size:,} bytes; {MOST_BYTES:,} are read")


def check_lines(text: str) -> None:
    lines = text.count("\n") + 1
    if lines > MOST_LINES:
        raise DataError(f"this table has {lines:,} lines; {MOST_LINES:,} are read")


def check_line(line: str, row: int) -> None:
    if len(line) > MOST_LETTERS:
        raise DataError(f"this line has {len(line):,} letters; {MOST_LETTERS:,} are read", row)


def check_columns(columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise DataError(f"this table has more than {MOST_COLUMNS:,} columns")


def check(rows: int, cells: int, row: int) -> None:
    """How much is read so far: samples, cells in all of them, and the last row's number."""
    if rows > MOST_ROWS:
        raise DataError(f"this table has more than {MOST_ROWS:,} samples", row)
    if cells > MOST_CELLS:
        raise DataError(f"this table has more than {MOST_CELLS:,} cells", row)
