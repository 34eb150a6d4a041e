"""Small data sets, made by code from a seed or measured: columns of numbers by name.

``line`` has x and y; the others are points x1, x2 of two classes, y = 0 and y = 1. Three are measured, in an
order made from the seed: ``iris``, petal length and width in cm, setosa (0) and the two other species (1);
``flowers``, all four lengths and widths of the same irises and their species, 0, 1 or 2; ``digits``, pictures
of 8×8 pixels from 0 to 16, x1 to x64, and the digit that was written. What is not taken of them is held out.
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


def _iris() -> Made:
    *_, length, width, species = _irises().T
    return {"x1": length, "x2": width, "y": 1.0 * (species > 0)}


def _flowers() -> Made:
    return _table(_irises())


def _digits() -> Made:
    rows = [[*(ord(pixel) - ord("a") for pixel in line[:64]), int(line[64])] for line in _lines("digits.txt")]
    return _table(np.array(rows, dtype=np.float64))


def _table(rows: npt.NDArray[np.float64]) -> Made:
    """Numbered columns, and the class behind them."""
    *features, classes = rows.T
    return {f"x{at}": column for at, column in enumerate(features, start=1)} | {"y": classes}


def _irises() -> npt.NDArray[np.float64]:
    """Lengths and widths of sepals and petals, and the species of each flower."""
    return np.array([line.split(",") for line in _lines("iris.csv")[1:]], dtype=np.float64)


def _lines(file: str) -> list[str]:
    lines = Path(__file__).with_name(file).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


MEASURED: Mapping[str, Callable[[], Made]] = {"iris": _iris, "flowers": _flowers, "digits": _digits}
"""What all of a measured set is."""


@functools.cache
def _whole(name: str) -> Made:
    return MEASURED[name]()


def _some(name: str, seed: int, part: slice) -> Made:
    """A part of a measured set, in an order made from the seed."""
    columns = _whole(name)
    order = np.random.default_rng(seed).permutation(len(columns["y"]))[part]
    return {column: xs[order] for column, xs in columns.items()}


def held(name: str, n: int, seed: int = 0) -> Made:
    """What of a measured set is not among its first n rows, to be tested on; nothing of one that is made."""
    found = _some(name, seed, slice(n, None)) if name in MEASURED else {}
    return found if len(found.get("y", ())) else {}


def _classes(n: int) -> Column:
    return np.arange(n, dtype=np.float64) % 2


SETS: Mapping[str, Callable[[np.random.Generator, int], Made]] = {
    "line": _line,
    "xor": _xor,
    "moons": _moons,
    "circles": _circles,
    "spiral": _spiral,
}
"""What makes each set, before noise."""

_NAMES = (*SETS, *MEASURED)


def make(name: str, n: int = 200, seed: int = 0, noise: float = 0.1) -> Made:
    """A set of n rows; irises are no more than 150, digits 1,000. ``noise`` is the standard deviation of what
    is added to x1 and x2, of the line to y; measured numbers get none.

    Raises ValueError for an unknown name, and for n or noise out of range.
    """
    if name not in _NAMES:
        close = get_close_matches(name.lower(), _NAMES, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(_NAMES)}"
        raise ValueError(f"{name} is not a data set; {hint}")
    if not 1 <= n <= MOST_ROWS:
        raise ValueError(f"n is {n}, and should be from 1 to {MOST_ROWS:,}")
    if not (math.isfinite(noise) and noise >= 0):
        raise ValueError(f"noise is {noise}, and should be 0 or more")
    if name in MEASURED:
        return _some(name, seed, slice(n))
    random = np.random.default_rng(seed)
    columns = SETS[name](random, n)
    noisy = ("y",) if name == "line" else ("x1", "x2")
    return columns | {column: columns[column] + random.normal(0, noise, n) for column in noisy}
