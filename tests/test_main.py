"""The command line."""

import io
import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import graphviz_backprop
import graphviz_backprop as gb
from graphviz_backprop.__main__ import main

ROOT = Path(__file__).parents[1]


def test_the_table_goes_through_both_passes(capsys):
    assert main(["(4*x+1)^2", "x=1"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "forward pass"
    assert "value     c = a · b = 4 × 1 = 4" in lines
    assert "product rule  ∂c/∂b = a = 4; ∂g/∂b = ∂g/∂c · ∂c/∂b = 10 × 4 = 40" in lines
    assert lines[-2:] == ["g = 25", "∂g/∂x = 40"]


def test_a_program_with_tensors_has_its_rules_in_the_table(capsys):
    assert main(["W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; sum(z^2)", "x=[1, 1]"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "z = W @ x  [2] = [3, 7]" in lines
    assert "z → W: outer(G, x) = [[6, 6], [14, 14]]" in lines
    assert lines[-2:] == ["∂c/∂W = [[6, 6], [14, 14]]", "∂c/∂x = [48, 68]"]


def test_what_goes_wrong_with_tensors_is_noted(capsys):
    assert main(["x = [-1, -2]; sum(relu(x))"]) == 0
    told = capsys.readouterr().out
    assert "note: a is dead: relu is flat at all its 2 cells" in told
    assert main(["x = [-1, -2]; sum(relu(x))", "x=[[1, 2], [3, 4], [5, 6]]"]) == 0  # samples
    assert "note:" not in capsys.readouterr().out


def test_a_closed_form_is_of_numbers(capsys):
    assert main(["x = [-1, -2]; sum(x @ x)", "--derivative", "x"]) == 1
    assert "closed forms are of numbers, and this program has tensors" in capsys.readouterr().err


def test_a_tensor_of_another_shape_is_told(capsys):
    assert main(["x = [5, 6]; sum(x)", "x=[1, 2, 3]"]) == 1
    assert "x has the shape (2,)" in capsys.readouterr().err


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


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_the_program_comes_from_standard_input(capsys, monkeypatch):
    piped(monkeypatch, b"\xef\xbb\xbfu = 4*x + 1 # from Windows\r\nu^2\r\n")
    assert main(["-", "x=1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("/∂x = 40")


def test_the_program_comes_from_a_file(capsys, tmp_path: Path):
    path = tmp_path / "loss.txt"
    path.write_text("α = 3\nα*x^2\n", encoding="utf-8")
    assert main(["x=2", "--file", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("/∂x = 12")
    path.write_text("x +* 2", encoding="utf-8")
    assert main(["-f", str(path)]) == 1
    assert capsys.readouterr().err.splitlines()[:2] == ["x +* 2", "   ^"]


def test_a_file_that_is_no_text(capsys, tmp_path: Path):
    path = tmp_path / "g.png"
    path.write_bytes(b"\x89PNG")
    assert main(["--file", str(path)]) == 1
    assert capsys.readouterr().err == f"graphviz-backprop: {path} is no text in UTF-8\n"


@pytest.mark.parametrize(
    ("options", "start"),
    [([], b"<?xml"), (["--format", "pdf"], b"%PDF"), (["--format", "json"], b'{"expr"')],
)
def test_the_figure_goes_to_standard_output(capsysbinary, options, start):
    assert main(["x^2", "-o", "-", *options]) == 0
    assert capsysbinary.readouterr().out.startswith(start)


def test_a_part_of_the_graph_is_drawn_alone(capsys):
    assert main(["x*y + sin(y)", "-o", "-", "--focus", "x"]) == 0
    assert "Between x and f: 3 boxes of a computation graph with 6 nodes" in capsys.readouterr().out
    assert main(["x*y", "-o", "-", "--focus", "q"]) == 1
    assert "q is neither a variable nor a node" in capsys.readouterr().err


def test_a_format_holds_whatever_the_name(tmp_path: Path):
    path = tmp_path / "picture"
    assert main(["x^2", "-o", str(path), "--format", "png"]) == 0
    assert path.read_bytes().startswith(b"\x89PNG")


def test_all_numbers_as_json(capsys):
    assert main(["(4*x+1)^2", "x=1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["value"], found["gradient"]) == (25, {"x": 40})


def test_a_descent_as_json(capsys):
    main(["x^2", "x=8", "--descend", "gd", "--rate", "0.25", "--steps", "2", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["losses"], found["points"]) == ([64, 16, 4], {"x": [8, 4, 2]})


def test_the_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"graphviz_backprop {graphviz_backprop.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "first", "second"),
    [
        (["-x^2"], "unrecognized arguments: -x^2", "comes after two of them: graphviz-backprop -- '-x^2'"),
        (["x", "--grad"], "unrecognized arguments: --grad", "graphviz-backprop --"),
        (["x", "--view", "forest"], "invalid choice: 'forest'", "--help lists the options"),
        ([], "a program is missing, such as '(4*x+1)^2'", "--help"),
        (["x", "x:2"], "'x:2' is not of the form name=number", "--help"),
        (["x^2", "--descend", "gd", "-o", "x.svg"], "a descent is a table", "--help"),
        (
            ["x^2", "--descend", "gd", "--hold", "20"],
            "--hold holds samples out, and --data has none",
            "--help",
        ),
        (["x^2", "--json", "-o", "x.svg"], "--json prints; for a file: -o FILE.json", "--help"),
        (["serve", "--prot", "80"], "unrecognized arguments: --prot 80", "graphviz-backprop serve --"),
    ],
)
def test_a_mistake_in_the_options_takes_two_lines(capsys, arguments, first, second):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 2
    assert first in lines[0]
    assert second in lines[1]


def test_a_program_that_starts_with_a_minus(capsys):
    assert main(["--", "-x^2", "x=3"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("/∂x = -6")


def test_options_may_stand_between_the_values(capsys):
    main(["x*y", "x=2", "--seed", "1", "y=5"])
    assert capsys.readouterr().out.splitlines()[-2:] == ["∂c/∂x = 5", "∂c/∂y = 2"]


def started(arguments: list[str], **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "graphviz_backprop", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_a_reader_that_goes_is_no_error():
    """As `| head -1` does, before anything has been printed: then a pipe is broken for sure."""
    process = started(["+".join(["x"] * 2_000)])
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_is_printed_is_utf_8_on_any_system(encoding):
    out, err = started(["√x·π", "x=4"], PYTHONIOENCODING=encoding, PYTHONUTF8="0").communicate()
    assert "∂d/∂x = 0.7854" in out.decode()
    assert err == b""


def test_a_mistake_is_utf_8_too():
    _, err = started(["α +"], PYTHONIOENCODING="cp1252", PYTHONUTF8="0").communicate()
    assert err.decode().splitlines()[0] == "α +"


def test_it_serves():
    process = started(["serve", "--port", "0"], HOST="127.0.0.1")
    assert process.stdout
    said = process.stdout.readline().decode()
    address = re.fullmatch(r"graphviz_backprop is ready at (http://127\.0\.0\.1:\d+/)\n", said)
    try:
        assert address, process.communicate()
        with urllib.request.urlopen(f"{address[1]}api/graph?expr=x^2&at.x=3", timeout=20) as reply:
            assert json.load(reply)["gradient"] == {"x": 6}
    finally:
        process.terminate()
        process.communicate()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x", "y=2"], "y is not a variable of this program"),
        (["x", "-o", "g.gif"], "g.gif should end in one of"),
        (["x", "-o", "/nowhere/g.svg"], "/nowhere/g.svg: No such file or directory"),
        (["--file", "/nowhere/f.txt"], "/nowhere/f.txt: No such file or directory"),
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


def test_the_paths_of_a_tensor_s_gradient(capsys):
    main(["x = [1, 2]; z = [3, 4] * x; sum(z) + sum(x)", "--paths", "x"])
    told = capsys.readouterr().out
    assert "78.05 %" in told  # (3, 4) along (4, 5): 32 of 41
    assert "21.95 %" in told  # (1, 1) along it: 9 of 41
    assert told.rstrip().endswith("sum of 2: [4, 5]")


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
    assert (
        "note: b = log(a) = log(-1) = NaN: the logarithm is defined for numbers > 0."
        in capsys.readouterr().out
    )


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


def test_a_part_of_a_file_is_held_out(capsys, tmp_path: Path):
    path = tmp_path / "line.csv"
    path.write_text("x,y\n" + "".join(f"{x},{2 * x}\n" for x in range(1, 11)))
    arguments = ["(w*x - y)^2", "--descend", "gd", "--steps", "3", "--data", str(path), "--hold", "20"]
    assert main(arguments) == 0
    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    assert [name.strip() for name in lines[0] if name] == ["step", "loss", "held out", "w"]
    assert main([*arguments, "--json"]) == 0
    kept, held = gb.hold_out({"x": range(1, 11), "y": range(2, 21, 2)}, 20)
    wanted = gb.descend(gb.parse("(w*x - y)^2"), {"w": 1}, data=kept, held=held, steps=3)
    assert json.loads(capsys.readouterr().out)["held"] == wanted.held.tolist()
    assert main([*arguments[:-1], "95"]) == 1
    assert "percent is 95, and should be a whole number from 0 to 90" in capsys.readouterr().err


def test_what_a_table_leaves_open_is_offered_as_options(capsys, tmp_path: Path):
    path = tmp_path / "flowers.csv"
    path.write_text("x,its species\n1,setosa\n,virginica\n3,virginica\n")
    arguments = ["(w*x - y)^2", "--data", str(path), "--steps", "1"]
    assert main(arguments) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith("row 2, column 2: setosa is not a number")
    choice = "--data-choice 'text.its species=leave_out'"
    assert [line.split("  ")[1] for line in said[1:]] == [
        "--data-choice 'text.its species=classes'",
        "--data-choice 'text.its species=one_hot'",
        choice,
    ]
    assert said[3].endswith("  Leave its species out")

    arguments += shlex.split(choice)
    assert main(arguments) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[1:] == ["  --data-choice missing=drop  Leave out 1 incomplete sample"]
    assert main([*arguments, "--data-choice", "missing=drop", "--json"]) == 0
    found = capsys.readouterr()
    assert found.err.splitlines() == ["note: left out: its species", "note: 1 incomplete sample left out"]
    assert json.loads(found.out)["losses"][0] == ((1 - 1) ** 2 + (3 - 1) ** 2) / 2


def test_classes_are_told(capsys, tmp_path: Path):
    path = tmp_path / "flowers.csv"
    path.write_text("x,y\n1,b\n2,a\n")
    assert main(["(w*x - y)^2", "--data", str(path), "--data-choice", "text=classes"]) == 0
    assert capsys.readouterr().err == "note: y is 0 = a, 1 = b\n"


@pytest.mark.parametrize("choice", ["missing", "missing=keep", "colour=red", "="])
def test_a_choice_that_there_is_not(capsys, choice: str):
    with pytest.raises(SystemExit):
        main(["x", "--data", "x.csv", "--data-choice", choice])
    assert "missing=drop" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["x", "--data-choice", "missing=drop"])
    assert "--data which one" in capsys.readouterr().err


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


def test_a_dialect_by_name(capsys):
    assert main(["xy", "x=3", "y=2", "--dialect", "latex", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["dialect"], found["value"]) == ("latex", 6)
    assert main(["np.exp(x)", "--dialect", "own"]) == 1
