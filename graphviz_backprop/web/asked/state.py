"""The state of the page, which is its URL: one table of parameters, read and written.

``static/state/url.js`` is the browser's half; both read the addresses in
``tests/support/urls.json``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote

PROGRAM = "(4*x+1)^2"
VALUE, MIN, MAX, STEP = 1.0, -5.0, 5.0, 0.1
VIEWS = ("tree", "graph", "network")
SIDES = ("explain", "plot", "data", "network")
DIRECTIONS = ("up", "right")
PANELS = ("nodes", "paths", "nudge", "forward", "formula", "sides", "heat", "slope", "follow", "wide")

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}


class Mistake(ValueError):
    """A parameter that can't be read: which one, and why."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.message = message


def plain(number: float) -> str:
    """The shortest text that reads back as the number, as in JavaScript: ``1``, not ``1.0``."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e15:
        return "-0" if number == 0 and math.copysign(1, number) < 0 else str(int(number))
    return repr(number)


def _text(raw: str) -> str:
    return raw


CLOSED = "-"
"""Nothing is opened: an unscripted form's button can't say so with an empty text, which counts as absent."""


def _opened(raw: str) -> str:
    return "" if raw == CLOSED else raw


def _choice(*names: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw not in names:
            raise ValueError(f"is “{shown(raw)}”; it can be {' or '.join(names)}")
        return raw

    return read


def _panels(raw: str) -> str:
    """Names of panels in their order, with commas between them; what is none is left out."""
    named = raw.split(",")
    return ",".join(name for name in PANELS if name in named) or "none"


def _number(raw: str) -> float:
    raw = raw.strip()
    if raw in _NON_FINITE:
        return _NON_FINITE[raw]
    if not _NUMBER.fullmatch(raw):
        raise ValueError(f"is “{shown(raw)}”, which is not a number")
    return float(raw)


def _finite(raw: str) -> float:
    number = _number(raw)
    if not math.isfinite(number):
        raise ValueError(f"is “{shown(raw)}”; it must be a finite number")
    return number


def _count(raw: str) -> int:
    number = _finite(raw)
    if number != int(number) or not -1 <= number <= 1e6:
        raise ValueError(f"is “{shown(raw)}”; it must be a whole number from -1 up")
    return int(number)


def _positive(raw: str) -> float:
    number = _finite(raw)
    if number <= 0:
        raise ValueError(f"is “{shown(raw)}”; it must be greater than 0")
    return number


def shown(raw: str) -> str:
    """What was given, short enough for a message."""
    return raw if len(raw) <= 40 else raw[:39] + "…"


# What can't be a name in Python.
_FIELDS = {"from.": "start"}


@dataclass(frozen=True)
class Parameter:
    """One row: the name in the URL, how its text is read, and what holds where it is absent.

    A name that ends with a dot stands for a family, one member for each variable.
    """

    name: str
    read: Callable[[str], Any]
    default: Any

    @property
    def family(self) -> bool:
        return self.name.endswith(".")

    @property
    def field(self) -> str:
        """The field of :class:`State` that holds it."""
        return _FIELDS.get(self.name, self.name.rstrip("."))


PARAMETERS = (
    Parameter("expr", _text, PROGRAM),
    Parameter("view", _choice(*VIEWS), VIEWS[0]),
    # Composite nodes that are opened into their definitions: ids with commas between them, or "all".
    Parameter("open", _opened, ""),
    Parameter("dir", _choice(*DIRECTIONS), DIRECTIONS[0]),
    Parameter("seed", _number, 1.0),
    # Where the step-by-step player stands: -1, and everything is shown.
    Parameter("frame", _count, -1),
    # The explanations that are open, what they are about (a variable or a node), and the nudge.
    Parameter("panels", _panels, "nodes"),
    Parameter("about", _text, ""),
    Parameter("h", _number, 0.01),
    # The side that is open, what is plotted ("x" or "x,y") and where ("left,right,bottom,top").
    Parameter("side", _choice(*SIDES), SIDES[0]),
    Parameter("plot", _text, ""),
    Parameter("box", _text, ""),
    # The descent: optimizers with commas between them, their settings ("beta1:0.8,…"), what moves, the
    # step that is shown.
    Parameter("optimizer", _text, "gd"),
    Parameter("rate", _finite, 0.1),
    Parameter("hyper", _text, ""),
    Parameter("steps", _count, 100),
    Parameter("params", _text, ""),
    Parameter("k", _count, -1),
    # The rows: a set ("moons,200,0,0.1") or "own" with its text, what its columns are, the row shown
    # (-1: their average), rows a step (0: all), the seed of their order (-1: as they stand).
    Parameter("data", _text, ""),
    Parameter("table", _text, ""),
    Parameter("bind", _text, ""),
    Parameter("row", _count, -1),
    Parameter("batch", _count, 0),
    Parameter("order", _count, 0),
    # The network: the weight or neuron that is derived, what of it is unfolded, the order of indices,
    # opened layers.
    Parameter("weight", _text, ""),
    Parameter("unfold", _text, ""),
    Parameter("index", _choice("jk", "kj", "jkL", "kjL"), "jk"),
    Parameter("layers", _text, ""),
    Parameter("at.", _number, VALUE),
    Parameter("min.", _finite, MIN),
    Parameter("max.", _finite, MAX),
    Parameter("step.", _positive, STEP),
    # Where the descent began.
    Parameter("from.", _finite, VALUE),
)
_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
# The number box of a form without JavaScript: it holds, unless it is empty.
_BY_NAME["set."] = _BY_NAME["at."]


@dataclass(frozen=True)
class Slider:
    """A variable's value and the range of its slider, wide enough to hold the value."""

    name: str
    value: float
    min: float
    max: float
    step: float

    @property
    def notch(self) -> str:
        """The ``step`` attribute that lets an unscripted form send the value back unchanged."""
        steps = (self.value - self.min) / self.step
        aligned = math.isfinite(steps) and math.isclose(steps, round(steps), abs_tol=1e-6)
        return plain(self.step) if aligned else "any"


@dataclass(frozen=True)
class State:
    """Everything that a user sees, as far as it can be chosen."""

    expr: str = PROGRAM
    view: str = VIEWS[0]
    open: str = ""
    dir: str = DIRECTIONS[0]
    seed: float = 1.0
    frame: int = -1
    panels: str = "nodes"
    about: str = ""
    h: float = 0.01
    side: str = SIDES[0]
    plot: str = ""
    box: str = ""
    optimizer: str = "gd"
    rate: float = 0.1
    hyper: str = ""
    steps: int = 100
    params: str = ""
    k: int = -1
    data: str = ""
    table: str = ""
    bind: str = ""
    row: int = -1
    batch: int = 0
    order: int = 0
    weight: str = ""
    unfold: str = ""
    index: str = "jk"
    layers: str = ""
    at: Mapping[str, float] = field(default_factory=dict)
    min: Mapping[str, float] = field(default_factory=dict)
    max: Mapping[str, float] = field(default_factory=dict)
    step: Mapping[str, float] = field(default_factory=dict)
    start: Mapping[str, float] = field(default_factory=dict)

    @property
    def program_view(self) -> str:
        """The view of the graph itself: networks are drawn from the one that merges what is equal."""
        return "graph" if self.view == "network" else self.view

    @property
    def opened_layers(self) -> tuple[int, ...]:
        """The numbers of the network's layers that are opened into neurons."""
        named = (raw for raw in self.layers.split(",") if re.fullmatch(r"[0-9]{1,2}", raw))
        return tuple(sorted(set(map(int, named))))

    def value(self, name: str) -> float:
        return self.at.get(name, VALUE)

    def values(self, names: Iterable[str]) -> dict[str, float]:
        return {name: self.value(name) for name in names}

    def slider(self, name: str) -> Slider:
        value = self.value(name)
        ends = [self.min.get(name, MIN), self.max.get(name, MAX)]
        if math.isfinite(value):
            ends.append(value)
        return Slider(name, value, min(ends), max(ends), self.step.get(name, STEP))

    def query(self, variables: Iterable[str]) -> str:
        """The canonical query: the order of the table, the program's own variables, no defaults."""
        names = tuple(variables)
        pairs = [pair for parameter in PARAMETERS for pair in self._pairs(parameter, names)]
        return "&".join(f"{quote(name, safe='.')}={quote(value, safe=_UNQUOTED)}" for name, value in pairs)

    def _pairs(self, parameter: Parameter, variables: tuple[str, ...]) -> Iterable[tuple[str, str]]:
        if not parameter.family:
            value = getattr(self, parameter.field)
            if value != parameter.default:
                yield parameter.name, value if isinstance(value, str) else plain(value)
            return
        family = self.values(variables) if parameter.name == "at." else getattr(self, parameter.field)
        for name in variables:
            if name in family and family[name] != parameter.default:
                yield parameter.name + name, plain(family[name])


# What a query may hold as it is; the rest is escaped. The same set is in url.js.
_UNQUOTED = "!*(),;:@/?^$"


def read(pairs: Iterable[tuple[str, str]]) -> tuple[State, list[Mistake]]:
    """The state that the pairs of a query give, and what could not be read in them.

    Tolerant: what can't be read is left at its default, what isn't known is ignored, and where a
    name comes twice the last one holds.
    """
    found: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for name, raw in sorted(pairs, key=_is_box):
        parameter, variable = _row(name)
        if parameter is None or (raw.strip() == "" and parameter.name != "expr"):
            continue
        try:
            value = parameter.read(raw)
        except ValueError as fault:
            mistakes.append(Mistake(name, f"{shown(name)} {fault}."))
            continue
        if parameter.family:
            cast(dict[str, float], found.setdefault(parameter.field, {}))[variable] = value
        else:
            found[parameter.field] = value
    return State(**found), mistakes


def _is_box(pair: tuple[str, str]) -> bool:
    """Boxes are read after the sliders, wherever they stand."""
    return pair[0].startswith("set.")


def _row(name: str) -> tuple[Parameter | None, str]:
    """The row of a parameter's name, and the variable that it speaks of."""
    head, dot, variable = name.partition(".")
    if dot and not variable:
        return None, ""
    # The language reads names so, too: x₁ is x1.
    return _BY_NAME.get(head + dot), unicodedata.normalize("NFKC", variable)
