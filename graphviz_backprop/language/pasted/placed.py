"""``x[at] = v`` and ``x[at] -= v``: what x is from there on, a new tensor with other cells at these places.

Read are places of which none is named twice: plain whole numbers and slices, and ``range(n)`` with more
behind it, as in ``logits[range(n), y]``. Of other indices it is not sure which of two values a cell has.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator, Sequence

from graphviz_backprop.language.pasted.converted import Piece
from graphviz_backprop.language.pasted.expressions import Expressions, Written

_HINT = "x[0] = …, x[:, 0] = … and x[range(n), y] = … are read, and where(x > 0, 0, x) for a condition"
_ONE = ast.Constant(1)

Values = Sequence[tuple[str, ast.expr]]
"""What names are given in a text."""


class Place:
    """Some cells of a tensor that has a name. Raises ExpressionError where it is not sure which."""

    def __init__(self, of: Expressions, target: ast.Subscript, values: Values) -> None:
        self._of = of
        self._target = target
        self._span = of.source.span(target)
        self._x = of.operand(target.value)
        several = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
        if len(several) == 1 and isinstance(several[0], ast.Constant) and several[0].value is ...:
            several = [ast.Slice()]
        plain = [_plain(of, one) for one in several]
        if None not in plain:
            at = ", ".join(text for text in plain if text is not None)
            self._like = self._put(self._x, f"[{at}]")
            self._head, self._tail = "pad(", self._put(", ", self._x, f'.shape, at="{at}")')
            return
        count = _counted(of, several[0])
        if len(several) < 2 or not count or not all(_is_index(one, values) for one in several[1:]):
            raise of.error("which cells are given a value can't be read here", target, _HINT)
        indices = [part for one in several[1:] for part in (", ", of.entry(one))]
        self._like = self._put("ones(", count, ")")
        self._head = "scatter_add("
        self._tail = self._put(", arange(", count, ")", *indices, ", shape=", self._x, ".shape)")

    def given(self, op: ast.operator | None, value: ast.expr) -> Written:
        """The tensor where its cells are a value, or what an operator makes of them and the value."""
        if isinstance(op, (ast.Add, ast.Sub)):
            sign = " + " if isinstance(op, ast.Add) else " - "
            return self._put("(", self._x, sign, self._there(self._spread(value)), ")")
        if op is not None:
            value = ast.copy_location(ast.BinOp(self._target, op, value), self._target)
        number = isinstance(value, ast.Constant)
        new = self._of.operand(value) if number else self._there(self._spread(value))
        return self._put("where(", self._there(self._spread(_ONE)), ", ", new, ", ", self._x, ")")

    def _spread(self, value: ast.expr) -> Written:
        """A value for each of the places: what is smaller is copied."""
        if isinstance(value, ast.Constant) and value.value == 1 and self._head == "scatter_add(":
            return self._like
        new = self._put("1") if value is _ONE else self._of.operand(value)
        return self._put("where(1, ", new, ", ", self._like, ")")

    def _there(self, cells: Written) -> Written:
        """Zeros of the tensor's shape, with these cells at the places."""
        return self._put(self._head, cells, self._tail)

    def _put(self, *parts: str | Written) -> Written:
        found: Written = []
        for part in parts:
            found += [Piece(part, self._span)] if isinstance(part, str) else part
        return found


def _plain(of: Expressions, node: ast.expr) -> str | None:
    """A whole number or a slice as the language writes it; None for another index."""
    if not isinstance(node, ast.Slice):
        number = of.whole(node)
        return None if number is None else str(number)
    ends = [node.lower, node.upper, *([node.step] if node.step else [])]
    numbers = [end and of.whole(end) for end in ends]
    if any(end is not None and number is None for end, number in zip(ends, numbers, strict=True)):
        return None
    return ":".join("" if number is None else str(number) for number in numbers)


def _counted(of: Expressions, node: ast.expr) -> Written:
    """How far ``range(n)`` or ``torch.arange(n)`` counts; nothing for another index."""
    match node:
        case ast.Call(func=ast.Name(id="range" | "arange") | ast.Attribute(attr="arange"), args=[end]):
            return of.size(end) if of.is_size(end) else []
    return []


def _is_index(node: ast.expr, values: Values) -> bool:
    """Whether it is whole numbers from 0 on, as far as the text says: a number, a list, or a name of such."""
    odd = (ast.Slice, ast.Compare, ast.USub, ast.Not)
    given = [value for name, value in values if isinstance(node, ast.Name) and name == node.id]
    return not any(isinstance(one, odd) for part in (node, *given) for one in ast.walk(part))


_VIEWS = frozenset(
    """view reshape transpose permute unsqueeze squeeze flatten ravel swapaxes t expand broadcast_to
    contiguous float double to detach asarray as_tensor numpy requires_grad_""".split()
)


def sharing(of: Expressions, value: ast.expr) -> set[str]:
    """Names of tensors whose cells a value may be: ``x``, ``x.T``, ``x[0]``, ``x.view(-1)``, ``f(x)``."""
    match value:
        case ast.Name(id=name):
            return {name}
        case ast.Subscript(value=inner, slice=at):
            several = at.elts if isinstance(at, ast.Tuple) else [at]
            basic = all(isinstance(one, ast.Constant) or _plain(of, one) is not None for one in several)
            return sharing(of, inner) if basic else set()
        case ast.Attribute(value=inner, attr="T" | "mT" | "data"):
            return sharing(of, inner)
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=args) if name in _VIEWS:
            return sharing(of, inner) | {one for arg in args[:1] for one in sharing(of, arg)}
        case ast.Call(func=ast.Name(id=name), args=args) if any(one.name == name for one in of.functions):
            return {one for arg in args for one in sharing(of, arg)}
    return set()


def leaves(statements: Sequence[ast.stmt], lists: dict[str, ast.expr] | None = None) -> set[str]:
    """Names that are said to require a gradient: PyTorch gives no cell of these another value.

    ``lists`` are what names outside stand for; each loop is looked into once, however deep it lies.
    """
    found: set[str] = set()
    lists = {} if lists is None else lists
    for node in _outside_loops(statements):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() | ast.Tuple() as several):
                lists[name] = several
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if requires(value):
                found.add(name)
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr="requires_grad")]):
                found.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="requires_grad_")):
                found.add(name)
            case ast.For(target=target, iter=through):
                inside = leaves(node.body, lists)
                found |= inside
                if isinstance(target, ast.Name) and target.id in inside:
                    of = lists.get(through.id, through) if isinstance(through, ast.Name) else through
                    found |= {one.id for one in ast.walk(of) if isinstance(one, ast.Name)}
    return found


def _outside_loops(statements: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes but those in the bodies of loops, outer ones first."""
    todo: deque[ast.AST] = deque(statements)
    while todo:
        node = todo.popleft()
        yield node
        inside = set(node.body) if isinstance(node, ast.For) else ()
        todo.extend(child for child in ast.iter_child_nodes(node) if child not in inside)


def requires(value: ast.expr) -> bool:
    """Whether a value is made as one that requires a gradient."""
    match value:
        case ast.Call(func=ast.Attribute(attr="Parameter" | "requires_grad_")):
            return True
        case ast.Call(keywords=words):
            return any(word.arg == "requires_grad" for word in words)
    return False


def cuts(made: ast.expr, op: ast.operator | None, value: ast.expr) -> bool:
    """Whether a tensor of whole numbers, as PyTorch and NumPy have it, is given what may be none."""
    whole = isinstance(value, ast.Constant) and isinstance(value.value, int) and not isinstance(op, ast.Div)
    return not whole and _is_whole(made)


def _is_whole(made: ast.expr) -> bool:
    match made:
        case ast.Call(func=ast.Attribute(attr=name), args=args, keywords=words):
            if any(word.arg == "dtype" for word in words):
                return False
            if name in ("tensor", "array"):
                parts = ast.walk(args[0]) if args else ()
                numbers = [one.value for one in parts if isinstance(one, ast.Constant)]
                return bool(numbers) and all(type(number) is int for number in numbers)
            return name in ("one_hot", "arange", "argmax", "argmin", "argsort", "randint")
    return False
