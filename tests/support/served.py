"""The real app in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """Its address, without a slash at the end."""
    with subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "HOST": "127.0.0.1", "PORT": "0", **environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()  # it ends with the process, too
        address = re.search(r"http://\S+", said)
        if address is None:
            pytest.fail(f"the app did not start: it said {said!r} and ended with {process.wait(10)}")
        try:
            yield address[0].rstrip("/")
            assert process.poll() is None, "the app ended by itself"
        finally:
            process.terminate()
        assert process.wait(10) == 0, "the app did not stop cleanly"
