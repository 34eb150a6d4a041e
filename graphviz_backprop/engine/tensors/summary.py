"""A tensor in a few letters, where there is no room for its cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphviz_backprop.language.numerals import format_number


def summary(x: Any) -> str:
    """``mean 0.25``: what stands in a node's box."""
    with np.errstate(all="ignore"):
        return f"mean {format_number(float(np.mean(x)))}"


def field(x: Any) -> Any:
    """What a field shows: a number as it is, of a tensor its summary."""
    return x if x is None or isinstance(x, float) else summary(x)
