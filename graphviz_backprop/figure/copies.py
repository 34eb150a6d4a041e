"""A figure for another document: its size, colours and ground, one step of it, or without its numbers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphviz_backprop.explain.steps import Step, steps
from graphviz_backprop.figure import theme
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.figure.names import escape
from graphviz_backprop.figure.svg import Figure, grounded, texts_of
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.graph import CONST, Graph

THEMES = ("auto", "light", "dark")
BACKGROUNDS = ("paper", "transparent")

SCALES = (0.1, 20.0)
SIZES = (16.0, 20_000.0)
DPI = (36.0, 1_200.0)
"""Between which numbers a scale, a width or height in pixels and a density lie."""

BLANK = "____"
"""Stands for a number that is left out, to be filled in."""

USUAL_DPI = 192.0

UNITS = 96.0
"""Units of a figure an inch."""

MOST_PIXELS = 10_000_000
"""Of a picture. What nobody has sized gets fewer pixels a unit where it would have more."""

_SIZE = re.compile(r'( width=")[\d.]+(" height=")[\d.]+(")')
_EMPTY = re.compile(
    r'<text class="[^"]*"[^>]*><tspan class="caption">[^<]*</tspan><tspan[^>]*></tspan></text>'
)


# An edge that no number has reached yet is whole: the piece that its texts would stand on is drawn.
_UNREACHED = re.compile(r'(<g class="texts[^>]*>\s*<path class=")bridge(?="[^>]*/>\s*</g>)')


@dataclass(frozen=True)
class Look:
    """How a figure goes into another document.

    ``theme`` is one of :data:`THEMES`; ``auto`` is what its reader prefers, where the format knows of that,
    else light. ``width`` and ``height`` in pixels hold instead of ``scale``; with both, the figure fits into
    them. ``frame`` is a step of both passes, counted from 0: the numbers that are known by then, and what it
    is about is marked; -1, and the figure is whole. Without ``numbers``, blanks stand for what is computed.
    """

    theme: str = "auto"
    background: str = "paper"
    numbers: bool = True
    frame: int = -1
    scale: float = 1.0
    width: float | None = None
    height: float | None = None

    def __post_init__(self) -> None:
        _among("theme", self.theme, THEMES)
        _among("background", self.background, BACKGROUNDS)
        _between("scale", self.scale, SCALES)
        _between("width", self.width, SIZES)
        _between("height", self.height, SIZES)

    def factor(self, figure: Figure) -> float:
        """How many pixels a unit of the figure gets."""
        ratios = [
            wanted / own
            for wanted, own in ((self.width, figure.width), (self.height, figure.height))
            if wanted is not None
        ]
        return min(ratios) if ratios else self.scale


Fields = Mapping[str, Any]


def copy(
    figure: Figure,
    fields: Fields,
    shown: Graph | Fold,
    look: Look,
    *,
    plain: bool = False,
    told: Sequence[Step] | None = None,
) -> str:
    """A complete SVG file. ``plain`` is CSS that converters know: of one theme. Its steps are
    those of the graph, unless others are ``told``.

    Raises ValueError for a step that there is not.
    """
    step = None
    if look.frame >= 0:
        step, fields = at_step(steps(shown) if told is None else told, fields, look.frame)
    if not look.numbers:
        fields = blanked(shown.graph if isinstance(shown, Fold) else shown, fields)
    markup = fill(figure.file(_style(look, plain)), fields)
    if step:
        markup = _EMPTY.sub("", _marked(markup, step))
        markup = _UNREACHED.sub(r"\1wire", markup)
    markup = _cleared(markup, figure) if look.background == "transparent" else grounded(markup)
    factor = look.factor(figure)
    if factor == 1:
        return markup
    width, height = (f"{factor * size:.2f}".rstrip("0").rstrip(".") for size in (figure.width, figure.height))
    return _SIZE.sub(rf"\g<1>{width}\g<2>{height}\g<3>", markup, count=1)


def at_step(all_steps: Sequence[Step], fields: Fields, frame: int) -> tuple[Step, dict[str, Any]]:
    """The step, and the numbers as far as it has come: what is later has none yet. Raises ValueError."""
    # What a step shows does not depend on how the gradient's numerator is called.
    if not all_steps:
        raise ValueError("this graph has no steps")
    if frame >= len(all_steps):
        raise ValueError(
            f"there is no step {frame:,}: the steps of this graph are 0 to {len(all_steps) - 1:,}"
        )
    return all_steps[frame], _reached(fields, all_steps[frame + 1 :])


def blanked(graph: Graph, fields: Fields) -> Fields:
    """Blanks for all numbers but the program's own constants; what has no number keeps none."""
    written = {f"{node.id}.value" for node in graph.nodes if node.op == CONST}
    written |= {
        f"{node.id}.{at}.value"
        for node in graph.nodes
        for at, child in enumerate(node.args)
        if graph.nodes[child].op == CONST
    }
    return {name: number if number is None or name in written else BLANK for name, number in fields.items()}


def density(figure: Figure, look: Look, dpi: float | None) -> float:
    """The pixels a unit of the copy's own size. Raises ValueError where a picture so dense would be huge."""
    _between("dpi", dpi, DPI)
    scale = (dpi or USUAL_DPI) / UNITS
    width, height = (look.factor(figure) * scale * size for size in (figure.width, figure.height))
    sized = dpi is not None or look.factor(figure) != 1
    # What is just allowed is not refused for its last digits.
    if sized and width * height > 1.001 * MOST_PIXELS:
        raise ValueError(
            f"a picture of {width:,.0f} × {height:,.0f} pixels is too large: it can have {MOST_PIXELS:,}; "
            "a smaller size or dpi, or SVG or PDF, which have no pixels"
        )
    return scale


def _reached(fields: Fields, later: Sequence[Step]) -> dict[str, Any]:
    return {**fields, **dict.fromkeys(field for step in later for field in step.shows)}


def _style(look: Look, plain: bool) -> str:
    if look.theme == "auto" and not plain:
        return theme.themed()
    return theme.flat(dark=look.theme == "dark")


def _marked(markup: str, step: Step) -> str:
    """What the step is about, as the page marks it: figure.css has the classes."""
    markup = _with_class(markup, "node", step.current, "current")
    markup = _with_class(markup, "node", [used for used in step.uses if used not in step.current], "used")
    return _with_class(markup, "edge", step.through, "current")


def _with_class(markup: str, kind: str, keys: Iterable[str], name: str) -> str:
    for key in keys:
        place = re.compile(rf'(<g class="{kind}[^"]*)(" data-{kind}="{re.escape(escape(key))}")')
        markup = place.sub(rf"\1 {name}\2", markup)
    return markup


_LINES = re.compile(r'(?:<g class="edge.*?</g>)+', re.S)
_PAPER = re.compile(r'<rect class="paper"[^>]*/>')


def _cleared(markup: str, figure: Figure) -> str:
    """Without paper: behind the texts on edges, lines are left out, so that these can be read."""
    markup = _PAPER.sub("", markup, count=1)
    boxes = "".join(
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width}" height="{height}" fill="#000"/>'
        for x, y, width, height in texts_of(markup)
    )
    if not boxes:
        return markup
    # Several figures may stand in one document: the mask is this one's.
    name = f"clear-{hashlib.sha256(boxes.encode()).hexdigest()[:10]}"
    extent = f'x="0" y="0" width="{figure.width:.1f}" height="{figure.height:.1f}"'
    mask = f'<mask id="{name}" maskUnits="userSpaceOnUse" {extent}><rect {extent} fill="#fff"/>{boxes}</mask>'
    return _LINES.sub(lambda lines: f'{mask}<g mask="url(#{name})">{lines[0]}</g>', markup, count=1)


def _among(name: str, given: str, names: Sequence[str]) -> None:
    if given not in names:
        raise ValueError(f"{name} is {given!r}, not one of {', '.join(names)}")


def _between(name: str, given: float | None, ends: tuple[float, float]) -> None:
    if given is not None and not ends[0] <= given <= ends[1]:
        raise ValueError(f"{name} is {given:g}; it can be from {ends[0]:g} to {ends[1]:g}")
