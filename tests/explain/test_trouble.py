"""Findings: each kind where it belongs, its words, and safer forms that are right."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff, scalar
from graphviz_backprop.explain.patterns import PATTERNS, matches
from graphviz_backprop.explain.trouble import REASONS, SENTENCES, findings
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS
from graphviz_backprop.language.parser import parse
from tests.support.programs import ordinary, runs, special


def found(program, view="tree", seed=1.0, **at):
    run = autodiff.compile(parse(program, view))({name: float(x) for name, x in at.items()}, seed)
    return findings(run)


def first(program, x):
    return found(program, x=x)[0]


def test_all_is_well():
    assert found("(4*x+1)^2", x=1) == []


FIRST = [
    ("log(x)", -1, "value", "b = log(a) = log(-1) = NaN: the logarithm is defined for numbers > 0.", ""),
    ("log(x)", 0, "value", "b = log(a) = log(0) = -Infinity: the logarithm of 0 is -∞.", ""),
    ("1/x", 0, "value", "c = a / b = 1 / 0 = Infinity: division by zero.", ""),
    ("x/x", 0, "value", "c = a / b = 0 / 0 = NaN: 0 / 0 is not a number.", ""),
    ("x^(1/3)", -8, "value", None, "cbrt(x)"),
    ("x*x", 1e200, "value", f"c = a · b = 1e200 × 1e200 = Infinity: {REASONS['overflow']}.", ""),
    ("log(1 + exp(x))", 800, "value", None, "softplus(x)"),
    ("log(1 + e^x)", 800, "value", None, "softplus(x)"),
    ("1/(1 + e^(-x))", -800, "value", None, "sigmoid(x)"),
    ("1/(exp(-x) + 1)", -800, "value", None, "sigmoid(x)"),
    ("log(exp(x) + exp(2))", 800, "value", None, "logaddexp(x, 2)"),
    ("log(exp(x) + exp(x - 1))", -800, "value", None, "logaddexp(x, e)"),
    ("log(sigmoid(x))", -800, "value", None, "-softplus(-x)"),
    ("sqrt(x^2 + 2^2)", 1e200, "value", None, "hypot(x, 2)"),
    ("sin(x)", math.inf, "input", "x is Infinity from the start.", ""),
    (
        "sqrt(x)",
        0,
        "slope",
        "∂b/∂a = Infinity at b = sqrt(a) = sqrt(0) = 0: at the edge of its domain it is infinitely steep.",
        "",
    ),
    ("(-2)^x", 3, "slope", None, ""),
    ("relu(x)", 0, "corner", None, ""),
    ("max(x, 2x)", 0, "corner", None, ""),
    (
        "clamp(x, x, 1)",
        1,
        "ours",
        "d = clamp(a, b, c) = clamp(1, 1, 1) = 1 is at a corner: there is no derivative. By convention"
        " ∂d/∂a = 0, ∂d/∂b = 0; PyTorch has 1 by what is clamped.",
        "",
    ),
    ("clamp(x, 0, 1)", 1, "corner", None, ""),
    ("step(x)", 0, "jump", None, ""),
    ("x^1.5", 0, "edge", None, ""),
    ("log(1 + x)", 1e-9, "digits", None, "log1p(x)"),
    ("exp(x) - 1", 1e-9, "digits", None, "expm1(x)"),
    (
        "sigmoid(x)",
        20,
        "saturated",
        "b = sigmoid(a) = sigmoid(20) = 1 is saturated: ∂b/∂a = 2.061e-9, almost nothing flows back.",
        "",
    ),
    (
        "relu(x)",
        -1,
        "dead",
        "b = relu(a) = relu(-1) = 0 is dead: ∂b/∂a = 0, nothing flows back.",
        "",
    ),
    ("max(x, 0)", -1, "dead", None, ""),
    ("step(x)", 1, "level", None, ""),
    ("cos(x)", 0, "flat", None, ""),
    (
        "0^x",
        0,
        "slope",
        "∂c/∂b = -Infinity at c = a ^ b = 0 ^ 0 = 1:"
        " the exponential rule has the base's logarithm, and the logarithm of 0 is -∞.",
        "",
    ),
    (
        "acos(x)",
        1.0000001,
        "value",
        "b = acos(a) = acos(1.0000001) = NaN: acos is defined for numbers from -1 to 1.",
        "",
    ),
    ("1/(-x)", 0, "value", "d = a / c = 1 / (-0) = -Infinity: division by zero.", ""),
    ("log(2, x)", 0, "value", "c = log(a, b) = log(2, 0) = 0: the base of a logarithm is positive.", ""),
    (
        "mean(x, x)",
        1.7e308,
        "value",
        "c = mean(a, b) = mean(1.7e308, 1.7e308) = Infinity:"
        " a sum on the way is larger than 1.798e308, the largest number there is.",
        "",
    ),
    ("0.123456 ^ 2 + x^2 + log(1 + exp(x + 0.123456))", 800, "value", None, "softplus(k)"),
    ("sqrt(x^2 + 3.14159265^2)", 1e200, "value", None, "hypot(x, 3.14159265)"),
]


@pytest.mark.parametrize(("program", "x", "kind", "text", "safer"), FIRST)
def test_the_first_finding(program, x, kind, text, safer):
    finding = first(program, x)
    assert (finding.kind, finding.safer) == (kind, safer)
    assert text is None or finding.text == text


def test_only_the_first_nodes_count_not_what_they_spread_to():
    kinds = [
        (finding.kind, finding.node) for finding in found("u = log(x); v = log(y); sin(u) + 2v", x=-1, y=-1)
    ]
    assert [pair for pair in kinds if pair[0] == "value"] == [("value", "u"), ("value", "v")]


def test_a_nan_made_of_infinities_is_a_source_too():
    kinds = [(finding.kind, finding.text.split(": ")[1]) for finding in found("log(x) - log(2x)", x=0)]
    assert ("value", "∞ − ∞ is not a number.") in kinds


def test_a_flow_that_is_no_number():
    finding = next(one for one in found("sqrt(x^2)", x=0) if one.kind == "flow")
    assert finding.text == "Infinity × 0 = NaN flows from c to a: 0 × ∞ is not a number."
    assert finding.edge == ("c", 0)


def test_flows_that_add_up_to_no_number():
    finding = next(one for one in found("u = 2x; sqrt(u) - sqrt(2u)", x=0) if one.kind == "sum")
    assert (finding.node, finding.text) == (
        "u",
        "What flows into u adds up to NaN: ∞ − ∞ is not a number.",
    )


def test_an_argument_mentioned_twice_is_no_tie():
    assert found("max(x, x)", x=1) == []
    assert found("max(x, x, 0)", "graph", x=1) == []


def test_a_label_that_is_compared_with_each_class_is_no_kink():
    program = "w = 2; (y == 0)*w + (y == 1)*(1 - w)"
    assert found(program, y=1, w=2) == found(program, y=3, w=2) == []
    assert [one.kind for one in found("w*(y == 1) + (y == 1)", y=1, w=2)] == ["jump", "jump"]


def test_what_no_variable_reaches_has_no_kink():
    assert found("x + relu(0)", x=1) == []


def test_a_pattern_matches_equal_subexpressions_only():
    assert first("exp(2x) / (exp(2x) + exp(y))".replace("y", "3"), 800).safer == "sigmoid(c - 3)"
    assert first("exp(2x) / (exp(x) + exp(3))", 800).safer == ""


def test_the_largest_form_is_offered():
    softmax = "exp(x)/(exp(x) + exp(3) + exp(4) + exp(5))"
    assert first(softmax, 800).safer == "sigmoid(x - logsumexp(3, 4, 5))"
    assert first(f"-log({softmax})", 800).safer == "-softplus(logsumexp(3, 4, 5) - x)"


def test_sums_match_in_either_order():
    graph = parse("log(exp(x) + 1)")
    assert next(match.pattern.safer for match in matches(graph)) == "softplus(x)"


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.form)
def test_a_safer_form_computes_the_same(pattern):
    at = {
        name: x
        for name, x in zip(("x", "y", "rest"), (0.3, 0.7, -0.4), strict=True)
        if name in parse(pattern.form).variables
    }
    form, safer = (autodiff.compile(parse(text))(at) for text in (pattern.form, pattern.safer))
    assert safer.value == pytest.approx(form.value, rel=1e-12)
    assert safer.gradient == pytest.approx(form.gradient, rel=1e-12)


@pytest.mark.parametrize("op", [*OPERATORS, *FUNCTIONS], ids=lambda op: op.name)
def test_rows_speak_of_what_they_have(op):
    forms = [trap.safer for trap in op.traps] + ([op.kink.safer] if op.kink else [])
    for form in filter(None, forms):
        assert set(parse(form).variables) <= set(op.arguments)
        scalar.template(form).format(**dict.fromkeys(op.arguments, "u"))
    assert op.flat == "" or op.flat in SENTENCES
    assert op.kink is None or (op.kink.kind in SENTENCES and op.kink.kind in REASONS)


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_whenever_a_number_breaks_something_is_found(run):
    told = [finding.kind for finding in findings(run)]
    if not math.isfinite(run.value):
        assert "value" in told or "input" in told
    elif not all(map(math.isfinite, run.gradient.values())):
        assert {"value", "slope", "flow", "branch", "sum"} & set(told)


QUIET = [
    ("hypot(x, 0.1)", 800),
    ("log(5000, x)", 2),
    ("log(x, 2) * 1e6", 5000),
    ("1e9 * cos(x)", 1e-4),
    ("1e6 * x^2", 1e-4),
    ("exp(x) * 1e6", -8),
    ("0 * sigmoid(x)", 40),  # nothing arrives
]


@pytest.mark.parametrize(("program", "x"), QUIET)
def test_what_lets_a_gradient_through_is_not_called_flat(program, x):
    kinds = {finding.kind for finding in found(program, x=x)}
    assert not kinds & {"flat", "saturated", "bottom"}


@pytest.mark.parametrize(
    ("program", "x", "kinds"),
    [
        ("(x - 3)^2", 3, ["bottom"]),
        ("(x - 3)^2", 3.0001, ["bottom"]),
        ("((x - 3)^2)^2", 3, ["bottom"]),
        ("1 - cos(x)", 0, ["bottom"]),
        ("-(x - 3)^2", 3, ["flat"]),  # a maximum
        ("x^3", 0, ["flat"]),
        ("sigmoid(x)", 40, ["saturated"]),
    ],
)
def test_a_minimum_that_is_reached_is_no_warning(program, x, kinds):
    assert [finding.kind for finding in found(program, x=x)] == kinds
    assert [finding.kind for finding in found(program, x=x, seed=1e-6)] == kinds


def test_the_lowest_point_of_one_way_is_not_said_to_be_that_of_the_output():
    """At 1 the parabola has its end, and the output goes down along 3x."""
    run = autodiff.compile(parse("(x - 1)^2 + 3x"))({"x": 1.0})
    (finding,) = findings(run)
    assert "is where the output is lowest by this way alone, near here: ∂e/∂c = 0" in finding.text
    assert run.gradient["x"] == 3


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_what_is_called_flat_is_flat(run):
    """Of what arrives not a thousandth goes on, and no flow is worth speaking of."""
    for finding in findings(run):
        at = run.graph.positions[finding.node]
        if finding.kind in ("flat", "saturated", "bottom", "dead", "level"):
            for partial, flow in zip(run.partials[at], run.flows[at], strict=True):
                assert partial is None or abs(partial) < 1e-3
                assert flow is None or abs(flow) <= 1e-3 * max(abs(run.seed), abs(run.gradients[at]))


@given(runs(numbers=st.sampled_from([0.0, 1.0, -1.0, 0.5]), size=3))
def test_at_a_minimum_all_lies_higher(run):
    compiled = autodiff.compile(run.graph)
    told = [run.graph.positions[finding.node] for finding in findings(run) if finding.kind == "bottom"]
    for at in told:
        if all(run.graph.nodes[arg].op == "var" for arg in run.graph.nodes[at].args):
            for arg in run.graph.nodes[at].args:
                name = run.graph.nodes[arg].name
                alone = sum(node.name == name for node in run.graph.nodes) == 1 == run.graph.uses[arg]
                for step in (-1e-2, 1e-2) if alone else ():
                    moved = compiled({**run.variables, name: run.variables[name] + step})
                    assert moved.value >= run.value
