"""Gradients graded by name, and the files that they are handed in with."""

import io
import json

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.__main__ import main
from graphviz_backprop.explain.grading import pasted
from graphviz_backprop.explain.grading.handed_in import Unreadable, python, read

NEURON = "z = w*x + b; a = sigmoid(z); C = (a - y)^2"
AT = {"w": 2, "x": 1, "b": -2, "y": 1}  # a = 1/2: dC/da = -1, dC/dz = -1/4


def test_right_gradients():
    graded = gb.grade(gb.parse(NEURON), AT, {"w": -0.25, "db": -0.25, "dC_da": -1.0, "x.grad": -0.5})
    assert graded.right and graded.score == 1
    assert [(line.name, line.verdict) for line in graded.lines] == [
        ("w", "right"),
        ("db", "right"),
        ("dC_da", "right"),
        ("x.grad", "right"),
    ]


def test_a_wrong_gradient_says_by_how_much_and_why():
    graded = gb.grade(gb.parse(NEURON), AT, {"w": 0.25, "b": -0.25})
    wrong, right = graded.lines
    assert (wrong.verdict, wrong.error, right.verdict) == ("wrong", 2.0, "right")
    assert wrong.text.startswith("wrong: 0.25 where -0.25 is right. ∂") and "sign" in wrong.text
    assert graded.score == 0.5 and not graded.right


def test_what_follows_from_a_wrong_gradient_is_credited():
    graded = gb.grade(gb.parse(NEURON), AT, {"dw": -1.0, "dz": -1.0})
    assert {line.name: line.verdict for line in graded.lines} == {"dw": "follows", "dz": "wrong"}
    assert "given the wrong z" in graded.lines[0].text


@pytest.mark.parametrize("text", ["dx = nan", "dx = np.nan", "dx: NaN", "dx\n  tensor(nan)"])
def test_what_is_no_number_any_more_is_graded_wrong(text):
    graded = gb.grade("(4*x+1)^2", {"x": 1}, pasted.read(text).answers)
    (line,) = graded.lines
    assert line.verdict == "wrong" and "NaN where 40 is right" in line.text and line.mistakes == ()


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("program", ["x = 1; (4*x+1)^2", "x = [1, 2]; sum(x^2)"])
def test_infinity_is_never_right(program, number):
    (line,) = gb.grade(program, {}, {"x": number}).lines
    assert line.verdict == "wrong"
    (line,) = gb.grade(program, {}, {"x": [number, 4.0]}).lines
    assert line.verdict == "wrong"


def test_what_is_missing_and_what_is_unknown():
    graded = gb.grade(gb.parse(NEURON), AT, {"w": -0.25, "lr": 0.1, "y": [1, 2]}, wanted=["w", "b"])
    assert {line.name: line.verdict for line in graded.lines} == {"w": "right", "y": "wrong", "b": "missing"}
    assert graded.unknown == ("lr",)
    assert "lr" in str(graded) and "a number is needed, not a list" in str(graded)


def test_of_several_names_the_gradient_is_graded_once():
    """A file has the value x beside its gradient, and may have the gradient by two names."""
    graded = gb.grade(gb.parse(NEURON), AT, {"x": 1, "dx": -0.5, "x.grad": 7, "w": -0.25})
    assert [(line.name, line.verdict) for line in graded.lines] == [("dx", "right"), ("w", "right")]
    assert graded.others == ("x", "x.grad")
    assert "another name has that gradient: x, x.grad" in str(graded)


def test_only_what_is_asked_for_counts():
    graded = gb.grade(gb.parse(NEURON), AT, {"w": -0.25, "a": 7, "z": -0.25}, wanted=["w", "b"])
    assert (graded.credited, len(graded.asked), graded.right) == (1, 2, False)
    results = graded.gradescope(5)
    assert results["score"] == 5 and sum(test["max_score"] for test in results["tests"]) == 10
    assert gb.grade(gb.parse(NEURON), AT, {"w": -0.25, "a": 7}, wanted=["w"]).right


def test_none_says_what_it_means():
    """W.grad is None where nothing was computed, of numbers as of tensors."""
    for program, at in ((NEURON, AT), ("w = [1, 2]; sum(w)", {})):
        assert "None is no gradient" in gb.grade(program, at, {"w": None}).lines[0].text


def test_nothing_is_not_right():
    graded = gb.grade(gb.parse(NEURON), AT, {"q": 1})
    assert (graded.right, graded.score) == (False, 0)


def test_32_bits_are_enough():
    run = gb.parse(NEURON).evaluate(AT)
    given = {name: np.float32(x) for name, x in run.gradient.items()}
    assert gb.grade(gb.parse(NEURON), AT, given).right


def test_gradescope():
    results = gb.grade(gb.parse(NEURON), AT, {"w": -0.25, "b": 3}).gradescope(points=5)
    assert results["score"] == 5
    assert [(test["score"], test["max_score"], test["status"]) for test in results["tests"]] == [
        (5, 5, "passed"),
        (0, 5, "failed"),
    ]


def test_python_is_read_and_not_run():
    text = '''"""My answers."""
import numpy as np
dW = np.array([[1, 2], [3, -4.5]], dtype=np.float32)
db = torch.tensor([0.5, 1/3])
w.grad = -2**3
c: float = 2e3
d = c
x = open("/etc/passwd").read()
y = [1, "two"]
z = 10**10**10
print(dW)
'''
    found = python(text)
    assert found.answers == {
        "dW": [[1, 2], [3, -4.5]],
        "db": [0.5, 1 / 3],
        "w.grad": -8,
        "c": 2000,
        "d": 2000,
    }
    assert [note.partition(":")[0] for note in found.notes] == [
        "line 8",
        "line 9",
        "line 10",
        "line 11 is not run",
    ]


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"a = (", ".py"),
        (b"\xff\xfe", ".py"),
        (b"x = " + b"-" * 200_000 + b"1", ".py"),
        (b"x = " + b"[" * 5_000 + b"]" * 5_000, ".py"),
        (b"a = 1\0", ".py"),
        (b"[1]", ".json"),
        (b"[" * 100_000, ".json"),
        (b"PK nonsense", ".npz"),
        (b"a = 1", ".txt"),
        (b"a = 1", ""),
        (b" " * 1_000_001, ".py"),
    ],
)
def test_what_is_no_file_of_answers(data, ending):
    with pytest.raises(Unreadable):
        read(data, ending)


def test_pickles_are_refused():
    file = io.BytesIO()
    np.savez(file, W=np.array([object()], dtype=object))
    with pytest.raises(Unreadable):
        read(file.getvalue(), ".npz")


def test_arrays_and_json():
    file = io.BytesIO()
    np.savez(file, w=np.float32(0.5), b=np.array([1, 2]))
    found = read(file.getvalue(), ".npz").answers
    assert float(found["w"]) == 0.5 and found["b"].tolist() == [1, 2]
    assert read(b'{"w": [1, [2]], "b": "x"}', ".json").answers == {"w": [1, [2]]}


def graded(tmp_path, answers, *more):
    program, handed = tmp_path / "program.txt", tmp_path / "answers.py"
    program.write_text(NEURON)
    handed.write_text(answers)
    at = [f"{name}={x}" for name, x in AT.items()]
    return main(["grade", str(program), str(handed), *at, *more])


@pytest.mark.parametrize(
    "text",
    [
        "{'w': -0.25, 'b': np.array(-0.25)}",
        "grads = {'dw': -1/4, 'b': -0.25}",
        "w.grad: tensor(-0.25)\nb.grad: -0.25",
        '{"w": -0.25, "b": -0.25}',
    ],
)
def test_dictionaries_are_read_as_they_are_printed(text):
    graded = gb.grade(gb.parse(NEURON), AT, pasted.read(text).answers)
    assert graded.right and len(graded.lines) == 2


def test_the_command_reads_formulas(tmp_path, capsys):
    text = "x = 1\nda = 2 * (a - y)\ndz = da * a * (1 - a)\ndw = dz * x\ndb = dz"
    assert graded(tmp_path, text, "--names", "w,b") == 0
    assert "dw  right\n" in capsys.readouterr().out


def test_the_right_gradients_are_not_there_to_be_copied(tmp_path, capsys):
    assert graded(tmp_path, "dw = dw * 1\ndb = dz + 0", "--names", "w,b") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 of 2"


def test_what_cannot_be_read_has_a_result_for_the_autograder(tmp_path, capsys):
    assert graded(tmp_path, "dw = = 1", "--json") == 2
    results = json.loads(capsys.readouterr().out)
    assert results["score"] == 0 and "is no Python" in results["output"]
    assert graded(tmp_path, "dw = -0.25\nprint(dw)", "--json", "--names", "w") == 0
    assert "line 2 is not run" in json.loads(capsys.readouterr().out)["output"]


def test_the_command(tmp_path, capsys):
    assert graded(tmp_path, "dw = -1/4\ndb = -0.25", "--names", "w,b") == 0
    assert capsys.readouterr().out == "dw  right\ndb  right\n2 of 2\n"
    assert graded(tmp_path, "dw = 0.25", "--names", "w,b") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 of 2"
    assert graded(tmp_path, "dw = -0.25", "--json", "--names", "w", "--points", "4") == 0
    assert json.loads(capsys.readouterr().out)["tests"][0]["max_score"] == 4
    assert graded(tmp_path, "dw = ") == 2
    assert "is no Python" in capsys.readouterr().err
    assert graded(tmp_path, "dw = 1", "--names", "q") == 2
    assert "q is neither a variable nor a node" in capsys.readouterr().err


def test_all_variables_are_wanted_if_not_said_otherwise(tmp_path, capsys):
    assert graded(tmp_path, "dw = -0.25") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 4"
