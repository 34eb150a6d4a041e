"""Tensor programs for tests: some for each row that knows axes, random ones; slopes in high precision."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.parser import parse

START = """\
x = 0.3 * randn(3, seed=1)
y = 0.4 * randn(3, seed=2)
A = 0.5 * randn(2, 3, seed=3)
B = 0.6 * randn(3, 4, seed=4)
S = 0.7 * randn(3, 3, seed=5)
T = 0.8 * randn(2, 3, 2, seed=6)
P = 0.9 * randn(5, 5, seed=7)
F = randn(2, 2, 4, 4, seed=8)
"""
"""Variables of several shapes; ``s`` is a number."""

SHAPES = {
    **{"x": (3,), "y": (3,), "A": (2, 3), "B": (3, 4), "S": (3, 3), "T": (2, 3, 2), "P": (5, 5)},
    **{"F": (2, 2, 4, 4), "s": ()},
}

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "broadcast": ("broadcast(x, 2, 3)", "broadcast(s, 2, 2)", "broadcast(A[:, 0:1], 2, 4)", "A + x",
                  "broadcast(reshape(x, 3, 1), 2, 3, 2)", "broadcast(reshape(s, 1), 3)", "x + s"),
    "sum_over": ("sum(A)", "sum(A, axis=0)", "sum(A, axis=-1, keepdim=True)",
                 "sum(T, axis=(0, 2))", "sum(x)"),
    "mean_over": ("mean(A)", "mean(T, axis=1)", "mean(A, dim=0, keepdim=True)"),
    "prod_over": ("prod(x)", "prod(A, axis=1)", "prod(T, axis=(0, 2), keepdim=True)", "prod([s, 0, 2])",
                  "prod([s, 0, 0, s])"),
    "cumsum": ("cumsum(x)", "cumsum(A, axis=1)", "cumsum(T, 1)"),
    "flip": ("flip(x)", "flip(A, axis=1)"),
    "einsum": ('einsum("ij,jk->ik", A, B)', "A @ x", "x @ B", "A @ B", "x @ y", "outer(x, y)", "T @ A[:, 0]",
               'einsum("ii->i", S)', 'einsum("ii", S)', 'einsum("ij->j", A)', 'einsum("ij,ij->", S, S)',
               'einsum("abc,b,cd->ad", T, x, A)', 'einsum("ij->ji", A)', 'einsum("iij->j", [S, S, S])',
               'einsum("i,i,i->i", x, y, x)', "T @ A", "S @ T", "F @ F", "dot(x, S @ y)"),
    "transpose": ("A.T", "Aᵀ @ A", "transpose(T, 0, 2)", "permute(T, 2, 0, 1)", "T.T", "transpose(A)"),
    "reshape": ("reshape(A, 3, 2)", "reshape(T, 4, -1)", "flatten(T)", "unsqueeze(x, 0)",
                "squeeze(A[0:1, :])"),
    "slice": ("A[0, 1]", "A[:, 1]", "x[1:3]", "x[-1]", "T[1, :, ::-1]", "x[::-2]", "A[-1]", "F[0, 1, 1:4:2]"),
    "pad": ('pad(x, 5, at="1:4")', 'pad(A, 3, 3, at="1:3, ::-1")', 'pad(s, 2, 2, at="0, 1")'),
    "gather": ("A[[0, 1, 1]]", "B[:, [3, 0, 0]]", "S[[0, 2], [1, 1]]", "x[[[0, 1], [2, 2]]]",
               "T[1, [0, 2, 0]]",
               "S[arange(3), [2, 0, 1]]"),
    "scatter_add": ("scatter_add(x, [1, 1, 0], shape=(2,))", "scatter_add(A, [2, 0], shape=(4, 3))",
                    "scatter_add(B, [1, 0, 1, 1], shape=(3, 2), axis=1)"),
    "concat": ("concat(x, y)", "concat([A, S], axis=0)", "concat(A, A[:, 0:1], axis=1)"),
    "stack": ("[x, y]", "[s, s^2, 3]", "stack(x, y, axis=1)", "[[s, 1], [2, s]]"),
    "unfold": ("unfold(P, 3)", "unfold(F, 2, stride=2)", "unfold(P, (3, 2), padding=1)"),
    "fold": ("fold(unfold(P, 3)^2, 5, 5, window=3)",
             "fold(unfold(F, 2, padding=1)^2, 2, 2, 4, 4, window=2, padding=1)"),
    "tril": ("tril(S)", "tril(B, k=1)"),
    "triu": ("triu(S)", "triu(F, k=-1)"),
    "max_over": ("max(A)", "max(A, axis=1)", "max(T, axis=(0, 1), keepdim=True)"),
    "min_over": ("min(x)", "min(T, axis=1)"),
    "argmax": ("argmax(A) * s", "argmax(A, axis=1) * s"),
    "argmin": ("argmin(T, axis=0) * s",),
    "argsort": ("argsort(x) * x", "argsort(A, axis=1) * s"),
    "one_hot": ("one_hot([0, 2], 3) * A", "one_hot(argmax(x), 3) * y"),
    "sort": ("sort(x) * y",),
    "softmax": ("softmax(x)", "softmax(A, axis=0)", "softmax(T, 1)"),
    "log_softmax": ("log_softmax(x)", "log_softmax(A, axis=0)"),
    "logsumexp_over": ("logsumexp(x)", "logsumexp(A, axis=1)", "logsumexp(T, axis=(0, 2), keepdim=True)"),
    "cross_entropy": ("cross_entropy(A, [2, 0])", "cross_entropy(x, 1)", "cross_entropy(S, softmax(S + 1))",
                      "cross_entropy(A, [[0.2, 0.3, 0.5], [0.1, 0.9, 0]])", "cross_entropy(x, y)"),
    "variance": ("var(x)", "var(A, axis=1, correction=1)",
                 "var(T, axis=(0, 1), keepdim=True, unbiased=True)"),
    "std": ("std(x)", "std(A, axis=0)"),
    "norm": ("norm(x)", "norm(A, axis=1)"),
    "layer_norm": ("layer_norm(A)", "layer_norm(x, eps=0.1)"),
    "layer_norm_scaled": ("layer_norm(A, x, y)",),
    "batch_norm": ("batch_norm(S)", "batch_norm(T)"),
    "batch_norm_scaled": ("batch_norm(A, x, y)",),
    "attention": ("attention(S, S * 2, B)", "attention(S, x * S, S, causal=True)", "attention(T, T, T)"),
    "conv1d": ("conv1d(x, [1, 2] * s)", "conv1d(F[0, :, 0], F[:, :, 0, 1:3], stride=2)"),
    "conv2d": ("conv2d(P, S)", "conv2d(P, S, stride=2, padding=1)", "conv2d(F[0], F[:, :, 0:2, 0:2])",
               "conv2d(F, F[:, :, 0:3, 2:4], padding=(0, 1))"),
    "max_pool": ("max_pool(P, 2)", "max_pool(F, 2, stride=1)", "max_pool(F[0], (2, 3))"),
}  # fmt: skip
"""For each row that knows axes, expressions that use it."""

EXPRESSIONS = [text for texts in EXAMPLES.values() for text in texts]


def weighted(expression: str) -> Graph:
    """A program whose output is a sum of all cells of an expression, each with a weight of its own."""
    shape = parse(f"{START}r = {expression}\nr").output.shape
    if not shape:
        return parse(f"{START}r = {expression}\nr * 1.5")
    sizes = ", ".join(map(str, shape))
    return parse(f"{START}r = {expression}\nsum(r * (randn({sizes}, seed=9)))")


def point(graph: Graph) -> dict[str, Any]:
    """Where such a program starts."""
    return {"s": 1.3} if "s" in graph.variables else {}


def differences(graph: Graph, at: Mapping[str, Any], h: float = 1e-5) -> dict[str, Any]:
    """Central differences of the output by each cell of each variable, in extended precision.

    Two step sizes, by Richardson: the error is of the order h⁴.
    """
    program = Program(graph)
    step = np.longdouble(h)
    base = {name: np.asarray(x, dtype=np.longdouble) for name, x in at.items()}

    def output(name: str, cell: tuple[int, ...], by: Any) -> Any:
        moved = base[name].copy()
        moved[cell] += by
        return np.longdouble(program.walk({**base, name: moved}, 1.0)[program.tape.values[-1]])

    found = {}
    for name, x in base.items():
        slopes = np.zeros(x.shape)
        for cell in np.ndindex(x.shape):
            wide = (output(name, cell, 2 * step) - output(name, cell, -2 * step)) / (4 * step)
            near = (output(name, cell, step) - output(name, cell, -step)) / (2 * step)
            slopes[cell] = float((4 * near - wide) / 3)
        found[name] = slopes
    return found


# Random programs

_SAME = ["tanh({0})", "sigmoid({0})", "sin({0})", "-{0}", "{0} * s", "{0}^2", "softplus({0})", "exp({0} / 4)"]
_BOTH = ["{0} + {1}", "{0} * {1}", "{0} - {1} / 2", "atan2({0}, 2 + {1}^2)", "hypot({0}, 1 + {1}^2)"]
_VECTOR = ["cumsum({0})", "flip({0})", "softmax({0})", "log_softmax({0})", "layer_norm({0})",
           "outer({0}, {0})",
           "{0}[1:]", "{0}[::-1]", "{0}[[0, 0, 1]]", "sum({0})", "logsumexp({0})", "[{0}, {0}]", "norm({0})",
           "concat({0}, {0})", "unsqueeze({0}, 0)", "{0}[-1]"]  # fmt: skip
_MATRIX = ["{0}.T", "sum({0}, axis=0)", "mean({0}, axis=1, keepdim=True)", "softmax({0}, axis=0)", "{0}[0]",
           "{0}[:, 0]", "tril({0})", "{0}.T @ {0}", "flatten({0})", "logsumexp({0}, axis=1)", "{0} @ {0}.T",
           'einsum("ij->j", {0})', "cumsum({0}, axis=1)", "var({0}, axis=0)", "reshape({0}, -1, 1)",
           "attention({0}, {0}, {0})", "batch_norm({0})"]  # fmt: skip


@st.composite
def programs(draw: st.DrawFn, statements: int = 6) -> str:
    """A program of several statements on tensors; the last one is the sum of what was made."""
    pool = {name: SHAPES[name] for name in ("x", "y", "A", "S", "s")}
    lines: list[str] = []
    for number in range(draw(st.integers(1, statements))):
        name = draw(st.sampled_from(sorted(pool)))
        shape = pool[name]
        others = sorted(other for other in pool if pool[other] in (shape, ()))
        kinds = {1: _VECTOR, 2: _MATRIX}.get(len(shape), [])
        template = draw(st.sampled_from([*_SAME, *_BOTH, *kinds, *kinds]))
        if ("[1:]" in template and shape[0] < 2) or ("[[0, 0, 1]]" in template and shape[0] < 2):
            template = "{0} * 2"
        text = template.format(name, draw(st.sampled_from(others)))
        made = f"t{number}"
        shape = parse(START + "\n".join([*lines, f"{made} = {text}", made])).output.shape
        if np.prod(shape, dtype=int) > 60 or len(shape) > 2:
            continue
        lines.append(f"{made} = {text}")
        pool[made] = shape
    total = " + ".join(f"sum(cos({name}))" if pool[name] else name for name in sorted(pool))
    return START + "\n".join([*lines, total])
