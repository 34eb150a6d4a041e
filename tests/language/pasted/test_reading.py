"""Which text is read as what: our own programs stay, and what was understood is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.document import document
from graphviz_backprop.language import parser
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.expand import expand
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.notes import rewritten
from graphviz_backprop.language.pasted.dialects import DIALECTS
from graphviz_backprop.language.pasted.reading import parse
from graphviz_backprop.language.pinned import pinned
from tests.support.programs import programs
from tests.support.same import canonical


@given(programs())
def test_a_program_of_the_language_stays_one(program: str) -> None:
    assert parse(program) == parser.parse(program)


@pytest.mark.parametrize(
    "text",
    [
        "x^2 = 3",
        "(x",
        "sinx",
        "x 2",
        "f(x",
        "2 +",
        "a = 1; a = 2",
        "return x**2",
        "sin(60°)",
        "import",
        "x!",
        "x $ 2",
        "max(x;0)",
    ],
)
def test_a_slip_in_our_own_language_is_told_as_such(text: str) -> None:
    with pytest.raises(ExpressionError) as ours:
        parser.parse(text)
    with pytest.raises(ExpressionError) as read:
        parse(text)
    assert str(read.value) == str(ours.value)


def test_what_was_understood_is_kept() -> None:
    text = r"y = \frac{\sigma(x)}{x}"
    graph = gb.parse(text)
    assert graph.text == text
    assert graph.pasted is not None
    assert graph.pasted == ("latex", "LaTeX", "y = sigmoid(x) / x")
    (note,) = graph.notes
    assert note.message == "This is read as LaTeX"
    assert rewritten(text, note) == graph.pasted.program
    assert canonical(parse(graph.pasted.program)) == canonical(graph)
    for other in (expand(graph), pinned(graph, {"x": 2.0})):
        assert other.pasted == graph.pasted
    listed = document(graph, graph.evaluate(x=1))
    assert listed["dialect"] == "latex"
    assert listed["notes"][0]["replacement"] == graph.pasted.program
    assert document(gb.parse("x"), gb.parse("x").evaluate(x=1))["dialect"] is None


def test_spans_are_places_in_the_pasted_text() -> None:
    text = "c = a.tanh()\nc += 1 + (-a)"
    nodes = {node.op: text[slice(*node.span)] for node in parse(text).nodes}
    assert nodes["tanh"] == "a.tanh()"
    assert nodes["neg"] == "-a"
    text = r"\frac{1}{1+e^{-x}}"
    nodes = {node.op: text[slice(*node.span)] for node in parse(text).nodes}
    assert nodes["neg"] == "-x"
    assert nodes["var"] == "x"


def test_a_dialect_can_be_named() -> None:
    assert gb.parse("x y", dialect="latex").pasted is not None
    assert gb.parse("=-x^2", dialect="spreadsheet").evaluate(x=3).value == 9
    with pytest.raises(ExpressionError, match="means nothing here"):
        gb.parse("np.exp(x)", dialect="own")
    with pytest.raises(ValueError, match="dialect is 'perl', not one of own, mathml"):
        gb.parse("x", dialect="perl")


@pytest.mark.parametrize("dialect", [dialect.name for dialect in DIALECTS])
def test_nothing_to_read_is_said(dialect: str) -> None:
    with pytest.raises(ExpressionError):
        parse(" ", dialect=dialect)


def _read(text: str, dialect: str) -> tuple[Graph | None, ExpressionError | None]:
    try:
        return parse(text, dialect=dialect), None
    except ExpressionError as error:
        return None, error


@pytest.mark.parametrize("dialect", [dialect.name for dialect in DIALECTS])
@given(st.text(max_size=60) | st.text("\\{}[]()$^_&|<>/=;:,.?!+-*'\"#% \nxe12npif", max_size=60))
def test_any_text_is_read_or_refused_at_a_place_in_it(dialect: str, text: str) -> None:
    graph, error = _read(text, dialect)
    assert error is None or 0 <= error.start <= error.end <= len(text)
    if graph is not None:
        assert all(0 <= node.span[0] <= node.span[1] <= len(text) for node in graph.nodes)
        assert graph.pasted is not None
        assert canonical(parser.parse(graph.pasted.program)) == canonical(graph)


@pytest.mark.parametrize(
    ("text", "dialect", "value", "gradient"),
    [
        ("np.exp(-x**2)", "python", 0.3679, -0.7358),
        ("torch.sigmoid(x)", "python", 0.7311, 0.1966),
        ("(x + x).relu()", "python", 2, 2),
        ("x**2 if x>0 else 0", "python", 1, 2),
        (r"\text{Sigmoid}(x) = \frac{1}{1 + \exp(-x)}", "latex", 0.7311, 0.1966),
        (r"1+\frac{2}{3}\cdot4 x", "latex", 3.667, 2.667),
        (r"1 \times 2 x", "latex", 2, 2),
        ("e^{-x}", "latex", 0.3679, -0.3679),
        ("=x*2", "spreadsheet", 2, 2),
        ("=EXP(-x)", "spreadsheet", 0.3679, -0.3679),
        ("=max(x;0)", "spreadsheet", 1, 1),
    ],
)
def test_what_people_asked_for_in_public(text: str, dialect: str, value: float, gradient: float) -> None:
    graph = gb.parse(text)
    assert graph.pasted is not None
    assert graph.pasted.dialect == dialect
    run = graph.evaluate(x=1.0)
    assert run.value == pytest.approx(value, abs=5e-4)
    assert run.gradient["x"] == pytest.approx(gradient, abs=5e-4)
