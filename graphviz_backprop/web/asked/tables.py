"""How a table is to be read, as the parameter ``read`` says it: "missing:drop,text.species:classes"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from graphviz_backprop.web.asked.kinds import shown
from graphviz_backprop.web.asked.state import Mistake

_WORDS = {
    "separator": {"tab": "\t", "semicolon": ";", "comma": ",", "bar": "|", "blank": " "},
    "decimal": {"point": ".", "comma": ","},
    "missing": {"drop": "drop"},
}
_TEXTS = ("classes", "one_hot", "leave_out")
_OF_ALL, _OF_ONE = "text", "text."


def options(read: str) -> dict[str, Any]:
    """The options of ``read_table``. Raises Mistake for a word that there is not."""
    found: dict[str, Any] = {}
    for pair in filter(None, read.split(",")):
        option, _, word = pair.partition(":")
        if option in _WORDS and word in _WORDS[option]:
            found[option] = _WORDS[option][word]
        elif option == _OF_ALL and word in _TEXTS:
            found["text_columns"] = word
        elif option.startswith(_OF_ONE) and word in _TEXTS:
            chosen = found.get("text_columns")
            known = chosen if isinstance(chosen, dict) else {}
            found["text_columns"] = {**known, unquote(option.removeprefix(_OF_ONE)): word}
        else:
            raise Mistake("read", f"read can't be “{shown(pair)}”.")
    return found


def written(options: Mapping[str, Any]) -> str:
    """The parameter that gives these options."""
    return ",".join(f"{option}:{word}" for option, word in _pairs(options))


def _pairs(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for option, words in _WORDS.items():
        yield from ((option, word) for word, value in words.items() if options.get(option) == value)
    texts = options.get("text_columns")
    if isinstance(texts, str):
        yield _OF_ALL, texts
    elif texts:
        yield from ((_OF_ONE + quote(name, safe=""), word) for name, word in texts.items())
