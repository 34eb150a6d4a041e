"""A network's neurons are groups."""

import graphviz_backprop as gb


def test_each_neuron_is_a_group_with_its_weights() -> None:
    graph = gb.network([2, 3, 1], view="graph")
    neurons = [group for group in graph.groups if group.kind == "neuron"]
    assert sorted(graph.nodes[group.output].id for group in neurons) == ["a2_1", "a2_2", "a2_3", "a3_1"]
    inside = {graph.nodes[at].name for at in neurons[0].nodes} - {""}
    assert inside == {"w3_11", "w3_12", "w3_13", "b3_1"}
    assert all("neuron" in group.title for group in neurons)


def test_what_is_no_network_has_none() -> None:
    assert not [group for group in gb.parse("(4*x + 1)^2 + sin(x)").groups if group.kind == "neuron"]
