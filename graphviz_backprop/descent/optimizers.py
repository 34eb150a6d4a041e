"""The table of optimizers: one row each, its update written in the app's own language.

A row's lines are worked out from top to bottom; each gives a new number to the name on its left. ``w`` is a
parameter, ``g`` the gradient ∂loss/∂w, the other names are the row's state and settings. Updates, names and
defaults are PyTorch's; ``rate`` is its ``lr``. *The formula that is shown is the formula that is computed*.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from graphviz_backprop.engine.columns import ARRAY
from graphviz_backprop.engine.functions import function
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.printers import TEX, in_one, tex_name

SYMBOLS: Mapping[str, str] = {
    "rate": r"\alpha ",
    "momentum": r"\mu ",
    "alpha": r"\rho ",  # PyTorch's name in RMSprop; elsewhere α is the rate
    "beta1": r"\beta_{1}",
    "beta2": r"\beta_{2}",
    "eps": r"\epsilon ",
    "weight_decay": r"\lambda ",
    "mhat": r"\hat{m}",
    "vhat": r"\hat{v}",
}
"""How the names in formulas are written in LaTeX, where that is not the name itself."""

Numbers = Mapping[str, Any]
"""Floats, or arrays with one number for each parameter, by name."""


def symbol(name: str) -> str:
    """A name of a formula in LaTeX."""
    return SYMBOLS.get(name, tex_name(name))


@dataclass(frozen=True)
class Optimizer:
    """One row: its settings with their defaults, the names of its state, the lines of its update."""

    name: str
    settings: Mapping[str, float]
    state: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    scales: bool = False
    """Whether its steps grow with the gradient, and so may overshoot."""

    def start(self) -> dict[str, Any]:
        """The state before the first step: zeros."""
        return dict.fromkeys(self.state, 0.0)

    def step(self, w: Any, g: Any, state: Numbers, settings: Numbers) -> tuple[Any, dict[str, Any]]:
        """The parameter and the state after one step. Nothing that is given changes."""
        done = {name: number for name, _, number in self.work(w, g, state, settings)}
        return done["w"], {name: done[name] for name in self.state}

    def work(
        self, w: Any, g: Any, state: Numbers, settings: Numbers
    ) -> Iterator[tuple[str, dict[str, Any], Any]]:
        """One step line by line: the name that is set, the numbers that its formula reads, the result."""
        now = {**settings, **state, "w": w, "g": g}
        for name, formula in self.lines:
            names, compute = _function(formula)
            read = {given: now[given] for given in names}
            now[name] = compute(*read.values())
            yield name, read, now[name]

    def tex(self, write: Callable[[str], str] = symbol) -> list[tuple[str, str]]:
        """The lines in LaTeX: what is set, and its formula with every name as ``write`` writes it."""
        return [(symbol(name), _tex(formula, write)) for name, formula in self.lines]

    def complete(self, given: Mapping[str, float]) -> dict[str, float]:
        """All settings: those given, and the defaults of the rest.

        Raises ValueError for one that the row does not have, and for a number that PyTorch refuses.
        """
        for name, number in given.items():
            if name not in self.settings:
                raise ValueError(f"{self.name} has no {name}; it has {', '.join(self.settings)}")
            if not (math.isfinite(number) and number >= 0):
                raise ValueError(f"{name} is {number}, and should be 0 or more")
            if name in ("beta1", "beta2") and number >= 1:
                raise ValueError(f"{name} is {number}, and should be less than 1")
        return {**self.settings, **{name: float(number) for name, number in given.items()}}


def _tex(formula: str, write: Callable[[str], str]) -> str:
    return in_one(parse_row(formula, "tree"), TEX._replace(name=write)).text


@functools.cache
def _function(formula: str) -> tuple[tuple[str, ...], Callable[..., Any]]:
    """The names in a formula, and the formula as a function of them."""
    names = parse_row(formula).variables
    return names, function(formula, names, ARRAY)


_ADAM = (
    ("t", "t + 1"),
    ("m", "beta1 * m + (1 - beta1) * g"),
    ("v", "beta2 * v + (1 - beta2) * g^2"),
    ("mhat", "m / (1 - beta1^t)"),
    ("vhat", "v / (1 - beta2^t)"),
    ("w", "w - rate * mhat / (sqrt(vhat) + eps)"),
)
_BETAS = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}

ROWS = (
    Optimizer("gd", {"rate": 1e-3}, (), (("w", "w - rate * g"),), scales=True),
    Optimizer(
        "momentum",
        {"rate": 1e-3, "momentum": 0.9},
        ("b",),
        (("b", "momentum * b + g"), ("w", "w - rate * b")),
        scales=True,
    ),
    Optimizer(
        "nesterov",
        {"rate": 1e-3, "momentum": 0.9},
        ("b",),
        (("b", "momentum * b + g"), ("w", "w - rate * (g + momentum * b)")),
        scales=True,
    ),
    Optimizer(
        "rmsprop",
        {"rate": 1e-2, "alpha": 0.99, "eps": 1e-8},
        ("v",),
        (("v", "alpha * v + (1 - alpha) * g^2"), ("w", "w - rate * g / (sqrt(v) + eps)")),
    ),
    Optimizer("adam", {"rate": 1e-3, **_BETAS}, ("t", "m", "v"), _ADAM),
    Optimizer(
        "adamw",
        {"rate": 1e-3, **_BETAS, "weight_decay": 1e-2},
        ("t", "m", "v"),
        (("w", "w - rate * weight_decay * w"), *_ADAM),
    ),
    Optimizer(
        "adagrad",
        {"rate": 1e-2, "eps": 1e-10},
        ("s",),
        (("s", "s + g^2"), ("w", "w - rate * g / (sqrt(s) + eps)")),
    ),
)

OPTIMIZERS: Mapping[str, Optimizer] = {row.name: row for row in ROWS}
"""Every row by its name."""


def find(name: str) -> Optimizer:
    """The row of this name. Raises ValueError with the nearest name for one that is not known."""
    if name in OPTIMIZERS:
        return OPTIMIZERS[name]
    close = get_close_matches(name.lower(), OPTIMIZERS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(OPTIMIZERS)}"
    raise ValueError(f"{name} is not an optimizer; {hint}")
