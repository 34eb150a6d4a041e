"""A property that is computed once for each object, and by no thread for another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from graphviz_backprop.language.cached import cached_property


@dataclass(frozen=True)
class Thing:
    work: Callable[[], object]

    @cached_property
    def result(self) -> object:
        """What the work gives."""
        return self.work()


def test_it_is_computed_once_and_then_an_attribute() -> None:
    calls: list[int] = []
    thing = Thing(lambda: calls.append(1) or len(calls))
    assert (thing.result, thing.result) == (1, 1)
    assert vars(thing)["result"] == 1


def test_what_raises_is_tried_again() -> None:
    answers = iter([1 / 2])
    thing = Thing(lambda: 1 / next(answers))
    assert thing.result == 2


def test_the_class_has_its_words() -> None:
    assert Thing.result.__doc__ == "What the work gives."


def test_no_thread_waits_for_another_ones_object() -> None:
    """Each of the two computes while the other one does: with one lock for both, neither would end."""
    both = Barrier(2, timeout=20)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda thing: thing.result, [Thing(both.wait), Thing(both.wait)]))
    assert sorted(found) == [0, 1]
