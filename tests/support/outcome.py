"""What becomes of a table, as both languages tell it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from graphviz_backprop.data.mistakes import DataError
from graphviz_backprop.data.tables import read_table
from graphviz_backprop.web.asked import tables

SCRIPT = """
import { createInterface } from "node:readline";
import { outcome } from "SUPPORT/outcome.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { text, bytes, read } = JSON.parse(line);
  const content = bytes === undefined ? text : Uint8Array.from(Buffer.from(bytes, "base64")).buffer;
  console.log(JSON.stringify(outcome(content, read)));
}
"""


def asked(content: str | bytes, read: str = "") -> dict[str, str]:
    """What the script is asked."""
    if isinstance(content, bytes):
        return {"bytes": base64.b64encode(content).decode(), "read": read}
    return {"text": content, "read": read}


def outcome(content: str | bytes, read: str = "") -> Mapping[str, Any]:
    """Columns and what became of the rest, or the mistake with its place and offers."""
    try:
        found = read_table(content, **tables.options(read))
    except DataError as error:
        offers = [[offer.label, tables.written(offer.options)] for offer in error.offers]
        return {"message": error.message, "place": [error.row, error.column], "offers": offers}
    return {
        "columns": [[name, column.tolist()] for name, column in found.items()],
        "classes": [[name, list(texts)] for name, texts in found.classes.items()],
        "left_out": list(found.left_out),
        "dropped": found.dropped,
    }
