"""The programs to start from, one row each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.web.asked.limits import usual_set
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.presets import start
from graphviz_backprop.web.shown.samples import xor_table

NEURON = """\
z = w1*x1 + w2*x2 + w3*x3 + w4*x4
a = sigmoid(z)
(a - y)^2"""

LOGISTIC = """\
z = w1*x1 + w2*x2 + b
p = sigmoid(z)
-(y*log(p) + (1-y)*log(1-p))"""


MAZUR = """\
x = [0.05, 0.10]; y = [0.01, 0.99]
W1 = [[0.15, 0.20], [0.25, 0.30]]; b1 = [0.35, 0.35]; W2 = [[0.40, 0.45], [0.50, 0.55]]; b2 = [0.60, 0.60]
h = sigmoid(W1 @ x + b1)
o = sigmoid(W2 @ h + b2)
E = sum((y - o)^2) / 2"""

IRIS = """\
W = zeros(2)
b = 0
x = [1.4, 0.2]
y = 0
z = W @ x + b
L = softplus(z) - y*z"""

FLOWERS = """\
W = zeros(3, 4)
b = zeros(3)
x = [5.1, 3.5, 1.4, 0.2]
y = 0
z = W @ x + b
L = cross_entropy(z, y)"""

DIGITS = """\
W1 = 0.2 * randn(64, 32, seed=1)
b1 = zeros(32)
W2 = 0.2 * randn(32, 10, seed=2)
b2 = zeros(10)
X = zeros(1, 64)
y = [0]
h = relu(X / 16 @ W1 + b1)
z = h @ W2 + b2
L = cross_entropy(z, y)"""


@dataclass(frozen=True)
class Example:
    """One row: a title, what to look for, the state it opens, and what a menu shows of its program."""

    title: str
    note: str
    state: State = field(repr=False)

    @property
    def program(self) -> str:
        """The program on one line."""
        return "; ".join(self.state.expr.splitlines())

    @cached_property
    def query(self) -> str:
        return self.state.query(self.state.at)

    @cached_property
    def picture(self) -> str:
        """The query of its figure: small, it shows the shape alone."""
        shown = replace(self.state, data="", table="", plot="", optimizer="gd", rate=0.0, steps=100)
        return f"{shown.query(self.state.at)}&numbers=no"


@dataclass(frozen=True)
class Group:
    title: str
    examples: tuple[Example, ...]


def _network(name: str, note: str) -> Example:
    preset = PRESETS[name]
    return Example(
        preset.title, note, State(preset.program, view="graph", panes="network,training", at=start(preset))
    )


GROUPS = (
    Group(
        "One variable",
        (
            Example(
                "Chain rule", "Outer derivative times inner derivative.", State("(4*x+1)^2", at={"x": 1.0})
            ),
            Example(
                "A composition",
                "Two functions, one inside the other.",
                State("f(x) = 7x + 3\ng(x) = x^2\ng(f(x))", at={"x": 1.0}),
            ),
            Example(
                "Two statements", "A name for the inner part: u.", State("u = x^2 + 1\nsin(u)", at={"x": 1.0})
            ),
            Example(
                "Sigmoid by hand",
                "Steepest at 0, flat far out: gradients vanish there.",
                State("1/(1+e^(-x))", at={"x": 0.0}),
            ),
            Example("Exponential", "The variable in the exponent.", State("3^x + 2x", at={"x": 2.0})),
            Example(
                "Logarithm",
                "The product rule, with a logarithm of base 2.",
                State("log(x, 2) * x", at={"x": 4.0}, min={"x": 0.1}, max={"x": 10.0}),
            ),
        ),
    ),
    Group(
        "Several variables",
        (
            Example(
                "Gradient vector",
                "At (1, 2) the gradient is (10, 6).",
                State("3x^2 + 2x*y + y^2", at={"x": 1.0, "y": 2.0}),
            ),
            Example(
                "Upstream gradient",
                "A piece of a larger network: dL/dz = 5 comes in at the output.",
                State("z = x*y", seed=5.0, at={"x": 2.0, "y": -3.0}),
            ),
            Example(
                "One neuron",
                "Four inputs, sigmoid, squared error.",
                State(
                    NEURON,
                    view="graph",
                    at={
                        "w1": 0.5,
                        "x1": 1.0,
                        "w2": -0.3,
                        "x2": 2.0,
                        "w3": 0.8,
                        "x3": -1.0,
                        "w4": 0.1,
                        "x4": 0.5,
                        "y": 1.0,
                    },
                ),
            ),
        ),
    ),
    Group(
        "One variable, used twice",
        (
            Example(
                "x · x",
                "Two edges from one node: their flows add up.",
                State("x*x", view="graph", at={"x": 3.0}),
            ),
            Example("x − x", "The flows cancel.", State("x - x", view="graph", at={"x": 3.0})),
            Example("x / x", "Always 1, gradient 0.", State("x/x", view="graph", at={"x": 2.0})),
            Example(
                "x to the x",
                "Power rule and exponential rule at once.",
                State("x^x", view="graph", at={"x": 2.0}, min={"x": 0.0}),
            ),
        ),
    ),
    Group(
        "A loss over data",
        (
            Example(
                "Fit a line",
                "The average loss of 50 samples, and each one's own.",
                State(
                    "(w*x + b - y)^2",
                    panes="graph,data",
                    data="line,50,0,0.1",
                    at={"w": 0.5, "b": 0.0},
                ),
            ),
            Example(
                "Logistic regression",
                "Two moons, cross-entropy: which way to turn the line between them.",
                State(
                    LOGISTIC,
                    view="graph",
                    panes="graph,data",
                    data=usual_set("moons"),
                    at={"w1": 0.0, "w2": 0.0, "b": 0.0},
                ),
            ),
        ),
    ),
    Group(
        "Descent",
        (
            Example(
                "Rosenbrock's valley",
                "Four optimizers race through a bent valley to (1, 1).",
                State(
                    "(1-x)^2 + 100*(y-x^2)^2",
                    view="graph",
                    panes="graph,plot",
                    plot="x,y",
                    optimizer="gd,momentum,rmsprop,adam",
                    rate=0.002,
                    steps=500,
                    at={"x": -1.0, "y": 1.5},
                    min={"x": -2.0, "y": -1.0},
                    max={"x": 2.0, "y": 3.0},
                ),
            ),
            Example(
                "A step too far",
                "With a rate above 1 each step overshoots: it diverges.",
                State("x^2", panes="graph,plot", rate=1.1, at={"x": 1.0}),
            ),
        ),
    ),
    Group(
        "Tensors",
        (
            Example(
                "Mazur's network in five lines",
                "The step by step example that many learn from, in matrices.",
                State(MAZUR),
            ),
            Example(
                "Logistic regression on irises",
                "Samples are one more letter: the loss is their average.",
                State(IRIS, panes="graph,training", data="iris,120,0", optimizer="adam", rate=0.1),
            ),
            Example(
                "Softmax regression on irises",
                "Four measurements, three species; 30 flowers are held out.",
                State(FLOWERS, panes="graph,training", data="flowers,120,0", optimizer="adam", rate=0.1),
            ),
            Example(
                "Reading handwritten digits",
                "750 pictures of 8×8 pixels; watch what the 32 neurons look for, and the 250 held out.",
                State(
                    DIGITS,
                    panes="graph,training",
                    data="digits,750,0",
                    optimizer="adam",
                    rate=0.02,
                    steps=150,
                    batch=75,
                ),
            ),
        ),
    ),
    Group(
        "Neural networks",
        (
            _network("neuron", "Click a weight: its gradient is derived."),
            _network("deep", "Unfold the derivation: what puts the “back” in backpropagation."),
            _network("pair", "Six neurons and four, as in textbooks."),
            _network("classes", "Softmax and cross-entropy."),
            Example(
                "Learning XOR",
                "Two hidden neurons are enough: run it.",
                State(
                    PRESETS["xor"].program,
                    view="graph",
                    panes="network,training",
                    optimizer="adam",
                    data="own",
                    table=xor_table(("x1", "x2"), "y1"),
                    at=start(PRESETS["xor"]),
                ),
            ),
        ),
    ),
)


def found(wanted: str) -> list[Group]:
    """The examples that have each of these words, in their title, note, program or topic; by topic."""
    words = wanted.casefold().split()
    groups = (Group(group.title, _having(group, words)) for group in GROUPS)
    return [group for group in groups if group.examples]


def _having(group: Group, words: list[str]) -> tuple[Example, ...]:
    def text(example: Example) -> str:
        return " ".join((group.title, example.title, example.note, example.program)).casefold()

    return tuple(example for example in group.examples if all(word in text(example) for word in words))
