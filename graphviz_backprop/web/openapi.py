"""The API described, from the rows that it is made of: /api/openapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphviz_backprop.resources import VERSION
from graphviz_backprop.web.asked.kinds import Kind
from graphviz_backprop.web.asked.state import PARAMETERS, Parameter

Schema = dict[str, Any]

_ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message"],
            "properties": {
                "message": {"type": "string"},
                "start": {"type": ["integer", "null"], "description": "offset in characters of `expr`"},
                "end": {"type": ["integer", "null"]},
                "hint": {"type": "string"},
            },
        }
    },
}

_FILES = {
    "/graph.svg": "image/svg+xml",
    "/graph.png": "image/png",
    "/graph.pdf": "application/pdf",
    "/graph.dot": "text/vnd.graphviz",
    "/graph.json": "application/json",
    "/graph.html": "text/html",
    "/graph.zip": "application/zip",
}


def document() -> Schema:
    """The description, in OpenAPI 3.1."""
    state = [_parameter(row) for row in PARAMETERS]
    form = {"schema": _form()}
    paths: dict[str, Schema] = {
        "/api/graph": {
            "get": _operation("Every node, edge and number of a program", "application/json", state),
            "post": _operation("The same for long programs", "application/json")
            | {
                "requestBody": {
                    "content": {"application/json": form, "application/x-www-form-urlencoded": form}
                }
            },
        },
        "/fragments": {
            "get": _operation("The parts of the page that follow the program", "text/html", state)
        },
        "/picture": {"get": _operation("Those that follow what is open in the figure", "text/html", state)},
        "/formula": {"get": _operation("The closed form of a derivative", "text/html", state)},
        "/": {"get": _operation("The page", "text/html", state)},
        "/api/data": {"get": _operation("A built-in set of samples", "application/json", _of_sets())},
        "/api/network": {
            "get": _operation("A network as a program", "application/json", _texts(_NETWORK)),
            "post": _operation("The same, with numbers of another network in at.…", "application/json")
            | {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": _CHOICE}}}},
        },
        "/samples": {
            "post": _operation("How a program with tensors takes samples", "application/json")
            | {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": _form("column")}}}}
        },
        "/trained": {
            "post": _operation("The tensors as which a network in numbers learns", "application/json")
            | {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": _form("column")}}}}
        },
        "/api/scalars": {
            "get": _operation(
                "A program with tensors in numbers", "application/json", state + _texts(("node",))
            )
        },
        "/api/judge": {
            "get": _operation(
                "Judges an answer", "application/json", state + _texts(("field", "answer", "why"))
            )
        },
        "/api/judge_update": {
            "get": _operation("Judges a parameter after a step", "application/json", _texts(_UPDATE))
        },
        "/api/hint": {
            "get": _operation("Helps in stages", "application/json", state + _texts(("field", "stage")))
        },
        "/api/exercise": {"get": _operation("An exercise", "application/json", _texts(("level", "seed")))},
        "/exercises.pdf": {
            "get": _operation(
                "A sheet of them", "application/pdf", _texts(("level", "seed", "count", "answers"))
            )
        },
        "/api/hunt": {
            "get": _operation(
                "A bug hunt", "application/json", _texts(("level", "seed", "wrong", "bug", "solution"))
            )
        },
        "/api/grade": {
            "post": _operation("Grades gradients", "application/json", state)
            | {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"answers": {"type": "string"}}}
                        }
                    }
                }
            }
        },
        "/api/table": {
            "post": _operation("The columns of a table", "application/json", _texts(("read", "hold")))
            | {"requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}}}
        },
        "/api/descend": {
            "post": _operation("A descent, line by line", "application/x-ndjson")
            | {"requestBody": {"content": {"application/json": {"schema": _DESCENT}}}}
        },
        "/healthz": {"get": _operation("Whether it can draw", "application/json")},
        "/readyz": {"get": _operation("Whether requests may be sent here", "application/json")},
    }
    for path, kind in _FILES.items():
        paths[path] = {"get": _operation("The graph as a file, values filled in", kind, state)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "graphviz_backprop", "version": VERSION},
        "paths": paths,
    }


_NETWORK = ("sizes", "activation", "output", "loss", "bias", "init", "seed", "form")
_CHOICE: Schema = {"type": "object", "properties": {name: {"type": "string"} for name in _NETWORK}}
_UPDATE = ("optimizer", "w", "g", "answer", "state", "settings")
_NUMBERS: Schema = {"type": "object", "additionalProperties": {"type": "number"}}
_SAMPLES: Schema = {
    "type": "object",
    "properties": {
        "set": {"type": "string"},
        "n": {"type": "integer"},
        "columns": {"type": "object"},
    },
}
_DESCENT: Schema = {
    "type": "object",
    "required": ["expr"],
    "properties": {
        "expr": {"type": "string"},
        "view": {"enum": ["tree", "graph", "network"]},
        "start": _NUMBERS,
        "parameters": {"type": "array", "items": {"type": "string"}},
        "optimizer": {"type": "string"},
        "rate": {"type": "number"},
        "settings": _NUMBERS,
        "steps": {"type": "integer", "minimum": 0, "maximum": 20_000},
        "data": _SAMPLES,
        "held": _SAMPLES,
        "bind": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "batch": {"type": ["integer", "null"]},
        "shuffle": {"type": "boolean"},
        "seed": {"type": "integer"},
    },
}


def _operation(summary: str, kind: str, parameters: list[Schema] | None = None) -> Schema:
    refused = {"content": {"application/json": {"schema": _ERROR}}}
    return {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            "200": {"description": "what was asked for", "content": {kind: {}}},
            "400": {"description": "a mistake in the program or a parameter, and its place", **refused},
            "413": {"description": "more than is read", **refused},
            "503": {"description": "others are served first; Retry-After says when to come again", **refused},
        },
    }


def _parameter(row: Parameter) -> Schema:
    """A row of the state. A family is there as the member of a variable x."""
    name = f"{row.name}x" if row.family else row.name
    return {"name": name, "in": "query", "description": row.about, "schema": _schema(row.kind)}


def _schema(kind: Kind) -> Schema:
    if kind.name in ("number", "finite", "positive"):
        return {"type": "number"}
    if kind.name == "count":
        return {"type": "integer", "minimum": -1, "maximum": kind.most}
    if kind.name == "choice":
        return {"enum": list(kind.names)}
    return {"type": "string"}


def _form(*more: str) -> Schema:
    named: Mapping[str, Parameter] = {f"{row.name}x" if row.family else row.name: row for row in PARAMETERS}
    known = {name: _schema(row.kind) for name, row in named.items()} | {
        name: {"type": "string"} for name in more
    }
    return {"type": "object", "properties": known}


def _of_sets() -> list[Schema]:
    numbers = [
        {"name": name, "in": "query", "schema": {"type": "number"}} for name in ("n", "seed", "noise", "hold")
    ]
    return [*_texts(("name",)), *numbers]


def _texts(names: tuple[str, ...]) -> list[Schema]:
    return [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
