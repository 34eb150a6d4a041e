"""Which numbers a text hides, and the hints for them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.explain.backward import rule
from graphviz_backprop.explain.grading.hidden import NOTHING, veil
from graphviz_backprop.explain.grading.hints import hint
from graphviz_backprop.explain.grading.targets import target
from graphviz_backprop.language.parser import parse
from tests.support.programs import programs

GRAPH = parse("(4*x+1)^2")  # a=4, b=x, c=a·b, d=1, e=c+d, f=2, g=e^f


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("c.gradient", "c.gradient e.0.flow e.gradient g.0.flow e.1.flow d.gradient"),
        ("x.total", "x.total b.gradient c.1.flow"),
        ("c.1.flow", "x.total b.gradient c.1.flow"),
        ("c.0.partial", "c.0.partial"),
        ("e.value", "e.value g.0.value"),
        ("values", "c.value e.0.value e.value g.0.value g.value"),
        ("from:7", None),
        ("path:x", None),
        ("nonsense, from:x, path:q, c.9.flow, ,x", ""),
        ("", ""),
    ],
)
def test_what_a_text_hides(text, hidden):
    found = veil(GRAPH, text).fields
    if hidden is not None:
        assert found == set(hidden.split())


def test_gradients_are_all_but_the_one_that_comes_in():
    found = veil(GRAPH, "gradients")
    assert not found.covers("g.gradient") and not found.covers("g.value") and not found.covers("c.1.partial")
    assert all(map(found.covers, "e.gradient c.gradient b.gradient x.total g.0.flow c.1.flow".split()))


def test_from_a_step_on():
    found = veil(GRAPH, "from:3")  # a, b, c are known
    assert not found.covers("c.value") and found.covers("e.value") and found.covers("x.total")
    assert not found.covers("d.value")  # a constant is given


def test_from_a_step_on_of_tensors():
    graph = parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z*z)")
    found = veil(graph, "from:3")  # W, x, z are known
    assert not found.covers("z.value") and not found.covers("x[0].value")
    assert all(map(found.covers, ("L.value", "z.gradient", "W.total", "W[0,1].gradient", "x.total")))


def test_a_path_is_hidden_as_a_whole():
    graph = parse("u = x*y; u + x", "graph")
    found = veil(graph, "path:y")
    assert {"u.1.partial", "u.1.flow", "u.gradient", "y.total"} <= found.fields
    assert not found.covers("x.total") and not found.covers("u.0.partial")


def test_what_tells_a_hidden_number_is_hidden():
    found = veil(GRAPH, "x.total")
    for (
        field
    ) in "gradient.length x.direction path.0.product c.tangent x.left note.0.text nudge.actual".split():
        assert found.covers(field), field
    assert found.covers("update.gd.0.g") and not found.covers("c.equals")
    assert not veil(GRAPH, "c.value").covers("update.gd.0.g") and veil(GRAPH, "update").covers(
        "update.gd.0.g"
    )
    assert veil(GRAPH, "update").covers("descent.now.update")


def test_nothing_hides_nothing():
    assert not NOTHING and not NOTHING.covers("x.total")
    assert veil(GRAPH, "").over({"x.total": 1.0}) == {"x.total": 1.0}


@given(text=programs(), data=st.data())
def test_equal_numbers_are_hidden_together(text, data):
    """A field beside a hidden one that is always the same number is hidden, too."""
    run = gb.parse(text, data.draw(st.sampled_from(["tree", "graph"]))).evaluate(
        {name: 0.37 + 0.11 * at for at, name in enumerate(gb.parse(text).variables)}
    )
    graph = run.graph
    for name in graph.variables:
        leaves = [node.id for node in graph.nodes if node.name == name and node.op == "var"]
        for field in (f"{name}.total", f"{leaves[0]}.gradient"):
            found = veil(graph, field)
            assert field in found.fields
            if len(leaves) == 1:
                assert {f"{name}.total", f"{leaves[0]}.gradient"} <= found.fields
    for at, node in enumerate(graph.nodes):
        users = [
            f"{parent.id}.{arg}"
            for parent in graph.nodes
            for arg, child in enumerate(parent.args)
            if child == at
        ]
        if len(users) == 1 and graph.active[at]:
            assert veil(graph, f"{users[0]}.flow").covers(f"{node.id}.gradient")


def test_hints_come_in_three_stages():
    run = gb.parse("(4*x+1)^2").evaluate(x=1)
    assert [hint(run, "x.total", stage) for stage in (1, 2, 3)] == [
        "Backward pass: product rule",
        "∂g/∂b = ∂g/∂c · ∂c/∂b",
        "∂g/∂b = ∂g/∂c · ∂c/∂b = 10 × 4",
    ]
    assert [hint(run, "e.value", stage) for stage in (1, 2, 3)] == [
        "Forward pass: value",
        "e = c + d",
        "e = c + d = 4 + 1",
    ]
    assert hint(run, "g.0.partial", 3) == "∂g/∂e = f · e ^ (f − 1) = 2 × 5 ^ (2 − 1)"
    assert hint(gb.parse("x*x").evaluate(x=3), "x.total", 3) == "∂c/∂x = ∂c/∂a + ∂c/∂b = 3 + 3"


LETTERED = {
    "z = [[1, 2, 3], [2, 1, 0]]; y = [0, 2]; f = cross_entropy(z, y)": "z",
    "y = [[1, 2, 3], [2, 1, 0]]; t = [0, 2]; f = cross_entropy(y, t)": "y",
    "p = [1, 2, 3]; c = 1; L = cross_entropy(p, c)": "p",
    "z = [1, 2, 3]; y = [0.2, 0.3, 0.9]; L = cross_entropy(z, y)": "z y",  # weights that add up to no 1
    "p = [[1, 2, 3], [2, 1, 0]]; q = [[1, 0, 0], [0, 2, 1]]; L = cross_entropy(p, q)": "p q",
    "G = [1, 2, 3]; p = softmax(G)": "G",
    "W = [[1, 2, 3], [2, 1, 0]]; s = log_softmax(W)": "W",
    "n = [1, 2, 6]; L = var(n)": "n",
    "f = [1, 2, 6]; L = std(f)": "f",
    "a = [3, 4]; L = norm(a)": "a",
}


@pytest.mark.parametrize("program", LETTERED)
def test_a_rule_with_letters_says_what_they_are(program):
    """What the hint says is the gradient, computed as it stands there."""
    node = program.split("; ")[-1].split(" = ")[0]
    run = gb.parse(f"{program}; sum({node} * {node})").evaluate()
    given = np.asarray(run.cells()[f"{node}.gradient"]).tolist()
    for name in LETTERED[program].split():
        found = re.match(
            rf"from {node}: (.+), where (G′?) is the gradient of {node}(,|$)", hint(run, f"{name}.total", 2)
        )
        assert found
        written = re.sub(rf"\b{found[2]}(?=\W)", "upstream", found[1])
        told = gb.parse(f"{program}; upstream = {given}; {written}").evaluate()
        assert np.asarray(told.value) == pytest.approx(np.asarray(run.gradient[name]))


def test_the_hint_for_cross_entropy_says_what_a_class_wants():
    run = gb.parse("z = [[1, 2, 3], [2, 1, 0]]; y = [0, 2]; L = cross_entropy(z, y)").evaluate()
    assert hint(run, "z.total", 2) == (
        "from L: G * (softmax(z) - one_hot(y, 3)) / 2, where G is the gradient of L, "
        "one_hot being 1 at the class and 0 elsewhere"
    )
    assert hint(run, "y.total", 2) == "from L: 0: a class is a choice"


def test_a_label_has_the_programs_names():
    graph = gb.parse("p = [1, 2]; q = [0.5, 0.5]; L = cross_entropy(p, q)")
    assert [rule(graph, edge) for edge in graph.edges()] == ["p − y", "· −log_softmax(p)"]


def test_a_hint_does_not_say_the_number():
    run = gb.parse("u = 1.37*x*y; v = sigmoid(u) + x^2; v*u + tanh(y)").evaluate(x=0.7, y=1.9)
    from graphviz_backprop.language.numerals import format_number

    for field, number in run.fields().items():
        if number is None or (field.endswith(".value") and field.count(".") == 2):
            continue
        asked = target(run.graph, field)
        for stage in (1, 2):
            assert format_number(number) not in hint(run, field, stage).split(), asked
        text = hint(run, field, 3)
        assert text == "" or not text.endswith(f"= {format_number(number)}") or "1 ×" in text, (field, text)
