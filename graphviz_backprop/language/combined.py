"""What several nodes compute together, in one formula of a few letters: ``k + w · x``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import reduce

from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.printers import ATOM, LABEL, Piece, piece

_CHAINS = ("add", "sub", "mul")
_AND_SO_ON = Piece("…", ATOM)


def combined(graph: Graph, nodes: Sequence[int], most: int) -> str:
    """The last of these nodes, which are in order, in what comes into them; where that is long, in what has a
    name among them; of a long sum or product the first and the last terms.

    Nothing where that takes more than ``most`` letters.
    """
    last = nodes[-1]
    named = {at for at in nodes if graph.nodes[at].named and at != last}
    both = [_written(graph, nodes, names, most) for names in (set(), named)]
    whole = (found.text for inside in both if (found := inside[last]))
    return next(whole, "") or next(filter(None, (_from_to(graph, last, inside, most) for inside in both)), "")


def _written(graph: Graph, nodes: Sequence[int], names: Set[int], most: int) -> dict[int, Piece | None]:
    """Each of the nodes, some of them by name; None where it is too long."""
    inside: dict[int, Piece | None] = {}
    for at in nodes:
        args = [_shown(graph, arg, inside) for arg in graph.nodes[at].args]
        known = [arg for arg in args if arg]
        made = piece(graph.nodes[at], known, LABEL) if len(known) == len(args) else None
        inside[at] = made if made and len(made.text) <= most else None
        if at in names:
            inside[at] = _by_name(graph.nodes[at])
    return inside


def _by_name(node: Node) -> Piece:
    return Piece(node.id, ATOM, bool(node.shape))


def _shown(graph: Graph, at: int, inside: Mapping[int, Piece | None]) -> Piece | None:
    """A node that is not inside by its name, or by its number."""
    node = graph.nodes[at]
    if at in inside:
        return inside[at]
    return _by_name(node) if node.args else piece(node, (), LABEL)


def _from_to(graph: Graph, last: int, inside: Mapping[int, Piece | None], most: int) -> str:
    """``s + sin(x) + … + sin(9 · x)``; or with one term in front; or nothing."""
    op = graph.nodes[last].op
    if op not in _CHAINS:
        return ""
    terms, at = [], last
    while at in inside and graph.nodes[at].op == op and (at == last or not graph.nodes[at].named):
        at, right = graph.nodes[at].args
        terms.append(_shown(graph, right, inside))
    *middle, first, start = *terms, _shown(graph, at, inside)
    for front in ([start, first], [start]):
        shown = [term for term in (*front, _AND_SO_ON, middle[0] if middle else None) if term]
        text = reduce(lambda left, right: LABEL.apply(OPS[op], (left, right)), shown).text
        if len(shown) == len(front) + 2 and len(text) <= most:
            return text
    return ""
