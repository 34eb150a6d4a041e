"""How the text of a parameter is read. ``static/state/url.js`` has the same readers, by the same names."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphviz_backprop.language.constants import NoNumber, constant

NONE = "none"
"""No name of a subset: an empty text counts as absent."""
CLOSED = "-"
"""No node of a list, for the same reason: an unscripted form's button can't send an empty text."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}


@dataclass(frozen=True)
class Kind:
    """A kind of value: its reader's name, the names that it can be, and the greatest number or length."""

    name: str
    names: tuple[str, ...] = ()
    most: int = 0

    def read(self, raw: str) -> str | float:
        """The value of a text. Raises ValueError; its message follows the parameter's name."""
        return _READERS[self.name](raw, self)


def plain(number: float) -> str:
    """The shortest text that reads back as the number, as in JavaScript: ``1``, not ``1.0``."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e15:
        return "-0" if number == 0 and math.copysign(1, number) < 0 else str(int(number))
    return repr(number)


def shown(raw: str) -> str:
    """What was given, short enough for a message."""
    return raw if len(raw) <= 40 else raw[:39] + "…"


def _text(raw: str, kind: Kind) -> str:
    return raw


def _choice(raw: str, kind: Kind) -> str:
    if raw not in kind.names:
        raise ValueError(f"is “{shown(raw)}”; it can be {' or '.join(kind.names)}")
    return raw


def _subset(raw: str, kind: Kind) -> str:
    named = raw.split(",")
    return ",".join(name for name in kind.names if name in named) or NONE


def _panes(raw: str, kind: Kind) -> str:
    named = [name for name in dict.fromkeys(raw.split(",")) if name in kind.names]
    if not named:
        raise ValueError(f"is “{shown(raw)}”; it can be one or two of {', '.join(kind.names)}")
    return ",".join(named[: kind.most])


def _nodes(raw: str, kind: Kind) -> str:
    if raw == CLOSED:
        return ""
    if raw.count(",") >= kind.most:
        raise ValueError(f"names {raw.count(',') + 1:,} nodes; it can name {kind.most:,}")
    return raw


def _number(raw: str, kind: Kind) -> float:
    raw = raw.strip()
    if raw in _NON_FINITE:
        return _NON_FINITE[raw]
    if _NUMBER.fullmatch(raw):
        return float(raw)
    try:
        return constant(raw)
    except NoNumber:
        raise ValueError(f"is “{shown(raw)}”, which is not a number") from None


def _finite(raw: str, kind: Kind) -> float:
    number = _number(raw, kind)
    if not math.isfinite(number):
        raise ValueError(f"is “{shown(raw)}”; it must be a finite number")
    return number


def _count(raw: str, kind: Kind) -> int:
    number = _finite(raw, kind)
    if number != int(number) or not -1 <= number <= kind.most:
        raise ValueError(f"is “{shown(raw)}”; it must be a whole number from -1 to {kind.most:,}")
    return int(number)


def _positive(raw: str, kind: Kind) -> float:
    number = _finite(raw, kind)
    if number <= 0:
        raise ValueError(f"is “{shown(raw)}”; it must be greater than 0")
    return number


_READERS: Mapping[str, Callable[[str, Kind], str | float]] = {
    "text": _text,
    "choice": _choice,
    "subset": _subset,
    "nodes": _nodes,
    "panes": _panes,
    "number": _number,
    "finite": _finite,
    "count": _count,
    "positive": _positive,
}

TEXT = Kind("text")
NUMBER = Kind("number")
FINITE = Kind("finite")
COUNT = Kind("count", most=1_000_000)
PERCENT = Kind("count", most=90)
POSITIVE = Kind("positive")


def choice(*names: str) -> Kind:
    """One of these names."""
    return Kind("choice", names)


def subset(*names: str) -> Kind:
    """Some of these names in their order, with commas between them; what is none of them is left out."""
    return Kind("subset", names)


def nodes(most: int) -> Kind:
    """So many ids of nodes at most, with commas between them."""
    return Kind("nodes", most=most)


def panes(*names: str) -> Kind:
    """One or two of these names, in the order in which they are named."""
    return Kind("panes", names, most=2)
