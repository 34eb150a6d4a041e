"""Hidden numbers are in no page that is a file, and in nothing of a package for a course."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import graphviz_backprop as gb
from graphviz_backprop.explain.grading.hidden import veil
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.numerals import format_number, full_number
from graphviz_backprop.web import create_app
from tests.support import saved
from tests.web.test_hidden import HIDDEN, query, texts

TENSORS = "W = [[1.37, 2.11], [3.71, 4.13]]; x = [5.3, 6.7]; z = W @ x; L = sum(z * z)"


@pytest.fixture(scope="module")
def client(built: Path) -> Iterator[FlaskClient]:
    with pytest.MonkeyPatch.context() as patch, Layout() as layout:
        patch.setenv("BUNDLE", str(built))
        yield create_app(layout).test_client()


def files(client: FlaskClient, asked: str) -> Iterator[str]:
    """All texts of a page and of a package, unpacked, but the script, which is the same of all programs."""
    page = client.get(f"/graph.html?{asked}").data
    package = client.get(f"/graph.zip?{asked}").data
    with zipfile.ZipFile(BytesIO(package)) as inside:
        held = {name: inside.read(name) for name in inside.namelist()}
    assert sorted(held) == ["imsmanifest.xml", "index.html"]
    for text in (page, *held.values()):
        yield saved.markup(text.decode())


def written(numbers: set[float]) -> set[str]:
    """Each of them in several notations; short ones would be found by chance."""
    found = set()
    for x in numbers:
        found |= {format_number(x), full_number(x), repr(x), f"{x:e}", f"{x:.5g}", f"{x:.17g}", f"{x:.6f}"}
        found.add(str(Fraction(x).limit_denominator(10_000)))
        found |= {text.replace(".", ",") for text in {f"{x:.5g}", repr(x)}}
    return {text for text in found if len(re.sub(r"[-.,/]", "", text).strip("0")) > 3}


@pytest.mark.parametrize("more", ["&practise=on", "&panes=graph,plot&open=all&practise=on", "&frame=5"])
@pytest.mark.parametrize("hide", HIDDEN)
def test_numbers(client: FlaskClient, hide: str, more: str) -> None:
    at = {"x": 1.3, "y": 0.71}
    run = gb.parse("u = 1.37*x + 0.2137*y; v = u^2 + tanh(u); v*x").evaluate(at)
    hidden = veil(run.graph, hide)
    numbers: dict[bool, set[float]] = {True: set(), False: {*at.values(), 1.37, 0.2137}}
    for field, number in run.fields().items():
        if number is not None:
            numbers[hidden.covers(field)].add(float(number))
    wanted = (written(numbers[True]) | texts(hide)) - written(numbers[False])
    assert wanted
    for text in files(client, query(hide) + more):
        assert not [one for one in wanted if one in text]


@pytest.mark.parametrize("hide", ["gradients", "W.total", "z.value", "values"])
def test_tensors(client: FlaskClient, hide: str) -> None:
    run = gb.parse(TENSORS).evaluate()
    hidden = veil(run.graph, hide)
    numbers: dict[bool, set[float]] = {True: set(), False: set()}
    for node, value, gradient in zip(run.graph.nodes, run.values, run.gradients, strict=True):
        for kind, cells in (("value", value), ("gradient", gradient)):
            if cells is not None:
                own = [float(cell) for cell in getattr(cells, "ravel", lambda cells=cells: [cells])()]
                numbers[hidden.covers(f"{node.id}.{kind}")] |= {*own}
    wanted = written(numbers[True]) - written(numbers[False])
    assert wanted
    asked = TENSORS.replace(";", "%3B").replace("@", "%40")
    for text in files(client, f"expr={asked}&hide={hide}&practise=on"):
        assert not [one for one in wanted if one in text]


def test_the_search_finds_them(client: FlaskClient) -> None:
    """Where nothing is hidden they are there."""
    for text in list(files(client, query("")))[:1]:
        assert [one for one in texts("gradients") if one in text]
