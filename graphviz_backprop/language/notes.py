"""Names that a reader may take for something else: xy for a product, E for the constant, sinx for sin(x).

A name is one name whatever it looks like. What it may have been meant to be is told beside the result, with
the text that would mean that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from graphviz_backprop.language.shapes import Shape

GREEK = frozenset(
    """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi
    psi omega""".split()
)
_FUNCTIONS = """arcsin arccos arctan asinh acosh atanh sinh cosh tanh asin acos atan sqrt cbrt log10 log2
sin cos tan exp log ln""".split()  # longest first: sinhx is sinh(x)
_OF_NUMBER = re.compile(r"(arcsin|arccos|arctan|sqrt|cbrt|sin|cos|tan|exp|ln)(\d+)")
_LETTER = r"[^\W\d_]"
_RUN_IN = re.compile(rf"((?>{'|'.join(_FUNCTIONS)}))(\d*{_LETTER}\d?)")
_ATOM = re.compile(rf"{_LETTER}(?:_?\d+)?")
_ATOMS = re.compile(rf"(?:{_LETTER}(?:_?\d+)?){{2,4}}")
_INDEXED = re.compile(rf"({_LETTER}+)_?(\d{{1,4}})")
_SYMBOLS = "αβγεζηθκλμνξρστφχψω"  # not δ: δx is one thing to everybody
_USUAL = frozenset("abcehkmnpqrtuvwxyz" + _SYMBOLS)
_USUAL_OF_THREE = frozenset("abcknrtuvwxyz" + _SYMBOLS)
_WORD = re.compile(r"[^aeiou][aeiou][^aeiou]")
_PI = re.compile(rf"pi(\d+|{_LETTER})")
_CAPITALS = {"E": "e", "PI": "pi", "Pi": "pi"}
SPOKEN = {
    "times": "*",
    "plus": "+",
    "minus": "-",
    "over": "/",
    "divided": "/",
    "mod": "mod(…)",
    "squared": "^2",
    "cubed": "^3",
    "of": "the expression alone",
    "at": "the expression alone: its variables have sliders",
}
"""Words behind a value that nobody means as variables, and what is written for them."""
SPELLED = {
    **dict.fromkeys(("lg", "log_10"), "log10(x)"),
    **dict.fromkeys(("log_2", "log_two"), "log2(x)"),
    **dict.fromkeys(("tg", "tangent"), "tan(x)"),
    **dict.fromkeys(("ctg", "cotan"), "cot(x)"),
    **{"arctg": "atan(x)", "logarithm": "log(x)", "sine": "sin(x)", "cosine": "cos(x)"},
}
"""Other names of functions, which nobody means as variables, and what is written for them."""
_WORDS = frozenset("return import def const if else and or not for in while True False None".split())


class Note(NamedTuple):
    """A sentence, the place that it is about, and the text that, put there, means the other thing.

    ``places`` are all places that the replacement is for, the first one included.
    """

    message: str
    start: int
    end: int
    replacement: str
    places: tuple[tuple[int, int], ...]


def rewritten(text: str, note: Note) -> str:
    """The program as it would mean the other thing."""
    for start, end in sorted(note.places, reverse=True):
        text = text[:start] + note.replacement + text[end:]
    return text


class Reading(NamedTuple):
    """Another reading of a name, and what one would write for it."""

    message: str
    replacement: str


def run_in(name: str) -> str:
    """What a variable's name means that begins with a function's: ``sin(x)`` for sinx; else nothing."""
    found = _RUN_IN.fullmatch(name)
    return f"{found[1]}({found[2]})" if found else ""


def is_code(name: str) -> bool:
    """Whether a name is a word of a programming language: no variable is meant."""
    return name in _WORDS


_INFINITE = frozenset("inf Inf infinity Infinity infty".split())


def reading(name: str, others: Collection[str], behind_a_number: bool) -> Reading | None:
    """Another reading of a variable's name, if there is one; ``others`` are the program's other names."""
    if name in GREEK:
        return None
    if name in _INFINITE:
        infinite = "(-log(0))"
        return Reading(
            f"{name} is a variable, a plain number; infinity is -log(0), and −∞ is log(0)", infinite
        )
    if name in _CAPITALS:
        constant = _CAPITALS[name]
        return Reading(f"{name} is a variable; the constant is {constant}", constant)
    if found := _OF_NUMBER.fullmatch(name):
        call = f"{found[1]}({found[2]})"
        return Reading(f"{name} is one variable; for the function write {call}", call)
    if name == "x10" and behind_a_number:
        return Reading("x10 is one variable; for times 10 write * 10", "* 10")
    if found := _PI.fullmatch(name):
        product = f"pi * {found[1]}"
        return Reading(f"{name} is one variable; for a product write {product}", product)
    return _exponent(name, others, behind_a_number) or _product(name, others)


def of_tensors(name: str, shapes: Mapping[str, Shape]) -> Reading | None:
    """Another reading of a variable's name, by the program's tensors: x_1 for a cell of x, Wx for W @ x."""
    atoms = _ATOM.findall(name)
    if len(atoms) > 1 and "".join(atoms) == name and all(atom in shapes for atom in atoms):
        product = " @ ".join(atoms)
        return Reading(f"{name} is one variable, a number; for the product write {product}", product)
    found = _INDEXED.fullmatch(name)
    shape = shapes.get(found[1], ()) if found else ()
    if not found or not shape or len(found[2]) < len(shape):
        return None
    counted = [found[2]] if len(shape) == 1 else [*found[2]]
    if len(counted) != len(shape) or not all(
        0 < int(at) <= length for at, length in zip(counted, shape, strict=True)
    ):
        return None
    cell = f"{found[1]}[{', '.join(str(int(at) - 1) for at in counted)}]"
    return Reading(
        f"{name} is a variable of its own, a number; for the cell of {found[1]} write {cell}, counted from 0",
        cell,
    )


def _exponent(name: str, others: Collection[str], behind_a_number: bool) -> Reading | None:
    """x2 beside x, or in 3x2, where no x1 or x3 is: an exponent may be lost."""
    if not re.fullmatch(rf"{_LETTER}[2-9]", name):
        return None
    stem = name[0]
    if any(re.fullmatch(rf"{stem}_?\d+", other) for other in others if other != name):
        return None
    if stem not in others and not behind_a_number:
        return None
    return Reading(f"{name} is one variable; for a power write {stem}^{name[1]}", f"{stem}^{name[1]}")


def _product(name: str, others: Collection[str]) -> Reading | None:
    if not _ATOMS.fullmatch(name):
        return None
    atoms = _ATOM.findall(name)
    product = " ".join(atoms)
    known = all(atom in others for atom in atoms)
    indexed = any(len(atom) > 1 for atom in atoms[:-1])
    usual = _USUAL if len(name) == 2 else _USUAL_OF_THREE
    short = name.isalpha() and len(name) <= 3 and set(name) <= usual and not _WORD.fullmatch(name)
    if not (known or indexed or short):
        return None
    return Reading(f"{name} is one variable; for a product write {product}", product)
