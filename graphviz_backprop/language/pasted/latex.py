r"""LaTeX, as papers, editors of formulas and our own pages write it.

One pass over the tokens writes the program; what is open stands on a stack, so that nothing recurses. Letters
side by side are a product, as in print. A function without parentheses takes the product that follows, up to
a sign, the next function, or a product that is written out: ``\sin x \cdot y`` is sin(x) * y.
"""

from __future__ import annotations

import re

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted.converted import Converted
from graphviz_backprop.language.pasted.latex_reader import Reader
from graphviz_backprop.language.pasted.latex_tokens import Token, tokens

_MARKS = re.compile(r"\\\S|[\^_]\s*\{|\$[^$]+\$")
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)", re.DOTALL)
_D = r"\{\s*(?:d|\\mathrm\s*\{\s*d\s*\}|\\partial)(?:\s*\^\s*\{?\d\}?)?"
_NAMED = r"(?:\\(?!cdot|times)[a-z]+|[A-Za-z])(?:_\w|_\{\w+\})?(?:\s*\^\s*\{?\d\}?)?\s*\}"
_DERIVATIVE = re.compile(rf"\\[dt]?frac\s*{_D}\s*(?:{_NAMED}|\}})\s*{_D}\s*{_NAMED}")


def recognise(text: str) -> bool:
    """Whether the text, which is no program of the language, has what only LaTeX has."""
    return _MARKS.search(text) is not None


def convert(text: str) -> Converted:
    """The program that the formulas say. Raises ExpressionError at what can't be read."""
    if found := _DERIVATIVE.search(text):
        raise ExpressionError(
            "this is a derivative, and these are shown, not written",
            *found.span(),
            "write the expression alone: its gradients stand beside it",
        )
    return Reader(_of_formulas(text)).converted()


def _of_formulas(text: str) -> list[Token]:
    """The tokens of all formulas; where there are signs around these, what stands between them is prose."""
    found: list[Token] = []
    for formula in _FORMULA.finditer(text):
        group = formula.lastindex or 0
        found += [*tokens(text, *formula.span(group)), Token("break", "\n", *formula.span(group))]
    return found or tokens(text, 0, len(text))
