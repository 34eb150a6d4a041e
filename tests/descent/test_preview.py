"""The rate that the page tells before a descent is the one that is then chosen."""

import pytest

import graphviz_backprop as gb
from graphviz_backprop.descent.parameters import preferred
from graphviz_backprop.web.shown.examples import GROUPS
from tests.support.node import Node, node_list

SCRIPT = """
import { createInterface } from "node:readline";
import { createPreview } from "STATIC/descent/preview.js";

const preview = createPreview();
for await (const line of createInterface({ input: process.stdin })) {
  const { graph, variables, at, parameters } = JSON.parse(line);
  const state = { at: new Map(Object.entries(at)) };
  console.log(JSON.stringify(preview({ ...graph, variables }, state, parameters)));
}
"""

PROGRAMS = [
    *((one.state.expr, dict(one.state.at)) for group in GROUPS for one in group.examples),
    ("100*(x+3)^2 + sin(x)", {"x": 3.0}),
    ("exp(x^2)", {"x": 3.0}),
    ("x^2 + 1000*z^2", {"x": 1.0, "z": 1e-6}),
    ("-30*x^2", {"x": 1.0}),
    ("sqrt(x)", {"x": 0.0}),
    ("log(x)", {"x": -1.0}),
    ("exp(x)", {"x": 800.0}),
    ("x*y + 50*x*w^2 + b", {"x": 2.0, "y": 3.0, "w": 0.5}),
]


@pytest.mark.parametrize("view", ["tree", "graph"])
def test_both_choose_the_same_rate(view: str) -> None:
    with Node(SCRIPT) as node:
        for program, given in PROGRAMS:
            graph = gb.parse(program, view)
            if any(node.shape for node in graph.nodes):  # its rate is chosen when its samples have come
                continue
            at = {name: given.get(name, 1.0) for name in graph.variables}
            asked = {"variables": graph.variables, "at": at, "parameters": preferred(graph)}
            told = node.ask({"graph": node_list(graph), **asked})
            assert told == gb.descend(graph, at, steps=0).settings["rate"], program
