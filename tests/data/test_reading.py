"""The browser reads a table as Python does: the same numbers, mistakes, places and offers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.node import Node
from tests.support.outcome import SCRIPT, asked, outcome

CASES = json.loads((Path(__file__).parents[1] / "support" / "tables.json").read_text("utf-8"))
READS = [
    "",
    "",
    "missing:drop",
    "decimal:comma",
    "decimal:point",
    "text:classes",
    "text:one_hot,missing:drop",
]
READS += [f"separator:{name}" for name in ("tab", "semicolon", "comma", "bar", "blank")]
PIECES = [
    *"0123456789.,;| \t\n'\"[]()#%-eExNA+:=\\",
    "\n\n",
    "#N/A",
    "1,000",
    "1.5",
    "NA",
    "inf",
    "−",
    "\u00a0",
]
PIECES += [
    "\u2028",
    "\x1c",
    "\x85",
    "\ufeff",
    "x₁",
    "𝒙",
    "ſ",
    "array(",
    "np.float64(1)",
    "...",
    "12 %",
    "\r\n",
    "\r",
]
PIECES += ["|---|", "+--+", "１", "none", "\0", "1e400", ", dtype=float32)", "_", '""', "a b", "b"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    with Node(SCRIPT) as node:
        yield node


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["text"][:20] + case["read"]))
def test_what_becomes_of_each_table(case: dict[str, Any]) -> None:
    assert outcome(case["text"], case["read"]) == {
        name: member for name, member in case.items() if name not in ("text", "read")
    }


@st.composite
def _tables(draw: st.DrawFn) -> str:
    """A table with pieces that do not belong there."""
    text: str = draw(st.sampled_from(CASES))["text"]
    for _ in range(draw(st.integers(0, 4))):
        at, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        piece = draw(st.sampled_from([*PIECES, text[at:end]]))
        text = text[:at] + piece + text[draw(st.sampled_from([at, min(end, at + 2), end])) :]
    return text


def alike(browser: Node, content: str | bytes, read: str) -> None:
    """Also in each way that is offered."""
    wanted = outcome(content, read)
    assert browser.ask(asked(content, read)) == json.loads(json.dumps(wanted))
    for _, offered in wanted.get("offers", ()):
        assert browser.ask(asked(content, offered)) == json.loads(json.dumps(outcome(content, offered)))


@given(_tables(), st.sampled_from(READS))
def test_mutated_tables(browser: Node, text: str, read: str) -> None:
    alike(browser, text, read)


@given(_tables(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]), st.data())
def test_bytes_of_files(browser: Node, text: str, encoding: str, data: st.DataObject) -> None:
    raw = bytearray((b"\xfe\xff" if encoding == "utf-16-be" else b"") + text.encode(encoding))
    if raw and data.draw(st.booleans()):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    alike(browser, bytes(raw[: data.draw(st.integers(0, len(raw))) or None]), "")


@pytest.mark.parametrize(
    "text",
    [
        "1\n" * 2_000_001,
        "1\n" * 1_000_002,
        (("1," * 999 + "1\n") * 10_001),
        "," * 1_000_001,
        "[" + "1," * 1_000_002 + "1]",
        "1," * 1_000 + "1",
        "x\n" + '"' + "1" * 131_073 + '"\n',
        "x\n" + '"' + "1" * 131_072 + '"\n',
        "x;y\n" + "1;a" * 70_000 + "\n",
        "x;y\n" + "1;a" + "a" * 131_072 + "\n",
        "name,x\n" + "".join(f"n{at},{at}\n" for at in range(101)),
        "x;y\n" + "0,5;1\n" * 1000,
    ],
    ids=lambda text: text[:8],
)
def test_limits(browser: Node, text: str) -> None:
    alike(browser, text, "")


def test_a_choice_that_there_is_not(browser: Node) -> None:
    told = browser.ask(asked("x\n1", f"missing:drop,a%2Cb:{'c' * 50}"))
    assert told["message"] == f"read can't be “a%2Cb:{'c' * 33}…”."


@pytest.mark.parametrize("text", ["[[1, 2], [3, 45]", "[[1 2] [3 45]", "[[1],,]", "[[15 2]"])
def test_a_list_that_is_not_closed_is_told(text: str) -> None:
    """A digit was taken for the bracket that is missing."""
    assert "message" in outcome(text)


def test_a_list_with_decimal_commas_that_are_chosen() -> None:
    assert outcome("[1.500 2.125]", "decimal:comma")["columns"] == [["x1", [1500, 2125]]]
