"""Small data sets, made by code from a seed or measured: columns of numbers by name.

``line`` has x and y; the others are points x1, x2 of two classes, y = 0 and y = 1. ``iris`` alone is
measured: petal length and width in cm, setosa (0) and the two other species (1), in an order made from
the seed.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import numpy.typing as npt

from graphviz_backprop.data.limits import MOST_ROWS

Column = npt.NDArray[np.float64]
Made = dict[str, Column]


def _line(random: np.random.Generator, n: int) -> Made:
    x = random.uniform(-1, 1, n)
    return {"x": x, "y": 2 * x + 0.5}


def _xor(random: np.random.Generator, n: int) -> Made:
    x1, x2 = random.uniform(-1, 1, (2, n))
    return {"x1": x1, "x2": x2, "y": 1.0 * (x1 * x2 < 0)}


def _moons(random: np.random.Generator, n: int) -> Made:
    y, angle = _classes(n), random.uniform(0, math.pi, n)
    side = 1 - 2 * y
    return {"x1": side * np.cos(angle) + y, "x2": side * np.sin(angle) + y / 2, "y": y}


def _circles(random: np.random.Generator, n: int) -> Made:
    y, angle = _classes(n), random.uniform(0, 2 * math.pi, n)
    radius = 1 - y / 2
    return {"x1": radius * np.cos(angle), "x2": radius * np.sin(angle), "y": y}


def _spiral(random: np.random.Generator, n: int) -> Made:
    y, radius = _classes(n), random.uniform(0, 1, n)
    angle = 3 * math.pi * radius + math.pi * y
    return {"x1": radius * np.cos(angle), "x2": radius * np.sin(angle), "y": y}


def _iris(random: np.random.Generator, n: int) -> Made:
    length, width, species = np.array(_measured()).T
    some = random.permutation(len(species))[:n]
    return {"x1": length[some], "x2": width[some], "y": 1.0 * (species[some] > 0)}


@functools.cache
def _measured() -> list[list[float]]:
    """Petal length, petal width and species of each flower."""
    lines = Path(__file__).with_name("iris.csv").read_text("utf-8").splitlines()
    table = [line for line in lines if not line.startswith("#")]
    return [[float(cell) for cell in line.split(",")[2:]] for line in table[1:]]


def _classes(n: int) -> Column:
    return np.arange(n, dtype=np.float64) % 2


SETS: Mapping[str, Callable[[np.random.Generator, int], Made]] = {
    "line": _line,
    "xor": _xor,
    "moons": _moons,
    "circles": _circles,
    "spiral": _spiral,
    "iris": _iris,
}
"""What makes each set, before noise."""

_NOISY: Mapping[str, tuple[str, ...]] = {"line": ("y",), "iris": ()}  # of all others x1 and x2


def make(name: str, n: int = 200, seed: int = 0, noise: float = 0.1) -> Made:
    """A set of n rows; iris has no more than 150. ``noise`` is the standard deviation of what is added to x1
    and x2, of the line to y; measured numbers get none.

    Raises ValueError for an unknown name, and for n or noise out of range.
    """
    if name not in SETS:
        close = get_close_matches(name.lower(), SETS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(SETS)}"
        raise ValueError(f"{name} is not a data set; {hint}")
    if not 1 <= n <= MOST_ROWS:
        raise ValueError(f"n is {n}, and should be from 1 to {MOST_ROWS:,}")
    if not (math.isfinite(noise) and noise >= 0):
        raise ValueError(f"noise is {noise}, and should be 0 or more")
    random = np.random.default_rng(seed)
    columns = SETS[name](random, n)
    noisy = _NOISY.get(name, ("x1", "x2"))
    return columns | {column: columns[column] + random.normal(0, noise, n) for column in noisy}
