"""The network's figure: every neuron and weight in it, nothing over anything, large layers as blocks."""

import re
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

import graphviz_backprop as gb
from graphviz_backprop.figure.network_places import (
    LEVELS,
    RADIUS,
    block_size,
    label_size,
    levels,
    plate,
    spread,
)
from graphviz_backprop.figure.network_sketch import DRAWN, blocks, loss_title, network_sketch, openable
from graphviz_backprop.figure.network_svg import draw_network
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


SIZES = (1.0, 1.0), (1.7, 1.0), (1.0, 2.3), (1.4, 1.4)
"""How much larger frames are than a level needs at least."""


def places(sketch, level, times):
    """The middles and sizes of circles with what is under them, and of labels."""
    size = (level.size[0] * times[0], level.size[1] * times[1])
    rows = spread(sketch)
    middles = [rows.middle(at, level, size) for at in range(len(sketch.marks))]
    boxes = []
    for mark, (x, y) in zip(sketch.marks, middles, strict=True):
        if mark.block:
            boxes.append((x, y, *block_size(mark)))
            continue
        wide, high = plate(sketch, mark, level.name)
        boxes.append((x, y + high / 2, max(wide, 2 * RADIUS), 2 * RADIUS + high))
    for at, share in level.spots.items():
        wire = sketch.wires[at]
        (x0, y0), (x1, y1) = middles[wire.child], middles[wire.parent]
        boxes.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, *label_size(wire)))
    return boxes, size


def apart(one, other):
    (x0, y0, w0, h0), (x1, y1, w1, h1) = one, other
    return abs(x0 - x1) >= (w0 + w1) / 2 - 1e-6 or abs(y0 - y1) >= (h0 + h1) / 2 - 1e-6


@pytest.mark.parametrize("level", range(len(LEVELS)))
@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_stands_over_anything_however_large_the_frame_is(name, level):
    sketch = network_sketch(NETWORKS[name])
    for times in SIZES:
        boxes, (width, height) = places(sketch, levels(sketch)[level], times)
        assert all(apart(one, other) for one, other in combinations(boxes, 2))
        for x, y, wide, high in boxes:
            assert wide / 2 <= x <= width - wide / 2
            assert high / 2 <= y <= height - high / 2


@pytest.mark.parametrize("name", NETWORKS)
def test_a_richer_level_asks_for_more_room(name):
    found = levels(network_sketch(NETWORKS[name]))
    assert [level.name for level in found] == list(LEVELS)
    for one, other in pairwise(found):
        assert one.size[0] <= other.size[0] or one.size[1] <= other.size[1]
    assert not found[0].spots and not found[1].spots


@pytest.mark.parametrize("sizes", [(2, 3, 1), (4, 8, 8, 2), (8, 8, 8, 4), (2, 3, 3, 1)])
def test_the_rows_fill_the_height(sizes):
    """Layers are spread over it: the largest one leaves less than half a row above and below itself."""
    rows = spread(network_sketch(network(sizes)))
    first = {column: [] for column in rows.columns}
    for column, row in zip(rows.columns, rows.rows, strict=True):
        first[column].append(row)
    most = max(first.values(), key=len)
    assert (most[0], most[-1]) == (0.5 / len(most), 1 - 0.5 / len(most))
    assert len(most) == max(sizes)


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
    assert sorted(weights) == sorted([*names, *names])  # a line and its label
    shown = {e.attrib["data-field"]: e.text for e in root.iter() if "data-field" in e.attrib}
    assert all(text for text in shown.values())
    assert {f"{name}.total" for name in names} <= shown.keys()
    assert shown.keys() <= run.fields().keys()


def test_a_file_has_each_number_once_and_a_page_every_level():
    found = NETWORKS["deep"]
    figure = draw_network(network_sketch(found))
    fields = re.findall('data-field="([^"]*)"', figure.template)
    assert len(fields) == len(set(fields))
    assert set(re.findall('data-field="([^"]*)"', figure.live)) == set(fields)
    assert 'class="few"' in figure.live
    assert 'class="few"' not in figure.template
    assert 'data-inputs="x1 x2"' in figure.live
    for only_live in ("data-inputs", "data-levels", "data-spots", "data-ends"):
        assert only_live in figure.live
        assert only_live not in figure.template


def test_names_are_set_with_their_indices():
    root = ElementTree.fromstring(draw_network(network_sketch(NETWORKS["blocks"])).template)
    names = ["".join(text.itertext()) for text in root.iter("text") if text.attrib["class"] == "name"]
    assert names[:2] == ["x1", "x2"]
    assert "a2(5)" in names


def test_an_angle_bracket_of_a_function_is_no_markup():
    program = "z2_1 = w2_11*x1; a2_1 = where(z2_1 < 0, z2_1/9, z2_1); (a2_1 - y1)^2"
    figure = draw_network(network_sketch(recognise(gb.parse(program))))
    ElementTree.fromstring(figure.template)
    ElementTree.fromstring(figure.live)


def test_presets_carry_all_their_labels():
    for name in PRESETS:
        sketch = network_sketch(NETWORKS[name])
        weights = {at for at, wire in enumerate(sketch.wires) if wire.weight}
        assert levels(sketch)[-1].spots.keys() == weights


def test_many_weights_show_no_numbers():
    sketch = network_sketch(NETWORKS["wide"])
    assert sum(bool(wire.weight) for wire in sketch.wires) == 128
    assert not any(wire.lines for wire in sketch.wires)


def test_large_layers_are_blocks_that_open():
    found = NETWORKS["blocks"]
    assert blocks(found) == (2, 3)
    assert blocks(found, [2]) == (3,)
    assert blocks(found, [2, 3]) == (3,)  # 64 neurons are too many for anyone
    columns = network_sketch(found).columns
    assert (columns[2].title, columns[2].note) == ("layer 3", "sigmoid")
    assert columns[2].marks[0].notes == ("64 neurons", "1,088 parameters")
    with Layout() as layout:
        assert re.findall(r'data-block="(\d+)"', layout.network(found).template) == ["2"]
    assert openable(found) == (2,)
    assert openable(found, [2]) == ()
    opened = network_sketch(found, [2])
    assert sum(mark.neuron.startswith("a2_") for mark in opened.marks) == 16


def test_no_more_is_drawn_than_can_be_seen():
    found = network([8, *[8] * 8, 8])
    closed = blocks(found)
    sketch = network_sketch(found, range(2, 10))
    assert 8 * (10 - len(closed)) <= DRAWN["neurons"]
    assert len(sketch.marks) < 100


@pytest.mark.parametrize("name", NETWORKS)
def test_wires_run_from_a_column_to_the_next(name):
    """Values go to the right, but the targets': they are behind the loss."""
    found = NETWORKS[name]
    sketch = network_sketch(found)
    columns = spread(sketch).columns
    for wire in sketch.wires:
        back = sketch.marks[wire.child].name in found.targets
        assert columns[wire.parent] - columns[wire.child] == (-1 if back else 1)
    assert re.fullmatch(r"Neural network [\d-]+; its output is \w+", sketch.about)


def test_the_loss_is_called_what_it_is():
    titles = {
        "(a2_1 - y1)^2": "squared error",
        "(a2_1 - y1)^2 / 2": "1/2 · squared error",
        "0.3*(a2_1 - y1)^2": "3/10 · squared error",
        "(a2_1 - y1)^4": "",
    }
    for loss, title in titles.items():
        found = recognise(gb.parse(f"a2_1 = tanh(w2_11*x1); {loss}"))
        assert loss_title(found) == title
    assert (
        loss_title(replace(found, loss="squared", factor=found.factor / 3000)) == "0.0003333 · squared error"
    )


def test_only_two_inputs_have_surfaces():
    assert network_sketch(NETWORKS["deep"]).planar
    assert not network_sketch(NETWORKS["neuron"]).planar
    centres = {mark.name: mark.centre for mark in network_sketch(NETWORKS["deep"]).marks}
    assert (centres["a2_1"], centres["a4_1"]) == (0, 0.5)


@pytest.mark.parametrize(
    "shape",
    [
        {"sizes": [2, 3, 2], "activation": "tanh", "output": "sigmoid", "loss": "squared"},
        {"sizes": [3, 2, 2], "output": "softmax", "loss": "categorical_cross_entropy"},
        {"sizes": [2, 20, 2, 1], "output": "linear", "loss": "squared"},
    ],
)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_what_goes_along_lines_is_what_neurons_say_and_what_comes_back_sums_up(
    shape: dict[str, Any], view: str
) -> None:
    built = gb.network(**shape, init="xavier", seed=1)
    graph = gb.parse(built.text, view=view)
    network = recognise(graph)
    numbers = {name: 0.3 * at for at, name in enumerate((*network.inputs, *network.targets), 1)}
    fields = graph.evaluate({**built.start, **numbers}).fields()
    drawn = network_sketch(network)
    marks = drawn.marks
    first = {layer.neurons[0].a: layer for layer in network.layers}
    assert all(wire.into in (*first, network.output) for wire in drawn.wires)
    back: dict[int, float] = {}
    for wire in drawn.wires:
        assert 1 <= len(wire.up) <= 4 and len(wire.down) <= 4
        if wire.weight:
            (up,), (down,) = wire.up, wire.down
            assert fields[up] == fields[f"{marks[wire.child].id}.value"]
            back[wire.child] = back.get(wire.child, 0.0) + (fields[down] or 0.0)
    for at, flow in back.items():
        mark = marks[at]
        whole = f"{mark.name}.total" if mark.kind == "var" else f"{mark.id}.gradient"
        assert flow == pytest.approx(fields[whole], rel=1e-9, abs=1e-12)
