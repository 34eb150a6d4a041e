"""What a request says of how a figure goes into another document, beside the state that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphviz_backprop.figure.copies import BACKGROUNDS, THEMES, Look
from graphviz_backprop.web.asked.kinds import FINITE, Kind, choice, shown
from graphviz_backprop.web.asked.state import Mistake

NUMBERS = ("yes", "no")

KINDS: Mapping[str, Kind] = {
    "theme": choice(*THEMES),
    "background": choice(*BACKGROUNDS),
    "numbers": choice(*NUMBERS),
    "scale": FINITE,
    "width": FINITE,
    "height": FINITE,
    "dpi": FINITE,
}
"""The parameters and how their texts are read."""


@dataclass(frozen=True)
class Copy:
    look: Look
    dpi: float | None


def read_copy(pairs: Iterable[tuple[str, str]], frame: int) -> Copy:
    """The copy that the pairs of a query ask for. Raises the first Mistake."""
    found: dict[str, str | float] = {}
    for name, raw in pairs:
        if name in KINDS and raw.strip():
            try:
                found[name] = KINDS[name].read(raw)
            except ValueError as fault:
                raise Mistake(name, f"{shown(name)} {fault}.") from None
    dpi = found.pop("dpi", None)
    numbers = found.pop("numbers", "yes") == "yes"
    try:
        return Copy(Look(**found, numbers=numbers, frame=frame), dpi)  # type: ignore[arg-type]
    except ValueError as fault:
        raise Mistake("", f"{fault}.") from None
