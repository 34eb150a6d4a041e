"""Which column stands for which variable: the same cases as in tests/data/binding.test.js."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

VECTORS = json.loads(Path(__file__).parents[1].joinpath("data", "bindings.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["about"] for vector in VECTORS])
def test_columns_stand_for_variables(client: FlaskClient, vector: dict[str, Any]) -> None:
    """Each column is constant: the loss at the start, the sum of weighted variables, tells which is where."""
    numbers = {column: float(at) for at, column in enumerate(vector["columns"], 1)}
    weights = {name: 10.0**at for at, name in enumerate(vector["variables"], 1)}
    request = {
        "expr": " + ".join(["b", *(f"{weight:.0f}*{name}" for name, weight in weights.items())]),
        "start": dict.fromkeys(["b", *vector["variables"]], 0),
        "steps": 0,
        "data": {"columns": {column: [number, number] for column, number in numbers.items()}},
        "bind": vector["bind"],
    }
    reply = client.post("/api/descend", json=request).get_data(as_text=True).splitlines()
    wanted = sum(weights[name] * numbers[column] for name, column in vector["bound"].items())
    losses = [json.loads(line)["losses"] for line in reply if "losses" in json.loads(line)]
    assert losses[0][0] == wanted
