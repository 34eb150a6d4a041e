"""Choices in words, as addresses and commands hold them: ("missing", "drop"), ("text.species", "classes")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphviz_backprop.data.choices import CLASSES, DROP, LEAVE_OUT, ONE_HOT

_WORDS = {
    "separator": {"tab": "\t", "semicolon": ";", "comma": ",", "bar": "|", "blank": " "},
    "decimal": {"point": ".", "comma": ","},
    "missing": {"drop": DROP},
}
_TEXTS = (CLASSES, ONE_HOT, LEAVE_OUT)
_OF_ALL, _OF_ONE = "text", "text."

KNOWN = (
    *(f"{option}={'|'.join(words)}" for option, words in _WORDS.items()),
    f"{_OF_ALL}={'|'.join(_TEXTS)}",
    f"{_OF_ONE}COLUMN={'|'.join(_TEXTS)}",
)
"""All that can be said, for people."""


def options(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The options of ``read_table``. Raises ValueError for a pair that there is not."""
    found: dict[str, Any] = {}
    for option, word in pairs:
        found |= option_of(option, word, found)
    return found


def option_of(option: str, word: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """The option that a pair gives, after others. Raises ValueError where there is no such pair."""
    if option in _WORDS and word in _WORDS[option]:
        return {option: _WORDS[option][word]}
    if option == _OF_ALL and word in _TEXTS:
        return {"text_columns": word}
    if option.startswith(_OF_ONE) and word in _TEXTS:
        chosen = before.get("text_columns")
        known = chosen if isinstance(chosen, dict) else {}
        return {"text_columns": {**known, option.removeprefix(_OF_ONE): word}}
    raise ValueError(f"there is no choice {option}={word}; there are {', '.join(KNOWN)}")


def pairs(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The pairs that give these options."""
    for option, words in _WORDS.items():
        yield from ((option, word) for word, value in words.items() if options.get(option) == value)
    texts = options.get("text_columns")
    if isinstance(texts, str):
        yield _OF_ALL, texts
    elif texts:
        yield from ((_OF_ONE + name, word) for name, word in texts.items())
