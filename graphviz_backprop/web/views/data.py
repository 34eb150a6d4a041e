"""Rows for a descent: the tables that people bring, and the built-in sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from graphviz_backprop.data import datasets
from graphviz_backprop.data.datasets import Column
from graphviz_backprop.data.mistakes import DataError
from graphviz_backprop.data.tables import read_table
from graphviz_backprop.descent.held import hold_out
from graphviz_backprop.web import apart
from graphviz_backprop.web.asked import body, tables
from graphviz_backprop.web.asked.kinds import PERCENT
from graphviz_backprop.web.asked.limits import SET
from graphviz_backprop.web.asked.sets import made_set
from graphviz_backprop.web.asked.state import Mistake
from graphviz_backprop.web.replies import json_reply, table_document

_FEW_ROWS = 5_000  # are made in some hundredths of a second

blueprint = Blueprint("data", __name__)


@blueprint.post("/api/table")
def table() -> Response:
    """The columns of the table that is the body, or its file named ``file``, read as ``read`` says."""
    body.take_a_table()
    options = tables.options(request.args.get("read", ""))
    if body.is_long():
        apart.needed("tables", lambda: request.get_data(cache=False))
    try:
        found = read_table(_sent(), **options)
        return _reply(
            *hold_out(found, _hold()), classes=found.classes, left_out=found.left_out, dropped=found.dropped
        )
    except DataError as error:
        return _refusal(error)
    except MemoryError:
        raise RequestEntityTooLarge("This table needs more memory than the server has.") from None


def _refusal(error: DataError) -> Response:
    offers = [{"label": offer.label, "read": tables.written(offer.options)} for offer in error.offers]
    found = {"message": error.message, "row": error.row, "column": error.column, "offers": offers}
    return json_reply({"error": found}, 400)


def _sent() -> bytes:
    if request.mimetype == "multipart/form-data":
        file = request.files.get("file")
        return file.read() if file else request.form.get("file", "").encode()
    return request.get_data(cache=False)


@blueprint.get("/api/data")
def made() -> Response:
    """A built-in set."""
    asked: dict[str, Any] = request.args.to_dict()
    for name in {"n", "seed", "noise"} & asked.keys():
        asked[name] = _number(asked[name])
    if isinstance(rows := asked.get("n"), float) and rows > _FEW_ROWS:
        apart.needed("tables")
    columns = made_set(asked, "name")
    own = datasets.held(asked["name"], len(columns["y"]), int(asked.get("seed", SET.seed)))
    kept, held = hold_out(columns, _hold())
    return _reply(kept, {name: np.concatenate([own[name], xs]) if own else xs for name, xs in held.items()})


def _hold() -> int:
    """How many of a hundred samples are to be held out. Raises Mistake."""
    raw = request.args.get("hold", "0")
    try:
        return max(0, int(PERCENT.read(raw)))
    except ValueError as error:
        raise Mistake("hold", f"hold {error}.") from None


def _number(raw: str) -> str | float:
    try:
        return float(raw)
    except ValueError:
        return raw


def _reply(columns: Mapping[str, Column], held: Mapping[str, Column], **more: Any) -> Response:
    rest = {"held": table_document(held)["columns"]} if any(map(len, held.values())) else {}
    return json_reply(table_document(columns, **rest, **more))
