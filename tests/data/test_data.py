"""Tables as spreadsheets and files give them, every mistake in them, and the built-in data sets."""

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.data import datasets, limits
from graphviz_backprop.data.datasets import SETS


def columns(text):
    return {name: column.tolist() for name, column in gb.read_table(text).items()}


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1.5,2\n-3,4e-1\n",
        "x\ty\r\n1.5\t2\r\n-3\t0.4\r\n",  # a paste from a spreadsheet
        "x\ty\r\n1,5\t2\r\n-3\t0,4\r\n",  # the same where a comma is decimal
        "\ufeffx;y\r\n1,5;2\r\n-3;0,4\r\n",  # a CSV of that spreadsheet
        'x;y\n"1,5";2\n-3;"0,4"\n',
        '"x","y"\n"1.5","2"\n"-3","0.4"\n',
        " x , y \n 1.5 , 2 \n −3 , .4 \n",
        "\n\nx,y\n1.5,2.\n-3,+0.4\n\n,\n  ,  \n\n",  # empty rows around it
        "x,y,\n1.5,2,\n-3,0.4,\n",  # an empty column behind it
        "x;y\r1.5;2\r-3;0.4",  # line ends of old
        b"\xef\xbb\xbfx,y\n1.5,2\n-3,0.4",
        "x\ty\n1.5\t2\n-3\t0.4\n".encode("utf-16"),  # a spreadsheet's "Unicode text"
    ],
)
def test_one_table_in_many_writings(text):
    assert columns(text) == {"x": [1.5, -3], "y": [2, 0.4]}


def test_without_names():
    assert columns("1,2,3\n4,5,6") == {"x1": [1, 4], "x2": [2, 5], "x3": [3, 6]}
    assert columns("1.5\n2\n") == {"x1": [1.5, 2]}


def test_names():
    assert columns("x₁,Größe\n1,2") == {"x1": [1], "Größe": [2]}
    assert columns('"a, b";"c ""d"""\n1;2') == {"a, b": [1], 'c "d"': [2]}
    assert columns('"a\nb",c\n1,2') == {"a\nb": [1], "c": [2]}


def test_columns_are_arrays_of_doubles():
    assert gb.read_table("x\n1")["x"].dtype == np.float64


@pytest.mark.parametrize(
    ("text", "row", "column", "message"),
    [
        ("", None, None, "this table is empty"),
        (" \n,,\n", None, None, "this table is empty"),
        ("x,y\n", 2, None, "there are no numbers below the names"),
        ("x,y\n1,2\n3\n", 3, 2, "1 cell here, and 2 in the first row"),
        ("x,y\n1,2\n3,4,5\n", 3, 3, "3 cells here, and 2 in the first row"),
        ("x,y\n1,2\n3,4o\n", 3, 2, "4o is not a number"),
        ("1,2\nx,y\n", 2, 1, "x is not a number"),
        ("x,y\n1,1_000\n", 2, 2, "1_000 is not a number"),
        ('x,y\n1,"1\n2"\n', 2, 2, "1\n2 is not a number"),
        (f"x\n{'a' * 50}\n", 2, 1, f"{'a' * 29}… is not a number"),
        ("x,y\n1,2\n3,\n5,6\n", 3, 2, "a number is missing"),
        ("x,y\n1,NaN\n", 2, 2, "a number is missing"),
        ("x,y\n1,#N/A\n", 2, 2, "a number is missing"),
        ("x,y\n1,inf\n", 2, 2, "inf is not a number"),
        ("x,y\n1,1e999\n", 2, 2, "1e999 is too large"),
        ("x;y\n1.5;2,5\n", 2, 2, "2,5 has a comma, and other numbers a point"),
        ("x,y\n1,2\n\n3,4\n", 3, None, "this row is empty"),
        ("x,y\n1,2\n,\n3,4\n", 3, None, "this row is empty"),
        ("x,,y\n1,2,3\n", 1, 2, "this column has no name"),
        ("x,y,x\n1,2,3\n", 1, 3, "there are two columns named x"),
        ("x₁,x1\n1,2\n", 1, 2, "there are two columns named x1"),
        ('x,y\n1,2\n3,"4\n5,6\n', 3, None, "a quotation mark is not closed, or has text behind it"),
        ('x,y\n1,"2"3\n', 2, None, "a quotation mark is not closed, or has text behind it"),
        (b"x,y\n1,2\n3,\xe4\n", 3, None, "this is not text in UTF-8"),
    ],
)
def test_mistakes_have_their_place(text, row, column, message):
    with pytest.raises(gb.DataError) as caught:
        gb.read_table(text)
    error = caught.value
    assert (error.row, error.column, error.message) == (row, column, message)
    place = ", ".join(f"{word} {at}" for word, at in (("row", row), ("column", column)) if at)
    assert str(error) == (f"{place}: {message}" if place else message)


def test_limits(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ROWS", 3)
    assert len(gb.read_table("x\n1\n2\n3\n")["x"]) == 3
    with pytest.raises(gb.DataError, match="row 5: this table has more than 3 samples"):
        gb.read_table("x\n1\n2\n3\n4\n")
    monkeypatch.setattr(limits, "MOST_COLUMNS", 3)
    assert len(gb.read_table("1,2,3")) == 3
    with pytest.raises(gb.DataError, match="this table has more than 3 columns"):
        gb.read_table("1,2,3,4")
    monkeypatch.setattr(limits, "MOST_BYTES", 20)
    with pytest.raises(gb.DataError, match="this table has 2,000 bytes; 20 are read"):
        gb.read_table("1\n" * 1000)


@pytest.mark.parametrize("name", [*SETS, "iris"])
def test_sets_are_repeatable(name):
    first, same, other = gb.data(name, 40), gb.data(name, 40), gb.data(name, 40, seed=1)
    assert list(first) == (["x", "y"] if name == "line" else ["x1", "x2", "y"])
    for column in first:
        assert first[column].shape == (40,)
        assert np.all(np.isfinite(first[column]))
        np.testing.assert_array_equal(first[column], same[column])
    assert any(not np.array_equal(first[column], other[column]) for column in first)
    if name != "line":
        assert set(first["y"]) == {0, 1}


def test_sets_without_noise_have_their_shape():
    line, xor, moons, circles, spiral = (gb.data(name, noise=0).values() for name in SETS)
    x, y = line
    np.testing.assert_allclose(y, 2 * x + 0.5)
    x1, x2, y = xor
    np.testing.assert_array_equal((x1 > 0) != (x2 > 0), y == 1)
    x1, x2, y = moons
    np.testing.assert_allclose(np.hypot(x1 - y, x2 - y / 2), 1)
    assert np.all((x2 - y / 2) * (1 - 2 * y) >= 0)
    x1, x2, y = circles
    np.testing.assert_allclose(np.hypot(x1, x2), 1 - y / 2)
    x1, x2, y = spiral
    np.testing.assert_allclose(np.cos(np.arctan2(x2, x1) - 3 * np.pi * np.hypot(x1, x2) - np.pi * y), 1)


def test_iris_is_measured():
    x1, x2, y = gb.data("iris", 1000, seed=5, noise=3).values()
    assert (len(y), y.sum()) == (150, 100)
    # The means that scikit-learn's description of the set has, and those of setosa in Fisher's own table.
    assert (x1.mean(), x2.mean()) == pytest.approx((3.758, 1.199), abs=1e-3)
    assert (x1[y == 0].mean(), x2[y == 0].mean()) == pytest.approx((1.462, 0.246), abs=1e-12)
    assert (x1.min(), x1.max(), x2.min(), x2.max()) == (1, 6.9, 0.1, 2.5)
    assert len(gb.data("iris", 20)["y"]) == 20


def test_flowers_and_digits_are_measured():
    flowers = gb.data("flowers", 120, seed=3)
    rest = datasets.held("flowers", 120, seed=3)
    assert (len(flowers), len(rest["y"])) == (5, 30)
    both = np.concatenate([flowers["y"], rest["y"]])
    assert np.bincount(both.astype(int)).tolist() == [50, 50, 50]
    means = [np.concatenate([flowers[f"x{at}"], rest[f"x{at}"]]).mean() for at in (1, 2, 3, 4)]
    assert means == pytest.approx([5.843, 3.057, 3.758, 1.199], abs=1e-3)
    digits = gb.data("digits", 1000)
    pixels = np.stack([digits[f"x{at}"] for at in range(1, 65)])
    assert (pixels.min(), pixels.max()) == (0, 16)
    assert set(digits["y"]) == set(range(10))
    assert datasets.held("digits", 1000) == datasets.held("moons", 5) == {}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"name": "moon"}, "moon is not a data set; did you mean moons?"),
        (
            {"name": "?"},
            "? is not a data set; there are line, xor, moons, circles, spiral, iris, flowers, digits",
        ),
        ({"name": "xor", "n": 0}, "n is 0, and should be from 1 to 1,000,000"),
        ({"name": "xor", "noise": -1}, "noise is -1, and should be 0 or more"),
    ],
)
def test_sets_that_there_are_not(asked, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        gb.data(**asked)
    assert str(caught.value) == message
