"""Each hidden number is asked for once, under the name that people know it by."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.explain.grading import answers
from graphviz_backprop.explain.grading.hidden import veil
from graphviz_backprop.explain.grading.questions import questions
from tests.support.node import Node

ASKED = {
    ("(4*x+1)^2", "gradients"): ["∂g/∂e", "∂g/∂c", "∂g/∂x"],
    ("u = 2*x; u*y", "x.total,partials"): ["∂d/∂u", "∂d/∂c", "∂u/∂b", "∂d/∂x"],
    ("u = 2*x; u*u", "partials"): ["∂c/∂u by argument 1", "∂c/∂u by argument 2", "∂u/∂b"],
    ("u = x*y; u + x", "values"): ["u", "d"],
    ("u = x*y; u + x", "path:y"): ["∂d/∂u", "∂d/∂u", "∂u/∂b", "∂d/∂y"],
    ("u = x*y; u + x", "nothing,q.total"): [],
}


@pytest.mark.parametrize(("program", "hide"), ASKED)
def test_what_is_asked(program, hide):
    graph = gb.parse(program)
    asked = questions(graph, veil(graph, hide))
    assert [question.name for question in asked] == ASKED[program, hide], asked


def test_gradients_of_a_piece_are_of_l():
    graph = gb.parse("x^2")
    assert [question.name for question in questions(graph, veil(graph, "gradients"), "L")] == ["∂L/∂x"]


@pytest.mark.parametrize("hide", ["gradients", "partials", "values", "gradients,partials,values", "from:3"])
@pytest.mark.parametrize(
    "program", ["u = x*y; v = u + x; v*u - max(x, y)", "a = x*x; a/y + log(a)", "-x + 3"]
)
def test_each_number_is_asked_for_once_and_judged(program, hide):
    run = gb.parse(program).evaluate({"x": 1.37, "y": 2.21} if "y" in program else {"x": 1.37})
    hidden = veil(run.graph, hide)
    asked = questions(run.graph, hidden)
    told = [field for question in asked for field in (question.field, *question.also)]
    assert len(told) == len(set(told)) and set(told) <= hidden.fields
    fields = run.fields()
    for question in asked:
        assert run.judge(question.field, fields[question.field]).verdict == "right"
        assert {fields[field] for field in question.also} <= {fields[question.field]}
    # what is hidden and not asked for is no number that somebody has to find
    rest = {field for field in hidden.fields - set(told) if fields.get(field) is not None}
    assert all(field.endswith((".together", ".value")) for field in rest), rest


SCRIPT = """
import { createInterface } from "node:readline";
import { read } from "STATIC/practice/answers.js";
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(read(JSON.parse(line)) ?? null));
}
"""
TEXTS = [
    "40",
    "-0.5",
    "1/3",
    "2*5^(2-1)",
    "0.250",
    "1e-3",
    "−2",
    ".5",
    "5.",
    "x",
    "",
    "1+",
    "007.10",
    "2pi",
    "sqrt(2)",
    "x = 40",
    "∂g/∂x = 2*5 = 10",
    "≈ 0.105",
    "x =",
    "x <= 4",
    "x\n= 4",
    "-0.7551*0.235",
    "0.88*0.12",
    "-0.1774485",
    "0,5",
    "sigmoid(2)*(1-sigmoid(2))",
    "1-tanh(0.5)^2",
    "relu(-3)",
    "softplus(1)",
    "log(-1)",
]


@pytest.fixture(scope="module")
def browser():
    with Node(SCRIPT) as node:
        yield node


@pytest.mark.parametrize("text", TEXTS)
def test_the_browser_reads_the_same_answers(browser, text):
    same(browser, text)


WRITTEN = {
    "½": 0.5, "-½": -0.5, "2·½": 1, "½(3)": 1.5, "½²": 0.25, "⅖": 0.4, "⅒": 0.1, "½ pi": math.pi / 2,
    "2^½": math.sqrt(2),
    "2²": 4, "−2²": -4, "(−2)²": 4, "3/4²": 3 / 16, "2⁻¹": 0.5, "2³²": 2**32, "2^3²": 512, "2²(3)": 12,
    "e²": math.e**2,
    "2e²": 2 * math.e**2, "sin(1)²": math.sin(1) ** 2, "0.5²": 0.25,
    "3×4": 12, "3⋅4": 12, "2 − 5": -3, "–0.50": -0.5, "1e−3": 0.001, "−2.50e−2": -0.025, "6÷4": 1.5,
    "1⁄2": 0.5,
    "（1＋2）×3": 9, "2\u00a0×\u20623": 6, "\u22122": -2, "√2": math.sqrt(2), "2√(1+3)": 4, "√4²": 4,
    "√½": math.sqrt(0.5),
    "√2π": math.sqrt(2) * math.pi,
    # What the language refuses, too: most of it lost a sign on its way.
    "2½": None, "2 ½": None, "½½": None, "(2)½": None, "½3": None, "2²½": None, "2²3": None, "2²^3": None,
    "2² ²": None, "2²⁻²": None, "²": None, "2××3": None, "2⁻": None, "√": None, "x²": None,
}  # fmt: skip
"""What stands in books and on this page, and the number that it is."""


@pytest.mark.parametrize(("text", "number"), WRITTEN.items())
def test_answers_are_written_as_in_a_book(browser, text, number):
    same(browser, text)
    if number is None:
        with pytest.raises(answers.Unread):
            answers.read(text)
    else:
        assert answers.read(text).value == pytest.approx(number, rel=1e-14)


@settings(deadline=None, max_examples=300)
@given(st.text("12.e=≈½⅓²³⁻−-+×·/()^√ ", max_size=8))
def test_the_browser_reads_no_other_number(browser, text):
    """Never another one: it may refuse what the language can read."""
    found = browser.ask(text)
    if found is not None:
        same(browser, text)


@settings(deadline=None, max_examples=200)
@given(st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{0,5})?(e-?[0-9])?", fullmatch=True))
def test_and_the_same_decimal_numbers(browser, text):
    same(browser, text)


def same(browser, text):
    found = browser.ask(text)
    try:
        wanted = answers.read(text)
    except answers.Unread:
        assert found is None
        return
    assert found["value"] == pytest.approx(wanted.value, rel=1e-12)
    assert found["margin"] == pytest.approx(wanted.margin, rel=1e-12)
    assert (found["digits"], found["slack"]) == (wanted.digits, pytest.approx(wanted.slack, rel=1e-12))
