"""A long query as one short parameter, ``z``: deflated, then in base64's letters for addresses.

``static/state/packed.js`` has the same.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from urllib.parse import parse_qsl

NAME = "z"

MOST = 262_144
"""Bytes of a query: what would unpack to more is refused before it is unpacked."""

_BROKEN = "can't be read: a part of the link is missing, or was changed"


def packed(query: str) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = deflate.compress(query.encode()) + deflate.flush()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpacked(text: str) -> list[tuple[str, str]]:
    """The pairs of the query. Raises ValueError; its message follows the parameter's name."""
    inflate = zlib.decompressobj(-15)
    try:
        raw = inflate.decompress(_decoded(text), MOST + 1)
        if len(raw) > MOST:
            raise ValueError(f"holds more than {MOST:,} bytes, which no address of this page does")
        if not inflate.eof or inflate.unused_data:
            raise ValueError(_BROKEN)
        query = raw.decode()
    except (zlib.error, UnicodeDecodeError):
        raise ValueError(_BROKEN) from None
    # One inside another would be a way around the limit.
    return [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != NAME]


def _decoded(text: str) -> bytes:
    text = text.strip()
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(_BROKEN) from None
