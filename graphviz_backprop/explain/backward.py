"""What an edge does with a gradient on its way back: in short, and as the text that is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graphviz_backprop.language.graph import Edge, Graph
from graphviz_backprop.language.ops import OPS, Op
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.printers import ATOM, LABEL, TEXT, Notation, Piece, in_one
from graphviz_backprop.language.tensor_ops import TENSORS, Setting, Site, TensorOp

_ARGUMENT = re.compile(r"⟨(\d+)⟩")
_WORD = re.compile(r'"[^"]*"|[^\W\d]\w*(?!\w*=)')


def gradient_name(graph: Graph) -> str:
    """How the gradient of a parent is called in rules: G, which may be a node of the program."""
    return "G" if "G" not in graph.positions else "G′"


def rule(graph: Graph, edge: Edge) -> str:
    """In short: between numbers the rule's name, else what is done, ``· Wᵀ`` or ``Σ over 0``."""
    parent = graph.nodes[edge.parent]
    op = TENSORS.get(parent.op)
    if op is not None:
        text = op.said_rule(_site(graph, edge), edge.arg)
        return _ARGUMENT.sub(lambda found: graph.nodes[parent.args[int(found[1])]].id, text)
    row = OPS[parent.op]
    if not parent.shape and not graph.nodes[edge.child].shape:
        return row.rule(edge.arg)
    partial = row.partial(edge.arg)
    if partial in ("1", "-1"):
        return "the same" if partial == "1" else "−"
    return f"⊙ {_partial(graph, edge, row, LABEL)}"


def formula(graph: Graph, edge: Edge) -> str:
    """The gradient that comes back along an edge, in the language; G is the parent's (:func:`gradient_name`).

    Nothing where the chain rule goes through the parent's definition.
    """
    parent, name = graph.nodes[edge.parent], gradient_name(graph)
    op = TENSORS.get(parent.op)
    if op is None:
        row = OPS[parent.op]
        partial = row.partial(edge.arg)
        return {"1": name, "-1": f"-{name}"}.get(partial, f"{name} * {_partial(graph, edge, row, TEXT)}")
    text = op.written_rule(_site(graph, edge), edge.arg)
    text = settled(text, dict(parent.settings))
    return _named(text, {**_names(graph, edge, op), "f": parent.id, "G": name})


def settled(text: str, settings: Mapping[str, Setting]) -> str:
    """A row's text with its settings: ``axis=axis`` as ``axis=0``, or nothing where it is usual."""

    def passed(found: re.Match[str]) -> str:
        value = settings.get(found[3], found[3])
        return "" if value is None or value is False else f"{found[1] or ''}{found[2]}={value}"

    text = re.sub(r"(, )?(\w+)=(\w+)", passed, text)
    return re.sub(r"(?<![\w.])[^\W\d]\w*(?![\w(=])", lambda word: str(settings.get(word[0], word[0])), text)


def _site(graph: Graph, edge: Edge) -> Site:
    parent = graph.nodes[edge.parent]
    return Site(tuple(graph.nodes[arg].shape for arg in parent.args), dict(parent.settings))


def _names(graph: Graph, edge: Edge, op: TensorOp) -> dict[str, str]:
    args = graph.nodes[edge.parent].args
    return {name: graph.nodes[arg].id for name, arg in zip(op.names_at(len(args)), args, strict=True)}


def _named(text: str, names: Mapping[str, str]) -> str:
    return _WORD.sub(lambda word: names.get(word[0], word[0]), text)


def _partial(graph: Graph, edge: Edge, op: Op, notation: Notation) -> str:
    """The partial as the row has it, by the ids of its nodes."""
    parent = graph.nodes[edge.parent]
    ids = {**op.bind([graph.nodes[arg].id for arg in parent.args], edge.arg), "f": parent.id}
    found = in_one(
        parse_row(op.partial(edge.arg), "tree"), notation, lambda name: Piece(ids.get(name, name), ATOM)
    )
    return found.text if found.binding == ATOM else f"({found.text})"
