"""The state of the page, which is its URL. Each field of :class:`State` is the one row of its parameter.

``tools/generate.py`` writes the same rows to ``static/state/table.js``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, cast
from urllib.parse import quote

from graphviz_backprop.language import tensor
from graphviz_backprop.language.numerals import FEWEST, MOST, USUAL
from graphviz_backprop.language.pasted.dialects import NAMES as DIALECTS
from graphviz_backprop.language.shapes import Misfit
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.web.asked.kinds import (
    COUNT,
    FINITE,
    NONE,
    NUMBER,
    PERCENT,
    POSITIVE,
    TEXT,
    Kind,
    choice,
    nodes,
    panes,
    plain,
    shown,
    subset,
)
from graphviz_backprop.web.asked.limits import LIMITS

PROGRAM = "(4*x+1)^2"
VALUE, MIN, MAX, STEP = 1.0, -5.0, 5.0, 0.1
VIEWS = ("tree", "graph")
PANES = ("graph", "network", "plot", "training", "nodes", "data", "practice")
DIRECTIONS = ("up", "right")
PANELS = ("paths", "nudge", "forward", "formula", "sides", "heat", "slope", "follow")
WAYS = ("gradient", "ones", "random")
INDICES = ("jk", "kj", "jkL", "kjL")


class Mistake(ValueError):
    """A parameter that can't be read: which one, and why."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.message = message


@dataclass(frozen=True)
class Parameter:
    """A row: the name in the URL, how its text is read, what holds where it is absent, and what it is.

    A name that ends with a dot stands for a family, one member for each variable. ``change`` says what a
    change of it is to the browser's history: ``text`` (typing: a burst is one entry), ``choice`` (an entry)
    or ``number`` (none). ``remakes`` says what of it the server's parts depend on: its ``value``, its
    ``presence`` (whether it is the default), or ``nothing``; of a ``picture`` the figure alone depends.
    ``control``: the form has one for it, at least at times. ``undone``: a change of it alone is a step that
    can be undone; else it is where one looks.
    """

    name: str
    field: str
    kind: Kind
    default: Any
    about: str
    change: str
    remakes: str
    control: bool
    undone: bool = True

    @property
    def family(self) -> bool:
        return self.name.endswith(".")


def _row(
    kind: Kind,
    default: Any,
    about: str = "",
    change: str = "choice",
    remakes: str = "nothing",
    control: bool = False,
    undone: bool = True,
) -> Any:
    row = {"kind": kind, "default": default, "about": about, "change": change}
    more = {"remakes": remakes, "control": control, "undone": undone}
    return field(default=default, metadata={**row, **more})


def _family(kind: Kind, default: float, about: str = "", name: str = "") -> Any:
    row = {"kind": kind, "default": default, "about": about, "change": "number"}
    return field(default_factory=dict, metadata={**row, "remakes": "nothing", "control": True, "name": name})


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

    expr: str = _row(TEXT, PROGRAM, "the program", "text", "value", True)
    dialect: str = _row(
        choice("auto", *DIALECTS),
        "auto",
        "what the program is written in: the language (own) or another; auto, and it is recognised",
        "choice",
        "value",
    )
    view: str = _row(choice(*VIEWS), VIEWS[0], "", "choice", "value", True)
    open: str = _row(
        nodes(LIMITS.opened),
        "",
        'what is opened: composite nodes and groups, ids with commas between them, or "all"',
        "choice",
        "picture",
    )
    shut: str = _row(
        nodes(LIMITS.opened), "", 'groups that are closed: ids with commas, or "all"', "choice", "picture"
    )
    focus: str = _row(
        nodes(LIMITS.opened),
        "",
        'the part that alone is shown: "x" is what lies between x and the output, "to:c" what c depends on',
        "choice",
        "picture",
        undone=False,
    )
    constants: str = _row(
        choice("shown", "hidden"),
        "shown",
        "whether constants have boxes of their own",
        "choice",
        "picture",
        undone=False,
    )
    dir: str = _row(choice(*DIRECTIONS), DIRECTIONS[0], "where the output stands", "choice", "value", True)
    seed: float = _row(NUMBER, 1.0, "the gradient that comes in at the output", "number", "presence", True)
    digits: str = _row(
        choice(*map(str, range(FEWEST, MOST + 1))),
        str(USUAL),
        "significant digits of the numbers that are shown",
        "choice",
        "value",
        True,
        False,
    )
    frame: int = _row(
        COUNT,
        -1,
        "where the step-by-step player stands; -1, and everything is shown",
        "number",
        "presence",
        True,
        False,
    )

    panels: str = _row(
        subset(*PANELS), NONE, "the explanations that are open, with commas between them", "number"
    )
    about: str = _row(
        TEXT,
        "",
        "what is chosen: a variable, a node, an edge such as c.0, or a cell such as W[0,1]",
        "choice",
        control=True,
        undone=False,
    )
    h: float = _row(NUMBER, 0.01, "the nudge", "number", "nothing", True)
    along: str = _row(
        choice(*WAYS),
        WAYS[0],
        "the direction in which a tensor is nudged: along its gradient, all cells alike, or a random one",
        control=True,
    )
    drawn: int = _row(COUNT, 0, "the seed of a random direction", "number", control=True)

    panes: str = _row(panes(*PANES), PANES[0], "what stands in the middle of the page: one pane or two")
    full: str = _row(
        choice(NONE, *PANES), NONE, "the pane that has the window for itself", "number", undone=False
    )
    split: int = _row(
        COUNT, 50, "how much of the width the first of two panes has, in percent", "number", undone=False
    )
    inspector: str = _row(
        choice("auto", "open", "shut"),
        "auto",
        "auto: it is open beside one pane, shut beside two",
        "number",
        undone=False,
    )
    aside: int = _row(
        COUNT, 0, "the inspector's width in pixels; 0, and it is chosen", "number", undone=False
    )
    tab: str = _row(
        choice("auto", "variables", "program", "explain", "pane"),
        "auto",
        "on a small screen, what stands below the figure; auto: what the address asks for beside it",
        "number",
        undone=False,
    )
    plot: str = _row(TEXT, "", 'what is plotted: "x" or "x,y"; "", and it is chosen')
    box: str = _row(TEXT, "", 'what the plot shows: "left,right,bottom,top"; "", and it is chosen', "number")

    optimizer: str = _row(TEXT, "gd", "with commas between them, where several race")
    rate: float = _row(FINITE, 0.0, "the learning rate; 0, and one is chosen")
    hyper: str = _row(TEXT, "", 'the optimizer\'s settings: "beta1:0.8,…"')
    steps: int = _row(COUNT, 100, "how many the descent has")
    params: str = _row(TEXT, "", 'what the descent moves, with commas; "", and nobody chose')
    k: int = _row(COUNT, -1, "the step of the descent that is shown; -1, and there is none", "number")

    data: str = _row(TEXT, "", 'a set: "moons,200,0,0.1" (name, samples, seed, noise); "own" for a table')
    table: str = _row(TEXT, "", "the text of an own table, where it is short")
    read: str = _row(TEXT, "", 'how it is read, where it leaves that open: "missing:drop,…"')
    bind: str = _row(TEXT, "", 'columns and their variables, where names differ: "a:x1,…"')
    hold: int = _row(PERCENT, 0, "of a hundred samples, so many that are held out, to be tested on")
    row: int = _row(COUNT, -1, "the sample that is shown, from 0; -1 for the average", "number")
    batch: int = _row(COUNT, 0, "samples a step; 0 for all")
    order: int = _row(COUNT, 0, "the seed of the samples' order; -1, and they stay as they stand")

    weight: str = _row(TEXT, "", "the weight, bias or neuron that is derived", "choice", "value")
    unfold: str = _row(TEXT, "", "what of its derivation is unfolded: neurons with commas", "choice", "value")
    index: str = _row(
        choice(*INDICES),
        INDICES[0],
        'the order of a weight\'s indices, with "L" behind it where layers count from the last one',
        "choice",
        "value",
    )
    layers: str = _row(
        TEXT, "", "blocks of the network that are opened: layers with commas", "choice", "value"
    )

    pin: str = _row(
        TEXT, "", "variables that are pinned: constants, with commas between them", "choice", "value"
    )

    hide: str = _row(
        TEXT,
        "",
        'numbers that are hidden, to be found: "gradients,partials,values,path:x,from:7,c.0.flow,W[0].total"',
        "choice",
        "value",
        undone=False,
    )

    practise: str = _row(
        choice("off", "on"), "off", "whether hidden numbers are asked for, in the figure, too", undone=False
    )
    ask: str = _row(
        TEXT,
        "",
        'which of the hidden numbers are asked for, as hide has it: "gradients"; "", and all are',
        "choice",
        "value",
        undone=False,
    )
    names: str = _row(
        choice("", "tree", "graph"),
        "",
        'the view whose nodes hide and ask name; "", and it is the one that is shown',
        "number",
        undone=False,
    )
    task: str = _row(
        TEXT,
        "",
        'what is practised: "exercise:neuron:7", "hunt:shared:3", "grade"; "" for the program',
    )
    lock: str = _row(
        TEXT, "", "variables that nobody can move on the page, with commas between them", undone=False
    )

    present: str = _row(choice("off", "on"), "off", "whether it is shown to an audience", undone=False)

    at: Mapping[str, float] = _family(NUMBER, VALUE, "values by variable")
    min: Mapping[str, float] = _family(FINITE, MIN, "ends of the sliders, where they were chosen")
    max: Mapping[str, float] = _family(FINITE, MAX)
    step: Mapping[str, float] = _family(POSITIVE, STEP)
    start: Mapping[str, float] = _family(
        FINITE, VALUE, "where the descent began", "from"
    )  # a keyword in Python

    # No parameter, but what the program says: where its variables start.
    starts: Mapping[str, float] = field(default_factory=dict)
    # And among how many a variable chooses that is a class or an index.
    choices: Mapping[str, int] = field(default_factory=dict)

    def shows(self, *panes: str) -> bool:
        """Whether one of these panes stands there."""
        return any(pane in self.panes.split(",") for pane in panes)

    @property
    def figure(self) -> str:
        """What the figure's own pane shows: the graph, or the network where that stands without it."""
        return "network" if self.shows("network") and not self.shows("graph") else "graph"

    @property
    def has_both(self) -> bool:
        """Whether a network stands beside its graph."""
        return self.shows("network") and self.shows("graph")

    @property
    def program_view(self) -> str:
        """The view of the graph itself: networks are drawn from the one that merges what is equal."""
        return "graph" if self.shows("network") else self.view

    @property
    def opened_layers(self) -> tuple[int, ...]:
        """The numbers of the network's layers that are opened into neurons."""
        named = (raw for raw in self.layers.split(",") if re.fullmatch(r"[0-9]{1,2}", raw))
        return tuple(sorted(set(map(int, named))))

    tensors: Mapping[str, Tensor] = field(default_factory=dict)  # where at.W is a list

    def without(self, names: Iterable[str]) -> State:
        """The state without values for these variables."""
        gone = {*names}
        at = {name: value for name, value in self.at.items() if name not in gone}
        tensors = {name: value for name, value in self.tensors.items() if name not in gone}
        return replace(self, at=at, tensors=tensors)

    def begun(self, starts: Mapping[str, float]) -> State:
        """The state of a program that lets these variables start at numbers of its own."""
        return replace(self, starts=starts)

    def value(self, name: str) -> float:
        return self.at.get(name, self.starts.get(name, VALUE))

    def values(self, names: Iterable[str]) -> dict[str, float]:
        return {name: self.value(name) for name in names}

    @property
    def pins(self) -> tuple[str, ...]:
        """The names of the variables that are pinned."""
        names = (unicodedata.normalize("NFKC", name.strip()) for name in self.pin.split(","))
        return tuple(sorted({name for name in names if name}))

    def slider(self, name: str) -> Slider:
        value = self.value(name)
        among = self.choices.get(name)
        least, most, step = (0.0, among - 1.0, 1.0) if among else (MIN, MAX, STEP)
        ends = [self.min.get(name, least), self.max.get(name, most)]
        if math.isfinite(value):
            ends.append(value)
        return Slider(name, value, min(ends), max(ends), self.step.get(name, step))

    def query(self, variables: Iterable[str]) -> str:
        """The canonical query: the order of the table, the program's own variables, no defaults."""
        names = tuple(dict.fromkeys((*variables, *self.pins)))  # a pinned one keeps its value
        pairs = [pair for parameter in PARAMETERS for pair in self._pairs(parameter, names)]
        return "&".join(f"{quote(name, safe='.')}={quote(value, safe=_UNQUOTED)}" for name, value in pairs)

    def _pairs(self, parameter: Parameter, variables: tuple[str, ...]) -> Iterable[tuple[str, str]]:
        if not parameter.family:
            value = getattr(self, parameter.field)
            if value != parameter.default:
                yield parameter.name, value if isinstance(value, str) else plain(value)
            return
        family = getattr(self, parameter.field)
        for name in variables:
            if name in self.tensors and parameter.field == "at":
                yield parameter.name + name, self.tensors[name].written()
                continue
            usual = self.starts.get(name, VALUE) if parameter.field == "at" else parameter.default
            if name in family and family[name] != usual:
                yield parameter.name + name, plain(family[name])


# What a query may hold as it is; the rest is escaped. The same set is in url.js.
_UNQUOTED = "!*(),;:@/?^$"


def _parameters() -> Iterable[Parameter]:
    for own in fields(State):
        row = dict(own.metadata)
        if not row:
            continue
        name = row.pop("name", None)
        yield Parameter(name=own.name if name is None else f"{name or own.name}.", field=own.name, **row)


PARAMETERS = tuple(_parameters())
_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
# The number box of a form without JavaScript: it holds, unless it is empty.
_BY_NAME["set."] = _BY_NAME["at."]


def read(pairs: Iterable[tuple[str, str]]) -> tuple[State, list[Mistake]]:
    """The state that the pairs of a query give, and what could not be read in them.

    Tolerant: what can't be read is left at its default, what isn't known is ignored, and where a
    name comes twice the last one holds.
    """
    found: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for name, raw in sorted(_today(list(pairs)), key=_is_box):
        parameter, variable = _named(name)
        if parameter is None or (raw.strip() == "" and parameter.name != "expr"):
            continue
        if parameter.field == "at" and raw.lstrip().startswith("["):
            _read_tensor(name, variable, raw, found, mistakes)
            continue
        try:
            value = parameter.kind.read(raw)
        except ValueError as fault:
            mistakes.append(Mistake(name, f"{shown(name)} {fault}."))
            continue
        if parameter.family:
            cast(dict[str, float], found.setdefault(parameter.field, {}))[variable] = cast(float, value)
        else:
            found[parameter.field] = value
    return State(**found), mistakes


def _read_tensor(name: str, variable: str, raw: str, found: dict[str, Any], mistakes: list[Mistake]) -> None:
    """A list of numbers: the value of a variable that is a tensor."""
    try:
        found.setdefault("tensors", {})[variable] = tensor.read(raw)
    except Misfit as misfit:
        mistakes.append(Mistake(name, f"{shown(name)} is “{shown(raw)}”: {misfit}."))


# What stood beside the graph on earlier pages, by its side.
_BESIDE = {"plot": "plot", "data": "data", "network": "training"}


def _today(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of an address as it is written today: a side and the view of a network are panes."""
    said = dict(pairs)
    network = said.get("view") == "network"
    beside = _BESIDE.get(said.get("side", ""))
    wide = "wide" in said.get("panels", "").split(",")
    if not (network or beside or wide):
        return pairs
    figure = "network" if network else "graph"
    asked = said.get("panes") or ",".join([figure, beside] if beside else [figure])
    if network:
        asked = ",".join("network" if pane == "graph" else pane for pane in asked.split(","))
    kept = [(name, "graph" if network and name == "view" else raw) for name, raw in pairs if name != "panes"]
    return [*kept, ("panes", asked), *([("full", figure)] if wide and "full" not in said else [])]


def _is_box(pair: tuple[str, str]) -> bool:
    """Boxes are read after the sliders, wherever they stand."""
    return pair[0].startswith("set.")


def _named(name: str) -> tuple[Parameter | None, str]:
    """The row of a parameter's name, and the variable that it speaks of."""
    head, dot, variable = name.partition(".")
    if dot and not variable:
        return None, ""
    # The language reads names so, too: x₁ is x1.
    return _BY_NAME.get(head + dot), unicodedata.normalize("NFKC", variable)
