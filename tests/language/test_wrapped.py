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


MATHML = "{http://www.w3.org/1998/Math/MathML}"


def written(part: ElementTree.Element) -> str:
    """A formula of sums, products, quotients and whole powers as a program."""
    inner = [written(one) for one in part]
    match part.tag.removeprefix(MATHML):
        case "mfrac":
            return f"(({inner[0]})/({inner[1]}))"
        case "msup":
            return f"{inner[0]}^({inner[1]})"
        case "msub":
            return f"{inner[0]}{inner[1]}"
    return "".join(inner) or (part.text or "").translate({ord("−"): "-", ord("·"): "*"})


def read(markup: str) -> str:
    """What a formula says, right of its equals sign."""
    return written(ElementTree.fromstring(f"<all>{markup}</all>")).partition("=")[2]


def nodes(program: str) -> list[object]:
    return [(node.op, node.args, node.name) for node in parse(program).nodes]


def in_a_line(said: str) -> str:
    """Without what fractions are written with."""
    return re.sub("[()/]", "", said)


def pieces(markup: str) -> list[str]:
    return re.findall(r"<math.*?</math>", markup, re.DOTALL)


@given(programs())
def test_the_pieces_say_what_the_whole_says(source: str) -> None:
    for formula in printers.mathml(parse(source)):
        found = wrapped(formula)
        assert in_a_line(said(found)) == in_a_line(said(formula))
        for before, piece in pairwise(pieces(found)):
            assert said(piece)[0] in "=≈+−×·/" or said(before)[-1] in ",("


@pytest.mark.parametrize("text", [LONG, f"({LONG})^2", f"sin({LONG})", f"3 - ({LONG})*(({LONG}) - 1)^3"])
def test_no_piece_of_a_long_sum_is_long(text: str) -> None:
    for piece in pieces(wrapped(printers.mathml(parse(text))[-1])):
        assert len(said(piece)) <= 16


SUM = " + ".join(f"a*x{k}" for k in range(8))


@pytest.mark.parametrize(
    "text",
    [
        f"({SUM})/(a + b)",
        f"1/({SUM})",
        f"a^2/({SUM})",
        f"2*(({SUM})/b)*c",
        f"c*(({SUM})/b)",
        f"c*({SUM})/b",
        f"c*({SUM})^2/b - a/({SUM})",
        f"(({SUM})/b)^2",
        f"(({SUM})/b)/({SUM})",
        f"b/(({SUM})/c)",
        f"c - ({SUM})/b - b",
        f"-(({SUM})/b)",
        f"(-({SUM}))/b",
        f"c - (a + ({SUM})/b)^2/(b/({SUM}))",
    ],
)
def test_a_fraction_that_is_too_wide_is_the_quotient_that_is_evaluated(text: str) -> None:
    """Read again, the pieces are the very nodes of the program."""
    (formula,) = printers.mathml(parse(text))
    found = wrapped(formula)
    assert "<mfrac>" in formula
    assert all(len(said(piece)) <= 16 for piece in pieces(found))
    assert read(found).count("/") == text.count("/")
    assert nodes(read(found)) == nodes(text)


def test_a_fraction_that_fits_stays_one() -> None:
    for text in ("e^z1/(e^z1 + e^z2 + e^z3)", "c + (a + b + c + d + e + f)/2 + d + e*f + g"):
        (formula,) = printers.mathml(parse(text))
        assert "/" not in said(wrapped(formula))
        assert "<mfrac>" in wrapped(formula)


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
