"""What comes in: numbers, lists, arrays, tensors of other libraries, brought to the shapes of a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor import Tensor, cell, place

CELLS = 200_000_000
"""How many numbers all samples of a run may have together."""


def array(tensor: Tensor) -> npt.NDArray[np.float64]:
    """A tensor of the language as an array."""
    return np.array(tensor.cells, dtype=np.float64).reshape(tensor.shape)


def point(graph: Graph, at: Mapping[str, Any], seed: Any) -> tuple[dict[str, Any], Any]:
    """Values and seed in the shapes that they have in the program, copied; with an axis of samples in front
    of all of them if one has it.

    Raises ValueError for another shape, for rows of different lengths, and for cells that are no number.
    """
    shapes = graph.shapes
    values = {name: given(name, at[name], shapes[name]) for name in graph.variables}
    upstream = _seed(seed, graph.output.shape)
    known = {name: len(shape) for name, shape in shapes.items()}
    leads = {name: np.shape(x)[: np.ndim(x) - known[name]] for name, x in values.items()}
    leads["the seed"] = np.shape(upstream)[: np.ndim(upstream) - len(graph.output.shape)]
    found = {name: lead for name, lead in leads.items() if lead}
    if not found:
        return values, upstream
    lead = next(iter(found.values()))
    for name, other in found.items():
        if other != lead:
            raise ValueError(f"{next(iter(found))} has {lead[0]} samples, and {name} {other[0]}")
    cells = lead[0] * sum(size(node.shape) for node in graph.nodes)
    if cells > CELLS:
        raise ValueError(f"{lead[0]:,} samples have {cells:,} numbers here; {CELLS:,} are computed")
    return {name: np.broadcast_to(x, lead + shapes[name]) for name, x in values.items()}, np.broadcast_to(
        upstream, lead + graph.output.shape
    )


def _seed(seed: Any, shape: Shape) -> Any:
    found = _numbers("the seed", seed)
    if found.ndim == 0:
        return float(found) if not shape else np.full(shape, float(found))
    return _fitted("the seed", found, shape)


def given(name: str, x: Any, shape: Shape) -> Any:
    """A variable's value, copied: its shape is the wanted one, or that with samples in front."""
    if isinstance(x, Tensor):
        return _fitted(name, array(x), shape)
    found = _fitted(name, _numbers(name, x), shape)
    if shape and np.isnan(found).any():
        where = place(int(np.flatnonzero(np.isnan(found))[0]), found.shape)
        raise ValueError(f"{cell(name, where)} is no number (NaN)")
    return float(found) if found.ndim == 0 else found


def _numbers(name: str, x: Any) -> npt.NDArray[np.float64]:
    """Numbers of any kind as an array, copied."""
    if np.ma.is_masked(x):
        raise ValueError(f"{name} has masked cells: fill them or leave them out")
    detach = getattr(x, "detach", None)  # a tensor of PyTorch
    try:
        given = np.asarray(detach().cpu() if detach else x)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths") from None
    if given.dtype.kind in "USO":
        raise ValueError(f"{name}: could not convert text to a number")
    if given.dtype.kind == "c":
        raise ValueError(f"{name} has complex numbers")
    return np.array(given, dtype=np.float64)


def _fitted(name: str, found: npt.NDArray[np.float64], shape: Shape) -> npt.NDArray[np.float64]:
    """The array, if its shape is the wanted one, or that with samples in front."""
    if found.shape == shape or (found.ndim == len(shape) + 1 and found.shape[1:] == shape):
        return found
    samples = ", or that with one axis more in front, the samples" if shape else " or a column of samples"
    wanted = f"has the shape {shape}" if shape else "is a number"
    raise ValueError(f"{name} {wanted}{samples}; {found.shape} was given")


def samples(given: Any, shape: Shape) -> Shape:
    """The axis of samples in front of a shape, if there is one."""
    found: Shape = np.shape(given)
    return found[: len(found) - len(shape)]
