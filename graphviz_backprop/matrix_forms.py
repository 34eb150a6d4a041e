"""The matrices of a network, layer by layer, as they are shown: symbol, formula, a field for each number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphviz_backprop.architecture import SOFTMAX
from graphviz_backprop.layers import LINEAR, Layer, Network
from graphviz_backprop.printers import mathml_with_fields, tex_name


@dataclass(frozen=True)
class MatrixForm:
    """One matrix or column.

    ``phase`` is "forward" or "backward", ``formula`` says how it comes about (nothing for what is given),
    ``fields`` has the name of each number, row by row; None stands for one that is not there.
    """

    phase: str
    symbol: str
    formula: str
    fields: tuple[tuple[str | None, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.fields), len(self.fields[0])

    @property
    def mathml(self) -> str:
        """The symbol, and the formula if there is one, as MathML."""
        return mathml_with_fields(f"{self.symbol} = {self.formula}" if self.formula else self.symbol)


@dataclass(frozen=True)
class LayerForms:
    """The matrices of layer ``number``, forward ones first."""

    number: int
    forms: tuple[MatrixForm, ...]


def matrix_forms(network: Network) -> list[LayerForms]:
    """W, b, z and a of each layer, δ = ∂C/∂z, ∂C/∂W, ∂C/∂b and ∂C/∂a; the first layer is the input."""
    inputs = tuple((f"{network.leaves[name][0]}.value",) for name in network.inputs)
    slopes = tuple((f"{name}.total",) for name in network.inputs)
    top = tex_name(network.output)
    first = (
        MatrixForm("forward", r"a^{(1)}", "x", inputs),
        MatrixForm("backward", _d(top, "a", 1), _pulled(2), slopes),
    )
    found = [LayerForms(1, first)]
    for layer in network.layers:
        forms = (*_forward(layer), *_backward(network, layer, top))
        found.append(LayerForms(layer.number, forms))
    return found


def _forward(layer: Layer) -> Iterator[MatrixForm]:
    n = layer.number
    rows = layer.neurons
    biased = any(neuron.bias for neuron in rows)
    weights = tuple(tuple(f"{weight.leaf}.value" for weight in neuron.weights) for neuron in rows)
    yield MatrixForm("forward", f"W^{{({n})}}", "", weights)
    if biased:
        biases = _column(f"{neuron.bias.leaf}.value" if neuron.bias else None for neuron in rows)
        yield MatrixForm("forward", f"b^{{({n})}}", "", biases)
    plus = f" + b^{{({n})}}" if biased else ""
    weighted = f"W^{{({n})}} a^{{({n - 1})}}{plus}"
    yield MatrixForm("forward", f"z^{{({n})}}", weighted, _column(f"{neuron.z}.value" for neuron in rows))
    g = r"\mathrm{softmax}" if layer.activation == SOFTMAX else "g"
    made = f"z^{{({n})}}" if layer.activation == LINEAR else rf"{g}\left(z^{{({n})}}\right)"
    yield MatrixForm("forward", f"a^{{({n})}}", made, _column(f"{neuron.a}.value" for neuron in rows))


def _backward(network: Network, layer: Layer, top: str) -> Iterator[MatrixForm]:
    n, rows = layer.number, layer.neurons
    last = layer is network.layers[-1]
    if not (last and network.from_sums):
        yield MatrixForm(
            "backward",
            _d(top, "a", n),
            "" if last else _pulled(n + 1),
            _column(f"{neuron.a}.gradient" for neuron in rows),
        )
    yield MatrixForm(
        "backward",
        rf"\delta^{{({n})}}",
        _delta(layer, top, last and network.from_sums),
        _column(f"{neuron.z}.gradient" for neuron in rows),
    )
    slopes = tuple(tuple(f"{weight.name}.total" for weight in neuron.weights) for neuron in rows)
    outer = rf"\delta^{{({n})}} \left(a^{{({n - 1})}}\right)^T"
    yield MatrixForm("backward", _d(top, "W", n), outer, slopes)
    if any(neuron.bias for neuron in rows):
        biases = _column(f"{neuron.bias.name}.total" if neuron.bias else None for neuron in rows)
        yield MatrixForm("backward", _d(top, "b", n), rf"\delta^{{({n})}}", biases)


def _delta(layer: Layer, top: str, from_sums: bool) -> str:
    """∂C/∂z by ∂C/∂a."""
    n = layer.number
    if from_sums:
        return _d(top, "z", n)
    if layer.activation == LINEAR:
        return _d(top, "a", n)
    if layer.activation == SOFTMAX:
        a = f"a^{{({n})}}"
        slope = rf"\mathrm{{diag}}\left({a}\right) - {a} \left({a}\right)^T"
        return rf"\left({slope}\right) {_d(top, 'a', n)}"
    return rf"{_d(top, 'a', n)} \odot g'\left(z^{{({n})}}\right)"


def _pulled(n: int) -> str:
    return rf"\left(W^{{({n})}}\right)^T \delta^{{({n})}}"


def _d(top: str, letter: str, n: int) -> str:
    return rf"\frac{{\partial {top}}}{{\partial {letter}^{{({n})}}}}"


def _column(fields: Iterator[str] | Iterator[str | None]) -> tuple[tuple[str | None, ...], ...]:
    return tuple((name,) for name in fields)
