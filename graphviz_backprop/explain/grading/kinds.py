"""The known mistakes: their names, their sentences, and the wrong formulas that go with an operation.

A sentence says what is right, and what was done instead. Its names: ``parent`` and ``child`` of the edge,
``d`` its local partial ``∂parent/∂child``, ``p`` its number (as a factor ``q``), ``wrong`` what stands for
it, ``g`` the parent's gradient, ``flow`` the product of both, ``sibling`` the other argument, ``why`` the
reason of a :class:`Slip`. ``tools/mistakes.py`` writes all of it to ``static/explain/grading/mistakes.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A mistake: its name for people, its sentence, and its sentence where it is made everywhere."""

    title: str
    sentence: str
    everywhere: str = ""


KINDS: Mapping[str, Kind] = {
    "missed": Kind(
        "a path is missing",
        "The flow from {parent} to {child}, {g} × {q} = {flow}, is left out.",
    ),
    "term": Kind(
        "one term of the rule is missing",
        "The {rule} has a term for each argument: that of {child}, {g} × {q} = {flow}, is left out.",
    ),
    "overwritten": Kind(
        "= in place of +=",
        "Only the flow from {parent}, {flow}, counts at {child}: all that flow in add up to {sum}.",
        "At every node only the last flow counts: where several flow in, they add up.",
    ),
    "leaf": Kind(
        "a mention of the variable is missing",
        "Only {child}, one mention of {name}, counts: the gradients of all mentions add up to {sum}.",
    ),
    "sign": Kind("the sign", "{d} is {p}, not {wrong}: the sign is the other one."),
    "upstream": Kind(
        "the upstream gradient is forgotten",
        "{d} = {p} is not multiplied by the gradient of {parent}: {g} × {q} = {flow} flows to {child}.",
        "No local partial is multiplied by the gradient that comes from above.",
    ),
    "one": Kind(
        "a derivative is forgotten",
        "{d} = {p} is left out: the gradient of {parent} is passed on as it is,"
        " but {g} × {q} = {flow} flows to {child}.",
    ),
    "stopped": Kind(
        "the chain ends too early",
        "{shown} is the gradient of {child}: the local partials from there down to {name} are left out.",
    ),
    "other": Kind(
        "the partial by the other argument",
        "{d} is {p}; {wrong} is the partial by the other argument, {sibling}.",
    ),
    "factor": Kind("a factor is missing", "{d} is {p}, not {wrong}: {why}."),
    "exponent": Kind("the exponent", "{d} is {p}, not {wrong}: {why}."),
    "rule": Kind("another rule", "{d} is {p}, not {wrong}: {why}."),
    "argument": Kind("argument and result are mixed up", "{d} is {p}, not {wrong}: {why}."),
    "branch": Kind("the wrong branch", "{d} is {p}, not {wrong}: {why}."),
    "taken": Kind(
        "the wrong branch",
        "{parent} takes {child} here, not {sibling}: the gradient goes to {child} alone.",
    ),
    "inside": Kind(
        "the derivative inside the function",
        "{d} is taken at {child} = {value}, not at the derivative of {child}, {slope}:"
        " that is a factor, {p} × {factor}.",
    ),
    "replaced": Kind(
        "the derivative inside the function",
        "The derivative of {child}, {slope}, is not put into {parent} in place of {child}:"
        " it is a factor behind {d}, {p} × {factor}.",
    ),
    "value": Kind(
        "the value in place of the partial",
        "{d} is {p}; {wrong} is the value of {parent}.",
    ),
    "own": Kind(
        "the argument in place of the partial",
        "{d} is {p}; {wrong} is the value of {child}.",
    ),
    "constant": Kind(
        "a constant's derivative",
        "{d} is {p}, not {wrong}: the derivative of the constant {sibling} is 0, not 1.",
    ),
    "kept": Kind(
        "a constant's derivative",
        "The constant {constant} is kept: its derivative is 0.",
    ),
    "added": Kind(
        "added in place of multiplied",
        "The gradient of {parent} and {d} are multiplied, {g} × {q} = {flow}, not added.",
        "At every edge the gradient and the local partial are multiplied, not added.",
    ),
    "product": Kind(
        "the product of the derivatives",
        "The derivative of {parent} is not that of {child} times that of {sibling}:"
        " the product rule has two terms.",
    ),
    "quotient": Kind(
        "the quotient of the derivatives",
        "The derivative of {parent} is not that of {child} divided by that of {sibling}:"
        " see the quotient rule.",
    ),
    "turned": Kind(
        "the quotient rule turned round",
        "{parent} is {child} divided by {sibling}:"
        " the term of {child} is added, that of {sibling} subtracted.",
    ),
    "unsquared": Kind(
        "the denominator is not squared",
        "The quotient rule divides both of its terms by {sibling}², not by {sibling}.",
    ),
    "inverted": Kind("the partial upside down", "{d} is {p}; {wrong} is 1 divided by it."),
    "transposed": Kind("transposed", "Rows and columns are exchanged."),
    "unsummed": Kind("not summed", "What is copied gets the sum of what flows to its copies."),
    "averaged": Kind("mean and sum", "A mean is wanted where a sum was taken, or the other way round."),
    "divided": Kind("divided by the number of terms", "A sum is wanted where a mean was taken."),
    "bessel": Kind("n and n - 1", "The number of samples, or one less."),
    "result": Kind(
        "the value in place of the gradient", "{shown} is the value of {child}, not its gradient."
    ),
    "output": Kind(
        "the value in place of the gradient", "{shown} is the value of the output {parent}, not a gradient."
    ),
    "swapped": Kind("another variable's gradient", "{shown} is the gradient of {other}, not that of {name}."),
    "seed": Kind(
        "the gradient at the output is forgotten",
        "The gradient at the output {parent} is {g}, not 1: every gradient is multiplied by it.",
    ),
    "twice": Kind(
        "counted twice", "{shown} is twice the number, as where gradients are not set to 0 in between."
    ),
    "stale": Kind("a number from before", "{shown} is this number at the point before."),
    "accumulated": Kind(
        "gradients not set to 0",
        "{shown} is the sum of this gradient, {now}, and that at the point before, {before}.",
    ),
    "operation": Kind("another operation", "{child} is {right}, not {wrong}: {why}."),
}
"""Every mistake by its name, the likelier ones first."""


TERMS = ("mul", "div")
"""Operations whose rule has a term for each argument."""


@dataclass(frozen=True)
class Slip:
    """A wrong formula, in the app's language, of a row's arguments, result ``f`` and their number ``n``."""

    kind: str
    formula: str
    why: str


PARTIALS: Mapping[str, Mapping[int, tuple[Slip, ...]]] = {
    "pow": {
        0: (
            Slip("factor", "x^(y - 1)", "the exponent comes down as a factor"),
            Slip("exponent", "y x^y", "the exponent becomes smaller by 1"),
            Slip("exponent", "y x", "the power stays, with an exponent that is smaller by 1"),
            Slip("factor", "(y - 1) x^(y - 1)", "the factor is the exponent as it was"),
            Slip("exponent", "y x^(y - 2)", "the exponent becomes smaller by 1, not by 2"),
        ),
        1: (
            Slip("factor", "f", "the factor ln of the base is missing"),
            Slip("rule", "y x^(y - 1)", "that is the power rule, and here the exponent varies"),
        ),
    },
    "square": {
        0: (
            Slip("factor", "x", "the factor 2 is missing"),
            Slip("exponent", "2 f", "the exponent becomes smaller by 1"),
            Slip("exponent", "2", "the argument stays, to the power of 1"),
        )
    },
    "div": {
        1: (
            Slip("exponent", "-x / y", "the denominator is squared"),
            Slip("factor", "-1 / y^2", "the numerator is missing"),
        )
    },
    "sqrt": {
        0: (
            Slip("factor", "1 / f", "the factor 1/2 is missing"),
            Slip("exponent", "1 / (2 x)", "the root stays in the denominator"),
            Slip("exponent", "f / 2", "the exponent becomes -1/2"),
        )
    },
    "cbrt": {0: (Slip("factor", "1 / f^2", "the factor 1/3 is missing"),)},
    "rsqrt": {0: (Slip("factor", "-f / x", "the factor 1/2 is missing"),)},
    "exp": {0: (Slip("rule", "x exp(x - 1)", "the power rule is for a base that varies"),)},
    "log": {0: (Slip("argument", "1 / f", "it is 1 divided by the argument"),)},
    "log_base": {
        0: (
            Slip("factor", "1 / x", "the factor ln of the base in the denominator is missing"),
            Slip("rule", "ln(b) / x", "ln of the base divides"),
        )
    },
    "log2": {0: (Slip("factor", "1 / x", "the factor ln(2) in the denominator is missing"),)},
    "log10": {0: (Slip("factor", "1 / x", "the factor ln(10) in the denominator is missing"),)},
    "sin": {
        0: (
            Slip("argument", "cos(f)", "it is the cosine of the argument"),
            Slip("argument", "cos(x pi / 180)", "the argument is in radians"),
        )
    },
    "cos": {
        0: (
            Slip("argument", "-sin(f)", "it is the sine of the argument, with a minus"),
            Slip("argument", "-sin(x pi / 180)", "the argument is in radians"),
        )
    },
    "tan": {
        0: (
            Slip("sign", "1 - f^2", "1 - f² belongs to tanh"),
            Slip("argument", "1 + x^2", "the result is squared, not the argument"),
        )
    },
    "asin": {0: (Slip("exponent", "1 / (1 - x^2)", "the root is missing"),)},
    "acos": {0: (Slip("exponent", "-1 / (1 - x^2)", "the root is missing"),)},
    "atan": {0: (Slip("rule", "1 / (1 - x^2)", "the square is added to 1"),)},
    "tanh": {
        0: (
            Slip("exponent", "1 - f", "the result is squared"),
            Slip("argument", "1 - x^2", "the result is squared, not the argument"),
            Slip("rule", "f (1 - f)", "that is the rule of the sigmoid"),
            Slip("rule", "1 + f^2", "the square is subtracted from 1"),
            Slip("rule", "f^2", "the square is subtracted from 1"),
            Slip("argument", "1 - tanh(f)^2", "the result is squared as it is, without another tanh"),
        )
    },
    "sigmoid": {
        0: (
            Slip(
                "factor", "1 - f", "the factor in front is missing: it is the result times 1 minus the result"
            ),
            Slip("argument", "x (1 - x)", "it is the result times 1 minus the result, not the argument's"),
            Slip("rule", "1 - f^2", "that is the rule of tanh"),
            Slip("rule", "f (1 + f)", "it is the result times 1 minus the result"),
            Slip("rule", "f^2", "it is the result times 1 minus the result"),
            Slip(
                "argument",
                "sigmoid(f) (1 - sigmoid(f))",
                "the result is taken as it is, without another sigmoid",
            ),
        )
    },
    "silu": {0: (Slip("factor", "sigmoid(x)", "the second term of the product rule is missing"),)},
    "relu": {0: (Slip("branch", "x <= 0", "the slope is 1 above 0, and 0 below"),)},
    "leaky_relu": {0: (Slip("branch", "1 - 0.99 step(x)", "the slope is 1 above 0, and 0.01 below"),)},
    "abs": {0: (Slip("factor", "f", "only the sign of the argument is left"),)},
    "max": {0: (Slip("branch", "x != f", "the gradient goes to the largest argument"),)},
    "min": {0: (Slip("branch", "x != f", "the gradient goes to the smallest argument"),)},
    "where": {
        1: (Slip("branch", "c == 0", "the gradient goes to the branch that is taken"),),
        2: (Slip("branch", "c != 0", "the gradient goes to the branch that is taken"),),
    },
    "sum": {0: (Slip("factor", "1 / n", "only a mean is divided by the number of its terms"),)},
    "mean": {0: (Slip("factor", "1", "a mean is divided by the number of its terms"),)},
    "erf": {0: (Slip("factor", "exp(-x^2)", "the factor 2/√π is missing"),)},
    "softplus": {0: (Slip("argument", "sigmoid(f)", "it is the sigmoid of the argument"),)},
    "hypot": {
        0: (Slip("factor", "x", "it is divided by the result"),),
        1: (Slip("factor", "y", "it is divided by the result"),),
    },
}
"""Wrong partials by the row's name and the argument's number."""

VALUES: Mapping[str, tuple[Slip, ...]] = {
    "add": (
        Slip("operation", "x y", "that is the product"),
        Slip("operation", "x - y", "that is the difference"),
    ),
    "sub": (
        Slip("operation", "y - x", "that is the other way round"),
        Slip("operation", "x + y", "that is the sum"),
    ),
    "mul": (
        Slip("operation", "x + y", "that is the sum"),
        Slip("operation", "-x y", "the sign is the other one"),
    ),
    "div": (
        Slip("operation", "y / x", "that is the other way round"),
        Slip("operation", "x y", "that is the product"),
    ),
    "pow": (
        Slip("operation", "x y", "that is base times exponent"),
        Slip("operation", "y^x", "base and exponent are the other way round"),
        Slip("operation", "-f", "the sign is the other one"),
    ),
    "neg": (Slip("operation", "x", "the minus is missing"),),
    "square": (
        Slip("operation", "2 x", "that is twice the argument"),
        Slip("operation", "-f", "a square is never negative"),
    ),
    "sqrt": (Slip("operation", "x / 2", "that is half of the argument"),),
    "log": (Slip("operation", "log10(x)", "that is the logarithm to base 10"),),
    "exp": (Slip("operation", "e x", "that is e times the argument"),),
    "sin": (Slip("operation", "sin(x pi / 180)", "the argument is in radians"),),
    "cos": (Slip("operation", "cos(x pi / 180)", "the argument is in radians"),),
    "tan": (Slip("operation", "tan(x pi / 180)", "the argument is in radians"),),
    "sigmoid": (Slip("operation", "1 - f", "that is the sigmoid of minus the argument"),),
    "relu": (Slip("operation", "min(x, 0)", "it is the larger of the argument and 0"),),
    "max": (Slip("operation", "min(x, y)", "that is the smallest"),),
    "min": (Slip("operation", "max(x, y)", "that is the largest"),),
}
"""Wrong values by the row's name. Variadic rows have theirs where they are given two arguments."""
