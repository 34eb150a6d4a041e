"""What the neurons of a network with two inputs say over the plane of these: the page samples it itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.autodiff import Compiled

Column = npt.NDArray[np.float64]


def extent(samples: Column | None, reach: float, room: float) -> tuple[float, float]:
    """The range of an input: that of its samples, and ``room`` around it, else around 0."""
    finite = samples[np.isfinite(samples)] if samples is not None else np.zeros(0)
    if not finite.size or finite.min() >= finite.max():
        return -reach, reach
    low, high = float(finite.min()), float(finite.max())
    length = high - low
    if not length > 1e-9 * max(abs(low), abs(high)):
        beside = abs(low) / 2 if abs(low) > 1e-300 else 1.0
        return low - beside, high + beside
    return low - room * length, high + room * length


def surfaces(
    compiled: Compiled,
    at: Mapping[str, float],
    plane: Mapping[str, tuple[float, float]],
    nodes: Sequence[str],
    grid: int,
) -> dict[str, list[float]]:
    """The values of nodes over the middles of a grid's cells, the lowest row first; ``plane`` has the two
    inputs and their ranges."""
    (x, across), (y, up) = plane.items()
    shares = (np.arange(grid) + 0.5) / grid
    xs = across[0] + shares * (across[1] - across[0])
    ys = up[0] + shares * (up[1] - up[0])
    columns = {x: np.tile(xs, grid), y: np.repeat(ys, grid)}
    values = compiled({**at, **columns}).values
    places = {node.id: position for position, node in enumerate(compiled.graph.nodes)}
    return {node: np.broadcast_to(values[places[node]], grid * grid).tolist() for node in nodes}
