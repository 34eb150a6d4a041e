"""Text -> Graph: the language as docs/language.md describes it."""

import math
from typing import Any

import pytest
from hypothesis import given, settings

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.builder import letters
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import CONST, VAR, Graph
from graphviz_backprop.language.ops import FOLDED, LANGUAGE, OPS
from graphviz_backprop.language.parser import Limits, parse, parse_row
from graphviz_backprop.language.printers import source
from tests.support.programs import programs

VIEWS = ("tree", "graph")


def shape(graph: Graph, position: int = -1) -> Any:
    """The output as nested tuples, written as in Lisp."""
    written: list[Any] = []
    for node in graph.nodes:
        if node.op in (CONST, VAR):
            written.append(node.value if node.op == CONST else node.name)
        else:
            written.append((node.op, *(written[arg] for arg in node.args)))
    return written[position]


def ids(text: str, view: str = "tree") -> list[str]:
    return [node.id for node in parse(text, view).nodes]


def value(text: str, **at: float) -> float:
    return autodiff.compile(parse(text))(at).value


# Expressions


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("-x^2", "-(x^2)"),
        ("-2^2", "-(2^2)"),
        ("2^3^x", "2^(3^x)"),
        ("2^-x^2", "2^(-(x^2))"),
        ("x^+y", "x^y"),
        ("x^--y", "x^(-(-y))"),
        ("--x", "-(-x)"),
        ("+x", "x"),
        ("x - y - z", "(x - y) - z"),
        ("x - y + z", "(x - y) + z"),
        ("x / y / z", "(x / y) / z"),
        ("x / y * z", "(x / y) * z"),
        ("x + y*z", "x + (y*z)"),
        ("-x*y", "(-x)*y"),
        ("x*-y", "x*(-y)"),
        ("x - -y", "x - (-y)"),
        ("x**2", "x^2"),
        ("2**3**x", "2^(3^x)"),
        # products without a sign
        ("7x+3", "(7*x) + 3"),
        ("2(x+1)", "2*(x + 1)"),
        ("(x+1)(x-1)", "(x + 1)*(x - 1)"),
        ("(x)y", "x*y"),
        ("2 sin(x)", "2*sin(x)"),
        ("sin(x)cos(x)", "sin(x)*cos(x)"),
        ("3 x y", "(3*x)*y"),
        ("1/2x", "(1/2)*x"),
        ("x^2y", "(x^2)*y"),
        ("2x^2", "2*(x^2)"),
        ("-2x", "(-2)*x"),
        ("3x^2 + 2x*y + y^2", "((3*(x^2)) + ((2*x)*y)) + (y^2)"),
        ("2 -x", "2 - x"),
        ("x(x+1)", "x*(x+1)"),
        ("x (x+1)", "x*(x+1)"),
        ("w_1(x)", "w_1*x"),
        ("w1(x)", "w1*x"),
        ("2(3)", "2*3"),
        ("2π(r)", "(2*π)*r"),
        ("2e", "2*e"),
        ("2e x", "(2*e)*x"),
        ("1e5x", "1e5*x"),
        ("5.x", "5*x"),
        ("sin(x)^2", "(sin(x))^2"),
        ("2 (x+1)^2 y", "(2*((x+1)^2))*y"),
        # what people paste
        ("x·y×z", "x*y*z"),
        ("x⋅y∙z", "x*y*z"),
        ("x÷y − z", "x/y - z"),
        ("x∕y – z", "x/y - z"),
        ("x²", "x^2"),
        ("-x²", "-(x^2)"),
        ("x²³", "x^23"),
        ("2x²y", "(2*(x^2))*y"),
        ("x⁻¹", "x^-1"),
        ("x⁺²", "x^2"),
        ("2^x²", "2^(x^2)"),
        ("(x+1)²(x)³", "((x+1)^2)*(x^3)"),
        ("√x", "sqrt(x)"),
        ("√2x", "(sqrt(2))*x"),
        ("√(x+1)y", "(sqrt(x+1))*y"),
        ("√x²", "(sqrt(x))^2"),
        ("√√x", "sqrt(sqrt(x))"),
        ("∛8", "cbrt(8)"),
        ("σ(x)", "sigmoid(x)"),
        ("（ｘ＋１）＊2".replace("＊", "*"), "(x+1)*2"),
        ("max（x，y）", "max(x, y)"),
        ("𝑥 + 𝟐", "x + 2"),
        ("x₁ + x1", "x1 + x1"),
        ("log₂(x)", "log2(x)"),
        ("sin\u2061(x)", "sin(x)"),
        ("2\u2062x", "2*x"),
        ("\ufeffx\u00a0+\u2009y\u200b", "x + y"),
        ("٣x + ४", "3*x + 4"),
        # calls
        ("ln(x)", "log(x)"),
        ("arcsin(x) + swish(y)", "asin(x) + silu(y)"),
        ("sin (x)", "sin(x)"),
        ("sin((x))", "sin(x)"),
        ("max(x, -y, z+1)", "max(x, (-y), (z+1))"),
        # layout
        ("x+\ny", "x+y"),
        ("x *  # a comment\n\n y", "x*y"),
        ("(x\n+ y)", "x+y"),
        ("max(x,\r\n  y)", "max(x, y)"),
        ("a =\n x", "a = x"),
        ("x # + y", "x"),
        ("# first\r\n\r\nx\r\n", "x"),
        ("; ;x;;", "x"),
        ("x；", "x"),
    ],
)
def test_means_the_same(text: str, same_as: str) -> None:
    for view in VIEWS:
        assert shape(parse(text, view)) == shape(parse(same_as, view))


def test_operators_are_their_rows() -> None:
    assert shape(parse("-(x+y) / (x-y)^2 * 3")) == (
        "mul",
        ("div", ("neg", ("add", "x", "y")), ("pow", ("sub", "x", "y"), 2.0)),
        3.0,
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("2", 2), ("2.", 2), (".5", 0.5), ("0.5", 0.5), ("1e-3", 0.001), ("1E+3", 1000), (".5e1", 5)),
        *(("007", 7), ("1e999", math.inf), ("1e-999", 0), ("9" * 400, math.inf), ("٣.١٤", 3.14)),
        *(("e", math.e), ("pi", math.pi), ("π", math.pi)),
    ],
)
def test_numbers(text: str, number: float) -> None:
    (node,) = parse(text).nodes
    assert (node.op, node.value) == (CONST, number)


def test_numbers_are_kept_as_typed() -> None:
    assert [node.name for node in parse("1.50 + 2e-1 + pi + ٣").nodes if node.op == CONST] == [
        *("1.50", "2e-1", "pi", "3")
    ]


@pytest.mark.parametrize("name", ["x", "w_12", "xyz", "α", "Δt", "ångström", "x_", "x1y2", "ﬁ", "é", "变量"])
def test_names(name: str) -> None:
    (node,) = parse(name).nodes
    assert node.op == VAR
    assert shape(parse(f"{name} * {name}"))[0] == "mul"


@pytest.mark.parametrize("name", LANGUAGE.names())
def test_every_function_can_be_called(name: str) -> None:
    found = [OPS[node.op] for n in (1, 2, 3) for node in _nodes(f"{name}({', '.join('xyz'[:n])})")]
    assert any(name in op.names or op.name == FOLDED.get(name) for op in found)


def _nodes(text: str) -> list[Any]:
    try:
        return [node for node in parse(text).nodes if node.args]
    except ExpressionError:
        return []


def test_the_number_of_arguments_chooses_the_row() -> None:
    assert shape(parse("log(x)")) == ("log", "x")
    assert shape(parse("log(x, 2)")) == ("log_base", "x", 2.0)
    assert shape(parse("leaky_relu(x)")) == ("leaky_relu", "x")
    assert shape(parse("leaky_relu(x, 0.1)")) == ("leaky_relu_slope", "x", 0.1)


# Statements


def test_the_last_statement_is_the_output() -> None:
    assert shape(parse("x; y")) == "y"
    assert parse("x; y").variables == ("y",)
    assert shape(parse("a = x^2; b = a + 1; a")) == ("pow", "x", 2.0)
    assert ids("a = x^2; b = a + 1; a") == ["c", "d", "a"]


def test_a_named_statement_is_one_node() -> None:
    for view in VIEWS:
        graph = parse("u = x^2; y = 3u + u*u; y", view)
        assert graph.output.id == "y"
        assert [node.id for node in graph.nodes if node.named] == ["u", "y"]
        assert graph.uses[graph.positions["u"]] == 3


def test_the_first_of_two_names_of_a_node_is_its_id() -> None:
    assert [node.id for node in parse("u = x; v = u; v + 1").nodes] == ["u", "a", "b"]


def test_names_may_be_those_of_constants_and_functions() -> None:
    assert value("e = 3; e^2") == 9
    assert value("pi = 3; 2pi") == 6
    assert value("sum = x + 1; sum^2", x=2.0) == 9
    assert value("log = 2; log(e) + log") == 3


@pytest.mark.parametrize(
    ("text", "at", "result"),
    [
        ("f(x) = 7x + 3; g(x) = x^2; g(f(x))", {"x": 1.0}, 100),
        ("f(x) = 7x + 3; f(f(2x))", {"x": 1.0}, 122),
        ("f(x) = x^2", {"x": 3.0}, 9),
        ("f(x, y) = x - y; f(y, x)", {"x": 1.0, "y": 5.0}, 4),
        ("f(x) = x + y; f(3)", {"y": 10.0}, 13),
        ("c = 2; f(x) = c x; f(5)", {}, 10),
        ("c = 2; f(c) = c + 1; f(5)", {}, 6),
        ("f(e) = e + 1; f(5) - e", {}, 6 - math.e),
        ("f(x) = x(x+1); f(2)", {}, 6),
        ("loss(prediction) = prediction^2; loss(3)", {}, 9),
        ("sin(x) = x + 1; sin(2)", {}, 3),
        ("relu(x, y) = x y; relu(2, 3)", {}, 6),
        ("f(g) = g(2); f(3)", {}, 6),
        ("f(log) = log + 1; f(3)", {}, 4),
        ("x(y) = y + 1; x(2)", {}, 3),
        ("f(x) = 7; f(y)", {}, 7),
        ("f(x) = x\n\n# and\nf(2) # done", {}, 2),
        ("y = x; f(x) = 2x; f(y) + x", {"x": 3.0}, 9),
    ],
)
def test_functions_of_the_program(text: str, at: dict[str, float], result: float) -> None:
    assert value(text, **at) == pytest.approx(result, rel=1e-15)


def test_a_call_computes_its_argument_once() -> None:
    graph = parse("f(x) = x*x; f(sin(y))")
    assert [node.op for node in graph.nodes] == ["var", "sin", "mul"]
    assert graph.nodes[-1].args == (1, 1)


def test_a_call_of_a_name_is_a_product_unless_defined() -> None:
    assert shape(parse("f(2)")) == ("mul", "f", 2.0)
    assert shape(parse("f(x) = x + 1; f(2)")) == ("add", 2.0, 1.0)


# Views


def test_views() -> None:
    tree, graph = parse("x*y + x*y"), parse("x*y + x*y", "graph")
    assert len(tree.nodes) == 7
    assert len(graph.nodes) == 4
    assert graph.nodes[-1].args == (2, 2)
    for view in VIEWS:
        left, right = parse("x*x", view).edges()
        assert left.parent == right.parent
    assert len(parse("x*x").nodes) == 3
    assert len(parse("x*x", "graph").nodes) == 2


def test_the_graph_view_merges_equal_values_only() -> None:
    assert len(parse("x - y + (y - x)", "graph").nodes) == 5
    assert len(parse("1.0 x + 1 x", "graph").nodes) == 4
    assert len(parse("x + x1", "graph").nodes) == 3
    assert parse("x; x", "graph").nodes[0].id == "a"


def test_an_unknown_view() -> None:
    with pytest.raises(ValueError, match="view is 'forest'"):
        parse("x", "forest")


# Ids


def test_ids_are_letters_in_the_order_of_evaluation() -> None:
    assert ids("(4*x+1)^2") == list("abcdefg")
    assert shape(parse("(4*x+1)^2")) == ("pow", ("add", ("mul", 4.0, "x"), 1.0), 2.0)
    assert [node.op for node in parse("(4*x+1)^2").nodes] == [
        *("const", "var", "mul", "const", "add", "const", "pow")
    ]


def test_ids_skip_every_name_that_the_program_uses() -> None:
    assert ids("a + c") == ["b", "d", "e"]
    assert ids("e + x") == ["a", "b", "c"]
    assert "e" not in ids("a*b*c*d + e")
    assert ids("f(a) = a b; f(c)") == ["d", "e", "g"]
    assert ids("d = x; y + 1")[:2] == ["a", "b"]
    assert ids("u = 1 + x; u^2") == ["a", "b", "u", "c", "d"]
    assert ids("b; a") == ["c"]


def test_letters_go_on() -> None:
    found = letters()
    names = [next(found) for _ in range(800)]
    assert names[:2] + names[25:29] + names[701:703] == ["a", "b", "z", "aa", "ab", "ac", "zz", "aaa"]
    assert len(set(ids("+".join(["x"] * 400)))) == 799


@settings(max_examples=50)
@given(programs())
def test_ids_are_unique_and_no_variable_has_anothers(text: str) -> None:
    for view in VIEWS:
        graph = parse(text, view)
        assert len({node.id for node in graph.nodes}) == len(graph.nodes)
        for node in graph.nodes:
            if node.id in graph.variables:
                assert node.named
                assert node.name == node.id


# Spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("(4*x+1)^2", ["4", "x", "4*x", "1", "4*x+1", "2", "(4*x+1)^2"]),
        ("((x)) * (y)", ["x", "y", "((x)) * (y)"]),
        ("2 sin( x )", ["2", "x", "sin( x )", "2 sin( x )"]),
        ("x²", ["x", "²", "x²"]),
        ("x⁻¹", ["x", "¹", "⁻¹", "x⁻¹"]),
        ("√(x)", ["x", "√(x)"]),
        ("-(x) + +y", ["x", "-(x)", "y", "-(x) + +y"]),
        ("u = x + 1; (u)(u)", ["x", "1", "x + 1", "(u)(u)"]),
        ("f(x) = x + 1; f(3)", ["3", "1", "x + 1"]),
        ("y\n= x".replace("\n", " "), ["x"]),
        ("# α\n𝑥 + 𝛽", ["𝑥", "𝛽", "𝑥 + 𝛽"]),
    ],
)
def test_spans(text: str, spans: list[str]) -> None:
    assert [text[slice(*node.span)] for node in parse(text).nodes] == spans


@settings(max_examples=40)
@given(programs(functions=False, names=False))
def test_the_span_of_a_node_is_its_source(text: str) -> None:
    graph = parse(text)
    for position, node in enumerate(graph.nodes):
        own = text[slice(*node.span)]
        if own[0] not in "⁻¹²³":
            assert shape(parse(own)) == shape(graph, position)


@settings(max_examples=50)
@given(programs())
def test_spans_lie_in_the_text(text: str) -> None:
    for node in parse(text, "graph").nodes:
        assert 0 <= node.span[0] < node.span[1] <= len(text)


# The graph


@settings(max_examples=50)
@given(programs())
def test_a_graph_is_in_topological_order_and_has_no_idle_node(text: str) -> None:
    for view in VIEWS:
        graph = parse(text, view)
        assert all(arg < at for at, node in enumerate(graph.nodes) for arg in node.args)
        assert all(graph.uses[at] for at in range(len(graph.nodes) - 1))
        assert [edge.child for edge in graph.edges()] == [arg for node in graph.nodes for arg in node.args]
        for node, active in zip(graph.nodes, graph.active, strict=True):
            assert active == (node.op == VAR or any(graph.active[arg] for arg in node.args))


def test_rows_know_more_than_programs() -> None:
    assert shape(parse_row("where(x < 0, nan, 1)"))[0] == "where"
    assert shape(parse("nan + inf")) == ("add", "nan", "inf")


# Size


@pytest.mark.parametrize(
    ("text", "nodes", "view"),
    [
        ("(" * 20_000 + "x" + ")" * 20_000, 1, "tree"),
        ("+".join(["x"] * 5_000), 5_000, "graph"),
        ("-" * 5_000 + "x", 5_001, "tree"),
        ("√" * 5_000 + "x", 5_001, "tree"),
        ("x^" * 5_000 + "x", 10_001, "tree"),
        ("sin(" * 5_000 + "x" + ")" * 5_000, 5_001, "tree"),
        ("x+(" * 5_000 + "x" + ")" * 5_000, 10_001, "tree"),
        ("f(x) = x + 1;" + "f(" * 5_000 + "x" + ")" * 5_000, 10_001, "tree"),
        ("sum(" + ",".join(["x"] * 30_000) + ")", 30_001, "tree"),
        ("max(" + ",".join(["x"] * 10_000) + ")", 10_001, "tree"),
        ("a0 = x\n" + "\n".join(f"a{i + 1} = a{i} + 1" for i in range(5_000)), 10_001, "tree"),
    ],
    ids="parentheses sum signs roots powers calls right own wide widest statements".split(),
)
def test_nothing_recurses(text: str, nodes: int, view: str) -> None:
    graph = parse(text, view)
    assert len(graph.nodes) == nodes
    run = autodiff.compile(graph)({"x": 0.5})
    assert math.isfinite(run.value)
    assert math.isfinite(run.gradient["x"])
    assert len(parse(source(graph), view).nodes) == nodes


def test_a_chain_of_100_000_operations() -> None:
    graph = parse("x" + "+1" * 100_000, "graph")
    assert len(graph.nodes) == 100_002
    run = autodiff.compile(graph)({"x": 0.5})
    assert (run.value, run.gradient) == (100_000.5, {"x": 1.0})


# Limits


def test_limits() -> None:
    limits = Limits(characters=20, nodes=5, variables=2)
    assert parse("x*y + x", "tree", limits)
    with pytest.raises(ExpressionError, match="this program has 21 characters; 20 are read") as error:
        parse("x" * 21, limits=limits)
    assert (error.value.start, error.value.end) == (20, 21)
    with pytest.raises(ExpressionError, match="more than 5 nodes") as error:
        parse("x + x + x + x", limits=limits)
    assert (error.value.start, error.value.end) == (12, 13)
    with pytest.raises(ExpressionError, match="more than 2 variables") as error:
        parse("x + y + z", limits=limits)
    assert (error.value.start, error.value.end) == (8, 9)


@pytest.mark.parametrize(
    ("body", "message"),
    [("x + x", "more than 1,000 nodes"), ("x", "the functions of this program call too much")],
)
def test_exponential_calls(body: str, message: str) -> None:
    calls = ";".join(f"f{i + 1}(x) = f{i}(f{i}(x))" for i in range(60))
    with pytest.raises(ExpressionError, match=message):
        parse(f"f0(x) = {body}; {calls}; f60(y)", limits=Limits(nodes=1000))


def test_many_arguments_take_linear_time() -> None:
    names = ", ".join(f"x{i}" for i in range(20_000))
    body = " + ".join(f"x{i}" for i in range(0, 20_000, 2))
    assert len(parse(f"f({names}) = {body}; 1").nodes) == 1
