"""The Python API as a user imports it."""

import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import graphviz_backprop as gb


def test_the_first_example():
    run = gb.parse("(4*x+1)^2").evaluate(x=1)
    assert (run.value, run.gradient) == (25.0, {"x": 40.0})


def test_columns_give_columns():
    run = gb.parse("x*y").evaluate(x=np.array([1.0, 2.0]), y=3)
    np.testing.assert_array_equal(run.value, [3, 6])
    np.testing.assert_array_equal(run.gradient["y"], [1, 2])


def test_a_mistake_is_an_exception_with_its_place():
    with pytest.raises(gb.ExpressionError) as caught:
        gb.parse("sine(x)")
    error = caught.value
    assert (error.start, error.end, error.hint) == (0, 4, "did you mean sin?")
    assert "sine is not a function" in error.message


def test_a_variable_may_be_called_seed():
    run = gb.parse("seed^2").evaluate({"seed": 3}, seed=2)
    assert run.gradient == {"seed": 12}


@pytest.mark.parametrize(
    ("at", "message"), [({}, "x has no value"), ({"x": 1, "q": 2}, "q is not a variable")]
)
def test_wrong_names_are_refused(at, message):
    with pytest.raises(ValueError, match=message):
        gb.parse("x^2").evaluate(at)


def test_a_notebook_shows_the_figure():
    picture = gb.parse("(4*x+1)^2").evaluate(x=1)._repr_svg_()
    fields = {
        e.get("data-field"): e.text for e in ElementTree.fromstring(picture).iter() if e.get("data-field")
    }
    assert (fields["g.value"], fields["b.gradient"]) == ("25", "40")


def test_what_is_too_large_to_draw_shows_as_text():
    run = gb.parse("+".join(["x"] * 1000)).evaluate(x=1)
    assert run._repr_svg_() is None
    assert "value 1000.0" in repr(run)


def test_explanations():
    graph = gb.parse("(4*x+1)^2")
    run = graph.evaluate(x=1)
    assert [step.partial for step in run.steps() if step.partial is not None] == [10, 1, 4]
    assert run.paths("x").paths[0].product == 40
    assert run.tangents("x")["g"] == 40
    assert run.check()["x"] < 1e-8
    assert str(graph.derivative("x", simplify=True)) == "32*x + 8"
    assert gb.parse("sigmoid(x)").expand().source == "1 / (1 + exp(-x))"
    assert math.isclose(graph.expand().evaluate(x=1).value, 25)
