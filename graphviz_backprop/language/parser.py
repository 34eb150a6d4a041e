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
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from graphviz_backprop.language import literals
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.doubts import Doubts
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.hints import did_you_mean
from graphviz_backprop.language.literals import number_of, plain_number
from graphviz_backprop.language.ops import CONSTANTS, FOLDED, Functions
from graphviz_backprop.language.shaped import SHAPED, Tensors
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.sizes import Find, Sizes
from graphviz_backprop.language.syntax import Expr, Statement, Syntax
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.language.tensor_ops import BY_SHAPE, HIDDEN, LANGUAGE, Setting

VIEWS = ("tree", "graph")
_HEADING = re.compile(r"^[^\S\r\n]*#[^\r\n]*", re.M)
_TITLE = 120  # characters of a piece of the program that are kept
ROW_CONSTANTS: Mapping[str, float] = {**CONSTANTS, "nan": math.nan, "inf": math.inf}


@dataclass(frozen=True)
class Limits:
    """How much a program may ask for: characters of text, nodes, variables, cells of its tensors."""

    characters: int = 2_000_000
    nodes: int = 500_000
    variables: int = 10_000
    cells: int = 10_000_000


@dataclass(frozen=True)
class _Function:
    params: tuple[str, ...]
    body: Expr


_Scope = Mapping[str, int]
_ENDED: _Scope = {}


@functools.cache
def _syntax(functions: Functions) -> Syntax:
    return Syntax(functions)


def parse(
    text: str,
    view: str = "tree",
    limits: Limits | None = None,
    starts: Mapping[str, Tensor] | None = None,
) -> Graph:
    """The graph of a program; tensors of these names start elsewhere, in a shape that may be another one.

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
    doubts = Doubts(text)
    found = statements(text)
    return _Assembler(
        LANGUAGE, CONSTANTS, limits, found, Builder(view), doubts, text=text, starts=starts or {}
    ).graph()


def statements(text: str) -> list[Statement]:
    """The statements of a program, as they are written. Raises ExpressionError."""
    return _syntax(LANGUAGE).statements(text)


@functools.cache
def parse_row(text: str, view: str = "graph") -> Graph:
    """The graph of a text in a row of the table of operations: ``nan`` and ``inf`` are constants."""
    found = statements(text)
    return _Assembler(LANGUAGE, ROW_CONSTANTS, Limits(), found, Builder(view), text=text).graph()


def assemble(
    builder: Builder, text: str, names: Mapping[str, int], settings: Mapping[str, Setting] | None = None
) -> int:
    """Adds a text of a row to a graph in the making: what its names stand for, and its settings, are given.

    Raises ExpressionError where shapes don't fit.
    """
    return _in_row(builder, settings or {}).place(_row(text), names)


def _in_row(builder: Builder, settings: Mapping[str, Setting]) -> _Assembler:
    return _Assembler(LANGUAGE, ROW_CONSTANTS, Limits(), [], builder, given=settings)


def _fits(text: str, shapes: Mapping[str, Shape]) -> bool:
    """Whether a text of a visitor's can be placed in which names have these shapes: it is not remembered."""
    builder = Builder("tree")
    names = {name: builder.var(name, shape=shape) for name, shape in shapes.items()}
    try:
        _in_row(builder, {}).place(statements(text)[-1].expr, names)
    except ExpressionError:
        return False
    return True


@functools.lru_cache(maxsize=4096)
def _row(text: str) -> Expr:
    return statements(text)[-1].expr


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
    given: Mapping[str, Setting] = field(default_factory=dict)
    starts: Mapping[str, Tensor] = field(default_factory=dict)
    text: str = ""
    steps: int = 0
    later: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tensors = Tensors(self.builder, self.text, self.doubts, self.given, self.limits.cells, _fits)
        self.sizes = Sizes(self.builder)

    def graph(self) -> Graph:
        text = self.text
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
        tensors = {name: shape for name, at in self.named.items() if (shape := self.builder.shape(at))}
        notes = self.doubts.notes(self.names, tensors) if self.doubts else ()
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
        start = self._start(statement.expr, statement.name) if statement.name else None
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

    def _start(self, expr: Expr, defining: str) -> float | Tensor | None:
        """Where a variable starts whose name is given this: a plain number, or a tensor of them."""
        start = plain_number(expr)
        if start is not None or expr.span != expr.extent or not literals.STARTING.isdisjoint(self.functions):
            return start
        return self.tensors.start(expr, lambda part: self.sizes.told(part, self._finder({}, defining)))

    def _begin(self, statement: Statement, start: float | Tensor) -> int:
        """Places a variable that starts at what its name is given."""
        self._count_variable(statement.name, statement.span)
        if isinstance(start, Tensor):
            start = self.starts.get(statement.name, start)
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

    def place(self, root: Expr, scope: _Scope) -> int:
        """Places an expression in which names stand for nodes that are there."""
        return self._place(root, "", scope)

    def _place(self, root: Expr, defining: str, names: _Scope | None = None) -> int:
        """Places an expression's nodes in post-order; the position of its last."""
        todo: list[tuple[Expr, _Scope, bool]] = [(root, names or {}, False)]
        done: list[int] = []
        calls: list[int] = []  # where those under way began; what ends one has no scope
        while todo:
            expr, scope, ready = todo.pop()
            if scope is _ENDED:
                self.builder.mark("call", self._written(expr), calls.pop(), done[-1])
                continue
            parts = expr.args
            if parts and not self.is_plain(expr):
                expr = expr if ready else self.sizes.told(expr, self._finder(scope, defining))
                parts = literals.parts(expr)
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
        if kind in SHAPED or expr.settings or self.builder.has_tensors:
            return self._counted(self.tensors.place(expr, kind, args), expr)
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
        if name in self.given:  # a setting that is a number
            return self.builder.const(float(self.given[name]), "", expr.span)
        self._lookup(expr, defining)
        if name in self.named:
            return self.named[name]
        if name in self.constants:
            return self._counted(self.builder.const(self.constants[name], name, expr.span), expr)
        self._count_variable(name, expr.span)
        if self.doubts:
            self.doubts.variable(name, expr.span)
        return self._counted(self.builder.var(name, expr.span), expr)

    def _finder(self, scope: _Scope, defining: str) -> Find:
        """What tells the node that a name stands for, where it is a name of the program."""

        def find(expr: Expr) -> int | None:
            if expr.name in scope:
                return scope[expr.name]
            self._lookup(expr, defining)
            return self.named.get(expr.name)

        return find

    def _written(self, expr: Expr) -> str:
        """An expression as it stands in the text."""
        start, end = expr.span
        return _short(self.text[start : min(end, start + 2 * _TITLE)])

    def is_plain(self, expr: Expr) -> bool:
        """Whether all parts of an expression are its arguments."""
        if expr.kind == "call":
            return expr.name in self.functions or (not expr.settings and expr.name in self.known.of_numbers)
        return expr.kind not in SHAPED

    # Names

    def _lookup(self, expr: Expr, defining: str) -> None:
        """Raises ExpressionError for a name that can't stand for a value here."""
        self.names.add(expr.name)
        if expr.name in self.named:
            return
        if expr.name in self.functions:
            raise ExpressionError(f"{expr.name} is a function", *expr.span, f"write {expr.name}(…)")
        self._refuse_later(expr.name, expr.span, defining)
        if expr.name in self.known.of_numbers and len(expr.name) > 1:
            raise ExpressionError(f"{expr.name} is a function", *expr.span, f"write {expr.name}(…)")

    def _callee(self, expr: Expr, defining: str) -> str | _Function:
        """The row's name or the program's own function that a call means."""
        given = len(expr.args)
        self.names.add(expr.name)
        if expr.name in self.functions:
            function = self.functions[expr.name]
            if expr.settings:
                raise ExpressionError(f"{expr.name} has no settings", *expr.settings[0].span)
            wanted = len(function.params)
            if wanted == given:
                return function
            takes = f"{wanted} argument{'s' if wanted > 1 else ''}"
            raise ExpressionError(f"{expr.name} takes {takes}, {given} given", *expr.span)
        self._refuse_later(expr.name, expr.name_span, defining)
        if expr.name not in self.known or (expr.name in HIDDEN and self.doubts is not None):
            raise ExpressionError(
                f"{expr.name} is not a function",
                *expr.name_span,
                did_you_mean(expr.name, self.known.near(expr.name)),
            )
        if expr.name in FOLDED and given:
            return expr.name
        op = self.known.of_numbers.find(expr.name, given)
        if expr.name not in self.known.of_numbers or (op is None and given == 1 and expr.name in BY_SHAPE):
            return "tensor"
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
