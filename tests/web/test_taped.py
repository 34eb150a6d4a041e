"""Both passes of a program with tensors are put together once for a request."""

from collections import Counter

import pytest
from flask.testing import FlaskClient

from graphviz_backprop.engine.tensors import tape

PROGRAM = "W = [[1, 2], [3, 4]]; b = [1, 2]; x = [5, 6]; z = W @ x + b; L = sum(sigmoid(z / 20))"


@pytest.mark.parametrize(("panels", "by", "times"), [("", 21, 1), ("paths", 22, 2)])
def test_a_page_differentiates_a_graph_once(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, panels: str, by: int, times: int
) -> None:
    """And once more along the paths, where these are shown."""
    made: Counter[tuple[object, ...]] = Counter()
    backward = tape.Passes.backward

    def counted(self, graph, values, end):  # type: ignore[no-untyped-def]
        made[tuple(node.id for node in graph.nodes), end] += 1
        return backward(self, graph, values, end)

    monkeypatch.setattr(tape.Passes, "backward", counted)
    expr = PROGRAM.replace("20", str(by))  # a program that no other test has asked for
    found = client.get("/", query_string={"expr": expr, "about": "W", "panels": panels})
    assert found.status_code == 200
    assert max(made.values()) == times
