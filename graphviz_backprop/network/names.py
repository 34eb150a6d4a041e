"""The names of a network's parts: where they are written, read and set in LaTeX.

Layers count from the input as 1, neurons from 1. In a network of layers ``w2_13`` is the weight from neuron 3
of layer 1 to neuron 1 of layer 2 (where a layer has ten neurons or more, ``w2_1_13``), ``b2_1`` the bias,
``z2_1`` the weighted sum and ``a2_1`` the activation of neuron 1 of layer 2. A neuron that stands alone has
``w1``, ``w2`` and so on, ``b``, ``z`` and ``a``, as courses write it: it is all of layer 2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

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

    def tex(self, part: Part, level: str, order: str, wide: bool) -> str:
        """A part in LaTeX, its layer called ``level``, its indices in the ``order`` jk or kj."""
        ...


class Layered:
    """The names in a network of layers."""

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


class Lone:
    """The names of a neuron that stands alone."""

    def name(self, part: Part, wide: bool = False) -> str:
        return f"w{part.start}" if part.start else part.letter

    def weight(self, name: str) -> Part | None:
        matched = _LONE_WEIGHT.fullmatch(name)
        return Part("w", 2, 1, int(matched[1])) if matched else None

    def tex(self, part: Part, level: str, order: str, wide: bool) -> str:
        return f"w_{{{part.start}}}" if part.start else part.letter


LAYERED: Convention = Layered()
LONE: Convention = Lone()


def unclear(name: str) -> bool:
    """Whether a name could be that of several weights: w2_113 is from 3, 13 or 113."""
    return _UNCLEAR.fullmatch(name) is not None


def input_number(name: str) -> int | None:
    """Which input a variable is, if its name says so."""
    matched = _INPUT.fullmatch(name)
    return int(matched[1]) if matched else None


def average(loss: str) -> str:
    """What the average of a loss over samples is called: C, where C0 is that of one; else the same."""
    return re.sub(r"(?<=[^\W\d])0$", "", loss)
