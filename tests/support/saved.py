"""Pages as files and packages, as who takes them apart sees them."""

import base64
import re
import zlib

_PACKED = re.compile(r'<script type="text/plain" data-packed="\w+">([^<]*)</script>')


def unpacked(page: str) -> str:
    """A page that is a file, with what is compressed in it."""
    return _PACKED.sub(lambda found: _text(found[1]), page)


def markup(page: str) -> str:
    """What `unpacked` gives without the page's own script, which is the same in every file."""
    return unpacked(re.sub(r'data-packed="script">[^<]*<', ">", page))


def _text(written: str) -> str:
    return _whole(zlib.decompress(base64.b85decode(written.translate(str.maketrans(",.:", "<>&"))))).decode()


def _whole(told: bytes) -> bytes:
    """A text whose repeats are told by their places."""
    length, *parts = told.split(b"\0")
    text = b""
    for at, part in enumerate(parts):
        if at % 2:
            start, count = map(int, part.split(b","))
            part = text[start : start + count]
        text += part
    assert len(text) == int(length)
    return text
