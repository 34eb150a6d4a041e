"""Formulas of spreadsheets, with their own precedence."""

import math

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted.reading import parse


@pytest.mark.parametrize(
    ("text", "program", "value", "gradient"),
    [
        ("=A1*2", "A1 * 2", 6.0, 2.0),
        ("=-A1^2", "(-A1)^2", 9.0, 6.0),
        ("=2-A1^2", "2 - A1^2", -7.0, -6.0),
        ("=A1^2^3", "(A1^2)^3", 729.0, 6 * 3.0**5),
        ("=EXP(-A1)", "exp(-A1)", math.exp(-3), -math.exp(-3)),
        ("EXP(-A1)", "exp(-A1)", math.exp(-3), -math.exp(-3)),
        ("=LN(A1)+LOG(A1)+LOG(A1, 2)", "ln(A1) + log10(A1) + log(A1, 2)",
         math.log(3) + math.log10(3) + math.log2(3), (1 + 1 / math.log(10) + 1 / math.log(2)) / 3),
        ("=IF($A$1>0;a1*0,5;0)", "where(A1 > 0, A1 * 0.5, 0)", 1.5, 0.5),
        ("=POWER(A1,2)+SQRT(A1)", "pow(A1, 2) + sqrt(A1)", 9 + math.sqrt(3), 6 + 0.5 / math.sqrt(3)),
        ("=50%*A1", "50 / 100 * A1", 1.5, 0.5),
        ("=PI()*A1^2", "pi * A1^2", math.pi * 9, math.pi * 6),
        ("=ATAN2(A1, 1)", "atan2(1, A1)", math.atan2(1, 3), -0.1),
        ("=AVERAGE(A1,1,2)", "mean(A1, 1, 2)", 2.0, 1 / 3),
        ("MAX(A1;0,5)", "max(A1, 0.5)", 3.0, 1.0),
        ("=AND(A1>0,A1<9)*A1", "((A1 > 0) != 0) * ((A1 < 9) != 0) * A1", 3.0, 1.0),
        ("=IF(A1<>3,1,A1)", "where(A1 != 3, 1, A1)", 3.0, 1.0),
    ],
)  # fmt: skip
def test_formulas(text: str, program: str, value: float, gradient: float) -> None:
    graph = parse(text)
    assert graph.pasted is not None
    assert graph.pasted.dialect == "spreadsheet"
    assert graph.pasted.program == program
    run = autodiff.compile(graph)({"A1": 3.0}, 1.0)
    assert run.value == pytest.approx(value, rel=1e-14)
    assert run.gradient["A1"] == pytest.approx(gradient, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("=SUM(A1:B3)", ":", ": can't be read here"),
        ("=A1 B1", "B1", "there is no operator before B1"),
        ("=(A1", "(", "this ( is never closed"),
        ("=A1)", ")", "this ) has no ( before it"),
        ("=A1+", "+", "the formula is not finished"),
        ("=A1*;", ";", "a value is missing before ;"),
        ("=A=,2", ",", "a value is missing before ,"),
        ("=-,b", ",", "a value is missing before ,"),
        ("=(A1+)", ")", "a value is missing before )"),
        ("=SIN(A1+)", ")", "a value is missing before )"),
        ("=()", ")", "a value is missing before )"),
        ("=VLOOKUP(A1, 2)", "VLOOKUP(A1, 2)", "VLOOKUP is not a function here"),
        ("=e^A1", "e", "e is no constant in a spreadsheet"),
        ("MAX(-x^2,0)", "-", "-x^2 can mean two things"),
        ("SIN(x)+log(x)", "log(x)", "log has base 10 in a spreadsheet"),
    ],
)
def test_what_it_cannot_be_is_said_at_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert refusal.value.message.startswith(message)
    assert text[refusal.value.start : refusal.value.end] == place


@pytest.mark.parametrize("text", ["=" + "(" * 20_000 + "x" + ")" * 20_000, "=" + "-" * 20_000 + "x"])
def test_nesting_has_no_depth_that_breaks_it(text: str) -> None:
    assert parse(text).variables == ("x",)
