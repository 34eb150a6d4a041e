"""What the page has of a network beside its picture: its variables in groups, their names set."""

from flask import Flask
from flask.testing import FlaskClient

from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.scene import scene


def test_variables_come_in_groups_wherever_a_network_is_shown() -> None:
    for panes in ("graph", "network"):
        groups = scene(State(PRESETS["xor"].program, panes=panes), []).layers.groups
        assert [group.title for group in groups] == ["Inputs", "Layer 2", "Layer 3", "Targets"]


def test_another_program_has_no_groups() -> None:
    assert scene(State("x*y"), []).layers.groups == ()
    assert scene(State("x*"), []).layers.groups == ()


def test_names_are_set(app: Flask) -> None:
    made = app.jinja_env.from_string("{{ name | typeset }}").render(name="x_1")
    assert made == "<math><msub><mi>x</mi><mrow><mn>1</mn></mrow></msub></math>"


def test_the_average_of_a_derivation_is_set(client: FlaskClient) -> None:
    asked = {
        "expr": "z = w*x + b; a = sigmoid(z); C = (a - y)^2",
        "panes": "network",
        "data": "line",
        "row": "-1",
    }
    page = client.get("/", query_string=asked).text
    assert "frac{1}" not in page
    assert "&lt;math" not in page
