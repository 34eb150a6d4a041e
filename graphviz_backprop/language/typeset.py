"""Names as mathematics sets them: a letter, what stands below it, and what stands above.

``w_12`` and ``w12`` have an index below, ``alpha`` is the letter α, names of several letters are upright. Of
a letter with two numbers the first stands above, as a layer does in textbooks: ``w2_13`` is w₁₃⁽²⁾.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_NAME = re.compile(r"([^\W\d_]+)_?(\w*)")
_LAYERED = re.compile(r"([^\W\d_])(\d+)_(\d+)(?:_(\d+))?")
_IN_TEXT = re.compile(r"(?<![\w.])[^\W\d_](?:(?!ᵀ)\w)*(?![^\Wᵀ]|[(=…])")
"""A name in a text: no function's, no setting's (``axis=0``), and none that was cut off."""

_PIECES = re.compile(r"\d+|[^\W\d]|\W")
_NUMBERS = re.compile(r"[0-9,]*")
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HIGH = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")

_GREEK = dict(
    zip(
        """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon
        phi chi psi omega""".split(),
        "αβγδϵζηθικλμνξρστυϕχψω",  # with the ϵ and the ϕ that LaTeX has
        strict=True,
    )
)


@dataclass(frozen=True)
class Letters:
    """A name, set: ``below`` are its indices with commas between, ``above`` is a layer's number or name."""

    stem: str
    below: str = ""
    above: str = ""

    @property
    def shown(self) -> str:
        """The stem as it is read: α for alpha."""
        return _GREEK.get(self.stem, self.stem)

    @property
    def upright(self) -> bool:
        """Whether the stem is a word, which is not slanted."""
        return len(self.shown) > 1

    @property
    def raised(self) -> str:
        """What stands above, in parentheses: no exponent."""
        return f"({self.above})" if self.above else ""

    @property
    def line(self) -> str | None:
        """In a line of plain text, for what takes no markup: w₁₃⁽²⁾. None where an index is no number: not
        every letter has a small twin."""
        if not (_NUMBERS.fullmatch(self.below) and _NUMBERS.fullmatch(self.above)):
            return None
        return self.shown + self.below.translate(_LOW) + self.raised.translate(_HIGH)

    @property
    def tex(self) -> str:
        """In LaTeX."""
        stem = self.stem.replace("_", r"\_")
        if self.stem in _GREEK:
            stem = f"\\{stem} "
        elif self.upright:
            stem = rf"\mathrm{{{stem}}}"
        below = f"_{{{self.below}}}" if self.below else ""
        return stem + below + (f"^{{{self.raised}}}" if self.above else "")

    @property
    def mathml(self) -> str:
        """In MathML, to be put into a ``<math>``."""
        stem = f"<mi>{self.shown}</mi>"
        if self.above:
            return f"<msubsup>{stem}{_row(self.below)}{_row(self.raised)}</msubsup>"
        return f"<msub>{stem}{_row(self.below)}</msub>" if self.below else stem


def _row(index: str) -> str:
    return f"<mrow>{''.join(map(_piece, _PIECES.findall(index)))}</mrow>"


def _piece(text: str) -> str:
    if text.isdecimal():
        return f"<mn>{text}</mn>"
    return f"<mi>{text}</mi>" if text.isalnum() else f"<mo>{text}</mo>"


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[tuple[str, Letters | None], ...]:
    """A text in pieces, with what those are set as that are names which do not stay as they are typed."""
    return tuple(_pieces(text))


def _pieces(text: str) -> Iterator[tuple[str, Letters | None]]:
    end = 0
    for match in _IN_TEXT.finditer(text):
        found = letters(match[0])
        if found == Letters(match[0]) and found.shown == match[0]:
            continue
        if match.start() > end:
            yield text[end : match.start()], None
        yield match[0], found
        end = match.end()
    if end < len(text):
        yield text[end:], None


def in_line(text: str) -> str:
    """A text in which names are set without markup: ``∂z₁/∂x₂``."""
    return "".join((found.line or typed) if found else typed for typed, found in pieces(text))


@lru_cache(maxsize=4096)
def letters(name: str) -> Letters:
    """A program's name, set."""
    if layered := _LAYERED.fullmatch(name):
        stem, above, *indices = layered.groups()
        return Letters(stem, ",".join(filter(None, indices)), above)
    matched = _NAME.fullmatch(name)
    stem, below = matched.groups() if matched else (name, "")
    return Letters(stem, ",".join(filter(None, below.split("_"))))
