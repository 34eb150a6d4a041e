"""How a table is to be read, where it does not say so itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from graphviz_backprop.data.mistakes import Offer

CLASSES, ONE_HOT, LEAVE_OUT = "classes", "one_hot", "leave_out"
DROP = "drop"

_WORDS: Mapping[str, tuple[str | None, ...]] = {
    "separator": (None, "\t", ";", ",", "|", " "),
    "decimal": (None, ".", ","),
    "text_columns": (None, CLASSES, ONE_HOT, LEAVE_OUT),
    "missing": (None, DROP),
}


@dataclass(frozen=True)
class Choices:
    """The options of :func:`read_table`; None stands for what is to be found out, or to be refused."""

    separator: str | None = None
    decimal: str | None = None
    text_columns: str | Mapping[str, str] | None = None
    missing: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a word that an option does not know."""
        for option, known in _WORDS.items():
            given = getattr(self, option)
            for word in given.values() if isinstance(given, Mapping) else [given]:
                if word not in known:
                    names = ", ".join(map(repr, known[1:]))
                    raise ValueError(f"{option} is {word!r}; it can be {names} or None")

    def offer(self, label: str, **options: Any) -> Offer:
        """These choices and one more."""
        chosen = asdict(replace(self, **options))
        return Offer(label, {option: word for option, word in chosen.items() if word is not None})

    def text_column(self, name: str) -> str | None:
        """What to do with the texts of a column."""
        if isinstance(self.text_columns, Mapping):
            return self.text_columns.get(name)
        return self.text_columns

    def and_text_column(self, name: str, word: str) -> Mapping[str, str]:
        """``text_columns`` with a choice for one more of them."""
        known = self.text_columns if isinstance(self.text_columns, Mapping) else {}
        return {**known, name: word}

    def without_missing(self, count: int | None = None) -> Offer:
        """These choices, and samples that are not complete left out: so many, where it is known."""
        many = "" if count is None else f"{count:,} "
        return self.offer(f"Leave out {many}incomplete sample{'' if count == 1 else 's'}", missing=DROP)
