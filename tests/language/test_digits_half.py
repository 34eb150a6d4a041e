"""Numbers are written alike in the browser, with any number of digits; what "=" says is true."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.explain.signs import EQUAL, shown, signs
from graphviz_backprop.language.numerals import FEWEST, MOST, format_number, shown_with
from tests.support.node import Node
from tests.support.programs import runs

SCRIPT = """
import { createInterface } from "node:readline";
import { formatNumber, showDigits } from "STATIC/engine/numerals.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { count, x } = JSON.parse(line);
  showDigits(count);
  console.log(JSON.stringify(formatNumber(Number(x))));
}
"""


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


NUMBERS = (
    st.floats()
    | st.floats(-1e6, 1e6)
    | st.integers(-(10**17), 10**17).map(float)
    | st.sampled_from([0.5, 2.5, 1234.5, 999999.5, 99995.0, 0.00012345, 9.9995, 1e-4, 1e21, 0.1, 1 / 3])
)


@given(x=NUMBERS, count=st.integers(FEWEST, MOST))
def test_both_halves_write_the_same(node: Node, x: float, count: int) -> None:
    with shown_with(count):
        text = format_number(x)
    asked = str(x).replace("inf", "Infinity").replace("nan", "NaN")
    assert node.ask({"count": count, "x": asked}) == text


@given(run=runs(), count=st.integers(FEWEST, MOST))
def test_an_equation_that_says_equal_is_true_as_it_is_shown(run, count: int) -> None:
    """A flow is its gradient times its partial, by the very digits that stand there."""
    with shown_with(count):
        said = signs(run)
        for at, node in enumerate(run.graph.nodes):
            for arg, (partial, flow) in enumerate(zip(run.partials[at], run.flows[at], strict=True)):
                gradient = run.gradients[at]
                if gradient is None or partial is None or flow is None:
                    continue
                true = format_number(shown(gradient) * shown(partial)) == format_number(flow)
                assert (said[f"{node.id}.{arg}.gives"] == EQUAL) == true
