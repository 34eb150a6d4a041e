"""Exercises, bug hunts and grades over HTTP."""

import pytest

from graphviz_backprop.explain.grading.bugs import bug_hunt
from graphviz_backprop.explain.grading.exercises import LEVELS, exercise


@pytest.mark.parametrize("level", LEVELS)
def test_an_exercise_opens_as_a_page_that_tells_nothing(client, level):
    found = client.get(f"/api/exercise?level={level}&seed=2").json
    made = exercise(level, 2)
    assert found["question"] == made.question
    opened = client.get(f"/api/graph?{found['query']}").json
    assert opened["variables"].items() >= {name: float(x) for name, x in made.at.items()}.items()
    assert set(opened["gradient"].values()) == {None}
    assert "exercise:" in found["query"] and client.get(f"/?{found['query']}").status_code == 200


@pytest.mark.parametrize("level", ["chain", "matrix"])
def test_a_sheet_and_its_answers(client, level):
    sheets = [client.get(f"/exercises.pdf?level={level}&count=2{more}") for more in ("", "&answers=1")]
    assert all(reply.status_code == 200 and reply.data.startswith(b"%PDF") for reply in sheets)
    assert sheets[0].data != sheets[1].data


def test_a_hunt_tells_nothing_until_it_is_asked(client):
    made = bug_hunt("shared", 3)
    right = made.choices.index(made.bug)
    found = client.get("/api/hunt?level=shared&seed=3").json
    assert not {"verdict", "solution"} & found.keys()
    assert [one["number"] for one in found["gradients"]] == [str(x) for x in made.gradients.values()]
    asked = {"level": "shared", "seed": 3, "wrong": ",".join(made.wrong), "bug": right}
    assert "view=graph" in found["query"]
    verdict = client.get("/api/hunt", query_string=asked).json["verdict"]
    assert verdict["wrong"] and verdict["bug"] and set(verdict["known"]) == set(made.gradients)
    verdict = client.get("/api/hunt", query_string={**asked, "wrong": "", "bug": right + 1}).json["verdict"]
    assert not verdict["bug"] and set(verdict["known"]) == set(made.gradients) - set(made.wrong)
    told = client.get("/api/hunt", query_string={**asked, "solution": 1}).json["solution"]
    assert told == {"wrong": list(made.wrong), "bug": right}


@pytest.mark.parametrize(
    "address",
    [
        "/api/exercise?level=none",
        "/api/exercise?seed=-1",
        "/api/exercise?seed=1e9",
        "/exercises.pdf?count=0",
        "/exercises.pdf?count=1000",
        "/api/hunt?level=x",
        "/api/hunt?level=matrix",
        "/api/hunt?seed=9999999",
    ],
)
def test_what_there_is_not_is_told(client, address):
    reply = client.get(address)
    assert reply.status_code == 400 and reply.json["error"]["message"]


def graded(client, answers, **state):
    asked = {"expr": "(4*x+1)^2", "at.x": 1, **state}
    return client.post("/api/grade", query_string=asked, json={"answers": answers})


@pytest.mark.parametrize(
    "text",
    ["dx = 40", "x: 40", "∂g/∂x = 40", "dL/dx = 80/2", '{"x": 40}', "x.grad = np.array(40.0)", "dx = 40.0;"],
)
def test_gradients_are_graded_as_they_are_written(client, text):
    found = graded(client, text).json
    assert found["right"] and found["counted"] == 1, found


MATRIX = "W = [[1, 2], [3, 4]]; x = [5, 6]; sum((W @ x)^2)"  # dW = [[170, 204], [390, 468]], dx = [268, 380]


@pytest.mark.parametrize(
    "text",
    [
        "dW = [[170. 204.]\n [390. 468.]]\ndx = [268. 380.]",
        "dW\narray([[170., 204.],\n       [390., 468.]], dtype=float32)\n"
        "dx: tensor([268., 380.], grad_fn=<SumBackward1>)",
        "dW = np.array([[170, 204], [390, 468]])\ndx = torch.tensor([268, 380])",
    ],
)
def test_arrays_are_read_as_they_are_printed(client, text):
    found = client.post("/api/grade", query_string={"expr": MATRIX}, json={"answers": text}).json
    assert found["right"] and found["counted"] == 2, found


def test_a_wrong_array_is_explained(client):
    text = "dW = [[170 390]\n [204 468]]\ndx = [268 380"
    found = client.post("/api/grade", query_string={"expr": MATRIX}, data={"answers": text}).json
    (line,) = found["lines"]
    assert line["verdict"] == "wrong" and "transposed" in line["text"].lower(), line
    assert line["cells"] and found["notes"] == ["dx is not read: a bracket is not closed"]


BROKEN = [
    "",
    "x",
    "import os",
    "x = ",
    "dx = [1, 2",
    "dx = ]",
    "{",
    "{}",
    '{"x": {"y": 1}}',
    "x = " + "[" * 999,
]
MORE = ["x = 9^9^9^9^9", "\0", "x = [1 ... 2]", "=\n" * 999, "x = [[1], 2]"]


@pytest.mark.parametrize("text", [*BROKEN, *MORE])
def test_no_text_breaks_it(client, text):
    reply = graded(client, text)
    assert reply.status_code == 400 or reply.json["right"] in (True, False)


def test_lines_that_change_a_gradient_are_graded_as_they_stand(client):
    program = "z = [[1, 2, 0], [0, 1, 3]]; Y = ([1, 0]); L = cross_entropy(z, Y)"
    text = "n = 2\ndz = F.softmax(z, 1)\ndz[range(n), Y] -= 1\ndz /= n"
    found = client.post("/api/grade", query_string={"expr": program}, json={"answers": text}).json
    assert [(line["name"], line["verdict"]) for line in found["lines"]] == [("dz", "right")]
    assert found["right"]
    assert found["notes"] == []


def test_what_is_graded_is_of_the_point(client):
    assert graded(client, "dx = 72", **{"at.x": 2}).json["right"]
    line = graded(client, "dx = 20").json["lines"][0]
    assert line["verdict"] == "wrong" and "exponent" in line["text"]


def updated(client, **given):
    return client.get("/api/judge_update", query_string=given)


def test_an_update_is_judged(client):
    step = {"optimizer": "gd", "w": 3, "g": 2, "settings": "rate:0.1"}
    assert updated(client, **step, answer="2.8").json == {"verdict": "right", "mistakes": []}
    uphill = updated(client, **step, answer="3.2").json
    assert uphill["verdict"] == "wrong" and "uphill" in uphill["mistakes"][0]
    adam = {"optimizer": "adam", "w": 1, "g": 2, "state": "t:0,m:0,v:0", "settings": "rate:0.1,beta1:0.9"}
    biased = updated(client, **adam, answer="1 - 0.1*0.2/(sqrt(0.004) + 1e-8)").json
    assert biased["mistakes"][0].startswith("The bias correction is left out")


@pytest.mark.parametrize(
    "other",
    [
        {"w": None},
        {"g": "x"},
        {"optimizer": "adm"},
        {"answer": ""},
        {"answer": "w"},
        {"state": "b:1"},
        {"state": "b"},
        {"settings": "speed:1"},
        {"settings": "rate:-1"},
        {"settings": "rate"},
        {"optimizer": "adam", "w": "1e308", "g": "-1e308", "state": "t:-1"},
    ],
)
def test_what_is_no_update_is_told(client, other):
    reply = updated(client, **{"w": "1", "g": "1", "answer": "1", **other})
    assert reply.status_code == 400 and reply.json["error"]["message"]
