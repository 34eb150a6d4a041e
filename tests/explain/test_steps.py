"""The steps of both passes, in words and math."""

import functools
import operator
import re

import pytest
from hypothesis import given

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain import steps
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.printers import SIGNS
from tests.support.programs import ordinary, runs, special


def texts(program, phase, view="tree", **at):
    run = autodiff.compile(parse(program, view))({name: float(x) for name, x in at.items()})
    return [step.text for step in steps.read_all(run) if step.phase == phase]


def test_the_textbook_example_reads_10_1_4_and_gives_40():
    run = autodiff.compile(parse("(4*x+1)^2"))({"x": 1.0})
    backward = [step for step in steps.read_all(run) if step.partial is not None]
    assert [step.partial for step in backward] == [10, 1, 4]
    assert [step.value for step in backward] == [10, 10, 40]
    assert [step.rule for step in backward] == ["power rule", "sum rule", "product rule"]
    assert backward[-1].text == "∂c/∂b = a = 4; ∂g/∂b = ∂g/∂c · ∂c/∂b = 10 × 4 = 40"


def test_the_forward_pass_goes_node_by_node():
    assert texts("(4*x+1)^2", "forward", x=1) == [
        "a = 4",
        "b = x = 1",
        "c = a · b = 4 × 1 = 4",
        "d = 1",
        "e = c + d = 4 + 1 = 5",
        "f = 2",
        "g = e ^ f = 5 ^ 2 = 25",
    ]


def test_the_backward_pass_starts_at_the_output():
    assert texts("(4*x+1)^2", "backward", x=1)[:2] == [
        "∂g/∂g = 1",
        "∂g/∂e = f · e ^ (f − 1) = 2 × 5 ^ (2 − 1) = 10; ∂g/∂e = ∂g/∂g · ∂g/∂e = 1 × 10 = 10",
    ]


def test_a_negative_number_is_put_in_parentheses_but_not_twice():
    assert "c = a · b = (-3) × (-3) = 9" in texts("x*x - sigmoid(x)", "forward", x=-3)
    assert "e = sigmoid(d) = sigmoid(-3) = 0.04743" in texts("x*x - sigmoid(x)", "forward", x=-3)


def test_a_node_that_feeds_several_others_gets_their_sum_term_by_term():
    last = texts("u = x^2; sin(u) + 3u", "backward", x=0)
    written = [text for text in last if text.count("; ") == 2]
    assert len(written) == 1
    assert written[0].endswith("∂f/∂u = ∂f/∂e · ∂e/∂u + ∂f/∂c · ∂c/∂u = 3 + 1 = 4")


def test_equal_arguments_are_told_apart():
    run = autodiff.compile(parse("x*x", "graph"))({"x": 3.0})
    rules = [step.rule for step in steps.read_all(run) if step.partial is not None]
    assert rules == ["product rule, by argument 1", "product rule, by argument 2"]


def test_a_variable_with_several_leaves_gets_their_sum():
    run = autodiff.compile(parse("x*x"))({"x": 3.0})
    last = steps.read_all(run)[-1]
    assert (last.node, last.value) == ("x", 6)
    assert last.text == "∂c/∂x = ∂c/∂a + ∂c/∂b = 3 + 3 = 6"


def test_an_upstream_gradient_is_named():
    run = autodiff.compile(parse("x^2"))({"x": 3.0}, 5.0)
    backward = [step for step in steps.read_all(run, "L") if step.phase == "backward"]
    assert (backward[0].rule, backward[0].text) == ("upstream gradient", "∂L/∂c = 5")
    assert backward[1].text.endswith("∂L/∂a = ∂L/∂c · ∂c/∂a = 5 × 6 = 30")


def test_a_seed_is_the_gradient_of_something():
    run = autodiff.compile(parse("(4x + 1)^2"))({"x": 1.0}, -2.0)
    last = steps.read_all(run)[-1].text
    assert last == "∂c/∂b = a = 4; ∂L/∂b = ∂L/∂c · ∂c/∂b = (-20) × 4 = -80"


@pytest.mark.parametrize(
    ("program", "x", "line"),
    [
        ("tanh(x)", 20, "∂b/∂a = 1 − b ^ 2 = 1 − 1 ^ 2 ≈ 1.699e-17"),
        ("2x", 3.5404, "c = a · b = 2 × 3.54 ≈ 7.081"),
        ("0.1 + 0.2 - 0.3 + x", 0, "e = c − d = 0.3 − 0.3 ≈ 5.551e-17"),
        ("x - 1", 1.00001, "c = a − b = 1 − 1 ≈ 1e-5"),
        ("x + 1000", 0.4, "c = a + b = 0.4 + 1000 = 1000"),
        ("acos(x)", 1.0000001, "b = acos(a) = acos(1) ≈ NaN"),
    ],
)
def test_what_the_shown_numbers_do_not_give_is_about(program, x, line):
    run = autodiff.compile(parse(program))({"x": x})
    assert any(line in step.text.split("; ") or line in step.text for step in steps.read_all(run))


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_equations_are_true_as_they_are_written(run):
    """Products and sums of numbers, read again from the text."""
    number = r"-?[\d.]+(?:e-?\d+)?|-?Infinity|NaN"
    seen = 0
    for step in steps.read_all(run):
        for equation in step.text.split("; "):
            left, sign, result = re.search(r"([^=≈]*) ([=≈]) ([^=≈]*)$", equation).groups()
            signs = set(re.findall(r" ([×+−]) ", left))
            parts = [part.strip("() ") for part in re.split(r" [×+−] ", left)]
            if len(signs) != 1 or not all(re.fullmatch(number, part) for part in parts):
                continue
            fold = {"×": operator.mul, "+": operator.add, "−": operator.sub}[signs.pop()]
            given_ = format_number(functools.reduce(fold, map(float, parts)))
            assert (given_ == result) == (sign == "="), equation
            seen += 1
    assert seen or not any(node.args for node in run.graph.nodes if node.op in ("add", "mul"))


def test_without_a_variable_there_is_no_backward_pass():
    assert texts("2 + 3", "backward") == []


def test_the_rule_of_max_is_written_with_its_ties():
    assert "∂d/∂b = [b = d] / k = 0.5; ∂d/∂b = ∂d/∂d · ∂d/∂b = 1 × 0.5 = 0.5" in texts(
        "max(x, y, 2)", "backward", x=1, y=2
    )


@pytest.mark.parametrize("view", ["tree", "graph"])
def test_each_active_edge_has_one_step_and_the_last_flow_completes_the_gradient(view):
    graph = parse("u = x*y; log(u, 2) + u/x + max(u, y, 1)", view)
    run = autodiff.compile(graph)({"x": 2.0, "y": 3.0})
    edges = [step.edge for step in steps.steps(graph) if step.edge]
    active = [(graph.nodes[edge.parent].id, edge.arg) for edge in graph.edges() if graph.active[edge.child]]
    assert sorted(edges) == sorted(active)
    fields = steps.read_fields(run)
    for step in steps.steps(graph):
        read = steps.read(step, fields)
        assert read.value == fields[step.result]


@pytest.mark.parametrize("view", ["tree", "graph"])
def test_every_number_appears_in_exactly_one_step(view):
    graph = parse("u = x*y; log(u, 2) + u/x + max(u, y, 1)", view)
    run = autodiff.compile(graph)({"x": 2.0, "y": 3.0})
    shown = [field for step in steps.steps(graph) for field in step.shows]
    numbers = {name for name, number in run.fields().items() if number is not None}
    single = {f"{name}.total" for name in graph.variables} - set(shown)
    assert len(shown) == len(set(shown))
    assert set(shown) == numbers - single


def test_a_step_reads_only_what_is_there_already():
    graph = parse("u = x*y; sigmoid(u) + u/x")
    known = set()
    for step in steps.steps(graph):
        read = {field for equation in step.equations for field in re.findall(r"⟨\(?([^()⟩]*)", equation.text)}
        numbers = {field for field in read if field.rpartition(".")[2] not in SIGNS}
        assert numbers <= known | set(step.shows)
        known |= set(step.shows)


def test_a_step_uses_only_the_nodes_that_its_partial_reads():
    uses = {step.edge: step.uses for step in steps.steps(parse("(4*x+1)^2")) if step.edge}
    assert uses == {("g", 0): ("g", "f"), ("e", 0): ("e",), ("c", 1): ("c", "a")}


@pytest.mark.parametrize("view", ["graph", "tree"])
@pytest.mark.parametrize("count", [6, 7, 40])
def test_a_long_sum_says_how_many_terms_it_has_and_these_add_up(view, count):
    program = "; ".join(f"f{k} = sin({k}*x)" for k in range(1, count + 1))
    named = "x = 0.3; " if view == "graph" else ""  # one node with many uses
    graph = parse(f"{named}{program}; {' + '.join(f'f{k}^2' for k in range(1, count + 1))}", view)
    run = autodiff.compile(graph)({"x": 0.3})
    fields = steps.read_fields(run)
    *_, of_x = (step for step in steps.steps(graph) if step.node == "x" and step.phase == "backward")
    equation = of_x.equations[-1]
    if count <= 6:
        assert not equation.terms
        return
    what = "gradients" if view == "tree" else "flows"
    text = steps.fill_text(equation.text, fields)
    said = re.fullmatch(rf"∂\w+/∂x = Σ of (\d+) {what} ([=≈]) (\S+)", text)
    assert int(said[1]) == len(equation.terms) == len(set(equation.terms)) == count
    shown = [float(steps.fill_text(term, fields).rpartition(" = ")[2]) for term in equation.terms]
    total = format_number(functools.reduce(operator.add, shown))
    assert (total == said[3]) == (said[2] == "=")
    assert format_number(run.gradient["x"]) == said[3]
    for term in equation.terms:
        left, right, field = re.fullmatch(r"∂\w+/∂(\w+)(?: · ∂(\w+)/∂x)? = ⟨(\S+)⟩", term).groups()
        assert right in (left, None)
        at = graph.positions[left]
        uses = [arg for arg, child in enumerate(graph.nodes[at].args) if graph.nodes[child].id == "x"]
        partial = run.partials[at][uses[0]] if right else 1.0
        assert fields[field] == pytest.approx(run.gradients[at] * partial)
