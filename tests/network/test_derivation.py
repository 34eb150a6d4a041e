"""The derivation of gradients of a network, as statements: each number is the graph's, wherever it is."""

import math
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.network import builder as networks
from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.network.derivation import Naming, block, blocks
from graphviz_backprop.network.recogniser import recognise
from tests.support.networks import ACTIVATIONS, ONE, SEVERAL, one_output

BY_HAND = {
    "softmax": networks.program(networks.architecture([2, 2, 3], "gelu", "softmax", "squared")),
    "linear": networks.program(networks.architecture([2, 3, 2], "leaky_relu", "linear", "mean_squared")),
    "logarithms": "a2_1 = sigmoid(w2_11 x1); a3_1 = sigmoid(w3_11 a2_1 + b3_1)\n"
    "C0 = -(y1 log(a3_1) + (1 - y1) log(1 - a3_1))",
    "another loss": "a2_1 = sigmoid(w2_11 x1); a3_1 = sigmoid(w3_11 a2_1)\nabs(a3_1 - y1)",
    "no loss": "a2_1 = sigmoid(w2_11 x1); a3_1 = tanh(w3_11 a2_1)",
    "many": networks.program(networks.architecture([2, 10, 2], "tanh", "sigmoid", "binary_cross_entropy")),
    "one weight": "a = sigmoid(w*x + b); C = (y - a)^2/2",
    "from 0": "1/(1+e^(-(w0*x0+w1*x1+w2)))",
    "pieces": "p = x1*w1; q = x2*w2; s = p + q; n = s + b; e = exp(2*n); o = (e - 1)/(e + 1)",
    "max": "max(0, w1*x1 + w2*x2 + w0)",
    **SEVERAL,
}
PROGRAMS = {name: preset.program for name, preset in PRESETS.items()} | BY_HAND


def number(tex, fields):
    """What a line of numbers comes to."""
    text = re.sub(r"⟨\(?([^⟩()]*)\)?⟩", lambda field: f"({fields[field[1]]!r})", tex)
    text = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"(\1 / \2)", text)
    for mark, sign in ((r"\times", "*"), (r"\left(", "("), (r"\right)", ")")):
        text = text.replace(mark, sign)
    return eval(text, {"nan": math.nan, "inf": math.inf})


def check(graph, at, rel=1e-12):
    """Every derivation of a network at a point."""
    network = recognise(graph)
    fields = graph.evaluate(at).fields()
    last = {neuron.name for neuron in network.layers[-1].neurons} if network.from_sums else set()
    sums = [neuron.sum_name for neuron in network.neurons.values()]
    for about in (*network.parameters, *(network.neurons.keys() - last), *network.inputs, *sums):
        for part in blocks(network, about):
            wanted = fields[part.result]
            terms = [number(term.tex("numbers"), fields) for term in part.terms]
            if not all(map(math.isfinite, (*terms, wanted))):
                continue  # ∞ · 0 on the way: the numbers that are shown say so
            size = max([1.0, *map(abs, terms)])
            assert sum(terms) == pytest.approx(wanted, rel=rel, abs=1e-14 * size), (about, part.name)


def test_a_long_sum_says_how_many_terms_it_has():
    """They are listed below it; dots said neither how many they were nor which."""
    graph = gb.parse(networks.program(networks.architecture([2, 2, 8], "tanh", "sigmoid", "squared")))
    found = block(recognise(graph), "a2_1")
    assert [line.tex for line in found.lines][-1] == r" = \sum \text{of 8 terms} = ⟨a2_1.gradient⟩"
    assert len(found.terms) == 8
    check(graph, dict.fromkeys(graph.variables, 0.3))
    for name, program in PROGRAMS.items():
        network = recognise(gb.parse(program))
        for about in network.parameters:
            assert not any(r"\dots" in line.tex for part in blocks(network, about) for line in part.lines), (
                name
            )


def spread(graph):
    return {name: 0.3 + 0.17 * (place % 7) for place, name in enumerate(graph.variables)}


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_numbers_come_to_the_gradient(name, view):
    graph = gb.parse(PROGRAMS[name], view)
    check(graph, spread(graph))


@pytest.mark.parametrize("loss", ONE)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_with_every_loss(activation, loss):
    """At ordinary points, at negative targets, and where sigmoids are saturated."""
    graph = gb.parse(one_output(activation, loss), "graph")
    draw = random.Random(f"{activation} {loss}")
    for scale in (1, 1, 4, 12):
        # Far out digits are lost where a difference is taken: 1 - a of a sigmoid, most of all.
        check(
            graph,
            {name: draw.uniform(-scale, scale) for name in graph.variables},
            1e-6 if scale > 1 else 1e-9,
        )


@given(
    st.sampled_from([*PROGRAMS]),
    st.sampled_from(["tree", "graph"]),
    st.lists(st.floats(-4, 4), min_size=40, max_size=40),
)
def test_at_any_point(name, view, numbers):
    graph = gb.parse(PROGRAMS[name], view)
    check(graph, {name: numbers[at % 40] for at, name in enumerate(graph.variables)}, 1e-8)


def formula(program, name="w2_11"):
    found = {line.kind: line.tex for line in block(recognise(gb.parse(program)), name).lines}
    return found.get("formula", found["symbols"])


@pytest.mark.parametrize(
    "loss", ["logarithms made safe", "logarithms clipped", "sign lost", "bounded", "huber"]
)
def test_another_loss_has_no_formula_of_a_known_one(loss):
    program = one_output("sigmoid", loss)
    assert "y_{1}" not in "".join(line.tex for line in block(recognise(gb.parse(program)), "w3_11").lines)


def test_a_factor_is_not_rounded():
    assert r"\frac{2}{3}\left(a_{1}^{(2)} - y_{1}\right)" in formula(SEVERAL["a mean"])
    assert r"0.123456\left(" in formula("a2_1 = tanh(w2_11*x1); 0.061728 (a2_1 - y1)^2")


def test_a_hidden_softmax_passes_on_what_comes_from_all_outputs():
    network = recognise(gb.parse(SEVERAL["hidden softmax, one output"]))
    names = [part.name for part in blocks(network, "w2_11")]
    assert names == ["w2_11", "z2_1", "a2_1", "a2_2"]
    terms = block(network, "z2_1").terms
    assert [term.unfolds for term in terms] == ["a2_1", "a2_2"]


def test_a_neuron_alone_keeps_its_names():
    network = recognise(gb.parse(SEVERAL["one neuron"]))
    (symbols, formula, explicit, _) = (line.tex for line in block(network, "w3").lines)
    assert (
        symbols.startswith(r"\frac{\partial g}{\partial w_{3}} = \frac{\partial g}{\partial a}")
        or "w_{3}" in symbols
    )
    assert formula == r" = 2\left(a - y\right) \cdot g'\left(z\right) \cdot x_{3}"
    assert explicit == r" = 2\left(a - y\right) \cdot a \cdot \left(1 - a\right) \cdot x_{3}"


def test_a_function_that_is_written_out_has_the_partials_along_its_path():
    program = "z2_1 = w2_11*x1; a2_1 = 1/(1 + exp(-z2_1)); (a2_1 - y1)^2"
    lines = {line.kind: line.tex for line in block(recognise(gb.parse(program)), "w2_11").lines}
    assert lines["numbers"].count(".partial)⟩") == 4  # of the quotient, the sum, exp and minus
    assert r"a_{1}^{(2)} \cdot \left(1 - a_{1}^{(2)}\right)" in lines["explicit"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_line_can_be_set(name):
    network = recognise(gb.parse(PROGRAMS[name]))
    for about in list(network.parameters)[:2]:
        for part in blocks(network, about, Naming("kj", "L")):
            assert all(line.mathml.startswith("<math") for line in part.lines)
            assert all(term.mathml("explicit").startswith("<math") for term in part.terms)


def test_a_weight_of_the_last_layer():
    network = recognise(gb.parse(PRESETS["neuron"].program))
    found = {line.kind: line.tex for line in block(network, "w2_13", Naming(layers="L")).lines}
    assert found["formula"] == (
        r" = 2\left(a_{1}^{(L)} - y_{1}\right) \cdot g'\left(z_{1}^{(L)}\right) \cdot x_{3}"
    )
    assert found["symbols"].startswith(
        r"\frac{\partial C_{0}}{\partial w_{13}^{(L)}} = \frac{\partial C_{0}}"
    )
    assert r"a_{1}^{(L)} \cdot \left(1 - a_{1}^{(L)}\right)" in found["explicit"]
    assert found["numbers"].endswith("⟨w2_13.total⟩")


def test_the_order_of_indices():
    network = recognise(gb.parse(PRESETS["pair"].program))
    assert "w_{23}^{(2)}" in block(network, "w2_23").lines[0].tex
    assert "w_{32}^{(2)}" in block(network, "w2_23", Naming("kj")).lines[0].tex
    with pytest.raises(ValueError, match="a naming is one of jk, kj"):
        Naming("ij")


def test_what_lies_further_back_unfolds_once():
    network = recognise(gb.parse(PRESETS["deep"].program))
    found = blocks(network, "w2_11")
    assert [part.name for part in found] == ["w2_11", "a2_1", "a3_1", "a3_2", "a3_3"]
    assert found[1].unfolds == ("a3_1", "a3_2", "a3_3")
    (first, *_) = found[1].terms
    assert (first.weight, first.unfolds) == ("w3_11", "a3_1")
    assert {"a3_1", "z3_1"} < set(first.nodes)


def test_a_tanh_squares_what_has_a_layer_on_it():
    network = recognise(gb.parse(PRESETS["deep"].program))
    explicit = next(line.tex for line in block(network, "b2_1").lines if line.kind == "explicit")
    assert r"\left(a_{1}^{(2)}\right)^{2}" in explicit


def test_a_name_that_is_not_there():
    with pytest.raises(ValueError, match="no weight, bias or neuron w9_11"):
        block(recognise(gb.parse(PRESETS["xor"].program)), "w9_11")


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("naming", [Naming(), Naming("kj", "L")])
def test_a_sum_with_its_sign_is_the_sum_of_its_terms(name, naming):
    network = recognise(gb.parse(PROGRAMS[name], view="graph"))
    for about in (*network.parameters, *network.inputs):
        for part in blocks(network, about, naming):
            written = [line for line in part.lines if line.kind == "sum"]
            for line in written:
                left, last, each = re.fullmatch(r"(.*) = \\sum_\{j=1\}\^\{(\d+)\} (.*)", line.tex).groups()
                assert left.startswith(r"\frac{\partial ")
                assert int(last) == len(part.terms)
                for number, term in enumerate(part.terms, 1):
                    assert each.replace("_{j}", f"_{{{number}}}") == term.tex("symbols")


def test_what_spreads_over_a_layer_is_written_with_its_sign():
    network = recognise(gb.parse(PROGRAMS["deep"], view="graph"))
    assert [line.kind for line in block(network, "a2_1").lines][:2] == ["sum", "symbols"]
    assert block(network, "w2_11").lines[0].kind == "symbols"
