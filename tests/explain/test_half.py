"""What explains the numbers is the same in the browser: static/*.js, run by node, on random programs."""

import itertools
import math
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain import differences, paths, probe, sides, signs, trouble
from graphviz_backprop.explain.grading import answers
from graphviz_backprop.explain.grading.judge import judge
from graphviz_backprop.explain.grading.numbers import carried
from graphviz_backprop.explain.grading.targets import target as asked
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse
from tests.explain.grading.test_diagnosis import KNOWN as MISTAKES
from tests.explain.test_branches import OFFERED
from tests.explain.test_differences import RIGHT, UNTOLD
from tests.explain.test_sides import KNOWN
from tests.support import mistaken
from tests.support.half import Half, alike, close, number
from tests.support.programs import ordinary, runs, special

anywhere = runs(numbers=ordinary | special, seeds=ordinary)


@pytest.fixture(scope="module")
def half() -> Iterator[Half]:
    with Half(
        paths="ledger",
        tangents="tangents",
        nudge="nudge",
        differences="check",
        operations="operations",
        sides="sides",
        signs="valueSign partialSign flowSign gradientSign totalSign",
        trouble="findings",
        **{"grading/judge": "judge"},
    ) as running:
        yield running


@given(run=anywhere)
def test_tangents(half, run):
    for start in (*run.graph.variables, run.graph.nodes[len(run.graph.nodes) // 2].id):
        assert alike(half.call("tangents", run, start), probe.tangents(run, start))


@given(run=anywhere, most=st.integers(1, 6))
def test_ledger(half, run, most):
    for name in run.graph.variables:
        found, wanted = half.call("ledger", run, name, most), paths.paths(run, name, most)
        assert int(found["count"]) == wanted.count
        assert close(found["total"], wanted.total)
        assert [close(a["product"], b.product) for a, b in zip(found["paths"], wanted.paths, strict=True)]


def test_a_listed_path_is_told_alike(half):
    run = autodiff.compile(parse("u = x*y; log(u, 2) + u/x"))({"x": 2.0, "y": 3.0})
    told = half.call("ledger", run, "x")["paths"]
    for found, wanted in zip(told, paths.paths(run, "x").paths, strict=True):
        assert found["nodes"] == list(wanted.nodes)
        assert [tuple(edge) for edge in found["edges"]] == list(wanted.edges)
        assert all(map(close, found["partials"], wanted.partials))


@given(run=anywhere, h=st.sampled_from([0.5, -0.5]))
def test_nudge(half, run, h):
    nodes = run.graph.nodes
    for target in (nodes[0].id, nodes[len(nodes) // 2].id):
        found, wanted = half.call("nudge", run, target, h), probe.nudge(run, target, h)
        size = max((abs(x) for x in run.values if abs(x) < 1e300), default=1.0)
        # A change is a difference of values: what is lost in it is relative to them.
        least = 1e-11 * max(1.0, size)
        moves = [wanted.get(node.id) for node in nodes]
        assert alike(found["predicted"], [one and one.predicted for one in moves], 1e-11, least)
        assert alike(found["actual"], [one and one.actual for one in moves], 1e-11, least)


@given(run=runs())
def test_operations(half, run):
    assert half.call("operations", run, of="plan") == vars(probe.operations(run.graph))


@given(run=anywhere)
def test_check(half, run):
    for at, one in enumerate(differences.check(run).values()):
        slope, error = half.call("check", run, at).values()
        # Last digits may decide whether a step is sure enough, so which one is taken: not what it tells.
        sure = not math.isnan(one.error) and number(error) == number(error)
        assert not sure or close(slope, one.difference, 2e-3, 2e-9), (run.graph.text, run.variables)


def test_the_check_of_known_programs(half):
    for program, x in [*RIGHT, *UNTOLD]:
        compiled = autodiff.compile(parse(f"({program}) + 0 x"))
        run = compiled({"x": float(x)}, 2.0)
        (wanted,) = differences.check(run).values()
        found = half.call("check", run, 0)
        assert alike([found["difference"]], [wanted.difference], 1e-5, 1e-9), program


@given(run=anywhere)
def test_sides(half, run):
    found, wanted = half.call("sides", run), sides.sides(run).values()
    assert alike(found["left"], [one.left for one in wanted])
    assert alike(found["right"], [one.right for one in wanted])


@pytest.mark.parametrize(("program", "x"), [row[:2] for row in KNOWN])
def test_the_sides_of_known_kinks(half, program, x):
    run = autodiff.compile(parse(program))({"x": float(x)}, -2.0)
    found, (wanted,) = half.call("sides", run), sides.sides(run).values()
    # Differences lose some digits, as the last ones of a logarithm's do.
    assert alike(found["left"] + found["right"], [wanted.left, wanted.right], 1e-9)


@given(run=anywhere)
def test_signs(half, run):
    """Where the last digit of a number does not decide over the fourth."""
    wanted = signs.signs(run)
    found = {}
    for at, node in enumerate(run.graph.nodes):
        found[f"{node.id}.equals"] = half.call("valueSign", run, at)
        if run.gradients[at] is not None:
            found[f"{node.id}.adds"] = half.call("gradientSign", run, at)
        for arg, partial in enumerate(run.partials[at]):
            if partial is not None:
                found[f"{node.id}.{arg}.equals"] = half.call("partialSign", run, at, arg)
                found[f"{node.id}.{arg}.gives"] = half.call("flowSign", run, at, arg)
    for name in run.graph.variables:
        found[f"{name}.sums"] = half.call("totalSign", run, name)
    assert found == wanted


# Exactly alike in both languages: a text does not depend on the last digit of a logarithm.
EXACT = "add sub mul div neg abs sqrt sign step max min sum mean relu leaky_relu leaky_relu_slope"
NUMBERS = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 3.0, -0.1, 1e-9, 1e200, -1e200])


@given(run=runs(NUMBERS, rows=[OPS[name] for name in EXACT.split()], seeds=NUMBERS))
def test_findings(half, run):
    agree(half, run)


WORDS = [
    *("log(x)", "log(1+exp(x))", "log(1+e^x)", "1/(1+e^(-x))", "log(exp(x)+exp(2x))", "log(sigmoid(x))"),
    *("exp(x)/(exp(x)+exp(2x)+exp(3x))", "sqrt(x^2+(3x)^2)", "x^(1/3)", "x^1.5", "(-2)^x", "x^x", "1/x"),
    *("log(1+x)", "exp(x)-1", "sigmoid(x)", "tanh(x)", "gelu(x)", "hypot(x,2x)", "atan2(x,-1)", "asin(x)"),
    *("cbrt(x)", "sin(x)", "log(x,x)", "mean(x,x,2x,x,x)", "max(1,2,3,x,x,2x)", "log(x)-log(2x)", "elu(x)"),
    *(
        "(x==0)*3+(x==1)*4",
        "log(exp(2x)/(exp(x)+(exp(2x)+exp(3x))+e^x))",
        "s=sum(exp(1),exp(x)+exp(2));exp(x)/s*exp(2)/s",
    ),
]


@pytest.mark.parametrize("x", [0.0, 1.0, -1.0, 1e-9, 20.0, 800.0, -800.0, 1e200, float("inf"), float("nan")])
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_findings_in_words(half, x, view):
    for program in WORDS:
        agree(half, autodiff.compile(parse(program, view))({"x": x}))


CANCELLING = [
    "(1-cos(x))/x^2",
    "x-sqrt(x^2-1)",
    "(1+x)^2-x^2-2x",
    "0.1+0.2-0.3+x",
    "1-tanh(x)",
    "x^2-9",
    "u=x^2;u-x*x",
    "step(0.1+0.2-0.3)-x",
    "where(0.1+0.2>0.3, x, 5) - 3",
    "(0.1*x == 0.3) - 1",
    "mod(0.1*x, 0.3) - 0.3",
    "cosh(exp(0.3)) - x",
]


@pytest.mark.parametrize("x", [0.0, 1e-9, 0.3, 3.0, 20.0, 1e9, 1e17])
def test_what_cancels_in_words(half, x):
    for program, view in itertools.product(CANCELLING, ["tree", "graph"]):
        agree(half, autodiff.compile(parse(program, view))({"x": x}))


@pytest.mark.parametrize(("program", "x"), [row[:2] for row in OFFERED])
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_branches_in_words(half, program, x, view):
    agree(half, autodiff.compile(parse(program, view))({"x": float(x)}))


def agree(half, run):
    wanted = [{**vars(one), "edge": one.edge and list(one.edge)} for one in trouble.findings(run)]
    assert half.call("findings", run) == wanted


def judged(half, run, field, given, earlier=None):
    answer = answers.read(given) if isinstance(given, str) else answers.Answer(given)
    wanted = judge(run, field, answer, earlier)
    found = half.call("judge", run, field, vars(answer), earlier or {})
    assert found["verdict"] == wanted.verdict
    assert close(found["number"], wanted.number)
    assert found["after"] == list(wanted.after)
    told = [
        [{**mistake._asdict(), "edge": mistake.edge and list(mistake.edge)} for mistake in diagnosis.mistakes]
        for diagnosis in wanted.diagnoses
    ]
    assert [diagnosis["mistakes"] for diagnosis in found["diagnoses"]] == told
    return wanted.diagnoses


def test_answers_are_judged_alike(half):
    """On random programs: mistakes of many kinds, what nothing gives, and what follows from others."""
    kinds, dice = set(), random.Random(5)
    for run, name, made in mistaken.cases(14):
        fields = run.fields()
        wrongs = [wrong for _, wrong in made.values()]
        answered = [run.gradient[name], *wrongs, *(-2 * wrong for wrong in wrongs[:2]), 41.37]
        for one in answered:
            for found in judged(half, run, f"{name}.total", one):
                kinds |= {mistake.kind for mistake in found.mistakes}
        edges = [field for field in fields if field.endswith((".partial", ".flow")) and fields[field]]
        values = [f"{node.id}.value" for node in run.graph.nodes if node.args]
        gradients = [f"{node.id}.gradient" for node in run.graph.nodes if fields[f"{node.id}.gradient"]]
        for field in (*dice.sample(edges, 2), dice.choice(values), dice.choice(gradients)):
            for factor in (-1, 0.5, 2):
                wrong = fields[field] * factor
                for found in judged(half, run, field, wrong):
                    kinds |= {mistake.kind for mistake in found.mistakes}
                following = carried(run, {field: wrong})
                then = asked(run.graph, f"{name}.total").read(following)
                if math.isfinite(then):
                    judged(half, run, f"{name}.total", then, {field: wrong})
                    judged(half, run, f"{name}.total", -then, {field: wrong})
    assert len(kinds) >= 18, sorted(kinds)


@pytest.mark.parametrize(("program", "at", "field", "answer", "kind"), MISTAKES)
def test_known_mistakes_are_named_alike(half, program, at, field, answer, kind):
    found = judged(half, autodiff.compile(parse(program))(at), field, answer)
    assert kind in {mistake.kind for diagnosis in found for mistake in diagnosis.mistakes}


def test_rounded_answers_are_judged_alike(half):
    run = autodiff.compile(parse("x*sin(x)"))({"x": 2.0})
    for text in ("0.0770", "0.077", "0.08", "1/3", "0.9093", "-0.832", "2", "2*0.9093", "0.9093 - 0.8323"):
        judged(half, run, "x.total", text)
        judged(half, run, "x.total", text, {"c.0.partial": -0.4161})
    run = autodiff.compile(parse("(sigmoid(z) - 1)^2"))({"z": 0.5})
    for text in ("-0.7551*0.235", "-0.1774485", "0.1774485", "-0.3775*0.235", "0.7551*0.2351"):
        judged(half, run, "z.total", text)
        judged(half, run, "z.total", text, {"b.0.partial": 0.235})
        judged(half, run, "z.total", text, {"b.0.partial": 0.25})
    assert half.call("judge", run, "q.total", {"value": 1, "slack": 0, "digits": 0}) is None
