"""Worked examples of public courses, pasted as they print them: each number that they print is ours."""

from collections.abc import Mapping

import pytest

import graphviz_backprop as gb


def rounds_to(number: object, printed: str) -> bool:
    """Whether this is the number that was printed, to the digits that were."""
    assert isinstance(number, float)
    decimals = len(printed.partition(".")[2])
    return abs(number - float(printed)) <= 0.5 * 10.0**-decimals + 1e-15 * abs(number)


def check(
    program: str,
    values: Mapping[str, str],
    gradients: Mapping[str, str],
    seed: float = 1.0,
    **at: float,
) -> None:
    """The numbers of nodes and variables, by name, in both views."""
    for view in ("tree", "graph"):
        run = gb.parse(program, view).evaluate(at, seed=seed)
        found = run.fields()
        for name, printed in values.items():
            number = found[f"{name}.value"]
            assert rounds_to(number, printed), (view, name, number, printed)
        for name, printed in gradients.items():
            number = found[f"{name}.total" if name in run.gradient else f"{name}.gradient"]
            assert rounds_to(number, printed), (view, name, number, printed)


# Stanford CS231n, Backpropagation, Intuitions


def test_cs231n_a_product() -> None:
    check("x = 4; y = -3; f = x*y", {"f": "-12"}, {"x": "-3", "y": "4"})


def test_cs231n_a_sum_and_a_product() -> None:
    check(
        "x = -2; y = 5; z = -4; q = x + y; f = q * z",
        {"q": "3", "f": "-12"},
        {"f": "1", "q": "-4", "x": "-4", "y": "-4", "z": "3"},
    )


def test_cs231n_the_gates_of_a_sigmoid_neuron() -> None:
    check(
        """w0 = 2; x0 = -1; w1 = -3; x1 = -2; w2 = -3
        a = w0*x0
        b = w1*x1
        c = a + b
        d = c + w2
        g = d * -1
        h = exp(g)
        i = h + 1
        f = 1 / i""",
        {"a": "-2.00", "b": "6.00", "c": "4.00", "d": "1.00", "g": "-1.00", "h": "0.37", "i": "1.37"}
        | {"f": "0.73"},
        {"f": "1.00", "i": "-0.53", "h": "-0.53", "g": "-0.20", "d": "0.20", "c": "0.20", "b": "0.20"}
        | {"a": "0.20", "w0": "-0.20", "x0": "0.39", "w1": "-0.39", "x1": "-0.59", "w2": "0.20"},
    )


def test_cs231n_the_neuron_at_once() -> None:
    check(
        "dot = w0*x0 + w1*x1 + w2; f = sigmoid(dot)",
        {"dot": "1", "f": "0.73"},
        {"dot": "0.2", "w0": "-0.20", "x0": "0.39", "w1": "-0.39", "x1": "-0.59", "w2": "0.20"},
        **{"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3},
    )


def test_cs231n_patterns_in_the_backward_flow() -> None:
    check(
        "x = 3; y = -4; z = 2; w = -1; p = x*y; m = max(z, w); s = p + m; f = 2*s",
        {"p": "-12.00", "m": "2.00", "s": "-10.00", "f": "-20.00"},
        {"s": "2.00", "p": "2.00", "m": "2.00", "x": "-8.00", "y": "6.00", "z": "2.00", "w": "0.00"},
    )


# Matt Mazur, A Step by Step Backpropagation Example: a network 2-2-2

MAZUR = """
net_h1 = w1*i1 + w2*i2 + b1
net_h2 = w3*i1 + w4*i2 + b1
out_h1 = sigmoid(net_h1)
out_h2 = sigmoid(net_h2)
net_o1 = w5*out_h1 + w6*out_h2 + b2
net_o2 = w7*out_h1 + w8*out_h2 + b2
out_o1 = sigmoid(net_o1)
out_o2 = sigmoid(net_o2)
E_o1 = (target_o1 - out_o1)^2 / 2
E_o2 = (target_o2 - out_o2)^2 / 2
E_total = E_o1 + E_o2
"""
WEIGHTS = {f"w{n}": number for n, number in enumerate((0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55), 1)}
START = {**WEIGHTS, "b1": 0.35, "b2": 0.6, "i1": 0.05, "i2": 0.1, "target_o1": 0.01, "target_o2": 0.99}


def test_mazur_both_passes() -> None:
    check(
        MAZUR,
        {"net_h1": "0.3775", "out_h1": "0.593269992", "out_h2": "0.596884378"}
        | {"net_o1": "1.105905967", "out_o1": "0.75136507", "out_o2": "0.772928465"}
        | {"E_o1": "0.274811083", "E_o2": "0.023560026", "E_total": "0.298371109"},
        {"out_o1": "0.74136507", "net_o1": "0.138498562", "w5": "0.082167041"}
        | {"out_h1": "0.036350306", "w1": "0.000438568"},
        **START,
    )
    fields = gb.parse(MAZUR).evaluate(START).fields()
    for name, printed in {"out_o1.0.partial": "0.186815602", "out_h1.0.partial": "0.241300709"}.items():
        assert rounds_to(fields[name], printed), name
    # what each output's error sends back to the first hidden neuron
    assert rounds_to(fields["net_o1.gradient"] * WEIGHTS["w5"], "0.055399425")
    assert rounds_to(fields["net_o2.gradient"] * WEIGHTS["w7"], "-0.019049118")  # there it ends in 9


def test_mazur_the_steps() -> None:
    """The biases stay, as they do there."""
    graph = gb.parse(MAZUR)
    found = gb.descend(graph, START, list(WEIGHTS), rate=0.5, steps=10_000)
    for name, printed in (
        {"w1": "0.149780716", "w2": "0.19956143", "w3": "0.24975114", "w4": "0.29950229"}
        | {"w5": "0.35891648", "w6": "0.408666186", "w7": "0.511301270", "w8": "0.561370121"}
    ).items():
        assert rounds_to(found.points[name][1], printed), (name, found.points[name][1])
    assert rounds_to(found.losses[0], "0.298371109")
    assert rounds_to(found.losses[1], "0.291027774")  # printed is 0.291027924, which his weights do not give
    assert rounds_to(found.losses[9_999], "0.0000351085")  # 10,000 forward passes
    last = graph.evaluate({**START, **{name: found.points[name][-1] for name in WEIGHTS}}).fields()
    assert rounds_to(last["out_o1.value"], "0.01591")  # he went on for a few steps
    assert rounds_to(last["out_o2.value"], "0.9841")


# Andrej Karpathy, The spelled-out intro to neural networks and backpropagation: building micrograd


def test_karpathy_a_graph_by_hand() -> None:
    check(
        "a = 2; b = -3; c = 10; f = -2; e = a*b; d = e + c; L = d*f",
        {"e": "-6", "d": "4", "L": "-8"},
        {"L": "1", "d": "-2", "f": "4", "e": "-2", "c": "-2", "a": "6", "b": "-4"},
    )


@pytest.mark.parametrize("o", ["tanh(n)", "(exp(2n) - 1) / (exp(2n) + 1)"])
def test_karpathy_a_neuron(o: str) -> None:
    check(
        f"""x1 = 2; x2 = 0; w1 = -3; w2 = 1; b = 6.8813735870195432
        x1w1 = x1*w1; x2w2 = x2*w2; s = x1w1 + x2w2; n = s + b; o = {o}""",
        {"x1w1": "-6.0000", "x2w2": "0.0000", "s": "-6.0000", "n": "0.8814", "o": "0.7071"},
        {"o": "1.0000", "n": "0.5000", "b": "0.5000", "s": "0.5000", "x1w1": "0.5000", "x2w2": "0.5000"}
        | {"x1": "-1.5000", "w1": "1.0000", "x2": "0.5000", "w2": "0.0000"},
    )


def test_karpathy_gradients_add_up() -> None:
    check("a = 3; b = a + a", {"b": "6"}, {"a": "2"})
    check(
        "a = -2; b = 3; d = a*b; e = a + b; f = d*e",
        {"d": "-6", "e": "1", "f": "-6"},
        {"d": "1", "e": "-6", "a": "-3", "b": "-8"},
    )


def test_karpathy_the_example_of_micrograd() -> None:
    check(
        """c0 = a + b
        d0 = a*b + b^3
        c1 = c0 + c0 + 1
        c2 = c1 + 1 + c1 + (-a)
        d1 = d0 + d0*2 + relu(b + a)
        d2 = d1 + 3*d1 + relu(b - a)
        h = c2 - d2
        f = h^2
        g = f/2 + 10/f""",
        {"g": "24.7041"},
        {"a": "138.8338", "b": "645.5773"},
        **{"a": -4, "b": 2},
    )


# minitorch, Module 1: its functions F1(x, y) = x + y + 10 and F2(x, y) = x·y + x, with 5 from above


@pytest.mark.parametrize(
    ("program", "at", "gradients"),
    [
        ("F1(v, v)", {"v": 0}, {"v": "10"}),
        ("F1(0, v)", {"v": 0}, {"v": "5"}),
        ("F1(0, F1(0, v))", {"v": 0}, {"v": "5"}),
        ("F1(F1(0, v), F1(0, v))", {"v": 0}, {"v": "10"}),
        ("u = F1(0, v); F1(F1(0, u), F1(0, u))", {"v": 0}, {"v": "10"}),
        ("F2(10, v)", {"v": 5}, {"v": "50"}),
        ("F2(v, w)", {"v": 5, "w": 10}, {"v": "55", "w": "25"}),
    ],
)
def test_minitorch(program: str, at: dict[str, float], gradients: dict[str, str]) -> None:
    check(f"F1(x, y) = x + y + 10; F2(x, y) = x*y + x; {program}", {}, gradients, 5.0, **at)


# deeplearning.ai and Stanford CS230, Neural Networks Basics


def test_cs230_a_computation_graph() -> None:
    check(
        "a = 5; b = 3; c = 2; u = b*c; v = a + u; J = 3*v",
        {"u": "6", "v": "11", "J": "33"},
        {"v": "3", "a": "3", "u": "3", "b": "6", "c": "9"},
    )


CROSS_ENTROPY = {
    "as it is written": "z = w1*x1 + w2*x2 + b; a = sigmoid(z); -(y log(a) + (1 - y) log(1 - a))",
    "from z": "z = w1*x1 + w2*x2 + b; softplus(z) - y*z",
}
SAMPLES = {"x1": [1.0, 2.0, -1.0], "x2": [3.0, 4.0, -3.2], "y": [1.0, 0.0, 1.0]}


def test_cs230_logistic_regression_of_one_sample() -> None:
    """dz = a − y, dw1 = x1 dz, dw2 = x2 dz, db = dz."""
    at = {"w1": 0.5, "w2": -0.25, "b": 0.1, "x1": 2.0, "x2": 3.0, "y": 1.0}
    run = gb.parse(CROSS_ENTROPY["as it is written"]).evaluate(at)
    dz = run.fields()["a.value"] - 1
    assert run.fields()["z.gradient"] == pytest.approx(dz)
    wanted = {"w1": 2 * dz, "w2": 3 * dz, "b": dz}
    assert {name: run.gradient[name] for name in wanted} == pytest.approx(wanted)


@pytest.mark.parametrize("loss", CROSS_ENTROPY)
def test_cs230_logistic_regression_of_three_samples(loss: str) -> None:
    """The assignment Logistic Regression with a Neural Network mindset: the cost, and 100 steps."""
    graph, start = gb.parse(CROSS_ENTROPY[loss]), {"w1": 1, "w2": 2, "b": 2}
    found = gb.descend(graph, start, ["w1", "w2", "b"], rate=0.009, steps=100, data=SAMPLES)
    # 1 - a loses digits where a is nearly 1; the assignment computes a - y at once
    bias = "0.00145557813678" if loss == "from z" else "0.001455578"
    for step, printed in (
        (0, {"w1": "0.99845601", "w2": "2.39507239", "b": bias}),
        (99, {"w1": "0.67752042", "w2": "1.41625495", "b": "0.219194504541"}),
    ):
        for name, text in printed.items():
            assert rounds_to(found.gradients[name][step], text), (step, name)
    assert found.losses[0] == pytest.approx(5.801545319394553, rel=1e-11)
    for name, text in {"w1": "0.19033591", "w2": "0.12259159", "b": "1.92535983008"}.items():
        assert rounds_to(found.points[name][100], text), name
