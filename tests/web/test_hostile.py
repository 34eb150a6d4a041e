"""Nothing that is sent is an error of the server: mutated programs, each parameter, all that is described."""

from __future__ import annotations

import itertools
import os

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import settings

from graphviz_backprop.web import create_app
from tests.support import hostile

SEED = int(os.environ.get("SEED", "1"))
COUNT = int(os.environ.get("COUNT", "300"))


@pytest.mark.fuzz
def test_no_request_is_an_error_of_the_server(client: FlaskClient) -> None:
    faults = []
    for request in itertools.islice(hostile.requests(SEED), COUNT):
        status = request.send(client).status_code
        if hostile.faulty(status):
            faults.append((status, request))
    assert faults == []


if os.environ.get("HYPOTHESIS") == "fuzz":  # it takes minutes
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", create_app())

    @schema.parametrize()
    @settings(max_examples=100)
    def test_what_the_description_allows_is_answered(case: schemathesis.Case) -> None:
        response = case.call()
        assert not hostile.faulty(response.status_code), response.text


def test_the_description_has_every_address_of_the_api(client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").json["paths"]
    rules = list(client.application.url_map.iter_rules())
    there = {rule.rule for rule in rules if not rule.arguments} | {"/graph.html", "/graph.zip"}
    assert described.keys() <= there
    ours = {path for path in there if path.startswith(("/api/", "/graph.", "/samples"))}
    assert ours - described.keys() == {"/api/openapi.json"}
    reached = client.application.url_map.bind("localhost")
    for path, operations in described.items():
        for method in operations:
            assert reached.match(path, method.upper())
