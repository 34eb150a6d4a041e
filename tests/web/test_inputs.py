"""The fields of tensors: one for each cell, row by row."""

import pytest

from graphviz_backprop.api import parse
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.web.shown.inputs import Input


def fields(program: str) -> Input:
    (start,) = (one for one in parse(program, "graph").start.values() if isinstance(one, Tensor))
    return Input("W", start.shape, start)


@pytest.mark.parametrize(
    ("shape", "rows", "said"),
    [
        ("64", 1, ""),
        ("2, 12", 2, "W[1, :]"),
        ("8, 8", 8, "W[7, :]"),
        ("2, 3, 4", 6, "W[1, 2, :]"),
        ("12, 3", 12, ""),
    ],
)
def test_each_cell_has_a_field_in_its_row(shape: str, rows: int, said: str) -> None:
    found = fields(f"W = randn({shape}, seed=1); sum(W)")
    assert len(found.rows) == rows
    assert found.rows[-1].said == said
    cells = [cell for row in found.rows for cell in row.cells]
    assert [float(number) for _, number in cells] == list(found.tensor.cells)
    last = [str(int(length) - 1) for length in shape.split(",")]
    assert cells[-1][0] == ",".join(last)


def test_too_many_cells_have_none() -> None:
    assert not fields("W = zeros(5, 13); sum(W)").rows
