"""Programs with tensors in numbers: every cell is a node with the tensor's value and gradient there."""

import numpy as np
import pytest
from hypothesis import given, settings

from graphviz_backprop import api
from graphviz_backprop.language.graph import VAR
from graphviz_backprop.language.tensor import cells
from tests.support.tensors import EXPRESSIONS, START, point, programs, weighted


def compare(text: str) -> int:
    """How many cells have a node of their own; all of them have the tensor's numbers."""
    graph = api.Graph._of(weighted(text) if text in EXPRESSIONS else api.parse(text))
    run = graph.evaluate(point(graph))
    numbers = graph.scalars(point(graph))
    start = {name: 1.3 for name in numbers.variables if name not in numbers.start}
    other = numbers.evaluate(start)
    assert numbers.of_numbers
    assert other.value == pytest.approx(run.value, rel=1e-10, abs=1e-12)
    for name, gradient in run.gradient.items():
        flat = np.ravel(gradient)
        for number, cell in enumerate(cells(name, graph.shapes[name])):
            assert other.gradient.get(cell, 0.0) == pytest.approx(flat[number], rel=1e-8, abs=1e-9), cell
    found = 0
    by_id = dict(zip((node.id for node in numbers.nodes), other.values, strict=True))
    gradients = dict(zip((node.id for node in numbers.nodes), other.gradients, strict=True))
    for node, value, gradient in zip(graph.nodes, run.values, run.gradients, strict=True):
        moved = node.op in ("stack", "concat", "broadcast", "slice", "gather", "transpose", "reshape", "flip")
        for number, cell in enumerate(cells(node.id, node.shape)):
            if cell not in by_id:
                continue
            found += 1
            assert by_id[cell] == pytest.approx(np.ravel(value)[number], rel=1e-9, abs=1e-11), cell
            if not moved and gradient is not None and gradients[cell] is not None and node.op != VAR:
                shared = _shared(numbers, cell)
                if not shared:
                    assert gradients[cell] == pytest.approx(np.ravel(gradient)[number], rel=1e-8, abs=1e-9)
    return found


def _shared(numbers: api.Graph, cell: str) -> bool:
    """Whether a cell is used at several places: it may have been moved to another node of the program."""
    return numbers.uses[numbers.positions[cell]] > 1


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_cell_has_the_tensors_value_and_gradient(text: str) -> None:
    assert compare(text) > 0


@pytest.mark.fuzz
@settings(max_examples=30, deadline=None)
@given(programs())
def test_of_random_programs_too(text: str) -> None:
    compare(text)


def test_cells_are_named_as_the_language_names_them() -> None:
    graph = api.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; sum(z)").scalars()
    assert graph.variables == ("W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]", "x[0]", "x[1]")
    z = graph.nodes[graph.positions["z[1]"]]
    assert z.op == "sum"
    assert [graph.nodes[arg].op for arg in z.args] == ["mul", "mul"]
    assert graph.evaluate().gradient["W[1, 0]"] == 5


def test_a_cell_that_was_moved_is_the_cell_that_it_came_from() -> None:
    graph = api.parse("W = [[1, 2], [3, 4]]; t = W.T; sum(t[0]^2)").scalars()
    assert not any(node.id.startswith("t[") for node in graph.nodes)
    assert graph.variables == ("W[0, 0]", "W[1, 0]")


def test_all_explanations_hold_there() -> None:
    run = api.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = sigmoid(W @ x / 20); sum(z)").scalars().evaluate()
    assert run.steps() and run.findings() is not None
    assert run.paths("x[0]").total == pytest.approx(run.gradient["x[0]"])
    assert max(run.check().values()) < 1e-6
    assert run.nudge("W[0, 1]", 0.01)


def test_numbers_are_their_own_scalars() -> None:
    graph = api.parse("(4*x+1)^2")
    assert graph.scalars() is graph


def test_a_program_of_too_many_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 100,000 nodes"):
        api.parse("A = ones(90, 90); sum(A @ A)").scalars()


# Jacobians


def test_a_jacobian_is_seen() -> None:
    run = api.parse("x = [-1, 2, 3]; y = relu(x); p = softmax(x); sum(y) + sum(p)").evaluate()
    assert run.jacobian("y", "x").tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 1]]
    p = run.values[run.graph.positions["p"]]
    assert run.jacobian("p", "x") == pytest.approx(np.diag(p) - np.outer(p, p))


def test_that_of_a_product_is_a_kronecker_product() -> None:
    run = api.parse("W = [[1, 2], [3, 4]]; X = [[1, 0], [2, 5]]; Z = W @ X; sum(Z)").evaluate()
    W, X = run.variables["W"], run.variables["X"]
    assert run.jacobian("Z", "X").reshape(4, 4) == pytest.approx(np.kron(W, np.eye(2)))
    assert run.jacobian("Z", "W").reshape(4, 4) == pytest.approx(np.kron(np.eye(2), X.T))


def test_jacobians_of_numbers() -> None:
    run = api.parse("y = x^2; z = y * x").evaluate(x=3.0)
    assert run.jacobian("z", "x") == pytest.approx(27)
    assert run.jacobian("z", "y") == pytest.approx(3)
    assert run.jacobian("y", "z") == 0


@pytest.mark.parametrize(("names", "message"), [(("y", "q"), "q is neither"), (("q", "x"), "q is neither")])
def test_what_is_no_node_is_refused(names: tuple[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        api.parse("y = x^2; y + 1").evaluate(x=3.0).jacobian(*names)


def test_one_too_large_is_refused() -> None:
    run = api.parse("x = ones(2000); y = 2 x; sum(y)").evaluate()
    with pytest.raises(ValueError, match="4,000,000 numbers; 1,000,000 are computed"):
        run.jacobian("y", "x")


# Opened


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_opened_composites_compute_the_same(text: str) -> None:
    graph = api.parse(f"{START}{text}")
    whole = graph.expand()
    run, other = graph.evaluate(point(graph)), whole.evaluate(point(graph))
    assert np.asarray(other.value) == pytest.approx(np.asarray(run.value), rel=1e-9, abs=1e-11)
    for name, gradient in run.gradient.items():
        assert np.asarray(other.gradient[name]) == pytest.approx(np.asarray(gradient), rel=1e-8, abs=1e-9)


def test_a_row_of_samples_is_a_run() -> None:
    run = api.parse("w = [1, 2]; sum(w * x)").evaluate(x=[3.0, 4.0])
    assert run.row(1).gradient["w"].tolist() == [4, 4]


@pytest.mark.parametrize(
    "program",
    [
        "x = [0, 0]; L = 2 * norm(x)",
        "x = [[0, 0, 0], [1, 2, 2]]; sum(norm(x, axis=1))",
        "x = [3, 3, 3]; std(x) + std(x, correction=1) * 2",
        "x = [[3, 1], [3, 2]]; s = std(x, axis=0); sum(s + x^2)",
    ],
)
def test_in_numbers_a_corner_has_the_slope_that_the_tensors_have(program: str) -> None:
    """A root of 0 has none: there norm and std are written so that theirs is 0, as in PyTorch."""
    graph = api.parse(program)
    run, numbers = graph.evaluate(), graph.scalars().evaluate()
    assert numbers.value == pytest.approx(run.value, rel=1e-12)
    for at, slope in np.ndenumerate(run.gradient["x"]):
        assert numbers.gradient[f"x[{', '.join(map(str, at))}]"] == pytest.approx(slope, rel=1e-12)
    away = {name: x + 0.5 * np.arange(x.size).reshape(x.shape) for name, x in run.variables.items()}
    cells = {f"x[{', '.join(map(str, at))}]": x for at, x in np.ndenumerate(away["x"])}
    moved = graph.scalars().evaluate(cells)  # written for the corner, it holds everywhere
    assert moved.value == pytest.approx(graph.evaluate(away).value, rel=1e-12)


def test_where_nothing_is_0_a_norm_in_numbers_is_a_root_of_squares() -> None:
    assert not {"where", "equal", "not_equal"} & {
        node.op for node in api.parse("x = [3, 4]; norm(x)").scalars().nodes
    }
