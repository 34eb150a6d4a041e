"""Tensors that somebody answers: whole ones and cells, by gradients that are known."""

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.data.judged import judge

RUN = gb.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; c = [2, 3] * z; L = sum(c)").evaluate()
DW, DX = [[10.0, 12.0], [15.0, 18.0]], [11.0, 16.0]
BATCH = gb.parse(
    "X = [[1, 2], [3, 4], [5, 6]]; W = [[1, 0], [2, 1]]; b = [1, 2]; z = X @ W + b; L = mean(z^2)"
).evaluate()


def test_the_right_ones():
    np.testing.assert_allclose(RUN.gradient["W"], np.outer([2, 3], [5, 6]))
    assert judge(RUN, "W.total", DW).verdict == "right"
    assert judge(RUN, "x.total", DX).verdict == "right"
    assert judge(RUN, "z.gradient", [2, 3]).verdict == "right"
    assert judge(RUN, "z.value", [17, 39]).verdict == "right"
    assert judge(RUN, "W[1,0].total", 15.0).verdict == "right"
    assert judge(RUN, "x[1].total", 16.0).verdict == "right"
    for name, gradient in BATCH.gradient.items():
        found = judge(BATCH, f"{name}.total", gradient.tolist())
        assert (found.verdict, found.mistakes) == ("right", ())


@pytest.mark.parametrize(
    ("run", "field", "answer", "words"),
    [
        (RUN, "W.total", np.transpose(DW), "transposed"),
        (RUN, "x.total", [2 + 6, 4 + 12], None),  # rows and columns: W @ dz has another meaning
        (RUN, "x.total", [-11, -16], "sign"),
        (BATCH, "b.total", BATCH.gradient["b"] / 3, "divided by 3"),
        (BATCH, "b.total", BATCH.gradient["b"] * 6, "divided by 6"),
        (BATCH, "b.total", BATCH.cells()["z.gradient"], "not summed"),
        (RUN, "W[0,1].total", 15.0, "W[1, 0]"),
    ],
)
def test_a_wrong_one_is_named(run, field, answer, words):
    given = np.asarray(answer, dtype=float)
    found = judge(run, field, given.tolist())
    assert found.verdict == "wrong"
    assert words is None or any(words in text for text in found.mistakes), found


def test_what_follows_counts():
    wrong = [2.0, 30.0]
    followed = np.outer(wrong, [5, 6]).tolist()
    found = judge(RUN, "W.total", followed, {"z.gradient": wrong})
    assert (found.verdict, found.after) == ("follows", ("z",))
    assert judge(RUN, "W.total", followed).verdict == "wrong"


@pytest.mark.parametrize("program", ["x = [0, 0]; L = norm(x)", "x = [3, 3]; L = std(x)"])
def test_a_convention_of_the_tensors_holds_for_a_cell(program):
    """In numbers it is a root of 0, whose slope is infinite."""
    run = gb.parse(program).evaluate()
    for field in ("x[0].total", "x[1].gradient"):
        assert judge(run, field, 0.0).verdict == "right"
        assert judge(run, field, 1.0).verdict == "wrong"


def test_where_it_is_wrong():
    assert judge(RUN, "W.total", [[10, 12], [15, 19]]).text == "1 of 4 cells is wrong, at [1, 1]."
    assert judge(RUN, "W.total", [[10, 13], [15, 19]]).text == "2 of 4 cells are wrong, the first at [0, 1]."
    assert judge(RUN, "W.total", [[1, 2], [3, 4]]).text == "4 of 4 cells are wrong."
    assert judge(RUN, "z.value", [17, 40]).text == "1 of 2 cells is wrong, at [1]."
    assert judge(RUN, "z.0.flow", [[10, 12], [15, 19]]).text == "1 of 4 cells is wrong, at [1, 1]."
    assert "is asked for" in judge(RUN, "W.total", [1, 2, 3]).text
    assert judge(RUN, "W.total", [[1, 2], [3]]).verdict == "wrong"
    assert judge(RUN, "L.value", 151.0).verdict == "right"


@pytest.mark.parametrize(
    "field", ["q.total", "W", "", "W[9,9].total", "W[0].total", "z.9.flow", "z.0.partial"]
)
def test_what_is_no_field(field):
    with pytest.raises(ValueError, match="is no number"):
        judge(RUN, field, 1.0)


def test_over_http(client):
    program = "W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum([2, 3] * z)"
    asked = {"expr": program, "field": "W.total", "why": 1}

    def told(answer, **more):
        return client.get("/api/judge", query_string={**asked, "answer": answer, **more})

    assert told("[[10, 12], [15, 36/2]]").json["verdict"] == "right"
    assert told("[[10. 12.]\n [15. 18.]]").json["verdict"] == "right"
    wrong = told("[[10, 15], [12, 18]]").json
    assert wrong["verdict"] == "wrong" and "transposed" in wrong["diagnoses"][0][0]["text"]
    assert told("[[10, 12], [150, 180]]", earlier="z.gradient:[2, 30]").json["verdict"] == "follows"
    for answer in ("", "x", "[[1]", "[[1, 2], [x]]", "[" * 999, "9^9^9^9"):
        assert told(answer).status_code == 400
    assert told("1", field="q.total").status_code == 400
    hints = [
        client.get("/api/hint", query_string={**asked, "stage": stage}).json["hint"] for stage in (1, 2, 3)
    ]
    assert hints[0] == "Backward pass: it flows back from z"
    assert hints[1] == "from z: · xᵀ"
    assert hints[2] == "from z: · xᵀ; the result is 2×2"
