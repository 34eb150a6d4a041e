"""What is told of tensors holds: each sentence is read and evaluated, and told only where it holds."""

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from graphviz_backprop.api import Run, parse
from graphviz_backprop.document import dumps, tensors
from graphviz_backprop.explain.tensors.block import block
from graphviz_backprop.explain.tensors.trouble import SENTENCES
from graphviz_backprop.explain.trouble import Finding
from graphviz_backprop.language.graph import Edge
from tests.support.node import Node
from tests.support.tensors import point, programs

SCRIPT = """
import { createInterface } from "node:readline";
import { createRun } from "STATIC/engine/tensors/run.js";
import { tensorFindings } from "STATIC/explain/tensortrouble.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { graph, at } = JSON.parse(line);
  const run = createRun(graph);
  run.run(new Map(Object.entries(at).map(([name, x]) => [name, [x].flat(4).map(Number)])));
  console.log(JSON.stringify(tensorFindings(graph, run, 1)));
}
"""


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def told_alike(node: Node, run: Run) -> None:
    """The browser says the same, word for word."""
    at = {name: np.asarray(x).tolist() for name, x in run.variables.items()}
    found = node.ask({"graph": json.loads(dumps(tensors(run.graph))), "at": at})
    wanted = [{**vars(one), "edge": one.edge and list(one.edge)} for one in run.findings()]
    assert found == wanted


TRUE = {
    "masked": [
        "M = [[0, 0], [1, 1]]; z = [[1, 2], [3, 4]]; p = softmax(z + log(M)); sum(p * z)",
        "M = [0, 0]; z = [1, 2]; p = log_softmax(z + log(M)); sum(p)",
        "M = [[0, 1, 0], [0, 1, 1]]; p = softmax(log(M), axis=0); sum(p)",
    ],
    "nan": [
        "x = [0, -1, 4]; sum(log(x))",
        "z = [[0, 0], [1, 2]]; s = z / sum(z, axis=1, keepdim=True); sum(s)",
    ],
    "infinite": ["x = [0, 1]; sum(log(x))"],
    "nan_flow": ["x = [0, 1, 4]; sum(where(x > 0, sqrt(x), 0))"],
    "dead": [
        "W = [[1, -2], [-3, -4]]; h = relu(W); sum(h)",
        "W = [[1, -2], [3, -4]]; h = relu(W); sum(h * h)",
        "x = [-1, -2]; sum(relu(x))",
        "x = [1, 2]; a = relu(-sum(x)); a * sum(x)",
        "x = [[7, 8], [1, 2]]; sum(relu6(x))",
    ],
    "peaked": [
        "z = [[1, 20, 3], [1, 2, 3]]; p = softmax(z); sum(p * z)",
        "z = [[1, 20], [9, 2]]; p = softmax(z, axis=0); sum(p * p)",
    ],
    "kink": [
        "x = [0, 0]; L = 3 * norm(x)",
        "x = [[0, 0], [3, 4]]; sum(norm(x, axis=1))",
        "x = [[3, 1], [3, 1], [3, 2]]; s = std(x, axis=0, correction=1); sum(s^2 + s)",
    ],
    "flat": ["x = [1, 20, -30]; sum(tanh(x))", "x = [[9, 20], [30, 40]]; sum(sigmoid(x))"],
    "fused": [
        "G = [[2, 1, 0], [0, 1, 3]]; y = [0, 1]; cross_entropy(G, y)",
        "z = [[1, 20, 3], [1, 2, 3]]; y = (arange(2)); cross_entropy(z, y)",
        "z = [1, 2, 3]; y = [0.2, 0.3, 0.5]; 3 * cross_entropy(z, y)",
    ],
}  # fmt: skip

FALSE = {
    "masked": ["M = [[0, 1], [1, 1]]; p = softmax(log(M)); sum(p)"],
    "nan": ["x = [1, 2]; sum(log(x))"],
    "infinite": [
        "x = [1, 2]; sum(log(x))",
        "S = [[1, 2], [3, 4]]; P = softmax(where(tril(ones(2, 2)) == 0, log(0), S)); sum(P * S)",  # a mask
    ],
    "nan_flow": ["x = [1, 4]; sum(where(x > 0, sqrt(x), 0))", "x = [0, 1]; sum(where(x > 0, x, 0))"],
    "dead": ["W = [[1, -2], [-3, 4]]; sum(relu(W))", "x = [-1, 2]; sum(relu(x))"],
    "peaked": [
        "z = [[1, 2, 3], [1, 2, 3]]; p = softmax(z); sum(p * z)",
        "z = [[5], [50]]; p = softmax(z); sum(p)",  # one class is 1 whatever z
        "z = [1, 20]; p = softmax(z); -log(p[0])",  # 1/p makes up for it
        "z = [[1, 2], [3, 4]]; p = softmax(where(tril(ones(2, 2)), z, log(0))); sum(p * z)",  # one is left
    ],
    "kink": [
        "x = [0, 1]; norm(x) + std(x)",
        "x = [0, 0]; norm(x)^2",  # nothing comes to it
    ],
    "flat": ["x = [1, 2]; sum(tanh(x))", "x = [30]; 1e20 * sum(exp(-x)) + sum(x)"],
    "fused": [
        "z = [1, 2, 3]; y = [0.2, 0.3, 0.9]; cross_entropy(z, y)",  # no probabilities
        "z = [0, 2000]; y = (0); cross_entropy(z, y)",  # the long way gives NaN
        "z = [[1, 2, 3], [1, 2, 2]]; y = [-1, 0]; cross_entropy(z, y)",  # -1 is no class
        "z = [1, 2, 3]; y = (3); cross_entropy(z, y)",
    ],
}


def _told(text: str) -> tuple[Run, list[Finding]]:
    run = parse(text).evaluate()
    return run, run.findings()


@pytest.mark.parametrize("kind", SENTENCES)
def test_it_is_told_where_it_holds_and_not_where_it_does_not(node, kind):
    for text in TRUE[kind]:
        run, found = _told(text)
        told_alike(node, run)
        assert kind in {one.kind for one in found}, text
        for one in found:
            holds(run, one)
    for text in FALSE[kind]:
        run, found = _told(text)
        told_alike(node, run)
        assert kind not in {one.kind for one in found}, text


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=programs())
def test_of_random_programs_all_that_is_told_holds(node, text):
    graph = parse(text)
    run = graph.evaluate(point(graph))
    told_alike(node, run)
    for one in run.findings():
        holds(run, one)


def test_one_finding_stands_for_all_lines():
    (found,) = _told("W = [[-1, -2], [-3, -4], [5, 6]]; sum(relu(W))")[1]
    assert found.text == (
        "a[0, :] is dead: relu is flat at all its 2 cells, and 0 flows back to W[0, :]."
        " So it is with one more of its lines."
    )


def test_with_columns_of_samples_one_is_to_be_chosen():
    with pytest.raises(ValueError, match="findings are"):
        parse("x = [1, 2]; sum(relu(x))").evaluate(x=[[1, 2], [3, 4]]).findings()


# A sentence as a statement


def holds(run: Run, found: Finding) -> None:
    """Whether what a text says is so, by the Jacobian of the node and the numbers of the run."""
    value, gradient = _picks(run, run.values), _picks(run, run.gradients)
    node = run.graph.nodes[run.graph.positions[found.node]]
    args = [np.asarray(run.values[arg]) for arg in node.args]
    text = found.text
    if found.kind == "masked":
        source, lane = re.match(r"All cells of (.+?) are −∞, .*, and (.+?) is NaN", text).groups()
        assert (value(source) == -np.inf).all()
        assert np.isnan(value(lane)).all()
    elif found.kind in ("nan", "infinite"):
        broken = np.isnan if found.kind == "nan" else np.isinf
        _counted(text, broken(np.asarray(value(found.node))), found.node)
        assert not any(np.isnan(x).any() for x in args)
        assert found.kind == "nan" or all(np.isfinite(x).all() for x in args)
    elif found.kind == "nan_flow":
        cell = re.search(r"back to (.+?), though", text)[1]
        flow = np.asarray(run.flows[run.graph.positions[found.node]][found.edge[1]])
        name, index = re.fullmatch(r"([^\[]+)(?:\[(.+)\])?", cell).groups()
        assert np.isnan(flow[_index(index)] if index else flow)
        assert run.graph.nodes[node.args[found.edge[1]]].id == name
        assert not np.isnan(value(found.node)).any()
        assert not np.isnan(gradient(found.node)).any()
    else:
        _slopes_hold(run, found)


def _slopes_hold(run: Run, found: Finding) -> None:
    at = run.graph.positions[found.node]
    node, value = run.graph.nodes[at], _picks(run, run.values)
    numbers = block(run, Edge(node.args[0], at, 0))
    flow = np.asarray(run.flows[at][0])
    ids = np.arange(np.asarray(run.values[at]).size).reshape(node.shape)
    seed = np.abs(run.seed).max()
    if found.kind == "fused":
        z, y, g = (np.asarray(run.values[arg]) for arg in (*node.args, at))
        g = run.gradients[at]
        rows = int(re.search(r" / (\d+) back", found.text)[1]) if " / " in found.text else 1
        wanted = np.eye(z.shape[-1])[y.astype(int)] if "one_hot" in found.text else y
        p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
        assert np.allclose(flow, g * (p - wanted) / rows, rtol=1e-12, atol=1e-15)
        long = parse(
            "z = ones(2, 3); y = ones(2, 3); -sum(y * log(exp(z) / sum(exp(z), axis=-1, keepdim=True)))"
            if z.ndim == 2
            else "z = ones(3); y = ones(3); -sum(y * log(exp(z) / sum(exp(z))))"
        ).evaluate(z=z, y=wanted)
        assert np.allclose(flow, g * long.gradient["z"] / rows, rtol=1e-9, atol=1e-12)
    elif found.kind == "kink":
        _counted(found.text, (np.asarray(run.values[at]) == 0) & (run.gradients[at] != 0), found.node)
        source = run.graph.nodes[node.args[0]].id
        assert f"where {node.op} has a corner and no slope: 0 flows back to {source}," in found.text
        assert (numbers.numbers[(np.asarray(run.values[at]) == 0).ravel()] == 0).all()
    elif found.kind == "flat":
        jacobian = np.abs(numbers.numbers).sum(axis=1).reshape(node.shape)
        mask = (jacobian < 1e-3) & (np.asarray(run.gradients[at]) != 0) & (np.abs(flow) <= 1e-3 * seed)
        _counted(found.text, mask, found.node)
    else:
        lane = found.text.split(" is ")[0]
        source = re.search(r"flows back to (.+?)\.(?: |$)", found.text)[1]
        _, _, index = lane.partition("[")
        mine = ids[_index(index.rstrip("]"))] if index else ids
        child, _, theirs = source.partition("[")
        assert run.graph.nodes[node.args[0]].id == child
        back = flow[_index(theirs.rstrip("]"))] if theirs else flow
        partials = np.abs(numbers.numbers[np.ravel(mine)])
        if found.kind == "dead":
            assert (partials == 0).all()
            assert (back == 0).all()
            counted = re.search(r"at all its (\d+) cells", found.text)
            assert np.size(mine) == (int(counted[1]) if counted else 1)
        else:
            assert value(re.search(r": (.+?) is above", found.text)[1]) > 0.999
            assert (partials < 1e-3).all()
            assert (np.abs(back) <= 1e-3 * seed).all()


def _counted(text: str, mask: np.ndarray, node: str) -> None:
    """The cells of which a sentence speaks are those of a mask."""
    if found := re.match(r"All (\d+) cells", text):
        assert mask.all()
        assert mask.size == int(found[1])
        return
    found = re.match(
        r"(?:(\d+) of (\d+) cells of [^ ,]+, )?(.+?)(?:, 1 of (\d+) cells,)? (?:the first|is)", text
    )
    assert mask.sum() == int(found[1] or 1)
    assert mask.size == int(found[2] or found[4] or 1)
    index = found[3].partition("[")[2].rstrip("]")
    first = tuple(int(one[0]) for one in np.nonzero(mask)) if mask.ndim else ()
    assert first == (tuple(map(int, index.split(", "))) if index else ())
    assert found[3].partition("[")[0] == node


def _picks(run: Run, numbers):
    """Reads ``h[1, :]`` of a run."""

    def read(name: str):
        head, _, index = name.partition("[")
        x = np.asarray(numbers[run.graph.positions[head]])
        return x[_index(index.rstrip("]"))] if index else x

    return read


def _index(text: str):
    return tuple(slice(None) if one == ":" else int(one) for one in text.split(", "))
