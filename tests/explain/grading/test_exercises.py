"""Exercises can be done by hand, and are what their seed says; bug hunts have one answer."""

import json
import math
import re
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.__main__ import main
from graphviz_backprop.data.judged import judge
from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.grading.bugs import BUGS, Bug, bug_hunt, totals
from graphviz_backprop.explain.grading.exact import NotByHand, exact
from graphviz_backprop.explain.grading.exercises import HARDEST, LEVELS, exercise
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.jobs.sheet import figure, sheet
from graphviz_backprop.language.graph import VAR
from graphviz_backprop.language.parser import parse

SEEDS = range(24)


@pytest.mark.parametrize("level", LEVELS)
def test_every_number_is_found_by_hand(level):
    for seed in SEEDS:
        found = exercise(level, seed)
        fields = found.run.fields()
        for field, number in found.exact.fields.items():
            assert abs(number.numerator) <= HARDEST[0] and number.denominator <= HARDEST[1], found
            assert math.isclose(fields[field], number, rel_tol=1e-12, abs_tol=1e-12), (found, field)
        assert any(found.solution.values())


@pytest.mark.parametrize("level", LEVELS)
def test_a_seed_is_an_exercise(level):
    assert exercise(level, 3) == exercise(level, 3)
    drawn = {exercise(level, seed).question for seed in SEEDS}
    assert len(drawn) >= 0.8 * len(SEEDS)


def test_a_seed_gives_what_it_gave():
    """Sheets that were handed out stay what they are."""
    assert exercise("neuron", 0).question == QUESTION


QUESTION = "z = w*x + b; a = relu(z); C = (a - y)^2 at w = -1, x = -4, b = -2, y = 4: ∂C/∂w, ∂C/∂b?"


def test_levels_are_what_they_say():
    for seed in SEEDS:
        assert sum(bool(node.args) for node in exercise("rule", seed).graph.nodes) == 1
        assert max(_mentions(exercise("shared", seed).graph).values()) > 1
        assert all(field[0] in "wbv" for field in exercise("layers", seed).asked)


def test_matrices_are_answered_as_lists():
    for seed in range(6):
        found = exercise("matrix", seed)
        for field, written in found.solution.items():
            right = found.run.gradient[field.removesuffix(".total")]
            assert json.loads(written) == right.tolist()
            assert judge(found.run, field, json.loads(written)).verdict == "right"
    with pytest.raises(ValueError, match="no bug hunts"):
        bug_hunt("matrix", 1)


def _mentions(graph):
    found = {}
    for node in graph.nodes:
        if node.op == VAR:
            found[node.name] = found.get(node.name, 0) + 1
    inner = {node.id: graph.uses[at] for at, node in enumerate(graph.nodes) if node.args}
    return {**found, **inner}


def test_an_unknown_level():
    with pytest.raises(ValueError, match="is no level"):
        exercise("calculus", 1)


@pytest.mark.parametrize("program", ["sin(x)", "x^y", "e^x", "pi*x", "sqrt(x)", "1/(x-2)", "x^(1/2)"])
def test_what_is_no_fraction(program):
    graph = parse(program)
    with pytest.raises(NotByHand):
        exact(graph, {name: Fraction(2) for name in graph.variables})


@given(x=st.fractions(-5, 5, max_denominator=6), y=st.fractions(-5, 5, max_denominator=6))
def test_fractions_are_the_engine_s_numbers(x, y):
    graph = parse(
        "u = x*y - 3; max(u, x, y) / (1 + u^2) + relu(-x) - abs(y) + mean(x, y, u)^3 + square(u - x)"
    )
    found = exact(graph, {"x": x, "y": y}).fields
    run = autodiff.compile(graph)({"x": float(x), "y": float(y)})
    ties = len({x, y, x * y - 3}) < 3
    for field, number in run.fields().items():
        if number is not None and not ties and field.count(".") + field.endswith("value") < 3:
            assert math.isclose(found[field], number, rel_tol=1e-9, abs_tol=1e-9), field


@pytest.mark.parametrize("level", ["shared", "neuron", "layers"])
def test_a_bug_hunt_has_one_answer(level):
    kinds = set()
    for seed in SEEDS:
        hunt = bug_hunt(level, seed)
        right = hunt.exercise.run.gradient
        assert set(hunt.wrong) == {
            name for name, x in hunt.gradients.items() if not math.isclose(x, right[name])
        }
        assert hunt.wrong and hunt.bug in hunt.choices and len(hunt.choices) >= 3
        assert len(set(hunt.choices)) == len(hunt.choices)
        kinds.add(hunt.bug.kind)
    assert kinds <= set(BUGS) and len(kinds) >= 3


def test_flows_that_meet_are_hunted_where_variables_are_shared():
    """One node a variable: there = for +=, and a node that passes on too early, do harm."""
    hunts = [bug_hunt("shared", seed) for seed in range(60)]
    kinds = Counter(hunt.bug.kind for hunt in hunts)
    assert kinds["assigned"] >= 6 and kinds["order"] >= 1, kinds
    assert max(kinds.values()) <= 24  # no kind is most of them
    for hunt in hunts:
        assert hunt.exercise.view == "graph"
        assert len(hunt.exercise.graph.variables) == sum(
            node.op == "var" for node in hunt.exercise.graph.nodes
        )


def test_the_bugs_are_what_they_say():
    run = gb.parse("u = x + y; u*x").evaluate(x=2, y=3)
    assert run.gradient == {"x": 7, "y": 2}
    graph = run.graph
    fields = exact(graph, {"x": Fraction(2), "y": Fraction(3)}).fields
    assert totals(graph, fields, None) == {"x": 7, "y": 2}
    assert totals(graph, fields, Bug("upstream", "add")) == {"x": 6, "y": 1}
    assert totals(graph, fields, Bug("sign", "add", 1)) == {"x": 7, "y": -2}
    assert totals(graph, fields, Bug("other", "mul")) == {"x": 7, "y": 5}
    assert totals(graph, fields, Bug("zeroed"))["y"] == 2 + 4  # u has 2, then 2 + 2
    graph = parse("u = x^2; v = 3*u; u*v", "graph")  # u passes 3 on, then 3*1 arrives
    fields = exact(graph, {"x": Fraction(1)}).fields
    assert totals(graph, fields, None) == {"x": 12}
    assert totals(graph, fields, Bug("order")) == {"x": 6}
    assert totals(graph, fields, Bug("assigned")) == {"x": 6}


def test_a_sheet(layout):
    exercises = [exercise("neuron", seed) for seed in range(2)]
    blank, solved = (sheet(layout, exercises, answers=answers) for answers in (False, True))
    assert blank.startswith(b"%PDF") and solved.startswith(b"%PDF")
    shown = [figure(layout, exercises[1], answers) for answers in (False, True)]
    assert "____" in shown[0] and "____" not in shown[1]
    blanks = dict(re.findall(r'data-field="([^"]+)"[^>]*>(_+)<', shown[0]))
    assert {len(blank) for blank in blanks.values()} == {8}  # that of a partial beside its name, too
    for number in exercises[1].solution.values():
        assert f">{number}<" in shown[1] and f">{number}</" not in shown[0]


@pytest.fixture(scope="module")
def layout():
    with Layout() as layout:
        yield layout


def test_the_command(tmp_path, capsys):
    assert main(["exercise", "shared", "--seed", "2", "--count", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{at}. {exercise('shared', 1 + at).question}" for at in (1, 2)]
    assert main(["exercise", "shared", "--answers"]) == 0
    assert "∂" in capsys.readouterr().out.splitlines()[1]
    assert main(["exercise", "neuron", "-o", str(tmp_path / "sheet.pdf")]) == 0
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(SystemExit):
        main(["exercise", "calculus"])
