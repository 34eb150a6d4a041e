"""The dialects, one row each, in the order in which a text is tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from graphviz_backprop.language.pasted import javascript, latex, mathml, python, spreadsheet
from graphviz_backprop.language.pasted.converted import Converted

OWN = "own"


class Dialect(NamedTuple):
    """``name`` is what programs call it, ``title`` what people do.

    ``recognise`` takes a text that is no program of the language, and says at a glance whether it is this
    dialect; ``convert`` raises ExpressionError at the place of what it can't convert.
    """

    name: str
    title: str
    recognise: Callable[[str], bool]
    convert: Callable[[str], Converted]


DIALECTS = (
    Dialect("mathml", "MathML", mathml.recognise, mathml.convert),
    Dialect("spreadsheet", "a spreadsheet's formula", spreadsheet.recognise, spreadsheet.convert),
    Dialect("latex", "LaTeX", latex.recognise, latex.convert),
    Dialect("javascript", "JavaScript", javascript.recognise, javascript.convert),
    Dialect("python", "Python", python.recognise, python.convert),
)

NAMES = (OWN, *(dialect.name for dialect in DIALECTS))


def recognised(text: str) -> Dialect | None:
    """The dialect of a text that is no program of the language."""
    return next((dialect for dialect in DIALECTS if dialect.recognise(text)), None)


def named(name: str) -> Dialect:
    """The row of a name. Raises ValueError for an unknown one."""
    for dialect in DIALECTS:
        if dialect.name == name:
            return dialect
    raise ValueError(f"dialect is {name!r}, not one of {', '.join(NAMES)}")
