"""Surfaces in the neurons of files are those of the page: the same values, ranges, bands and lines."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.figure.bands import SURFACE, bands
from graphviz_backprop.figure.network_places import RADIUS
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.network.surfaces import extent, surfaces
from graphviz_backprop.web import create_app
from graphviz_backprop.web.asked.samples import assign, samples
from graphviz_backprop.web.asked.state import State
from tests.support.node import Node, node_list
from tools.vectors import encoded

SCRIPT = """
import { createInterface } from "node:readline";
import "SUPPORT/../plot/d3.js";
const { places, regions } = await import("STATIC/plot/levels.js");
const { sampleNodes } = await import("STATIC/plot/sampler.js");
const { said, thresholds } = await import("STATIC/network/bands.js");
const { rangeOf } = await import("STATIC/network/surface.js");
const { assign } = await import("STATIC/data/binding.js");
const { SURFACE } = await import("STATIC/state/table.js");

function sampled({ graph, at, inputs, nodes, columns }) {
  const samples = columns && { columns };
  const window = inputs.flatMap((name) => rangeOf({ samples }, name));
  const { xs, ys } = places(window, SURFACE.grid, SURFACE.grid);
  const values = sampleNodes(graph, nodes)(at, { [inputs[0]]: xs, [inputs[1]]: ys }, xs.length);
  return { window, values: values.map((own) => [...own]) };
}

function drawn({ values, centre, radius }) {
  const own = Float64Array.from(values, Number);
  const box = { left: -radius, right: radius, top: -radius, bottom: radius };
  return regions({ values: own, across: SURFACE.grid, up: SURFACE.grid }, thresholds(said(own), centre), box);
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const { bind } = asked;
  const answer = bind !== undefined ? [...assign(asked.columns, asked.variables, bind)]
    : asked.graph ? sampled(asked) : drawn(asked);
  console.log(JSON.stringify(answer));
}
"""

NETWORK = gb.network([2, 3, 1], "tanh", "sigmoid", "binary_cross_entropy")
WEIGHTS = {name: math.sin(3.0 * at) for at, name in enumerate(NETWORK.variables)}
Array = npt.NDArray[Any]
NEURONS = ["a2_1", "a2_2", "a2_3", "a3_1"]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with Layout(limit=20) as layout:
        yield create_app(layout).test_client()


def lines(path: str) -> Array:
    """The lines of a path's rings: x and y of both ends."""
    rings = [re.findall(r"(-?[\d.]+),(-?[\d.]+)", ring) for ring in path.split("Z")[:-1]]
    found = [np.array(ring, dtype=float) for ring in rings]
    ends = [np.hstack([ring, np.roll(ring, -1, axis=0)]) for ring in found]
    return np.concatenate([np.zeros((0, 4)), *ends])


def inside(path: str, places: Array) -> Array:
    """Whether places are within a path's rings, by the lines to their right."""
    x0, y0, x1, y1 = lines(path).T[:, :, None]
    x, y = places.T[:, None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        right = x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    return np.sum(((y0 > y) != (y1 > y)) & right, axis=0) % 2 == 1


def beside(path: str, places: Array) -> Array:
    """Whether places are so near a path's lines that rounding counts."""
    x0, y0, x1, y1 = lines(path).T[:, :, None]
    x, y = places.T[:, None, :]
    along = np.maximum((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-9)
    share = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / along, 0, 1)
    apart = np.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0))
    return np.any(apart < 0.15, axis=0)


def paths(markup: str) -> list[tuple[str, str]]:
    return re.findall('<path class="(\\w+)" d="([^"]*)"/>', markup)


@pytest.mark.parametrize("data", ["", "moons,200,3,0.2", "iris"])
def test_the_values_over_the_plane_are_the_pages(node: Node, data: str) -> None:
    graph = NETWORK
    known = samples(State(data=data), graph.variables)
    assert bool(known) == bool(data)
    plane = {name: extent(known.get(name), SURFACE.reach, SURFACE.room) for name in ("x1", "x2")}
    found = surfaces(graph.compiled, WEIGHTS, plane, NEURONS, SURFACE.grid)
    columns = {name: column.tolist() for name, column in known.items()} or None
    asked = {"graph": node_list(graph), "at": WEIGHTS, "inputs": ["x1", "x2"], "nodes": NEURONS}
    there = node.ask({**asked, "columns": columns})
    assert np.allclose([end for ends in plane.values() for end in ends], there["window"], rtol=1e-14)
    for name, values in zip(NEURONS, there["values"], strict=True):
        assert np.allclose(found[name], values, rtol=1e-12, atol=1e-14)


WHOLE = SURFACE.grid**2


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["waves", "noise", "steps", "broken"]))
def test_bands_and_their_lines_are_the_pages(node: Node, seed: int, kind: str) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=WHOLE)
    if kind == "waves":
        x, y = np.divmod(np.arange(WHOLE), SURFACE.grid)
        values = np.sin(values[0] * x / 3) + np.cos(values[1] * y / 2 + values[2])
    elif kind == "steps":
        values = np.round(values)
    elif kind == "broken":
        values[random.integers(0, WHOLE, 40)] = math.nan
        values[random.integers(0, WHOLE, 9)] = math.inf
    places = random.uniform(-RADIUS, RADIUS, (500, 2))
    ours = paths(bands(values.tolist(), 0.25, RADIUS))
    theirs = node.ask({"values": [*map(encoded, values.tolist())], "centre": 0.25, "radius": RADIUS})
    assert " ".join(name for name, _ in ours) == "minus4 minus3 minus2 minus1 even plus1 plus2 plus3 plus4"
    for (_, own), other in zip(ours, theirs, strict=True):
        told = ~beside(own, places) & ~beside(other, places)
        assert np.array_equal(inside(own, places)[told], inside(other, places)[told])


def test_columns_stand_for_the_variables_that_the_page_binds(node: Node) -> None:
    columns, variables = ["a", "x1", "y", "c:d"], ["x1", "x2", "y"]
    for bind in ("", "a:x2", "a:x1", "a:x1,x1:x2", "y:,a:y", "c%3ad:x2", "a:x1,y:x1", "nothing", ":x1"):
        there = node.ask({"bind": bind, "columns": columns, "variables": variables})
        assert assign(columns, variables, bind) == dict(there), bind


def address(**more: str) -> str:
    return "?" + urlencode({"expr": NETWORK.text or "", "panes": "network", **more})


def test_every_format_has_them_and_stays_small(client: FlaskClient) -> None:
    svg = client.get(f"/graph.svg{address()}").text
    root = ElementTree.fromstring(svg)
    groups = [e for e in root.iter() if e.attrib.get("class") == "surface"]
    assert [e.attrib["data-surface"] for e in groups] == NEURONS
    assert all(len(e) == 2 * SURFACE.bands + 1 for e in groups)
    blank = client.get(f"/graph.svg{address(numbers='no')}").text
    assert "plus1" not in blank.split("</style>")[1]
    assert len(svg) - len(blank) < 12_000 * len(NEURONS)
    moons = client.get(f"/graph.svg{address(data='moons')}").text
    assert paths(moons) != paths(svg)
    for suffix in ("png", "pdf"):
        shown, without = (client.get(f"/graph.{suffix}{address(**more)}") for more in ({}, {"numbers": "no"}))
        assert shown.status_code == without.status_code == 200
        assert len(shown.data) > len(without.data)


def test_what_cannot_be_read_as_samples_leaves_the_usual_range(client: FlaskClient) -> None:
    plain = client.get(f"/graph.svg{address()}").text
    for data in ("nothing", "moons,-1", "moons,x", "moons,200,0,inf", "own"):
        assert client.get(f"/graph.svg{address(data=data)}").text == plain
    own = address(data="own", table="x1,x2,y1\n0,0,0\n9,9,1")
    assert client.get(f"/graph.svg{own}").text != plain
