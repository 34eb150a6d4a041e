"""Wrong updates are explained, right ones are not."""

import math

import pytest

import graphviz_backprop as gb
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from graphviz_backprop.descent.slips import SIGN, SLIPS, judge_update

STEP = {"w": 0.75, "g": 2.5}
STATES = {
    "gd": {},
    "momentum": {"b": 1.25},
    "nesterov": {"b": 1.25},
    "rmsprop": {"v": 0.5},
    "adam": {"t": 3.0, "m": 0.5, "v": 0.7},
    "adamw": {"t": 3.0, "m": 0.5, "v": 0.7},
    "adagrad": {"s": 2.0},
}


def known(optimizer, state):
    """Adam's step, and those of the others, written down once more."""
    w, g = STEP["w"], STEP["g"]
    r = 0.1
    if optimizer == "gd":
        return w - r * g
    if optimizer in ("momentum", "nesterov"):
        b = 0.9 * state["b"] + g
        return w - r * (b if optimizer == "momentum" else g + 0.9 * b)
    if optimizer == "rmsprop":
        return w - r * g / (math.sqrt(0.99 * state["v"] + 0.01 * g * g) + 1e-8)
    if optimizer == "adagrad":
        return w - r * g / (math.sqrt(state["s"] + g * g) + 1e-10)
    m, v, t = 0.9 * state["m"] + 0.1 * g, 0.999 * state["v"] + 0.001 * g * g, state["t"] + 1
    w = w * (1 - r * 0.01) if optimizer == "adamw" else w
    return w - r * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_right_update_has_no_mistake(optimizer):
    found = judge_update(
        optimizer,
        **STEP,
        answer=known(optimizer, STATES[optimizer]),
        state=STATES[optimizer],
        settings={"rate": 0.1},
    )
    assert found.right and found.mistakes == ()
    assert set(SLIPS) == set(OPTIMIZERS)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_uphill(optimizer):
    settings = {"rate": 0.1, **({"weight_decay": 0.0} if optimizer == "adamw" else {})}
    right = judge_update(optimizer, **STEP, answer=0, state=STATES[optimizer], settings=settings).number
    found = judge_update(
        optimizer, **STEP, answer=2 * STEP["w"] - right, state=STATES[optimizer], settings=settings
    )
    assert not found.right and SIGN in found.mistakes


def adam(answer, t=0.0, m=0.0, v=0.0):
    return judge_update("adam", 1.0, 2.0, answer, {"t": t, "m": m, "v": v}, {"rate": 0.1}).mistakes


def test_adam_s_own():
    m, v = 0.2, 0.004
    assert "bias correction is left out" in adam(1 - 0.1 * m / (math.sqrt(v) + 1e-8))[0]
    assert any("of m is left out" in text for text in adam(1 - 0.1 * m / 2))
    m, v, t = 0.9 * 0.5 + 0.2, 0.999 * 0.7 + 0.004, 4
    hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    assert any(
        "root of v is missing" in text for text in adam(1 - 0.1 * hat[0] / (hat[1] + 1e-8), 3, 0.5, 0.7)
    )
    swapped = (0.999 * 0.5 + 0.001 * 2) / (1 - 0.9**t), (0.9 * 0.7 + 0.1 * 4) / (1 - 0.999**t)
    wrong = 1 - 0.1 * swapped[0] / (math.sqrt(swapped[1]) + 1e-8)
    assert adam(wrong, 3, 0.5, 0.7) == ("beta1 and beta2 are exchanged.",)


def test_a_tiny_eps_may_be_left_out():
    """By hand nobody adds 1e-8: what is right without it is right, what is wrong is named all the same."""
    assert judge_update("adam", 1, 2, "1 - 0.1*2/sqrt(4)", settings={"rate": 0.1}).right
    state = {"t": 3.0, "m": 1e-4, "v": 1e-8}
    m, v = 0.9 * 1e-4 + 1e-4, 0.999 * 1e-8 + 1e-9
    hand = 1 - (m / (1 - 0.9**4)) / math.sqrt(v / (1 - 0.999**4))
    found = judge_update("adam", 1, 1e-3, hand, state, {"rate": 1.0})
    assert found.right and abs(found.number - hand) > 1e-6
    assert "bias correction is left out" in adam("1 - 0.1*0.2/sqrt(0.004)")[0]
    assert not judge_update("adam", 1, 2, "1 - 0.1*2/2", settings={"rate": 0.1, "eps": 0.5}).right


def test_what_is_remembered_is_not_the_parameter():
    found = judge_update("momentum", 1, 2, "0.9*4 + 2", {"b": 4}, {"rate": 0.1}).mistakes
    assert found == ("This is b after the step, not the parameter.",)


def test_adamw_s_own():
    settings = {"rate": 0.1, "weight_decay": 0.5}
    plain = judge_update("adam", **STEP, answer=0, state=STATES["adam"], settings={"rate": 0.1}).number
    found = judge_update("adamw", **STEP, answer=plain, state=STATES["adamw"], settings=settings)
    assert "The weight decay is left out." in found.mistakes
    coupled = judge_update(
        "adam", STEP["w"], STEP["g"] + 0.5 * STEP["w"], 0, STATES["adam"], {"rate": 0.1}
    ).number
    found = judge_update("adamw", **STEP, answer=coupled, state=STATES["adamw"], settings=settings)
    assert any("added to the gradient" in text for text in found.mistakes)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("1", "learning rate is missing"),
        ("3 - 2/0.1", "divided by"),
        ("0.2", "the step"),
        ("3", "before the step"),
        ("-0.2", "the change of w"),
        ("2.9", "gradient is missing"),
        ("3 - 0.1*2*3", "no factor of its step"),
    ],
)
def test_gradient_descent(answer, said):
    found = gb.judge_update("gd", 3, 2, answer, settings={"rate": 0.1})
    assert found.number == 2.8 and any(said in text for text in found.mistakes)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_slip_is_named_by_its_number(optimizer):
    """Each row with its lines changed gives the number that it is named for, unless that is the right one."""
    from dataclasses import replace

    row, state = OPTIMIZERS[optimizer], {**OPTIMIZERS[optimizer].start(), **STATES[optimizer]}
    settings = row.complete({"rate": 0.1, **({"eps": 0.01} if "eps" in row.settings else {})})
    right = float(row.step(STEP["w"], STEP["g"], state, settings)[0])
    named = 0
    for slip in SLIPS[optimizer]:
        lines = list(row.lines)
        for name, formula in slip.lines.items():
            at = max(at for at, line in enumerate(lines) if line[0] == name)
            lines[at] = (name, formula)
        wrong = float(replace(row, lines=tuple(lines)).step(STEP["w"], STEP["g"], state, settings)[0])
        found = judge_update(optimizer, **STEP, answer=wrong, state=state, settings=settings)
        assert found.right == math.isclose(wrong, right, rel_tol=1e-9)
        assert found.right or slip.text in found.mistakes
        named += not found.right
    assert named == len(SLIPS[optimizer])


def test_what_can_not_be_judged():
    with pytest.raises(ValueError, match="is not an optimizer"):
        judge_update("adm", 1, 1, 1)
    with pytest.raises(ValueError, match="is a name"):
        judge_update("gd", 1, 1, "w")
