"""Writes what is made from the tables of operations, optimizers, keys and the page's parameters.

python -m tools.generate           writes ops.js and advice.js in static/engine, static/descent/updates.js,
                                   static/state/table.js, static/data/reading/most.js,
                                   static/page/keytable.js, static/practice/levels.js
                                   and the table in docs/language.md
python -m tools.generate --check   exits with 1 where one of them is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from graphviz_backprop.engine.codegen import JAVASCRIPT, formulas
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, Op
from graphviz_backprop.language.tensor_ops import TENSOR_OPS
from tools.advice import advice_js
from tools.keys import keys_js
from tools.levels import levels_js
from tools.mistakes import mistakes_js
from tools.table import most_js, table_js
from tools.updates import updates_js

ROOT = Path(__file__).parent.parent
OPS_JS = ROOT / "static" / "engine" / "ops.js"
ADVICE_JS = ROOT / "static" / "engine" / "advice.js"
MISTAKES_JS = ROOT / "static" / "explain" / "grading" / "mistakes.js"
UPDATES_JS = ROOT / "static" / "descent" / "updates.js"
LEVELS_JS = ROOT / "static" / "practice" / "levels.js"
KEYTABLE_JS = ROOT / "static" / "page" / "keytable.js"
TABLE_JS = ROOT / "static" / "state" / "table.js"
MOST_JS = ROOT / "static" / "data" / "reading" / "most.js"
LANGUAGE_MD = ROOT / "docs" / "language.md"
TENSORS_MD = ROOT / "docs" / "tensors.md"
BEGIN, END = "<!-- operations: generated -->\n", "<!-- end of operations -->"

HEADER = """\
// Generated from graphviz_backprop/language/ops.py by tools/generate.py; change the rows there.

import * as kernel from "./kernels.js";

/**
 * @typedef {object} Row an operation: its value and its local partials. One that takes any number of
 * arguments has `fold` and `share` instead; there n is their number and k how many equal the result f.
 * @property {(...x: number[]) => number} value
 * @property {((...xf: number[]) => number)[]} partials of the arguments and the result
 * @property {(xs: number[]) => number} [fold]
 * @property {(x: number, f: number, n: number, k: number) => number} [share]
 */

/** @type {Readonly<Record<string, Row>>} */
export const ops = {
"""


def ops_js() -> str:
    """The browser's half of the table."""
    return HEADER + "".join(_row_js(op) for op in (*OPERATORS, *FUNCTIONS)) + "};\n"


def _row_js(op: Op) -> str:
    row = formulas(op.name, JAVASCRIPT)
    slots = {slot: slot for slot in (*op.arguments, "f", "n", "k")}
    if op.variadic:
        fold = JAVASCRIPT.call.format(op.name, "xs")
        share = row.partials[0].format(**slots)
        return (
            f"  {op.name}: {{\n    value: (...xs) => {fold},\n    partials: [],\n"
            f"    fold: (xs) => {fold},\n    share: (x, f, n, k) => {share},\n  }},\n"
        )
    params = ", ".join(op.arguments)
    value = f"    value: ({params}) => {row.value(op.arguments)},\n"
    partials = "".join(f"      ({params}, f) => {text.format(**slots)},\n" for text in row.partials)
    return f"  {op.name}: {{\n{value}    partials: [\n{partials}    ],\n  }},\n"


def operations_md() -> str:
    """The reference table of the language."""
    return "\n".join(_table())


def _table() -> Iterator[str]:
    yield "| operation | value | local partials | rule | domain |"
    yield "| --- | --- | --- | --- | --- |"
    for op in (*OPERATORS, *FUNCTIONS):
        rules = ", ".join(dict.fromkeys(op.rule(arg) for arg in range(len(op.arguments))))
        partials = ", ".join(f"∂f/∂{x} = `{op.partials[arg]}`" for arg, x in enumerate(op.arguments))
        value = ", ".join(filter(None, [f"`{op.value}`" if op.value else "", op.about]))
        yield f"| {_call(op)} | {value} | {partials} | {rules} | {op.domain} |"


def _call(op: Op) -> str:
    if op.symbol:
        x, *y = op.arguments
        return f"`{x} {op.symbol} {y[0]}`" if y else f"`{op.symbol}{x}`"
    params = op.params.replace("x...", "x, y, …")
    names = [f"`{op.names[0]}({params})`", *(f"`{name}`" for name in op.names[1:])]
    return ", ".join(names)


def _tensor_table() -> Iterator[str]:
    """The rows that know axes."""
    yield "| function | what it gives | what flows back |"
    yield "| --- | --- | --- |"
    for op in (op for op in TENSOR_OPS if op.name != "others"):
        settings = "".join(f", {name}" for name in op.settings)
        names = [
            f"`{op.names[0]}({op.params.replace('...', ', …')}{settings})`",
            *(f"`{x}`" for x in op.aliases),
        ]
        written = [rule for rule in op.backward if isinstance(rule, str)]
        back = f"`{written[0]}`" if written else op.rules[0] if op.backward else "through its definition"
        yield f"| {', '.join(names)} | {op.about} | {back} |"


def language_md() -> str:
    """docs/language.md with the present table between its two marks."""
    return _between(LANGUAGE_MD, operations_md())


def tensors_md() -> str:
    """docs/tensors.md with the present table."""
    return _between(TENSORS_MD, "\n".join(_tensor_table()))


def _between(path: Path, table: str) -> str:
    before, _, rest = path.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{table}\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    stale = []
    made = (
        (OPS_JS, ops_js()),
        (ADVICE_JS, advice_js()),
        (MISTAKES_JS, mistakes_js()),
        (UPDATES_JS, updates_js()),
        (TABLE_JS, table_js()),
        (MOST_JS, most_js()),
        (KEYTABLE_JS, keys_js()),
        (LEVELS_JS, levels_js()),
        (LANGUAGE_MD, language_md()),
        (TENSORS_MD, tensors_md()),
    )
    for path, text in made:
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT))
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
    for name in stale:
        print(f"{name} {'is stale: run make generate' if '--check' in arguments else 'written'}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
