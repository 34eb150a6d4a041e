"""Numbers through a closed group: what its output owes to what goes in.

∂output/∂input through a group is the sum over all paths inside it, which a backward pass that starts at its
output with 1 and stays inside gives for all inputs at once. What flows back is the sum of what flows on the
edges that the input has into the group: the group's gradient times that partial.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.folding import Fold, entries
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.groups import Group


def through(graph: Graph, group: Group, partials: Sequence[Sequence[Any]]) -> list[Any]:
    """∂output/∂input through the group for all that goes in, in order; None where no variable reaches."""
    if not graph.of_numbers:  # between tensors there are rules, not partials
        return [None] * len(entries(graph, group))
    adjoints: dict[int, Any] = {group.output: 1.0}
    for at in reversed(group.nodes):
        adjoint = adjoints.get(at)
        if adjoint is None:
            continue
        local = partials[at]
        for arg, child in enumerate(graph.nodes[at].args):
            if local[arg] is not None:
                part = adjoint * local[arg]
                adjoints[child] = part if child not in adjoints else adjoints[child] + part
    return [adjoints.get(child) for child in entries(graph, group)]


def fields(run: Run[Any], fold: Fold) -> dict[str, Any]:
    """The numbers on what enters the closed groups of a fold, by the names under which they are shown, out of
    its focus as well.

    ``c~0.1.value`` goes into the group, ``.partial`` is that through it, ``.flow`` comes back.
    """
    found: dict[str, Any] = {}
    values, partials, flows = run.values, run.partials, run.flows
    for group in fold.whole.closed:
        shares = through(run.graph, group, partials)
        for arg, (child, edges) in enumerate(entries(run.graph, group).items()):
            name = f"{group.id}.{arg}"
            found[f"{name}.value"] = values[child]
            found[f"{name}.partial"] = shares[arg]
            found[f"{name}.flow"] = _sum([flows[at][place] for at, place in edges])
    return run.told(found)


def _sum(flows: Sequence[Any]) -> Any:
    total = None
    for flow in flows:
        if flow is not None:
            total = flow if total is None else total + flow
    return total
