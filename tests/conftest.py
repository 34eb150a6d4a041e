"""The app from outside, and Hypothesis: no deadlines, as machines differ in speed; where CI is set, the same
examples every time."""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import create_app

settings.register_profile("local", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with Layout() as layout:
        yield create_app(layout)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()
