"""Cells -> numbers, a column at a time: texts are classes and samples incomplete where that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphviz_backprop.data import limits, numerals
from graphviz_backprop.data.choices import CLASSES, DROP, LEAVE_OUT, ONE_HOT, Choices
from graphviz_backprop.data.mistakes import DataError, Offer, short
from graphviz_backprop.data.numerals import COMMA, MARKS, POINT, other_mark
from graphviz_backprop.language.names import normal

Column = npt.NDArray[np.float64]


class Table(dict[str, Column]):
    """The columns of a table by their names, all of one length, and what became of the rest of it."""

    def __init__(
        self,
        columns: Mapping[str, Column],
        classes: Mapping[str, Sequence[str]] | None = None,
        left_out: Sequence[str] = (),
        dropped: int = 0,
    ) -> None:
        super().__init__(columns)
        self.classes = dict(classes or {})
        """Of each column of texts that is read as classes, the texts for 0, 1, 2, …"""
        self.left_out = tuple(left_out)
        """The names of columns of texts that are left out."""
        self.dropped = dropped
        """How many samples are left out since something is missing in them."""


@dataclass(frozen=True)
class Cells:
    """What stands below the names: all columns are equally long and not empty."""

    names: Sequence[str]
    columns: Sequence[Sequence[str]]
    rows: Sequence[int]
    """The number of each row, as an editor counts them."""
    mark: str | None
    """The decimal mark, where the layout leaves no other."""
    choices: Choices

    def table(self) -> Table:
        """Raises DataError at the first cell that is no number, with the choices that would read it."""
        mark = self._mark()
        table = Table({})
        origins: list[int] = []
        for at, name in enumerate(self.names):
            choice = self._choice(at) if self._is_text(at) else None
            if choice == LEAVE_OUT:
                table.left_out += (name,)
                continue
            found = self._coded(at, choice, table) if choice else {name: self._numbers(at, mark)}
            for each, column in found.items():
                if each in table:
                    raise DataError(f"there are two columns named {each}", self.rows[0] - 1, at + 1)
                table[each] = column
                origins.append(at)
            limits.check_columns(len(table))
        if not table:
            raise DataError("every column is left out")
        return self._complete(table, origins)

    def _mark(self) -> str:
        """The decimal mark of all numbers."""
        if self.choices.decimal:
            return self.choices.decimal
        if self.mark:
            return self.mark
        mark, doubtful = numerals.decimal_mark(self.columns)
        if doubtful:
            column, row = doubtful
            raise self._two_readings(column, row)
        return mark or POINT

    def _two_readings(self, column: int, row: int) -> DataError:
        cell = self.columns[column][row]
        return self._wrong(
            f"{short(cell)} has two readings",
            column,
            row,
            *(
                self.choices.offer(f"{_shown(cell, mark)}, with decimal {MARKS[mark]}s", decimal=mark)
                for mark in MARKS
            ),
        )

    def _is_text(self, at: int) -> bool:
        """Whether the column holds texts alone: one number among them, and it is one with mistakes."""
        cells = set(self.columns[at])
        return not any(map(numerals.is_numeric, cells)) and not all(
            numerals.is_missing(cell, among_texts=False) for cell in cells
        )

    def _choice(self, at: int) -> str:
        """What becomes of a column of texts."""
        name, cells = self.names[at], self.columns[at]
        choice = self.choices.text_column(name)
        if choice == LEAVE_OUT:
            return choice
        texts = _texts(cells)
        leave_out = self._text_offer(f"Leave {name} out", at, LEAVE_OUT)
        first = next(row for row, cell in enumerate(cells) if not numerals.is_missing(cell, among_texts=True))
        if len(texts) > limits.MOST_CLASSES:
            many = f"{name} has {len(texts):,} different texts; up to {limits.MOST_CLASSES} can be classes"
            raise self._wrong(many, at, first, leave_out)
        if choice:
            return choice
        coded = ", ".join(f"{code} = {short(text)}" for code, text in enumerate(texts[:4]))
        more = ", …" if len(texts) > 4 else ""
        raise self._wrong(
            f"{short(cells[first])} is not a number",
            at,
            first,
            self._text_offer(f"Read {name} as classes: {coded}{more}", at, CLASSES),
            self._text_offer(
                f"Read {name} as {len(texts)} columns of 0 and 1, one for each text", at, ONE_HOT
            ),
            leave_out,
        )

    def _text_offer(self, label: str, at: int, word: str) -> Offer:
        return self.choices.offer(label, text_columns=self.choices.and_text_column(self.names[at], word))

    def _coded(self, at: int, choice: str, table: Table) -> dict[str, Column]:
        """A column of texts as numbers, NaN where a text is missing."""
        name, cells = self.names[at], self.columns[at]
        texts = _texts(cells)
        codes = {text: float(code) for code, text in enumerate(texts)}
        column = np.array([codes.get(cell, np.nan) for cell in cells])
        if choice == CLASSES:
            table.classes[name] = texts
            return {name: column}
        known = np.where(np.isnan(column), np.nan, 0.0)
        return {f"{name}_{normal(text)}": known + (column == code) for text, code in codes.items()}

    def _numbers(self, at: int, mark: str) -> Column:
        """The numbers of a column, NaN where one is missing."""
        cells = self.columns[at]
        found, no_number = numerals.numbers(cells, mark)
        for row in no_number:
            if not numerals.is_missing(cells[row], among_texts=False):
                raise self._no_number(at, row, mark)
        if np.isinf(found).any():
            row = int(np.argmax(np.isinf(found)))
            raise self._wrong(f"{short(cells[row])} is too large", at, row)
        self._check_percentages(at, no_number)
        return found

    def _no_number(self, at: int, row: int, mark: str) -> DataError:
        cell, other = self.columns[at][row], other_mark(mark)
        if not numerals.is_number(cell, other):
            return self._wrong(f"{short(cell)} is not a number", at, row)
        if self.mark and not self.choices.decimal:
            offer = self.choices.offer(f"Read the comma in {short(cell)} as a decimal comma", decimal=COMMA)
            return self._wrong(f"{short(cell)} has a comma, and commas separate the columns", at, row, offer)
        has, others = MARKS[other], MARKS[mark]
        return self._wrong(f"{short(cell)} has a {has}, and other numbers a {others}", at, row)

    def _check_percentages(self, at: int, missing: Sequence[int]) -> None:
        """All numbers of a column have a percent sign, or none has."""
        cells, left = self.columns[at], set(missing)
        signs = [cell.endswith("%") for cell in cells]
        if not any(signs):
            return
        known = [row for row in range(len(cells)) if row not in left]
        odd = next((row for row in known if signs[row] != signs[known[0]]), None)
        if odd is not None:
            has, others = ("a", "none") if signs[odd] else ("no", "one")
            cell = short(cells[odd])
            raise self._wrong(
                f"{cell} has {has} percent sign, and the numbers above it have {others}", at, odd
            )

    def _complete(self, table: Table, origins: Sequence[int]) -> Table:
        """The samples of a table in which nothing is missing, where that is chosen."""
        lacks = np.isnan(np.array(list(table.values())))
        whole = ~lacks.any(axis=0)
        count = int(np.count_nonzero(~whole))
        if not count:
            return table
        if self.choices.missing != DROP or count == whole.size:
            column, row = (int(place) for place in np.argwhere(lacks)[0])
            offers = () if count == whole.size else (self.choices.without_missing(count),)
            raise self._wrong("a number is missing", origins[column], row, *offers)
        kept = {name: column[whole] for name, column in table.items()}
        return Table(kept, table.classes, table.left_out, count)

    def _wrong(self, message: str, column: int, row: int, *offers: Offer) -> DataError:
        return DataError(message, self.rows[row], column + 1, offers)


def _texts(cells: Sequence[str]) -> list[str]:
    """The different texts of a column, in the order of the alphabet."""
    return sorted(cell for cell in set(cells) if not numerals.is_missing(cell, among_texts=True))


def _shown(cell: str, mark: str) -> str:
    return f"{numerals.number(cell, mark):.15g}"
