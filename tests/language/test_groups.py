"""Groups: sets of nodes with one output, nested, from the text and the shape of a graph."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_backprop.language.expand import expand
from graphviz_backprop.language.folding import closed_groups, entries, fold, folded, unfolded
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.groups import FEW, Group, grouped
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.pinned import pinned
from tests.support.programs import programs

views = st.sampled_from(["tree", "graph"])


def by_title(graph: Graph) -> dict[str, Group]:
    return {group.title: group for group in grouped(graph)}


def ids(graph: Graph, group: Group) -> set[str]:
    return {graph.nodes[at].id for at in group.nodes}


def check(graph: Graph, groups: tuple[Group, ...]) -> None:
    """What holds of all groups."""
    users: list[set[int]] = [set() for _ in graph.nodes]
    for edge in graph.edges():
        users[edge.child].add(edge.parent)
    known: dict[str, set[int]] = {"": set(range(len(graph.nodes)))}
    for group in groups:
        nodes = set(group.nodes)
        assert group.output == group.nodes[-1] == max(nodes)
        assert len(nodes) > 1
        for at in nodes - {group.output}:
            assert users[at] <= nodes, f"{group} has another output"
        assert nodes < known[group.parent] or not group.parent  # outer ones come first
        known[group.id] = nodes
    assert len(known) == len(groups) + 1
    for one in known.values():
        for other in known.values():
            assert one <= other or other <= one or not one & other


@settings(max_examples=50)
@given(text=programs(size=8), view=views)
def test_groups_of_random_programs_have_one_output_and_are_nested(text: str, view: str) -> None:
    graph = parse(text, view)
    check(graph, grouped(graph))
    whole = expand(graph)
    check(whole, grouped(whole))
    if graph.variables:
        held = pinned(whole, {graph.variables[0]: 2.0})
        check(held, grouped(held))


@settings(max_examples=50)
@given(text=programs(size=8), view=views, data=st.data())
def test_a_fold_is_a_graph_again(text: str, view: str, data: st.DataObject) -> None:
    graph = parse(text, view)
    groups = grouped(graph)
    closed = data.draw(st.sets(st.sampled_from([group.id for group in groups])) if groups else st.just(set()))
    found = folded(graph, groups, closed)
    assert found.boxes[-1].at == len(graph.nodes) - 1
    seen: set[int] = set()
    for at, box in enumerate(found.boxes):
        assert all(entry.box < at and found.boxes[entry.box].at == entry.child for entry in box.inputs)
        seen |= set(box.group.nodes) if box.group else {box.at}
    assert seen == set(range(len(graph.nodes)))
    assert sum(len(box.group.nodes) if box.group else 1 for box in found.boxes) == len(graph.nodes)


def test_a_call_is_a_group_with_its_text() -> None:
    graph = parse("f(x) = 7x + 3\ng(x) = x^2\ng(f(x))")
    found = by_title(graph)
    assert set(found) == {"f(x)", "g(f(x))"}
    found = folded(graph, grouped(graph), closed_groups(graph, grouped(graph), shut=["all"]))
    names = [box.group.title if box.group else graph.nodes[box.at].id for box in found.boxes]
    assert names == ["a", "f(x)", "g(f(x))"]


def test_calls_of_calls_are_nested() -> None:
    graph = parse("sq(t) = t^2\nhyp(s, t) = sqrt(sq(s) + sq(t))\nhyp(x, y) + 1")
    found = by_title(graph)
    outer = found["hyp(x, y)"]
    assert {found["sq(s)"].parent, found["sq(t)"].parent} == {outer.id}
    assert ids(graph, outer) >= ids(graph, found["sq(s)"])


def test_what_is_used_elsewhere_is_left_out() -> None:
    """The graph's view has x + 1 once: it is no part of the call, which it leaves by another way."""
    graph = parse("f(t) = (t + 1) * exp(t + 1)\nf(x) + (x + 1)", "graph")
    called = by_title(graph)["f(x)"]
    assert {graph.nodes[at].op for at in called.nodes} == {"exp", "mul"}


def test_sections_are_divided_by_their_outputs() -> None:
    graph = parse(
        "x = 2\n# Hidden\nh1 = tanh(3x + 1)\nh2 = tanh(5x - 1)\n# Loss\nd = h1 - h2\nd^2 + 4", "graph"
    )
    found = by_title(graph)
    assert {"Hidden: h1", "Hidden: h2", "Loss"} <= set(found)
    assert graph.nodes[found["Hidden: h1"].output].id == "h1"
    assert found["Loss"].output == len(graph.nodes) - 1


def test_one_heading_over_everything_hides_nothing() -> None:
    assert not by_title(parse("# A title\n(4*x + 1)^2"))


def test_a_comment_behind_a_statement_is_no_heading() -> None:
    assert not {group.kind for group in grouped(parse("u = x^2 + 1  # inner\nsin(u) + 2"))} & {"section"}


@pytest.mark.parametrize(("sign", "kind"), [("+", "sum"), ("*", "product")])
def test_a_chain_is_one_group(sign: str, kind: str) -> None:
    graph = parse(f"exp({sign.join('pqrst')})")
    (group,) = grouped(graph)
    assert (group.kind, len(group.nodes)) == (kind, 4)
    assert len(entries(graph, group)) == 5
    assert group.title.endswith(f"{kind} of 5")


def test_a_named_sum_ends_a_chain() -> None:
    graph = parse("u = x + y + z\nexp(u + p + q)")
    assert sorted(len(group.nodes) for group in grouped(graph) if group.kind == "sum") == [2, 2]


def test_equal_calls_in_sequence_are_one() -> None:
    graph = parse(
        "f(t) = tanh(2t + 1)\n"
        + "h1 = f(x)\n"
        + "".join(f"h{k} = f(h{k - 1})\n" for k in range(2, 13))
        + "h12^2"
    )
    groups = grouped(graph)
    check(graph, groups)
    (sequence,) = [group for group in groups if group.kind == "sequence"]
    assert sequence.title == "f ×12"
    assert sum(group.parent == sequence.id for group in groups) == 12


def test_own_constants_are_inside_and_few_variables_are_not() -> None:
    graph = parse("f(a, b) = a * b^3\nf(x, 2) + 1")
    assert {graph.nodes[at].op for at in by_title(graph)["f(x, 2)"].nodes} == {"mul", "pow", "const"}
    many = parse("f(a, b, c, d) = a*b + c*d\nexp(f(p, q, r, s))")
    assert sum(many.nodes[at].op == "var" for at in by_title(many)["f(p, q, r, s)"].nodes) == 4


def test_an_opened_operation_is_a_group() -> None:
    graph = expand(parse("sigmoid(3x)"), ["d"])
    graph = expand(graph, [node.id for node in graph.nodes if node.op == "sigmoid"])
    (group,) = [group for group in grouped(graph) if group.kind == "composite"]
    assert "sigmoid" in group.title
    assert group.output == len(graph.nodes) - 1


LARGE = {
    "a sum of sines": " + ".join(f"sin({k}x)" for k in range(300)),
    "sines of sines": "sin(2*" * 1600 + "x" + ")" * 1600,
    "statements": "\n".join(
        ["u0 = x", *(f"u{k} = sin(u{k - 1}) * cos({k}x) + u{k - 1}" for k in range(1, 500))]
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_program_opens_with_few_boxes_level_by_level(name: str) -> None:
    graph = parse(LARGE[name])
    groups = grouped(graph)
    check(graph, groups)
    found = folded(graph, groups, closed_groups(graph, groups))
    assert len(found.boxes) <= FEW
    largest = max(found.closed, key=lambda group: len(group.nodes))
    opened = folded(graph, groups, closed_groups(graph, groups, [largest.id]))
    assert len(opened.boxes) <= 3 * FEW


@pytest.mark.parametrize("view", ["tree", "graph"])
def test_a_long_sum_is_one_box_whatever_the_size_of_the_program(view: str) -> None:
    """Its terms go into it side by side; a short one is shown as it is, and all open on request."""
    for text, box in (
        ("y = 1 + x + x^2/2 + x^3/6 + x^4/24 + x^5/120\n(y - t)^2", "y = sum of 6"),
        ("a*b*c*d*g*h", "q = product of 6"),
        (" + ".join(f"relu(w{k}*x{k})" for k in range(12)), "bg = sum of 12"),
    ):
        graph = parse(text, view)
        closed = fold(graph, grouped(graph)).closed
        assert [group.title.split(" = ")[1] for group in closed] == [box.split(" = ")[1]]
        assert fold(graph, grouped(graph), opened=["all"]).closed == ()
    short = parse("a + b + c + d + g", view)
    assert not fold(short, grouped(short)).closed


def test_small_programs_are_shown_as_they_are() -> None:
    graph = parse("f(t) = tanh(2t + 1)\nf(f(f(x))) + x + y + z")
    assert closed_groups(graph, grouped(graph)) == frozenset()
    assert unfolded(graph).boxes == folded(graph, grouped(graph), ()).boxes


def test_what_is_opened_is_seen_unless_something_around_it_is_shut() -> None:
    graph = parse("sq(t) = t^2\nhyp(s, t) = sqrt(sq(s) + sq(t))\nhyp(x, y) + 1")
    groups = grouped(graph)
    outer, inner = (by_title(graph)[title].id for title in ("hyp(x, y)", "sq(s)"))
    everything = {group.id for group in groups}
    assert closed_groups(graph, groups, shut=["all"]) == everything
    assert closed_groups(graph, groups, [inner], ["all"]) == everything - {outer, inner}
    assert outer in closed_groups(graph, groups, [inner], ["all", outer])
    assert closed_groups(graph, groups, ["all"], [inner]) == {inner}
    assert closed_groups(graph, groups, [graph.nodes[-3].id], ["all"]) == everything - {outer}


def test_groups_of_nothing_that_can_be_grouped() -> None:
    fibonacci = "\n".join(
        ["a1 = x + 1", "a2 = x + 2", *(f"a{k} = a{k - 1} + a{k - 2}" for k in range(3, 1500))]
    )
    graph = parse(fibonacci)
    check(graph, grouped(graph))


def test_long_titles_are_cut() -> None:
    nested = "f(" * 3000 + "x" + ")" * 3000
    graph = parse(f"f(t) = 2t + 1\n{nested}")
    assert max(len(mark.title) for mark in graph.marks) <= 120


def attention(tokens: int, width: int, start: bool) -> str:
    """A head for each token, written with functions: how near its output is to a target."""
    a, b = ([f"{letter}{i}" for i in range(width)] for letter in "ab")
    every = range(tokens)
    keys, values = ([f"{name}{s}_{i}" for s in every for i in range(width)] for name in "kv")
    queries, targets = ([f"{name}{i}" for i in range(width)] for name in "qy")
    scores = [f"exp(dot({', '.join([*queries, *keys[s * width : (s + 1) * width]])}) / 2)" for s in every]
    weights = [f"w{s}" for s in every]
    terms = [
        f"(({' + '.join(f'w{s}*v{s}_{i}' for s in every)}) / ({' + '.join(weights)}) - y{i})^2"
        for i in range(width)
    ]
    lines = [
        f"dot({', '.join([*a, *b])}) = {' + '.join(f'a{i}*b{i}' for i in range(width))}",
        f"fit({', '.join([*weights, *values, *targets])}) = {' + '.join(terms)}",
        f"head({', '.join([*queries, *keys, *values, *targets])}) = "
        f"fit({', '.join([*scores, *values, *targets])})",
    ]
    own = [[f"{name}_{t}_{i}" for i in range(width)] for t in every for name in "qy"]
    if start:
        lines += [f"{name} = 0.5" for name in [*keys, *values, *(name for names in own for name in names)]]
    for t in every:
        lines.append(f"h{t} = head({', '.join([*own[2 * t], *keys, *values, *own[2 * t + 1]])})")
    return "\n".join([*lines, " + ".join(f"h{t}" for t in every)])


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("start", [False, True], ids=["free", "given"])
def test_attention_opens_with_few_boxes_and_a_head_of_it_too(view: str, start: bool) -> None:
    graph = parse(attention(4, 8, start), view)
    assert len(graph.nodes) > 600
    groups = grouped(graph)
    shown = fold(graph, groups)
    assert len(shown.boxes) <= FEW
    head = next(group for group in shown.closed if graph.nodes[group.output].id == "h1")
    assert len(fold(graph, groups, [head.id]).boxes) <= 60


def test_variables_that_the_same_boxes_use_are_one_until_they_are_opened() -> None:
    lines = [f"h{k} = sin({'+'.join(f'x{i}*{k + 1}' for i in range(16))})" for k in range(8)]
    graph = parse("\n".join([*lines, "+".join(f"h{k}" for k in range(8))]), "graph")
    groups = grouped(graph)
    shown = fold(graph, groups)
    (bundle,) = [box for box in shown.boxes if box.bundle]
    assert [graph.nodes[at].name for at in bundle.bundle] == [f"x{i}" for i in range(16)]
    assert bundle.inputs == ()
    opened = fold(graph, groups, [shown.bundle_id(shown.boxes.index(bundle))])
    assert not [box for box in opened.boxes if box.bundle]
    assert len(opened.boxes) == len(shown.boxes) + 15
