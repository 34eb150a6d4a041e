"""The rule book's tensors: each example is evaluated, its rule as a program against central differences."""

from typing import Any

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.engine.autodiff import compile
from graphviz_backprop.explain.tensors.ruled import RULED, Example, examples
from graphviz_backprop.language.definitions import argument, written
from graphviz_backprop.language.tensor_ops import HIDDEN, TENSORS
from tests.explain.test_sentences import every
from tests.support.tensors import differences

EXAMPLES = [pytest.param(example, id=example.text) for op in RULED for example in examples(op)]


def evaluated(text: str, names: dict[str, Any]) -> Any:
    """What a row's text comes to, as one types it, too, but for infinity; no example has a zero factor."""
    text = text.replace("others(x)", "(prod(x) / x)")
    shapes = tuple((name, np.shape(x)) for name, x in names.items())
    graph = written(text, shapes)
    given = {argument(at): x for at, x in enumerate(names.values()) if argument(at) in graph.variables}
    found = compile(graph)(given).value
    if "inf" not in text:
        typed = "; ".join(f"{name} = {np.asarray(x).tolist()!r}" for name, x in names.items())
        assert np.array_equal(api.parse(f"{typed}; {text}").evaluate().value, found)
    return found


def declared(example: Example) -> dict[str, Any]:
    """The arguments, the result and its gradient."""
    graph, run = example.graph, example.run
    names = {graph.nodes[at].id: run.values[at] for at in (*example.node.args, example.at)}
    return {**names, "G": run.gradients[example.at]}


def test_every_row_that_can_be_written_has_an_example() -> None:
    assert {op.name for op in TENSORS.values()} - {op.name for op in RULED} == HIDDEN - {"slice_of"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_has_its_row(example: Example) -> None:
    assert example.node.op == example.op.name
    assert example.edges
    assert len(example.program) < 250


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_comes_back_is_what_central_differences_find(example: Example) -> None:
    start = {name: np.asarray(example.graph.start[name].nested()) for name in example.graph.variables}
    found = differences(example.graph, start)
    for name, slope in found.items():
        if np.isnan(slope).all():  # it is a choice: between two whole numbers there is nothing
            assert not np.any(example.run.gradient[name])
            continue
        assert example.run.gradient[name] == pytest.approx(slope, rel=1e-7, abs=1e-8), name


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_rule_is_a_program_and_comes_to_what_stands_there(example: Example) -> None:
    for edge, back in zip(example.edges, example.backs, strict=True):
        flow = example.run.flows[example.at][edge.arg]
        assert bool(back.rule) == bool(example.op.backward)
        if back.rule:
            assert evaluated(back.rule, declared(example)) == pytest.approx(flow, rel=1e-12, abs=1e-12)
        shown = np.array(api.parse(f"({back.number.text})").evaluate().value)
        assert shown == pytest.approx(np.asarray(flow), rel=1e-3, abs=1e-12)
        assert back.number.sign == ("=" if np.array_equal(shown, flow) else "≈")


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_definition_is_a_program_and_comes_to_the_value(example: Example) -> None:
    args = [example.run.values[arg] for arg in example.node.args]
    names = dict(zip(example.op.names_at(len(args)), args, strict=True))
    for stable in (False, True):
        text = example.definition(stable)
        assert bool(text) != example.op.primitive
        if text:
            assert evaluated(text, names) == pytest.approx(example.run.values[example.at], rel=1e-12)


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_sentences_are_true(example: Example) -> None:
    every(example.program)
