"""The app from outside: pages, headers, files, and that nothing makes it stumble."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_backprop.web.asked.state import State, read
from graphviz_backprop.web.shown.examples import GROUPS
from graphviz_backprop.web.views import assets

ROOT = Path(__file__).parents[2]
EXAMPLES = [example for group in GROUPS for example in group.examples]


class Fields(HTMLParser):
    """The text of every element with a ``data-field``, and each element's attributes by its name."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.controls: dict[str, dict[str, str | None]] = {}
        self.field: str | None = None
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.field = known.get("data-field")
        if known.get("name"):
            self.controls[f"{tag} {known.get('type')} {known['name']}"] = known

    def handle_data(self, data: str) -> None:
        if self.field:
            self.texts[self.field] = data
            self.field = None


def shown(client: FlaskClient, path: str) -> Fields:
    reply = client.get(path)
    assert reply.status_code == 200
    return Fields(reply.text)


# The address


def as_number(value: Any) -> float:
    return float(value)


@pytest.mark.parametrize(
    "case", json.loads((ROOT / "tests/support/urls.json").read_text()), ids=lambda case: case["query"]
)
def test_reads_and_writes_addresses_as_the_browser_does(case: dict[str, Any]) -> None:
    state, mistakes = read(parse_qsl(case["query"], keep_blank_values=True))
    plain = State()
    assert state.expr == case.get("expr", plain.expr)
    assert (state.view, state.dir) == (case.get("view", plain.view), case.get("dir", plain.dir))
    assert state.seed == as_number(case.get("seed", 1))
    assert state.frame == case.get("frame", -1)
    for family in ("at", "min", "max", "step", "start"):
        wanted = {name: as_number(value) for name, value in case.get(family, {}).items()}
        assert getattr(state, family) == pytest.approx(wanted, nan_ok=True)
    assert [mistake.parameter for mistake in mistakes] == case.get("mistakes", [])
    assert state.query(case["variables"]) == case["canonical"]


def test_a_slider_is_wide_enough_for_its_value() -> None:
    assert State(at={"x": 9.0}).slider("x").max == 9
    assert State(at={"x": math.inf}).slider("x").max == 5


def test_a_slider_sends_back_the_value_it_was_given() -> None:
    assert State(at={"x": 1.2}).slider("x").notch == "0.1"
    assert State(at={"x": 1.234}).slider("x").notch == "any"


# The page


def test_the_page_shows_the_first_example_with_its_numbers(client: FlaskClient) -> None:
    page = shown(client, "/")
    assert page.texts["g.value"] == "25"
    assert page.texts["x.total"] == "40"
    assert page.texts["c.1.partial"] == "4"
    assert page.texts["gradient.length"] == "40"


def test_the_controls_are_named_after_the_parameters(client: FlaskClient) -> None:
    page = shown(client, "/?expr=x*y&at.x=3&max.x=20&seed=2&view=graph&dir=right")
    assert page.controls["input range at.x"]["value"] == "3"
    assert page.controls["input range at.x"]["max"] == "20"
    assert page.controls["input text max.x"]["value"] == "20"
    assert page.controls["input text seed"]["value"] == "2"
    assert "textarea None expr" in page.controls
    assert page.texts["c.value"] == "3"
    assert page.texts["x.total"] == "2"


def test_a_number_box_filled_in_without_a_script_beats_the_slider(client: FlaskClient) -> None:
    assert shown(client, "/?expr=x^2&at.x=1&set.x=7").texts["x.total"] == "14"
    assert shown(client, "/?expr=x^2&at.x=3&set.x=").texts["x.total"] == "6"


def test_a_mistake_is_told_and_marked(client: FlaskClient) -> None:
    page = client.get("/?expr=x*sni(x)").text
    alert = page[page.index('role="alert"') :]
    assert "did you mean sin" in alert[: alert.index("</div>")].lower()
    assert "<mark>sni</mark>" in page


def test_offsets_count_the_lines_that_a_textarea_holds(client: FlaskClient) -> None:
    assert "<mark>$</mark>" in client.get("/?expr=a+%3D+x%0D%0Ax+$+2").text


def test_a_number_that_cannot_be_read_is_told_and_its_default_shown(client: FlaskClient) -> None:
    reply = client.get("/?expr=x*x&at.x=abc")
    assert "at.x is “abc”, which is not a number" in reply.text
    assert Fields(reply.text).texts["x.total"] == "2"


def test_markup_in_a_program_stays_text(client: FlaskClient) -> None:
    attack = '</script></textarea><script>alert(1)</script><b data-field="x">"\''
    page = client.get("/", query_string={"expr": attack, "at.<b>": "<b>"}).text
    assert "<script>alert" not in page
    assert "at.&lt;b&gt; is “&lt;b&gt;”" in page
    assert "x" not in Fields(page).texts


def test_fragments_are_the_parts_of_the_page(client: FlaskClient) -> None:
    whole = re.findall(r'data-fragment="(\w+)"', client.get("/").text)
    parts = re.findall(r'data-fragment="(\w+)"', client.get("/fragments").text)
    assert sorted(whole) == sorted(parts)
    assert len(set(parts)) == len(parts)


def test_a_mistake_leaves_the_other_parts_alone(client: FlaskClient) -> None:
    assert re.findall(r'data-fragment="(\w+)"', client.get("/fragments?expr=(").text) == ["problem"]


def test_long_programs_can_be_posted(client: FlaskClient) -> None:
    program = "+".join(["x"] * 2_000)
    reply = client.post("/fragments", data={"expr": program})
    assert 'data-fragment="graph"' in reply.text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_every_example_works_in_both_views(client: FlaskClient, example: Any) -> None:
    for view in ("tree", "graph"):
        page = client.get(f"/?{example.query}&view={view}").text
        assert "data-node=" in page
        assert "NaN" not in Fields(page).texts.values()


def test_the_page_brings_every_module_that_main_imports() -> None:
    found, todo = set(), ["main.js"]
    while todo:
        name = todo.pop()
        found.add(name)
        source = (ROOT / "static" / name).read_text()
        todo += {*re.findall(r'^import .*?"\./([\w.]+)";', source, re.M | re.S)} - found
    assert found <= set(assets.modules())


# What is too much


def test_a_graph_too_large_for_graphviz_is_drawn_in_groups(client: FlaskClient) -> None:
    program = "+".join(f"x{number}" for number in range(400)) + "+y" * 2_000
    page = client.get("/", query_string={"expr": program}).text
    assert 1 <= len(re.findall(" data-group=", page)) <= 15
    assert len(re.findall("<tr data-row=", page)) == 1_000
    reply = client.get("/graph.svg", query_string={"expr": program})
    assert reply.status_code == 200
    assert reply.data.count(b"data-group=") == len(re.findall(" data-group=", page))


@pytest.mark.parametrize(
    "program", ["x" * 200_000, "+".join(["x"] * 49_999), "+".join(f"x{n}" for n in range(600))]
)
def test_what_exceeds_a_limit_is_refused_in_words(client: FlaskClient, program: str) -> None:
    reply = client.post("/api/graph", data={"expr": program})
    assert reply.status_code == 400
    assert reply.json["error"]["message"]


def test_a_body_too_large_is_refused(client: FlaskClient) -> None:
    reply = client.post("/api/graph", data={"expr": "x" * 3_000_000})
    assert reply.status_code == 413
    assert reply.json["error"]["message"]


# Headers and files


@pytest.mark.parametrize(
    "path", ["/", "/api/graph", "/nowhere", "/graph.svg", "/healthz", "/fragments?expr=("]
)
def test_every_reply_has_the_headers(client: FlaskClient, path: str) -> None:
    reply = client.get(path)
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in reply.headers["Permissions-Policy"]
    assert reply.headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
    assert "Server" not in reply.headers
    assert "default-src" in reply.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in reply.headers["Content-Security-Policy"] or path.endswith(".svg")


@pytest.mark.parametrize(("name", "has_policy"), [("main.js", True), ("page/style.css", False)])
def test_a_file_has_no_headers_of_documents(client: FlaskClient, name: str, has_policy: bool) -> None:
    """A worker is under the policy of its own script; the rest would only be more bytes."""
    found = re.search(r'"(/static/[^"/]+)/', client.get("/").text)
    assert found
    reply = client.get(f"{found[1]}/{name}")
    assert reply.status_code == 200
    assert ("Content-Security-Policy" in reply.headers) == has_policy
    assert "Permissions-Policy" not in reply.headers
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_needs_nothing_inline(client: FlaskClient) -> None:
    page = client.get("/").text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_the_page_asks_no_other_host(client: FlaskClient) -> None:
    assert not re.search(r'(?:src|href)="(?:https?:)?//', client.get("/").text)


def test_files_are_kept_for_good_under_their_version_only(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/[^"]*style\.css)"', client.get("/").text)
    assert address
    with client.get(address[1]) as now:
        assert now.mimetype == "text/css"
        assert "immutable" in now.headers["Cache-Control"]
        with client.get(address[1], headers={"If-None-Match": now.headers["ETag"]}) as again:
            assert again.status_code == 304
    with client.get("/static/other/page/style.css") as other:
        assert "immutable" not in other.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["../app.py", "%2e%2e/app.py", "/etc/passwd", "vendor/../../app.py", "vendor", ""]
)
def test_no_other_file_comes_out(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/v/{name}").status_code in (404, 308)


def test_pages_are_compressed(client: FlaskClient) -> None:
    reply = client.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert reply.headers["Content-Encoding"] == "br"
    assert len(reply.data) < len(client.get("/").data) / 4


@pytest.mark.parametrize("path", ["/", "/api/graph", "/graph.svg", "/graph.json", "/healthz"])
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    reply = client.head(path)
    assert reply.status_code == 200
    assert reply.data == b""


def test_what_is_not_there(client: FlaskClient) -> None:
    assert client.get("/api/nothing").json["error"]["message"]
    page = client.get("/nowhere")
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_a_method_that_is_not_allowed(client: FlaskClient) -> None:
    reply = client.delete("/api/graph")
    assert reply.status_code == 405
    assert {"GET", "POST"} <= set(reply.headers["Allow"].split(", "))


def test_colours_come_from_a_cookie(app: FlaskClient) -> None:
    client = app.test_client()
    client.set_cookie("theme", "dark")
    assert '<html lang="en" data-theme="dark">' in client.get("/").text
    client.set_cookie("theme", '"><script>')
    assert '<html lang="en">' in client.get("/").text


# Anything at all

PATHS = st.sampled_from(["/", "/fragments", "/api/graph", "/graph.json", "/graph.svg", "/graph.dot"])
NAMES = st.one_of(
    st.sampled_from(
        [
            "expr",
            "view",
            "dir",
            "seed",
            "at.x",
            "set.x",
            "min.x",
            "max.x",
            "step.x",
            "at.",
            ".",
            "frame",
            "panels",
            "about",
            "h",
            "open",
        ]
    ),
    st.text(max_size=6),
)
VALUES = st.one_of(
    st.text(max_size=12),
    st.floats().map(str),
    st.text("xy01+-*/^().=;\n, e", max_size=14),
    st.sampled_from(
        ["NaN", "Infinity", "1e999", "-0", "graph", "right", "9" * 400, "x^x^x^x^x", "\x00", "\ud800"]
    ),
)


def pairs() -> Iterator[Any]:
    return st.lists(st.tuples(NAMES, VALUES), max_size=6)


@settings(max_examples=150)
@given(path=PATHS, query=pairs())
def test_no_query_is_an_error_of_the_server(
    client: FlaskClient, path: str, query: list[tuple[str, str]]
) -> None:
    reply = client.get(f"{path}?{urlencode(query, errors='surrogatepass')}")
    assert reply.status_code < 500


@settings(max_examples=50)
@given(path=PATHS, query=st.binary(max_size=40))
def test_no_bytes_are_an_error_of_the_server(client: FlaskClient, path: str, query: bytes) -> None:
    reply = client.get(path, environ_overrides={"QUERY_STRING": query.decode("latin-1")})
    assert reply.status_code < 500


@settings(max_examples=50)
@given(
    body=st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
            max_leaves=6,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_no_body_is_an_error_of_the_server(client: FlaskClient, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert client.post("/api/graph", data=body, content_type=kind).status_code < 500


def test_what_may_be_meant_otherwise_is_told_with_a_link_that_writes_it(client: FlaskClient) -> None:
    page = client.get("/", query_string={"expr": "2xy <", "at.x": "3"}).get_data(as_text=True)
    assert "data-rewrite" not in page
    page = client.get("/", query_string={"expr": "2xy", "at.x": "3"}).get_data(as_text=True)
    assert "xy is one variable; for a product write x y." in page
    assert 'href="/?expr=2x%20y&amp;at.x=3" data-rewrite' in page


def test_parts_of_a_page_are_rendered_once_for_what_they_depend_on(app: Flask) -> None:
    client = app.test_client()
    first = client.get("/?expr=x*y").text
    parts = app.extensions["parts"]
    made = parts.misses
    assert client.get("/?expr=x*y&digits=5").status_code == 200
    assert parts.misses == made
    other = client.get("/?expr=u*v*w").text
    assert parts.misses == made + 1  # the descent, which has the variables' names in it
    assert 'data-moves="x"' in first
    assert 'data-moves="x"' not in other
    assert 'href="/tools/?expr=' in client.get("/?expr=x*y", environ_overrides={"SCRIPT_NAME": "/tools"}).text
