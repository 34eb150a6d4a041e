"""Where a program groups otherwise than its writer may: x/2y, x^1/2, e^2x, w^T x.

The language's rules are one of two that people have in mind; what they make of a text is told, with the text
for the other one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from graphviz_backprop.language.syntax import Expr


class Grouping(NamedTuple):
    """A sentence, the place in the text that it is about, and what stands there for the other reading."""

    message: str
    start: int
    end: int
    replacement: str


def groupings(expr: Expr, text: str, unknown: Callable[[str], bool]) -> Iterator[Grouping]:
    """Of one operation; ``unknown`` says which names the program gives no meaning."""
    if expr.kind == "mul" and _is_adjacent(expr, text):
        yield from _below(expr, text)
        yield from _raised(expr, text)
    elif expr.kind == "div":
        yield from _root(expr, text)
    elif expr.kind == "pow":
        yield from _transposed(expr, text, unknown)
    elif expr.kind == "less":
        yield from _arrow(expr, text)


def _of(expr: Expr, text: str) -> str:
    return text[slice(*expr.extent)]


def _is_adjacent(expr: Expr, text: str) -> bool:
    left, right = expr.args
    return not text[left.extent[1] : right.extent[0]].strip(" \t")


def _is_bare(expr: Expr) -> bool:
    """Whether no parentheses stand around it."""
    return expr.extent == expr.span


def _last_factor(expr: Expr) -> Expr:
    """That of 2e^-3, which what follows is multiplied with."""
    return expr.args[1] if expr.kind in ("mul", "div") and _is_bare(expr) else expr


def _below(expr: Expr, text: str) -> Iterator[Grouping]:
    """x/2y is (x/2)·y: said of all factors at once, x/2y z."""
    first, factors = expr.args[0], 1
    while first.kind == "mul" and _is_bare(first) and _is_adjacent(first, text):
        first, factors = first.args[0], factors + 1
    if first.kind == "neg" and _is_bare(first):
        first = first.args[0]
    if first.kind != "div" or not _is_bare(first):
        return
    top, bottom = first.args
    if not _is_bare(bottom):
        return  # x/(2y) z is what it looks like
    start, end = bottom.extent[0], expr.extent[1]
    touching = bottom.extent[1] < len(text) and text[bottom.extent[1]].isalpha()
    if top.kind == bottom.kind == "number" and not touching:
        return  # 1/2 (y - a)^2 is half of it to everybody
    rest = text[first.extent[1] : end].strip()
    message = (
        f"{text[first.extent[0] : end]} is {_of(first, text)} times {rest}; "
        f"for {text[start:end]} below the line write {_of(top, text)}/({text[start:end]})"
    )
    yield Grouping(message, start, end, f"({text[start:end]})")


def _raised(expr: Expr, text: str) -> Iterator[Grouping]:
    """e^2x is e²·x, and e^-k t is e^(-k)·t. In e^x y nobody expects the exponent to go on."""
    power, factor = _last_factor(expr.args[0]), expr.args[1]
    if power.kind != "pow" or not _is_bare(power) or not _is_bare(factor) or factor.kind == "call":
        return
    base, exponent = power.args
    signed = exponent.kind == "neg"
    size = exponent.args[0] if signed else exponent
    written = _of(exponent, text)
    if base.name != "e" or not _is_bare(exponent) or not written.isascii():
        return
    if size.kind == "number" or (signed and size.kind == "name"):
        whole = text[exponent.extent[0] : factor.extent[1]]
        message = f"e^{whole} is e^{written} times {_of(factor, text)}; for the other write e^({whole})"
        yield Grouping(message, exponent.extent[0], factor.extent[1], f"({whole})")


def _root(expr: Expr, text: str) -> Iterator[Grouping]:
    """x^1/2 is half of x: nobody raises to 1."""
    power, bottom = _last_factor(expr.args[0]), expr.args[1]
    if power.kind != "pow" or not _is_bare(power) or bottom.kind != "number":
        return
    exponent = power.args[1]
    size = exponent.args[0] if exponent.kind == "neg" else exponent
    if size.kind == "number" and size.name == "1" and _is_bare(exponent) and _of(exponent, text).isascii():
        start, end = exponent.extent[0], bottom.extent[1]
        root, whole = text[start:end], text[power.extent[0] : end]
        meant = f"{_of(power.args[0], text)}^({root})"
        message = f"{whole} is {_of(power, text)} over {bottom.name}; for the root write {meant}"
        yield Grouping(message, start, end, f"({root})")


def _transposed(expr: Expr, text: str, unknown: Callable[[str], bool]) -> Iterator[Grouping]:
    """w^T x of numbers is a power with one variable more."""
    base, exponent = expr.args
    if base.kind != "name" or not _is_bare(base) or not _is_bare(exponent) or base.name == "e":
        return
    name, mark = base.name, exponent.name
    if (
        exponent.kind != "name"
        or mark[:1] != "T"
        or not unknown(mark)
        or not (mark[1:].isalnum() or mark == "T")
    ):
        return
    product = f"{name} {mark[1:]}".strip()
    whole = _of(expr, text)
    message = f"{mark} is a variable here, and {whole} a power; a number needs no ᵀ: write {product}"
    yield Grouping(message, *expr.extent, product)


def _arrow(expr: Expr, text: str) -> Iterator[Grouping]:
    """x <- 2 gives x a value in R."""
    name, value = expr.args
    start, end = name.extent[1], value.extent[0]
    sign = text[start : end + 1].strip()
    if name.kind == "name" and value.kind == "neg" and sign == "<-" and text[end + 1 : end + 2] == " ":
        whole = f"{name.name} = {_of(value, text)[1:].strip()}"
        message = f"{_of(expr, text)} is a comparison, 1 or 0; for a value write {whole}"
        yield Grouping(message, *expr.extent, whole)
