"""Networks as people write them by hand: activations and losses in their many forms."""

ACTIVATIONS = {
    "sigmoid": "sigmoid({z})",
    "sigmoid written out": "1 / (1 + exp(-{z}))",
    "sigmoid with e": "1/(1 + e^(-{z}))",
    "tanh": "tanh({z})",
    "tanh written out": "(exp({z}) - exp(-{z})) / (exp({z}) + exp(-{z}))",
    "relu": "relu({z})",
    "relu written out": "max({z}, 0)",
    "leaky": "leaky_relu({z})",
    "gelu": "gelu({z})",
    "softplus": "softplus({z})",
    "softplus written out": "log(1 + exp({z}))",
    "silu written out": "{z} * sigmoid({z})",
    "clipped": "max(min({z}, 3), -3)",
    "square": "{z}^2",
    "sine": "sin({z})",
    "linear": "{z}",
}

ONE = {
    "squared": "({a} - {y})^2",
    "squared the other way": "({y} - {a})^2 / 2",
    "a third": "({a} - {y})^2 / 3",
    "product": "0.25 ({a} - {y}) ({a} - {y})",
    "huber": "min(abs({a} - {y}), 1)^2 / 2 + abs({a} - {y}) - min(abs({a} - {y}), 1)",
    "bounded": "min(({a} - {y})^2, 10)",
    "absolute": "abs({a} - {y})",
    "sign lost": "({a} - abs({y}))^2",
    "target above 0": "({a} - max({y}, 0))^2",
    "logarithms": "-({y} log({a}) + (1 - {y}) log(1 - {a}))",
    "logarithms made safe": "-({y} log({a} + 1e-12) + (1 - {y}) log(1 - {a} + 1e-12))",
    "logarithms clipped": "-({y} log(max({a}, 1e-7)) + (1 - {y}) log(max(1 - {a}, 1e-7)))",
    "from z": "softplus({z}) - {y} {z} + 0*{a}",
    "from z, stable": "max({z}, 0) - {y} {z} + log(1 + exp(-abs({z})))",
    "both": "({a} - {y})^2 + 0.1 {z}^2",
}
"""Losses of one output: a, z and y."""

CLOSED = {
    **{
        (name, loss): ("binary_cross_entropy", 1)
        for name in ("sigmoid", "sigmoid written out", "sigmoid with e")
        for loss in ("logarithms", "from z")
    },
    **{(name, "squared"): ("squared", 1) for name in ACTIVATIONS},
    **{(name, "squared the other way"): ("squared", 0.5) for name in ACTIVATIONS},
    **{(name, "a third"): ("squared", 1 / 3) for name in ACTIVATIONS},
    **{(name, "product"): ("squared", 0.25) for name in ACTIVATIONS},
}
"""What is known by its name, and its factor; of the logarithms, only behind a sigmoid."""


def one_output(activation: str, loss: str) -> str:
    """A network 2-2-1 with this activation in both layers."""
    lines = []
    for layer, size, before in ((2, 2, ("x1", "x2")), (3, 1, ("a2_1", "a2_2"))):
        for j in range(1, size + 1):
            sum_ = " + ".join(f"w{layer}_{j}{k}*{name}" for k, name in enumerate(before, 1))
            lines.append(f"z{layer}_{j} = {sum_} + b{layer}_{j}")
            lines.append(f"a{layer}_{j} = {ACTIVATIONS[activation].format(z=f'z{layer}_{j}')}")
    lines.append(ONE[loss].format(a="a3_1", z="z3_1", y="y1"))
    return "\n".join(lines)


SEVERAL = {
    "hidden softmax, two outputs": """
        z2_1 = w2_11*x1 + w2_12*x2 + b2_1; z2_2 = w2_21*x1 + w2_22*x2 + b2_2
        s = exp(z2_1) + exp(z2_2); a2_1 = exp(z2_1)/s; a2_2 = exp(z2_2)/s
        z3_1 = w3_11*a2_1 + w3_12*a2_2 + b3_1; z3_2 = w3_21*a2_1 + w3_22*a2_2 + b3_2
        (z3_1 - y1)^2 + (z3_2 - y2)^2""",
    "hidden softmax, one output": """
        z2_1 = w2_11*x1 + w2_12*x2 + b2_1; z2_2 = w2_21*x1 + w2_22*x2 + b2_2
        s = exp(z2_1) + exp(z2_2); a2_1 = exp(z2_1)/s; a2_2 = exp(z2_2)/s
        z3_1 = w3_11*a2_1 + w3_12*a2_2 + b3_1; a3_1 = sigmoid(z3_1)
        (a3_1 - y1)^2""",
    "softmax in front of a softmax": """
        z2_1 = w2_11*x1 + b2_1; z2_2 = w2_21*x1 + b2_2
        s = exp(z2_1) + exp(z2_2); a2_1 = exp(z2_1)/s; a2_2 = exp(z2_2)/s
        z3_1 = w3_11*a2_1 + w3_12*a2_2; z3_2 = w3_21*a2_1 + w3_22*a2_2
        t = exp(z3_1) + exp(z3_2); a3_1 = exp(z3_1)/t; a3_2 = exp(z3_2)/t
        -y1 log(a3_1) - y2 log(a3_2)""",
    "softmax made safe": """
        z2_1 = w2_11*x1; z2_2 = w2_21*x1
        s = exp(z2_1) + exp(z2_2); a2_1 = exp(z2_1)/s; a2_2 = exp(z2_2)/s
        -y1 log(a2_1 + 1e-12) - y2 log(a2_2 + 1e-12)""",
    "softmax, weighted": """
        z2_1 = w2_11*x1; z2_2 = w2_21*x1
        s = exp(z2_1) + exp(z2_2); a2_1 = exp(z2_1)/s; a2_2 = exp(z2_2)/s
        -2 y1 log(a2_1) - y2 log(a2_2)""",
    "a mean": """
        a2_1 = tanh(w2_11*x1); a2_2 = tanh(w2_21*x1); a2_3 = tanh(w2_31*x1)
        mean((a2_1 - y1)^2, (a2_2 - y2)^2, (a2_3 - y3)^2)""",
    "one neuron": "z = w1*x1 + w2*x2 + w3*x3 + w4*x4; a = sigmoid(z); (a - y)^2",
    "one neuron, nothing named": "(w1*x1 + w2*x2 + b - y)^2",
    "logistic regression": """
        z = w1*x1 + w2*x2 + b; p = sigmoid(z)
        -(y*log(p) + (1 - y)*log(1 - p))""",
}
"""Networks with several outputs, or with other names."""
