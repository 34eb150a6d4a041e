"""LaTeX's names for letters, functions and signs, by what they are in the language."""

from __future__ import annotations

from collections.abc import Mapping

from graphviz_backprop.language.notes import GREEK
from graphviz_backprop.language.ops import LANGUAGE

LETTERS: Mapping[str, str] = {
    **{name: name for name in GREEK},
    **{f"var{name}": name for name in ("epsilon", "theta", "phi", "rho", "sigma", "kappa", "pi")},
    **{name.capitalize(): name.capitalize() for name in GREEK},
    **{"lambda": "λ", "pi": "pi", "varpi": "pi", "ell": "l", "hbar": "hbar"},
}

ACCENTS: Mapping[str, str] = {
    **{"hat": "_hat", "bar": "_bar", "tilde": "_tilde", "dot": "_dot", "overline": "_bar"},
    **{"widehat": "_hat", "widetilde": "_tilde", "check": "_check"},
    **dict.fromkeys(
        ("vec", "mathbf", "boldsymbol", "bm", "mathit", "mathcal", "mathsf", "mathtt", "symbf"), ""
    ),
}
"""What writes a letter otherwise, and what it adds to the name."""

CALLED = frozenset((*"fghFGH", "phi", "psi", "Phi", "Psi", "Gamma"))
"""Letters that one reads as functions."""

UPRIGHT = frozenset(("operatorname", "operatorname*", "mathrm", "text", "textrm", "textup", "textit", "mbox"))

_FUNCTIONS: Mapping[str, str] = {
    **{"arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "tg": "tan", "ctg": "cot", "arctg": "atan"},
    **{"lg": "log10", "ld": "log2", "sgn": "sign", "argsinh": "asinh", "arctan2": "atan2"},
}
_PLAIN: Mapping[str, str] = {name.replace("_", ""): name for name in LANGUAGE.names()}

SIGNS: Mapping[str, str] = {
    **dict.fromkeys(("cdot", "times", "ast", "cdotp", "bullet", "odot"), "*"),
    **dict.fromkeys(("le", "leq", "leqslant"), "<="),
    **dict.fromkeys(("ge", "geq", "geqslant"), ">="),
    **dict.fromkeys(("ne", "neq"), "!="),
    **{"lt": "<", "gt": ">", "div": "/", "colon": ":", "coloneqq": "="},
}

OPENING: Mapping[str, str] = {
    **dict.fromkeys(("(", "[", "{", "lbrace", "lbrack", "lparen"), "("),
    **dict.fromkeys(("|", "vert", "lvert", "rvert"), "|"),
}
NORMS = frozenset(("|", "Vert", "lVert", "rVert"))
CLOSING = frozenset((")", "]", "}", "rbrace", "rbrack", "rparen"))

ENVIRONMENTS = frozenset(
    """align align* aligned equation equation* gather gather* gathered split multline multline* eqnarray
    eqnarray* displaymath math flalign flalign* alignat""".split()
)

REFUSED: Mapping[str, str] = {
    "int": "integrals are not computed here",
    "sum": "write the sum's terms out",
    "prod": "write the product's factors out",
    "lim": "there are no limits here",
    "infty": "there is no infinity to compute with",
    "partial": "derivatives are shown, not written",
    "nabla": "derivatives are shown, not written",
    "pm": "write one of the two",
    "mp": "write one of the two",
    "mathbb": "write a comparison, as x > 0, which is 1 or 0",
    "bmod": "write \\operatorname{mod}(x, y)",
    "circ": "angles are in radians: for 60° write 60 * pi / 180",
    "top": "a matrix stands before it",
    "intercal": "a matrix stands before it",
    "prime": "derivatives are shown, not written",
    "lfloor": "there is no rounding here",
    "lceil": "there is no rounding here",
    "binom": "there is no factorial",
    "to": "one formula is read at a time",
}


def function(name: str) -> str:
    """What a function's name means; nothing if it is none."""
    for known in (name, name.lower()):
        found = _FUNCTIONS.get(known, _PLAIN.get(known.replace("_", ""), ""))
        if found and len(known) > 1:
            return found
    return ""
