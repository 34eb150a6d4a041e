"""What one would write otherwise: a Flask app that draws an expression by micrograd, graphviz and ``dot``."""

from __future__ import annotations

import socket
from typing import Any

from flask import Flask, Response, request
from graphviz import Digraph
from micrograd.engine import Value

from graphviz_backprop.web.connections import Server

app = Flask(__name__)


@app.get("/graph.svg")
def figure() -> Response:
    output = eval(
        request.args["expr"].replace("^", "**"), {"x": Value(1.0)}
    )  # of this benchmark's own making
    output.backward()
    return Response(draw(output).pipe(), mimetype="image/svg+xml")


def draw(root: Any) -> Digraph:
    """The notebook's draw_dot."""
    nodes: set[Any] = set()
    edges: set[tuple[Any, Any]] = set()

    def build(node: Any) -> None:
        if node not in nodes:
            nodes.add(node)
            for child in node._prev:
                edges.add((child, node))
                build(child)

    build(root)
    graph = Digraph(format="svg", graph_attr={"rankdir": "LR"})
    for node in nodes:
        name = str(id(node))
        graph.node(name=name, label=f"{{ data {node.data:.4f} | grad {node.grad:.4f} }}", shape="record")
        if node._op:
            graph.node(name=name + node._op, label=node._op)
            graph.edge(name + node._op, name)
    for child, parent in edges:
        graph.edge(str(id(child)), str(id(parent)) + parent._op)
    return graph


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    Server(app, listener, threads=32).run()
