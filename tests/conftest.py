"""The app from outside, and Hypothesis: no deadlines, as machines differ in speed.

`make test` draws the same examples every time; `make fuzz` draws others, and says how to repeat them.
Where CI is set, a test that is skipped fails: there all is installed that tests need.

Tests see the page's modules as they are, whatever was built; ``built`` is for those that are about bundles.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import is_hypothesis_test, settings

from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import apart, create_app

os.environ["BUNDLE"] = "0"

settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.register_profile("test", settings.get_profile("fuzz"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS", "test"))


# Without PyTorch these are no tests, and neither is what is marked `torch`; it is not installed for tests.
collect_ignore = [] if importlib.util.find_spec("torch") else ["engine/test_torch.py"]


def pytest_report_header() -> str:
    if collect_ignore:
        return "PyTorch is not installed: random programs and tensors are not compared with it"
    return "random programs and tensors are compared with PyTorch"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if collect_ignore:
        items[:] = [item for item in items if not item.get_closest_marker("torch")]
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.add_marker("fuzz")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome, report.longrepr = "failed", f"skipped, which is a failure here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome, report.longrepr = "failed", f"skipped, which is a failure here: {report.longrepr}"
    return report


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with Layout() as layout:
        app = create_app(layout)
        yield app
        for name in apart.KINDS:
            app.extensions[name].close()


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundles."""
    folder = tmp_path_factory.mktemp("bundle") / "built"
    command = [sys.executable, "-m", "tools.bundle", str(folder)]
    subprocess.run(command, cwd=Path(__file__).parents[1], check=True)
    return folder
