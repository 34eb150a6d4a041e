"""A maximum is called a shift only where the output is the same whatever it is; of a softmax's own it is."""

import math
import random
from collections.abc import Iterator

import pytest

from graphviz_backprop import api
from graphviz_backprop.engine import autodiff, scalar
from graphviz_backprop.explain.patterns import equal_keys
from graphviz_backprop.explain.shifts import is_shift
from graphviz_backprop.explain.trouble import findings
from graphviz_backprop.language.parser import parse
from graphviz_backprop.network.builder import Architecture, program
from tests.support.half import Half

SHIFTED = "u = 2w; v = w + 1; t = 3 - w; m = max(u, v, t); p = exp(u - m); q = exp(v - m); r = exp(t - m); "
SUM = "s = p + q + r; "
QUIET = [
    *(f"{SHIFTED}{SUM}{rest}" for rest in ("-ln(p/s)", "m + log(s) - u", "p/s", "(p/s)^2 + (q/s - 1)^2")),
    f"{SHIFTED}{SUM}l = m + log(s); 0.3*(l - u) + 0.7*(l - v) + 0*p/s",
    f"{SHIFTED}i = (p + q + r)^-1; -log(q * i)",
    "max(2w, w + 1) + log(exp(2w - max(2w, w + 1)) + exp(w + 1 - max(2w, w + 1)))",
]
TOLD = [
    f"{SHIFTED}{SUM}p",
    f"{SHIFTED}{SUM}log(s)",
    f"{SHIFTED}m",
    f"{SHIFTED}{SUM}m + m + log(s)",
    f"{SHIFTED}{SUM}p/s + m",
    f"{SHIFTED}p/(q + 1)",
    f"{SHIFTED}{SUM}m * log(s)",
]


@pytest.fixture(scope="module")
def half() -> Iterator[Half]:
    with Half(shifts="isShift", patterns="equalKeys", trouble="findings") as running:
        yield running


def shifts(graph) -> list[int]:
    keys = equal_keys(graph)
    return [at for at in range(len(graph.nodes)) if is_shift(graph, keys, at)]


def moved(graph, values, of: set[int], by: float) -> float:
    """The output where some nodes are so much more than they are."""
    found: list[float] = []
    for at, node in enumerate(graph.nodes):
        if at in of:
            found.append(values[at] + by)
        else:
            args = [found[arg] for arg in node.args]
            found.append(scalar.value(node.op, args) if node.args else values[at])
    return found[-1]


def held(graph, run) -> int:
    """Moves each shift, and says how many there were: the output stays."""
    keys = equal_keys(graph)
    for at in shifts(graph):
        alike = {one for one in range(len(keys)) if keys[one] == keys[at]}
        for by in (0.5, -1.25):
            output = moved(graph, run.values, alike, by)
            if math.isfinite(run.value) and math.isfinite(output):
                assert output == pytest.approx(run.value, rel=1e-9, abs=1e-9), (
                    graph.text,
                    graph.nodes[at].id,
                )
    return len(shifts(graph))


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("text", QUIET)
def test_nothing_is_said_of_a_softmaxs_own_maximum(text: str, view: str) -> None:
    graph = parse(text, view)
    assert held(graph, autodiff.compile(graph)({"w": 0.4})) > 0
    for w in (1.0, 0.7, 0.3, -2.0):  # at 1 all three are equal: a corner
        told = [one.text for one in findings(autodiff.compile(graph)({"w": w}))]
        assert not [one for one in told if "corner" in one or "cancel" in one or "digit" in one], told


@pytest.mark.parametrize("text", TOLD)
def test_what_the_output_feels_is_no_shift(text: str) -> None:
    graph = parse(text, "graph")
    assert shifts(graph) == []
    assert any(one.kind == "corner" for one in findings(autodiff.compile(graph)({"w": 1.0})))


@pytest.mark.parametrize("loss", ["categorical_cross_entropy", "squared"])
def test_networks_with_softmax_are_quiet(loss: str) -> None:
    text = program(Architecture((2, 3, 3), ("tanh", "softmax"), loss))
    graph = parse(text, "graph")
    at = {name: random.Random(name).uniform(-1, 1) for name in graph.variables}
    run = autodiff.compile(graph)(at)
    assert held(graph, run) == 1
    told = [one.text for one in findings(run) if one.kind in ("corner", "cancels", "cancelled")]
    assert told == []
    equal = autodiff.compile(graph)(dict.fromkeys(graph.variables, 0.25))
    assert [one.text for one in findings(equal) if one.kind in ("corner", "cancelled")] == []


@pytest.mark.parametrize(
    "text",
    ["z = [1, 0.3, 0.1]; cross_entropy(z, 0)", "z = [1, 2, 2]; log_softmax(z)[0]", "z = [1, 1]; logsumexp(z)",
     "z = [1, 2, 0.1]; softmax(z)[1]", "z = [[1, 0.3, 0.1], [1, 2, 2.5]]; cross_entropy(z, ([1, 2]))"],
)  # fmt: skip
def test_tensors_in_numbers_are_quiet(text: str) -> None:
    told = [one.text for one in api.parse(text).scalars().evaluate().findings()]
    assert not [one for one in told if "corner" in one or "cancel" in one], told


def drawn(seed: int) -> str:
    """A program around a maximum, of what may let it cancel and what may not."""
    of = random.Random(seed)
    names = ["u", "v", "m"]
    lines = ["u = 2w", "v = w + x", "m = max(u, v)"]
    forms = ["{a} - {b}", "{a} - m", "exp({a} - m)", "{a} + {b}", "{a} + {b} + {c}", "{a} / {b}",
             "{a} * {b}", "log({a})", "exp({a})", "-{a}", "{a}^-1", "{a}^2", "2*{a}", "{a} + m",
             "max({a}, {b})"]  # fmt: skip
    for number in range(of.randint(2, 7)):
        picked = {letter: of.choice(names[-4:] if of.random() < 0.7 else names) for letter in "abc"}
        lines.append(f"n{number} = {of.choice(forms).format(**picked)}")
        names.append(f"n{number}")
    return "; ".join(lines)


def test_random_programs(half: Half) -> None:
    """Whatever is called a shift is one, and both halves say the same."""
    found = 0
    for seed in range(600):
        graph = parse(drawn(seed), "graph")
        at = {name: x for name, x in {"w": 0.6, "x": -0.3}.items() if name in graph.variables}
        run = autodiff.compile(graph)(at)
        found += held(graph, run)
        if seed < 150 or shifts(graph):
            keys = equal_keys(graph)
            tops = [at for at, node in enumerate(graph.nodes) if node.op == "max"]
            assert [half.call("isShift", run, keys, at, of="plan") for at in tops] == [
                is_shift(graph, keys, at) for at in tops
            ]
    assert found > 10, found
