"""A class or an index chooses among so many: each of these has a value, and the slider goes through them."""

import re

import numpy as np
import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.chosen import choices
from graphviz_backprop.language.parser import parse

CHOSEN = [
    ("z = [1, 2, 4]; cross_entropy(z, y)", {"y": 3}),
    ("z = [1, 2, 4]; z[k]", {"k": 3}),
    ("one_hot(y, 4) @ [1, 2, 3, 4]", {"y": 4}),
    ("z = [[1, 2, 3], [4, 5, 6]]; z[i, j]", {"i": 2, "j": 3}),
    ("z = [[1, 2, 3], [4, 5, 6]]; z[:, j]", {"j": 3}),
    ("z = [1, 2, 3]; w = [4, 5]; z[k] * w[k]", {"k": 2}),
    ("z = [1, 2, 3]; z[k] * k", {}),
    ("z = [1, 2, 3]; z * x", {}),
    ("x^2", {}),
]


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize(("program", "wanted"), CHOSEN)
def test_among_how_many_a_variable_chooses(program, wanted, view):
    graph = parse(program, view)
    assert choices(graph) == wanted
    compiled = autodiff.compile(graph)
    start = dict(graph.start) | {name: 0.0 for name in graph.variables if name not in graph.start}
    for name, count in wanted.items():
        found = [np.asarray(compiled({**start, name: float(one)}).value) for one in range(count)]
        assert np.isfinite(found).all()


def test_its_slider_has_whole_numbers_where_the_address_says_nothing_else(client):
    def slider(**more: str) -> dict[str, str]:
        page = client.get("/", query_string={"expr": "z = [1, 2, 4]; cross_entropy(z, y)", **more}).text
        tag = re.search(r'<input class="slider"[^>]* id="at.y"[^>]*>', page)
        assert tag is not None
        return dict(re.findall(r' (min|max|step|value)="([^"]*)"', tag[0]))

    assert slider() == {"min": "0", "max": "2", "step": "1", "value": "1"}
    assert slider(**{"max.y": "4", "step.y": "2"}) == {"min": "0", "max": "4", "step": "any", "value": "1"}
