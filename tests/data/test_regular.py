"""What is cut at once is what the reader of lines gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.data import grid, regular
from graphviz_backprop.data.choices import Choices

CELLS = st.sampled_from(
    [
        "1",
        "-2.5",
        " 3 ",
        "a b",
        "NA",
        "",
        "12 %",
        "#",
        "'",
        "1.000,5",
        "\\",
        "x₁",
        '"1"',
        '"a, b; c\td"',
        '"',
        '"a""b" ',
    ]
)


@given(st.data())
def test_both_readers_give_the_same_cells(data: st.DataObject) -> None:
    separator = data.draw(st.sampled_from([",", ";", "\t", "|"]))
    width = data.draw(st.integers(1, 3))
    lines = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5))
    text = "\n".join(separator.join(line) for line in lines)
    if separator == "|":
        head, *rest = [f"| {' | '.join(line)} |" for line in lines]
        text = "\n".join([head, "|" + "---|" * width, *rest])
    text = data.draw(st.sampled_from(["", "# a comment\n"])) + text + data.draw(st.sampled_from(["", "\n"]))
    found = regular.cut(text, separator)
    if found:
        rows = grid.rows(text, separator, Choices())
        assert list(found.numbers) == [row.number for row in rows]
        assert found.columns == [list(column) for column in zip(*(row.cells for row in rows), strict=True)]


@pytest.mark.parametrize(
    ("text", "separator", "numbers", "columns"),
    [
        ("x,y\n1, 2\n3,a\n", ",", [1, 2, 3], [["x", "1", "3"], ["y", "2", "a"]]),
        ('x,y\n"1,5", "a"\n"""b""",', ",", [1, 2, 3], [["x", "1,5", '"b"'], ["y", '"a"', ""]]),
        ("# from a file\n# of mine\nx\tb c\n\t5 %\n", "\t", [3, 4], [["x", ""], ["b c", "5 %"]]),
        ("| x | y |\n|---|:-:|\n| 1 | |\n | a | 2 | \n", "|", [1, 3, 4], [["x", "1", "a"], ["y", "", "2"]]),
    ],
)
def test_regular_tables_are_cut(
    text: str, separator: str, numbers: list[int], columns: list[list[str]]
) -> None:
    found = regular.cut(text, separator)
    assert found
    assert (list(found.numbers), found.columns) == (numbers, columns)


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("x,y\n1,2,3\n", ","),
        ("x,y\n1,2\n,\n3,4", ","),
        ("x,y\n\n1,2", ","),
        ('x,y\n"1\n2",3', ","),
        ('x,y\n"1,2', ","),
        ('x,y\n"1"2,3', ","),
        ("x,y\n1,2\n# a comment\n3,4", ","),
        ("x,y,\n1,2,", ","),
        ("x y\n1 2", " "),
        ("| x |\n| 1 |", "|"),
        ("+---+\n| x |\n+---+\n| 1 |\n+---+", "|"),
        ("| x |\n|---|\n| a \\| b |", "|"),
        ("", ","),
    ],
)
def test_what_is_not_regular_is_left_to_the_reader_of_lines(text: str, separator: str) -> None:
    assert regular.cut(text, separator) is None
