"""The three sentences of a backward edge are true: index formulas, evaluated, give the engine's numbers."""

import re
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from graphviz_backprop import api
from graphviz_backprop.explain import backward
from graphviz_backprop.explain.tensors import sentences
from graphviz_backprop.explain.tensors.cells import number_of
from graphviz_backprop.language.graph import Edge
from tests.support.tensors import EXPRESSIONS, point, programs, weighted

_BELOW = {below: letter for letter, below in sentences._BELOW.items()}


def evaluate(text: str, at: dict[str, int], sizes: dict[str, int], names: dict[str, Any]) -> float:
    """An index formula where its letters are these numbers: sums are written out, then it is a program."""
    text = text.replace("G′", "G_")
    while "Σ" in text:
        start = text.rindex("Σ")
        below, rest = re.match(r"Σ(\w+) (.*)", text[start:], re.DOTALL).groups()  # type: ignore[union-attr]
        letters, end = [_BELOW[one] for one in below], _end(rest)
        terms = [
            _with(rest[:end], dict(zip(letters, place, strict=True)))
            for place in product(*(range(sizes[letter]) for letter in letters))
        ]
        text = f"{text[:start]}({' + '.join(f'({term})' for term in terms)}){rest[end:]}"
    text = _with(text, at)
    text = re.sub(r"([^\W\d]\w*)\[([^\[\]]*)\]", lambda ref: _number(names, ref[1], ref[2]), text)
    text = re.sub(
        r"\[([^\[\]]*)\]", lambda found: f"({found[1].replace('=', '==').replace('≠', '!=')})", text
    )
    for sign, own in {"·": "*", "−": "-", "≤": "<=", "≥": ">=", " ^ ": "^"}.items():
        text = text.replace(sign, own)
    numbers = {name: f"({float(x)!r})" for name, x in names.items() if np.ndim(x) == 0}
    text = re.sub(r"(?<![\w.])[^\W\d]\w*(?![\w(])", lambda word: numbers.get(word[0], word[0]), text)
    return float(api.parse(text, "graph").evaluate().value)


def _end(text: str) -> int:
    """Where the parentheses around a text end."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return at
    return len(text)


def _with(text: str, at: dict[str, int]) -> str:
    return re.sub(r"(?<![\w.])[^\W\d]\w*(?![\w(\[])", lambda word: str(at.get(word[0], word[0])), text)


def _number(names: dict[str, Any], name: str, places: str) -> str:
    at = tuple(int(eval(one.replace("−", "-").replace("·", "*"))) for one in places.split(","))
    assert all(one >= 0 for one in at)
    return f"({float(names[name][at])!r})"


def free(text: str, sizes: dict[str, int]) -> list[str]:
    """The letters between the brackets of a cell."""
    inside = text.partition("[")[2]
    return [letter for letter in sizes if re.search(rf"\b{letter}\b", inside)]


def every(text: str) -> int:
    """How many formulas there are in a program; all of them are true."""
    graph = api.Graph._of(weighted(text) if text in EXPRESSIONS else api.parse(text))
    run = graph.evaluate(point(graph))
    names: dict[str, Any] = dict(zip((node.id for node in graph.nodes), run.values, strict=True))
    count = 0
    for edge in graph.edges():
        if not graph.active[edge.child]:
            continue
        told = sentences.three(run, edge, "L")
        assert told.shapes
        if told.cell:
            where = number_of(run, told.cell.field)
            assert told.cell.value(lambda field: number_of(run, field)) == pytest.approx(where, nan_ok=True)
        found = sentences.letters(graph, edge)
        assert found.because and found.text.endswith(".")
        node = graph.nodes[edge.parent]
        given = {**names, backward.gradient_name(graph).replace("′", "_"): run.gradients[edge.parent]}
        sizes = dict(found.sizes)
        if found.forward and "Π" not in found.forward and "with 0" not in found.forward:
            left, right = found.forward.split(" = ", 1)
            count += compare(left, right, sizes, given, names[node.id])
        if found.back:
            flow = run.flows[edge.parent][edge.arg]
            count += compare(found.cell, found.back, sizes, given, flow)
    return count


def compare(left: str, right: str, sizes: dict[str, int], names: dict[str, Any], wanted: Any) -> int:
    letters = free(left, sizes)
    for place in list(product(*(range(sizes[letter]) for letter in letters)))[::3]:
        at = dict(zip(letters, place, strict=True))
        found = evaluate(right, at, sizes, names)
        if "[" in left:
            where = tuple(
                int(eval(_with(one, at).replace("−", "-").replace("·", "*")))
                for one in left.partition("[")[2].rstrip("]").split(",")
            )
            assert found == pytest.approx(float(wanted[where]), rel=1e-8, abs=1e-10), (left, right, at)
        else:
            assert found == pytest.approx(float(wanted), rel=1e-8, abs=1e-10), (left, right)
    return 1


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_formula_is_true(text: str) -> None:
    every(text)


@pytest.mark.fuzz
@settings(max_examples=20, deadline=None)
@given(programs(3))
def test_of_random_programs_too(text: str) -> None:
    every(text)


def told(program: str, node: str, arg: int) -> tuple[str, str]:
    graph = api.parse(program, "graph")
    at = graph.positions[node]
    edge = Edge(graph.nodes[at].args[arg], at, arg)
    return sentences.shapes(graph, edge), sentences.letters(graph, edge).text


LAYER = "W = randn(2, 3, seed=1); x = [1, 2, 3]; b = [1, 2]; z = W @ x; h = z + b; L = sum(h^2)"


def test_a_product_says_why_there_is_a_transpose() -> None:
    shapes, letters = told(LAYER, "z", 1)
    assert shapes == (
        "x is a vector of 3, so what comes back to it is a vector of 3, too. "
        "G = ∂L/∂z is a vector of 2: only Wᵀ, 3×2, makes a vector of 3 of it."
    )
    assert letters == (
        "z[i] = Σⱼ W[i,j] · x[j]. x[j] is in z[i] for each i, times W[i,j], so i is summed now, "
        "along the other axis of W than forward: hence Wᵀ: x[j] gets Σᵢ G[i] · W[i,j]."
    )


def test_a_weight_gets_an_outer_product() -> None:
    shapes, letters = told(LAYER, "z", 0)
    assert "with the 3 numbers of x, one for each pair, it makes 2×3" in shapes
    assert letters.endswith("W[i,j] is in z[i] alone, times x[j]: W[i,j] gets G[i] · x[j].")


def test_a_bias_that_was_copied_gets_a_sum() -> None:
    program = "X = randn(4, 3, seed=1); b = [1, 2, 3]; z = X + b; L = sum(z^2)"
    graph = api.parse(program, "graph")
    copy = next(node.id for node in graph.nodes if node.op == "broadcast")
    shapes, letters = told(program, copy, 0)
    assert "summed over axis 0" in shapes
    assert letters.endswith(
        "b[j] was copied 4 times along axis 0, and sums undo copies: b[j] gets Σᵢ G[i,j]."
    )


def test_letters_are_no_names_of_the_program() -> None:
    _, letters = told("i = randn(2, 3, seed=1); j = [1, 2, 3]; G = i @ j; L = sum(G^2)", "G", 0)
    assert letters == (
        "G[k] = Σₗ i[k,l] · j[l]. i[k,l] is in G[k] alone, times j[l]: i[k,l] gets G′[k] · j[l]."
    )


NAMED_G = (
    "softmax(G)", "log_softmax(G)", "softmax(G, axis=0)", "reshape(G, 4)", "G[[0, 0, 1]]", "unfold(G, 1)",
    'einsum("ii->i", G)', 'einsum("ii,i->i", G, ([1, 2]))', "conv2d(G, ([[1, 2]]))", "cumsum(G, axis=0)",
    "scatter_add(G, [1, 0], shape=(2, 2))", "fold(G, 2, 2, window=(2, 1))", "max(G, axis=1)", "G @ G", "G^2",
    "conv2d(reshape(G, 1, 2, 2), ([[[[1, 2]]]]))",
)  # fmt: skip


@pytest.mark.parametrize("expression", NAMED_G)
def test_a_node_called_g_is_not_its_gradient(expression: str) -> None:
    """Where a node has the name, the gradient is G′ in each sentence and rule."""
    program = f"G = [[1, 2], [3, 5]]; z = {expression}; L = sum(z^2)"
    every(program)
    graph = api.parse(program, "graph")
    for edge in graph.edges():
        if graph.nodes[edge.parent].id == "z" and graph.active[edge.child]:
            shapes, letters = told(program, "z", edge.arg)
            assert "G′ = ∂L/∂z" in shapes
            assert "G′" in letters
            assert "G′" in (backward.formula(graph, edge) or "G′")


def test_where_letters_are_few_none_is_a_node_of_the_edge() -> None:
    """Here i, j, k, l … are nodes of a long program."""
    text = (
        "X = randn(5, 2, seed=1); w = randn(2, seed=2); b = 0.1\n"
        "y = ([1, 0, 1, 1, 0]); p = sigmoid(X @ w + b)\n"
        "L = -mean(y * log(p) + (1 - y) * log(1 - p))"
    )
    assert every(text) > 10


def test_a_run_explains_itself() -> None:
    run = api.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z^2)").evaluate()
    assert run.explain("W[0, 1]") == "∂L/∂W[0, 1] = ∂L/∂z[0] · x[1] = 34 × 6 = 204"
    assert run.explain("z.1").count("\n") == 2
    assert run.explain("z").count("W is 2×2") == 1
    for key in ("q", "z.7", "z[9]", "z.", ""):
        with pytest.raises(ValueError, match=r"neither|arguments"):
            run.explain(key)


def test_numbers_are_explained_by_their_steps() -> None:
    run = api.parse("(4*x+1)^2").evaluate(x=1)
    assert run.explain("c").startswith("c = a · b = 4 × 1 = 4\n")


def test_what_is_masked_is_said_to_get_nothing() -> None:
    run = api.parse(
        "S = [[1, 2], [3, 4]]; m = where(tril(ones(2, 2)), S, -1e9); L = sum(softmax(m)^2)"
    ).evaluate()
    edge = next(edge for edge in run.graph.edges() if run.graph.nodes[edge.child].id == "S")
    assert "S[i,j] is in m[i,j] alone, and only where it is taken; elsewhere " in run.explain(f"m.{edge.arg}")
    assert run.gradient["S"][0, 1] == 0


def test_those_that_tie_are_said_to_share() -> None:
    """And what PyTorch does: its amax shares, its max_pool2d takes one of them."""
    pooled = api.parse("P = [[1, 1], [0, 1]]; M = max_pool(P, 2); L = sum(M)").evaluate()
    assert pooled.gradient["P"] == pytest.approx(np.array([[1, 1], [0, 1]]) / 3)
    told = pooled.explain("M.0")
    assert (
        "that cell gets G[i,j] from it, and of those that tie each has its share, as with PyTorch's amax"
        in told
    )
    largest = api.parse("x = [2, 2]; L = max(x)").evaluate()
    assert largest.gradient["x"].tolist() == [0.5, 0.5]
    assert "of those that tie each has its share, as with PyTorch's amax" in largest.explain("L.0")
