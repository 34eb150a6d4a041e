"""Names of a program as they are compared."""

from __future__ import annotations

import unicodedata


def normal(name: str) -> str:
    """A name as it is compared: x₁ is x1, and 𝑥 pasted from a formula is x."""
    return str(name) if name.isascii() else str(unicodedata.normalize("NFKC", name))
