"""Graphviz in its process: in time, killed where not, and back again after whatever happens."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from graphviz_backprop.figure.svg import Figure
from graphviz_backprop.jobs import processes as module_processes
from graphviz_backprop.jobs import worker
from graphviz_backprop.jobs.layout import Layout, LayoutError, LayoutTimeout
from graphviz_backprop.jobs.processes import JobBusy, Pool
from graphviz_backprop.language.parser import parse

# A layout that takes longer than anyone waits.
ENDLESS = "digraph {" + "".join(f"{i}->{i * j % 400};" for i in range(400) for j in range(2, 16)) + "}"
PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><rect width="3" height="2"/></svg>'


@pytest.fixture
def layout() -> Iterator[Layout]:
    with Layout(limit=1, workers=1) as layout:
        layout.warm()
        yield layout


def processes(layout: Layout) -> list[int]:
    """The numbers of its processes."""
    return [worker._process.pid for worker in layout._pool._workers if worker._process]


def another(layout: Layout, than: list[int]) -> list[int]:
    """The numbers of its processes, once they are others."""
    while (found := processes(layout)) in (than, []):
        time.sleep(0.01)
    return found


def test_an_endless_layout_is_killed_and_the_next_works(layout: Layout) -> None:
    before = processes(layout)
    with pytest.raises(LayoutTimeout):
        layout.place(ENDLESS)
    with pytest.raises(ProcessLookupError):
        os.kill(before[0], 0)
    assert '"pos"' in layout.place("digraph { a }", limit=20)


def test_nobody_notices_a_crash(layout: Layout) -> None:
    """The process takes in the message, dies, and another one does the job."""
    before = processes(layout)
    os.kill(before[0], signal.SIGSTOP)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(layout.place, "digraph { a }", 20)
        os.kill(before[0], signal.SIGKILL)
        assert '"pos"' in asked.result()
    assert processes(layout) != before


def test_what_crashes_again_is_an_error_and_the_next_works(layout: Layout) -> None:
    """Whichever process takes the job is killed; one that dies before it does so is not counted."""
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(layout.place, ENDLESS, 20)
        while not asked.done():
            for each in processes(layout):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            time.sleep(0.01)
        with pytest.raises(LayoutError, match="crashed"):
            asked.result()
    assert '"pos"' in layout.place("digraph { a }", limit=20)


def test_what_has_no_time_left_is_not_begun(layout: Layout) -> None:
    """The curves took all of it: there is nothing to wait for, and the process is left in peace."""
    before = processes(layout)
    for rest in (0, -0.5):
        with pytest.raises(LayoutTimeout, match="Drawing it takes too long"):
            layout.place("digraph { a }", limit=rest)
    assert processes(layout) == before


def test_loading_does_not_count(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has just started gets all of its time for the job."""
    asked: list[float] = []
    following = module_processes._Process._next

    def noted(process: module_processes._Process, limit: float, *left: Callable[[], bool]) -> bytes:
        asked.append(limit)
        return following(process, limit, *left)

    monkeypatch.setattr(module_processes._Process, "_next", noted)
    with Layout(limit=20, workers=1) as new:
        new.place("digraph { a }")
    assert asked[0] > 20, "until it can work"
    assert 19 < asked[1] <= 20


def test_a_killed_process_loads_again_before_it_is_needed(layout: Layout) -> None:
    before = processes(layout)
    with pytest.raises(LayoutTimeout):
        layout.place(ENDLESS)
    assert another(layout, before) != before


def test_no_more_wait_than_are_served_in_time() -> None:
    """The rest is told at once, instead of keeping the server's threads for nothing."""
    pool = Pool(2, 1, "It", loads="graphviz", waiting=1)
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(pool.run, "place", ENDLESS) for _ in range(2)]
        while pool._places._value:
            time.sleep(0.01)
        with pytest.raises(JobBusy, match="Try again"):
            pool.run("place", "digraph { a }")
        assert not any(one.done() for one in asked), "the others still wait"
        for one in asked:
            with pytest.raises(LayoutTimeout):
                one.result()
    pool.close()


def test_no_pipe_is_selected(tmp_path: Path) -> None:
    """Windows selects sockets alone."""
    script = """if True:
        import select, selectors

        def refuse(*arguments, **named):
            raise OSError(10038, "an operation was attempted on something that is not a socket")

        select.select = refuse
        for name in ("SelectSelector", "PollSelector", "EpollSelector", "DefaultSelector"):
            if hasattr(selectors, name):
                setattr(getattr(selectors, name), "register", refuse)
        from graphviz_backprop.jobs.layout import Layout
        with Layout(limit=20) as layout:
            print(layout.place("digraph { a }"))
    """
    root = Path(worker.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert '"pos"' in done.stdout


def test_bad_dot_is_an_error_and_the_process_lives(layout: Layout) -> None:
    before = processes(layout)
    with pytest.raises(LayoutError):
        layout.place("digraph {", limit=20)
    assert '"pos"' in layout.place("digraph { a }", limit=20)
    assert processes(layout) == before


def test_no_one_waits_longer_than_the_limit_for_a_free_process(layout: Layout) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(layout.place, ENDLESS, 3)
        while layout._pool._free.qsize():
            time.sleep(0.01)
        with pytest.raises(LayoutTimeout, match="Try again"):
            layout.place("digraph { a }")
        assert not first.done(), "it did not wait for the other"
        with pytest.raises(LayoutTimeout):
            first.result()


def test_many_threads_share_it() -> None:
    programs = [f"x^{n} + {n}*y" for n in range(40)]
    with Layout(limit=20) as layout, ThreadPoolExecutor(8) as pool:
        figures = list(pool.map(lambda program: layout.figure(parse(program)), programs))
    assert [figure.template.count("data-node") for figure in figures] == [7] * 40


def test_figures_are_remembered(layout: Layout) -> None:
    first = layout.figure(parse("(4*x+1)^2"))
    assert layout.figure(parse("(4*x+1)^2")) is first
    assert layout.figure(parse("(4*x+1)^2"), "right") is not first
    assert layout.figure(parse("(5*x+1)^2")) is not first


def test_texts_of_one_length_have_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter typed in place of another costs no layout, and the figure is that of the new program."""
    with Layout(limit=20) as layout:
        first = layout.figure(parse("(4*x+1)^2"))
        monkeypatch.setattr(layout._pool, "run", None)
        second = layout.figure(parse("(4*y+1)^2"))
    with Layout(limit=20) as other:
        assert second == other.figure(parse("(4*y+1)^2"))
    assert second != first


def test_one_program_is_laid_out_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    with Layout(limit=20) as layout, ThreadPoolExecutor(8) as pool:
        run, asked, all_here = layout._pool.run, [], Barrier(8)

        def counted(job: str, source: str, limit: float | None = None) -> bytes:
            asked.append(source)
            return run(job, source, limit=limit)

        def figure(_: int) -> Figure:
            all_here.wait(60)
            return layout.figure(parse("(4*x+1)^2"))

        monkeypatch.setattr(layout._pool, "run", counted)
        figures = list(pool.map(figure, range(8)))
    assert len(asked) == 1
    assert all(figure is figures[0] for figure in figures)


def test_what_is_slow_with_curves_is_drawn_without(monkeypatch: pytest.MonkeyPatch, layout: Layout) -> None:
    run = layout._pool.run

    def slow(job: str, source: str, limit: float | None = None) -> bytes:
        if "splines=line" not in source:
            raise LayoutTimeout
        return run(job, source, limit=limit)

    monkeypatch.setattr(layout._pool, "run", slow)
    graph = parse("(4*x+1)^2")
    plain = layout.figure(graph)
    assert 'class="texts"' not in plain.template
    monkeypatch.undo()
    assert 'class="texts"' in layout.figure(graph).template, "the plain one was remembered"


def test_what_is_too_large_for_graphviz_is_drawn_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = parse("+".join(["x"] * 500))
    with Layout(limit=20) as layout:
        monkeypatch.setattr(layout, "place", pytest.fail)
        for direction in ("up", "right"):
            figure = layout.figure(graph, direction)
            assert figure.template.count("data-node") == len(graph.nodes)
            assert layout.figure(graph, direction) is figure


# 300 nodes, as a tree, as a wide graph, as a deep one, and as a tangle
NEWTON = "\n".join(
    f"u{i} = {x} - ({x}*{x} - a)/(2*{x})" for i, x in enumerate(["x", *(f"u{i}" for i in range(59))])
)
LARGE = ["+".join(f"{i}*x^{i}*y" for i in range(1, 38)), NEWTON, "sin(" * 299 + "x" + ")" * 299]


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("program", LARGE, ids=["sum", "newton", "chain"])
def test_300_nodes_are_drawn(program: str, view: str) -> None:
    graph = parse(program, view=view)
    with Layout(limit=20) as layout:
        if len(graph.nodes) <= 400:
            assert layout.figure(graph).template.count("data-node") == len(graph.nodes)


def test_png_and_pdf(layout: Layout) -> None:
    graph = parse("(4*x+1)^2")
    figure = layout.figure(graph)
    png, pdf = layout.png(figure.printed({}), 1.0), layout.pdf(figure.printed({}))
    assert png.startswith(b"\x89PNG")
    assert [int.from_bytes(png[i : i + 4]) for i in (16, 20)] == pytest.approx(
        [figure.width, figure.height], abs=1
    )
    assert pdf.startswith(b"%PDF")
    assert b"/ToUnicode" in pdf, "texts in it can be searched and copied"


def test_a_huge_png_has_fewer_pixels(layout: Layout) -> None:
    png = layout.png(PIXEL.replace('"3"', '"30000"').replace('"2"', '"20000"'))
    width, height = (int.from_bytes(png[i : i + 4]) for i in (16, 20))
    assert 9_000_000 < width * height <= 10_100_000


def test_a_bad_svg_is_an_error(layout: Layout) -> None:
    with pytest.raises(LayoutError):
        layout.png("<svg")


def test_starts_in_any_script(tmp_path: Path) -> None:
    """Without a guard for the main module, and with a module of the script's that hides one of Python's."""
    (tmp_path / "numbers.py").write_text("raise Exception")
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path[0] = {str(Path(__file__).parents[2])!r}\n"
        "from graphviz_backprop.jobs.layout import Layout\n"
        "with Layout(limit=20) as layout:\n    print(layout.place('digraph { a }'))\n"
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert '"pos"' in done.stdout


def test_processes_end_with_it() -> None:
    layout = Layout()
    layout.warm()
    (process,) = processes(layout)
    layout.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize(
    ("pool", "job", "argument"),
    [
        ("Pool(1, 1, 'It', loads='graphviz')", "place", [ENDLESS]),
        ("Pool(600, 1, 'It', loads='sympy')", "derive", ["*".join(["(x+y+1)^30"] * 9), "tree", [], "x"]),
    ],
    ids=["Graphviz holds the interpreter's lock", "Python"],
)
def test_who_works_ends_when_who_asked_was_killed(pool: str, job: str, argument: list[object]) -> None:
    script = (
        "import os, threading\n"
        "from graphviz_backprop.jobs.processes import Pool\n"
        f"pool = {pool}\n"
        "process = pool._workers[0].start()\n"
        "process._next(60)\n"
        "process._ready = True\n"
        f"threading.Thread(target=pool.run, args=[{job!r}, *{argument!r}]).start()\n"
        "print(process.pid, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout
        working = int(asking.stdout.readline())
        asking.kill()
    while alive(working):
        time.sleep(0.05)


def alive(process: int) -> bool:
    """Whether it runs: one whose parent is gone and that nobody has asked after is a zombie here."""
    state = subprocess.run(["ps", "-o", "stat=", str(process)], capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


def test_a_worker_whose_reader_has_gone_ends_in_silence() -> None:
    pipe = subprocess.PIPE
    command = [sys.executable, "-P", worker.__file__]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin and process.stdout and process.stderr
        assert worker.receive(process.stdout) == worker.DONE
        process.stdout.close()
        worker.send(process.stdin, json.dumps(["place", ["digraph { a -> b }"], 10]).encode())
        process.stdin.close()
        assert (b"Traceback" in process.stderr.read(), process.wait(60)) == (False, 0)


def test_bytes_behind_a_message_are_its_last_argument() -> None:
    pool = Pool(20, 1, "It")
    try:
        for sent in (b"\xff\n\0", b"", b"1" * 300_000):
            assert pool.run("builtins:bytes", sent=sent) == sent
    finally:
        pool.close()


def test_the_worker_loads_only_what_it_needs() -> None:
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, worker.__file__], capture_output=True, text=True, check=True
    )
    assert not {"flask", "lark", "sympy", "graphviz_backprop"} & set(done.stdout.split())


def test_a_machine_without_the_native_libraries_draws_the_same(tmp_path: Path) -> None:
    """Graphviz for WebAssembly steps in where the native build cannot be loaded."""
    (tmp_path / "pygraphviz.py").write_text("raise ImportError('libX11.so.6')")
    source = 'digraph { rankdir=BT node [shape=plain label=""] a -> b -> c a -> c }'
    script = (
        "import sys; from graphviz_backprop.jobs import worker; print(worker.place(sys.argv[1]).decode())"
    )
    root = Path(worker.__file__).parents[2]
    found = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", script, source],
                env={**os.environ, "PYTHONPATH": os.pathsep.join([*first, str(root)])},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for first in ([], [str(tmp_path)])
    ]
    assert found[0]["bb"] == found[1]["bb"]
    assert [node["pos"] for node in found[0]["objects"]] == [node["pos"] for node in found[1]["objects"]]
