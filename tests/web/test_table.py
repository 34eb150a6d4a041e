"""/api/table and /api/data: columns as JSON."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.data import limits
from graphviz_backprop.web.asked import tables as asked

TABLE = "x;y\n1,5;2\n-3;0,25\n"
COLUMNS = {
    "columns": {"x": [1.5, -3], "y": [2, 0.25]},
    "rows": 2,
    "classes": {},
    "left_out": [],
    "dropped": 0,
}


def test_a_table_as_the_body(client: FlaskClient) -> None:
    for kind in ("text/csv", "text/plain; charset=utf-8", "application/octet-stream", ""):
        assert client.post("/api/table", data=TABLE, content_type=kind).get_json() == COLUMNS
    form = "application/x-www-form-urlencoded"  # what tools say that know no better
    assert client.post("/api/table", data=TABLE, content_type=form).get_json() == COLUMNS
    assert client.post("/api/table", data=TABLE.encode("utf-16")).get_json() == COLUMNS


def test_a_table_as_a_file(client: FlaskClient) -> None:
    file = (io.BytesIO(TABLE.encode()), "table.csv")
    assert client.post("/api/table", data={"file": file}).get_json() == COLUMNS


@pytest.mark.parametrize(
    ("raw", "row", "column", "message"),
    [
        (b"x,y\n1,2\n3,a\n", 3, 2, "a is not a number"),
        (b"x,y\n1\n", 2, 2, "1 cell here, and 2 in the first row"),
        (b"", None, None, "this table is empty"),
        (b"x\n\xff\n", 2, None, "this is not text in UTF-8"),
    ],
)
def test_mistakes_have_their_place(
    client: FlaskClient, raw: bytes, row: int | None, column: int | None, message: str
) -> None:
    for body in (raw, {"file": (io.BytesIO(raw), "table.csv")}):
        reply = client.post("/api/table", data=body)
        assert reply.status_code == 400
        assert reply.get_json() == {"error": {"message": message, "row": row, "column": column, "offers": []}}


def test_what_a_table_leaves_open_is_offered(client: FlaskClient) -> None:
    text = "length,species (Latin)\n1.4,setosa\n,virginica\n6,virginica\n"
    error = client.post("/api/table", data=text).get_json()["error"]
    assert error["message"] == "setosa is not a number"
    assert [offer["read"] for offer in error["offers"]] == [
        "text.species%20%28Latin%29:classes",
        "text.species%20%28Latin%29:one_hot",
        "text.species%20%28Latin%29:leave_out",
    ]
    reply = client.post("/api/table", query_string={"read": error["offers"][0]["read"]}, data=text)
    [offer] = reply.get_json()["error"]["offers"]
    assert offer == {
        "label": "Leave out 1 incomplete sample",
        "read": "missing:drop,text.species%20%28Latin%29:classes",
    }
    assert client.post("/api/table", query_string={"read": offer["read"]}, data=text).get_json() == {
        "columns": {"length": [1.4, 6], "species (Latin)": [0, 1]},
        "rows": 2,
        "classes": {"species (Latin)": ["setosa", "virginica"]},
        "left_out": [],
        "dropped": 1,
    }


@pytest.mark.parametrize(
    "given",
    [
        {"decimal": ",", "separator": "\t", "missing": "drop"},
        {"text_columns": "one_hot"},
        {"text_columns": {"a,b:c%": "classes", "ü": "leave_out"}},
    ],
)
def test_choices_are_written_and_read(given: dict[str, object]) -> None:
    assert asked.options(asked.written(given)) == given


@pytest.mark.parametrize("read", ["missing", "missing:keep", "decimal:;", "text.x:number", "a:b", ":"])
def test_choices_that_there_are_not(client: FlaskClient, read: str) -> None:
    reply = client.post("/api/table", query_string={"read": f"missing:drop,{read}"}, data="x\n1\n")
    assert (reply.status_code, reply.get_json()["error"]["message"]) == (400, f"read can't be “{read}”.")


_NARROW = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (700_000_000,) * 2)
from graphviz_backprop.web import create_app
client = create_app().test_client()
texts = ["1,2\\n" * 1_000_000, "1," * 9_999_999 + "1", ("0.25," * 99 + "1\\n") * 90_000]
for text in texts:
    print(client.post("/api/table", data=text).status_code)
print(client.post("/api/table", data="x\\n1").status_code)
"""


def test_where_memory_is_short_that_is_said() -> None:
    run = subprocess.run([sys.executable, "-c", _NARROW], capture_output=True, text=True, check=True)
    *large, small = map(int, run.stdout.split())
    assert set(large) <= {200, 400, 413, 503}, run.stderr
    assert small == 200


def test_a_form_without_a_file(client: FlaskClient) -> None:
    reply = client.post("/api/table", data={"other": "1"}, content_type="multipart/form-data")
    assert reply.get_json()["error"]["message"] == "this table is empty"


def test_a_large_table(client: FlaskClient) -> None:
    reply = client.post("/api/table", data="x,y\n" + "0.123456789,1\n" * 300_000)
    assert reply.get_json()["rows"] == 300_000


def test_a_table_that_is_too_large(client: FlaskClient) -> None:
    reply = client.post("/api/table", data=b"1" * (limits.MOST_BYTES + 1))
    assert reply.status_code == 413
    wanted = "This request has 50,000,001 bytes; 50,000,000 are read."
    assert reply.get_json()["error"]["message"] == wanted
    for path in ("/api/graph", "/"):
        assert client.post(path, data={"expr": "x" * 2_000_001}).status_code in (405, 413)


@given(st.binary(max_size=40), st.sampled_from(["", "text/csv", "multipart/form-data; boundary=a"]))
def test_no_table_makes_it_stumble(client: FlaskClient, raw: bytes, kind: str) -> None:
    assert client.post("/api/table", data=raw, content_type=kind).status_code in (200, 400)


@pytest.mark.parametrize("name", ["line", "moons", "iris"])
def test_a_built_in_set(client: FlaskClient, name: str) -> None:
    reply = client.get(f"/api/data?name={name}&n=20&seed=3&noise=0.25").get_json()
    made = gb.data(name, 20, 3, 0.25)
    if name == "iris":  # of which the other flowers are held out
        assert {column: len(xs) for column, xs in reply.pop("held").items()} == dict.fromkeys(made, 130)
    assert reply == {"columns": {column: xs.tolist() for column, xs in made.items()}, "rows": 20}


def test_a_part_is_held_out(client: FlaskClient) -> None:
    kept, held = gb.hold_out(gb.data("moons"), 20)
    reply = client.get("/api/data?name=moons&hold=20").get_json()
    assert reply["columns"] == {name: xs.tolist() for name, xs in kept.items()}
    assert reply["held"] == {name: xs.tolist() for name, xs in held.items()}
    assert reply["rows"] == 160
    table = client.post("/api/table?hold=50", data="x,y\n1,2\n3,4\n", content_type="text/csv").get_json()
    assert (table["rows"], len(table["held"]["x"])) == (1, 1)
    assert len(client.get("/api/data?name=iris&n=100&hold=10").get_json()["held"]["y"]) == 50 + 10
    refused = client.get("/api/data?name=moons&hold=95")
    assert refused.status_code == 400
    assert refused.get_json()["error"]["message"] == "hold is “95”; it must be a whole number from -1 to 90."


def test_its_defaults(client: FlaskClient) -> None:
    assert client.get("/api/data?name=xor").get_json()["columns"]["y"] == gb.data("xor")["y"].tolist()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "name must be a text, and is missing."),
        ("name=moon", "moon is not a data set; did you mean moons?"),
        ("name=3", "3 is not a data set; there are line, "),
        ("name=xor&n=a", "n must be a number, and is “a”."),
        ("name=xor&n=0", "n is 0; it must be a whole number from 1 to 1,000,000."),
        ("name=xor&n=1.5", "n is 1.5; it must be a whole number"),
        ("name=xor&n=nan", "n is NaN; it must be a whole number"),
        ("name=xor&seed=-1", "seed is -1; it must be a whole number"),
        ("name=xor&noise=-1", "noise is -1.0, and should be 0 or more"),
        ("name=xor&noise=inf", "noise is inf, and should be 0 or more"),
        ("name=xor&noise=1e309", "noise is inf"),
    ],
)
def test_sets_that_there_are_not(client: FlaskClient, query: str, message: str) -> None:
    reply = client.get(f"/api/data?{query}")
    assert reply.status_code == 400
    assert message in reply.get_json()["error"]["message"]
