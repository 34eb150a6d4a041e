"""What the card of the descent shows: what moves, the optimizers' names and settings, updates with fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from graphviz_backprop.descent.optimizers import ROWS, Optimizer, symbol
from graphviz_backprop.language.printers import mathml_with_fields

_TITLES = {
    "gd": "Gradient descent",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "adagrad": "AdaGrad",
}


@dataclass(frozen=True)
class Update:
    """A line of an update: its formula, and the same with numbers and their result."""

    formula: Markup
    numbers: Markup


@dataclass(frozen=True)
class Shown:
    """An optimizer as the page shows it."""

    name: str
    title: str
    lines: tuple[Update, ...]


@dataclass(frozen=True)
class Setting:
    """A box for a setting: its name, its sign in the formulas, and the optimizers that have it."""

    name: str
    sign: Markup
    defaults: tuple[tuple[str, float], ...]


@cache
def optimizers() -> tuple[Shown, ...]:
    return tuple(Shown(row.name, _TITLES.get(row.name, row.name), _lines(row)) for row in ROWS)


@cache
def settings() -> tuple[Setting, ...]:
    names = dict.fromkeys(name for row in ROWS for name in row.settings if name != "rate")
    return tuple(
        Setting(
            name,
            _math(symbol(name)),
            tuple((row.name, row.settings[name]) for row in ROWS if name in row.settings),
        )
        for name in names
    )


def _lines(row: Optimizer) -> tuple[Update, ...]:
    return tuple(_line(row, at) for at in range(len(row.lines)))


def _line(row: Optimizer, at: int) -> Update:
    sign, formula = row.tex()[at]
    place = f"update.{row.name}.{at}"
    numbers = row.tex(lambda name: f"⟨({place}.{name})⟩")[at][1]
    return Update(
        _math(rf"{sign} \leftarrow {formula}"),
        _math(rf"= {numbers} = ⟨{place}.next⟩"),
    )


def _math(tex: str) -> Markup:
    return Markup(mathml_with_fields(tex))
