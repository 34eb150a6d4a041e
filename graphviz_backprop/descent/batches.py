"""The rows of each step. ``static/descent/batches.js`` gives the same ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp] | None
"""Positions of the rows of a batch; None stands for all."""

Words = npt.NDArray[np.uint32]


def rest() -> None:
    """What a loss does between two pieces of work where nobody asks for more."""


def batches(size: int, batch: int | None, shuffle: bool, seed: int) -> Iterator[Rows]:
    """The positions of each step's rows, without end; an epoch goes through all of them once."""
    if batch is None or batch >= size:
        while True:
            yield None
    epoch = 0
    while True:
        order = shuffled(size, seed, epoch) if shuffle else np.arange(size)
        for first in range(0, size, batch):
            yield order[first : first + batch]
        epoch += 1


def shuffled(size: int, seed: int, epoch: int) -> npt.NDArray[np.intp]:
    """The numbers below ``size``, in an order that follows from seed and epoch alone.

    They are sorted by hashes. The hash takes words of 32 bits one to one, so that no two are equal.
    """
    first = _mixed(_mixed(_word(seed)) ^ _word(epoch))
    return np.argsort(_mixed(np.arange(size, dtype=np.uint32) + first), kind="stable")


def _word(number: int) -> Words:
    return np.array([number % 2**32], np.uint32)


def _mixed(words: Words) -> Words:
    """Chris Wellons's ``lowbias32``: every bit of a word decides over half of the bits of its hash."""
    words = words ^ (words >> np.uint32(16))
    words = words * np.uint32(0x7FEB352D)
    words = words ^ (words >> np.uint32(15))
    words = words * np.uint32(0x846CA68B)
    words ^= words >> np.uint32(16)
    return words
