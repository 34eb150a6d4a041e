"""``static/descent/updates.js``: the optimizers' updates, and numbers that both languages must find."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from graphviz_backprop.descent.optimizers import OPTIMIZERS, Optimizer
from graphviz_backprop.descent.slips import SMALL
from graphviz_backprop.engine.codegen import JAVASCRIPT, expression
from graphviz_backprop.language.parser import parse_row

HEADER = """\
// Generated from graphviz_backprop/descent/optimizers.py by tools/generate.py; change the rows there.

import * as kernel from "../engine/kernels.js";

/** @typedef {Readonly<Record<string, number>>} Numbers by their names: w, g, the state, the settings */

/**
 * @typedef {object} Optimizer
 * @property {Numbers} settings with their defaults
 * @property {readonly string[]} state what it remembers, all 0 before the first step
 * @property {boolean} scales whether its steps grow with the gradient, and so may overshoot
 * @property {readonly (readonly [string, (numbers: Numbers) => number])[]} lines of its update, from top
 * to bottom: the name that is set, and its new number
 * @property {Step} step all of its lines, for many numbers at once
 *
 * @typedef {Record<string, Float64Array>} Memory
 * @typedef {(settings: Numbers, point: Float64Array, gradient: Float64Array, memory: Memory) =>
 *   {point: Float64Array, memory: Memory}} Step
 */

/** An eps up to here may be left out of what is found by hand. */
"""

TABLE = """
/** @type {Readonly<Record<string, Optimizer>>} */
export const optimizers = {
"""


def updates_js() -> str:
    """The browser's half of the table of optimizers."""
    rows = "".join("\n".join(_row_js(row)) + "\n" for row in OPTIMIZERS.values())
    return f"{HEADER}export const SMALL = {SMALL!r};\n{TABLE}{rows}}};\n"


def _row_js(row: Optimizer) -> Iterator[str]:
    settings = ", ".join(f"{name}: {JAVASCRIPT.number(x)}" for name, x in row.settings.items())
    yield f"  {row.name}: {{"
    yield f"    settings: {{ {settings} }},"
    yield f"    state: {json.dumps(row.state)},"
    yield f"    scales: {json.dumps(row.scales)},"
    yield "    lines: ["
    for name, formula in row.lines:
        names = parse_row(formula).variables
        code = expression(formula, {given: given for given in names}, JAVASCRIPT)
        yield f'      ["{name}", ({{ {", ".join(names)} }}) => {code}],'
    yield "    ],"
    yield from (f"    {line}" for line in _step_js(row))
    yield "  },"


def _step_js(row: Optimizer) -> Iterator[str]:
    """The lines as one loop, without an object of their numbers for each of them."""
    kept = ["w", *row.state]
    places = {"w": "point", **{name: f"memory.{name}" for name in row.state}}
    yield f"step({{ {', '.join(row.settings)} }}, point, gradient, memory) {{"
    yield from (f"  const {name}s = new Float64Array(point.length);" for name in kept)
    yield "  for (let at = 0; at < point.length; at++) {"
    yield "    const g = gradient[at];"
    yield from (f"    let {name} = {place}[at];" for name, place in places.items())
    for name, formula in row.lines:
        code = expression(formula, {given: given for given in parse_row(formula).variables}, JAVASCRIPT)
        yield f"    {'' if name in kept else 'const '}{name} = {code};"
    yield from (f"    {name}s[at] = {name};" for name in kept)
    yield "  }"
    yield f"  return {{ point: ws, memory: {{{', '.join(f'{name}: {name}s' for name in row.state)}}} }};"
    yield "},"


def update_vectors() -> Iterator[dict[str, Any]]:
    """Three steps of each optimizer, line by line: what each reads, by name, and what it gives."""
    for row in OPTIMIZERS.values():
        settings = row.complete({"rate": 0.0625})
        w, state = 0.75, row.start()
        steps: list[dict[str, Any]] = []
        for g in (2.5, -0.125, 1e-3):
            lines = [[name, float(x)] for name, _, x in row.work(w, g, state, settings)]
            steps.append({"w": w, "g": g, "state": state, "lines": lines})
            w, state = row.step(w, g, state, settings)
            w, state = float(w), {name: float(x) for name, x in state.items()}
        yield {"optimizer": row.name, "settings": settings, "steps": steps}
