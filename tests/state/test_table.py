"""Every parameter means the same in both languages: its default, its reader, its place in the address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from graphviz_backprop.web.asked.kinds import plain
from graphviz_backprop.web.asked.state import PANELS, PARAMETERS, Parameter, read
from tests.support.node import Node

SCRIPT = """
import { createInterface } from "node:readline";
import { format, parse } from "STATIC/state/url.js";

const coded = (x) => (x instanceof Map ? Object.fromEntries([...x].map(([name, y]) => [name, coded(y)])) :
  typeof x === "number" ? (Object.is(x, -0) ? "-0" : String(x)) : x);

for await (const line of createInterface({ input: process.stdin })) {
  const { query, variables } = JSON.parse(line);
  const state = parse(query);
  const { starts, lists, ...parameters } = state; // no rows of the table
  const shown = Object.entries(parameters).map(([name, x]) => [name, coded(x)]);
  console.log(JSON.stringify({ state: Object.fromEntries(shown), query: format(state, variables) }));
}
"""

# What addresses that people have kept mean where they say nothing.
DEFAULTS = {
    "expr": "(4*x+1)^2",
    "view": "tree",
    "open": "",
    "dir": "up",
    "seed": 1,
    "frame": -1,
    "panels": "none",  # the table of nodes, open once where nothing was said, has become a pane
    "about": "",
    "h": 0.01,
    "along": "gradient",
    "drawn": 0,
    "panes": "graph",
    "full": "none",
    "split": 50,
    "inspector": "auto",
    "tab": "auto",
    "plot": "",
    "box": "",
    "optimizer": "gd",
    "rate": 0,  # none is given: one that descends is chosen
    "hyper": "",
    "steps": 100,
    "params": "",
    "k": -1,
    "data": "",
    "table": "",
    "bind": "",
    "row": -1,
    "batch": 0,
    "order": 0,
    "weight": "",
    "unfold": "",
    "index": "jk",
    "layers": "",
    "at.": 1,
    "min.": -5,
    "max.": 5,
    "step.": 0.1,
    "from.": 1,
}

TEXTS = (
    *(
        "",
        " ",
        "x",
        "-",
        "a,b",
        "all",
        "none",
        "on, off",
        "graph",
        "network",
        "right",
        "plot",
        "kjL",
        "own",
        "jk",
    ),
    *(
        "0",
        "-0",
        "1",
        "-1",
        "-2",
        "1.5",
        "7",
        "1e3",
        "1000000",
        "1000001",
        "1e400",
        "NaN",
        "Infinity",
        "+Infinity",
    ),
    *(
        " 2 ",
        "0x10",
        "1_0",
        "١",
        "½",
        ".5",
        "2.",
        "x₁²",
        "'\"&#<>",
        ",".join(PANELS[::-1]),
        "heat,nothing,paths",
    ),
    *(",".join("a" * 50), ",".join("a" * 51)),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    with Node(SCRIPT) as node:
        yield node


def test_an_old_address_means_what_it_meant() -> None:
    assert {row.name: row.default for row in PARAMETERS if row.name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_both_languages_read_and_write_every_text_alike(row: Parameter, browser: Node) -> None:
    name = row.name + ("x" if row.family else "")
    for raw in TEXTS:
        query = urlencode({name: raw})
        state, _ = read(parse_qsl(query, keep_blank_values=True))
        told = browser.ask({"query": query, "variables": ["x"]})
        assert told["state"] == {one.name.rstrip("."): coded(getattr(state, one.field)) for one in PARAMETERS}
        assert told["query"] == state.query(["x"])


def test_both_languages_write_in_the_same_order(browser: Node) -> None:
    asked = {
        row.name + ("x" if row.family else ""): row.kind.names[-1] if row.kind.names else "2"
        for row in reversed(PARAMETERS)
    }
    state, mistakes = read(asked.items())
    assert not mistakes
    assert list(dict(parse_qsl(state.query(["x"])))) == list(reversed(asked))
    assert browser.ask({"query": urlencode(asked), "variables": ["x"]})["query"] == state.query(["x"])


def coded(value: Any) -> Any:
    """A value as the script tells it: numbers as texts, since JSON has no NaN."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return plain(value)
    return {name: plain(number) for name, number in value.items()}
