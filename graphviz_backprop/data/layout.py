"""How the cells of a table are set apart: tabs, semicolons, commas, bars, blanks, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from graphviz_backprop.data.choices import Choices
from graphviz_backprop.data.mistakes import DataError, short
from graphviz_backprop.data.numerals import COMMA, POINT, is_number, is_numeric

TAB, SEMICOLON, BAR, BLANK = "\t", ";", "|", " "

_LOOKED_AT = 20  # lines: enough to tell one layout from another
_QUOTED = re.compile('"[^"]*"')
_WITHIN = re.compile(r"[\s,;|]")
# What a spreadsheet shows where a formula failed begins as a comment does.
_COMMENT = re.compile(r"\s*#(?!N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|[\t;,|])", re.IGNORECASE)
_RULE = re.compile(r"\|? *:?-+:? *(?:\| *:?-+:? *)*\|?")  # of a line without blanks around it
_FRAME = re.compile(r"\+[-=+:]+\+")


def is_comment(line: str) -> bool:
    return _COMMENT.match(line) is not None


def is_rule(line: str, number: int) -> bool:
    """Whether a line of a table with bars only draws it; the one below the names is the second."""
    line = line.strip()
    return _FRAME.fullmatch(line) is not None or (number == 2 and _RULE.fullmatch(line) is not None)


def bar_cells(line: str) -> list[str]:
    """The cells of a line of a Markdown table."""
    inside = line.strip().removeprefix("|")
    if inside.endswith("|") and not inside.endswith("\\|"):
        inside = inside[:-1]
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inside)]


def separator(text: str, choices: Choices) -> str:
    """What sets the cells apart. Raises DataError where blanks may do so or be a part of numbers."""
    if choices.separator:
        return choices.separator
    lines = list(islice(_lines(_QUOTED.sub(_unquoted, text[:100_000])), _LOOKED_AT))
    first = lines[0] if lines else ""
    if "|" in first and (first.lstrip().startswith("|") or (len(lines) > 1 and is_rule(lines[1], 2))):
        return BAR
    if _FRAME.fullmatch(first.strip()):
        return BAR
    for mark in (TAB, SEMICOLON):
        if mark in first:
            return mark
    if COMMA in first:
        return _comma_or_blank(lines, choices)
    if BAR in first:
        return BAR
    return _blank_or_none(lines, choices)


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if line.strip() and not is_comment(line))


def _unquoted(quoted: re.Match[str]) -> str:
    """A quoted cell without what could be taken for a separator."""
    return _WITHIN.sub("_", quoted[0][1:-1]) or "_"


def _comma_or_blank(lines: Sequence[str], choices: Choices) -> str:
    """1,5 2,5 are two numbers with decimal commas, or 1 and 5 with a mistake between them."""
    by_blanks = [line.split() for line in lines]
    if any(re.search(r",\s|\s,", line) for line in lines) or not _numeric(by_blanks):
        return COMMA
    by_commas = [line.split(",") for line in lines]
    if not _numeric(by_commas):
        return BLANK
    line = short(lines[-1].strip())
    raise DataError(
        f"in {line} the columns are separated by commas, or by blanks with decimal commas",
        offers=(
            choices.offer("Commas separate the columns", separator=COMMA),
            choices.offer("Blanks separate the columns", separator=BLANK),
        ),
    )


def _blank_or_none(lines: Sequence[str], choices: Choices) -> str:
    """1 200 is one number, or two; a name such as Petal length is one."""
    rows = [line.split() for line in lines]
    body = rows[1:] or rows
    if not rows or len({len(row) for row in rows}) > 1 or len(rows[0]) == 1:
        return COMMA
    if not all(any(map(is_numeric, row)) for row in body):
        return COMMA
    whole = [line.strip() for line in lines[1:] or lines]
    if not all(is_number(line, POINT) for line in whole):
        return BLANK
    cells = " and ".join(rows[-1])
    raise DataError(
        f"{short(whole[-1])} is one number, or a row of {len(rows[-1])}",
        offers=(
            choices.offer(f"One number, {''.join(rows[-1])}", separator=TAB),
            choices.offer(f"Columns, {cells}", separator=BLANK),
        ),
    )


def _numeric(rows: Sequence[Sequence[str]]) -> bool:
    """Whether all rows are equally long, two cells at least, and hold numbers below what may be names."""
    body = rows[1:] or rows
    return len({len(row) for row in rows}) == 1 < len(rows[0]) and all(
        is_numeric(cell.strip()) for row in body for cell in row
    )
