"""The Python API as a user imports it."""

import copy
import math
import pickle
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
import sympy

import graphviz_backprop as gb
from graphviz_backprop.explain import symbolic
from graphviz_backprop.figure.sketch import EDGE_LINE
from graphviz_backprop.jobs.layout import Layout, LayoutError


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


def test_a_variable_called_seed_is_told_from_the_seed():
    for program in ("seed^2", "seed = 2; seed^2"):
        with pytest.raises(ValueError, match=r"evaluate\(\{'seed': 3\}\)"):
            gb.parse(program).evaluate(seed=3)
    assert gb.parse("seed = 2; seed^2").evaluate().value == 4


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


def test_what_is_too_large_to_read_is_drawn_in_groups():
    graph = gb.parse("+".join(["x"] * 1000))
    run = graph.evaluate(x=1)
    assert 1 <= run._repr_svg_().count("data-group=") <= 15
    part = next(group for group in graph.groups if not group.parent)
    opened = run.svg(open=[part.id])
    assert f'data-frame="{part.id}"' in opened
    assert f'data-group="{part.id}"' not in opened
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


def test_the_ledger_is_a_sequence_of_paths():
    ledger = gb.parse("x*x + 3x").evaluate(x=2).paths("x")
    assert len(ledger) == ledger.count == 3
    assert [path.product for path in ledger] == [3, 2, 2]
    assert ledger[0].product == 3
    assert ledger[1:] == ledger.paths[1:]
    assert ledger.paths[2] in ledger


# Graphs


def test_a_used_graph_can_be_stored_and_copied():
    graph = gb.parse("u = x^2; u*y")
    for x in range(50):
        run = graph.evaluate(x=x, y=2)
    assert run.values and graph.active and graph.positions  # what is computed once is there now
    for again in (pickle.loads(pickle.dumps(graph)), copy.deepcopy(graph)):
        assert again == graph
        assert type(again) is gb.Graph
        assert again.evaluate(x=3, y=2).gradient == {"x": 12, "y": 9}
    assert pickle.loads(pickle.dumps(run)) == run
    assert type(pickle.loads(pickle.dumps(run))) is gb.Run


def test_a_graph_says_what_it_is_in_a_line():
    assert repr(gb.parse("(4*x+1)^2")) == "<Graph '(4*x+1)^2': 7 nodes>"
    assert repr(gb.parse("x")) == "<Graph 'x': 1 node>"
    assert len(repr(gb.network([4, 8, 8, 2]))) < 100


@pytest.mark.parametrize("program", [None, 3, b"x", len], ids=repr)
def test_a_program_is_a_text(program):
    with pytest.raises(TypeError, match="a program is a text, not "):
        gb.parse(program)


def test_what_is_opened_has_the_same_methods():
    graph = gb.parse("sigmoid(x)").expand()
    assert type(graph) is gb.Graph
    assert type(graph.evaluate(x=0)) is gb.Run


@pytest.mark.parametrize("program", ["x = [1, 2]; x @ x", "x = [1, 2]; x * 2"])
def test_a_derivative_is_of_numbers(program):
    graph = gb.parse(program)
    with pytest.raises(ValueError, match="closed forms are of numbers"):
        graph.derivative("x")
    assert graph.scalars().derivative("x[0]", simplify=True) == (
        2 if "*" in program else 2 * sympy.Symbol("x[0]")
    )


def test_a_derivative_takes_numbers_for_names():
    graph = gb.parse("(4*x+1)^2 * sqrt(y^2)")
    for simplify in (False, True):
        closed = graph.derivative("x", simplify)
        assert float(closed.subs({"x": 1, "y": -2})) == 80
        assert float(closed.subs({sympy.Symbol("x"): 1, sympy.Symbol("y"): -2})) == 80
    raw = symbolic.derivative(graph, "x")
    assert str(graph.derivative("x")) == str(raw)  # nothing is multiplied out on the way


def test_a_network_starts_somewhere():
    graph = gb.network([2, 3, 1])
    run = graph.evaluate(x1=1, x2=0, y1=1)
    assert 0 < run.value < 1
    assert run.variables["w2_11"] == graph.start["w2_11"] != 0


def test_a_function_is_what_optimizers_call():
    rosenbrock = gb.parse("(1 - x)^2 + 100 (y - x^2)^2").function()
    point = np.array([-1.2, 1.0])
    for _ in range(20_000):
        value, gradient = rosenbrock(point)
        point -= 1e-3 * np.array(gradient)
    assert value < 1e-6


def test_a_run_says_what_it_is_in_a_line():
    text = "<Run at x=3.0, y=2.0: value 6.0, gradient {'x': 2.0, 'y': 3.0}>"
    assert repr(gb.parse("x*y").evaluate(x=3, y=2)) == text
    assert repr(gb.parse("2 + 3").evaluate()) == "<Run at no variables: value 5.0, gradient {}>"
    assert repr(gb.parse("x*y").evaluate(x=np.ones(1000), y=2)) == "<Run at 1,000 rows of x, y>"
    assert len(repr(gb.network([4, 8, 8, 2]).evaluate(x1=1, x2=2, x3=3, x4=4, y1=0, y2=1))) < 500


# Columns


COLUMNS = gb.parse("x^2 * y").evaluate(x=[1, 5, 9], y=2)


@pytest.mark.parametrize(
    "ask",
    [
        lambda run: run.steps(),
        lambda run: run.paths("x"),
        lambda run: run.check(),
        lambda run: run.nudge("x", 0.1),
        lambda run: run.sides(),
        lambda run: run.findings(),
        lambda run: run.tangents("x"),
    ],
)
def test_what_explains_a_sample_says_so_of_columns(ask):
    with pytest.raises(ValueError, match=r"are of one sample: choose one with run\.row\(0\)"):
        ask(COLUMNS)
    ask(COLUMNS.row(1))


def test_a_row_is_the_run_of_one_sample():
    assert COLUMNS.shape == (3,)
    row = COLUMNS.row(1)
    assert (row.shape, row.value, row.gradient) == ((), 50, {"x": 20, "y": 25})
    assert COLUMNS.row(-1).value == 162
    assert gb.parse("x").evaluate(x=[1, 2], seed=[3, 4]).row(1).gradient == {"x": 4}
    assert gb.parse("x").evaluate(x=np.arange(6).reshape(2, 3)).row((1, 2)).value == 5
    for at in (3, -4, (0, 0)):
        with pytest.raises(IndexError, match="there is no row"):
            COLUMNS.row(at)
    with pytest.raises(IndexError, match="it has no rows"):
        row.row(0)


def test_a_figure_of_columns_says_which_row_it_shows():
    picture = COLUMNS.svg()
    root = ElementTree.fromstring(picture)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "row 0 of 3" in texts
    assert [e.text for e in root.iter() if e.get("data-field") == "x.value"] in ([], ["1"])
    assert "row 0" not in COLUMNS.row(0).svg()
    alone = ElementTree.fromstring(COLUMNS.row(0).svg())
    assert float(root.get("height")) == float(alone.get("height")) + EDGE_LINE
    assert root.get("viewBox").split()[2:] == [root.get("width"), root.get("height")]


# Notebooks


def test_a_notebook_is_never_shown_an_error(monkeypatch):
    assert gb.parse("x").evaluate(x=[])._repr_svg_() is None

    def fail(*_):
        raise LayoutError("the process has ended")

    monkeypatch.setattr(Layout, "place", fail)
    assert gb.parse("x + 12345.25").evaluate(x=1)._repr_svg_() is None


def test_a_direction_is_one_of_two():
    with pytest.raises(ValueError, match="direction is 'left', not one of up, right"):
        gb.parse("x").evaluate(x=1).svg("left")
    with pytest.raises(ValueError, match="the columns are empty"):
        gb.parse("x").evaluate(x=[]).svg()


# Imports


def modules(program):
    """The modules that are loaded once a program has run in a Python of its own."""
    script = f"{program}\nimport sys; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in found.stdout.split()}


def test_what_is_heavy_is_loaded_where_it_is_needed():
    assert not modules("import graphviz_backprop") & {"flask", "sympy", "latex2mathml", "numpy", "pygraphviz"}
    assert "numpy" not in modules("import graphviz_backprop as gb; gb.parse('x^2').evaluate(x=1).gradient")
    names = (
        "import graphviz_backprop.network.builder, graphviz_backprop.data.datasets, graphviz_backprop as gb"
    )
    assert "numpy" in modules(f"{names}; gb.data('xor'), gb.network([1, 1]), gb.descend, gb.DataError")


def test_all_names_are_there():
    assert set(gb.__all__) <= set(dir(gb))
    assert all(hasattr(gb, name) for name in gb.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        gb.nothing  # noqa: B018


WITHOUT_NUMPY = """
import importlib, pathlib, sys
sys.modules["numpy"] = None  # importing it fails
root = pathlib.Path({root!r})
for folder in ("language", "explain", "figure"):
    for path in sorted((root / folder).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if "tensors" in parts:  # these are of arrays
            continue
        importlib.import_module(".".join(("graphviz_backprop", *parts)))
import graphviz_backprop as gb
run = gb.parse("u = sigmoid(x); u*y").evaluate(x=1, y=2)
run.steps(), run.paths("x"), run.check(), run.nudge("x", 0.1), run.sides(), run.findings(), run.tangents("x")
"""


def test_words_explanations_and_figures_do_without_numpy():
    root = str(Path(gb.__file__).parent)
    subprocess.run([sys.executable, "-c", WITHOUT_NUMPY.format(root=root)], check=True)
