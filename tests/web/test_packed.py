"""Short links: the state packed into ``z``, wherever parameters are read; and what is no link of ours."""

from __future__ import annotations

import base64
import time
import zlib
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import create_app
from graphviz_backprop.web.asked.packed import MOST, packed, unpacked
from tests.support.node import Node

SCRIPT = """
import { createInterface } from "node:readline";
import { packed, shortest, unpacked } from "STATIC/state/packed.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { pack, unpack, short } = JSON.parse(line);
  const told = pack ? packed(pack) : unpack ? unpacked(unpack) : shortest(short);
  console.log(JSON.stringify(await told));
}
"""
QUERY = "expr=(4*x%2B1)^2%20%2B%20y&view=graph&at.x=2&at.y=-0.5"


def deflated(raw: bytes, behind: bytes = b"") -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.urlsafe_b64encode(deflate.compress(raw) + deflate.flush() + behind).decode().rstrip("=")


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with Layout(limit=20) as layout:
        yield create_app(layout).test_client()


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    with Node(SCRIPT) as node:
        yield node


@pytest.mark.parametrize("path", ["/api/graph", "/graph.svg", "/graph.dot", "/graph.json", "/fragments", "/"])
def test_it_is_read_wherever_parameters_are(client: FlaskClient, path: str) -> None:
    long, short = client.get(f"{path}?{QUERY}"), client.get(f"{path}?z={packed(QUERY)}")
    assert long.status_code == short.status_code == 200
    marked = f' data-query="{QUERY.replace("&", "&amp;")}"' if path == "/" else ""
    assert short.text.replace(marked, "") == long.text
    assert marked in short.text


def test_in_a_form_and_in_json_as_well(client: FlaskClient) -> None:
    wanted = client.get(f"/api/graph?{QUERY}").get_json()
    assert client.post("/api/graph", data={"z": packed(QUERY)}).get_json() == wanted
    assert client.post("/api/graph", json={"z": packed(QUERY)}).get_json() == wanted


def test_what_stands_beside_it_holds(client: FlaskClient) -> None:
    found = client.get(f"/api/graph?at.x=7&z={packed(QUERY)}").get_json()
    assert found["variables"] == {"x": 7, "y": -0.5}


def test_a_copy_can_be_asked_for_in_it(client: FlaskClient) -> None:
    short = client.get(f"/graph.svg?z={packed('expr=x^2&frame=0&numbers=no')}").text
    assert short == client.get("/graph.svg?expr=x^2&frame=0&numbers=no").text


TOO_LONG = f"z holds more than {MOST:,} bytes, which no address of this page does."
BROKEN = "z can't be read: a part of the link is missing, or was changed."


@pytest.mark.parametrize(
    ("z", "message"),
    [
        (packed(QUERY)[:-4], BROKEN),
        ("!!!", BROKEN),
        ("é", BROKEN),
        ("a", BROKEN),
        ("AAAA", BROKEN),
        (deflated(b"expr=\xff\xfe"), BROKEN),
        (deflated(b"expr=x", b"more"), BROKEN),
        (deflated(b"expr=" + b"x" * MOST), TOO_LONG),
    ],
)
def test_what_is_no_link_of_ours_is_told(client: FlaskClient, z: str, message: str) -> None:
    reply = client.get(f"/api/graph?z={quote(z)}")
    assert (reply.status_code, reply.get_json()["error"]["message"]) == (400, message)
    page = client.get(f"/?z={quote(z)}")
    assert page.status_code == 200
    assert message.replace("'", "&#39;") in page.text


def test_a_bomb_is_refused_before_it_is_unpacked(client: FlaskClient) -> None:
    bomb = deflated(b"expr=" + b"0" * 150_000_000)
    assert len(bomb) < 250_000
    before = time.process_time()
    reply = client.post("/api/graph", data={"z": bomb})
    assert reply.status_code == 400
    assert time.process_time() - before < 1
    assert "holds more than" in reply.get_json()["error"]["message"]


def test_one_inside_another_is_not_opened() -> None:
    assert unpacked(packed("z=" + packed("expr=x") + "&view=graph")) == [("view", "graph")]


@given(st.text(max_size=300))
def test_every_query_comes_back(text: str) -> None:
    query = f"expr={quote(text)}&at.x=1"
    assert unpacked(packed(query)) == parse_qsl(query, keep_blank_values=True)


@pytest.mark.parametrize("text", ["x", "σ(x₁)·½", "\n\t;#", "x" * 50_000, "𝒙^2 & y = 3 + 1"])
def test_both_languages_unpack_what_the_other_packs(browser: Node, text: str) -> None:
    query = f"expr={quote(text)}&at.x=1"
    wanted = parse_qsl(query)
    assert unpacked(browser.ask({"pack": query})) == wanted
    assert parse_qsl(browser.ask({"unpack": f"?z={packed(query)}"})) == wanted
    assert parse_qsl(browser.ask({"unpack": f"at.x=2&z={packed(query)}"})) == [*wanted, ("at.x", "2")]


def test_the_browser_passes_over_what_it_cannot_read(browser: Node) -> None:
    for z in ("!!!", packed(QUERY)[:-4], deflated(b"x" * (MOST + 1)), deflated(b"expr=\xff")):
        assert browser.ask({"unpack": f"?view=graph&z={z}"}) == "view=graph"


def test_a_link_stays_readable_while_it_is_short_and_is_never_longer(browser: Node) -> None:
    assert browser.ask({"short": QUERY}) == QUERY
    long = "expr=" + quote("; ".join(f"z{n} = x*w{n} + b{n}" for n in range(40)))
    short = browser.ask({"short": long})
    assert short.startswith("z=")
    assert len(short) < len(long) / 3


def test_the_cells_of_a_tensor_are_in_the_page_of_a_packed_link(client: FlaskClient) -> None:
    page = client.get(f"/?z={packed('expr=x=[1,2]%0Asum(x)&at.x=[3,4]')}").text
    assert "at.x=%5B3,%204%5D" in page.partition('data-query="')[2].partition('"')[0]
