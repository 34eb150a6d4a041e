"""Gradients that are handed in as formulas: the short forms of a well-known notebook among them."""

import pytest

from graphviz_backprop import api
from graphviz_backprop.explain.grading import formulas, pasted
from tests.support import makemore

LAYER = "X = [[1, 2], [3, 4], [5, 6]]; W = [[1, 0], [2, 1]]; b = [1, 2]; Z = X @ W + b; L = sum(Z^2)"


def added(text, run):
    known = {**formulas.gradients(run), **formulas.values(run)}
    return formulas.added(pasted.read(text), text, run.graph, known)


def handed(program: str, text: str):
    return added(text, api.parse(program).evaluate())


def verdicts(program: str, text: str) -> dict[str, str]:
    from graphviz_backprop.data.gradients import grade

    run = api.parse(program).evaluate()
    return {line.name: line.verdict for line in grade(run, added(text, run).answers).lines}


def test_a_layers_gradients_may_be_formulas() -> None:
    text = "dZ = 2 * Z\ndW = X.T @ dZ\ndb = dZ.sum(0)\ndX = dZ @ W.T"
    assert verdicts(LAYER, text) == {"dZ": "right", "dW": "right", "db": "right", "dX": "right"}


def test_a_wrong_formula_is_wrong_and_what_is_made_of_it_follows() -> None:
    found = verdicts(LAYER, "dZ = Z\ndW = X.T @ dZ")
    assert (found["dZ"], found["dW"]) == ("wrong", "follows")


@pytest.mark.parametrize("number", ["n = 32\n", ""])
def test_the_notebooks_short_forms_are_right(number: str) -> None:
    """Cross entropy, and batch norm with Bessel's correction, each in one line."""
    text = (
        "dlogits = (F.softmax(logits, 1) - F.one_hot(Yb, num_classes=27)) / 32\n"
        "dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) "
        "- n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))"
    )
    found = verdicts(makemore.NOTEBOOK, number + text)
    assert found["dlogits"] == "right"
    assert "n" not in found, "n = 32 is no gradient, though a node is called n"
    assert found["dhprebn"] == "right", "the notebook has said what n is"
    assert handed(makemore.NOTEBOOK, number + text).notes == []


CELL = """\
# backward pass
dlogits = F.softmax(logits, 1)
dlogits[range(n), Yb] -= 1
dlogits /= n
"""


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        (("", ""), "right"),
        (("\n", "\r\n"), "right"),
        (("\ndlogits[", "; dlogits["), "right"),
        (("dlogits /= n", "dlogits *= 1/n # the mean"), "right"),
        (("dlogits /= n", "dlogits = dlogits / 32"), "right"),
        (("-= 1", "+= 1"), "wrong"),
        (("dlogits /= n", ""), "wrong"),
        (("\ndlogits[range(n), Yb] -= 1", ""), "wrong"),
    ],
)
def test_a_gradient_may_be_changed_line_by_line(changed: tuple[str, str], verdict: str) -> None:
    """The notebook's exercise 2, as its solution stands there."""
    text = CELL.replace(*changed) if changed[0] else CELL
    assert verdicts(makemore.NOTEBOOK, text) == {"dlogits": verdict}
    assert handed(makemore.NOTEBOOK, text).notes == []


def test_both_short_forms_one_after_the_other() -> None:
    short = "bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))"
    found = verdicts(makemore.NOTEBOOK, f"{CELL}dhprebn = {short}")
    assert (found["dlogits"], found["dhprebn"]) == ("right", "right")


def test_numbers_may_be_changed_too() -> None:
    program = "W = [[1, 2], [3, 4]]; L = sum(W^2)"
    assert handed(program, "dW = [[4, 8], [12, 16]]\ndW /= 2").answers["dW"] == [[2, 4], [6, 8]]
    assert handed(program, "dW = 2 * W\ndW[0] = 0\ndW[0, 1] = 4").answers["dW"] == [[0, 4], [6, 8]]


def test_what_cannot_be_changed_is_told_and_not_graded() -> None:
    program = "W = [[1, 2], [3, 4]]; L = sum(W^2)"
    found = handed(program, "dW = 2 * W\ndW[W > 1] = 0")
    assert found.answers == {}
    assert "dW is not read: which cells are given a value can't be read here" in found.notes[0]
    assert handed(program, "dL = 1\ndW /= 2").notes == ["line 2 is not read: dW has no value above it"]


def test_a_name_without_a_value_is_told() -> None:
    found = handed(makemore.NOTEBOOK, "dhprebn = bngain*bnvar_inv/q * dhpreact")
    assert any("dhprebn is not read: q has no value" in note for note in found.notes)


def test_numbers_and_formulas_stand_beside_each_other() -> None:
    program = "x = 2; y = x^3; L = 5 y"
    found = handed(program, "dy = 5\ndx = dy * 3 * x^2")
    assert found.answers == {"dy": 5.0, "dx": 60.0}


def test_a_wrong_gradient_is_graded_where_an_index_names_nothing() -> None:
    program = "z = [[1, 2], [0, 1]]; Y = ([1, 5]); p = z^2; L = sum(p[arange(2), Y])"
    assert verdicts(program, "dp = [[0, 2], [0, 0]]")["dp"] == "wrong"
