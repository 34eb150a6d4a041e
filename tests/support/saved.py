"""Pages as files and packages, as who takes them apart sees them."""

import base64
import re
import zlib

_PACKED = re.compile(r'<script type="text/plain" data-packed="\w+">([^<]*)</script>')


def unpacked(page: str) -> str:
    """A page that is a file, with what is compressed in it."""
    return _PACKED.sub(lambda found: zlib.decompress(base64.b64decode(found[1])).decode(), page)


def markup(page: str) -> str:
    """What `unpacked` gives without the page's own script, which is the same in every file."""
    return unpacked(re.sub(r'data-packed="script">[^<]*<', ">", page))
