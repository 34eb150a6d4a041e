"""The command line."""

import json
from pathlib import Path

import pytest

from graphviz_backprop.__main__ import main


def test_the_table_goes_through_both_passes(capsys):
    assert main(["(4*x+1)^2", "x=1"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "forward pass"
    assert "value     c = a · b = 4 × 1 = 4" in lines
    assert "product rule  ∂c/∂b = a = 4; ∂g/∂b = ∂g/∂c · ∂c/∂b = 10 × 4 = 40" in lines
    assert lines[-2:] == ["g = 25", "∂g/∂x = 40"]


def test_a_variable_without_a_value_is_1_and_a_seed_is_upstream(capsys):
    main(["x*y", "y=3", "--seed", "2"])
    assert capsys.readouterr().out.splitlines()[-2:] == ["∂L/∂x = 6", "∂L/∂y = 2"]


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF"), (".dot", b"digraph"), (".json", b"{")],
)
def test_the_output_file_is_what_its_ending_says(tmp_path: Path, suffix, start):
    path = tmp_path / f"g{suffix}"
    assert main(["(4*x+1)^2", "x=1", "-o", str(path)]) == 0
    assert path.read_bytes().lstrip().startswith(start)


def test_the_json_is_that_of_the_api(tmp_path: Path):
    path = tmp_path / "g.json"
    main(["(4*x+1)^2", "x=1", "-o", str(path)])
    found = json.loads(path.read_text())
    assert (found["value"], found["gradient"], found["variables"]) == (25, {"x": 40}, {"x": 1})


def test_a_mistake_is_pointed_at(capsys):
    assert main(["u = 2\n4*x+*1"]) == 1
    assert capsys.readouterr().err.splitlines() == ["4*x+*1", "    ^", "* needs a value on its left"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x", "y=2"], "y is not a variable of this program"),
        (["x", "-o", "g.gif"], "g.gif should end in one of"),
        (["x", "-o", "/nowhere/g.svg"], "No such file"),
    ],
)
def test_what_cannot_be_done_is_said(capsys, arguments, message):
    assert main(arguments) == 1
    assert message in capsys.readouterr().err


def test_an_assignment_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["x", "x:2"])
    assert "'x:2' is not of the form name=number" in capsys.readouterr().err


def test_the_paths_of_a_gradient(capsys):
    main(["3x^2 + 2x*y + y^2", "x=1", "y=2", "--paths", "x"])
    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    assert [line[-1] for line in lines] == ["1 × 1 × 3 × 2", "1 × 1 × 2 × 2", "sum of 2"]


def test_many_paths_are_summed_up(capsys):
    doubling = "u0 = 2x; " + "; ".join(f"u{k} = u{k - 1} + u{k - 1}" for k in range(1, 11))
    main([doubling, "--paths", "x"])
    assert capsys.readouterr().out.splitlines()[-2].strip() == "2008  1,004 more"


def test_the_derivative_and_the_check(capsys):
    main(["(4*x+1)^2", "--derivative", "x", "--check"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "∂g/∂x = 32*x + 8"
    assert lines[1].startswith("∂/∂x: relative error ")


def test_what_goes_wrong_is_noted(capsys):
    main(["log(x)", "x=-1"])
    assert "note: b = log(a) = log(-1) = NaN: the logarithm is defined for x > 0." in capsys.readouterr().out


def test_a_descent_is_a_table_of_some_of_its_steps(capsys):
    assert main(["(4*x+1)^2", "x=1", "--descend", "gd", "--rate", "0.015625", "--steps", "20"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[:3] == [["step", "loss", "x"], ["0", "25", "1"], ["2", "1.563", "0.0625"]]
    assert [line[0] for line in lines[1:]] == [str(step) for step in range(0, 21, 2)]


def test_a_descent_over_a_file(capsys, tmp_path: Path):
    path = tmp_path / "line.csv"
    path.write_bytes("\ufeffx;y\r\n1,5;3,5\r\n2;4,5\r\n".encode())
    arguments = ["(w*x + b - y)^2", "b=0.5", "--descend", "gd", "--data", str(path), "--parameters", "w"]
    assert main([*arguments, "--batch", "1"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["step", "loss", "w"]
    assert lines[-2:] == [["100", "0", "2"], ["50", "epochs"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--descend", "adma"], "did you mean adam?"),
        (["--descend", "gd", "--parameters", "q"], "q is not a variable of this program"),
        (["--data", "/nowhere.csv"], "No such file"),
    ],
)
def test_a_descent_that_there_is_not(capsys, arguments, message):
    assert main(["x^2", *arguments]) == 1
    assert message in capsys.readouterr().err


def test_a_descent_that_diverges_says_why(capsys):
    main(["x^2", "x=3", "--descend", "gd", "--rate", "1.5"])
    assert capsys.readouterr().out.splitlines()[-1].startswith("stopped: the step overshoots")


def test_a_terminal_shows_how_far_a_long_descent_is(capsys, monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))
    main(["x^2", "--descend", "gd", "--steps", "3"])
    shown = capsys.readouterr().err
    assert shown == "1 of 3 steps\r2 of 3 steps\r3 of 3 steps\r\x1b[K"
