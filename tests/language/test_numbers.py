"""A name given a plain number is a variable that starts there."""

import pytest

import graphviz_backprop as gb
from graphviz_backprop.document import structure
from graphviz_backprop.language.expand import expand
from graphviz_backprop.language.graph import VAR
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.printers import source

COURSE = "x = -2; y = 5; z = -4; q = x + y; f = q * z"


@pytest.mark.parametrize("view", ["tree", "graph"])
def test_a_course_program_has_its_gradient(view: str) -> None:
    graph = gb.parse(COURSE, view)
    run = graph.evaluate()
    assert (run.value, run.gradient) == (-12, {"x": -4, "y": -4, "z": 3})
    assert graph.evaluate(z=2).gradient == {"x": 2, "y": 2, "z": 3}
    assert graph.start == {"x": -2, "y": 5, "z": -4}


def test_it_is_one_node_of_its_name_in_both_views() -> None:
    for view in ("tree", "graph"):
        nodes = parse("w = 3; w * w", view).nodes
        assert [(node.id, node.op, node.start) for node in nodes] == [("w", VAR, 3.0), ("a", "mul", None)]


@pytest.mark.parametrize(
    ("program", "start"),
    [
        ("x = 2; x^2", {"x": 2}),
        ("x = +.5; x", {"x": 0.5}),
        ("x = −3; x", {"x": -3}),
        ("x = (3); x y", {}),
        ("x = ½; x", {"x": 0.5}),
        ("x = 0; x + y", {"x": 0}),
        ("e = 2; e^x", {"e": 2}),
        ("x = 2", {"x": 2}),
        ("x = 2; y = x; y", {"x": 2}),
        ("x = 1 + 1; x y", {}),
        ("x = 2; y = -x; y", {"x": 2}),
        ("x = 1e999; x y", {}),
        ("f(x) = 2x; f(3) + y", {}),
        ("x = 3; y", {}),
    ],
)
def test_which_numbers_are_starts(program: str, start: dict[str, float]) -> None:
    assert parse(program).start == start


def test_starts_survive_opening_and_printing() -> None:
    graph = expand(parse("x = -2; y = 0.5; sigmoid(x) y"))
    assert graph.start == {"x": -2, "y": 0.5}
    assert parse(source(graph)).start == graph.start
    assert source(parse("x = 2\nx^2")) == "x = 2\nx^2"
    for text in ("f(x) = x + x\nf(2) y", "c = (-2)\nc c y", "c = (½)\nc c y"):
        assert parse(source(parse(text))).start == {}


def test_a_name_that_is_no_variable_is_still_refused() -> None:
    with pytest.raises(ValueError, match="w is not a variable"):
        gb.parse("x = 2; x^2").evaluate(w=1)
    with pytest.raises(ValueError, match="y has no value"):
        gb.parse("x = 2; x^2 y").evaluate()


def test_the_browser_is_told() -> None:
    assert structure(parse("x = -2; x y"))["start"] == {"x": -2}


def test_a_descent_begins_there() -> None:
    found = gb.descend(gb.parse("w = 3; (w - 1)^2"), {}, rate=0.5, steps=1)
    assert list(found.points["w"]) == [3.0, 1.0]
