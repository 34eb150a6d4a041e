"""The names of a network's parts: where they are written, read and set in LaTeX.

Layers count from the input as 1, neurons from 1. In a network of layers ``w2_13`` is the weight from neuron 3
of layer 1 to neuron 1 of layer 2 (where a layer has ten neurons or more, ``w2_1_13``), ``b2_1`` the bias,
``z2_1`` the weighted sum and ``a2_1`` the activation of neuron 1 of layer 2. A neuron that stands alone has
``w1``, ``w2`` and so on, ``b``, ``z`` and ``a``, as courses write it: it is all of layer 2. It may count from
0, or have ``w`` and ``x`` alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from graphviz_backprop.language.typeset import letters

_WEIGHT = re.compile(r"w(\d+)_(?:(\d)(\d)|(\d+)_(\d+))")
_UNCLEAR = re.compile(r"w\d+_\d{3,}")
_LONE_WEIGHT = re.compile(r"w_?(\d+)")
_INPUT = re.compile(r"x_?(\d+)")


@dataclass(frozen=True)
class Part:
    """A part of the neuron number ``at`` of a layer: ``letter`` is w, b, z or a.

    ``start`` is the neuron of the layer before that a weight comes from.
    """

    letter: str
    layer: int
    at: int
    start: int = 0

    def indices(self, order: str = "jk") -> tuple[int, ...]:
        """Its neuron's number and, of a weight, that of the one it comes from: first in the ``order`` kj."""
        if not self.start:
            return (self.at,)
        return (self.at, self.start) if order == "jk" else (self.start, self.at)


class Convention(Protocol):
    """A way to name the parts of a network."""

    def name(self, part: Part, wide: bool = False) -> str:
        """The name of a part; ``wide`` says that one of the weight's layers has ten neurons or more."""
        ...

    def weight(self, name: str) -> Part | None:
        """The weight that a name is of."""
        ...

    def input(self, name: str) -> int | None:
        """Which input a variable is, from 1, if its name says so."""
        ...

    def tex(self, part: Part, level: str, order: str, wide: bool) -> str:
        """A part in LaTeX, its layer called ``level``, its indices in the ``order`` jk or kj."""
        ...


class Layered:
    """The names in a network of layers."""

    def input(self, name: str) -> int | None:
        matched = _INPUT.fullmatch(name)
        return int(matched[1]) if matched else None

    def name(self, part: Part, wide: bool = False) -> str:
        sign = "_" if wide else ""
        return f"{part.letter}{part.layer}_{sign.join(map(str, part.indices()))}"

    def weight(self, name: str) -> Part | None:
        matched = _WEIGHT.fullmatch(name)
        if matched is None:
            return None
        layer, at, start = (int(digits) for digits in matched.groups() if digits)
        return Part("w", layer, at, start)

    def tex(self, part: Part, level: str, order: str, wide: bool) -> str:
        sign = "," if wide else ""
        return f"{part.letter}_{{{sign.join(map(str, part.indices(order)))}}}^{{({level})}}"


@dataclass(frozen=True)
class Lone:
    """The names of a neuron that stands alone.

    Its weights and inputs count from ``first``, 1 or 0; a ``bare`` neuron has the weight w and the input x
    alone. The ``bias`` is b, or one that counts with the weights: w0 before w1, or w2 behind w0 and w1.
    """

    first: int = 1
    bias: str = "b"
    bare: bool = False

    def name(self, part: Part, wide: bool = False) -> str:
        if part.start:
            return "w" if self.bare else f"w{part.start - 1 + self.first}"
        return self.bias if part.letter == "b" else part.letter

    def weight(self, name: str) -> Part | None:
        number = None if name == self.bias else self._number(name, "w", _LONE_WEIGHT)
        return Part("w", 2, 1, number) if number else None

    def input(self, name: str) -> int | None:
        return self._number(name, "x", _INPUT)

    def tex(self, part: Part, level: str, order: str, wide: bool) -> str:
        return letters(self.name(part)).tex

    def _number(self, name: str, bare: str, numbered: re.Pattern[str]) -> int | None:
        """The number of a weight or an input, from 1."""
        if self.bare:
            return 1 if name == bare else None
        matched = numbered.fullmatch(name)
        number = int(matched[1]) - self.first + 1 if matched else 0
        return number if number > 0 else None


LAYERED: Convention = Layered()
LONE: Convention = Lone()


def lone(names: Collection[str]) -> Lone | None:
    """How one neuron alone is called whose variables these may be: each input has its weight, and each weight
    its input. A lone w and x are a neuron's only with a bias."""
    weights = {int(found[1]): name for name in names if (found := _LONE_WEIGHT.fullmatch(name))}
    inputs = {int(found[1]) for name in names if (found := _INPUT.fullmatch(name))}
    if not weights and not inputs:
        return Lone(bare=True) if {"w", "x", "b"} <= set(names) else None
    if not inputs:
        return None
    first = min(inputs)
    extra = weights.keys() - inputs
    if first > 1 or not inputs <= weights.keys() or len(extra) > 1:
        return None
    if not extra:
        return Lone(first, next((name for name in ("b", "b1", "b_1") if name in names), "b"))
    (number,) = extra
    counts_on = number == max(inputs) + 1 if first == 0 else number == 0
    return Lone(first, weights[number]) if counts_on and "b" not in names else None


def unclear(name: str) -> bool:
    """Whether a name could be that of several weights: w2_113 is from 3, 13 or 113."""
    return _UNCLEAR.fullmatch(name) is not None


def average(loss: str) -> str:
    """What the average of a loss over samples is called: C, where C0 is that of one; else the same."""
    return re.sub(r"(?<=[^\W\d])0$", "", loss)
