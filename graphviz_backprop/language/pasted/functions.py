"""Functions of other languages and libraries, by what they are here."""

from __future__ import annotations

from collections.abc import Mapping

from graphviz_backprop.language.ops import LANGUAGE

WRITTEN: Mapping[str, str] = {
    "power": "pow",
    "float_power": "pow",
    "fmax": "max",
    "fmin": "min",
    "amax": "max",
    "amin": "min",
    "clip_by_value": "clamp",
    "reduce_logsumexp": "logsumexp",
    "reduce_sum": "sum",
    "reduce_mean": "mean",
    "fsum": "sum",
}
"""Other names of what is here."""

OPERATORS: Mapping[str, str] = {
    **{"add": "+", "subtract": "-", "sub": "-", "multiply": "*", "mul": "*"},
    **{"divide": "/", "true_divide": "/", "div": "/"},
    **{"greater": ">", "less": "<", "greater_equal": ">=", "less_equal": "<="},
    **{
        "gt": ">",
        "lt": "<",
        "ge": ">=",
        "le": "<=",
        "equal": "==",
        "eq": "==",
        "not_equal": "!=",
        "ne": "!=",
    },
}
"""Operators that were written as functions."""

PLAIN: Mapping[str, str] = {
    "negative": "-({})",
    "neg": "-({})",
    "positive": "({})",
    "reciprocal": "1 / ({})",
    "exp2": "2^({})",
    "mse_loss": "square(({}) - ({}))",
    "squared_difference": "square(({}) - ({}))",
    "l1_loss": "abs(({}) - ({}))",
    "smooth_l1_loss": "smooth_l1(({}) - ({}))",
    "huber_loss": "smooth_l1(({}) - ({}))",
}
"""Functions that are written with others; each argument stands in its place once."""

LOSSES = frozenset(("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"))
"""Those of them that are the mean over the cells of tensors, unless another reduction is asked for."""

OF_LISTS = frozenset(("max", "min", "sum", "mean", "average", "logsumexp", "amax", "amin", "fsum"))
"""Functions that may be given one list of numbers."""


def our_name(name: str) -> str:
    """What a function is called here; nothing where it is not here."""
    found = WRITTEN.get(name, name)
    return found if found in LANGUAGE else ""
