"""Both passes of a program at any number of samples: one list of nodes in which that number is left open.

The list is made twice, for two numbers of samples that occur nowhere in the program. What is the same in both
holds for any number; where a size differs it is a multiple of the number, and nothing else may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import count
from typing import Any

from graphviz_backprop.engine.tensors.lifted import lifted
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.resized import resized
from graphviz_backprop.language.shapes import Misfit

Part = Callable[[Graph], Graph | None]


def at_samples(graph: Graph, columns: Collection[str], whole: bool, n: int, part: Part) -> Graph:
    """The program at so many samples, or what is made of it. Raises Misfit or ExpressionError where it does
    not take them, and where there is no such part."""
    found = resized(graph, {name: (n, *graph.shapes[name][1:]) for name in columns}) if whole else graph
    made = part(found)
    if made is None:
        raise Misfit("the program has no such part")
    return made if whole else lifted(made, [name for name in columns if name in made.variables], n)


def sampled(
    graph: Graph,
    columns: Collection[str],
    whole: bool,
    written: Callable[[Graph], Any],
    part: Part = lambda graph: graph,
) -> Any | None:
    """What ``written`` makes of the program at n samples, as JSON has it; None where there is no such form.

    ``{"n": 3}`` stands for 3n, ``{"per": 3}`` for 1/(3n), ``{"range": 1}`` for the numbers below n.
    """
    free = _free(graph)
    sizes = next(free), next(free)
    try:
        one, other = (written(at_samples(graph, columns, whole, n, part)) for n in sizes)
        return _alike(one, other, *sizes)
    except (Misfit, ExpressionError):
        return None


def _free(graph: Graph) -> Iterator[int]:
    """Numbers that are no size in the program."""
    taken = {length for node in graph.nodes for length in node.shape}
    for node in graph.nodes:
        taken.update(_numbers(node.settings))
    return (n for n in count(3) if n not in taken)


def _numbers(setting: Any) -> Iterator[int]:
    if isinstance(setting, tuple):
        for one in setting:
            yield from _numbers(one)
    elif isinstance(setting, int):
        yield setting


def _alike(one: Any, other: Any, few: int, more: int) -> Any:
    if one == other:
        return one
    if isinstance(one, Mapping) and isinstance(other, Mapping) and one.keys() == other.keys():
        return {key: _alike(one[key], other[key], few, more) for key in one}
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if list(one) == list(range(few)) and list(other) == list(range(more)):
            return {"range": 1}
        if len(one) == len(other):
            return [_alike(x, y, few, more) for x, y in zip(one, other, strict=True)]
    if isinstance(one, int | float) and isinstance(other, int | float) and one and other:
        times, part = one / few, 1 / (one * few)
        if times * more == other and times == int(times):
            return {"n": int(times)}
        if round(part) and abs(1 / (round(part) * more) - other) <= 1e-15 * abs(other):
            return {"per": round(part)}
    raise Misfit("the program is another one with other samples")
