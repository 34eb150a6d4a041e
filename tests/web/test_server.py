"""`python app.py` from outside: what it prints, where it listens, how it ends."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def start(**environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "HOST": "127.0.0.1", "PORT": "0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.split()
    pids = [int(number) for number in listed]
    return [one for one, parent in zip(pids[::2], pids[1::2], strict=True) if parent == pid]


def alive(pid: int) -> bool:
    """Whether a process runs. One that has ended is nobody's to wait for where its parent was killed."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state) and not state.startswith("Z")


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_when_told_to(number: signal.Signals) -> None:
    process = start()
    assert process.stdout is not None
    said = process.stdout.readline()
    address = re.fullmatch(r"graphviz_backprop is ready at (http://127\.0\.0\.1:\d+/)\n", said)
    assert address, process.communicate()
    with urllib.request.urlopen(f"{address[1]}healthz", timeout=10) as reply:
        assert reply.status == 200
    workers = children(process.pid)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # a terminal's Ctrl-C
    else:
        process.send_signal(number)
    assert process.communicate(timeout=15) == ("", "")
    assert process.returncode == 0
    assert not [pid for pid in workers if alive(pid)]


def test_tabs_that_are_only_open_keep_no_visitor_out() -> None:
    """A browser opens six connections and keeps them: a hundred such tabs, and still there is an answer."""
    process = start()
    assert process.stdout is not None
    said = process.stdout.readline()
    address = re.search(r"127\.0\.0\.1:(\d+)", said)
    assert address, process.communicate()
    with contextlib.ExitStack() as tabs:
        try:
            for _ in range(600):
                tabs.enter_context(socket.create_connection(("127.0.0.1", int(address[1])), timeout=30))
            with urllib.request.urlopen(f"http://{address[0]}/api/graph?expr=x", timeout=15) as reply:
                assert reply.status == 200
        finally:
            process.terminate()
            process.communicate()


def listening(process: subprocess.Popen[str]) -> int:
    """The port of a server that has started."""
    assert process.stdout is not None
    address = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert address, process.communicate()
    return int(address[1])


@contextlib.contextmanager
def running(**environment: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = start(**environment)
    try:
        yield process, listening(process)
    finally:
        process.kill()
        process.communicate()


def sent(port: int, text: str) -> socket.socket:
    """A connection that has sent this."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(text.replace("\n", "\r\n").encode())
    return connection


def received(connection: socket.socket) -> str:
    """All until the other side closes."""
    with connection, connection.makefile("rb") as stream:
        return stream.read().decode(errors="replace")


def fetched(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as reply:
        return str(reply.read().decode())


def posted(path: str, body: str, kind: str = "application/x-www-form-urlencoded") -> str:
    return f"POST {path} HTTP/1.1\nHost: x\nContent-Type: {kind}\nContent-Length: {len(body)}\n\n{body}"


def uploaded(port: int, table: str) -> str:
    """The answer to a table, as soon as there is room for it."""
    address = f"http://127.0.0.1:{port}/api/table"
    while True:
        try:
            with urllib.request.urlopen(address, data=table.encode(), timeout=60) as reply:
                return str(reply.read().decode())
        except OSError as refusal:  # a 503, or its connection was closed before all was sent
            if getattr(refusal, "code", 503) != 503:
                raise
            time.sleep(0.05)


def test_slow_clients_keep_no_visitor_out() -> None:
    """Half a header, half a body: nobody waits for the rest."""
    half = ["GET / HTTP/1.1\nHost: x", "POST /api/graph HTTP/1.1\nHost: x\nContent-Length: 99\n\nexpr="]
    with running() as (_, port), contextlib.ExitStack() as clients:
        for text in half * 40:
            clients.enter_context(sent(port, text))
        answer = received(sent(port, "GET /api/graph?expr=x HTTP/1.1\nHost: x\nConnection: close\n\n"))
        assert answer.startswith("HTTP/1.1 200")


def test_a_body_with_two_lengths_is_refused_and_nothing_behind_it_is_read() -> None:
    body = "6\nexpr=x\n0\n\nGET /healthz HTTP/1.1\nHost: x\n\n"
    both = "Content-Length: 6\nTransfer-Encoding: chunked\n\n"
    with running() as (_, port):
        answer = received(sent(port, f"POST /api/graph HTTP/1.1\nHost: x\n{both}{body}"))
    assert re.findall(r"HTTP/1\.1 (\d+)", answer) == ["400"]
    assert "waitress" not in answer.partition("\r\n\r\n")[0].lower().replace("via", "")


def test_no_address_is_made_of_the_host_header() -> None:
    with running() as (_, port):
        for path in ("/static/x//a", "//rules", "/network?sizes=2-1"):
            request = f"GET {path} HTTP/1.1\nHost: evil.example\nConnection: close\n\n"
            assert "evil.example" not in received(sent(port, request))


def test_who_was_accepted_is_answered_when_it_stops() -> None:
    """Some are being answered, some wait for a thread, some have only just been connected."""
    with running() as (process, port):
        asked = [sent(port, posted("/formula", f"expr=sin(x)^{n}*x")) for n in range(2, 5)]
        asked += [sent(port, f"GET /fragments?expr=sin(x*{n}) HTTP/1.1\nHost: x\n\n") for n in range(1, 60)]
        process.send_signal(signal.SIGTERM)
        answers = [received(connection) for connection in asked]
        assert process.wait(30) == 0
    assert [answer[:15] for answer in answers] == ["HTTP/1.1 200 OK"] * len(asked)
    for answer in answers:
        assert re.search(r"</\w+>\s*(0\r\n\r\n)?$", answer)


def test_a_stream_says_that_the_server_is_being_stopped() -> None:
    body = json.dumps(
        {"expr": "(w*x+b-y)^2", "rate": 1e-9, "steps": 20_000, "data": {"set": "line", "n": 90_000}}
    )
    with running() as (process, port):
        connection = sent(port, posted("/api/descend", body, "application/json"))
        start = connection.recv(4096)
        process.send_signal(signal.SIGTERM)
        answer = start.decode() + received(connection)
        assert process.wait(30) == 0
    assert answer.startswith("HTTP/1.1 200"), answer
    assert "the server is being stopped" in answer
    assert answer.endswith("0\r\n\r\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that share a socket")
def test_several_processes_serve_and_one_that_ends_is_replaced() -> None:
    with running(WORKERS="2") as (process, port):
        first = children(process.pid)
        assert len(first) == 2
        below = [pid for each in first for pid in children(each)]
        answers = {fetched(port, "/api/graph?expr=x^2&at.x=3") for _ in range(20)}
        assert len(answers) == 1
        os.kill(first[0], signal.SIGKILL)
        assert {fetched(port, "/api/graph?expr=x^2&at.x=3") for _ in range(20)} == answers
        wait_until(lambda: len(children(process.pid)) == 2)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert process.returncode == 0
    wait_until(lambda: not [pid for pid in [*first, *below] if alive(pid)])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that share a socket")
def test_the_numbers_of_several_processes_are_told_together_and_all_end_with_their_parent() -> None:
    with running(WORKERS="2") as (process, port):
        first = children(process.pid)
        below = [pid for each in first for pid in children(each)]
        for _ in range(40):
            fetched(port, "/graph.svg?expr=x^2")
        text = fetched(port, "/metrics")
        assert 'backprop_requests_total{method="GET",path="/graph.svg",status="200"} 40.0' in text
        assert "backprop_layout_seconds_count " in text
        assert 'backprop_restarts{pool="layout"} 0.0' in text
        process.kill()
        process.wait(30)
    wait_until(lambda: not [pid for pid in [*first, *below] if alive(pid)])


@pytest.mark.parametrize("processes", ["1", "2"])
def test_it_needs_no_disk(tmp_path: Path, processes: str) -> None:
    """A disk that is full, or can only be read: what is large is in memory, and figures come all the same."""
    (tmp_path / "sitecustomize.py").write_text(
        "import errno, tempfile\n"
        "def full(*_, **__): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "tempfile.TemporaryFile = tempfile.NamedTemporaryFile = tempfile.mkdtemp = tempfile.mkstemp = full\n"
    )
    table = "x,y\n" + "1.25,2\n" * 200_000
    with running(PYTHONPATH=str(tmp_path), WORKERS=processes) as (_, port):
        assert "data-node" in fetched(port, "/?expr=x^2")
        assert '"rows":200000' in uploaded(port, table)
        for path in (
            "/graph.pdf?expr=x^2",
            "/graph.png?expr=x^2",
            "/api/data?name=moons&n=100000",
            "/metrics",
        ):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as reply:
                assert reply.read()


def test_few_large_bodies_are_read_at_once() -> None:
    begun = "POST /api/table HTTP/1.1\nHost: x\nContent-Length: 3000000\n\nx,y\n"
    with running() as (_, port), contextlib.ExitStack() as others:
        for _ in range(8):
            others.enter_context(sent(port, begun))
        fetched(port, "/api/graph?expr=x")  # what was sent before has been read by now
        refused = received(sent(port, begun))
        assert refused.startswith("HTTP/1.1 503")
        assert "Retry-After: 5" in refused
        assert "x*x" in fetched(port, "/api/graph?expr=x*x")
        others.close()
        assert '"rows":600000' in uploaded(port, "x,y\n" + "1,2.5\n" * 600_000)


def test_how_many_processes_there_may_be() -> None:
    process = start(WORKERS="none")
    _, err = process.communicate(timeout=30)
    assert (process.returncode, "WORKERS=none is no number of processes" in err) == (1, True)


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        out, err = start(PORT=str(port)).communicate(timeout=30)
    assert out == ""
    assert err == (
        f"graphviz_backprop: cannot listen at http://127.0.0.1:{port}/: it is in use; "
        "PORT= and HOST= choose another address\n"
    )


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORT": "http"}, "PORT=http is not a port: it takes a number from 0 to 65535"),
        ({"PORT": "-1"}, "PORT=-1 is not a port"),
        ({"PORT": "65536"}, "PORT=65536 is not a port"),
        ({"HOST": "nowhere.invalid"}, "cannot listen at http://nowhere.invalid:0/: "),
        ({"HOST": "192.0.2.1"}, "cannot listen at http://192.0.2.1:0/: "),
    ],
)
def test_an_address_that_cannot_be(environment: dict[str, str], words: str) -> None:
    process = start(**environment)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert words in err
    assert err.count("\n") == 1
