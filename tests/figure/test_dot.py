"""Sketches and DOT: what is drawn at which size, and texts that no name can break."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygraphviz import AGraph

import graphviz_backprop as gb
from graphviz_backprop.engine import autodiff
from graphviz_backprop.figure import dot
from graphviz_backprop.figure import names as module
from graphviz_backprop.figure.names import set_width, width
from graphviz_backprop.figure.network_sketch import network_sketch
from graphviz_backprop.figure.sketch import TITLE, Sketch, shortened, sketch, straightened
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.folding import fold
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.groups import grouped
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.parser import parse
from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.network.recogniser import recognise


def chain(length: int) -> Graph:
    """x + x + ... in the graph view, a node after the other."""
    nodes = [Node("x", "var", (), (0, 1), name="x")]
    nodes += [Node(f"n{i}", "add", (i, 0), (0, 1)) for i in range(length - 1)]
    return Graph("", "graph", tuple(nodes))


def named(name: str) -> Graph:
    """A program that this language does not let anyone write."""
    ids = [f"{letter}{name}" for letter in "abc"]
    leaf, number = Node(ids[0], "var", (), (0, 1), name=name), Node(ids[1], "const", (), (0, 1), "2", 2.0)
    return Graph("", "tree", (leaf, number, Node(ids[2], "mul", (0, 1), (0, 1))))


def roles(drawn: Sketch) -> set[str]:
    return {line.role for wire in drawn.wires for line in wire.lines}


def test_a_small_picture_says_everything() -> None:
    drawn = sketch(parse("(4*x+1)^2"))
    titles = {box.id: (box.title, [line.field for line in box.lines]) for box in drawn.boxes}
    assert titles["c"] == ("c = a · b", ["c.value", "c.gradient"])
    assert titles["a"] == ("", ["a.value"])
    texts = {wire.key: [(line.caption, line.field) for line in wire.lines] for wire in drawn.wires}
    assert texts["c.0"] == [("↑", "c.0.value")]
    assert texts["c.1"] == [("↑", "c.1.value"), ("∂c/∂b =", "c.1.partial"), ("↓", "c.1.flow")]
    assert [box.output for box in drawn.boxes] == [False] * 6 + [True]


def test_arrows_follow_the_direction() -> None:
    drawn = sketch(parse("-x"), "right")
    assert [line.caption for line in drawn.wires[0].lines] == ["→", "∂b/∂a =", "←"]


def test_edges_that_share_a_derivative_do_not_claim_to_be_all_of_it() -> None:
    drawn = sketch(parse("x*x", view="graph"))
    assert [wire.lines[1].caption for wire in drawn.wires] == ["by argument 1: ×", "by argument 2: ×"]


def test_a_constant_whose_value_is_not_its_text_shows_both() -> None:
    drawn = sketch(parse("pi*x + 0.50"))
    shown = {box.title: len(box.lines) for box in drawn.boxes if box.kind == "const"}
    assert shown == {"a = pi": 1, "d = 0.50": 1}


def test_what_no_variable_reaches_is_inactive() -> None:
    drawn = sketch(parse("sin(2) * x"))
    assert {box.id: box.active for box in drawn.boxes} == {"a": False, "b": False, "c": True, "d": True}
    assert [line.field for line in drawn.boxes[1].lines] == ["b.value"]


@pytest.mark.parametrize(
    ("program", "view", "texts", "curved"),
    [
        ("+".join(["x"] * 30), "tree", {"value", "partial", "flow"}, True),
        ("+".join(["x"] * 50), "tree", {"partial"}, True),
        ("+".join(["x"] * 100), "tree", set(), True),
        ("+".join(["x"] * 40), "graph", set(), True),
        ("+".join(["x"] * 60), "graph", set(), False),
    ],
)
def test_large_graphs_say_less(program: str, view: str, texts: set[str], curved: bool) -> None:
    drawn = sketch(parse(program, view=view))
    assert (roles(drawn), drawn.curved) == (texts, curved)


def test_straightened_has_the_same_boxes_and_no_texts() -> None:
    drawn = sketch(parse("(4*x+1)^2"))
    plain = straightened(drawn)
    assert (plain.boxes, roles(plain), plain.curved) == (drawn.boxes, set(), False)


def test_too_large_says_how_large() -> None:
    assert sketch(parse("+".join(["x"] * 201))).plain
    assert sketch(chain(399)).plain
    assert not sketch(parse("+".join(["x"] * 200))).plain


def test_long_titles_are_cut_and_whole_in_the_tooltip() -> None:
    box = sketch(parse("a_very_long_name_for_one_loss = x^2")).boxes[-1]
    assert box.title.endswith("…")
    assert box.tooltip == "a_very_long_name_for_one_loss = a ^ b"
    assert set_width(box.title, TITLE) < box.width


def test_a_call_is_cut_behind_an_argument() -> None:
    names = ", ".join(f"q_3_{k}" for k in range(9))
    program = (
        f"head({names.replace('q_3_', 'q')}) = q0 * q1 + q2 * q3 + q4 * q5 + q6 * q7 + q8\nh = head({names})"
    )
    graph = parse(program)
    drawn = sketch(fold(graph, grouped(graph), shut=["all"]))
    box = next(box for box in drawn.boxes if box.group)
    assert box.title == "h = head(q_3_0, q_3_1, …)"
    assert box.tooltip == f"h = head({names})"
    assert set_width(box.title, TITLE) < box.width


@given(st.text(), st.integers(20, 200))
def test_shortened_fits(text: str, room: int) -> None:
    cut = shortened(text, room, 10)
    assert set_width(cut, 10) <= room
    assert cut == text or cut.endswith("…")


@given(st.text("iWx…→ 世", max_size=60), st.integers(20, 200))
def test_shortened_keeps_as_much_as_fits(text: str, room: int) -> None:
    cut = shortened(text, room, 10)
    longer = [text[:letters].rstrip() + "…" for letters in range(len(cut), len(text))]
    assert cut == text or all(width(one, 10) > room for one in longer if len(one) > len(cut))


def test_shortening_measures_a_long_text_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = 0
    letter_width = module._em

    def counted(letter: str) -> float:
        nonlocal measured
        measured += 1
        return letter_width(letter)

    monkeypatch.setattr(module, "_em", counted)
    assert len(shortened("9" * 50_000, 170, 15)) == 16
    assert 50_000 <= measured < 1_000_000


@pytest.mark.parametrize("direction", ["up", "right"])
def test_layout_sees_sizes_and_no_text(direction: str) -> None:
    source = dot.for_layout(sketch(parse("secret = x + y"), direction))
    assert "secret" not in source
    assert set(AGraph(source).nodes()) == {"0", "1", "2", "t0", "t1"}


def test_layout_is_the_same_for_other_names_of_the_same_length() -> None:
    first, second = (dot.for_layout(sketch(parse(program))) for program in ("u = 2x; u*y", "v = 2z; v*k"))
    assert first == second


def test_people_get_all_numbers() -> None:
    graph = parse("(4*x+1)^2")
    source = dot.for_people(graph, autodiff.compile(graph)({"x": 1.0}, 1.0).fields())
    assert r'c [label="c = a · b\nvalue 4\ngrad 10"' in source
    assert r'b -> c [label="value 1\npartial 4\nflow 40"]' in source
    assert "rankdir=BT" in source


# A colon would name a port: the only character that has a meaning outside of labels.
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0:"), min_size=1))
def test_any_name_is_only_a_name(name: str) -> None:
    graph = named(name)
    fields = {f"{node.id}.{number}": 1.0 for node in graph.nodes for number in ("value", "gradient")}
    edges = {
        f"{graph.output.id}.{arg}.{number}": 2.0 for arg in (0, 1) for number in ("value", "partial", "flow")
    }
    drawn = AGraph(dot.for_people(graph, fields | edges))
    assert (len(drawn.nodes()), len(drawn.edges())) == (3, 2)
    AGraph(dot.for_layout(sketch(graph)))


def test_a_network_for_people_is_drawn_by_graphviz_layer_by_layer() -> None:
    preset = PRESETS["deep"]
    graph = gb.parse(preset.program, "graph")
    fields = graph.evaluate({**preset.initial, **preset.at}).fields()
    sketch = network_sketch(recognise(graph))
    text = dot.network_for_people(sketch, fields)
    assert f"w3_12 {format_number(fields['w3_12.total'])}" not in text  # the gradient is called ∂
    assert f"∂ {format_number(fields['w3_12.total'])}" in text
    with Layout() as layout:
        places = json.loads(layout.place(text))
    x = {node["name"]: float(node["pos"].split(",")[0]) for node in places["objects"]}
    assert x["a2_1"] == x["a2_2"] == x["a2_3"] < x["a3_1"] == x["a3_3"] < x["a4_1"] < x["C0"]


@pytest.mark.parametrize("view", ["tree", "graph"])
def test_two_edges_between_the_same_nodes_say_which_argument_each_is(view: str) -> None:
    run = gb.parse("y = x^2\ny^y", view).evaluate(x=2)
    name = run.graph.output.id
    said = [line.caption for wire in sketch(run.graph).wires for line in wire.lines if line.role == "partial"]
    assert [caption for caption in said if "argument" in caption] == ["by argument 1: ×", "by argument 2: ×"]
    assert not any(caption.startswith(f"∂{name}/") for caption in said)
    source = dot.for_people(run.graph, run.fields())
    assert [source.count(f"partial by argument {arg}") for arg in (1, 2, 3)] == [1, 1, 0]
    assert run.svg().count("by argument") == 2
