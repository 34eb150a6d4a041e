"""PyTorch's calls that the language has in other words: ``F.linear(x, W, b)`` is ``x @ W.T + b``.

Trees become trees before anything is read. A call has a form for each set of arguments that it may be
given; one that has none is left as it is, and refused where it is read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import NamedTuple, TypeAlias

from graphviz_backprop.language.pasted.tensors import DROPPED

_MODULES = frozenset("torch F nn functional linalg special np numpy jnp".split())
_MOST = 20_000
"""Parts of all values of a list that is counted through."""


Whole: TypeAlias = Callable[[ast.expr], int | None]


class Call(NamedTuple):
    """Names of its arguments, in order; what they are if they are not given; forms by the names given."""

    params: str
    usual: Mapping[str, object]
    forms: Mapping[str, str]


def _convolution(name: str, shift: str) -> Call:
    """With a bias that stands at each place of a filter's picture."""
    forms = {}
    for words in ((), ("stride",), ("padding",), ("stride", "padding")):
        said = f"torch.{name}({', '.join(['x', 'weight', *(f'{word}={word}' for word in words)])})"
        forms[" ".join(["x", "weight", *words])] = said
        forms[" ".join(["x", "weight", "bias", *words])] = f"{said} + bias[{shift}]"
    params = "x weight bias stride padding dilation groups"
    return Call(params, {"bias": None, "dilation": 1, "groups": 1}, forms)


_CALLS: Mapping[str, Call] = {
    "linear": Call(
        "x weight bias", {"bias": None}, {"x weight": "x @ weight.T", "x weight bias": "x @ weight.T + bias"}
    ),
    "embedding": Call("x weight", {}, {"x weight": "weight[x]"}),
    "layer_norm": Call(
        "x normalized_shape weight bias eps",
        {"weight": None, "bias": None, "eps": 1e-5},
        {
            "x normalized_shape": "torch.layer_norm(x)",
            "x normalized_shape eps": "torch.layer_norm(x, eps=eps)",
            "x normalized_shape weight": "torch.layer_norm(x) * weight",
            "x normalized_shape weight bias": "torch.layer_norm(x, weight, bias)",
            "x normalized_shape weight bias eps": "torch.layer_norm(x, weight, bias, eps=eps)",
        },
    ),
    "conv1d": _convolution("conv1d", ":, None"),
    "conv2d": _convolution("conv2d", ":, None, None"),
    "cross_entropy": Call(
        "x y weight size_average ignore_index reduce reduction label_smoothing",
        {"weight": None, "reduction": "mean", "label_smoothing": 0.0},
        {
            "x y label_smoothing": "(1 - label_smoothing) * torch.cross_entropy(x, y)"
            " - label_smoothing * torch.log_softmax(x, dim=-1).mean()",
            "x y reduction": "cross_entropy_sum(x, y)",
        },
    ),
    "normalize": Call(
        "x p dim",
        {"p": 2.0},
        {"x": "x / torch.maximum(torch.norm(x, dim=1, keepdim=True), 1e-12)",
         "x dim": "x / torch.maximum(torch.norm(x, dim=dim, keepdim=True), 1e-12)"},
    ),
    "cosine_similarity": Call(
        "x y dim",
        {},
        {"x y": "(x * y).sum(dim=1) / (torch.norm(x, dim=1) * torch.norm(y, dim=1))",
         "x y dim": "(x * y).sum(dim=dim) / (torch.norm(x, dim=dim) * torch.norm(y, dim=dim))"},
    ),
    "clamp": Call(
        "x min max",
        {"min": None, "max": None},
        {"x min": "torch.clamp(x, min, torch.inf)", "x max": "torch.clamp(x, -torch.inf, max)"},
    ),
    "clamp_min": Call("x min", {}, {"x min": "torch.clamp(x, min, torch.inf)"}),
    "clamp_max": Call("x max", {}, {"x max": "torch.clamp(x, -torch.inf, max)"}),
    "full": Call("size value", {}, {"size value": "value * torch.ones(size)"}),
    "full_like": Call("x value", {}, {"x value": "value * torch.ones_like(x)"}),
    "vector_norm": Call(
        "x ord dim keepdim",
        {"ord": 2},
        {"x": "torch.norm(x)", "x dim": "torch.norm(x, dim=dim)",
         "x dim keepdim": "torch.norm(x, dim=dim, keepdim=keepdim)"},
    ),
    "trace": Call("x", {}, {"x": 'torch.einsum("ii->", x)'}),
    "diagonal": Call("x", {}, {"x": 'torch.einsum("ii->i", x)'}),
    "mv": Call("x y", {}, {"x y": "x @ y"}),
    "addmm": Call("x y z", {}, {"x y z": "x + y @ z"}),
    "t": Call("x", {}, {"x": "x.T"}),
    "contiguous": Call("x", {}, {"x": "x"}),
    "ravel": Call("x", {}, {"x": "x.flatten()"}),
    "flatten": Call("x start_dim end_dim", {"start_dim": 0, "end_dim": -1}, {"x start_dim": "flat_rows(x)"}),
    "nll_loss": Call("x y reduction", {"reduction": "mean"}, {"x y": "nll_loss(x, y)"}),
    "kl_div": Call("x y reduction", {}, {"x y reduction": "kl_div_mean(x, y)"}),
}  # fmt: skip
_METHODS = frozenset("clamp clamp_min clamp_max trace diagonal mv addmm t contiguous ravel flatten".split())
"""Those of them that are methods, too."""
_ONLY = {
    ("flatten", "start_dim"): 1, ("cross_entropy", "reduction"): "sum", ("kl_div", "reduction"): "batchmean",
}  # fmt: skip
"""Forms that are of one value alone."""
DEFINITIONS: Mapping[str, str] = {
    "binary_cross_entropy": "def {}(p, t): return -(t * log(p) + (1 - t) * log(1 - p)).mean()",
    "binary_cross_entropy_with_logits": "def {}(z, t): return (softplus(z) - t * z).mean()",
    "cross_entropy_sum": "def {}(z, t): return torch.cross_entropy(z, t) * (z.numel() / z.shape[-1])",
    "flat_rows": "def {}(x): return x.reshape(x.shape[0], -1)",
    "nll_loss": "def {}(z, t): return -z[torch.arange(t.shape[0]), t].mean()",
    "kl_div_mean": "def {}(z, t): return torch.where(t > 0, t * (torch.log(t) - z), 0).sum() / z.shape[0]",
}
"""What PyTorch has and the language has not, in Python: where a form needs a name for what it is given."""


def written(node: ast.expr, whole: Whole = lambda node: None) -> ast.expr:
    """A call in the language's words, if it has some; a list that is counted through, one by one.

    ``whole`` knows plain whole numbers by name.
    """
    match node:
        case ast.Call(func=ast.Attribute(value=of, attr=name), args=args) if name in _CALLS:
            if _is_module(of):
                return _form(name, _CALLS[name], args, node) or node
            own = isinstance(of, ast.Name) and of.id == "self"  # what a module holds may be called so
            if own or name not in _METHODS:
                return node
            return _form(name, _CALLS[name], [of, *args], node) or node
        case ast.Call(
            func=ast.Attribute(attr="avg_pool2d"), args=[x, ast.Constant(value=int() as size), *rest]
        ):
            return _averaged(x, size, node) if not rest and not node.keywords and 1 < size < 9 else node
        case ast.Attribute(value=ast.Call() as pair, attr="values" | "indices" as part):
            return (_largest(pair) or {}).get(part, node)
        case ast.Subscript(value=ast.Call() as pair, slice=ast.Constant(value=int() as at)) if at in (0, 1):
            return (_largest(pair) or {}).get(_PAIR[at], node)
        case ast.ListComp(elt=value, generators=[one]) | ast.GeneratorExp(elt=value, generators=[one]):
            return _counted(value, one, node, whole) or node
        case ast.Call(func=ast.Attribute(value=of, attr="gather"), args=[axis, at]) if number(axis) in (
            1,
            -1,
        ) and (index := _column(at)):
            form = "x[torch.arange(i.shape[0]), i].unsqueeze(1)"
            return node if _is_module(of) else _filled(form, {"x": of, "i": index}, node)
    return node


_PAIR = ("values", "indices")


def _largest(node: ast.expr) -> dict[str, ast.expr] | None:
    """Both parts of ``x.topk(2)``, of a vector: the language has no other sort."""
    match node:
        case ast.Call(func=ast.Attribute(value=of, attr="topk"), args=args, keywords=[]):
            args = list(args) if _is_module(of) else [of, *args]
            if len(args) == 2:
                forms = ("sort(x)[::-1][:k]", "argsort(x)[::-1][:k]")
                each = (_filled(form, {"x": args[0], "k": args[1]}, node) for form in forms)
                return dict(zip(_PAIR, each, strict=True))
    return None


def _column(node: ast.expr) -> ast.expr | None:
    """The vector whose column this is: ``y.unsqueeze(1)``, ``y[:, None]``, ``y.view(-1, 1)``."""
    for form in ("y.unsqueeze(1)", "y.unsqueeze(-1)", "y[:, None]", "y.view(-1, 1)", "y.reshape(-1, 1)"):
        for name in (one.id for one in ast.walk(node) if isinstance(one, ast.Name)):
            if ast.unparse(node) == re.sub(r"\by\b", name, form):
                return ast.copy_location(ast.Name(name, ast.Load()), node)
    return None


def _form(name: str, call: Call, args: Sequence[ast.expr], node: ast.Call) -> ast.expr | None:
    names = call.params.split()
    if len(args) > len(names):
        return None
    given = dict(zip(names, args, strict=False))
    for word in node.keywords:
        own = _OTHER.get(str(word.arg), str(word.arg))
        if own in DROPPED and own not in names:
            continue
        if own not in names or own in given:
            return None
        given[own] = word.value
    given = {key: value for key, value in given.items() if not _is_usual(value, call.usual.get(key, _NEVER))}
    form = call.forms.get(" ".join(key for key in names if key in given))
    for key, value in given.items():
        wanted = _ONLY.get((name, key))
        if wanted is not None and not (isinstance(value, ast.Constant) and value.value == wanted):
            return None
    if form is None or not _goes_along_the_last(given.get("normalized_shape")):
        return None
    return _filled(form, given, node)


_NEVER = object()
_OTHER = {
    **{"input": "x", "other": "y", "target": "y", "x1": "x", "x2": "y", "mat": "x", "vec": "y"},
    **{"fill_value": "value"},
}


def _is_usual(value: ast.expr, usual: object) -> bool:
    return (
        isinstance(value, ast.Constant)
        and type(value.value) in (int, float, str, type(None))
        and (value.value == usual)
    )


def _goes_along_the_last(shape: ast.expr | None) -> bool:
    """Whether a normalized shape is one axis: of several the language has no layer norm."""
    return not isinstance(shape, (ast.Tuple, ast.List)) or len(shape.elts) == 1


def _filled(form: str, given: Mapping[str, ast.expr], place: ast.AST) -> ast.expr:
    """The form with the arguments in the places of their names, all of it where the call stands."""
    tree = ast.parse(form, mode="eval").body
    for node in ast.walk(tree):
        ast.copy_location(node, place)
    return _Replaced(given).visit(tree)  # type: ignore[no-any-return]


class _Replaced(ast.NodeTransformer):
    def __init__(self, given: Mapping[str, ast.expr]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return deepcopy(self.given.get(node.id, node))


def _is_module(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in _MODULES


def _averaged(x: ast.expr, size: int, place: ast.AST) -> ast.expr:
    """The mean of each window: cells that stand in the same place of theirs are added."""
    parts = " + ".join(f"x[..., {row}::{size}, {at}::{size}]" for row in range(size) for at in range(size))
    return _filled(f"({parts}) / {size * size}", {"x": x}, place)


def _counted(value: ast.expr, through: ast.comprehension, place: ast.AST, whole: Whole) -> ast.expr | None:
    """``[x[i] for i in range(3)]`` as the list that it is."""
    match through:
        case ast.comprehension(
            target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=args, keywords=[]), ifs=[]
        ) if 1 <= len(args) <= 2:
            ends = [end for arg in args if (end := whole(arg)) is not None]
            if len(ends) < len(args) or len(range(*ends)) * sum(1 for _ in ast.walk(value)) > _MOST:
                return None
            numbers = (ast.copy_location(ast.Constant(number), place) for number in range(*ends))
            found = [_Replaced({name: number}).visit(deepcopy(value)) for number in numbers]
            return ast.copy_location(ast.List(found, ast.Load()), place)
    return None


def apart(value: ast.expr, count: int) -> list[ast.expr] | None:
    """The parts that several names are given: ``z.chunk(4)``, ``torch.split(z, 3, 1)``, ``x.unbind(0)``."""
    if count == 2 and (pair := _largest(value)):
        return [*pair.values()]
    match value:
        case ast.Call(func=ast.Attribute(value=of, attr="chunk" | "split" | "unbind" as name), args=args):
            args = list(args) if _is_module(of) else [of, *args]
        case _:
            return None
    words = {word.arg: word.value for word in value.keywords}
    along = words.pop("dim", None)
    wanted = 1 if name == "unbind" else 2
    if along is None and len(args) > wanted:
        along = args.pop()
    axis = 0 if along is None else number(along)
    if words or len(args) != wanted or axis not in (-1, 0, 1, 2, 3):
        return None
    ends = {"chunk": _chunks, "split": _splits, "unbind": _rows}[name](args[1:], axis, count)
    if ends is None:
        return None
    before = ":, " * axis if axis >= 0 else "..., "
    return [_filled(f"x[{before}{end}]", {"x": args[0]}, value) for end in ends]


def number(node: ast.expr) -> int | None:
    """A plain whole number."""
    match node:
        case ast.Constant(value=int() as found):
            return found
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as found)):
            return -found
    return None


def rows(value: ast.expr, count: int) -> list[ast.expr]:
    """``a, b = x``: the rows of a tensor."""
    return [_filled(f"x[{at}]", {"x": value}, value) for at in range(count)]


def _rows(args: Sequence[ast.expr], axis: int, count: int) -> list[str]:
    return [str(at) for at in range(count)]


def _chunks(args: Sequence[ast.expr], axis: int, count: int) -> list[str] | None:
    match args:
        case [ast.Constant(value=int() as number)] if number == count:
            size = f"x.shape[{axis}]"
            return [f"{at} * {size} // {count} : {at + 1} * {size} // {count}" for at in range(count)]
    return None


def _splits(args: Sequence[ast.expr], axis: int, count: int) -> list[str] | None:
    sizes = [number(one) for one in (args[0].elts if isinstance(args[0], (ast.List, ast.Tuple)) else args)]
    sizes = sizes * count if len(sizes) == 1 else sizes
    plain = [size for size in sizes if size is not None]
    ends = [f"{sum(plain[:at])}:{sum(plain[: at + 1])}" for at in range(count)]
    return ends if len(plain) == count else None
