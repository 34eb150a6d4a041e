"""What is remembered, and what is forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from graphviz_backprop.jobs.remembered import Remembered


def test_what_was_used_least_is_forgotten_by_size() -> None:
    texts: Remembered[str] = Remembered(10, len)
    for name in "abc":
        texts.get(name, lambda name=name: name * 4)
        texts.get("a", lambda: "none")
    assert [texts.find(name) for name in "abc"] == ["aaaa", None, "cccc"]
    assert (texts.hits, texts.misses) == (5, 4)


def test_what_is_larger_than_all_room_is_given_and_forgotten() -> None:
    texts: Remembered[str] = Remembered(10, len)
    assert texts.get("a", lambda: "a" * 11) == "a" * 11
    assert texts.find("a") is None
    texts.put("b", "b" * 10)
    assert texts.find("b") == "b" * 10


def test_a_thing_that_is_put_anew_weighs_once() -> None:
    texts: Remembered[str] = Remembered(10, len)
    for _ in range(5):
        texts.put("a", "a" * 5)
    texts.put("b", "b" * 5)
    assert texts.find("a") and texts.find("b")


def test_what_is_not_to_be_kept_is_made_again() -> None:
    texts: Remembered[str] = Remembered(10, len)
    assert texts.get("a", lambda: "first", lambda text: False) == "first"
    assert texts.get("a", lambda: "second") == "second"


def test_a_fault_is_everybodys_and_is_not_remembered() -> None:
    texts: Remembered[str] = Remembered(10, len)
    entered, let_go = Event(), Event()

    def fail() -> str:
        entered.set()
        assert let_go.wait(60)
        raise ValueError("no")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(texts.get, "a", fail)
        assert entered.wait(60)
        second = threads.submit(texts.get, "a", fail)
        let_go.set()
        for asked in (first, second):
            with pytest.raises(ValueError, match="no"):
                asked.result()
    assert texts.get("a", lambda: "well") == "well"
