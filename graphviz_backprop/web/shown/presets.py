"""The numbers at which the page shows a preset of the builder."""

from __future__ import annotations

from collections.abc import Mapping

from graphviz_backprop.network.builder import Preset

_DIGITS = 4  # of a start that is to be read; a network learns as well from them


def start(preset: Preset) -> dict[str, float]:
    """A preset's numbers: those that it names, and drawn ones."""
    return rounded(preset.initial) | dict(preset.at)


def rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    """With as few digits as an address should hold."""
    return {name: round(number, _DIGITS) for name, number in numbers.items()}
