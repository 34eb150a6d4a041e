"""Each known mistake is named where it was made, and nothing is said of what is right."""

import math
import re

import pytest

import graphviz_backprop as gb
from graphviz_backprop.explain.grading import answers
from graphviz_backprop.explain.grading.answers import Answer
from graphviz_backprop.explain.grading.judge import judge
from graphviz_backprop.explain.grading.kinds import KINDS, PARTIALS, VALUES
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.ops import OPS
from tests.support import mistaken

KNOWN = [
    ("(4*x+1)^2", {"x": 1}, "x.total", "10", "one"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "4", "upstream"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "-40", "sign"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "20", "factor"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "200", "exponent"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "16", "added"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "50", "constant"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "80", "twice"),
    ("(4*x+1)^2", {"x": 3}, "x.total", "3", "result"),
    ("(4*x+1)^2", {"x": 1}, "g.0.partial", "25", "value"),
    ("(4*x+1)^2", {"x": 1}, "e.value", "4", "operation"),
    ("3x+5", {"x": 2}, "x.total", "8", "kept"),
    ("a = x*y; a + x", {"x": 2, "y": 3}, "x.total", "3", "missed"),
    ("x*sin(x)", {"x": 2}, "x.total", "0.9093", "term"),
    ("x*x*x", {"x": 2}, "x.total", "4", "leaf"),
    ("x*y", {"x": 2, "y": 7}, "x.total", "2", "other"),
    ("x*y", {"x": 5, "y": 7}, "x.total", "5", "swapped"),
    ("x^2*x^3", {"x": 2}, "x.total", "48", "product"),
    ("x^3/x^2", {"x": 2}, "x.total", "3", "quotient"),
    ("x^3/x^2", {"x": 2}, "x.total", "-1", "turned"),
    ("3x", {"x": 2}, "x.total", "1/3", "inverted"),
    ("sigmoid(x)", {"x": 2}, "x.total", "-2", "argument"),
    ("tanh(x)", {"x": 1}, "x.total", "tanh(1)*(1-tanh(1))", "rule"),
    ("relu(x)", {"x": 2}, "x.total", "0", "branch"),
    ("e^x", {"x": 2}, "x.total", "2*e", "rule"),
    ("u = x^2; u*u + u", {"x": 1}, "u.gradient", "1", "overwritten"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "2*4", "inside"),
    ("sin(x^2)", {"x": 1.5}, "x.total", "cos(3)", "inside"),
    ("sin(x)^2", {"x": 1}, "x.total", "cos(1)^2", "replaced"),
    ("exp(-x^2)", {"x": 1}, "x.total", "exp(-1)", "stopped"),
    ("where(x > 0, x^2, 3*x)", {"x": 2}, "x.total", "3", "taken"),
    ("max(x^2, 5*x)", {"x": 2}, "x.total", "4", "taken"),
    ("x/(x+3)", {"x": 1}, "x.total", "3/4", "unsquared"),
    ("(4*x+1)^2", {"x": 1}, "x.total", "25", "output"),
    ("sin(x)", {"x": 2}, "x.total", "0.999", "argument"),  # in degrees
    ("cos(x)", {"x": 2}, "x.total", "-0.0349", "argument"),
    ("tanh(x)", {"x": 0.5}, "x.total", "0.214", "rule"),  # tanh(0.5)^2
    ("tanh(x)", {"x": 0.5}, "x.total", "1 - tanh(tanh(0.5))^2", "argument"),
    ("sigmoid(x)", {"x": 0.5}, "x.total", "sigmoid(0.5)^2", "rule"),
    ("sigmoid(x)", {"x": 0.5}, "x.total", "sigmoid(sigmoid(0.5)) * (1 - sigmoid(sigmoid(0.5)))", "argument"),
]


@pytest.mark.parametrize(("program", "at", "field", "answer", "kind"), KNOWN)
def test_a_known_mistake_is_named(program, at, field, answer, kind):
    verdict = judge(gb.parse(program).evaluate(at), field, answers.read(answer))
    assert verdict.verdict == "wrong"
    assert kind in {mistake.kind for found in verdict.diagnoses for mistake in found.mistakes}
    assert all(len(found.mistakes) == 1 for found in verdict.diagnoses)


SENTENCES = [
    (
        ("sin(x^2)", 1.5, "cos(3)"),
        "∂d/∂c is taken at c = 2.25, not at the derivative of c, 3: that is a factor, -0.6282 × 3.",
    ),
    (
        ("sin(x)^2", 1, "cos(1)^2"),
        "The derivative of b, 0.5403, is not put into d in place of b:"
        " it is a factor behind ∂d/∂b, 1.683 × 0.5403.",
    ),
    (
        ("exp(-x^2)", 1, "exp(-1)"),
        "0.3679 is the gradient of d: the local partials from there down to x are left out.",
    ),
    (
        ("where(x > 0, x^2, 3*x)", 2, "3"),
        "j takes f here, not i: the gradient goes to f alone.",
    ),
    (("x/(x+3)", 1, "3/4"), "The quotient rule divides both of its terms by d², not by d."),
    (("(4*x+1)^2", 1, "25"), "25 is the value of the output g, not a gradient."),
]


@pytest.mark.parametrize(("asked", "text"), SENTENCES)
def test_the_sentence_of_a_mistake(asked, text):
    program, x, answer = asked
    verdict = judge(gb.parse(program).evaluate(x=x), "x.total", answers.read(answer))
    assert text in [found.text for found in verdict.diagnoses]


def test_a_straight_line_is_the_same_wherever_it_is_taken():
    verdict = judge(gb.parse("3*(x^2)").evaluate(x=2), "x.total", answers.read("3"))
    assert not {"inside", "replaced"} & _kinds(verdict)


def test_where_two_mistakes_give_one_number_both_are_named():
    verdict = judge(gb.parse("x^2").evaluate(x=2), "x.total", answers.read("4*2"))
    assert [found.mistakes[0].kind for found in verdict.diagnoses] == ["exponent", "twice"]


def test_two_mistakes_together():
    verdict = judge(gb.parse("(4*x+1)^2").evaluate(x=1), "x.total", answers.read("-20"))
    kinds = [{mistake.kind for mistake in found.mistakes} for found in verdict.diagnoses]
    assert {"factor", "sign"} in kinds
    assert all(len(pair.mistakes) == 2 and pair.gives == -20 for pair in verdict.diagnoses)


def test_what_no_known_mistake_gives_has_no_reason():
    assert judge(gb.parse("(4*x+1)^2").evaluate(x=1), "x.total", answers.read("41.37")).diagnoses == ()


def test_gradients_at_the_output_and_before():
    graph = gb.parse("(4*x+1)^2")
    assert "seed" in _kinds(judge(graph.evaluate(x=1, seed=3), "x.total", Answer(40)))
    before = graph.evaluate(x=2)
    assert _kinds(judge(graph.evaluate(x=1), "x.total", Answer(72), before=before)) == {"stale"}
    assert _kinds(judge(graph.evaluate(x=1), "x.total", Answer(112), before=before)) == {"accumulated"}


def _kinds(verdict):
    return {mistake.kind for found in verdict.diagnoses for mistake in found.mistakes}


def test_an_answer_that_follows_from_a_wrong_one_is_credited():
    run = gb.parse("(4*x+1)^2").evaluate(x=1)
    verdict = judge(run, "x.total", Answer(20), {"g.0.partial": 5.0, "c.1.partial": 4.0})
    assert (verdict.verdict, verdict.after) == ("follows", ("g.0.partial",))
    verdict = judge(run, "g.0.partial", Answer(8), {"e.value": 4.0})
    assert verdict.verdict == "follows"
    assert judge(run, "x.total", Answer(40), {"g.0.partial": 5.0}).verdict == "right"


ROUNDED = ("(sigmoid(z) - 1)^2", {"z": 0.5})


@pytest.mark.parametrize("answer", ["-0.7551*0.235", "-0.1774485", "-0.177", "z = -0.1774", "-0.755*0.235"])
def test_what_is_computed_from_rounded_numbers_is_right(answer):
    """The page shows four digits: who multiplies what is shown is right."""
    verdict = judge(gb.parse(ROUNDED[0]).evaluate(ROUNDED[1]), "z.total", answers.read(answer))
    assert (verdict.verdict, verdict.diagnoses) == ("right", ())


@pytest.mark.parametrize(
    ("answer", "kind"), [("0.1774485", "sign"), ("-0.3775*0.235", "factor"), ("-0.7551*1.00", "one")]
)
def test_a_mistake_made_with_rounded_numbers_is_named(answer, kind):
    verdict = judge(gb.parse(ROUNDED[0]).evaluate(ROUNDED[1]), "z.total", answers.read(answer))
    assert verdict.verdict == "wrong" and kind in _kinds(verdict)


@pytest.mark.parametrize("answer", ["40.04", "39.99", "0.5*80.08", "0.17"])
def test_what_nobody_rounds_is_exact(answer):
    run = gb.parse("(4*x+1)^2").evaluate(x=1)
    assert judge(run, "x.total", answers.read(answer)).verdict == "wrong"


def test_a_right_answer_that_was_rounded_is_not_called_wrong_later():
    run = gb.parse(ROUNDED[0]).evaluate(ROUNDED[1])
    earlier = {"b.0.partial": answers.read("0.235"), "f.0.partial": answers.read("-0.7551")}
    assert judge(run, "z.total", answers.read("-0.17745"), earlier).after == ()
    assert judge(run, "z.total", answers.read("0.5"), earlier).after == ()


def test_a_mistake_on_top_of_a_wrong_answer_is_named():
    run = gb.parse("(4*x+1)^2").evaluate(x=1)
    verdict = judge(run, "x.total", Answer(-28), {"e.value": 3.5})
    assert verdict.after == ("e.value",) and "sign" in _kinds(verdict)


@pytest.mark.parametrize("field", ["x", "x.totals", "q.total", "c.7.partial", "c.x.flow", "", ".", "c.0"])
def test_what_is_no_field(field):
    with pytest.raises(ValueError, match="is no number of this program"):
        judge(gb.parse("(4*x+1)^2").evaluate(x=1), field, Answer(1))


def test_what_has_no_number_is_not_diagnosed():
    run = gb.parse("log(x)").evaluate(x=0)
    assert judge(run, "x.total", Answer(1)).diagnoses == ()
    assert judge(gb.parse("4*x").evaluate(x=0), "c.0.partial", Answer(1)).number is None


PROGRAMS = 60


def test_mistakes_are_named_on_random_programs():
    named = told = 0
    for run, name, made in mistaken.cases(PROGRAMS):
        for kinds, wrong in made.values():
            told += 1
            verdict = judge(run, f"{name}.total", Answer(wrong))
            assert verdict.verdict == "wrong"
            assert all(
                math.isclose(found.gives, wrong, rel_tol=1e-6, abs_tol=1e-6) for found in verdict.diagnoses
            )
            named += bool(kinds & {m.kind for found in verdict.diagnoses for m in found.mistakes})
    assert told > 5 * PROGRAMS
    assert named >= 0.99 * told, f"{named} of {told}"


def test_right_answers_are_never_diagnosed():
    for run, name, _ in mistaken.cases(PROGRAMS):
        right = run.gradient[name]
        for answer in (Answer(right), answers.read(f"{right:.12g}"), answers.read(f"{right:.3e}")):
            verdict = judge(run, f"{name}.total", answer)
            assert (verdict.verdict, verdict.diagnoses) == ("right", ())


def test_sentences_are_true_of_the_numbers_that_are_right():
    """Each "∂a/∂b is 4" and each "10 × 4 = 40 flows to b" says the engine's numbers."""
    seen = set()
    for run, name, made in mistaken.cases(PROGRAMS // 3):
        fields = run.fields()
        for _, wrong in made.values():
            for found in judge(run, f"{name}.total", Answer(wrong)).diagnoses:
                for mistake in found.mistakes:
                    if mistake.edge is None:
                        continue
                    parent, arg = mistake.edge
                    p, flow = (
                        format_number(fields[f"{parent}.{arg}.{word}"]) for word in ("partial", "flow")
                    )
                    g = format_number(fields[f"{parent}.gradient"])
                    if "×" in mistake.text:
                        factor = f"({p})" if p.startswith("-") else p
                        assert f"{g} × {factor} = {flow}" in mistake.text
                        seen.add("product")
                    elif mistake.text.startswith("∂"):
                        assert re.match(
                            rf"∂{parent}/∂\w+(?: by argument \d)? is {re.escape(p)}[,;]", mistake.text
                        )
                        seen.add("partial")
    assert seen == {"product", "partial"}


def test_every_kind_has_its_sentence_and_every_row_exists():
    assert {slip.kind for slots in PARTIALS.values() for slips in slots.values() for slip in slips} <= set(
        KINDS
    )
    for name, slots in PARTIALS.items():
        assert set(slots) <= set(range(len(OPS[name].arguments)))
    assert set(VALUES) <= set(OPS)
