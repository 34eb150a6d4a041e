"""Long texts in a page that is a file: what stands in them again is written once, the rest is compressed.

Browsers inflate what looks back 32 kB at most, and the pages of a set of exercises repeat each other over a
longer way. So repeats are told by their places first. ``static/share/unpack.js`` reads both.
"""

from __future__ import annotations

import base64
import re
import zlib
from itertools import accumulate

from markupsafe import Markup

_TAGS = re.compile(rb"[^<]+|<[^<]*")
_ALIKE = 3  # tags in a row by which a repeat is found
_WORTH = 100  # bytes: a shorter one is left to the compression
_ENDS = b"\0"  # no markup has it
_HARMLESS = bytes.maketrans(b"<>&", b",.:")
"""Digits that mean something in markup, and those in their place."""


def packed(kind: str, text: str) -> Markup:
    """A text that the page's first script unpacks where it stands."""
    written = base64.b85encode(zlib.compress(repeats_told(text.encode()), 9)).translate(_HARMLESS)
    return Markup('<script type="text/plain" data-packed="{}">{}</script>').format(kind, written.decode())


def repeats_told(text: bytes) -> bytes:
    """How long it is, then in turn what is new and what is a repeat: where that stood, how long it is."""
    tags = _TAGS.findall(text)
    places = [0, *accumulate(map(len, tags))]
    last: dict[tuple[bytes, ...], int] = {}
    parts = [[b"%d" % len(text)], []]
    at = 0
    while at < len(tags):
        before = last.get(tuple(tags[at : at + _ALIKE]))
        end = at if before is None else _end_of_repeat(tags, before, at)
        if before is None or places[end] - places[at] < _WORTH:
            parts[-1].append(tags[at])
            end = at + 1
        else:
            parts += [[b"%d,%d" % (places[before], places[end] - places[at])], []]
        for passed in range(at, end):
            last[tuple(tags[passed : passed + _ALIKE])] = passed
        at = end
    return _ENDS.join(b"".join(part) for part in parts)


def _end_of_repeat(tags: list[bytes], before: int, at: int) -> int:
    """Where what stood at ``before`` and stands at ``at`` again ends."""
    start = at
    while at < len(tags) and before < start and tags[before] == tags[at]:
        before, at = before + 1, at + 1
    return at
