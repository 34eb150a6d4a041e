"""Hypothesis strategies: random programs of the language, and points at which to evaluate them."""

from collections.abc import Sequence

from hypothesis import strategies as st

from graphviz_backprop.language.graph import Graph

VARIABLES = ("x", "y", "z", "w_1")

UNARY = """exp log sqrt cbrt sin cos tan atan asin acos sinh cosh tanh expm1 log1p log2 log10 abs sign step
erf erfc relu leaky_relu elu softplus sigmoid silu gelu""".split()
BINARY = "log atan2 hypot max min leaky_relu".split()
VARIADIC = "max min sum mean".split()

SMOOTH = """exp sin cos tanh atan erf erfc softplus sigmoid silu gelu expm1""".split()
"""Functions that are finite and smooth everywhere."""

numbers = st.sampled_from("0 1 2 3 0.5 1.5 .25 10 1e-1 2.5e0 e pi π".split())


@st.composite
def expressions(
    draw: st.DrawFn,
    names: Sequence[str] = VARIABLES,
    calls: Sequence[str] = UNARY,
    functions: Sequence[tuple[str, int]] = (),
    size: int = 8,
) -> str:
    """An expression of these names, with calls of these functions of one argument and of the program's
    own ``functions`` (name and number of arguments); size bounds the number of operations."""

    def some(size: int) -> str:
        kinds = ["leaf"] if size <= 0 else ["infix", "infix", "power", "call", "call", "sign", "many", "own"]
        kind = draw(st.sampled_from(kinds))
        if kind == "own" and not functions:
            kind = "infix"
        if kind == "leaf":
            return draw(st.one_of(st.sampled_from(names), st.sampled_from(names), numbers))
        if kind == "sign":
            return f"({draw(st.sampled_from(['-', '+', '−']))}{some(size - 1)})"
        if kind == "call":
            return f"{draw(st.sampled_from(calls))}({some(size - 1)})"
        if kind == "power":
            exponent = draw(st.sampled_from(["²", "³", "⁻¹", "^2", "^0.5", "^-1", "^3", "**2", ""]))
            return f"({some(size - 1)}){exponent or '^(' + some(size // 2) + ')'}"
        left = draw(st.integers(0, size - 1))
        if kind == "infix":
            sign = draw(st.sampled_from(["+", "-", "*", "/", " + ", " - ", " ", "·", " × "]))
            return f"({some(left)}){sign}({some(size - 1 - left)})"
        if kind == "own":
            name, count = draw(st.sampled_from(functions))
            return f"{name}({', '.join(some((size - 1) // count) for _ in range(count))})"
        if draw(st.booleans()):
            return f"{draw(st.sampled_from(BINARY))}({some(left)}, {some(size - 1 - left)})"
        count = draw(st.integers(2, 4))
        return (
            f"{draw(st.sampled_from(VARIADIC))}({', '.join(some((size - 1) // count) for _ in range(count))})"
        )

    return some(size)


@st.composite
def programs(
    draw: st.DrawFn,
    functions: bool = True,
    names: bool = True,
    calls: Sequence[str] = UNARY,
    size: int = 8,
) -> str:
    """A program: definitions of functions and named statements where asked for, and an output."""
    known = list(VARIABLES)
    own: list[tuple[str, int]] = []
    statements: list[str] = []
    for name, params in draw(
        st.lists(_SIGNATURES, max_size=2, unique_by=lambda s: s[0]) if functions else _NONE
    ):
        body = draw(expressions([*known, *params, *params], calls, list(own), size // 2))
        statements.append(f"{name}({', '.join(params)}) = {body}")
        own.append((name, len(params)))
    for name in draw(
        st.lists(st.sampled_from(["u", "v", "a", "e", "mid"]), max_size=3, unique=True) if names else _NONE
    ):
        body = draw(expressions([known_ for known_ in known if known_ != name], calls, list(own), size // 2))
        if name == "e" and _mentions_e(statements, body):
            continue
        statements.append(f"{name} = {body}")
        known.append(name)
    output = draw(expressions(known, calls, list(own), size))
    statements.append(f"out = {output}" if names and draw(st.booleans()) else output)
    return draw(st.sampled_from(["; ", "\n", "\r\n", "  # so\n"])).join(statements)


_NONE: st.SearchStrategy[list[str]] = st.just([])
_SIGNATURES = st.tuples(st.sampled_from(["f", "g", "helper"]), st.sampled_from([("t",), ("x",), ("s", "t")]))


def _mentions_e(statements: Sequence[str], body: str) -> bool:
    """Whether e was used before it is named: that is an error."""
    tokens = "".join(letter if letter.isalnum() else " " for letter in " ".join([*statements, body]))
    return "e" in tokens.split()


def points(
    graph: Graph, values: st.SearchStrategy[float] | None = None
) -> st.SearchStrategy[dict[str, float]]:
    """A value for each variable of a graph: of ordinary size, if not said otherwise."""
    ordinary = st.floats(-3, 3).map(lambda x: round(x, 3) + 0.0)
    return st.fixed_dictionaries(dict.fromkeys(graph.variables, ordinary if values is None else values))
