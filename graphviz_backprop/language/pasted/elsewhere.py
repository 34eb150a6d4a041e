"""Calls whose name is one here, and that compute something else where they come from: not misread."""

from __future__ import annotations

import ast
from collections.abc import Sequence

NUMPY = frozenset("np numpy jnp jax scipy special math tf cupy anp".split())
"""Modules that are not PyTorch's."""


def refused(
    name: str, args: Sequence[ast.expr], words: Sequence[ast.keyword], module: str
) -> tuple[str, str]:
    """Why a call is not read, and what to write; nothing where it means here what it means there."""
    given = {word.arg for word in words}
    match name:
        case "gelu" if module in ("jax", "jnp") and "approximate" not in given:
            return "JAX's gelu is an approximation", "write approximate=False"
        case "leaky_relu" if module == "tf" and len(args) + len(words) < 2:
            return "TensorFlow's slope is 0.2", "write leaky_relu(x, 0.2)"
        case "norm" if len(args) > 1 or given & {"p", "ord"}:
            return (
                "this argument of norm is its order",
                "a length is norm(x), an axis is named: norm(x, axis=1)",
            )
        case "gather" if module != "tf":
            return (
                "gather takes a cell for each index along an axis",
                "write x[range(3), i] for a cell of each row",
            )
        case "argmax" | "argmin" if module == "tf" and len(args) == 1 and "axis" not in given:
            return f"TensorFlow's {name} goes along axis 0", f"write {name}(x, axis=0)"
        case "softmax" | "log_softmax" if module in ("scipy", "special") and "axis" not in given:
            return f"SciPy's {name} is of all cells together", f"write {name}(x, axis=-1) for lines"
        case "int":
            return "int cuts digits off, and no gradient flows through it", "leave int(…) out"
        case "remainder" if module == "math":
            return "math.remainder rounds to the nearest multiple", "write x % y for the remainder here"
    return "", ""


def is_pair(node: ast.expr, module: str) -> bool:
    """Whether PyTorch gives values and indices: ``x.max(dim=1)``, ``torch.max(x, 1)``, ``x.sort()``."""
    match node:
        case ast.Call(func=ast.Attribute(attr="max" | "min" | "sort" as name), args=args, keywords=words):
            if module in NUMPY:
                return False
            rest = args[1:] if module else args
            named = any(word.arg in ("dim", "axis") for word in words)
            return name == "sort" or named or (bool(rest) and _whole(rest[0]))
    return False


def apart(node: ast.Call, values: str, indices: str) -> str:
    """What to write for the names of a pair, each by itself: ``i = x.argmax(1)``; nothing for ``_``."""
    assert isinstance(node.func, ast.Attribute)
    choice = ast.Attribute(node.func.value, f"arg{node.func.attr}", ast.Load())
    parts = {
        values: f"{values} = {ast.unparse(node)}.values",
        indices: f"{indices} = {ast.unparse(ast.Call(choice, node.args, node.keywords))}",
    }
    return f"write {' and '.join(text for name, text in parts.items() if name != '_')}"


def _whole(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) is int


def detached(node: ast.expr, torch: bool) -> str:
    """How a value is made one without a gradient: ``.data``, ``float(x)``; nothing where it is not."""
    match node:
        case ast.Call(func=ast.Name(id="float"), args=[_]) if torch:
            return "float(…)"
        case ast.Attribute(attr="data"):
            return ".data"
        case ast.Call(func=ast.Attribute(attr="item" | "numpy" as name), args=[]) if torch:
            return f".{name}()"
    return ""
