"""Updates that somebody computed, judged: which known mistake in an optimizer's step gives a wrong parameter.

A mistake is a row of :mod:`.optimizers` with other lines, or the same lines with other numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphviz_backprop.descent import optimizers
from graphviz_backprop.descent.optimizers import Optimizer
from graphviz_backprop.engine.columns import quiet
from graphviz_backprop.explain.grading import answers
from graphviz_backprop.explain.grading.answers import Answer

SMALL = 1e-6
"""An eps up to here may be left out."""

SIGN = "The step goes uphill: it is subtracted, not added."


@dataclass(frozen=True)
class Slip:
    """A mistake: its sentence, and the formulas that stand in place of the right ones, by the line's name."""

    text: str
    lines: Mapping[str, str]


_ADAM = (
    Slip(SIGN, {"w": "w + rate * mhat / (sqrt(vhat) + eps)"}),
    Slip(
        "The bias correction is left out: m is divided by 1 - beta1^t, and v by 1 - beta2^t.",
        {"mhat": "m", "vhat": "v"},
    ),
    Slip("The bias correction of m is left out: it is divided by 1 - beta1^t.", {"mhat": "m"}),
    Slip("The bias correction of v is left out: it is divided by 1 - beta2^t.", {"vhat": "v"}),
    Slip(
        "The step is counted one too low: at the first step t is 1, not 0.",
        {"mhat": "m / (1 - beta1^(t - 1))"},
    ),
    Slip(
        "The step is counted one too low: it is raised before the correction.",
        {"mhat": "m / (1 - beta1^(t - 1))", "vhat": "v / (1 - beta2^(t - 1))"},
    ),
    Slip("The step is counted one too high.", {"t": "t + 2"}),
    Slip(
        "The bias correction has no power of t: m is divided by 1 - beta1^t, and v by 1 - beta2^t.",
        {"mhat": "m / (1 - beta1)", "vhat": "v / (1 - beta2)"},
    ),
    Slip(
        "The bias correction divides; it does not multiply.",
        {"mhat": "m * (1 - beta1^t)", "vhat": "v * (1 - beta2^t)"},
    ),
    Slip(
        "v gets the whole square of the gradient: its factor 1 - beta2 is missing.", {"v": "beta2 * v + g^2"}
    ),
    Slip(
        "m and v get the whole gradient and its square: their factors 1 - beta1 and 1 - beta2 are missing.",
        {"m": "beta1 * m + g", "v": "beta2 * v + g^2"},
    ),
    Slip("beta1 and 1 - beta1 are exchanged.", {"m": "(1 - beta1) * m + beta1 * g"}),
    Slip("beta2 and 1 - beta2 are exchanged.", {"v": "(1 - beta2) * v + beta2 * g^2"}),
    Slip("m gets the whole gradient: its factor 1 - beta1 is missing.", {"m": "beta1 * m + g"}),
    Slip("v gets the gradient, not its square.", {"v": "beta2 * v + (1 - beta2) * g"}),
    Slip(
        "beta1 and beta2 are exchanged.",
        {"m": "beta2 * m + (1 - beta2) * g", "v": "beta1 * v + (1 - beta1) * g^2"},
    ),
    Slip("The root of v is missing.", {"w": "w - rate * mhat / (vhat + eps)"}),
    Slip("eps stands inside the root; it is added behind it.", {"w": "w - rate * mhat / sqrt(vhat + eps)"}),
    Slip("The gradient stands where m, its running mean, belongs.", {"mhat": "g"}),
    Slip("It is not divided by the root of v.", {"w": "w - rate * mhat"}),
)

SLIPS: Mapping[str, tuple[Slip, ...]] = {
    "gd": (
        Slip(SIGN, {"w": "w + rate * g"}),
        Slip("The learning rate is missing.", {"w": "w - g"}),
        Slip("It is divided by the learning rate, not multiplied.", {"w": "w - g / rate"}),
        Slip("The gradient is missing.", {"w": "w - rate"}),
        Slip("The parameter is no factor of its step.", {"w": "w - rate * g * w"}),
    ),
    "momentum": (
        Slip(SIGN, {"w": "w + rate * b"}),
        Slip("What was remembered is left out: the buffer begins anew.", {"b": "g"}),
        Slip("The momentum is missing: the buffer is not made smaller.", {"b": "b + g"}),
        Slip("The gradient has no factor 1 - momentum here.", {"b": "momentum * b + (1 - momentum) * g"}),
        Slip("The momentum belongs to the buffer, not to the gradient.", {"b": "b + momentum * g"}),
        Slip("That is Nesterov's step.", {"w": "w - rate * (g + momentum * b)"}),
        Slip("The gradient of this step is left out of the buffer.", {"b": "momentum * b"}),
        Slip(
            "The learning rate multiplies the whole buffer, not the gradient in it.",
            {"b": "momentum * b + rate * g", "w": "w - b"},
        ),
        Slip("The learning rate is missing.", {"w": "w - b"}),
    ),
    "nesterov": (
        Slip(SIGN, {"w": "w + rate * (g + momentum * b)"}),
        Slip(
            "That is plain momentum: Nesterov adds the gradient to the buffer once more.",
            {"w": "w - rate * b"},
        ),
        Slip("What was remembered is left out: the buffer begins anew.", {"b": "g"}),
        Slip("The learning rate is missing.", {"w": "w - (g + momentum * b)"}),
    ),
    "rmsprop": (
        Slip(SIGN, {"w": "w + rate * g / (sqrt(v) + eps)"}),
        Slip("v gets the gradient, not its square.", {"v": "alpha * v + (1 - alpha) * g"}),
        Slip("The root of v is missing.", {"w": "w - rate * g / (v + eps)"}),
        Slip("v gets the whole square: its factor 1 - alpha is missing.", {"v": "alpha * v + g^2"}),
        Slip("What was remembered is left out of v.", {"v": "(1 - alpha) * g^2"}),
        Slip("v is still that of the step before.", {"v": "v"}),
        Slip("alpha and 1 - alpha are exchanged.", {"v": "(1 - alpha) * v + alpha * g^2"}),
        Slip("It is not divided by the root of v.", {"w": "w - rate * g"}),
        Slip("eps stands inside the root; it is added behind it.", {"w": "w - rate * g / sqrt(v + eps)"}),
    ),
    "adam": _ADAM,
    "adamw": _ADAM,
    "adagrad": (
        Slip(SIGN, {"w": "w + rate * g / (sqrt(s) + eps)"}),
        Slip("s gets the gradient, not its square.", {"s": "s + g"}),
        Slip("What was summed up before is left out.", {"s": "g^2"}),
        Slip("s is still that of the step before.", {"s": "s"}),
        Slip("The root of s is missing.", {"w": "w - rate * g / (s + eps)"}),
    ),
}
"""By the optimizer's name, the likelier ones first."""

_COUPLED = "Weight decay is added to the gradient; AdamW takes it off the parameter by itself."
_UNDECAYED = "The weight decay is left out."


@dataclass(frozen=True)
class Judged:
    """Whether it is right, the right parameter, and the sentences of the mistakes that give the answer."""

    right: bool
    number: float
    mistakes: tuple[str, ...] = ()


def judge_update(
    optimizer: str,
    w: float,
    g: float,
    answer: float | str,
    state: Mapping[str, float] | None = None,
    settings: Mapping[str, float] | None = None,
) -> Judged:
    """Judges a parameter after one step from ``w`` with the gradient ``g``.

    ``state`` is what the optimizer remembers, 0 before the first step. Raises ValueError for an optimizer, a
    setting or a state that there is not, an answer that is no number, and a step that gives none.
    """
    row = optimizers.find(optimizer)
    for name in state or {}:
        if name not in row.state:
            raise ValueError(
                f"{row.name} remembers no {name}; it remembers {', '.join(row.state) or 'nothing'}"
            )
    chosen, kept = row.complete(settings or {}), {**row.start(), **(state or {})}
    given = answers.read(answer) if isinstance(answer, str) else Answer(float(answer))
    right = _stepped(row, w, g, kept, chosen)
    if not math.isfinite(right):
        raise ValueError("this step gives no finite number")
    variants = [chosen, *_without_eps(chosen)]
    if any(answers.right(given, _stepped(row, w, g, kept, one), abs(w)) for one in variants):
        return Judged(True, right)
    found = [
        text
        for one in variants
        for text, number in _mistaken(row, w, g, kept, one)
        if _gives(given, number, right)
    ]
    return Judged(False, right, tuple(dict.fromkeys(found)))


def _without_eps(settings: Mapping[str, float]) -> Iterator[dict[str, float]]:
    """By hand nobody adds a hundred-millionth: what is computed without it is the same."""
    if 0 < settings.get("eps", 0.0) <= SMALL:
        yield {**settings, "eps": 0.0}


def _gives(given: Answer, number: float, right: float) -> bool:
    """Whether a mistake gives the answer, and not what is right all the same."""
    return math.isfinite(number) and answers.gives(given, number) and not answers.same(number, right)


def _mistaken(
    row: Optimizer, w: float, g: float, state: Mapping[str, float], settings: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    for slip in SLIPS[row.name]:
        lines = tuple((name, slip.lines.get(name, formula)) for name, formula in row.lines)
        last = len(lines) - 1  # adamw sets w twice: a slip's is the step
        lines = tuple(
            (n, f if n != "w" or at == last else row.lines[at][1]) for at, (n, f) in enumerate(lines)
        )
        yield slip.text, _stepped(replace(row, lines=lines), w, g, state, settings)
    if row.name == "adamw":
        plain = optimizers.OPTIMIZERS["adam"]
        yield _UNDECAYED, _stepped(plain, w, g, state, settings)
        yield _COUPLED, _stepped(plain, w, g + settings["weight_decay"] * w, state, settings)
    right = _stepped(row, w, g, state, settings)
    yield "This is the step, not the parameter after it: it is taken off w.", w - right
    yield "This is the change of w: it is added to w.", right - w
    for name, number in _remembered(row, w, g, state, settings).items():
        yield f"This is {name} after the step, not the parameter.", number
    yield "This is the parameter before the step.", w
    yield "The gradient's sign is the other one.", _stepped(row, w, -g, state, settings)
    if state != row.start():
        text = "What the optimizer remembers is left out, as at a first step."
        yield text, _stepped(row, w, g, row.start(), settings)


def _stepped(
    row: Optimizer, w: float, g: float, state: Mapping[str, float], settings: Mapping[str, float]
) -> float:
    with quiet():  # a mistake may divide by 0
        return float(row.step(w, g, state, settings)[0])


def _remembered(
    row: Optimizer, w: float, g: float, state: Mapping[str, float], settings: Mapping[str, float]
) -> dict[str, float]:
    """What the optimizer remembers after the step, but for the number of steps."""
    with quiet():
        kept = row.step(w, g, state, settings)[1]
    return {name: float(number) for name, number in kept.items() if name != "t"}
