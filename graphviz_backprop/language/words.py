"""Lists in sentences."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice


def few(texts: Collection[str], most: int = 8, nothing: str = "") -> str:
    """The first of them, and that there are more."""
    return ", ".join([*islice(texts, most), *(["…"] if len(texts) > most else [])]) or nothing
