"""Contractions: products of cells whose letters agree, summed over the letters that are gone.

One of two arguments is a product of matrices once its axes are in order, which is what NumPy is fast at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphviz_backprop.language import letters
from graphviz_backprop.language.shapes import Shape, size


def contraction(spec: str, shapes: Sequence[Shape]) -> Callable[..., Any]:
    """What computes ``einsum(spec, …)`` of arguments of these shapes, or of those with samples in front."""
    found = letters.read(spec)
    ranks = tuple(map(len, shapes))
    samples = ",".join(f"...{own}" for own in found.args) + f"->...{found.result}"
    turned = len(shapes) == 2 and _is_turned(found)
    product = _product(_turned(found) if turned else found) if len(shapes) == 2 else None

    def general(*arrays: Any) -> Any:
        return np.einsum(samples, *arrays, optimize=len(arrays) > 2)

    def kernel(*arrays: Any) -> Any:
        if product is None or tuple(map(np.ndim, arrays)) != ranks:
            return general(*arrays)
        return product(*reversed(arrays)) if turned else product(*arrays)

    return kernel


def _is_turned(found: letters.Letters) -> bool:
    """Whether the result begins with what the second argument alone has: it comes out in order, row by row,
    where that one stands first."""
    own = [x for x in found.result if not (x in found.args[0] and x in found.args[1])]
    return bool(own) and own[0] not in found.args[0]


def _turned(found: letters.Letters) -> letters.Letters:
    return letters.Letters(found.args[::-1], found.result)


def _product(found: letters.Letters) -> Callable[[Any, Any], Any] | None:
    """A contraction of two as a product of matrices, if it is one: each letter once in an argument, and in
    the other or the result as well."""
    one, other, result = found.args[0], found.args[1], found.result
    if len({*one}) < len(one) or len({*other}) < len(other):
        return None
    if {*one} - {*other, *result} or {*other} - {*one, *result}:
        return None
    batch = [x for x in result if x in one and x in other]
    summed = [x for x in one if x in other and x not in result]
    left, right = [x for x in one if x not in other], [x for x in other if x not in one]
    first = [one.index(x) for x in (*batch, *left, *summed)]
    second = [other.index(x) for x in (*batch, *summed, *right)]
    order = [[*batch, *left, *right].index(x) for x in result]
    here, there = len(batch), len(batch) + len(left)

    def product(a: Any, b: Any) -> Any:
        a, b = np.transpose(a, first), np.transpose(b, second)
        lead, rows, columns = a.shape[:here], a.shape[here:there], b.shape[here + len(summed) :]
        inner = size(b.shape[here : here + len(summed)])
        a, b = a.reshape((*lead, size(rows), inner)), b.reshape((*lead, inner, size(columns)))
        return np.transpose((a @ b).reshape((*lead, *rows, *columns)), order)

    return product
