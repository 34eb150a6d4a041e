"""What a neuron says over the plane of two inputs, in bands of colour, as paths.

``static/network/surfaces.js`` draws the same on the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Surface:
    """How surfaces are drawn, on the page and in files: static/state/table.js has these numbers."""

    grid: int = 20  # places each way
    bands: int = 4  # on each side of the centre
    reach: float = 2.0  # of an input on either side of 0, where no samples say how far it goes
    room: float = 0.06  # around samples: a share of their extent


SURFACE = Surface()

Place = tuple[float, float]

_LEFT, _DOWN, _RIGHT, _UP = (0, 1), (1, 0), (2, 1), (1, 2)
_LINES = (
    (),
    ((_UP, _LEFT),),
    ((_RIGHT, _UP),),
    ((_RIGHT, _LEFT),),
    ((_DOWN, _RIGHT),),
    ((_UP, _LEFT), (_DOWN, _RIGHT)),
    ((_DOWN, _UP),),
    ((_DOWN, _LEFT),),
    ((_LEFT, _DOWN),),
    ((_UP, _DOWN),),
    ((_LEFT, _DOWN), (_RIGHT, _UP)),
    ((_RIGHT, _DOWN),),
    ((_LEFT, _RIGHT),),
    ((_UP, _RIGHT),),
    ((_LEFT, _UP),),
    (),
)
"""Of a square between four places, the lines around those that are above, by which of them are: 1 for the one
on the left at the top, 2 right, 4 right at the bottom, 8 left. Ends: in halves from the lower left corner."""


def bands(values: Sequence[float], centre: float, radius: float) -> str:
    """The regions of a grid's values, the lowest row first, as elements in a square around 0: each over the
    one before, from the lowest band to the highest."""
    drawn = zip(_names(), [-math.inf, *_thresholds(values, centre)], strict=True)
    return "".join(f'<path class="{name}" d="{_path(values, least, radius)}"/>' for name, least in drawn)


def _names() -> Iterator[str]:
    yield from (f"minus{level}" for level in range(SURFACE.bands, 0, -1))
    yield "even"
    yield from (f"plus{level}" for level in range(1, SURFACE.bands + 1))


def _thresholds(values: Sequence[float], centre: float) -> list[float]:
    """Where the bands begin, but the lowest: evenly around the centre, as far as the values go."""
    finite = [value for value in values if math.isfinite(value)]
    reach = max((abs(value - centre) for value in finite), default=0.0)
    step = reach / SURFACE.bands if 0 < reach < math.inf else 1.0
    return [centre + (at + 0.5 - SURFACE.bands) * step for at in range(2 * SURFACE.bands)]


def _path(values: Sequence[float], least: float, radius: float) -> str:
    """Where values are at least so large, as far as they are defined."""
    side = 2 * radius / SURFACE.grid
    path = []
    for ring in _rings([min(max(value, -1e300), 1e300) for value in values], max(least, -1e301)):
        places = (f"{x * side - radius:.1f},{radius - y * side:.1f}" for x, y in ring)
        path.append(f"M{'L'.join(places)}Z")
    return "".join(path)


def _rings(values: Sequence[float], least: float) -> Iterator[list[Place]]:
    """The lines around what is at least so large, each closed: marching squares, in units of a place."""
    size = SURFACE.grid
    following: dict[Place, Place] = {}
    rows = [[value >= least for value in values[at : at + size]] for at in range(0, size * size, size)]
    outside = [False] * (size + 2)
    for y, (low, high) in enumerate(
        pairwise([outside, *([False, *row, False] for row in rows), outside]), -1
    ):
        for x in range(-1, size):
            case = high[x + 1] + 2 * high[x + 2] + 4 * low[x + 2] + 8 * low[x + 1]
            for start, end in _LINES[case]:
                following[2 * x + start[0], 2 * y + start[1]] = 2 * x + end[0], 2 * y + end[1]
    while following:
        first, place = following.popitem()
        ring = [first]
        while place != first:
            ring.append(place)
            place = following.pop(place)
        yield [_crossing(values, least, *place) for place in ring]


def _crossing(values: Sequence[float], least: float, x: float, y: float) -> Place:
    """Where a line crosses from one place to the next, both in halves: between them as their values say."""
    size, (column, across), (row, up) = SURFACE.grid, divmod(int(x), 2), divmod(int(y), 2)
    before, after = row * size + column, (row + up) * size + column + across
    inside = column >= 0 and row >= 0 and column + across < size and row + up < size
    share = _share(values[before], values[after], least) if inside else 0.5
    return column + 0.5 + (share if across else 0), row + 0.5 + (share if up else 0)


def _share(before: float, after: float, least: float) -> float:
    """How far it is to a value, from the one to the other; what is undefined is below all."""
    if math.isnan(before) or math.isnan(after):
        return 1.0 if math.isnan(before) else 0.0
    return (least - before) / (after - before)
