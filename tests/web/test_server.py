"""`python app.py` from outside: what it prints, where it listens, how it ends."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
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


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.split()
    pids = [int(number) for number in listed]
    return [pid for pid, parent in zip(pids[::2], pids[1::2], strict=True) if parent == process.pid]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_when_told_to(number: signal.Signals) -> None:
    process = start()
    assert process.stdout is not None
    said = process.stdout.readline()
    address = re.fullmatch(r"graphviz_backprop is ready at (http://127\.0\.0\.1:\d+/)\n", said)
    assert address, process.communicate()
    with urllib.request.urlopen(f"{address[1]}healthz", timeout=10) as reply:
        assert reply.status == 200
    workers = children(process)
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
