"""Variables that the program's text draws: what the page writes there starts where it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.tensor import Tensor
from tests.support.node import Node

SCRIPT = """
import { createInterface } from "node:readline";
import { drawnAgain, scaledBy } from "STATIC/state/drawn.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { program, by } = JSON.parse(line);
  console.log(JSON.stringify(by === undefined ? drawnAgain(program, "W") : scaledBy(program, "W", by)));
}
"""
DRAWN = [
    ("randn(2, 3)", "randn(2, 3, seed=1)"),
    ("0.1 * randn(2, 3, seed=7)", "0.1 * randn(2, 3, seed=8)"),
    ("rand(2, 2) - 0.5", "rand(2, 2, seed=1) - 0.5"),
    ("2 * (rand(2, seed = 9) - .5)", "2 * (rand(2, seed = 10) - .5)"),
    ("randn(3, seed=0)/4", "randn(3, seed=1)/4"),
    ("randn(2) * (5/3)/((10 * 3)**0.5)", "randn(2, seed=1) * (5/3)/((10 * 3)**0.5)"),
    ("2 * (randn(2) / sqrt(2/3) / 2^0.5 + 1)", "2 * (randn(2, seed=1) / sqrt(2/3) / 2^0.5 + 1)"),
    ("-1e-3 * randn(2) * 2 + 1", "-1e-3 * randn(2, seed=1) * 2 + 1"),
]
MADE = [*(text for text, _ in DRAWN), "ones(2, 3)", "3 * eye(2)", "arange(4) / 4"]
LEFT = ["[1, 2]", "(randn(2))", "[[1, 2], [3, 4]]"]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def whole(text: str) -> str:
    return f"# W = randn(9); W = rand(9)\nx = [1, 2]; W = {text}; W2 = randn(2) # W\nsum(W * s) + sum(W2)"


def start(program: str) -> Tensor:
    found = parse(program).start["W"]
    assert isinstance(found, Tensor)
    return found


@pytest.mark.parametrize(("text", "next_one"), DRAWN)
def test_the_next_seed_is_drawn(node: Node, text: str, next_one: str) -> None:
    assert node.ask({"program": whole(text)}) == whole(next_one)
    before, after = start(whole(text)), start(whole(next_one))
    assert before.shape == after.shape
    assert before.cells != after.cells


@pytest.mark.parametrize("text", MADE)
@pytest.mark.parametrize("by", [0.25, 1.5, 4])
def test_the_text_is_scaled_as_the_cells_are(node: Node, text: str, by: float) -> None:
    once = node.ask({"program": whole(text), "by": by})
    before = start(whole(text)).cells
    assert start(once).cells == pytest.approx([x * by for x in before], rel=1e-5)
    twice: Any = node.ask({"program": once, "by": by})
    assert start(twice).cells == pytest.approx([x * by * by for x in before], rel=1e-5)
    assert len(twice) < len(once) + 6  # the factor is the same one


@pytest.mark.parametrize("text", LEFT)
def test_what_is_typed_otherwise_is_left(node: Node, text: str) -> None:
    assert node.ask({"program": whole(text)}) is None
    assert node.ask({"program": whole(text), "by": 2}) is None
    assert node.ask({"program": f"W = randn(2); {whole('rand(2)')}"}) is None  # which one is it?
