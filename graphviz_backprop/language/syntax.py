"""Text -> statements: the grammar's result as a small syntax tree, built bottom up while it parses.

Nothing here recurses, so that 100,000 nested parentheses are as good as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.hints import instead_of_comma
from graphviz_backprop.language.lexer import Lexer
from graphviz_backprop.language.names import normal
from graphviz_backprop.language.ops import Functions
from graphviz_backprop.language.tokens import tokens

_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_SIGNS = {"√": "sqrt", "∛": "cbrt", "|": "abs"}
_COMPARISONS = {
    **{"<": "less", "<=": "less_equal", "≤": "less_equal", "==": "equal"},
    **{">": "greater", ">=": "greater_equal", "≥": "greater_equal", "!=": "not_equal", "≠": "not_equal"},
}


@dataclass(slots=True, eq=False, repr=False)
class Expr:
    """A piece of an expression. ``kind`` is "number", "name", "call", an operator's row, or one that knows
    shapes: "bracket", "index", "slice" (whose ``name`` shows which ends are there, as in ``x:x``), "rest"
    (``...``), "matmul", "transposed", "shape", "size", "string", "sizes".

    ``span`` is its place in the text, ``extent`` the same with the parentheses around it; ``name`` is
    the name that is mentioned or called, or the number as typed. ``settings`` are those of a call.
    """

    kind: str
    args: tuple[Expr, ...]
    span: tuple[int, int]
    extent: tuple[int, int]
    name: str = ""
    name_span: tuple[int, int] = (0, 0)
    settings: tuple[Setting, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Setting:
    """``axis=0`` in a call."""

    name: str
    value: Expr
    span: tuple[int, int]


@dataclass(slots=True, eq=False, repr=False)
class Statement:
    """`name = expr`, `name(params) = expr` (``params`` is a tuple) or, without a name, `expr`."""

    expr: Expr
    name: str = ""
    span: tuple[int, int] = (0, 0)
    params: tuple[str, ...] | None = None


def _place(token: Token) -> tuple[int, int]:
    return token.start_pos or 0, token.end_pos or 0


def _join(kind: str, start: int, end: int, *args: Expr) -> Expr:
    span = start, end  # one tuple: large programs spend their time on collecting garbage
    return Expr(kind, args, span, span)


def _leaf(kind: str, token: Token, name: str) -> Expr:
    span = _place(token)
    return Expr(kind, (), span, span, name)


def _call(name: Token, end: int, args: tuple[Expr, ...], settings: tuple[Setting, ...] = ()) -> Expr:
    span = (name.start_pos or 0, end)
    known = _SIGNS.get(name, normal(name))
    return Expr("call", args, span, span, known, _place(name), settings)


def _listed(kind: str, left: Token, rest: tuple[Expr | Token, ...]) -> Expr:
    args = tuple(part for part in rest if isinstance(part, Expr))
    return _join(kind, left.start_pos or 0, rest[-1].end_pos or 0, *args)  # type: ignore[union-attr]


_PLAIN_ENTRIES = ("number", "neg", "slice", "rest")


def _is_new(entry: Expr) -> bool:
    """Whether it is an axis that comes in, ``x[:, None]``, as NumPy and PyTorch write it."""
    return entry.kind == "name" and entry.name in ("None", "newaxis")


def _new_axes(entries: tuple[Expr, ...]) -> Iterator[int]:
    """Where new axes stand in what an index gives: a plain number takes an axis away, all else leaves one.

    Behind ``...``, which stands for any number of axes, they are counted from the last one.
    """
    dots = next((at for at, entry in enumerate(entries) if entry.kind == "rest"), len(entries))
    at = 0
    for entry in entries[:dots]:
        if _is_new(entry):
            yield at
        at += _is_new(entry) or entry.kind == "slice"
    at = -1
    for entry in reversed(entries[dots:]):
        if _is_new(entry):
            yield at
        at -= _is_new(entry) or entry.kind == "slice"


@v_args(inline=True)
class _Builder(Transformer[Token, list[Statement]]):
    """The parser's callbacks, named after the grammar's aliases."""

    def number(self, token: Token) -> Expr:
        # of whatever script
        digits = str(token) if token.isascii() else "".join(str(unicodedata.decimal(x, x)) for x in token)
        return _leaf("number", token, digits)

    def fraction(self, token: Token) -> Expr:
        return _leaf("number", token, str(token))

    def absolute(self, left: Token, inner: Expr, right: Token) -> Expr:
        return _call(left, right.end_pos or 0, (inner,))

    def compare(self, left: Expr, sign: Token, right: Expr) -> Expr:
        return _join(_COMPARISONS[sign], left.extent[0], right.extent[1], left, right)

    def name(self, token: Token) -> Expr:
        return _leaf("name", token, normal(token))

    def parentheses(self, left: Token, inner: Expr, right: Token) -> Expr:
        inner.extent = (left.start_pos or 0, right.end_pos or 0)
        return inner

    def neg(self, sign: Token, operand: Expr) -> Expr:
        return _join("neg", sign.start_pos or 0, operand.extent[1], operand)

    def pos(self, sign: Token, operand: Expr) -> Expr:
        operand.extent = (sign.start_pos or 0, operand.extent[1])
        return operand

    def superscript(self, base: Expr, token: Token) -> Expr:
        start, end = _place(token)
        outer = max(end, base.extent[1])  # in sin²(x) the exponent stands inside
        digits = token.translate(_SUPERSCRIPTS)
        place = end - len(digits.lstrip("+-")), end
        exponent = Expr("number", (), place, place, digits.lstrip("+-"))
        if digits[0] == "-":
            exponent = _join("neg", start, end, exponent)
        return _join("pow", base.extent[0], outer, base, exponent)

    def adjacent(self, left: Expr, right: Expr) -> Expr:
        return _join("mul", left.extent[0], right.extent[1], left, right)

    def root(self, sign: Token, operand: Expr) -> Expr:
        return _call(sign, operand.extent[1], (operand,))

    def call(self, name: Token, _left: Token, *rest: Expr | Setting | Token) -> Expr:
        args = tuple(part for part in rest if isinstance(part, Expr))
        settings = tuple(part for part in rest if isinstance(part, Setting))
        return _call(name, rest[-1].end_pos or 0, args, settings)  # type: ignore[union-attr]

    def setting(self, name: Token, _equals: Token, value: Expr) -> Setting:
        return Setting(normal(name), value, (name.start_pos or 0, value.extent[1]))

    def string(self, token: Token) -> Expr:
        return _leaf("string", token, token[1:-1])

    def sizes(self, left: Token, *rest: Expr | Token) -> Expr:
        return _listed("sizes", left, rest)

    def bracket(self, left: Token, *rest: Expr | Token) -> Expr:
        return _listed("bracket", left, rest)

    def index(self, base: Expr, *rest: Expr | Token) -> Expr:
        args = tuple(part for part in rest if isinstance(part, Expr))
        end = rest[-1].end_pos or 0  # type: ignore[union-attr]
        kept = tuple(part for part in args if not _is_new(part))
        if len(kept) < len(args) and any(part.kind not in _PLAIN_ENTRIES for part in kept):
            hint = "write unsqueeze(…, 0) with the number of the new axis"
            raise ExpressionError("None stands beside plain numbers and slices here", *base.extent, hint)
        chosen = len(kept) > 1 or any(part.kind != "rest" for part in kept)
        found = _join("index", base.extent[0], end, base, *kept) if chosen else base
        for at in _new_axes(args):
            axis = Expr("number", (), args[0].span, args[0].span, str(abs(at)))
            axis = Expr("neg", (axis,), axis.span, axis.span) if at < 0 else axis
            found = Expr("call", (found, axis), found.span, (base.extent[0], end), "unsqueeze", base.span)
        return found

    def slice(self, *parts: Expr | Token) -> Expr:
        ends = tuple(part for part in parts if isinstance(part, Expr))
        shown = "".join("x" if isinstance(part, Expr) else ":" for part in parts)
        places = [part.extent if isinstance(part, Expr) else _place(part) for part in parts]
        span = places[0][0], places[-1][1]
        return Expr("slice", ends, span, span, shown)

    def rest(self, token: Token) -> Expr:
        return _leaf("rest", token, "...")

    def transposed(self, operand: Expr, sign: Token) -> Expr:
        return _join("transposed", operand.extent[0], sign.end_pos or 0, operand)

    def shape(self, operand: Expr, sign: Token) -> Expr:
        return _join(sign[1:], operand.extent[0], sign.end_pos or 0, operand)

    def named(self, name: Token, _equals: Token, expr: Expr) -> Statement:
        return Statement(expr, normal(name), _place(name))

    def defined(self, name: Token, _left: Token, *rest: Any) -> Statement:
        params = tuple(normal(token) for token in rest[:-1] if token.type == "NAME")
        return Statement(rest[-1], normal(name), _place(name), params)

    def unnamed(self, expr: Expr) -> Statement:
        return Statement(expr)

    def program(self, *statements: Statement) -> list[Statement]:
        return list(statements)


def _infix(kind: str) -> Any:
    def build(self: _Builder, left: Expr, _operator: Token, right: Expr) -> Expr:
        return _join(kind, left.extent[0], max(left.extent[1], right.extent[1]), left, right)

    return build


for _kind in ("add", "sub", "mul", "div", "pow", "matmul"):
    setattr(_Builder, _kind, v_args(inline=True)(_infix(_kind)))


class _PostLex:
    """Lark's hook between lexer and parser."""

    always_accept = ()

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        found = tokens(stream, self._functions)
        if not found:
            raise ExpressionError("there is nothing to compute yet", 0, 0, "try (4*x+1)^2")
        yield from found


class Syntax:
    """A parser of programs in which the given functions are known."""

    def __init__(self, functions: Functions) -> None:
        self._lark = Lark(
            Path(__file__).with_name("grammar.lark").read_text("utf-8"),
            start="program",
            parser="lalr",
            lexer=Lexer,
            postlex=_PostLex(functions),
            transformer=_Builder(),
        )

    def statements(self, text: str) -> list[Statement]:
        """The statements of a program. Raises ExpressionError; takes time linear in the text."""
        try:
            _refuse_raised(text)
            return self._lark.parse(text)  # type: ignore[return-value]
        except UnexpectedCharacters as error:
            raise _unknown_character(text, error.pos_in_stream or 0) from None
        except UnexpectedToken as error:
            raise _misplaced(text, error) from None


_COMMENT_OR_RAISED = re.compile(r"#[^\r\n]*|[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ªºʰ-ʸˠ-ˤᴬ-ᴿᵁ-ᵡᶛ-ᶿⁱⁿⱽ]+")


def _refuse_raised(text: str) -> None:
    """Raises ExpressionError for letters written as an exponent: xⁿ, e⁻²ˣ."""
    if text.isascii():
        return
    for found in _COMMENT_OR_RAISED.finditer(text):
        raised = found[0]
        if not raised.startswith("#") and any(map(str.isalpha, raised)):
            exponent = normal(raised).replace("−", "-")
            what = "part of a name" if raised.isalpha() else "an exponent as it stands"
            hint = f"for a power write ^{exponent if len(exponent) == 1 else f'({exponent})'}"
            raise ExpressionError(f"{raised} can't be {what}", *found.span(), hint)


_CHARACTER_HINTS = {
    "{": "use ( and )",
    "}": "use ( and )",
    "!": "there is no factorial",
    "%": "for a percentage divide by 100",
    "'": "derivatives are shown, not written: for f'(x) write f(x), and its gradient stands beside it",
    "′": "derivatives are shown, not written: for f′(x) write f(x), and its gradient stands beside it",
    "°": "angles are in radians: for 60° write 60 * pi / 180",
    "∂": "derivatives are shown, not written: write the expression alone, and its gradients stand beside it",
    "∇": "derivatives are shown, not written: write the expression alone, and its gradients stand beside it",
    "‖": "the length of a vector is norm(x)",
    "⊤": "the transposed tensor is W.T",
    "∞": "there is no infinity to compute with",
    ".": "a number has a digit beside its point, and functions have no module before them: exp(x)",
    "\\": "write sqrt(x), a/b, x^2",
}


def _unknown_character(text: str, at: int) -> ExpressionError:
    found = text[at]
    return ExpressionError(
        f"{found} means nothing here" if found.isprintable() else "a character means nothing here",
        at,
        at + 1,
        _CHARACTER_HINTS.get(found, "it is not part of the language" if found.isprintable() else "remove it"),
    )


_OPERATORS = {"TIMES", "DIVIDE", "POWER", "PLUS", "MINUS", "ROOT", "EQUALS", "COMPARE", "AT"}
_BEFORE_A_VALUE = {*_OPERATORS, "LPAR", "LBAR", "LSQB", "COMMA", "_SEPARATOR"}


def _misplaced(text: str, error: UnexpectedToken) -> ExpressionError:
    """What is wrong where the grammar met a token that can't stand there."""
    token = error.token
    parsed = error.interactive_parser.parser_state.value_stack
    before = parsed[-1] if parsed and isinstance(parsed[-1], Token) else None
    wants_value = not parsed or (before is not None and before.type in _BEFORE_A_VALUE)
    ends = token.type in ("$END", "_SEPARATOR", "RPAR", "RBAR", "RSQB", "COMMA")
    if ends and before is not None and before.type in _OPERATORS and wants_value:
        return ExpressionError(
            f"{before} needs a value on its right", *_place(before), "the expression is not finished"
        )
    if before is not None and before.type == "ROOT":
        return ExpressionError(f"{token} can't stand behind {before}", *_place(token), f"write {before}(…)")
    if token.type in ("TIMES", "DIVIDE", "POWER", "COMPARE", "AT") and wants_value:
        return ExpressionError(f"{token} needs a value on its left", *_place(token))
    if token.type == "COMPARE":
        return ExpressionError(
            "a comparison has two sides", *_place(token), "for 0 < x < 1 write (0 < x) * (x < 1)"
        )
    if token.type == "COLON":
        return ExpressionError(
            ": only stands between the ends of a slice, as in x[1:3]",
            *_place(token),
            "a name is given its value by =, as in y = x^2",
        )
    if token.type == "DOTS":
        message = f"{token} only stands in an index, as in W[..., 0]"
        return ExpressionError(message, *_place(token), "write out what it stands for")
    if token.type == "EQUALS":
        return ExpressionError(
            "= only stands behind a name at the start of a statement",
            *_place(token),
            "as in y = x^2 or f(x) = x^2",
        )
    if token.type == "COMMA" and not wants_value:
        return ExpressionError(
            "a comma only stands between the arguments of a function",
            *_place(token),
            instead_of_comma(text, token.start_pos or 0),
        )
    if token.type in ("RPAR", "RBAR", "RSQB", "COMMA", "_SEPARATOR", "$END"):
        what = "the end" if token.type == "$END" else "the line's end" if token == "\n" else str(token)
        start = token.start_pos if token.type != "$END" else len(text.rstrip())
        return ExpressionError(
            f"a value is missing before {what}", start or 0, max(token.end_pos or 0, start or 0)
        )
    return ExpressionError(f"{token} can't stand here", *_place(token))
