"""Text -> Graph: statements become nodes, calls of the program's own functions are inlined.

A named statement is one node wherever it is mentioned; a name given a plain number is a variable that
starts there. Beyond that the view decides: ``tree`` makes one
leaf for each mention, as typed; ``graph`` makes one node for each variable and merges equal
subexpressions.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.doubts import Doubts
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.hints import did_you_mean
from graphviz_backprop.language.ops import CONSTANTS, FOLDED, LANGUAGE, Functions
from graphviz_backprop.language.syntax import Expr, Statement, Syntax

VIEWS = ("tree", "graph")
_HEADING = re.compile(r"^[^\S\r\n]*#[^\r\n]*", re.M)
_TITLE = 120  # characters of a piece of the program that are kept
FRACTIONS = frozenset("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒")


@dataclass(frozen=True)
class Limits:
    """How much a program may ask for: characters of text, nodes, variables."""

    characters: int = 2_000_000
    nodes: int = 500_000
    variables: int = 10_000


@dataclass(frozen=True)
class _Function:
    params: tuple[str, ...]
    body: Expr


_Scope = Mapping[str, int]
_ENDED: _Scope = {}


@functools.cache
def _syntax(functions: Functions) -> Syntax:
    return Syntax(functions)


def parse(text: str, view: str = "tree", limits: Limits | None = None) -> Graph:
    """The graph of a program.

    Raises ExpressionError for a mistake in the text or a limit exceeded, ValueError for an unknown view.
    Time is linear in the text and in the number of nodes.
    """
    if view not in VIEWS:
        raise ValueError(f"view is {view!r}, not one of {', '.join(VIEWS)}")
    limits = limits or Limits()
    if len(text) > limits.characters:
        raise ExpressionError(
            f"this program has {len(text):,} characters; {limits.characters:,} are read",
            limits.characters,
            len(text),
        )
    return _Assembler(LANGUAGE, CONSTANTS, limits, statements(text), Builder(view), Doubts(text)).graph(text)


def statements(text: str) -> list[Statement]:
    """The statements of a program, as they are written. Raises ExpressionError."""
    return _syntax(LANGUAGE).statements(text)


@functools.cache
def parse_row(text: str, view: str = "graph") -> Graph:
    """The graph of a text in a row of the table of operations: ``nan`` is a constant."""
    constants = {**CONSTANTS, "nan": float("nan")}
    return _Assembler(LANGUAGE, constants, Limits(), statements(text), Builder(view)).graph(text)


@dataclass
class _Assembler:
    """Places the nodes of one program, statement by statement."""

    known: Functions
    constants: Mapping[str, float]
    limits: Limits
    statements: list[Statement]
    builder: Builder
    doubts: Doubts | None = None  # rows are not doubted
    named: dict[str, int] = field(default_factory=dict)
    functions: dict[str, _Function] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    steps: int = 0
    text: str = ""

    def graph(self, text: str) -> Graph:
        self.text = text
        self.later = {statement.name for statement in self.statements if statement.name}
        self.names |= self.later
        output = -1
        headings = [found for found in _HEADING.finditer(text) if found[0].strip(" \t#")]
        for heading, section in groupby(self.statements, lambda one: _above(one, headings)):
            start = len(self.builder)
            for statement in section:
                output = self._statement(statement)
            if heading >= 0:
                self.builder.mark("section", _short(headings[heading][0].strip(" \t#")), start, -1)
        for name, position in self.named.items():
            self.builder.call(position, name)
        notes = self.doubts.notes(self.names) if self.doubts else ()
        return self.builder.graph(text, output, self.names, notes)

    # Statements

    def _statement(self, statement: Statement) -> int:
        """Takes in one statement; the position of its node."""
        if statement.name in self.named or statement.name in self.functions:
            raise ExpressionError(
                f"{statement.name} is defined twice", *statement.span, "give the second another name"
            )
        if statement.params is not None:
            return self._define(statement, statement.params)
        start = plain_number(statement.expr) if statement.name else None
        if start is None:
            first = len(self.builder)
            position = self._place(statement.expr, statement.name)
            if statement.name:
                title = f"{statement.name} = {self._written(statement.expr)}"
                self.builder.mark("statement", title, first, position)
        else:
            position = self._begin(statement, start)
        if statement.name:
            self.named[statement.name] = position
            self.later.discard(statement.name)
        return position

    def _begin(self, statement: Statement, start: float) -> int:
        """Places a variable that starts at the number that its name is given."""
        self._count_variable(statement.name, statement.span)
        return self._counted(self.builder.var(statement.name, statement.span, start), statement.expr)

    def _define(self, statement: Statement, params: tuple[str, ...]) -> int:
        """Takes in a function. As the last statement it is the output, as a function of its names."""
        for name, times in Counter(params).items():
            if times > 1:
                raise ExpressionError(f"{statement.name} has two arguments named {name}", *statement.span)
        self.names.update(params)
        self._check(statement.expr, statement.name, frozenset(params))
        self.functions[statement.name] = _Function(params, statement.expr)
        self.later.discard(statement.name)
        if statement is not self.statements[-1]:
            return -1
        for name in params:
            if name in self.named or name in self.functions or name in self.constants:
                raise ExpressionError(
                    f"{name} has a meaning already, so it can't be the variable of {statement.name}",
                    *statement.span,
                    f"call {statement.name}, or give its argument another name",
                )
        return self._place(statement.expr, statement.name)

    def _check(self, body: Expr, defining: str, params: frozenset[str]) -> None:
        """Finds mistakes in a function's body where they stand, called or not."""
        todo = [body]
        while todo:
            expr = todo.pop()
            todo.extend(expr.args)
            if expr.kind == "call":
                self._callee(expr, defining)
            elif expr.kind == "name" and expr.name not in params:
                self._lookup(expr, defining)

    # Expressions

    def _place(self, root: Expr, defining: str) -> int:
        """Places an expression's nodes in post-order; the position of its last."""
        todo: list[tuple[Expr, _Scope, bool]] = [(root, {}, False)]
        done: list[int] = []
        calls: list[int] = []  # where those under way began; what ends one has no scope
        while todo:
            expr, scope, ready = todo.pop()
            if scope is _ENDED:
                self.builder.mark("call", self._written(expr), calls.pop(), done[-1])
                continue
            parts = expr.args
            if parts and not ready:
                self._count_steps(expr)
                todo.append((expr, scope, True))
                todo += [(part, scope, False) for part in reversed(parts)]
                continue
            args: tuple[int, ...] = ()
            if parts:
                args = tuple(done[-len(parts) :])
                del done[-len(parts) :]
            callee = self._callee(expr, defining) if expr.kind == "call" else expr.kind
            if isinstance(callee, _Function):
                calls.append(len(self.builder))
                todo.append((expr, _ENDED, True))
                todo.append((callee.body, dict(zip(callee.params, args, strict=True)), False))
            else:
                done.append(self._node(expr, callee, args, scope, defining))
        return done[0]

    def _node(self, expr: Expr, kind: str, args: tuple[int, ...], scope: _Scope, defining: str) -> int:
        if kind == "name":
            return self._mention(expr, scope, defining)
        if self.doubts:
            self.doubts.node(expr)
        if kind == "number":
            return self._counted(self.builder.const(number_of(expr.name), expr.name, expr.span), expr)
        if kind in FOLDED:
            return self._folded(FOLDED[kind], args, expr)
        return self._counted(self.builder.apply(kind, args, expr.span), expr)

    def _folded(self, op: str, args: tuple[int, ...], expr: Expr) -> int:
        """A function of any number of arguments by one of two, from left to right."""
        position, *rest = args
        for arg in rest:
            position = self._counted(self.builder.apply(op, (position, arg), expr.span), expr)
        return position

    def _mention(self, expr: Expr, scope: _Scope, defining: str) -> int:
        """What a name stands for."""
        name = expr.name
        if name in scope:
            return scope[name]
        self._lookup(expr, defining)
        if name in self.named:
            return self.named[name]
        if name in self.constants:
            return self._counted(self.builder.const(self.constants[name], name, expr.span), expr)
        self._count_variable(name, expr.span)
        if self.doubts:
            self.doubts.variable(name, expr.span)
        return self._counted(self.builder.var(name, expr.span), expr)

    def _written(self, expr: Expr) -> str:
        """An expression as it stands in the text."""
        start, end = expr.span
        return _short(self.text[start : min(end, start + 2 * _TITLE)])

    # Names

    def _lookup(self, expr: Expr, defining: str) -> None:
        """Raises ExpressionError for a name that can't stand for a value here."""
        self.names.add(expr.name)
        if expr.name in self.named:
            return
        if expr.name in self.functions:
            raise ExpressionError(f"{expr.name} is a function", *expr.span, f"write {expr.name}(…)")
        self._refuse_later(expr.name, expr.span, defining)
        if expr.name in self.known and len(expr.name) > 1:
            raise ExpressionError(f"{expr.name} is a function", *expr.span, f"write {expr.name}(…)")

    def _callee(self, expr: Expr, defining: str) -> str | _Function:
        """The row's name or the program's own function that a call means."""
        given = len(expr.args)
        self.names.add(expr.name)
        if expr.name in self.functions:
            function = self.functions[expr.name]
            wanted = len(function.params)
            if wanted == given:
                return function
            takes = f"{wanted} argument{'s' if wanted > 1 else ''}"
            raise ExpressionError(f"{expr.name} takes {takes}, {given} given", *expr.span)
        self._refuse_later(expr.name, expr.name_span, defining)
        if expr.name not in self.known:
            raise ExpressionError(
                f"{expr.name} is not a function",
                *expr.name_span,
                did_you_mean(expr.name, list(self.known.names())),
            )
        if expr.name in FOLDED and given:
            return expr.name
        op = self.known.find(expr.name, given)
        if op is None:
            takes = self.known.takes(expr.name)
            raise ExpressionError(f"{expr.name} takes {takes}, {given} given", *expr.span)
        return op.name

    def _refuse_later(self, name: str, span: tuple[int, int], defining: str) -> None:
        if name not in self.later:
            return
        if name == defining:
            raise ExpressionError(f"{name} is defined by itself", *span, "use another name here")
        raise ExpressionError(f"{name} is used before it is defined", *span, "move its definition up")

    # Limits

    def _count_steps(self, expr: Expr) -> None:
        self.steps += 1 + len(expr.args)
        if self.steps > 10 * self.limits.nodes + 100:  # calls of calls that make no node
            raise ExpressionError("the functions of this program call too much", *expr.span)

    def _counted(self, position: int, expr: Expr) -> int:
        """The position of a node that was just placed."""
        if position >= self.limits.nodes:
            raise ExpressionError(f"this program has more than {self.limits.nodes:,} nodes", *expr.span)
        return position

    def _count_variable(self, name: str, span: tuple[int, int]) -> None:
        self.variables.add(name)
        if len(self.variables) > self.limits.variables:
            raise ExpressionError(f"this program has more than {self.limits.variables:,} variables", *span)


def _above(statement: Statement, headings: list[re.Match[str]]) -> int:
    """Which heading a statement stands under; -1, and under none."""
    return bisect_left(headings, statement.expr.span[0], key=lambda heading: heading.end()) - 1


def _short(text: str) -> str:
    """A piece of the program on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _TITLE else line[: _TITLE - 1] + "…"


def number_of(digits: str) -> float:
    """The double that digits, or a fraction such as ½, stand for."""
    return unicodedata.numeric(digits) if digits in FRACTIONS else float(digits)


def _signed(expr: Expr) -> bool:
    """Whether it is +2, whose sign is no node."""
    return expr.extent[1] == expr.span[1]


def plain_number(expr: Expr) -> float | None:
    """The number that an expression is: digits, with a sign or without, and no parentheses around it."""
    if expr.span != expr.extent and not _signed(expr):
        return None
    if expr.kind == "neg" and expr.args[0].kind == "number":
        number = -number_of(expr.args[0].name)
    elif expr.kind == "number":
        number = number_of(expr.name)
    else:
        return None
    return number if math.isfinite(number) else None
