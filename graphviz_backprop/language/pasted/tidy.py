"""A program written anew, with the parentheses that it needs and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from graphviz_backprop.language.literals import STARTING, plain_number
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import statements
from graphviz_backprop.language.printers import ATOM, TEXT, Piece
from graphviz_backprop.language.syntax import Expr, Statement

MOST = 5_000
"""Characters of a program that is written anew: of a nest, the inner text is copied at each level."""


def tidy(program: str) -> str:
    """The same program, a statement a line; one that is long stays as it is."""
    if len(program) > MOST:
        return program
    return "\n".join(_statement(statement) for statement in statements(program))


def _statement(statement: Statement) -> str:
    text = _written(statement.expr).text
    if not statement.name:
        return text
    if statement.params is not None:
        return f"{statement.name}({', '.join(statement.params)}) = {text}"
    unsigned = text.removeprefix("-")
    constant = plain_number(statement.expr) is None and _is_number(unsigned)
    constant = constant or (statement.expr.extent != statement.expr.span and _starts(statement.expr))
    return f"{statement.name} = ({text})" if constant else f"{statement.name} = {text}"


def _starts(root: Expr) -> bool:
    """Whether a variable would start at it without parentheses around it: it is made of numbers alone."""
    todo, made = [root], False
    while todo:
        expr = todo.pop()
        if expr.kind == "name" or (expr.kind == "call" and expr.name not in STARTING):
            return False
        made = made or expr.kind == "bracket" or (expr.kind == "call" and expr.name != "sqrt")
        todo += expr.args
    return made


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text[0].isdigit() or text[0] == "."


def _written(root: Expr) -> Piece:
    todo: list[tuple[Expr, bool]] = [(root, False)]
    done: list[Piece] = []
    while todo:
        expr, ready = todo.pop()
        if expr.args and not ready:
            todo.append((expr, True))
            todo += [(arg, False) for arg in reversed(expr.args)]
            continue
        args = done[len(done) - len(expr.args) :]
        del done[len(done) - len(expr.args) :]
        done.append(_one(expr, args))
    return done[0]


def _one(expr: Expr, args: Sequence[Piece]) -> Piece:
    if expr.kind in ("name", "number"):
        return Piece(expr.name, ATOM)
    texts = [arg.text for arg in args]
    if expr.kind == "call":
        settings = [f"{one.name}={_written(one.value).text}" for one in expr.settings]
        return Piece(f"{expr.name}({', '.join([*texts, *settings])})", ATOM)
    if expr.kind == "matmul":
        return TEXT.apply(_PRODUCT, args)
    if expr.kind in _SHAPED:
        first = texts[0] if args and args[0].binding == ATOM else f"({texts[0]})" if args else ""
        return Piece(_SHAPED[expr.kind](expr, texts, first), ATOM)
    return TEXT.apply(OPS[expr.kind], args)


_PRODUCT = replace(OPS["mul"], symbol="@")
_SHAPED: Mapping[str, Callable[[Expr, list[str], str], str]] = {
    "bracket": lambda expr, texts, _: f"[{', '.join(texts)}]",
    "sizes": lambda expr, texts, _: f"({', '.join(texts)}{',' if len(texts) == 1 else ''})",
    "string": lambda expr, texts, _: f'"{expr.name}"',
    "transposed": lambda expr, texts, first: f"{first}.T",
    "shape": lambda expr, texts, first: f"{first}.shape",
    "size": lambda expr, texts, first: f"{first}.size",
    "index": lambda expr, texts, first: f"{first}[{', '.join(texts[1:])}]",
    "slice": lambda expr, texts, _: _slice(expr.name, texts),
    "rest": lambda expr, texts, _: expr.name,
}


def _slice(shown: str, texts: list[str]) -> str:
    ends = iter(texts)
    return "".join(next(ends) if sign == "x" else sign for sign in shown)
