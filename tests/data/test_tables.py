"""Tables as people have them: writings of numbers, layouts, and what is refused with its readings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.data import limits


def columns(text: str | bytes, **options: object) -> dict[str, list[float]]:
    return {name: column.tolist() for name, column in gb.read_table(text, **options).items()}


def refused(text: str, **options: object) -> gb.DataError:
    with pytest.raises(gb.DataError) as caught:
        gb.read_table(text, **options)
    return caught.value


def mistake(text: str, **options: object) -> gb.DataError | None:
    try:
        gb.read_table(text, **options)
    except gb.DataError as error:
        return error
    return None


def tables(text: str) -> list[dict[str, list[float]]]:
    """The table, or all that are offered where it is refused."""
    error = mistake(text)
    return [columns(text, **offer.options) for offer in error.offers] if error else [columns(text)]


# Thousands and decimal marks


@pytest.mark.parametrize(
    ("text", "xs"),
    [
        ('x,y\n"1,000",1\n"2,500",1\n', [1000, 2500]),  # commas separate, so they are not decimal
        ('x,y\n"1,234.5",1\n"-2,500",1\n', [1234.5, -2500]),
        ("x,y\n1 000,1\n2 500.25,1\n", [1000, 2500.25]),
        ("x,y\n1'000,1\n2’500,1\n", [1000, 2500]),
        ("x,y\n1\u00a0000,1\n2\u202f500,1\n", [1000, 2500]),
        ("x;y\n1.000,5;1\n2.500;1\n", [1000.5, 2500]),
        ("x;y\n1.000;0,5\n2.500;1\n", [1000, 2500]),  # one number shows what the comma is in all columns
        ("x;y\n1.000;0.5\n2.500;1\n", [1, 2.5]),
        ("x;y\n1,000;0,5\n2,500;1\n", [1, 2.5]),
        ("x;y\n1,000;0.5\n2,500;1\n", [1000, 2500]),
        ("x\ty\n1,234,567\t1\n2,500\t1\n", [1234567, 2500]),
        ("x\ty\n1.234.567\t1\n2.500\t1\n", [1234567, 2500]),
        ("x\ty\n1234.567\t1\n2.500\t1\n", [1234.567, 2.5]),
        ("x\ty\n0,125\t1\n2,500\t1\n", [0.125, 2.5]),
        ("x\ty\n1.234e3\t0.5\n2\t1\n", [1234, 2]),
        ("x,y\n12%,1\n 3.5 % ,1\n", [0.12, 0.035]),
        ("x;y\n12,5 %;1\n-3 %;1\n", [0.125, -0.03]),
    ],
)
def test_a_number_has_the_reading_of_its_table(text: str, xs: list[float]) -> None:
    assert next(iter(columns(text).values())) == xs


@pytest.mark.parametrize(
    ("text", "row", "column", "readings"),
    [
        ("x;y\n1,000;2\n2,500;3\n", 2, 1, [1000, 1]),
        ("x;y\n2;1.234\n3;2.500\n", 2, 2, [1234, 1.234]),
        ("x\ty\n1\t-1,234\n", 2, 2, [-1234, -1.234]),
        ("| x | y |\n|---|---|\n| 1.500 | 2 |\n", 3, 1, [1500, 1.5]),
    ],
)
def test_what_has_two_readings_is_refused_with_both(
    text: str, row: int, column: int, readings: list[float]
) -> None:
    error = refused(text)
    assert (error.row, error.column) == (row, column)
    assert error.message.endswith("has two readings")
    found = [list(columns(text, **offer.options).values())[column - 1][0] for offer in error.offers]
    assert sorted(found) == sorted(readings)
    for offer, number in zip(error.offers, found, strict=True):
        assert offer.label.startswith(f"{number:.15g}, with decimal ")


def test_a_decimal_comma_between_commas_is_an_offer() -> None:
    text = 'x,y\n"1,5",2\n-3,"0,4"\n'
    error = refused(text)
    assert str(error) == "row 2, column 1: 1,5 has a comma, and commas separate the columns"
    [offer] = error.offers
    assert columns(text, **offer.options) == {"x": [1.5, -3], "y": [2, 0.4]}


def test_percent_signs_are_in_the_whole_column_or_nowhere() -> None:
    error = refused("x,y\n12%,1\n13,1\n")
    assert str(error) == "row 3, column 1: 13 has no percent sign, and the numbers above it have one"
    assert (
        refused("x,y\n12,1\n13%,1\n").message == "13% has a percent sign, and the numbers above it have none"
    )


@pytest.mark.parametrize(
    "cell", ["1,00", "1,0000", "12,34,567", "1'00", "1 00", "1.234.5", "1,234,56", "$12", "(5)"]
)
def test_what_is_no_number_is_none(cell: str) -> None:
    assert refused(f'x,y\n1,2\n"{cell}",3\n').row == 3


# Layouts


@pytest.mark.parametrize(
    "text",
    [
        "x y\n1.5 2\n-3 0.4\n",
        "  x    y\n 1.5  2.0 \n-3.0  0.4\n",
        "x y\n1,5 2\n-3 0,4\n",
        "| x | y |\n|---|--:|\n| 1.5 | 2 |\n| -3 | 0.4 |\n",
        "x | y\n--|--\n1.5 | 2\n-3 | 0.4",
        "+----+---+\n| x  | y |\n+====+===+\n| 1.5 | 2 |\n| -3 | 0.4 |\n+----+---+\n",
        "x|y\n1.5|2\n-3|0.4\n",
        "# made by hand\nx,y\n# 1, 2\n1.5,2\n-3,0.4\n# the end\n",
    ],
)
def test_layouts(text: str) -> None:
    assert columns(text) == {"x": [1.5, -3], "y": [2, 0.4]}


@pytest.mark.parametrize(
    "text",
    [
        "[[1.5, 2], [-3, 0.4]]",
        "((1.5, 2), (-3, 0.4))",
        "[(1.5, 2), (-3, 0.4)]",
        "array([[ 1.5,  2. ],\n       [-3. ,  0.4]])",
        "x = np.array([[1.5, 2], [-3, 0.4]], dtype=float32)",
        "tensor([[ 1.5000,  2.0000],\n        [-3.0000,  0.4000]], requires_grad=True)",
        "[[ 1.5  2. ]\n [-3.   0.4]]",
        "[[np.float64(1.5), np.float64(2.0)], [np.float64(-3.0), np.float64(0.4)]]",
        "[1.5, 2]\n[-3, 0.4]\n",
    ],
)
def test_lists_and_arrays(text: str) -> None:
    assert columns(text) == {"x1": [1.5, -3], "x2": [2, 0.4]}


def test_a_list_of_numbers_is_a_column() -> None:
    assert columns("[1, 2.5, -3]") == {"x1": [1, 2.5, -3]}
    assert columns(" [1.    2.5 -3. ]\n") == {"x1": [1, 2.5, -3]}
    assert columns("[1.500 2.125]") == {"x1": [1.5, 2.125]}
    assert columns("[1]") == {"x1": [1]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[1, 2], [3]]", "row 2, column 2: 1 cell here, and 2 in the first row"),
        ("[[1, 2], [3, x]]", "row 2, column 2: x is not a number"),
        ("[[1, 2], [3, nan]]", "row 2, column 2: a number is missing"),
        ("[[[1, 2]]]", "row 1: lists are nested three deep, and a table is a list of lists"),
        ("[1, 2, ..., 9]", "row 1: numbers are left out here; numpy.set_printoptions(threshold=sys.maxsize)"),
        ("[1, [2]]", "row 1: a list stands beside numbers"),
        ("[[1], 2]", "row 2, column 1: a number stands beside a list"),
        ("[1,5 2,5]", "row 1: there are commas between some numbers, and blanks alone between others"),
        ("[1,, 2]", "row 1: there is nothing before a comma"),
        ("[[1, 2)]", "row 1, column 3: ) closes nothing that is open"),
        ("[[1, 2]", "row 2, column 1: a bracket is not closed"),
        ("[]", "row 1: this list is empty"),
        ("[1, 1j]", "row 2, column 1: 1j is not a number"),
    ],
)
def test_lists_that_are_no_table(text: str, message: str) -> None:
    assert str(refused(text)).startswith(message)


def test_a_name_has_blanks_where_the_numbers_show_it() -> None:
    assert columns("Petal length\n1.5\n2\n") == {"Petal length": [1.5, 2]}


@pytest.mark.parametrize("text", ["1 200\n2 300\n", "1 200,2 300\n3 400,4 500\n", "a b\n1 200\n2 300\n"])
def test_blanks_in_numbers_or_between_them_are_refused_with_both(text: str) -> None:
    error = refused(text)
    tables = [columns(text, **offer.options) for offer in error.offers]
    assert len(tables) == 2
    assert tables[0] != tables[1]


def test_one_name_above_numbers_with_commas() -> None:
    error = refused("x\n1,5\n2,5\n")
    assert str(error) == "row 2, column 2: 2 cells here, and 1 in the first row"
    assert columns("x\n1,5\n2,5\n", **error.offers[0].options) == {"x": [1.5, 2.5]}
    assert refused("x\n1,000\n", **error.offers[0].options).message == "1,000 has two readings"


def test_an_error_of_a_spreadsheet_is_no_comment() -> None:
    error = refused("x,y\n1,2\n#N/A,3\n4,5\n")
    assert str(error) == "row 3, column 1: a number is missing"
    assert refused("x,y\n1,2\n#DIV/0!,3\n").message == "#DIV/0! is not a number"


def test_a_comment_inside_a_quoted_name_is_a_part_of_it() -> None:
    assert columns('"a\n# b",c\n1,2\n') == {"a\n# b": [1], "c": [2]}


def test_rows_are_counted_with_comments() -> None:
    assert refused("# one\nx,y\n# two\n1,2\n3,4o\n").row == 5


# Texts


IRIS = "length,species\n1.4,setosa\n4.7,versicolor\n6,virginica\n1.3,setosa\n"


def test_a_column_of_texts_is_refused_with_what_can_become_of_it() -> None:
    error = refused(IRIS)
    assert str(error) == "row 2, column 2: setosa is not a number"
    assert [offer.label for offer in error.offers] == [
        "Read species as classes: 0 = setosa, 1 = versicolor, 2 = virginica",
        "Read species as 3 columns of 0 and 1, one for each text",
        "Leave species out",
    ]
    classes, one_hot, left_out = (gb.read_table(IRIS, **offer.options) for offer in error.offers)
    assert classes["species"].tolist() == [0, 1, 2, 0]
    assert classes.classes == {"species": ["setosa", "versicolor", "virginica"]}
    assert list(one_hot) == ["length", "species_setosa", "species_versicolor", "species_virginica"]
    assert one_hot["species_virginica"].tolist() == [0, 0, 1, 0]
    assert list(left_out) == ["length"]
    assert left_out.left_out == ("species",)
    for table in (classes, one_hot, left_out):
        assert table["length"].tolist() == [1.4, 4.7, 6, 1.3]


def test_each_column_of_texts_has_its_own_choice() -> None:
    text = "name,sex,age\nAnn,f,30\nBob,m,40\n"
    names = refused(text).offers[2]
    error = refused(text, **names.options)
    assert error.column == 2
    assert columns(text, **error.offers[0].options) == {"sex": [0, 1], "age": [30, 40]}
    assert columns(text, text_columns="one_hot")["name_Bob"] == [0, 1]


def test_one_wrong_cell_makes_no_column_of_texts() -> None:
    assert refused("x,y\n1,2\n3,4o\n").offers == ()
    assert refused("x\ninf\n").offers == ()


def test_texts_that_are_too_many_are_no_classes() -> None:
    text = "name,x\n" + "".join(f"n{at},{at}\n" for at in range(101))
    error = refused(text)
    assert "101 different texts" in error.message
    assert [offer.label for offer in error.offers] == ["Leave name out"]
    assert "101 different texts" in refused(text, text_columns="classes").message


def test_names_of_texts_do_not_hide_other_columns() -> None:
    error = refused("a,a_b\nb,1\nc,2\n", text_columns="one_hot")
    assert error.message == "there are two columns named a_b"


def test_every_column_left_out() -> None:
    assert refused("a\nb\nc\n", text_columns="leave_out").message == "every column is left out"


# What is missing


def test_samples_that_are_not_complete_are_offered_to_be_left_out() -> None:
    text = "x,y\n1,2\n3,\nNA,4\n5,6\nnull,-\n"
    error = refused(text)
    assert str(error) == "row 4, column 1: a number is missing"
    [offer] = error.offers
    assert offer.label == "Leave out 3 incomplete samples"
    table = gb.read_table(text, **offer.options)
    assert ({name: xs.tolist() for name, xs in table.items()}, table.dropped) == (
        {"x": [1, 5], "y": [2, 6]},
        3,
    )


def test_empty_rows_are_left_out_with_them() -> None:
    text = "x,y\n1,2\n\n3,4\n,\n5,6\n"
    [offer] = refused(text).offers
    assert gb.read_table(text, **offer.options).dropped == 2


def test_a_text_that_is_missing() -> None:
    text = "species,x\na,1\n?,2\nnone,3\n"
    error = refused(text, text_columns="classes")
    assert str(error) == "row 3, column 1: a number is missing"
    assert columns(text, **error.offers[0].options) == {"species": [0, 1], "x": [1, 3]}


def test_nothing_is_complete() -> None:
    error = refused("x,y\n1,\n,2\n", missing="drop")
    assert (error.message, error.offers) == ("a number is missing", ())


def test_options_that_there_are_not() -> None:
    for option, word in (("missing", "keep"), ("decimal", ";"), ("text_columns", "x"), ("separator", "a")):
        with pytest.raises(ValueError, match=f"{option} is '{word}'; it can be "):
            gb.read_table("x\n1", **{option: word})


# What is written reads back


def _european(x: float, thousands: str) -> str:
    return _grouped(x, thousands).replace(".", ",")


def _grouped(x: float, thousands: str) -> str:
    whole, _, rest = f"{x:,f}".partition(".")
    return whole.replace(",", "" if thousands == "none" else thousands) + (
        f".{rest}" if rest.strip("0") else ""
    )


def _separated(mark: str, write: Callable[[float], str]) -> Callable[[Sequence[Sequence[float]]], str]:
    def text(rows: Sequence[Sequence[float]]) -> str:
        return "\n".join(mark.join(map(write, row)) for row in rows)

    return text


WRITERS: dict[str, Callable[[Sequence[Sequence[float]]], str]] = {
    "comma": _separated(",", repr),
    "tab": _separated("\t", repr),
    "semicolon, decimal commas": _separated(";", lambda x: repr(x).replace(".", ",")),
    "blanks": _separated("  ", repr),
    "quoted thousands": _separated(",", lambda x: f'"{_grouped(x, ",")}"'),
    "blanks as thousands": _separated("\t", lambda x: _grouped(x, " ")),
    "apostrophes": _separated(";", lambda x: _grouped(x, "'")),
    "points as thousands": _separated(";", lambda x: _grouped(x, "_").replace(".", ",").replace("_", ".")),
    "commas as thousands": _separated("\t", lambda x: _grouped(x, ",")),
    "markdown": lambda rows: "\n".join(
        ["| " + " | ".join(map(repr, row)) + " |" for row in [*rows[:1], *rows[1:]]]
    ),
    "list": lambda rows: repr([list(row) for row in rows]),
    "tuples": lambda rows: repr([tuple(row) for row in rows]),
    "array": lambda rows: repr(np.array(rows)),
    "NumPy": lambda rows: str(np.array(rows)),
}
EXACT = {"comma", "tab", "semicolon, decimal commas", "blanks", "markdown", "list", "tuples"}
"""Layouts that hold every digit; the others get numbers of six decimals."""


@given(st.data(), st.sampled_from(sorted(WRITERS)))
def test_what_is_written_reads_back(data: st.DataObject, layout: str) -> None:
    width = data.draw(st.integers(2, 4))
    some = st.floats(-1e6, 1e6) if layout in EXACT else st.integers(-(10**9), 10**9).map(lambda n: n / 1e3)
    rows = data.draw(st.lists(st.lists(some, min_size=width, max_size=width), min_size=2, max_size=6))
    with np.printoptions(floatmode="unique", threshold=10_000, suppress=True):
        text = WRITERS[layout](rows)
    wanted = {f"x{at}": list(column) for at, column in enumerate(zip(*rows, strict=True), 1)}
    found = tables(text)
    assert any(_close(each, wanted) for each in found), (text, found)


def _close(found: dict[str, list[float]], wanted: dict[str, list[float]]) -> bool:
    return found.keys() == wanted.keys() and all(
        np.allclose(found[name], wanted[name], rtol=1e-12, atol=1e-12) for name in wanted
    )


@given(st.text(alphabet="0123456789.,;| \t\n'\"[]()#%-eExNA", max_size=60))
def test_every_offer_leads_on(text: str) -> None:
    """What an offer leads to is read, or refused for another reason."""
    error = mistake(text)
    for offer in error.offers if error else ():
        other = mistake(text, **offer.options)
        assert other is None or (other.message, other.row, other.column) != (
            error.message,
            error.row,
            error.column,
        )


# Limits


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\n" * 2_000_001, "this table has 2,000,002 lines; 2,000,000 are read"),
        ("1\n" * 1_000_002, "row 1000002: this table has more than 1,000,000 samples"),
        (("1," * 999 + "1\n") * 10_001, "row 10001: this table has more than 10,000,000 cells"),
        ("," * 1_000_001, "row 1: this line has 1,000,001 letters; 1,000,000 are read"),
        ("[" + "1," * 1_000_002 + "1]", "row 1000003: this table has more than 1,000,000 samples"),
        ("[" + "[1]," * 1_000_002 + "[1]]", "row 1000002: this table has more than 1,000,000 samples"),
        ("1," * 1_000 + "1", "this table has more than 1,000 columns"),
    ],
)
def test_too_large_is_told(text: str, message: str) -> None:
    assert str(refused(text)).startswith(message)


def test_a_million_rows_are_read() -> None:
    assert gb.read_table("x,y\n" + "0.123456789,1\n" * limits.MOST_ROWS)["x"].size == limits.MOST_ROWS


@pytest.mark.parametrize(
    "text",
    [
        "x|y\n" + " " * 900_000 + "!\n",
        "x|y\n" + "- |" * 300_000 + "!\n",
        "+" + "-+" * 400_000 + "!\n",
        "x\n" + " " * 900_000 + "#",
        "x,y\n1," + "1" * 900_000 + "x\n",
        "x;y\n1;1" + ".000" * 200_000 + "x\n",
        "[" + "'" * 900_001 + "]",
        "array(" + "a." * 400_000 + ")",
        "[" + "np.float(" * 100_000 + "]",
        "x =" + " " * 900_000 + ")",
    ],
    ids=range(10),
)
def test_no_text_takes_long_to_refuse(text: str) -> None:
    """Each would be minutes if a pattern went over it once for each of its letters."""
    assert mistake(text) is not None
