"""A network's neurons are groups."""

import pytest

import graphviz_backprop as gb
from graphviz_backprop.language.folding import Fold, fold


def test_each_neuron_is_a_group_with_its_weights() -> None:
    graph = gb.network([2, 3, 1], view="graph")
    neurons = [group for group in graph.groups if group.kind == "neuron"]
    assert sorted(graph.nodes[group.output].id for group in neurons) == ["a2_1", "a2_2", "a2_3", "a3_1"]
    inside = {graph.nodes[at].name for at in neurons[0].nodes} - {""}
    assert inside == {"w3_11", "w3_12", "w3_13", "b3_1"}
    assert all("neuron" in group.title for group in neurons)


def test_what_is_no_network_has_none() -> None:
    assert not [group for group in gb.parse("(4*x + 1)^2 + sin(x)").groups if group.kind == "neuron"]


def test_the_closed_neurons_of_a_layer_are_one_box_until_it_is_opened() -> None:
    graph = gb.network([4, 8, 8, 2])
    shown = graph.folded()
    layers = [(box.layer[0].layer, len(box.layer)) for box in shown.boxes if box.layer]
    assert layers == [("layer 2", 8), ("layer 3", 8), ("layer 4", 2)]
    assert len(shown.boxes) == 6
    for number, box in enumerate(shown.boxes):  # arguments first
        assert all(entry.box < number for entry in box.inputs)
    opened = graph.folded(open="a3_1~layer")
    assert sum(box.group is not None and box.group.layer == "layer 3" for box in opened.boxes) == 8
    assert [(group.title, len(members)) for group, members in opened.frames] == [("layer 3", 8)]
    assert sum(bool(box.layer) for box in opened.boxes) == 2
    # In focus there are fewer boxes: all neurons of a layer stay closed, or none does.
    part = graph.folded(focus="w2_11")
    assert not [group for group in graph.groups if group.layer and group not in part.whole.closed]
    # One neuron opened, and its layer is seen.
    one = graph.folded(open="a3_5")
    assert [box.layer[0].layer for box in one.boxes if box.layer] == ["layer 2", "layer 4"]
    assert not any(box.layer for box in graph.folded(open="all").boxes)


def test_a_line_between_layers_stands_for_all_of_its_edges() -> None:
    graph = gb.network([4, 8, 8, 2])
    shown = graph.folded()
    line = shown.line("a2_1~layer.a3_1~layer")
    assert line is not None
    ends = {graph.nodes[child].id for _, child in line.edges}
    assert (len(line.edges), ends) == (64, {f"a2_{k}" for k in range(1, 9)})
    assert {key.partition(".")[0] for key, _ in line.edges} == {f"a3_{k}~0" for k in range(1, 9)}
    # Its numbers are those of the whole: every edge has its value, partial and flow.
    run = graph.evaluate(dict.fromkeys(graph.variables, 0.3))
    fields = run.shown(shown)
    assert all(fields[f"{key}.{word}"] is not None for key, _ in line.edges for word in ("value", "flow"))
    assert sum(fields[f"{key}.flow"] for key, child in line.edges if graph.nodes[child].id == "a2_1") == (
        pytest.approx(run.gradients[graph.positions["a2_1"]])
    )


def test_layers_of_networks_written_by_hand() -> None:
    """Without headings, with names of one's own for neurons; the sum of a neuron is nowhere named."""
    names = "pqrsu"
    every = list(enumerate(names, 1))
    first = [f"{n} = tanh(w2_{k}1*x1 + w2_{k}2*x2 + b2_{k})" for k, n in every]
    sums = {n: " + ".join(f"w3_{k}{j}*{o}" for j, o in every) for k, n in every}
    second = [f"{n}2 = tanh({sums[n]} + b3_{k})" for k, n in every]
    out = "(" + " + ".join(f"w4_1{k}*{n}2" for k, n in every) + " + b4_1 - y)^2"
    graph = gb.parse("\n".join([*first, *second, out]), "graph")
    shown = graph.folded()
    found = [len(box.layer) for box in shown.boxes if box.layer]
    assert found == [5, 5]


def test_a_deep_network_is_layers_and_not_pieces_of_one_size() -> None:
    graph = gb.network([2, 4, 4, 4, 4, 1])
    shown = graph.folded()
    assert [box.called for box in shown.boxes if box.layer] == ["layer 2", "layer 3 to layer 5"]
    assert not any(box.group and box.group.kind == "part" for box in shown.boxes)


def deep(layers: int, size: int) -> str:
    """A network of equal layers, as text: the builder makes fewer."""
    lines, before = [], [f"x{k}" for k in range(1, size + 1)]
    for layer in range(2, layers + 2):
        for j in range(1, size + 1):
            terms = " + ".join(f"w{layer}_{j}{k}*{name}" for k, name in enumerate(before, 1))
            lines.append(f"a{layer}_{j} = tanh({terms} + b{layer}_{j})")
        before = [f"a{layer}_{j}" for j in range(1, size + 1)]
    last = " + ".join(f"w{layers + 2}_1{k}*{name}" for k, name in enumerate(before, 1))
    return "\n".join([*lines, f"({last} - y1)^2"])


@pytest.mark.parametrize("layers", [3, 10, 24])
def test_equal_layers_are_one_box_until_they_are_opened(layers: int) -> None:
    graph = gb.parse(deep(layers, 4), "graph")
    shown = graph.folded()
    (stack,) = [box for box in shown.boxes if box.layer]
    assert (stack.called, len(stack.members)) == (f"layer 2 to layer {layers + 1}", 4 * layers)
    assert len(shown.boxes) <= 15
    for number, box in enumerate(shown.boxes):  # arguments first, and none of itself
        assert all(entry.box < number for entry in box.inputs)
    # What leads into it and out of it are edges with numbers.
    run = graph.evaluate({name: 0.1 + 0.01 * at for at, name in enumerate(graph.variables)})
    fields = run.shown(shown)
    before = next(box for box in shown.boxes if box.bundle)
    entering = shown.line(f"{shown.line_key(shown.boxes.index(stack), shown.boxes.index(before))}")
    assert entering is not None and len(entering.edges) == 16
    flows = [fields[f"{key}.flow"] for key, child in entering.edges if graph.nodes[child].name == "x1"]
    assert sum(flows) == pytest.approx(run.gradient["x1"])
    opened = graph.folded(open="a2_1~layers")
    assert [box.called for box in opened.boxes if box.layer] == [f"layer {n}" for n in range(2, layers + 2)]
    assert [group.id for group, _ in opened.frames] == ["a2_1~layers"]
    assert f"{layers} × 4 neurons" in run.svg() and f"in layer {layers + 1}" in run.svg()


def layers_of(shown: Fold) -> list[str]:
    return [box.called for box in shown.boxes if box.layer]


def test_a_layer_that_is_opened_inside_an_opened_stack_leaves_the_others_in_its_frame() -> None:
    graph = gb.parse(deep(10, 4), "graph")
    single = [f"layer {n}" for n in range(2, 12)]
    for layer in (2, 5, 11):
        shown = graph.folded(open=["a2_1~layers", f"a{layer}_1~layer"])
        assert layers_of(shown) == [name for name in single if name != f"layer {layer}"]
        (stack, around), (opened, inner) = shown.frames
        assert (stack.id, stack.title) == ("a2_1~layers", "layer 2 to layer 11")
        assert (opened.title, len(inner), len(around)) == (f"layer {layer}", 4, 13)
        assert set(inner) < set(around)
    # Closed again it is one box, whatever was opened in it; and there once more where it is opened next.
    shown = fold(graph, graph.groups, ["a5_1~layer", "a7_2"], ["a2_1~layers"])
    assert layers_of(shown) == ["layer 2 to layer 11"]
    # Who opens a layer alone sees those before and behind it as one box each, which open by themselves.
    assert layers_of(graph.folded(open="a5_1~layer")) == ["layer 2 to layer 4", "layer 6 to layer 11"]
    shown = graph.folded(open=["a5_1~layer", "a6_1~layers"])
    assert layers_of(shown) == ["layer 2 to layer 4", *single[4:]]


def test_layers_that_differ_are_no_stack() -> None:
    text = deep(6, 4).replace("a4_2 = tanh", "a4_2 = sin")  # layer 4 is none of a network, or another one
    shown = gb.parse(text, "graph").folded()
    assert not any(len(box.layers) > 4 for box in shown.boxes)
    assert not any(len(box.layers) > 1 for box in gb.network([4, 4, 4, 1], view="graph").folded().boxes)
