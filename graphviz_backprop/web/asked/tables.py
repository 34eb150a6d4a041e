"""How a table is to be read, as the parameter ``read`` says it: "missing:drop,text.species:classes"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from graphviz_backprop.data import spelling
from graphviz_backprop.web.asked.kinds import shown
from graphviz_backprop.web.asked.state import Mistake


def options(read: str) -> dict[str, Any]:
    """The options of ``read_table``. Raises Mistake for a word that there is not."""
    found: dict[str, Any] = {}
    for pair in filter(None, read.split(",")):
        option, _, word = pair.partition(":")
        try:
            found |= spelling.option_of(unquote(option), word, found)
        except ValueError:
            raise Mistake("read", f"read can't be “{shown(pair)}”.") from None
    return found


def written(options: Mapping[str, Any]) -> str:
    """The parameter that gives these options."""
    return ",".join(f"{quote(option, safe='')}:{word}" for option, word in spelling.pairs(options))
