"""Long texts in a page that is a file: what stands in them again is written once, the rest is compressed.

Browsers inflate what looks back 32 kB at most, and the pages of a set of exercises repeat each other over a
longer way. So repeats are told by their places first. ``static/share/unpack.js`` reads both.
"""

from __future__ import annotations

import base64
import math
import re
import zlib

from markupsafe import Markup

_TAGS = re.compile(rb"[^<]+|<[^<]*")
_ALIKE = 3  # tags in a row by which a repeat is found
_WORTH = 100  # bytes: a shorter one is left to the compression
_ENDS = b"\0"  # no markup has it
_HARMLESS = bytes.maketrans(b"<>&", b",.:")
"""Digits that mean something in markup, and those in their place."""


class Packing:
    """A text that comes piece by piece, and that the page's first script unpacks where it stands."""

    def __init__(self) -> None:
        self._tags: list[bytes] = []
        self._places = [0]  # where each of them begins, and where the next one will
        self._last: dict[tuple[bytes, ...], int] = {}
        self._parts: list[bytes] = [b""]  # what is new and what is a repeat, in turn

    def __len__(self) -> int:
        """In bytes, as it is unpacked."""
        return self._places[-1]

    def add(self, text: str, room: float = math.inf) -> int:
        """How many letters more it takes, at most; where there is no room for them it is left out."""
        began = at = len(self._tags)
        for tag in _TAGS.findall(text.encode()):
            self._tags.append(tag)
            self._places.append(self._places[-1] + len(tag))
        parts: list[list[bytes]] = [[]]
        while at < len(self._tags):
            before = self._last.get(self._from(at))
            end = at if before is None else self._end_of_repeat(before, at)
            size = self._places[end] - self._places[at]
            if before is None or size < _WORTH:
                parts[-1].append(self._tags[at])
                end = at + 1
            else:
                parts += [[b"%d,%d" % (self._places[before], size)], []]
            for passed in range(at, end):
                self._last[self._from(passed)] = passed
            at = end
        first, *others = map(b"".join, parts)
        takes = len(_written(_ENDS.join([first, *others])))
        if takes <= room:
            self._parts[-1] += first
            self._parts += others
        else:
            del self._tags[began:], self._places[began + 1 :]
            self._last = {tags: place for tags, place in self._last.items() if place < began}
        return takes

    def packed(self, kind: str) -> Markup:
        """Its length, then in turn what is new and what is a repeat: where that stood, how long it is."""
        written = _written(_ENDS.join([b"%d" % len(self), *self._parts]))
        return Markup('<script type="text/plain" data-packed="{}">{}</script>').format(kind, written)

    def _from(self, at: int) -> tuple[bytes, ...]:
        return tuple(self._tags[at : at + _ALIKE])

    def _end_of_repeat(self, before: int, at: int) -> int:
        """Where what stood at ``before`` and stands at ``at`` again ends."""
        tags, start = self._tags, at
        while at < len(tags) and before < start and tags[before] == tags[at]:
            before, at = before + 1, at + 1
        return at


def packed(kind: str, text: str) -> Markup:
    """A text that is there at once."""
    packing = Packing()
    packing.add(text)
    return packing.packed(kind)


def _written(told: bytes) -> str:
    return base64.b85encode(zlib.compress(told, 9)).translate(_HARMLESS).decode()
