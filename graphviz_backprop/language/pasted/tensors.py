"""What Python says of tensors, in NumPy's and PyTorch's words: calls with axes and sizes, and lists."""

from __future__ import annotations

import ast
import math
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graphviz_backprop.language.tensor import MAKERS
from graphviz_backprop.language.tensor_ops import SPELLINGS, TENSORS

LISTED = frozenset(
    "tensor Tensor array asarray as_tensor constant Variable Parameter float32 float64".split()
)
"""Calls that make a tensor of a list."""

_MARKS = frozenset(
    """randn rand zeros ones eye arange matmul mm bmm einsum softmax log_softmax cross_entropy one_hot view
    reshape transpose permute unsqueeze cat concat concatenate stack Linear tril triu cumsum
    layer_norm zeros_like ones_like""".split()
)
_ALONG = frozenset(
    """sum mean average max min prod var std softmax log_softmax logsumexp cumsum argmax argmin
    sort flip""".split()
)
"""Functions whose second argument, a plain number, is an axis."""
_SIZED = frozenset(
    "reshape view transpose swapaxes permute unsqueeze squeeze flatten one_hot tril triu expand".split()
)
"""Functions that plain numbers follow as they stand."""
_NAMES = {
    **{"amax": "max", "amin": "min", "cat": "concat", "concatenate": "concat", "permute": "permute"},
    **{"reduce_sum": "sum", "reduce_mean": "mean", "reduce_max": "max", "reduce_min": "min"},
    **{"reduce_prod": "prod", "reduce_logsumexp": "logsumexp"},
    **{"reduce_std": "std", "reduce_variance": "var"},
}
_WORDS: Mapping[str, str] = {
    **{"dim": "axis", "axis": "axis", "keepdim": "keepdim", "keepdims": "keepdim", "num_classes": "classes"},
    **{"unbiased": "unbiased", "correction": "correction", "ddof": "correction", "is_causal": "causal"},
    **{"stride": "stride", "padding": "padding", "kernel_size": "window", "eps": "eps"},
    **{"diagonal": "k", "k": "k"},
}
_LIKE = {"zeros_like": "zeros", "ones_like": "ones"}
DROPPED = frozenset("dtype device requires_grad generator out inplace reduction".split())
"""Words of a call that change nothing here, or are read elsewhere."""
_CALLED = {"expand": "broadcast", "scaled_dot_product_attention": "attention", "max_pool2d": "max_pool"}


def has_tensors(statements: Sequence[ast.stmt]) -> bool:
    """Whether a text is about tensors: then sums and axes are what they say."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    return any(map(_marks, nodes))


def _marks(node: ast.AST) -> bool:
    match node:
        case ast.MatMult() | ast.Attribute(attr="T"):
            return True
        case ast.Subscript():
            return True
        case ast.Assign(value=ast.List() as bracket):
            return _several(bracket) and _of_numbers(bracket)
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=args):
            several = bool(args) and isinstance(args[0], ast.List) and _several(args[0])
            return name in _MARKS or (name in LISTED and several)
    return False


def _several(bracket: ast.List) -> bool:
    """Whether a list is no number in brackets, as [2.0] is: of several, or of lists."""
    return len(bracket.elts) > 1 or any(isinstance(one, ast.List) for one in bracket.elts)


def _of_numbers(bracket: ast.List) -> bool:
    plain = (ast.List, ast.Constant, ast.UnaryOp, ast.USub, ast.UAdd, ast.Load)
    return all(isinstance(node, plain) for node in ast.walk(bracket))


def uses_torch(statements: Sequence[ast.stmt]) -> bool:
    """Whether PyTorch is meant, whose var and std divide by n − 1."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    names = any(isinstance(node, ast.Name) and node.id in ("torch", "F", "nn") for node in nodes)
    return names or any(isinstance(node, ast.ImportFrom) and node.module == "torch" for node in nodes)


class Wholes:
    """Plain whole numbers, as sizes and axes are: written as they are, by name, or as a product of such."""

    def __init__(self, statements: Sequence[ast.stmt]) -> None:
        self.known: dict[str, int] = {}
        self._sized = {name for statement in statements for name in _of_shapes(statement)}
        for name, value in _assigned(statements):
            number = None if name in self.known else self.of(value)
            if number is not None:
                self.known[name] = number
            elif self.is_size(value):
                self._sized.add(name)
        self._deciding = {name for one in statements for name in _deciding(one)} & self.known.keys()

    def of(self, node: ast.expr, depth: int = 20) -> int | None:
        """The number; None for what is none, or is made of more than a few."""
        if depth == 0:
            return None
        match node:
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                return number
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                size = self.of(inner, depth - 1)
                return None if size is None else -size
            case ast.Name(id=name):
                return self.known.get(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _WHOLE:
                one, other = self.of(left, depth - 1), self.of(right, depth - 1)
                if one is None or other is None or max(abs(one), abs(other)) > 10**9:
                    return None
                return None if other == 0 and isinstance(op, ast.FloorDiv) else _WHOLE[type(op)](one, other)
        return None

    def number(self, node: ast.expr, depth: int = 20) -> float | None:
        """A plain number, or one computed of such, ``(5/3) / (n * 10)**0.5``, ``np.sqrt(2)``; else None."""
        if depth == 0:
            return None
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return number
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                found = self.number(inner, depth - 1)
                return None if found is None else -found
            case ast.Call(func=ast.Attribute(attr="sqrt"), args=[ast.expr() as inner], keywords=[]):
                found = self.number(inner, depth - 1)
                return None if found is None or found < 0 else found**0.5
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _COMPUTED:
                one, other = self.number(left, depth - 1), self.number(right, depth - 1)
                if one is None or other is None:
                    return None
                return _computed(_COMPUTED[type(op)], one, other)
        return self.of(node, depth)

    def is_size(self, node: ast.expr) -> bool:
        """Whether it is a whole number, or made of the sizes of tensors: ``x.shape[0] * 2``."""
        match node:
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                return all(map(self.is_size, elts))
            case ast.Attribute(attr="shape"):
                return True
            case ast.Subscript(value=of):
                return shape_of(of) is not None
            case ast.Call() if size_of(node):
                return True
            case ast.Name(id=name) if name in self._sized:
                return True
            case ast.BinOp(left=left, op=ast.Mult() | ast.Add() | ast.Sub() | ast.FloorDiv(), right=right):
                return self.is_size(left) and self.is_size(right)
        return self.of(node) is not None

    def text(self, node: ast.expr) -> str | None:
        """One of them, or several in parentheses, as the language writes it."""
        if isinstance(node, (ast.Tuple, ast.List)):
            each = [self.text(one) for one in node.elts]
            texts = [text for text in each if text is not None]
            return f"({', '.join(texts)}{',' if len(each) == 1 else ''})" if len(texts) == len(each) else None
        number = self.of(node)
        return None if number is None else str(number)

    def constant(self, node: ast.expr) -> int | None:
        """The number that names make which decide shapes elsewhere, ``n - 1``: no gradient flows to these."""
        names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        return self.of(node) if names and names <= self._deciding else None


_WHOLE: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}
_COMPUTED: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}


def _computed(of: Callable[[float, float], float], one: float, other: float) -> float | None:
    try:
        found = of(float(one), float(other))
    except (ArithmeticError, ValueError):
        return None
    return found if math.isfinite(found) else None


def _assigned(statements: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Names that are given one value, once."""
    stored = Counter(
        node.id
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if stored[name] == 1:
                yield name, value


def _deciding(statement: ast.stmt) -> Iterator[str]:
    """Names in what decides shapes: in sizes, ranges and indices."""
    for node in ast.walk(statement):
        parts: list[ast.expr] = []
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=words):
                named = name in MAKERS or name in _SIZED or name in ("range", "Linear")
                parts = [*args, *(word.value for word in words)] if named else []
            case ast.Slice(lower=lower, upper=upper, step=step):
                parts = [end for end in (lower, upper, step) if end is not None]
        yield from (one.id for part in parts for one in ast.walk(part) if isinstance(one, ast.Name))


def _of_shapes(statement: ast.stmt) -> Iterator[str]:
    """Names that a shape is taken apart to: ``B, T, C = x.shape``."""
    for node in ast.walk(statement):
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=elts)], value=value) if shape_of(value) is not None:
                yield from (one.id for one in elts if isinstance(one, ast.Name))


def shape_of(node: ast.expr) -> ast.expr | None:
    """The tensor whose whole shape this is: ``x.shape``, ``x.size()``."""
    match node:
        case (
            ast.Attribute(value=of, attr="shape")
            | ast.Call(func=ast.Attribute(value=of, attr="size"), args=[], keywords=[])
        ):
            return of
    return None


def size_of(node: ast.Call) -> tuple[ast.expr, str] | None:
    """The tensor whose size a call gives, and how the language has it: ``len(x)``, ``x.size(0)``."""
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[of], keywords=[]):
            return of, ".shape[0]"
        case ast.Call(func=ast.Attribute(value=of, attr="size"), args=[ast.Constant(value=int() as axis)]):
            return of, f".shape[{axis}]"
        case ast.Call(
            func=ast.Attribute(value=of, attr="size"),
            args=[ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as axis))],
        ):
            return of, f".shape[-{axis}]"
        case ast.Call(func=ast.Attribute(value=of, attr="numel" | "nelement"), args=[], keywords=[]):
            return of, ".size"
    return None


class Behind(NamedTuple):
    """What stands behind the tensors of a call: a text, and what is written after it, a size of a tensor."""

    text: str
    size: ast.expr | None = None


def called(
    name: str, args: Sequence[ast.expr], node: ast.Call, wholes: Wholes, torch: bool, seed: Callable[[], int]
) -> tuple[str, list[ast.expr], list[Behind]] | None:
    """A call of a function of tensors: its name here, the arguments that are values, what stands behind them.

    None for what is none of these.
    """
    ours = _CALLED.get(name, _NAMES.get(name, name))
    words = [word for word in node.keywords if word.arg not in DROPPED and word.arg != "seed"]
    given = [wholes.text(word.value) for word in node.keywords if word.arg == "seed"]
    texts = [_word(word, wholes) for word in words]
    if None in texts or None in given:
        return None
    behind = [text for text in texts if text is not None]
    if name in _LIKE and len(args) == 1:
        return (
            _LIKE[name],
            [],
            [Behind("", ast.copy_location(ast.Attribute(args[0], "shape", ast.Load()), node))],
        )
    if name in MAKERS:
        sizes = [_size(arg, wholes) for arg in args]
        if None in sizes:
            return None
        drawn = [Behind(f"seed={given[0] if given else seed()}")] if name.startswith("rand") else []
        return name, [], [*(size for size in sizes if size is not None), *behind, *drawn]
    if name == "einsum":
        return None
    values = list(args)
    if ours in ("concat", "stack") and values and isinstance(values[0], (ast.Tuple, ast.List)):
        axis = [Behind(f"axis={wholes.text(one)}") for one in values[1:]]
        return ours, list(values[0].elts), [*axis, *behind]
    if ours in _ALONG and len(values) > 1 and (axis_text := wholes.text(values[1])) is not None:
        behind = [Behind(f"axis={axis_text}"), *behind]
        rest = ("unbiased", "keepdim") if torch and name in ("var", "std") else ("keepdim",)
        if len(values) > 2 + len(rest):
            return None
        for word, value in zip(rest, values[2:], strict=False):
            behind.append(Behind(f"{word}={ast.unparse(value)}"))
        values = values[:1]
    elif name in _SIZED:
        plain = [_size(one, wholes) for one in values[1:]]
        if None in plain:
            return None
        behind = [*(size for size in plain if size is not None), *behind]
        values = values[:1]
    told = any(one.text.startswith(("correction", "unbiased")) for one in behind)
    if name in ("var", "std") and torch and not told:
        behind.append(Behind("correction=1"))
    if (
        name in ("softmax", "log_softmax")
        and torch
        and not any(one.text.startswith("axis") for one in behind)
    ):
        behind.append(Behind("axis=None"))  # which one PyTorch takes depends on how many there are
    known = ours in SPELLINGS or any(ours in op.names for op in TENSORS.values())
    return (ours, values, behind) if known else None


def _size(node: ast.expr, wholes: Wholes) -> Behind | None:
    """What decides a shape: plain numbers, or sizes of tensors."""
    text = wholes.text(node)
    if text is not None:
        return Behind(text)
    return Behind("", node) if wholes.is_size(node) else None


def linear(node: ast.expr, wholes: Wholes) -> tuple[int, int, bool] | None:
    """The sizes of ``nn.Linear(3, 2)``, inputs first, and whether it has a bias; None for what is none."""
    match node:
        case ast.Call(func=ast.Attribute(attr="Linear") | ast.Name(id="Linear"), args=[one, other, *rest]):
            inputs, outputs = wholes.of(one), wholes.of(other)
            if inputs is None or outputs is None or inputs < 1 or len(rest) > 1:
                return None
            told = [*rest, *(word.value for word in node.keywords if word.arg == "bias")]
            bias = not any(isinstance(value, ast.Constant) and value.value is False for value in told)
            return inputs, outputs, bias
    return None


def uniform(sizes: tuple[int, ...], inputs: int, seed: int) -> str:
    """What PyTorch draws for a layer's parameters: evenly between −1/√inputs and 1/√inputs."""
    bound = inputs**-0.5
    return f"rand({', '.join(map(str, sizes))}, seed={seed}) * {2 * bound:.6g} - {bound:.6g}"


def _word(word: ast.keyword, wholes: Wholes) -> Behind | None:
    """``dim=0`` as the language writes it."""
    name = _WORDS.get(word.arg or "")
    if name is None:
        return None
    if isinstance(word.value, ast.Constant) and isinstance(word.value.value, (bool, float)):
        return Behind(f"{name}={word.value.value}")
    size = _size(word.value, wholes)
    return None if size is None else Behind(f"{name}={size.text}", size.size)
