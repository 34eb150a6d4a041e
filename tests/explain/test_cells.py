"""What is written of a cell is true: each sum, evaluated, gives the number that the engine has."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings

from graphviz_backprop import api
from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.tensors.cells import At, Told, Written, find, number_of
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.shapes import size
from tests.support.tensors import EXPRESSIONS, point, programs, weighted

MAZUR = """\
W1 = [[0.15, 0.2], [0.25, 0.3]]; x = [0.05, 0.1]; b = 0.35; y = [0.01, 0.99]
h = sigmoid(W1 @ x + b); E = sum((h - y)^2) / 2"""


FIELD = r"⟨\(?([^⟩()]*)\)?⟩"


def told(program: str, key: str) -> Told:
    run = api.parse(program, "graph").evaluate()
    at = find(run.graph, key)
    assert at, key
    return Told(run, at, run.graph.output.id)


def every(text: str, each: int = 7) -> int:
    """How many statements there are of a program's cells (some of each node); all of them are true."""
    graph = api.Graph._of(weighted(text) if text in EXPRESSIONS else api.parse(text))
    run = graph.evaluate(point(graph))
    count = 0
    for at, node in enumerate(graph.nodes):
        for cell in range(0, size(node.shape), max(1, size(node.shape) // each)):
            found = Told(run, At(at, cell), graph.output.id)
            for statement in found.statements:
                count += 1
                holds(found, statement)
            if found.flows and all(flow.written for flow in found.flows) and at < len(graph.nodes) - 1:
                total = sum(number_of(run, flow.field) for flow in found.flows)
                assert total == pytest.approx(number_of(run, f"{found.key}.gradient"), rel=1e-9, abs=1e-12)
    return count


def holds(found: Told, statement: Written) -> None:
    run = found.run
    wanted = number_of(run, statement.field)
    given = statement.value(lambda field: number_of(run, field))
    assert given == pytest.approx(wanted, rel=1e-8, abs=1e-10, nan_ok=True), (found.key, statement.by_names)
    if statement.legible:
        assert statement.read(run).startswith(statement.name)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_sum_is_true(text: str) -> None:
    assert every(text) > 0


@pytest.mark.fuzz
@settings(max_examples=25, deadline=None)
@given(programs())
def test_of_random_programs_too(text: str) -> None:
    every(text, 4)


def test_a_cell_of_a_product_is_a_row_by_a_column() -> None:
    found = told("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z^2)", "z[1]")
    assert found.sources == ("W[1,0]", "x[0]", "W[1,1]", "x[1]")
    assert found.value
    assert found.value.read(found.run) == "z[1] = W[1, 0] · x[0] + W[1, 1] · x[1] = 3 × 5 + 4 × 6 = 39"
    back = told("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z^2)", "x[0]")
    assert back.targets == ("z[0]", "z[1]")
    (flow,) = back.flows
    assert flow.written
    assert flow.written.read(back.run) == (
        "∂L/∂x[0] = W[0, 0] · ∂L/∂z[0] + W[1, 0] · ∂L/∂z[1] = 1 × 34 + 3 × 78 = 268"
    )


def test_a_window_of_a_convolution_lights_up() -> None:
    program = "P = randn(5, 5, seed=1); K = ones(3, 3); C = conv2d(P, K); sum(C)"
    window = {f"P[{row},{column}]" for row in (1, 2, 3) for column in (2, 3, 4)}
    assert {one for one in told(program, "C[1,2]").sources if one[0] == "P"} == window
    assert set(told(program, "P[0,0]").targets) == {"C[0,0]"}
    assert len(told(program, "P[2,2]").targets) == 9


def test_a_gather_comes_from_its_rows_and_goes_back_to_them() -> None:
    program = "C = randn(5, 2, seed=1); e = C[[1, 1, 3]]; sum(e^2)"
    assert told(program, "e[1,0]").sources == ("C[1,0]",)
    assert told(program, "C[1,0]").targets == ("e[0,0]", "e[1,0]")
    (flow,) = told(program, "C[0,0]").flows
    assert flow.written
    assert flow.written.read(told(program, "C[0,0]").run).endswith("∂C[0, 0] = 0")


def test_a_long_sum_says_how_many_terms_it_has_and_these_add_up() -> None:
    found = told("A = randn(3, 32, seed=1); x = randn(32, seed=2); z = A @ x; sum(z^2)", "z[1]")
    run = found.run
    assert found.value
    shown = re.fullmatch(r"z\[1\] = Σ of 32 terms [=≈] (\S+)", found.value.read(run))
    assert shown
    assert shown[1] == format_number(number_of(run, "z[1].value"))
    lines = list(found.value.read_terms(run))
    assert lines[5].startswith("A[1, 5] · x[5] = ")
    assert len(set(lines)) == len(lines) == 32
    given = [math.prod(float(x.strip("()")) for x in line.partition(" = ")[2].split(" × ")) for line in lines]
    sign = "=" if format_number(sum(given)) == shown[1] else "≈"
    assert f" {sign} " in found.value.read(run)
    assert sum(given) == pytest.approx(number_of(run, "z[1].value"), abs=0.01)
    assert len(found.sources) == 64


@pytest.mark.parametrize(
    ("program", "key", "counts"),
    [
        ("z = randn(12, seed=1); p = softmax(z); sum(p^2)", "p[3]", [12]),
        ("W = randn(9, 2, seed=1); b = [1, 2]; sum((W + b)^2)", "b[1]", [9]),
        ("A = ones(2, 300); x = ones(300); z = A @ x; sum(z)", "z[0]", [300]),
        ("x = randn(2, 9, seed=1); y = layer_norm(x); sum(y^2)", "y[0,1]", [9, 9]),
    ],
)
def test_each_term_of_a_long_sum_is_true(program: str, key: str, counts: list[int]) -> None:
    run = api.parse(program, "graph").evaluate()
    at = find(run.graph, key) or At(run.graph.positions[key], 0)
    found = Told(run, at, run.graph.output.id)
    long = [(written, one) for written in found.statements for one in written.sums]
    assert [one.size for _, one in long] == counts
    for written, one in long:
        values = autodiff.compile(written.graph)({name: number_of(run, name) for name in written.refs}).values
        last = reversed(written.graph.nodes)
        sums = [node for node in last if len(node.args) == one.size][written.sums.index(one) :]
        assert len(one.listed) == min(one.size, 200)
        assert written.checked == (one.size <= 200)
        assert {one.sign for one in written.sums} == ({""} if len(counts) == 1 else {"Σ₁", "Σ₂"})
        for term, at_ in zip(one.listed, sums[0].args, strict=False):
            if "Σ" in term.by_numbers:  # one of the other sum
                assert "(Σ₂ of 9 terms)" in term.by_numbers
                continue
            text = re.sub(FIELD, lambda ref: f"({number_of(run, ref[1])!r})", term.by_numbers)
            assert api.parse(text.replace("×", "*")).evaluate().value == pytest.approx(float(values[at_]))
            fields = re.findall(r"⟪([^⟫]*)⟫", term.by_names)
            assert fields == re.findall(FIELD, term.by_numbers)


def test_one_cell_of_a_large_product_is_found_at_once() -> None:
    found = told("A = ones(100, 1000); B = ones(1000, 100); C = A @ B; sum(C)", "C[7,8]")
    assert len(found.sources) == 2000


def test_rounded_numbers_are_about_equal() -> None:
    found = told(MAZUR, "h[0]")
    assert found.value
    run = found.run
    text = found.value.read(run)
    assert text.count("≈") + text.count("=") >= 2


def test_a_class_beside_its_probability() -> None:
    found = told("z = [1, 2, 0.5]; L = cross_entropy(z, 1)", "z[1]")
    (flow,) = found.flows
    assert flow.written
    p = np.exp(2) / np.exp([1, 2, 0.5]).sum()
    assert number_of(found.run, flow.field) == pytest.approx(p - 1)
    assert "exp(z[1]) / (exp(z[0]) + exp(z[1]) + exp(z[2]))" in flow.written.read(found.run)


def test_what_is_too_long_is_not_written() -> None:
    found = told("x = randn(30, 30, seed=1); y = layer_norm(x); sum(y^2)", "x[0,1]")
    assert not any(statement.legible for statement in found.statements)


@pytest.mark.parametrize("key", ["z[2]", "z[0,0]", "z", "z[]", "q[0]", "z[99999999999]", "z[-1]"])
def test_what_names_no_cell_finds_none(key: str) -> None:
    assert find(api.parse("z = [1, 2]; sum(z)"), key) is None
