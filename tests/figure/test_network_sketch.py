"""The network's figure: every neuron and weight in it, nothing over anything, large layers as blocks."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

import graphviz_backprop as gb
from graphviz_backprop.figure.network_sketch import DRAWN, blocks, network_sketch
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.network import builder as networks
from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.network.recogniser import recognise


def network(sizes, **choice):
    return recognise(gb.parse(networks.program(networks.architecture(sizes, **choice))))


NETWORKS = {name: recognise(gb.parse(preset.program)) for name, preset in PRESETS.items()} | {
    "wide": network([8, 8, 8]),
    "blocks": network([4, 16, 64, 3, 2]),
    "many layers": network([2, *[3] * 8, 2], activation="linear", output="linear"),
    "six": network([4, 6, 4]),
    "no loss": recognise(gb.parse("a2_1 = tanh(w2_11 x1)")),
}


def apart(one, other, gap=0.0):
    (x0, y0, w0, h0), (x1, y1, w1, h1) = one, other
    return abs(x0 - x1) >= (w0 + w1) / 2 + gap or abs(y0 - y1) >= (h0 + h1) / 2 + gap


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_stands_over_anything(name):
    sketch, grid = network_sketch(NETWORKS[name])
    boxes = [(*grid.box(at), box.width, box.height) for at, box in enumerate(sketch.boxes)]
    labels = [
        (*place, wire.width, wire.height)
        for at, wire in enumerate(sketch.wires)
        if (place := grid.texts(at)) is not None
    ]
    assert all(apart(one, other) for one, other in combinations([*boxes, *labels], 2))
    for x, y, width, height in [*boxes, *labels]:
        assert width / 2 <= x <= grid.size[0] - width / 2
        assert height / 2 <= y <= grid.size[1] - height / 2
    assert len(labels) == sum(bool(wire.lines) for wire in sketch.wires)


@pytest.mark.parametrize("name", PRESETS)
def test_every_neuron_and_weight_with_its_numbers(name):
    found, preset = NETWORKS[name], PRESETS[name]
    with Layout() as layout:
        figure = layout.network(found)
        assert layout.network(found) is figure
    run = gb.parse(preset.program).evaluate({**preset.initial, **preset.at})
    root = ElementTree.fromstring(figure.printed(run.fields()))
    neurons = {e.attrib["data-neuron"] for e in root.iter() if "data-neuron" in e.attrib}
    assert neurons == {*found.neurons, *found.inputs, *found.targets}
    weights = [e.attrib["data-weight"] for e in root.iter() if "data-weight" in e.attrib]
    names = [weight.name for neuron in found.neurons.values() for weight in neuron.weights]
    assert sorted(set(weights)) == sorted(names)
    shown = {e.attrib["data-field"]: e.text for e in root.iter() if "data-field" in e.attrib}
    assert all(text for text in shown.values())
    assert {f"{name}.total" for name in names} <= shown.keys()
    assert shown.keys() <= run.fields().keys()


def test_presets_carry_all_their_labels():
    for name in PRESETS:
        sketch, _ = network_sketch(NETWORKS[name])
        assert all(wire.lines for wire in sketch.wires if wire.weight)


def test_many_weights_show_no_numbers():
    sketch, _ = network_sketch(NETWORKS["wide"])
    assert sum(bool(wire.weight) for wire in sketch.wires) == 128
    assert not any(wire.lines for wire in sketch.wires)


def test_large_layers_are_blocks_that_open():
    found = NETWORKS["blocks"]
    assert blocks(found) == (2, 3)
    assert blocks(found, [2]) == (3,)
    assert blocks(found, [2, 3]) == (3,)  # 64 neurons are too many for anyone
    sketch, _ = network_sketch(found)
    texts = {box.id: (box.title, *box.notes) for box in sketch.boxes if box.notes}
    assert texts["~layer3"] == ("layer 3", "64 neurons, sigmoid", "1,088 parameters")
    with Layout() as layout:
        assert re.findall(r'data-block="(\d+)"', layout.network(found).template) == ["2", "3"]
    opened, _ = network_sketch(found, [2])
    assert sum(box.neuron.startswith("a2_") for box in opened.boxes) == 16


def test_no_more_is_drawn_than_can_be_seen():
    found = network([8, *[8] * 8, 8])
    closed = blocks(found)
    sketch, _ = network_sketch(found, range(2, 10))
    assert 8 * (10 - len(closed)) <= DRAWN["neurons"]
    assert len(sketch.boxes) < 100


@pytest.mark.parametrize("name", NETWORKS)
def test_wires_run_to_the_right(name):
    sketch, grid = network_sketch(NETWORKS[name])
    for at in range(len(sketch.wires)):
        xs = [x for x, _ in grid.curves(at)[0]]
        assert all(one < other for one, other in pairwise(xs))
    assert re.fullmatch(r"Neural network [\d-]+; its output is \w+", sketch.about)
