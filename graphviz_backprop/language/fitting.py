"""What one can write where shapes do not fit: edits of the text, each tried before it is offered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from graphviz_backprop.language import literals
from graphviz_backprop.language.ops import COMPARISONS, OPS
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.syntax import Expr
from graphviz_backprop.language.tensor_ops import LANGUAGE

_LOOSE = frozenset(("add", "sub", "mul", "div", "neg", "matmul", "pow")) | COMPARISONS

_LONGEST = 400  # letters of an expression for which edits are looked for: each that is tried is read
_TRIES = 20

Fits: TypeAlias = Callable[[str, Mapping[str, Shape]], bool]
"""Whether a text can be placed in which names have these shapes."""


def hint(text: str, expr: Expr, shapes: Sequence[Shape], fits: Fits) -> str:
    """``write x.T @ W``: an edit of the expression whose shapes fit; nothing where none was found."""
    start, end = expr.extent
    operands = literals.parts(expr)
    if end - start > _LONGEST or len(operands) != len(shapes):
        return ""
    names = {f"p{at}": shape for at, shape in enumerate(shapes)}
    texts = {name: _atom(text, part) for name, part in zip(names, operands, strict=True)}
    most = 2 if expr.kind == "mul" else 1  # W x may be either product
    found: list[str] = []
    for template in islice(_candidates(text, expr, operands, shapes), _TRIES):
        if fits(template, names):
            written = re.sub(r"\bp\d+\b", lambda name: texts[name[0]], template)
            if written not in found:
                found.append(written)
            if len(found) == most:
                break
    return f"write {' or '.join(found)}" if found else ""


def lists_first(expr: Expr, shapes: Sequence[Shape], unknown: Callable[[str], bool]) -> str:
    """``give x a list first: x = [1, 2]``: for names without a meaning that stand where tensors do.

    Such a name is a number, and what fits a number would be another program in silence.
    """
    operands = literals.parts(expr)
    if expr.kind not in ("matmul", "index", "transposed") and not expr.settings:
        return ""
    if len(operands) != len(shapes):
        return ""
    sizes = _wanted(expr.kind, shapes)
    bare = [part.args[0] if part.kind == "transposed" else part for part in operands]
    missing = {
        part.name: size
        for part, shape, size in zip(bare, shapes, sizes, strict=True)
        if part.kind == "name" and shape == () and unknown(part.name)
    }
    if not missing:
        return ""
    rest = [shape for part, shape in zip(bare, shapes, strict=True) if part.name not in missing]
    if expr.kind == "matmul" and () in rest:
        return ""
    written = "; ".join(f"{name} = {literals.counted(size)}" for name, size in missing.items())
    return f"give {' and '.join(missing)} {'a list' if len(missing) == 1 else 'lists'} first: {written}"


def _wanted(kind: str, shapes: Sequence[Shape]) -> Sequence[Shape]:
    """Shapes that numbers may get, so that they fit what is there."""
    if kind != "matmul":
        return [(3,) for _ in shapes]
    one, other = shapes
    if not one and not other:
        return (2, 2), (2,)
    return (other[-2] if len(other) > 1 else other[0] if other else 1,), (one[-1] if one else 1,)


def _atom(text: str, part: Expr) -> str:
    if part.kind in _LOOSE:
        return f"({text[slice(*part.span)]})"
    return text[slice(*part.span)]


def _candidates(text: str, expr: Expr, operands: Sequence[Expr], shapes: Sequence[Shape]) -> Iterator[str]:
    if expr.kind == "matmul":
        yield from ("p0.T @ p1", "p0 @ p1.T", "p1 @ p0", "p0 * p1", "outer(p0, p1)")
    elif expr.kind in OPS and OPS[expr.kind].symbol and len(shapes) == 2:
        yield from _infix(OPS[expr.kind].symbol, expr.kind == "mul", shapes)
    elif expr.kind == "index":
        yield from _indices(text, expr, shapes)
    elif expr.kind == "bracket":
        yield _joined(shapes, "")
    elif expr.kind == "call":
        yield from _calls(text, expr, operands, shapes)


def _infix(sign: str, product: bool, shapes: Sequence[Shape]) -> Iterator[str]:
    if product:
        yield from ("p0 @ p1", "p0 * p1", "p1 @ p0", "p0.T @ p1", "p0 @ p1.T")
    if len(shapes[1]) == 1:
        yield f"p0 {sign} reshape(p1, {shapes[1][0]}, 1)"
    if len(shapes[0]) == 1:
        yield f"reshape(p0, {shapes[0][0]}, 1) {sign} p1"
    yield from (f"p0 {sign} p1.T", f"p0.T {sign} p1")


def _indices(text: str, expr: Expr, shapes: Sequence[Shape]) -> Iterator[str]:
    shape = shapes[0]
    entries = [text[slice(*entry.extent)] for entry in expr.args[1:]]
    for at in [at for at, entry in enumerate(expr.args[1:]) if entry.kind == "rest"][:1]:
        entries[at : at + 1] = [":"] * (len(shape) - len(entries) + 1)
    operands = literals.parts(expr)
    if len(operands) == 2 and operands[1].kind in COMPARISONS and shape == shapes[1]:
        yield "p0 * p1"
    if len(operands) > 1:
        return
    if len(entries) > len(shape) > 0:
        yield f"p0[{', '.join(entries[: len(shape)])}]"
        entries = entries[: len(shape)]
    for at in range(min(len(entries), len(shape))):
        for other in (str(shape[at] - 1), ":"):
            yield f"p0[{', '.join([*entries[:at], other, *entries[at + 1 :]])}]"
    yield f"p0[{', '.join('0' for _ in shape)}]" if shape else "p0"


def _joined(shapes: Sequence[Shape], settings: str) -> str:
    """``concat(x, [1])``: a number that is joined to a vector is a vector of one cell."""
    parts = ", ".join(f"p{at}" if shape else f"[p{at}]" for at, shape in enumerate(shapes))
    return f"concat({parts}{settings})"


def _calls(text: str, expr: Expr, operands: Sequence[Expr], shapes: Sequence[Shape]) -> Iterator[str]:
    names = [f"p{at}" for at in range(len(shapes))]
    settings = [text[slice(*part.span)] for part in expr.settings]
    extra = [text[slice(*arg.extent)] for arg in expr.args if arg not in operands]
    if expr.name in ("reshape", "view") and shapes:
        for size in extra:
            yield f"reshape(p0, {size}, -1)"
        yield "flatten(p0)"
    if expr.name == "broadcast" and shapes and shapes[0]:
        yield f"broadcast(p0, {', '.join(map(str, shapes[0]))})"
    if expr.name in ("concat", "concatenate", "cat") and () in shapes:
        yield _joined(shapes, "".join(f", {one}" for one in settings))
    if expr.name == "cross_entropy" and len(shapes) == 2 and len(shapes[0]) > 2 and not settings:
        yield f"cross_entropy(reshape(p0, -1, {shapes[0][-1]}), flatten(p1))"
    if len(names) > 1:
        bracket = f"[{', '.join(names)}]"
        yield f"{expr.name}({', '.join([bracket, *settings])})"
        if len(expr.args) > 1 and literals.whole(expr.args[1]) is not None:
            yield f"{expr.name}(p0, axis={text[slice(*expr.args[1].extent)]})"
    if expr.name in ("flip", "cumsum"):
        yield f"{expr.name}(p0, axis=0)"
    for at in range(len(settings)):
        name = expr.settings[at].name
        for other in ([f"{name}=0"], []):
            yield f"{expr.name}({', '.join([*names, *extra, *settings[:at], *other, *settings[at + 1 :]])})"
    for at in range(len(extra)):
        for other in (["0"], []):
            yield f"{expr.name}({', '.join([*names, *extra[:at], *other, *extra[at + 1 :], *settings])})"
    if len(shapes) == 2 and expr.name in ("matmul", "dot", "mm", "bmm"):
        yield from ("p0.T @ p1", "p0 @ p1.T", "p1 @ p0", "outer(p0, p1)", "p0 * p1")
    if expr.name == "outer":
        yield from ("outer(flatten(p0), flatten(p1))", "p0 * p1")
    if len(shapes) == 1 and not shapes[0] and expr.name not in LANGUAGE.of_numbers:
        yield f"{expr.name}({', '.join(['[p0]', *extra, *settings])})"
