"""Text -> columns of numbers: files, what a spreadsheet puts on the clipboard, Markdown, lists and arrays.

Nothing is guessed: what has two readings is refused with both of them, and the error offers the choices.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphviz_backprop.data import grid, limits, plain, printed, regular
from graphviz_backprop.data.choices import Choices
from graphviz_backprop.data.columns import Cells, Table
from graphviz_backprop.data.grid import Row
from graphviz_backprop.data.layout import BAR, separator
from graphviz_backprop.data.mistakes import DataError
from graphviz_backprop.data.numerals import COMMA, POINT, is_numeric
from graphviz_backprop.language.names import normal


def read_table(
    text: str | bytes,
    *,
    separator: str | None = None,
    decimal: str | None = None,
    text_columns: str | Mapping[str, str] | None = None,
    missing: str | None = None,
) -> Table:
    """The columns of a table by their names; x1, x2, … where it has none.

    Cells may be set apart by tabs, semicolons, commas, bars (Markdown) or blanks; lines that begin with # are
    comments. A list or array as Python, NumPy or PyTorch prints it is a table without names. 12 % is 0.12.

    ``separator`` and ``decimal`` say what a table leaves open: 1,000 is 1000 with ``decimal="."`` and 1 with
    ``decimal=","``. ``text_columns`` is "classes" (0, 1, 2, … in the order of the alphabet), "one_hot" (for
    each text a column of 0 and 1) or "leave_out", or one of these for each column by its name.
    ``missing="drop"`` leaves out samples in which a number is missing.

    Raises DataError with row and column for what is not a table of numbers, and with the ``offers`` that
    would read it. The names are row 1, as in a spreadsheet. Raises ValueError for an unknown option.
    """
    limits.check_bytes(len(text))
    choices = Choices(separator, decimal, text_columns, missing)
    whole = (_decoded(text) if isinstance(text, bytes) else text).removeprefix("\ufeff")
    if "\r" in whole:
        whole = whole.replace("\r\n", "\n").replace("\r", "\n")
    if choices.separator is None and printed.is_printed(whole):
        found = None if choices.decimal else printed.plain_columns(whole)
        if found is not None:
            return Table({f"x{at}": column for at, column in enumerate(found, 1)})
        return _table(printed.rows(whole), POINT, choices)
    return _separated(whole, choices)


def _decoded(raw: bytes) -> str:
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError("this is not text in UTF-8", raw.count(b"\n", 0, error.start) + 1) from None


def _separated(text: str, choices: Choices) -> Table:
    between = separator(text, choices)
    mark = POINT if between == COMMA else None
    return (
        _plain(text, between, choices)
        or _regular(text, between, mark, choices)
        or _table(grid.rows(text, between, choices), mark, choices)
    )


def _plain(text: str, between: str, choices: Choices) -> Table | None:
    """Names and plain numbers, which most large tables are."""
    first, _, rest = text.rstrip("\n").partition("\n")
    if between == BAR or choices.decimal or not first.strip() or '"' in first or "#" in first:
        return None
    limits.check_line(first, 1)
    row = grid.rows(first, between, choices)[0]
    names = _names(row)
    found = plain.columns(rest if names else text, between)
    if found is None or len(found) != len(row.cells):
        return None
    return Table(dict(zip(names or _numbered(row), found, strict=True)))


def _regular(text: str, between: str, mark: str | None, choices: Choices) -> Table | None:
    """Names and cells, as many in each line."""
    found = regular.cut(text, between)
    if not found:
        return None
    first = Row(found.numbers[0], [column[0] for column in found.columns])
    names = _names(first)
    if not names:
        return Cells(_numbered(first), found.columns, found.numbers, mark, choices).table()
    if len(found.numbers) == 1:
        return None
    return Cells(names, [column[1:] for column in found.columns], found.numbers[1:], mark, choices).table()


def _table(rows: list[Row], mark: str | None, choices: Choices) -> Table:
    names = _names(rows[0])
    body = rows[1:] if names else rows
    if not body:
        raise DataError("there are no numbers below the names", rows[0].number + 1)
    columns = list(zip(*(row.cells for row in body), strict=True))
    numbers = [row.number for row in body]
    return Cells(names or _numbered(rows[0]), columns, numbers, mark, choices).table()


def _numbered(row: Row) -> list[str]:
    return [f"x{at}" for at in range(1, len(row.cells) + 1)]


def _names(row: Row) -> list[str]:
    """The names in the first row, as the language compares them: x₁ is x1. None where it has numbers."""
    if any(map(is_numeric, row.cells)):
        return []
    names: list[str] = []
    for at, cell in enumerate(map(normal, row.cells), 1):
        if not cell:
            raise DataError("this column has no name", row.number, at)
        if cell in names:
            raise DataError(f"there are two columns named {cell}", row.number, at)
        names.append(cell)
    return names
