"""Long formulas wrap: as several ones, which say together what the one says."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given

from graphviz_backprop.api import parse
from graphviz_backprop.language import printers
from graphviz_backprop.language.wrapped import wrapped
from tests.support.programs import programs

LONG = " + ".join(f"w{k}*x{k}" for k in range(1, 21))


def said(markup: str) -> str:
    return "".join(ElementTree.fromstring(f"<all>{markup}</all>").itertext())


def pieces(markup: str) -> list[str]:
    return re.findall(r"<math.*?</math>", markup, re.DOTALL)


@given(programs())
def test_the_pieces_say_what_the_whole_says(source: str) -> None:
    for formula in printers.mathml(parse(source)):
        found = wrapped(formula)
        assert said(found) == said(formula)
        for before, piece in pairwise(pieces(found)):
            assert said(piece)[0] in "=≈+−×·" or said(before)[-1] in ",("


@pytest.mark.parametrize("text", [LONG, f"({LONG})^2", f"sin({LONG})", f"3 - ({LONG})*(({LONG}) - 1)^3"])
def test_no_piece_of_a_long_sum_is_long(text: str) -> None:
    for piece in pieces(wrapped(printers.mathml(parse(text))[-1])):
        assert len(said(piece)) <= 16


def test_a_long_call_breaks_behind_its_commas() -> None:
    scores = "where(tril(ones(4, 4)) == 1, Q @ K.T / sqrt(8), -1000)"
    text = f"Q = randn(4, 8); K = randn(4, 8); softmax({scores}, axis=1)"
    found = [said(piece) for piece in pieces(wrapped(printers.mathml(parse(text))[-1]))]
    assert [piece[-1] for piece in found[1:-1]] == ["(", ",", ","]
    assert all(len(piece) <= 27 for piece in found)
    assert found[-1].startswith("−1000")


def test_a_call_of_long_names_breaks_though_it_has_few_signs() -> None:
    text = "A = randn(4, 8); sum(cross_entropy(A, [1, 2, 3, 0]))"
    found = [said(piece) for piece in pieces(wrapped(printers.mathml(parse(text))[-1]))]
    assert found[1:] == ["=sum(", "cross_entropy(A,[1230]))"]


def test_a_long_product_breaks_before_its_factors() -> None:
    """A derivation's third line was wider than the inspector, and ended out of sight."""
    formula = printers.mathml_with_fields(
        r"= 2\left(a_{1}^{(4)} - y_{1}\right) \cdot a_{1}^{(4)} \cdot \left(1 - a_{1}^{(4)}\right)"
        r" \cdot a_{1}^{(3)}"
    )
    assert [said(piece) for piece in pieces(wrapped(formula))] == [
        "=2(a1(4)−y1)",
        "·a1(4)",
        "·(1−a1(4))",
        "·a1(3)",
    ]
    (sum_,) = printers.mathml(parse("a*b + c*d + e*x*y + z*w"))
    assert [said(piece)[1:] for piece in pieces(wrapped(sum_))[2:]] == ["c·d", "e·x·y", "z·w"]


def test_numbers_that_are_put_in_later_need_room() -> None:
    formula = printers.mathml_with_fields(
        r"= \left(⟨a.value⟩ - ⟨y.value⟩\right) \times ⟨(h.value)⟩ = ⟨w.total⟩"
    )
    assert [said(piece) for piece in pieces(wrapped(formula))] == ["=(−)", "×", "="]


def test_a_short_formula_stays_one() -> None:
    (formula,) = printers.mathml(parse("(4*x+1)^2"))
    assert wrapped(formula) == formula


def test_fields_keep_their_places() -> None:
    formula = printers.mathml_with_fields(
        " + ".join(f"⟨x{k}.value⟩ a_{k}" for k in range(9)) + " = ⟨y.total⟩"
    )
    assert re.findall('data-field="[^"]*"', wrapped(formula)) == re.findall('data-field="[^"]*"', formula)
    assert len(pieces(wrapped(formula))) == 10


@pytest.mark.parametrize(
    "text",
    [
        "x = [1, 2, 3, 4, 5, 6]; sum(x^2)",
        "W = [[1, 2], [3, 4]]; sum([[1, 2], [3, 4]].T @ W)",
        "x = [1, 2]; sum([[1, 2], [3, 4]]^2 * x)",
    ],
)
def test_a_matrix_that_is_raised_is_one_base(text: str) -> None:
    for formula in printers.mathml(parse(text)):
        assert said(wrapped(formula)) == said(formula)
        assert all(
            len(power) == 2 for power in ElementTree.fromstring(formula).iter() if power.tag.endswith("}msup")
        )
