"""The letters of a contraction, as in ``einsum("ik,kj->ij", A, B)``: one letter an axis.

They say everything: cells whose letters agree are multiplied, and what the result does not name is summed.
They say the gradient, too: the argument's letters change places with the result's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from string import ascii_lowercase
from typing import NamedTuple

from graphviz_backprop.language.shapes import Misfit, Shape, checked, listed, said

_SPEC = re.compile(r"[A-Za-z]*(?:,[A-Za-z]*)*(?:->[A-Za-z]*)?")


class Letters(NamedTuple):
    """The letters of each argument, and of the result."""

    args: tuple[str, ...]
    result: str

    def __str__(self) -> str:
        return f"{','.join(self.args)}->{self.result}"

    @property
    def summed(self) -> str:
        """The letters that are summed, in the order of their first mention."""
        return "".join(x for x in dict.fromkeys("".join(self.args)) if x not in self.result)

    def shape(self, shapes: Sequence[Shape]) -> Shape:
        """The result's shape. Raises Misfit where the arguments don't fit."""
        sizes = self.sizes(shapes)
        return checked(tuple(sizes[letter] for letter in self.result))

    def sizes(self, shapes: Sequence[Shape]) -> dict[str, int]:
        """The size of each letter's axis."""
        if len(shapes) != len(self.args):
            raise Misfit(f"“{self}” has letters for {len(self.args)} tensors, and {len(shapes)} are given")
        found: dict[str, tuple[int, int]] = {}
        for at, (letters, shape) in enumerate(zip(self.args, shapes, strict=True)):
            if len(letters) != len(shape):
                raise Misfit(f"“{letters}” has {len(letters)} letters, and the tensor is {said(shape)}")
            for letter, length in zip(letters, shape, strict=True):
                known, first = found.setdefault(letter, (length, at))
                if known != length:
                    raise Misfit(
                        f"{said(shapes[first])} and {said(shape)} do not fit: the axis {letter} has {known} "
                        f"and {length} cells"
                    )
        return {letter: length for letter, (length, _) in found.items()}

    def backward(self, arg: int, names: Sequence[str], shapes: Sequence[Shape]) -> str:
        """The gradient of one argument in the language: G is the result's, ``names`` are the arguments'."""
        sizes, own = self.sizes(shapes), self.args[arg]
        others = [at for at in range(len(self.args)) if at != arg]
        given = [self.result, *(self.args[at] for at in others)]
        texts = ["G", *(names[at] for at in others)]
        wanted = own
        free = (letter for letter in ascii_lowercase if letter not in "".join(self.args))
        for letter, times in Counter(own).items():  # a diagonal: the gradient goes back onto it
            for _ in range(times - 1):
                at, new = wanted.rindex(letter), next(free)
                wanted = wanted[:at] + new + wanted[at + 1 :]
                given.append(letter + new)
                texts.append(f"eye({sizes[letter]})")
                sizes[new] = sizes[letter]
        there = "".join(letter for letter in wanted if any(letter in part for part in given))
        found = _written(Letters(tuple(given), there), texts)
        if there == wanted:
            return found
        kept = tuple(sizes[letter] if letter in there else 1 for letter in wanted)
        if there and len(kept) != len(there):
            found = f"reshape({found}, {listed(kept)})"
        return f"broadcast({found}, {listed(shapes[arg])})"


def _written(letters: Letters, texts: Sequence[str]) -> str:
    if letters.args == (letters.result,):
        return texts[0]
    return f'einsum("{letters}", {", ".join(texts)})'


def read(spec: str) -> Letters:
    """The letters of a text; without an arrow the result has those that are there once. Raises Misfit."""
    text = "".join(spec.split())
    if not _SPEC.fullmatch(text):
        raise Misfit('letters are written as in "ik,kj->ij": one for each axis')
    given, arrow, result = text.partition("->")
    args = tuple(given.split(","))
    if not arrow:
        result = "".join(sorted(x for x, times in Counter(given.replace(",", "")).items() if times == 1))
    if extra := [letter for letter in result if letter not in given]:
        raise Misfit(f"the result has the letter {extra[0]}, which no tensor has")
    if len(set(result)) < len(result):
        raise Misfit("the result has a letter twice")
    return Letters(args, result)


def named(spec: str, shapes: Sequence[Shape]) -> str:
    """The letters of a text where each ``...`` has letters of its own: those axes stand for themselves.

    As in NumPy the last of them are the same; without an arrow they come first in the result. Raises Misfit.
    """
    text = spec.replace("…", "...")
    given, arrow, result = "".join(text.split()).partition("->")
    parts = given.split(",")
    if "..." not in given or len(parts) != len(shapes):
        return text
    counts = [len(shape) - len(part.replace("...", "")) for part, shape in zip(parts, shapes, strict=True)]
    most = max(count for count, part in zip(counts, parts, strict=True) if "..." in part)
    free = [letter for letter in ascii_lowercase if letter not in text][: max(most, 0)]
    whole = "".join(free)
    parts = [
        part.replace("...", whole[most - max(count, 0) :], 1)
        for part, count in zip(parts, counts, strict=True)
    ]
    if not arrow:
        return f"{','.join(parts)}->{whole}{read(given.replace('...', '')).result}"
    return f"{','.join(parts)}->{result.replace('...', whole, 1)}"


def product(one: Shape, other: Shape) -> Letters:
    """The letters of ``one @ other``, by the rule of NumPy and PyTorch: rows by columns."""
    if not one or not other:
        raise Misfit(f"@ multiplies tensors: these are {said(one)} and {said(other)}")
    if len(one) == 1 and len(other) == 1:
        return Letters(("i", "i"), "")
    if len(other) == 1:
        batch = "abc"[: len(one) - 2]
        return Letters((f"{batch}ij", "j"), f"{batch}i")
    if len(one) == 1:
        batch = "abc"[: len(other) - 2]
        return Letters(("i", f"{batch}ij"), f"{batch}j")
    batch = "abc"[: max(len(one), len(other)) - 2]
    first, second = batch[len(batch) - len(one) + 2 :], batch[len(batch) - len(other) + 2 :]
    return Letters((f"{first}ij", f"{second}jk"), f"{batch}ik")


def multiplied(one: Shape, other: Shape) -> Letters:
    """The letters of ``one @ other``. Raises Misfit that says which sizes do not fit."""
    letters = product(one, other)
    inner = one[-1], other[-2] if len(other) > 1 else other[0]
    if inner[0] != inner[1]:
        raise Misfit(
            f"{said(one)} times {said(other)} does not fit: the last axis of the first has {inner[0]} cells, "
            f"and the {'first axis' if len(other) < 3 else 'last but one'} of the second {inner[1]}"
        )
    letters.shape((one, other))
    return letters


def multiplies(one: Shape, other: Shape) -> bool:
    """Whether the shapes fit for ``one @ other``."""
    try:
        multiplied(one, other)
    except Misfit:
        return False
    return True


def is_product(letters: str, shapes: Sequence[Shape]) -> bool:
    """Whether a contraction is what @ means."""
    return len(shapes) == 2 and all(shapes) and str(product(shapes[0], shapes[1])) == letters


def looks_like_product(letters: str) -> bool:
    """Whether the letters are those that @ gives."""
    found = read(letters)
    shapes = [(1,) * len(own) for own in found.args]
    return len(shapes) == 2 and all(shapes) and str(product(*shapes)) == letters


def is_outer(letters: str) -> bool:
    """Whether it is an outer product of two vectors."""
    found = re.fullmatch(r"([a-zA-Z]),([a-zA-Z])->\1\2", letters)
    return bool(found) and found[1] != found[2] if found else False
