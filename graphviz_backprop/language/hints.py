"""What to write for a name that is no function: by what it means, not by how it is spelled alone.

A hint that is followed must not mean something else in silence: where nothing fits, none is given.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from graphviz_backprop.language.spelling import INVERSES

_MEANT = {
    "lg": "log10",
    "ld": "log2",
    "lb": "log2",
    "sigma": "sigmoid",
    "sgm": "sigmoid",
    "sig": "sigmoid",
    "sigm": "sigmoid",
    "tg": "tan",
    "ctg": "cot",
    "cotan": "cot",
    "arctg": "atan",
    "sh": "sinh",
    "ch": "cosh",
    "th": "tanh",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "sqr": "square",
    "root": "sqrt",
    "cuberoot": "cbrt",
    "squareroot": "sqrt",
    "square_root": "sqrt",
    "sine": "sin",
    "cosine": "cos",
    "tangent": "tan",
    "logarithm": "log",
    "exponential": "exp",
    "signum": "sign",
    "indicator": "where",
    "ifelse": "where",
    "iif": "where",
    "lse": "logsumexp",
}
"""Other names of functions that are here."""

_ABSENT = frozenset(
    """floor ceil ceiling round rint trunc int fix gamma lgamma digamma beta zeta factorial fact comb binom
    erfcinv fmod argmax argmin norm dot cross matmul outer sinc asec acsc acot arcsec arccsc arccot
    sech csch coth asech acsch acoth diff grad derivative gradient integrate integral lim limit prod product
    std var variance median mode cumsum sort frac real imag conj arg angle softmin glu dropout choose nroot
    besselj lambertw random rand randn det inv inverse pinv eig svd solve cross
    range size shape detach stop_gradient randint bernoulli multinomial bincount nonzero unique
    deg degree rad radian""".split()
)
"""Functions that are not here, whatever resembles their names."""

_WRITTEN = {
    "exp2": "write 2^x",
    "exp10": "write 10^x",
    "sech": "write 1/cosh(x)",
    "csch": "write 1/sinh(x)",
    "coth": "write 1/tanh(x)",
    "if": "write where(c, a, b)",
    "degrees": "write x * 180 / pi",
    "rad2deg": "write x * 180 / pi",
    "radians": "write x * pi / 180",
    "deg2rad": "write x * pi / 180",
    "linspace": "write arange(5) / 4 for 0, 0.25, 0.5, 0.75, 1",
    "len": "write x.shape[0]",
    "trace": 'write einsum("ii", x)',
    "diag": 'write einsum("ii->i", x) for the diagonal, x * eye(3) for a matrix of one',
    "diagonal": 'write einsum("ii->i", x)',
    "cumprod": "write exp(cumsum(log(x))), of cells above 0",
    "roll": "write concat(x[-1:], x[:-1])",
    "tile": "write concat(x, x)",
    "full": "write 1.5 * ones(2, 3)",
    "topk": "write sort(x)[::-1][:2]",
    "normalize": "write x / norm(x)",
    "cosine_similarity": "write (x @ y) / (norm(x) * norm(y))",
    "avg_pool": "write conv2d(x, ones(2, 2) / 4, stride=2)",
    "avg_pool2d": "write conv2d(x, ones(2, 2) / 4, stride=2)",
    "embedding": "write C[ix]",
    "mse": "write mean((x - y)^2)",
    "mse_loss": "write mean((x - y)^2)",
    "rms_norm": "write x / sqrt(mean(x^2, axis=-1, keepdim=True) + 1e-5)",
}
"""What is written by others."""


def did_you_mean(name: str, known: Iterable[str], mentioned: Collection[str] = ()) -> str:
    """A hint with the function that is meant, or how to write a product; nothing where it could mislead.

    ``mentioned`` are the names that the program mentions: ab(a + b) is a product of three.
    """
    known = list(known)
    plain = name.lower()
    if plain in _WRITTEN:
        return _WRITTEN[plain]
    if plain in _MEANT and _MEANT[plain] in known:
        return f"did you mean {_MEANT[plain]}?"
    if plain in known:
        product = f" or, for a product, {_run_in(name, known)}(…)" if plain in INVERSES.values() else ""
        return f"did you mean {plain}{product if _run_in(name, known) else ''}?"
    if plain in _ABSENT:
        return "there is no such function here"
    if factor := _run_in(name, known) or _factors(name, mentioned):
        return f"for a product write {factor}(…)"
    close = get_close_matches(plain, known, n=1)
    return f"did you mean {close[0]}?" if close else f"for a product write {name} * (…)"


_START = r"[^\W\d]\w*\s*=\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_STARTS = re.compile(rf"\s*{_START}(?:\s*,\s*{_START})*\s*")
_MOST_REPEATED = 200  # characters of a text that a hint writes out


def instead_of_comma(text: str, at: int) -> str:
    """What to write where a comma stands that separates no arguments."""
    opened = text.rfind("(", 0, at)
    closed = text.find(")", at)
    inside = text[opened + 1 : closed] if text.rfind(")", 0, at) < opened < at < closed else ""
    decimal = inside.count(",") < 2 and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
    if decimal:
        return "for a decimal number write a point"
    if inside and "(" not in inside and len(inside) < _MOST_REPEATED:
        return f"for a list write [{inside}]"
    if len(text) < _MOST_REPEATED and not re.search(r"[;\r\n#]", text) and _STARTS.fullmatch(text[at + 1 :]):
        starts = "; ".join(part.strip() for part in text[at + 1 :].split(","))
        return f"write {starts}; {text[:at].strip()}"
    return "between statements write ; or begin a new line"


def _factors(name: str, mentioned: Collection[str]) -> str:
    """Names that were written as one: a b for ab. Two letters are no function's name with a slip in it."""
    atoms = re.findall(r"[^\W\d_](?:_?\d+)?", name)
    together = "".join(atoms) == name and len(atoms) > 1
    return " ".join(atoms) if together and (len(name) == 2 or {*atoms} <= {*mentioned}) else ""


def _run_in(name: str, known: Iterable[str]) -> str:
    """A letter and a function that were written as one: x ln for xln."""
    found = re.fullmatch(r"([^\W\d_]_?\d*)([^\W\d_]{2,}\d*)", name)
    return f"{found[1]} {found[2]}" if found and found[2] in known else ""
