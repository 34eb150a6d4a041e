"""MathML, as pages show it: ours among them."""

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language import parser, printers
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted.reading import parse
from tests.support.same import alike

SIGMOID = (
    "<math><mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo><msup><mi>e</mi><mrow><mo>−</mo><mi>x</mi></mrow>"
    "</msup></mrow></mfrac></math>"
)


@pytest.mark.parametrize(
    ("text", "program"),
    [
        (SIGMOID, "1 / (1 + e^-x)"),
        ("<math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>", "sqrt(x + 1)"),
        ("<math><mroot><mi>x</mi><mn>3</mn></mroot><mo>&it;</mo><mi>y</mi></math>", "cbrt(x) * y"),
        ("<math><mi>sin</mi><mo>&#x2061;</mo><mo>(</mo><msub><mi>x</mi><mn>1</mn></msub><mo>)</mo></math>",
         "sin(x_1)"),
        ("<math><msup><mrow><mo>(</mo><mi>x</mi><mo>+</mo><mn>1</mn><mo>)</mo></mrow><mn>2</mn></msup></math>",
         "(x + 1)^2"),
        ("<m:math><m:mi>l</m:mi><m:mi>n</m:mi></m:math>", "l * n"),
        ("<math><mi>y</mi><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math>\n"
         "<math><mi>z</mi><mo>=</mo><mn>3</mn><mi>y</mi></math>", "y = x^2\nz = 3 * y"),
    ],
)  # fmt: skip
def test_formulas(text: str, program: str) -> None:
    graph = parse(text)
    assert graph.pasted is not None
    assert graph.pasted.dialect == "mathml"
    assert graph.pasted.program == program


@pytest.mark.parametrize(
    "program",
    ["1/(1+exp(-(w_1*x+b)))", "sqrt(x^2+y^2)*cbrt(z)", "u=x^2;y=u*sin(u);y", "abs(x-1)*log(x,2)", "α*x + π"],
)
def test_what_we_show_is_read_as_the_same_numbers(program: str) -> None:
    graph = parser.parse(program)
    again = parse("".join(printers.mathml(graph)))
    at = {name: 0.3 + 0.4 * place for place, name in enumerate(graph.variables)}
    assert alike(autodiff.compile(graph)(at, 1.0), autodiff.compile(again)(at, 1.0))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("<math><mtable></mtable></math>", "<mtable></mtable>", "mtable can't be read here"),
        ("<math><mi>é</mi><mo>+</mo><mn>2</mn><mo>+</mo></math>", "<mo>+</mo>", "+ needs a value"),
        ("<math><mfrac><mi>x</mi></mfrac></math>", "<mfrac><mi>x</mi></mfrac>", "mfrac can't be read here"),
        ("<math><mi>x</mi>", "", "this is not XML"),
    ],
)
def test_what_it_cannot_be_is_said_at_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert refusal.value.message.startswith(message)
    assert text[refusal.value.start : refusal.value.end] == place


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE m [<!ENTITY a "xx"><!ENTITY b "&a;&a;">]><math><mi>&b;</mi></math>',
        '<!DOCTYPE m SYSTEM "file:///etc/passwd"><math><mi>x</mi></math>',
        "<mrow>" * 20_000 + "<mi>x</mi>" + "</mrow>" * 20_000,
    ],
)
def test_entities_and_depths_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)
