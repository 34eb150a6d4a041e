"""Backpropagation through a network with batch norm by hand, as a course has it: one line wrong at a time."""

import numpy as np
import pytest

import graphviz_backprop as gb

PROGRAM = """\
C = randn(6, 2, seed=1)
W1 = 0.5*randn(6, 4, seed=2)
b1 = 0.1*randn(4, seed=3)
W2 = 0.5*randn(4, 5, seed=4)
b2 = 0.1*randn(5, seed=5)
bngain = 1 + 0.1*randn(1, 4, seed=6)
bnbias = 0.1*randn(1, 4, seed=7)
emb = C[[[0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 5], [3, 5, 0]]]
embcat = reshape(emb, 5, 6)
hprebn = embcat @ W1 + b1
bnmeani = 1/5*sum(hprebn, axis=0, keepdim=True)
bndiff = hprebn - bnmeani
bndiff2 = bndiff^2
bnvar = 1/4*sum(bndiff2, axis=0, keepdim=True)
bnvar_inv = (bnvar + 1e-5)^-0.5
bnraw = bndiff*bnvar_inv
hpreact = bngain*bnraw + bnbias
h = tanh(hpreact)
logits = h @ W2 + b2
logit_maxes = max(logits, axis=1, keepdim=True)
norm_logits = logits - logit_maxes
counts = exp(norm_logits)
counts_sum = sum(counts, axis=1, keepdim=True)
counts_sum_inv = counts_sum^-1
probs = counts*counts_sum_inv
logprobs = log(probs)
loss = -sum(logprobs*one_hot([1, 2, 3, 4, 0], 5))/5
"""
IX = np.array([[0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 5], [3, 5, 0]])

SOLUTION = {
    "dlogprobs": "-np.eye(5)[[1, 2, 3, 4, 0]] / n",
    "dprobs": "dlogprobs / probs",
    "dcounts_sum_inv": "(counts * dprobs).sum(1, keepdims=True)",
    "dcounts_sum": "-counts_sum**-2 * dcounts_sum_inv",
    "dcounts": "counts_sum_inv * dprobs + np.ones_like(counts) * dcounts_sum",
    "dnorm_logits": "counts * dcounts",
    "dlogit_maxes": "(-dnorm_logits).sum(1, keepdims=True)",
    "dlogits": "dnorm_logits + (logits == logit_maxes) * dlogit_maxes",
    "dh": "dlogits @ W2.T",
    "dW2": "h.T @ dlogits",
    "db2": "dlogits.sum(0)",
    "dhpreact": "(1 - h**2) * dh",
    "dbngain": "(bnraw * dhpreact).sum(0, keepdims=True)",
    "dbnbias": "dhpreact.sum(0, keepdims=True)",
    "dbnraw": "bngain * dhpreact",
    "dbnvar_inv": "(bndiff * dbnraw).sum(0, keepdims=True)",
    "dbnvar": "-0.5 * (bnvar + 1e-5)**-1.5 * dbnvar_inv",
    "dbndiff2": "(1 / (n - 1)) * np.ones_like(bndiff2) * dbnvar",
    "dbndiff": "bnvar_inv * dbnraw + 2 * bndiff * dbndiff2",
    "dbnmeani": "(-dbndiff).sum(0)[None]",
    "dhprebn": "dbndiff + 1 / n * np.ones_like(hprebn) * dbnmeani",
    "dembcat": "dhprebn @ W1.T",
    "dW1": "embcat.T @ dhprebn",
    "db1": "dhprebn.sum(0)",
    "demb": "dembcat.reshape(5, 3, 2)",
    "dC": "taken(demb)",
}

CHANGES = [
    ("db2", "dlogits.mean(0)", "summed, not averaged"),
    ("dhprebn", "dbndiff", "is left out"),
    ("dcounts", "np.ones_like(counts) * dcounts_sum", "left out"),
    ("dW2", "dlogits.T @ h", "transposed"),
    ("dbndiff2", "(1 / n) * np.ones_like(bndiff2) * dbnvar", "divided by 5 where 4 is right"),
    ("dbnvar", "0.5 * (bnvar + 1e-5)**-1.5 * dbnvar_inv", "sign"),
    ("dhpreact", "(1 - h) * dh", "the result is squared"),
    ("dbndiff", "bnvar_inv * dbnraw + bndiff * dbndiff2", "a factor"),
    ("dcounts_sum_inv", "counts * dprobs", "not summed over axis 1"),
    ("dprobs", "dlogprobs * probs", "upside down"),
    ("dC", "overwritten(demb)", "+="),
    ("dnorm_logits", "dcounts", "is left out"),
]


def taken(demb):
    found = np.zeros((6, 2))
    np.add.at(found, IX, demb)
    return found


def overwritten(demb):
    found = np.zeros((6, 2))
    found[IX] = demb
    return found


@pytest.fixture(scope="module")
def run():
    return gb.parse(PROGRAM).evaluate()


def solved(run, **changed):
    known = {node.id: value for node, value in zip(run.graph.nodes, run.values, strict=True)}
    known |= {"np": np, "n": 5, "taken": taken, "overwritten": overwritten}
    given = {}
    for name, line in {**SOLUTION, **changed}.items():
        given[name] = known[name] = eval(line, known)
    return given


def test_the_right_solution_is_right(run):
    graded = gb.grade(run.graph, {}, solved(run), wanted=run.graph.variables)
    assert [line.name for line in graded.lines if line.verdict != "right"] == []
    assert graded.right and len(graded.lines) == len(SOLUTION)


@pytest.mark.parametrize(("name", "line", "said"), CHANGES, ids=[one[0] for one in CHANGES])
def test_a_changed_line_is_named(run, name, line, said):
    graded = gb.grade(run.graph, {}, solved(run, **{name: line}))
    lines = {one.name: one for one in graded.lines}
    wrong = [one.name for one in graded.lines if one.verdict == "wrong"]
    assert wrong[0] == name
    assert wrong == [name] or "not summed" in said  # of another shape, nothing can be computed from it
    assert any(said in mistake for mistake in lines[name].mistakes), lines[name]


def test_twelve_lines_are_changed():
    assert len({name for name, _, _ in CHANGES}) == 12


def test_a_path_whose_share_is_0_may_be_left_out(run):
    """The loss does not change with the maxima that are subtracted: their gradient is 0 but for rounding."""
    graded = gb.grade(run.graph, {}, solved(run, dlogits="dnorm_logits"))
    assert graded.right


def test_wrong_cells_are_named():
    program = "x = [1, 2, 3]; y = [4, 5, 6]; sum(x*y)"
    (line,) = gb.grade(program, {}, {"dx": [4, 5, 7]}).lines
    assert line.cells == ("x[2]",)
    assert "x[2] is 7 where 6 is right, 1 of 3 cells are wrong" in line.text
    (line,) = gb.grade(program, {}, {"x": [1, 2, 3]}).lines
    assert any("gradient of y" in mistake for mistake in line.mistakes)
    (line,) = gb.grade(program, {}, {"x": [-4, -5, -6]}).lines
    assert "sign" in line.mistakes[0]
    (line,) = gb.grade(program, {}, {"x": [[1, 2], [3]]}).lines
    assert line.verdict == "wrong" and "rows of one length" in line.text


SQUARE = "A = [[1, 2], [3, 5]]; B = [[2, -1], [4, 1]]; Z = A @ B; w = [[1, 3], [-2, 5]]; sum(Z*w*Z)"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("dZ @ B.T", None),
        ("dZ @ B", "dZ @ B.T, not dZ @ B"),
        ("B.T @ dZ", "dZ @ B.T, not B.T @ dZ"),
        ("(dZ @ B.T).T", "transposed"),
        ("dZ @ B.T / 2", "divided by 2"),
        ("np.ones((2, 2)) @ B.T", "not multiplied by the gradient of Z"),
    ],
)
def test_products_of_matrices(line, said):
    run = gb.parse(SQUARE).evaluate()
    known = {node.id: value for node, value in zip(run.graph.nodes, run.values, strict=True)}
    known |= {"np": np, "dZ": run.gradients[run.graph.positions["Z"]]}
    (found,) = gb.grade(SQUARE, {}, {"A": eval(line, known)}).lines
    assert found.verdict == ("wrong" if said else "right")
    assert said is None or any(said in mistake for mistake in found.mistakes), found


def test_a_mistake_further_up_is_found_where_the_gradients_between_are_not_asked_for():
    program = "x = [1, 2, 3]; u = x^3; v = sum(u*[2, 1, -1]); v^2"
    run = gb.parse(program).evaluate()
    v = run.values[run.graph.positions["v"]]
    x = np.array([1.0, 2, 3])
    (line,) = gb.grade(program, {}, {"x": v * 3 * x**2 * [2, 1, -1]}).lines  # the 2 of v^2 forgotten
    assert any("factor" in mistake for mistake in line.mistakes), line


ATTENTION = """\
Q = [[1, 0], [2, 1]]; K = [[1, 1], [0, 2]]; V = [[1, 2], [3, 4]]
S = Q @ K.T / sqrt(2); A = softmax(S, axis=1); O = A @ V; L = sum([[1, 2], [3, -1]]*O)"""
SAMPLES = (
    "X = [[1, 2], [3, -1], [0, 2]]; W = [[1, 0, 2], [-1, 1, 0]]; Z = X @ W; L = cross_entropy(Z, [1, 0, 2])"
)
MEAN = "X = [[1, 2], [3, -1], [0, 2], [1, 1]]; w = [2, -1]; p = X @ w; t = [1, 0, 2, 1]; L = mean((p - t)^2)"
WHERE = "x = [1, -2, 3]; y = where(x > 0, x^2, 3*x); L = sum([1, 2, 3]*y)"
P = "(np.exp(Z) / np.exp(Z).sum(1, keepdims=True))"
Y = "np.eye(3)[[1, 0, 2]]"


@pytest.mark.parametrize(
    ("program", "name", "line", "said"),
    [
        (ATTENTION, "S", "A * (dA - (A * dA).sum(1, keepdims=True))", None),
        (ATTENTION, "S", "A * dA", "A * (dA - sum(A * dA)) along axis 1: the sum is left out."),
        (ATTENTION, "S", "A * (1 - A) * dA", "A * (1 - A) is its diagonal alone"),
        (ATTENTION, "S", "A * (dA - dA.sum(1, keepdims=True))", "that of A * dA, not of dA"),
        (ATTENTION, "S", "A * (dA - (A * dA).sum(0, keepdims=True))", "along axis 1, not along axis 0"),
        (ATTENTION, "S", "dA", "∂A/∂S is left out"),
        (ATTENTION, "Q", "dS @ K", "∂S/∂b is left out"),  # the scale
        (ATTENTION, "V", "A @ dO", "The gradient of V is A.T @ dO, not A @ dO."),
        (ATTENTION, "V", "dO", "A is left out: the gradient of O is passed on as it is."),
        (ATTENTION, "V", "dO * A", "The gradient of V is A.T @ dO, not dO * A."),
        (SAMPLES, "Z", f"({P} - {Y}) / 3", None),
        (SAMPLES, "Z", f"{P} - {Y}", "not divided by 3"),
        (SAMPLES, "Z", f"{P} / 3", "∂L/∂Z is softmax(Z) - y, divided by the 3 samples"),
        (SAMPLES, "Z", f"({Y} - {P}) / 3", "minus the gradient"),
        (SAMPLES, "Z", f"-{Y} / {P} / 3", "is the gradient by the softmax"),
        (SAMPLES, "W", f"X.T @ {P} / 3", "y is not taken off"),  # further up
        (MEAN, "w", "X.T @ (p - t) / 2", None),
        (MEAN, "w", "X.T @ (p - t) * 2", "It is not divided by 4: a mean is wanted, not a sum."),
        (MEAN, "w", "X.T @ (p - t) / 8", "It is divided by 4 once too often."),
        (MEAN, "w", "X.T @ (p - t) / 4", "the exponent comes down as a factor"),
        (MEAN, "w", "w", "This is the value of w, not its gradient."),
        (WHERE, "x", "[3, -8, 9]", "not to the other one"),
        (WHERE, "x", "[5, -2, 27]", "not to both"),
        ("x = [1, 5, 3]; m = max(x); L = m^2", "x", "[10, 10, 10]", "to the largest cell alone"),
        (
            "W = [[1, 2], [3, 4]]; x = [5, -1]; L = sum([2, 3]*(W @ x))",
            "W",
            "[[2, 2], [3, 3]]",
            "x is left out",
        ),
    ],
)
def test_mistakes_of_tensors(program, name, line, said):
    run = gb.parse(program).evaluate()
    known = {node.id: value for node, value in zip(run.graph.nodes, run.values, strict=True)}
    known |= {f"d{node.id}": x for node, x in zip(run.graph.nodes, run.gradients, strict=True)}
    (found,) = gb.grade(program, {}, {name: eval(line, known | {"np": np})}).lines
    assert found.verdict == ("wrong" if said else "right")
    assert said is None or any(said in mistake for mistake in found.mistakes), found


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_no_mean_is_spoken_of_where_none_is_taken(factor):
    run = gb.parse(SQUARE).evaluate()
    (found,) = gb.grade(SQUARE, {}, {"A": factor * run.gradient["A"]}).lines
    assert not any("a mean is wanted" in mistake for mistake in found.mistakes), found
    run = gb.parse(MEAN).evaluate()
    (found,) = gb.grade(MEAN, {}, {"w": run.gradient["w"] / 4}).lines
    assert not any("a sum is wanted" in mistake for mistake in found.mistakes), found


def test_the_rule_is_named_where_a_symmetric_matrix_gives_the_same_by_another_product():
    program = "A = [[1, 2], [2, 1]]; V = [[1, 2], [3, 5]]; O = A @ V; L = sum([[1, 2], [3, -1]]*O)"
    (found,) = gb.grade(program, {}, {"V": np.array([[1, 2], [3, -1.0]]) @ [[1, 2], [2, 1]]}).lines
    assert any("A.T @ dO, not dO @ A" in mistake for mistake in found.mistakes), found
    assert not any("is A @ dO" in mistake for mistake in found.mistakes), found


def test_an_axis_too_many_is_no_sum_left_out():
    right = gb.parse(MEAN).evaluate().gradient["w"]
    (found,) = gb.grade(MEAN, {}, {"w": right[None]}).lines
    assert found.mistakes == ("Its numbers stand in another shape: that of w is (2,).",)
    assert found.text.startswith("wrong: its shape is (1, 2), and that of w is (2,).")


def test_no_answer_is_told():
    (found,) = gb.grade(MEAN, {}, {"w": None}).lines
    assert found.verdict == "wrong" and "None is no gradient" in found.text


def test_a_file_with_tensors(tmp_path, capsys):
    from graphviz_backprop.__main__ import main

    (tmp_path / "program.txt").write_text("x = [1, 2, 3]; y = [4, 5, 6]; sum(x*y)")
    np.savez(tmp_path / "a.npz", x=[4, 5, 6], dy=[1, 2, 3])
    assert main(["grade", str(tmp_path / "program.txt"), str(tmp_path / "a.npz")]) == 0
    (tmp_path / "a.py").write_text("dx = np.array([4, 5, 6]) \ndy = [1, 2, 4]")
    assert main(["grade", str(tmp_path / "program.txt"), str(tmp_path / "a.py")]) == 1
    assert "y[2] is 4 where 3 is right" in capsys.readouterr().out
