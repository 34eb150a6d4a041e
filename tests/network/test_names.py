"""The names of a network's parts: read as they are written, and set as the formulas of a program set them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.language.printers import tex_name
from graphviz_backprop.network.names import LAYERED, LONE, Lone, Part, average, lone, unclear

numbers = st.integers(1, 64)
narrow = st.integers(1, 9)


@given(st.integers(2, 12), numbers, numbers)
def test_a_weight_is_read_as_it_is_written(layer, at, start):
    part = Part("w", layer, at, start)
    assert LAYERED.weight(LAYERED.name(part, wide=True)) == part
    if max(at, start) < 10:
        assert LAYERED.weight(LAYERED.name(part)) == part
    else:
        assert LAYERED.weight(LAYERED.name(part)) != part


@given(numbers)
def test_the_weights_of_a_neuron_alone(k):
    part = Part("w", 2, 1, k)
    assert LONE.weight(LONE.name(part)) == part


@given(st.sampled_from("wbza"), st.integers(2, 12), narrow, narrow)
def test_a_derivation_sets_names_as_a_program_does(letter, layer, at, start):
    part = Part(letter, layer, at, start if letter == "w" else 0)
    assert LAYERED.tex(part, str(layer), "jk", wide=False) == tex_name(LAYERED.name(part))
    assert LAYERED.tex(part, str(layer), "jk", wide=True) == tex_name(LAYERED.name(part, wide=True))


@pytest.mark.parametrize("letter", "wbza")
def test_names_of_a_neuron_alone_are_set_as_a_program_sets_them(letter):
    part = Part(letter, 2, 1, 3 if letter == "w" else 0)
    assert LONE.tex(part, "L", "kj", wide=False) == tex_name(LONE.name(part))


def test_orders_of_indices():
    part = Part("w", 2, 1, 3)
    assert LAYERED.tex(part, "L-1", "kj", wide=False) == "w_{31}^{(L-1)}"
    assert LAYERED.tex(part, "2", "jk", wide=True) == "w_{1,3}^{(2)}"


@pytest.mark.parametrize("name", ["w2", "w2_1", "b2_1", "w_13", "x1", "w2_1_1_1", "ww2_11", ""])
def test_what_is_no_weight(name):
    assert LAYERED.weight(name) is None


def test_a_name_that_could_be_several_weights():
    assert [unclear(name) for name in ("w2_113", "w2_13", "w2_1_13")] == [True, False, False]


def test_inputs_and_averages():
    assert [LAYERED.input(name) for name in ("x1", "x_12", "x", "xa", "y1")] == [1, 12, None, None, None]
    assert [average(name) for name in ("C0", "C10", "loss", "0")] == ["C", "C10", "loss", "0"]


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ("w1 x1 w2 x2 b", Lone()),
        ("w1 x1 w2 x2", Lone()),
        ("w_1 x_1 b_1", Lone(bias="b_1")),
        ("w0 x0 w1 x1 b", Lone(0)),
        ("w0 w1 x1 w2 x2", Lone(bias="w0")),
        ("w0 x0 w1 x1 w2", Lone(0, "w2")),
        ("w x b y", Lone(bare=True)),
        ("w x", None),
        ("w b", None),
        ("w1 w2 b", None),
        ("x1 x2 b", None),
        ("w1 x1 w2", None),
        ("w1 x1 x2", None),
        ("w2 x2 w3 x3", None),
        ("w0 w1 x1 b", None),
        ("w0 w1 w2 x2", None),
        ("w x b w1", None),
    ],
)
def test_how_a_neuron_alone_is_called(variables, found):
    assert lone(variables.split()) == found


@pytest.mark.parametrize("names", [Lone(0), Lone(0, "w2"), Lone(bias="w0"), Lone(bare=True)])
def test_weights_and_inputs_are_counted_from_the_first(names):
    for start in (1, 2) if not names.bare else (1,):
        part = Part("w", 2, 1, start)
        assert names.weight(names.name(part)) == part
        assert names.input(names.name(part).replace("w", "x")) == start
    assert names.weight(names.bias) is None
    assert names.name(Part("b", 2, 1)) == names.bias
