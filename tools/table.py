"""``static/state/table.js``: the parameters of the page's address, and the limits that both sides know.

And ``static/data/reading/most.js``: how large a table may be, for the half that reads it in the browser.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from graphviz_backprop.data import limits
from graphviz_backprop.figure.bands import SURFACE
from graphviz_backprop.web.asked.limits import LIMITS, SET
from graphviz_backprop.web.asked.state import PARAMETERS, Parameter

HEADER = """\
// Generated from state.py and limits.py in graphviz_backprop/web/asked by tools/generate.py.

"""

MOST = "// Generated from graphviz_backprop/data/limits.py by tools/table.py; change them there.\n\n"

ROW = """\
/**
 * @typedef {object} Row a parameter of the address
 * @property {keyof State} name in the address; a family has a member for each variable, after a dot
 * @property {boolean} family
 * @property {string} kind how its text is read: a reader's name
 * @property {readonly string[]} names that it can be
 * @property {number} most the greatest number, or length
 * @property {string | number} otherwise what holds where it is absent
 * @property {"text" | "choice" | "number"} change what a change of it is to the browser's history
 * @property {"value" | "presence" | "picture" | "nothing"} remakes what of it the server's parts depend on:
 *   its value, whether it is there, or nothing; of a "picture" the figure alone depends
 * @property {boolean} undone whether a change of it alone can be undone; else it is where one looks
 */

"""


def table_js() -> str:
    """The browser's half of the table."""
    return HEADER + "\n".join(_lines()) + "\n"


def most_js() -> str:
    """How large a table may be."""
    kept = {
        name.removeprefix("MOST_").lower(): x for name, x in vars(limits).items() if name.startswith("MOST_")
    }
    return MOST + "\n".join(_constant("READ", "What is read at most.", kept))


def _lines() -> Iterator[str]:
    yield "/**\n * @typedef {object} State"
    for row in PARAMETERS:
        yield f" * @property {{{_type(row)}}} {_name(row)} {row.about}".rstrip()
    yield " * @property {ReadonlyMap<string, number>} starts where the program lets its variables start"
    yield " * @property {ReadonlyMap<string, string>} lists values of tensors, as they are written"
    families = " | ".join(json.dumps(_name(row)) for row in PARAMETERS if row.family)
    yield f" *\n * @typedef {{{families}}} Family\n */\n"
    yield ROW + "/** @type {readonly Row[]} */\nexport const PARAMETERS = Object.freeze(["
    for row in PARAMETERS:
        yield f"  {{ {', '.join(f'{key}: {_js(value)}' for key, value in _members(row).items())} }},"
    yield "]);\n"
    yield from _constant("LIMITS", "What is asked for at most, and how long lists are.", asdict(LIMITS))
    yield from _constant("SET", "A built-in set as it is made where nothing else is said.", asdict(SET))
    yield from _constant("SURFACE", "How surfaces in neurons are drawn: figure/bands.py.", asdict(SURFACE))


def _name(row: Parameter) -> str:
    return row.name.rstrip(".")


def _type(row: Parameter) -> str:
    if row.family:
        return "ReadonlyMap<string, number>"
    return "string" if isinstance(row.default, str) else "number"


def _members(row: Parameter) -> dict[str, object]:
    return {
        "name": _name(row),
        "family": row.family,
        "kind": row.kind.name,
        "names": row.kind.names,
        "most": row.kind.most,
        "otherwise": row.default,
        "change": row.change,
        "remakes": row.remakes,
        "undone": row.undone,
    }


def _constant(name: str, about: str, members: dict[str, int | float]) -> Iterator[str]:
    yield f"/** {about} */\nexport const {name} = Object.freeze({{"
    yield from (f"  {key}: {_js(value)}," for key, value in members.items())
    yield "});\n"


def _js(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False)
