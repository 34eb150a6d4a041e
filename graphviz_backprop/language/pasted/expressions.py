"""Python's expressions as the language writes them, and what their names stand for at each statement."""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import NamedTuple

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.hints import did_you_mean
from graphviz_backprop.language.names import normal
from graphviz_backprop.language.ops import LANGUAGE
from graphviz_backprop.language.pasted import elsewhere, tensors
from graphviz_backprop.language.pasted.converted import Piece, Span
from graphviz_backprop.language.pasted.functions import LOSSES, OF_LISTS, OPERATORS, PLAIN, our_name
from graphviz_backprop.language.pasted.source import Source
from graphviz_backprop.language.tensor import MAKERS

PIECES = 500_000
"""Of all that is written."""
NESTED_CALLS = 20
ROUNDS = 1_000

_BINARY: dict[type[ast.operator], str] = {
    **{ast.Add: " + ", ast.Sub: " - ", ast.Mult: " * ", ast.Div: " / ", ast.Pow: "^", ast.MatMult: " @ "},
}
_BINARY_HINTS: dict[type[ast.operator], str] = {
    ast.BitXor: "a power is ** in Python",
    ast.FloorDiv: "there is no rounding here",
}
_COMPARED: dict[type[ast.cmpop], str] = {
    **{ast.Lt: " < ", ast.LtE: " <= ", ast.Gt: " > ", ast.GtE: " >= ", ast.Eq: " == ", ast.NotEq: " != "},
}
_MODULES = frozenset("np numpy torch math F jnp jax tf nn scipy special cupy anp".split())
_NUMBERS_OF = frozenset(
    "Value Tensor tensor Variable Parameter constant array asarray float float32 float64".split()
)
_ITSELF = frozenset("item double float clone requires_grad_ numpy squeeze sum mean".split())
_INFINITE = {"-inf": "log(0)", "inf": "(-log(0))"}
_OF_STARTS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_OF_TENSORS = frozenset("squeeze sum mean".split())  # of numbers they change nothing
_WORDLESS = frozenset("inplace dtype reduction device requires_grad label name".split())
_AXES = frozenset("dim axis keepdim keepdims".split())  # numbers have none
_PLACED = {
    "clamp": (("min", "a_min", "clip_value_min"), ("max", "a_max", "clip_value_max")),
    "clip": (("min", "a_min"), ("max", "a_max")),
    "leaky_relu": (("negative_slope", "alpha"),),
}
_CONSTANTS = {"pi": "pi", "e": "exp(1)", "tau": "(2 * pi)"}


@dataclass(frozen=True)
class Naming:
    """The value that a name has from one assignment to the next."""

    name: str
    number: int
    local: bool


class Version(NamedTuple):
    """A mention of it: how it is called is known once all of the text has been read."""

    naming: Naming
    span: Span


Written = list[Piece | Version]


@dataclass(eq=False)
class Function:
    """What is done before the result, and the result, if there is one."""

    params: tuple[str, ...]
    defaults: dict[str, ast.expr]
    body: list[ast.stmt]
    result: ast.expr | None

    @staticmethod
    def of(node: ast.FunctionDef, error: Callable[..., ExpressionError]) -> Function:
        params, defaults = _arguments(node.args, node, error)
        body = node.body
        ends = next((at for at, one in enumerate(body) if isinstance(one, ast.Return)), len(body))
        last = body[ends] if ends < len(body) else None
        kept = [one for one in body[:ends] if not _is_text(one)]
        return Function(params, defaults, kept, last.value if isinstance(last, ast.Return) else None)

    @staticmethod
    def of_lambda(node: ast.Lambda, error: Callable[..., ExpressionError]) -> Function:
        return Function(*_arguments(node.args, node, error), [], node.body)


def _arguments(
    args: ast.arguments, node: ast.AST, error: Callable[..., ExpressionError]
) -> tuple[tuple[str, ...], dict[str, ast.expr]]:
    if args.vararg or args.kwarg or args.kwonlyargs:
        raise error("a function has a fixed number of arguments here", node)
    params = tuple(normal(arg.arg) for arg in (*args.posonlyargs, *args.args))
    return params, dict(zip(params[len(params) - len(args.defaults) :], args.defaults, strict=True))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


@dataclass
class Expressions:
    source: Source
    functions: dict[Naming, Function] = field(default_factory=dict)
    simple: set[Naming] = field(default_factory=set)  # of these, what is written as a function
    layers: dict[str, tuple[Naming, Naming | None]] = field(default_factory=dict)
    detached: set[Naming] = field(default_factory=set)  # plain numbers there: no gradient flows through
    inline: Callable[[Function, list[Written], ast.AST], Written] = field(init=False)

    def __post_init__(self) -> None:
        self._scopes: list[dict[str, Written]] = [{}]
        self._active: list[Function] = []
        self._versions: Counter[str] = Counter()
        self._free: set[str] = set()
        self._pieces = 0
        self._modules = set(_MODULES)
        self._imported: dict[str, str] = {}
        self._all_imported = False
        statements = self.source.statements
        self.has_tensors = tensors.has_tensors(statements)
        self._torch = tensors.uses_torch(statements)
        self._wholes = tensors.Wholes(statements if self.has_tensors else [])
        self._seeds = itertools.count(1)
        nodes = [node for statement in self.source.statements for node in ast.walk(statement)]
        stored = [name for node in nodes if (name := _stored(node))]
        self._defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
        self._stored = Counter([*stored, *self._defined])
        self._taken = {node.id for node in nodes if isinstance(node, ast.Name)} | self._defined
        self._taken |= {node.arg for node in nodes if isinstance(node, ast.arg)}

    # Names

    def imports(self, statement: ast.Import | ast.ImportFrom) -> None:
        for alias in statement.names:
            name = alias.asname or alias.name.split(".")[0]
            if isinstance(statement, ast.Import):
                self._modules.add(name)
            elif alias.name == "*":
                self._all_imported = True
            else:
                self._imported[name] = alias.name
                self._modules.add(name)

    def assign(self, name: str) -> Naming:
        """A name is given a value: what it stands for from here on."""
        self._versions[name] += 1
        naming = Naming(name, self._versions[name], len(self._scopes) > 1)
        self._scopes[-1][name] = [Version(naming, (0, 0))]
        return naming

    def bind(self, name: str, written: Written) -> None:
        """A name stands for what is written."""
        self._scopes[-1][name] = written

    @contextmanager
    def local(self, function: Function, call: ast.AST) -> Iterator[dict[str, Written]]:
        """The names inside a function."""
        if function in self._active or len(self._active) >= NESTED_CALLS:
            raise self.error("functions call each other too deeply here", call)
        self._active.append(function)
        self._scopes.append({})
        yield self._scopes[-1]
        self._scopes.pop()
        self._active.pop()

    def _bound(self, name: str) -> Written | None:
        return self._scopes[-1].get(name) or self._scopes[0].get(name)

    def _function(self, name: str) -> Naming | None:
        """What defines the function of a name, if one does."""
        bound = self._bound(name)
        if bound and isinstance(bound[0], Version) and bound[0].naming in self.functions:
            return bound[0].naming
        return None

    def own(self, name: str) -> str:
        """A name as the language can have it."""
        if name[0] != "_":
            return name
        stem = f"{name.strip('_') or 'u'}_"
        return stem if stem[0].isalpha() else f"u{stem}"

    def resolved(self, lines: Sequence[Written]) -> list[Piece]:
        """The program, a statement a line: what the last one needs, with all names as they are called."""
        kept = _needed(lines)
        self._free |= _functions(kept)  # a name that is called can stand for no value as well
        names = self._called([naming for line in kept if (naming := _defined(line))])
        pieces: list[Piece] = []
        for line in kept:
            for piece in line:
                if isinstance(piece, Version):
                    pieces.append(Piece(names[piece.naming], piece.span))
                else:
                    pieces.append(piece)
            pieces.append(Piece("\n", line[-1].span))
        return pieces[:-1]

    def _called(self, namings: Sequence[Naming]) -> dict[Naming, str]:
        """The last of a name keeps it, unless a variable has it; one inside a function is not the last."""
        last: dict[str, Naming] = {}
        for naming in namings:
            known = last.get(naming.name)
            if known is None or known.local or not naming.local:
                last[naming.name] = naming
        names: dict[Naming, str] = {}
        numbers: Counter[str] = Counter()
        for naming in namings:
            own = self.own(naming.name)
            if last[naming.name] is naming and naming.name not in self._free:
                names[naming] = own
                continue
            numbers[own] += 1
            while f"{own}_{numbers[own]}" in self._taken:
                numbers[own] += 1
            names[naming] = f"{own}_{numbers[own]}"
        return names

    def free(self, name: str) -> str:
        """A name that the text does not have."""
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    # Functions

    def body_of(self, function: Function) -> Written | None:
        """The body of what can be a function of the language: one result, of names that stay."""
        if function.body or function.result is None or function.defaults:
            return None
        for node in ast.walk(function.result):
            if not isinstance(node, ast.Name) or node.id in function.params:
                continue
            naming = self._function(node.id)
            if self._stored[node.id] > (1 if self._bound(node.id) else 0) or (
                naming is not None and naming not in self.simple
            ):
                return None
        with self.local(function, function.result) as scope:
            span = self.source.span(function.result)
            scope.update({param: [Piece(self.own(param), span)] for param in function.params})
            return self.written(function.result)

    def range(self, node: ast.expr) -> range | None:
        """The numbers of ``range(…)``, if it is one."""
        match node:
            case ast.Call(func=ast.Name(id="reversed"), args=[inner], keywords=[]):
                forward = self.range(inner)
                return None if forward is None else forward[::-1]
            case ast.Call(func=ast.Name(id="range"), args=args, keywords=[]) if 1 <= len(args) <= 3:
                numbers = [end for arg in args if (end := self.whole(arg)) is not None]
                if len(numbers) == len(args) and (len(args) < 3 or numbers[2]):
                    found = range(*numbers)
                    if max(map(abs, numbers)) > 1e9 or len(found) > ROUNDS:
                        raise self.error(f"a loop of more than {ROUNDS:,} rounds is not written out", node)
                    return found
        return None

    # What else is known of a text

    def whole(self, node: ast.expr) -> int | None:
        """A plain whole number, or one that is made of such and of what loops count with."""
        names = [one for one in ast.walk(node) if isinstance(one, ast.Name) and self._counts(one)]
        texts = {name.id: str(piece[0]) for name in names for piece in self._bound(name.id) or []}
        counted = {name: ast.Constant(int(text)) for name, text in texts.items() if text.isdigit()}
        return self._wholes.of(_Replaced(counted).visit(deepcopy(node)))

    def is_size(self, node: ast.expr) -> bool:
        return self._wholes.is_size(node)

    def naming(self, name: str) -> Naming | None:
        """What a name was given where it stands: at the top, or inside the same function."""
        bound = self._scopes[-1].get(name) or [Piece("", (0, 0))]
        first = bound[0]
        inside = len(self._scopes) > 1
        return first.naming if isinstance(first, Version) and first.naming.local == inside else None

    # Expressions

    def operand(self, node: ast.expr) -> Written:
        """A value inside another."""
        return self._expr(node)

    def written(self, node: ast.expr) -> Written:
        """A whole value; what a variable can start at stands without parentheses."""
        while self._detached(node):
            node = _inner(node)
        if isinstance(node, ast.Name):
            return [self._named(node.id, node)]
        if self.has_tensors and (start := self._start(node)) is not None:
            return start
        found = self._expr(node)
        plain = len(found) == 4 and found[0][0] == "(" and found[1][0] == "-" and _is_number(found[2])
        return found[1:3] if plain else found

    def _start(self, node: ast.expr) -> Written | None:
        """Weights as they are drawn, ``torch.randn(3, 2) * 0.1 + 1``: one maker among plain numbers."""
        if not isinstance(node, ast.BinOp) or type(node.op) not in _OF_STARTS:
            return None
        numbers = [self._wholes.number(side) for side in (node.left, node.right)]
        if numbers.count(None) != 1:
            return None
        parts: list[Written] = []
        for side, number in zip((node.left, node.right), numbers, strict=True):
            span = self.source.span(side)
            if number is not None:
                parts.append([Piece(repr(number) if number >= 0 else f"({number!r})", span)])
            elif self._makes(side):
                parts.append(self._expr(side))
            elif side is node.left and (inner := self._start(side)) is not None:
                parts.append([Piece("(", span), *inner, Piece(")", span)])
            else:
                return None
        return [*parts[0], Piece(_BINARY[type(node.op)], self.source.span(node)), *parts[1]]

    def _makes(self, node: ast.expr) -> bool:
        """Whether it is a call that makes a tensor: ``torch.randn(3, 2)``."""
        match node:
            case ast.Call(func=ast.Name(id=name)):
                return name in MAKERS and self._function(name) is None
            case ast.Call(func=ast.Attribute(value=of, attr=name)):
                return name in MAKERS and bool(self._module(of))
        return False

    def _expr(self, node: ast.expr) -> Written:
        found = self._one(node)
        self._pieces += len(found)
        if self._pieces > PIECES:
            raise self.error("this is too much when it is written out", node)
        return found

    def _one(self, node: ast.expr) -> Written:
        span = self.source.span(node)
        if isinstance(node, (ast.Name, ast.BinOp)) and (number := self._deciding(node)) is not None:
            return [Piece(str(number) if number >= 0 else f"({number})", span)]
        match node:
            case ast.Constant(value=value):
                return [Piece(self._number(value, node), span)]
            case ast.Name(id=name):
                return [self._mention(name, node)]
            case ast.BinOp():
                return self._binary(node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return [Piece("(", span), Piece("-", span), *self._expr(operand), Piece(")", span)]
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._expr(operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return [Piece("(", span), *self._truth(operand), Piece(" == 0)", span)]
            case ast.BoolOp(op=op, values=values):
                truths = [self._truth(value) for value in values]
                if isinstance(op, ast.And):
                    return self._joined(truths, "(", " * ", ")", node)
                return self._joined(truths, "max(", ", ", ")", node)
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                parts = [self._expr(test), self._expr(body), self._expr(orelse)]
                return self._joined(parts, "where(", ", ", ")", node)
            case ast.Call() | ast.Attribute() if word := self._detached(node):
                raise self.error(f"no gradient flows through {word} there", node, f"leave {word} out")
            case ast.Call():
                if self.is_pair(node):
                    raise self.error("this gives values and indices there", node, "write .values behind it")
                size = tensors.size_of(node) if self.has_tensors else None
                return self._sized(node, *size) if size else self._call(node)
            case ast.Attribute(value=of, attr="T" | "mT"):
                return [Piece("(", span), *self._expr(of), Piece(").T", span)]
            case ast.Attribute(value=ast.Call() as of, attr="values"):
                return self._call(of)
            case ast.Attribute(value=of, attr="shape" | "size" as attr) if self.has_tensors:
                return self._sized(node, of, f".{attr}")
            case ast.Attribute():
                return [Piece(self._attribute(node), span)]
            case ast.Subscript():
                return self._subscript(node)
            case ast.List(elts=elts) | ast.Tuple(elts=elts) if self.has_tensors:
                return self._joined([self.written(one) for one in elts], "[", ", ", "]", node)
        word = type(node).__name__.lower()
        hint = "write out the numbers that it stands for" if word in ("list", "tuple") else ""
        if isinstance(node, ast.Lambda):
            hint = "write what it gives alone, or give it a name and call it"
        raise self.error(f"this {word} can't be read here", node, hint)

    def _deciding(self, node: ast.expr) -> int | None:
        """The number that names make which decide a shape elsewhere; of names inside a function, none."""
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        return (
            None
            if any(name in self._scopes[-1] for name in names) and self._active
            else self._wholes.constant(node)
        )

    def _joined(self, parts: Sequence[Written], head: str, comma: str, tail: str, node: ast.AST) -> Written:
        span = self.source.span(node)
        found: Written = [Piece(head, span)]
        for at, part in enumerate(parts):
            if at:
                found.append(Piece(comma, span))
            found += part
        return [*found, Piece(tail, span)]

    def _subscript(self, node: ast.Subscript) -> Written:
        """``x[0, 1:3]``; a range is the numbers that it counts."""
        span = self.source.span(node)
        if (of := tensors.shape_of(node.value)) is not None:
            axis = self._wholes.text(node.slice)
            if axis is None:
                raise self.error("the number of an axis is a plain whole number here", node)
            return self._sized(node, of, f".shape[{axis}]")
        if isinstance(node.value, ast.Call) and self.is_pair(node.value):
            if not isinstance(node.slice, ast.Constant) or node.slice.value != 0:
                raise self.error("of values and indices the values are read", node, "write [0] or .values")
            return self._call(node.value)
        several = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        entries = self._joined([self.entry(one) for one in several], "[", ", ", "]", node)
        return [Piece("(", span), *self._expr(node.value), Piece(")", span), *entries]

    def _sized(self, node: ast.expr, of: ast.expr, size: str) -> Written:
        """``x.shape[0]``, however it is said."""
        return [*self._expr(of), Piece(size, self.source.span(node))]

    def size(self, node: ast.expr) -> Written:
        """What decides a shape, made of sizes of tensors."""
        span = self.source.span(node)
        if (text := self._wholes.text(node)) is not None:
            return [Piece(text, span)]
        match node:
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                return self._joined(
                    [self.size(one) for one in elts], "(", ", ", ",)" if len(elts) == 1 else ")", node
                )
            case ast.BinOp(left=left, op=op, right=right):
                sign = " / " if isinstance(op, ast.FloorDiv) else _BINARY[type(op)]
                parts = [*self.size(left), Piece(sign, span), *self.size(right)]
                return [Piece("(", span), *parts, Piece(")", span)]
        return self._expr(node)

    def unpacked(self, value: ast.expr, count: int) -> list[Written] | None:
        """The sizes in ``B, T, C = x.shape``; None for what is no shape."""
        of = tensors.shape_of(value) if self.has_tensors else None
        return [self._sized(value, of, f".shape[{at}]") for at in range(count)] if of is not None else None

    def entry(self, node: ast.expr) -> Written:
        span = self.source.span(node)
        match node:
            case ast.Slice(lower=lower, upper=upper, step=step):
                given = [end for end in (lower, upper, step) if end]
                if not all(map(self._wholes.is_size, given)):
                    raise self.error("the ends of a slice are plain whole numbers here", node)
                ends = [self.size(end) if end else [] for end in (lower, upper, *([step] if step else []))]
                return self._joined(ends, "", ":", "", node)
            case ast.Call(func=ast.Name(id="range"), args=args):
                sizes = [self._wholes.text(arg) for arg in args]
                if None in sizes:
                    raise self.error("the ends of a range are plain whole numbers here", node)
                return [Piece(f"arange({', '.join(size or '' for size in sizes)})", span)]
            case ast.Constant(value=None) | ast.Attribute(attr="newaxis"):
                return [Piece("None", span)]
            case ast.Constant(value=value) if value is ...:
                return [Piece("...", span)]
        number = self._wholes.text(node)
        return self._expr(node) if number is None or isinstance(node, ast.List) else [Piece(number, span)]

    def _number(self, value: object, node: ast.AST) -> str:
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float) and math.isfinite(value):
            return repr(value)
        raise self.error("this is no number", node)

    def _mention(self, name: str, node: ast.expr) -> Piece | Version:
        """A name inside an expression."""
        if self.is_detached(node):
            raise self.error(f"{name} is a plain number there: no gradient flows through it", node)
        return self._named(name, node)

    def is_detached(self, node: ast.expr) -> bool:
        """Whether it is a value that has no gradient where the text comes from."""
        if isinstance(node, ast.Name):
            bound = self._bound(node.id) or []
            return any(isinstance(piece, Version) and piece.naming in self.detached for piece in bound[:1])
        return bool(self._detached(node))

    def _detached(self, node: ast.expr) -> str:
        """How it is made a plain number; nothing where it is not, or was one: ``float(x.shape[0])``."""
        word = elsewhere.detached(node, self._torch)
        of = _inner(node) if word else node
        return "" if isinstance(node, ast.Call) and self._is_plain(of) else word

    def _is_plain(self, node: ast.expr) -> bool:
        names = (one for one in ast.walk(node) if isinstance(one, ast.Name))
        return self._wholes.is_size(node) or all(
            self._wholes.is_size(one) or self._counts(one) for one in names
        )

    def _counts(self, name: ast.Name) -> bool:
        """Whether a loop counts with it."""
        bound = self._bound(name.id) or []
        return len(bound) == 1 and _is_number(bound[0])

    def _named(self, name: str, node: ast.expr) -> Piece | Version:
        span = self.source.span(node)
        bound = self._bound(name)
        if bound is not None:
            if self._function(name):
                raise self.error(f"{name} is a function", node, f"call it: {name}(x)")
            return bound[0]._replace(span=span)
        meant = self._imported.get(name, name)
        if meant in _CONSTANTS and (name in self._imported or self._all_imported or meant == "pi"):
            return Piece(_CONSTANTS[meant], span)
        if name == "e":
            raise self.error("e has no value here", node, "write math.e, or give it one above: e = 1.0")
        if self._stored[name] and name not in self._defined and not self._active:
            raise self.error(f"{name} is used before it is given a value", node)
        self._free.add(name)
        return Piece(self.own(name), span)

    def _binary(self, node: ast.BinOp) -> Written:
        """A chain such as a + b − c is written from left to right, however long it is."""
        chain: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and type(left.op) in _BINARY:
            chain.append(left)
            left = left.left
        if not chain:
            return self._strange(node)
        found: Written = [*(Piece("(", self.source.span(one)) for one in chain), *self._expr(left)]
        for one in reversed(chain):
            span = self.source.span(one)
            found += [Piece(_BINARY[type(one.op)], span), *self._expr(one.right), Piece(")", span)]
        return found

    def _strange(self, node: ast.BinOp) -> Written:
        if isinstance(node.op, ast.Mod):
            return self._joined([self._expr(node.left), self._expr(node.right)], "mod(", ", ", ")", node)
        hint = _BINARY_HINTS.get(type(node.op), "")
        raise self.error("this operator can't be read here", node, hint)

    def _compare(self, node: ast.Compare) -> Written:
        sides = [self._expr(side) for side in (node.left, *node.comparators)]
        pairs: list[Written] = []
        for at, op in enumerate(node.ops):
            if type(op) not in _COMPARED:
                raise self.error("this comparison can't be read here", node)
            pairs.append(self._joined(sides[at : at + 2], "(", _COMPARED[type(op)], ")", node))
        return pairs[0] if len(pairs) == 1 else self._joined(pairs, "(", " * ", ")", node)

    def _truth(self, node: ast.expr) -> Written:
        """What is 1 or 0, as a condition must be where conditions are combined."""
        if not isinstance(node, (ast.Compare, ast.BoolOp)) and not (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            raise self.error("and, or, not stand between comparisons here", node, "as in x > 0 and x < 1")
        return self._expr(node)

    def _attribute(self, node: ast.Attribute) -> str:
        if self._module(node.value) and node.attr in _CONSTANTS:
            return _CONSTANTS[node.attr]
        if self._module(node.value) and node.attr == "inf":
            return _INFINITE["inf"]
        hint = "gradients are shown, not written" if node.attr == "grad" else ""
        raise self.error(f".{node.attr} can't be read here", node, hint)

    # Calls

    def _module(self, node: ast.expr) -> str:
        """The first name of a module, as torch of torch.nn.functional; nothing for what is none."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if isinstance(node, ast.Name) and node.id in self._modules and self._bound(node.id) is None:
            return node.id
        return ""

    def _call(self, node: ast.Call) -> Written:
        match node.func:
            case ast.Name(id=name):
                if name in self.layers:
                    return self._layer(*self.layers[name], node)
                naming = self._function(name)
                if naming is not None:
                    return self._own_call(naming, node)
                if self._bound(name) is not None:
                    raise self.error(f"{name} is a number here, no function", node.func)
                return self._known(self._imported.get(name, name), list(node.args), node)
            case ast.Attribute(value=of, attr=name):
                if module := self._module(of):
                    return self._known(name, list(node.args), node, module)
                if name in _ITSELF and not node.args and not (self.has_tensors and name in _OF_TENSORS):
                    return self._expr(of)
                return self._known(name, [of, *node.args], node)
        raise self.error("this call can't be read here", node)

    def linear(self, node: ast.expr) -> tuple[int, int, bool] | None:
        """The sizes of a layer that is made, and whether it has a bias."""
        return tensors.linear(node, self._wholes) if self.has_tensors else None

    def drawn(self, sizes: tuple[int, ...], inputs: int) -> str:
        """The start of a layer's weights."""
        return tensors.uniform(sizes, inputs, next(self._seeds))

    def _layer(self, weight: Naming, bias: Naming | None, node: ast.Call) -> Written:
        """``x @ Wᵀ + b``."""
        if len(node.args) != 1:
            raise self.error("a layer takes one tensor", node)
        span = self.source.span(node)
        found: Written = [Piece("(", span), *self._expr(node.args[0]), Piece(" @ ", span)]
        found += [Version(weight, span), Piece(".T", span)]
        if bias:
            found += [Piece(" + ", span), Version(bias, span)]
        return [*found, Piece(")", span)]

    def _own_call(self, naming: Naming, node: ast.Call) -> Written:
        function = self.functions[naming]
        given = dict(zip(function.params, node.args, strict=False))
        given |= {word.arg: word.value for word in node.keywords if word.arg}
        given = {**function.defaults, **given}
        if len(node.args) > len(function.params) or set(given) != set(function.params):
            wanted = len(function.params)
            takes = f"{wanted} argument{'' if wanted == 1 else 's'}"
            raise self.error(f"{naming.name} takes {takes}", node)
        args = [self._expr(given[param]) for param in function.params]
        if naming not in self.simple:
            return self.inline(function, args, node)
        span = self.source.span(node)
        found = self._joined(args, "(", ", ", ")", node)
        return [Version(naming, self.source.span(node.func)), *found[:-1], Piece(")", span)]

    def _known(self, name: str, args: list[ast.expr], node: ast.Call, module: str = "") -> Written:
        """A function that the language has, however it was named."""
        message, hint = elsewhere.refused(name, args, node.keywords, module)
        if message:
            raise self.error(message, node, hint)
        if self.has_tensors and (found := self._of_tensors(name, args, node, module)):
            return found
        if name in _NUMBERS_OF and args:
            return self._wrapped(args[0])
        if name in OF_LISTS and len(args) == 1 and isinstance(args[0], (ast.List, ast.Tuple)):
            args = list(args[0].elts)
        self._check(node, args)
        args += self._words(name, node)
        written = [self._expr(arg) for arg in args]
        if name in OPERATORS and len(written) == 2:
            return self._joined(written, "(", f" {OPERATORS[name]} ", ")", node)
        if name in PLAIN and PLAIN[name].count("{}") == len(written):
            return self._filled(PLAIN[name], written, node)
        ours = our_name(name)
        if not ours:
            raise self._unknown(name, node)
        if ours in self._defined:
            raise self.error(f"{name} means two things here", node.func, "give the function another name")
        span = self.source.span(node)
        found = self._joined(written, "(", ", ", ")", node)
        return [Piece(ours, self.source.span(node.func)), *found[:-1], Piece(")", span)]

    def _of_tensors(self, name: str, args: list[ast.expr], node: ast.Call, module: str) -> Written | None:
        """A call that knows of axes, sizes or lists; None for any other."""
        span = self.source.span(node)
        if name in tensors.LISTED and args and isinstance(args[0], (ast.List, ast.Tuple)):
            return self._expr(args[0])
        match node.func, args:
            case ast.Name(id="sum"), [
                ast.List(elts=[_, *_] as each)
            ]:  # NumPy's adds all cells, Python's these
                return self._joined([self._expr(one) for one in each], "(", " + ", ")", node)
        reduction = self._reduction(node)
        if name in LOSSES and len(args) == 2 and all(word.arg == "reduction" for word in node.keywords):
            form = PLAIN[name] if reduction == "none" else f"{reduction}({PLAIN[name]})"
            return self._filled(form, [self._expr(arg) for arg in args], node)
        if reduction != "mean":
            raise self.error("this is read with the mean alone", node, "leave reduction out")
        if name == "float" and len(args) == 1 and isinstance(args[0], ast.Constant):
            return [Piece(_INFINITE[args[0].value], span)] if args[0].value in _INFINITE else None
        if name == "masked_fill" and len(args) == 3:
            parts = [self._expr(arg) for arg in (args[1], args[2], args[0])]
            return self._joined(parts, "where(", ", ", ")", node)
        match args:
            case [ast.Constant(value=str(letters)), *rest] if name == "einsum":
                head = f'einsum("{letters}", '
                return self._joined([self._expr(arg) for arg in rest], head, ", ", ")", node)
        torch = self._torch and module not in elsewhere.NUMPY
        found = tensors.called(name, args, node, self._wholes, torch, lambda: next(self._seeds))
        if found is None:
            return None
        ours, values, behind = found
        parts = [self._expr(value) for value in values]
        parts += [[Piece(text, span), *(self.size(size) if size else [])] for text, size in behind]
        return self._joined(parts, f"{ours}(", ", ", ")", node)

    def _reduction(self, node: ast.Call) -> str:
        """What a loss makes of its cells: PyTorch's mean where nothing is said."""
        for word in node.keywords:
            if word.arg == "reduction":
                said = word.value.value if isinstance(word.value, ast.Constant) else None
                if said not in ("mean", "sum", "none"):
                    raise self.error("a reduction is “mean”, “sum” or “none”", word.value)
                return str(said)
        return "mean"

    def _unknown(self, name: str, node: ast.Call) -> ExpressionError:
        hint = did_you_mean(name, LANGUAGE.names())
        return self.error(f"{name} is not a function here", node.func, "" if "product" in hint else hint)

    def _wrapped(self, node: ast.expr) -> Written:
        """The number in ``tensor(2.0)`` or ``Tensor([2.0])``."""
        while isinstance(node, (ast.List, ast.Tuple)):
            if len(node.elts) != 1:
                raise self.error("these are several numbers", node, "give each a name of its own")
            node = node.elts[0]
        return self._expr(node)

    def _check(self, node: ast.Call, args: Sequence[ast.expr]) -> None:
        if any(isinstance(arg, ast.Starred) for arg in args) or any(not word.arg for word in node.keywords):
            raise self.error("arguments are written one by one here", node)

    def is_pair(self, node: ast.Call) -> bool:
        """Whether it is values and indices."""
        of = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        return self._torch and elsewhere.is_pair(node, self._module(of))

    def _words(self, name: str, node: ast.Call) -> list[ast.expr]:
        """Arguments that are given by name, in their places."""
        places = _PLACED.get(name, ())
        found: list[ast.expr] = []
        passed = _WORDLESS if self.has_tensors else _WORDLESS | _AXES
        given = {word.arg: word.value for word in node.keywords if word.arg not in passed}
        match given.get("approximate"):
            case ast.Constant(value=False | "none"):
                del given["approximate"]
        for names in places:
            found += [given.pop(one) for one in names if one in given]
        if given or (found and name in ("clamp", "clip") and len(found) + len(node.args) < 2):
            raise self.error("this argument can't be read here", node)
        return found

    def _filled(self, form: str, written: Sequence[Written], node: ast.AST) -> Written:
        span = self.source.span(node)
        head, *tails = form.split("{}")
        found: Written = [Piece(f"({head}", span)]
        for part, tail in zip(written, tails, strict=True):
            found += [*part, Piece(tail, span)]
        return [*found, Piece(")", span)]

    def error(self, message: str, node: ast.AST, hint: str = "") -> ExpressionError:
        return ExpressionError(message, *self.source.span(node), hint)


def _stored(node: ast.AST) -> str:
    """The name that is given a value, or whose cells are."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
            return name
    return ""


class _Replaced(ast.NodeTransformer):
    """Names as what they stand for."""

    def __init__(self, known: Mapping[str, ast.expr]) -> None:
        self._known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._known.get(node.id, node)


def _inner(node: ast.expr) -> ast.expr:
    """What a method, an attribute, or ``float(x)`` is of."""
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return function.value
    return node.args[0] if isinstance(node, ast.Call) else node


_DEFINING = (" = ", " = (", "(")
_DIGITS = re.compile(r"[\d.]+(e[-+]?\d+)?")


def _is_number(piece: Piece | Version) -> bool:
    return isinstance(piece, Piece) and _DIGITS.fullmatch(piece.text) is not None


def _defined(line: Written) -> Naming | None:
    """The name that a line gives a value, if it does."""
    first = line[0]
    return first.naming if isinstance(first, Version) and line[1:2] and line[1][0] in _DEFINING else None


def _functions(lines: Sequence[Written]) -> set[str]:
    """The names that are called: mean in ``mean(x)``, but not what the program defines."""
    text = "".join(piece.text if isinstance(piece, Piece) else "\0" for line in lines for piece in line)
    return set(re.findall(r"(?<![\w\0])[^\W\d]\w*(?=\()", text))


def _needed(lines: Sequence[Written]) -> list[Written]:
    """The lines that the last one needs."""
    wanted: set[Naming] = set()
    kept: list[Written] = []
    for line in reversed(lines):
        if kept and _defined(line) not in wanted:
            continue
        if len(kept) == 1 and len(kept[0]) == 1:  # the output is the value of the line before
            kept.clear()
        kept.append(line)
        wanted.update(piece.naming for piece in line if isinstance(piece, Version))
    return kept[::-1]
