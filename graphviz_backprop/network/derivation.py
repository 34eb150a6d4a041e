"""The derivation of a network's gradients as textbooks have it: symbols, formulas, numbers.

∂C/∂w of a weight is a product of three factors; the first of them, ∂C/∂a, is a sum over the next layer, which
is a block of its own, and so on up to the loss: each neuron is one block, however many paths lead through it.
Numbers are fields in ⟨angle brackets⟩, as in :mod:`graphviz_backprop.explain.steps`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.printers import ATOM, TEX, Piece, in_one, mathml_with_fields, tex_name
from graphviz_backprop.language.wrapped import wrapped
from graphviz_backprop.network.layers import LINEAR, SOFTMAX, WRITTEN, Layer, Network, Neuron, Parameter
from graphviz_backprop.network.names import LAYERED, Part

ORDERS = ("jk", "kj")
"""How a weight's indices stand: the neuron that it goes to first, or the one that it comes from."""

LAYERS = ("number", "L")
"""How layers are called: by their numbers, or from the last one, L, backwards."""

_TIMES = r" \cdot "
_BY = r" \times "
_RAISED = ATOM - 1  # what has a layer as its exponent needs parentheses to take another
_TERMS = 6  # of a sum that is written out in a line


@dataclass(frozen=True)
class Naming:
    """How indices are written: one of :data:`ORDERS` and one of :data:`LAYERS`."""

    order: str = "jk"
    layers: str = "number"

    def __post_init__(self) -> None:
        if self.order not in ORDERS or self.layers not in LAYERS:
            raise ValueError(f"a naming is one of {', '.join(ORDERS)} and one of {', '.join(LAYERS)}")


@dataclass(frozen=True)
class Line:
    """One line: ``kind`` is "sum" (with Σ), "symbols", "formula" (with g′), "explicit" (with what g′ is) or
    "numbers"."""

    kind: str
    tex: str

    @property
    def mathml(self) -> str:
        """The line as MathML, with an element for each field."""
        return wrapped(mathml_with_fields(self.tex))


@dataclass(frozen=True)
class Factor:
    """One factor of a product, in each way of writing it. ``unfolds`` names the block that says more."""

    symbols: str
    formula: str
    explicit: str
    numbers: str
    unfolds: str = ""


@dataclass(frozen=True)
class Term:
    """A product: its factors, the ids of the nodes that they are about, and the weight it goes through."""

    factors: tuple[Factor, ...]
    nodes: tuple[str, ...]
    weight: str = ""

    @property
    def unfolds(self) -> str:
        """The name of the block that its first factor unfolds into, if it has one."""
        return next((factor.unfolds for factor in self.factors if factor.unfolds), "")

    def tex(self, kind: str) -> str:
        """The product as a line of this kind has it."""
        sign = _BY if kind == "numbers" else _TIMES
        texts: list[str] = [getattr(factor, kind) for factor in self.factors]
        return sign.join(text for text in texts if text != "1") or "1"

    def mathml(self, kind: str) -> str:
        """The same as MathML."""
        return wrapped(mathml_with_fields(self.tex(kind)))


@dataclass(frozen=True)
class Block:
    """The derivation of one gradient: by a weight or bias (``w2_13``), a neuron's a (``a2_1``) or its z.

    ``result`` is the field of the number that comes out, the sum of the ``terms``.
    """

    name: str
    lines: tuple[Line, ...]
    terms: tuple[Term, ...]
    result: str

    @property
    def unfolds(self) -> tuple[str, ...]:
        """The names of the blocks that say more about its factors."""
        return tuple(dict.fromkeys(term.unfolds for term in self.terms if term.unfolds))


def block(network: Network, name: str, naming: Naming | None = None) -> Block:
    """The derivation of the gradient of a weight, a bias, a neuron's a or z, or an input.

    Raises ValueError for a name that the network does not have.
    """
    return _Writer(network, naming or Naming()).block(name)


def blocks(network: Network, name: str, naming: Naming | None = None) -> list[Block]:
    """The derivation and all that it unfolds into, up to the loss; each block once."""
    writer = _Writer(network, naming or Naming())
    found = [writer.block(name)]
    seen = {name}
    for one in found:
        for more in one.unfolds:
            if more not in seen:
                seen.add(more)
                found.append(writer.block(more))
    return found


class _Writer:
    """Writes the blocks of one network in one naming."""

    def __init__(self, network: Network, naming: Naming) -> None:
        self.network = network
        self.naming = naming
        ends = [neuron for neuron in network.layers[-1].neurons if neuron.a == network.output]
        self.top = self._a(ends[0].layer, ends[0].at) if ends else tex_name(network.output)

    def block(self, name: str) -> Block:
        if name in self.network.parameters:
            return self._parameter(*self.network.parameters[name])
        if name in self.network.neurons:
            neuron = self.network.neurons[name]
            return self._last(neuron) if neuron.layer == len(self.network.sizes) else self._inner(neuron)
        if name in self.network.inputs:
            return self._spread(name, 1, self.network.inputs.index(name) + 1, f"{name}.total")
        neurons = self.network.neurons.values()
        found = next((neuron for neuron in neurons if neuron.sum_name == name), None)
        if found is None:
            raise ValueError(f"the network has no weight, bias or neuron {name}")
        return self._sum(found)

    # Blocks

    def _parameter(self, neuron: Neuron, parameter: Parameter) -> Block:
        """∂C/∂w = ∂C/∂a · ∂a/∂z · ∂z/∂w."""
        if parameter is neuron.bias:
            symbol = self._symbol(Part("b", neuron.layer, neuron.at))
            last = Factor(self._d(self._z(neuron), symbol), "1", "1", "1")
            nodes: tuple[str, ...] = ()
        else:
            k = neuron.weights.index(parameter) + 1
            symbol, a = self._w(neuron.layer, neuron.at, k), self._a(neuron.layer - 1, k)
            source = self._source(neuron.layer - 1, k)
            last = Factor(self._d(self._z(neuron), symbol), a, a, f"⟨({source}.value)⟩")
            nodes = (source,)
        term = Term((*self._to_sum(neuron), last), (neuron.a, neuron.z, parameter.leaf, *nodes))
        name, total = parameter.name, f"{parameter.name}.total"
        return self._written(name, self._d(self.top, symbol), (term,), total)

    def _inner(self, neuron: Neuron) -> Block:
        return self._spread(neuron.name, neuron.layer, neuron.at, f"{neuron.a}.gradient")

    def _spread(self, name: str, layer: int, k: int, result: str) -> Block:
        """∂C/∂a of what the next layer's neurons all take: a term for each of them."""
        a = self._a(layer, k)
        terms = []
        for neuron in self.network.layer(layer + 1).neurons:
            weight = neuron.weights[k - 1]
            w = self._w(neuron.layer, neuron.at, k)
            last = Factor(self._d(self._z(neuron), a), w, w, f"⟨({weight.leaf}.value)⟩")
            nodes = (neuron.a, neuron.z, weight.leaf)
            terms.append(Term((*self._to_sum(neuron), last), nodes, weight.name))
        return self._written(name, self._d(self.top, a), terms, result, self._each(layer + 1, a, terms))

    def _each(self, layer: int, a: str, terms: Sequence[Term]) -> str:
        """The sum over a layer with Σ: what neuron j adds; empty where they add in several ways."""
        ways = {len(term.factors) for term in terms}
        if len(terms) < 2 or len(ways) > 1 or self.network.convention is not LAYERED:
            return ""
        level = self._level(layer)
        a_j, z_j = (rf"{letter}_{{j}}^{{({level})}}" for letter in "az")
        chain = [self.top, a_j, z_j, a] if ways == {3} else [self.top, z_j, a]
        factors = r" \cdot ".join(self._d(top, bottom) for top, bottom in pairwise(chain))
        return rf"\sum_{{j=1}}^{{{len(terms)}}} {factors}"

    def _last(self, neuron: Neuron) -> Block:
        """∂C/∂a at the output: as the loss has it."""
        factor = self._by_output(neuron)
        nodes = (self.network.output, neuron.a)
        term = Term((Factor(factor.symbols, factor.formula, factor.explicit, factor.numbers),), nodes)
        left = self._d(self.top, self._a(neuron.layer, neuron.at))
        return self._written(neuron.name, left, (term,), f"{neuron.a}.gradient")

    def _sum(self, neuron: Neuron) -> Block:
        """∂C/∂z: of a softmax through all activations, else in one term."""
        name, left = neuron.sum_name, self._d(self.top, self._z(neuron))
        layer = self.network.layer(neuron.layer)
        if layer.activation == SOFTMAX and not self._at_once(neuron):
            terms = [self._shared(neuron, other) for other in layer.neurons]
        else:
            factors = tuple(
                Factor(one.symbols, one.formula, one.explicit, one.numbers, _other(one.unfolds, name))
                for one in self._to_sum(neuron)
            )
            terms = [Term(factors, (neuron.a, neuron.z))]
        return self._written(name, left, terms, f"{neuron.z}.gradient")

    def _shared(self, neuron: Neuron, other: Neuron) -> Term:
        """How one softmax output depends on a z: ∂aᵢ/∂zⱼ = aᵢ ([i = j] − aⱼ)."""
        a_i, a_j = self._a(other.layer, other.at), self._a(neuron.layer, neuron.at)
        same = "1" if other is neuron else "0"
        formula = rf"{a_i} \left({same} - {a_j}\right)"
        numbers = rf"⟨({other.a}.value)⟩{_BY}\left({same} - ⟨({neuron.a}.value)⟩\right)"
        slope = Factor(self._d(a_i, self._z(neuron)), formula, formula, numbers)
        return Term((self._by_activation(other), slope), (other.a, neuron.z))

    def _written(self, name: str, left: str, terms: Sequence[Term], result: str, each: str = "") -> Block:
        lines = [Line("sum", f"{left} = {each}")] if each else []
        if len(terms) > _TERMS:
            start = "" if lines else left
            many = rf"{start} = \sum \text{{of {len(terms):,} terms}} = ⟨{result}⟩"
            return Block(name, (*lines, Line("numbers", many)), tuple(terms), result)
        seen: set[str] = set()
        for kind in ("symbols", "formula", "explicit", "numbers"):
            text = " + ".join(term.tex(kind) for term in terms)
            if text in seen:
                continue
            seen.add(text)
            end = f" = ⟨{result}⟩" if kind == "numbers" else ""
            start = left if not lines else ""
            lines.append(Line(kind, f"{start} = {text}{end}"))
        return Block(name, tuple(lines), tuple(terms), result)

    # Factors

    def _to_sum(self, neuron: Neuron) -> tuple[Factor, ...]:
        """∂C/∂z as factors: ∂C/∂a · ∂a/∂z, or one where that does not say all, or not in a line."""
        layer = self.network.layer(neuron.layer)
        if self._at_once(neuron):
            return (self._difference(neuron),)
        if layer.activation == SOFTMAX:
            return (self._by_sum(neuron, neuron.sum_name),)
        if not neuron.paths:
            return (self._by_sum(neuron),)
        return self._by_activation(neuron), self._slope(neuron, layer)

    def _by_sum(self, neuron: Neuron, unfolds: str = "") -> Factor:
        """∂C/∂z by the graph's own number."""
        symbol = self._d(self.top, self._z(neuron))
        return Factor(symbol, symbol, symbol, f"⟨({neuron.z}.gradient)⟩", unfolds)

    def _at_once(self, neuron: Neuron) -> bool:
        """Whether ∂C/∂z is known without ∂C/∂a: of cross-entropies, and of losses that take z itself."""
        last = neuron.layer == len(self.network.sizes)
        return last and (self.network.beside_activations or self.network.loss.endswith("cross_entropy"))

    def _by_activation(self, neuron: Neuron) -> Factor:
        """∂C/∂a: by the loss at the output; further back it unfolds."""
        if neuron.layer == len(self.network.sizes):
            return self._by_output(neuron)
        symbol = self._d(self.top, self._a(neuron.layer, neuron.at))
        return Factor(symbol, symbol, symbol, f"⟨({neuron.a}.gradient)⟩", neuron.name)

    def _by_output(self, neuron: Neuron) -> Factor:
        a = self._a(neuron.layer, neuron.at)
        symbol = self._d(self.top, a)
        if self.network.output == neuron.a:
            return Factor(symbol, "1", "1", f"⟨({neuron.a}.gradient)⟩")
        if self.network.loss != "squared":
            return Factor(symbol, symbol, symbol, f"⟨({neuron.a}.gradient)⟩")
        y, leaf = self._target(neuron)
        times = _coefficient(2 * self.network.factor)
        formula = rf"{times}\left({a} - {y}\right)"
        numbers = rf"\left(⟨{neuron.a}.value⟩ - ⟨({leaf}.value)⟩\right)"
        return Factor(symbol, formula, formula, f"{times}{_BY}{numbers}" if times else numbers)

    def _difference(self, neuron: Neuron) -> Factor:
        """∂C/∂z of a cross-entropy: a − y."""
        loss = self.network.loss
        if not loss.endswith("cross_entropy"):
            return self._by_sum(neuron)
        symbol = self._d(self.top, self._z(neuron))
        a, (y, leaf) = self._a(neuron.layer, neuron.at), self._target(neuron)
        times, number = _coefficient(self.network.factor), f"⟨{neuron.a}.value⟩"
        if loss.startswith("categorical") and not self.network.labels:  # of classes, one is 1
            names = [self._target(other) for other in self.network.layer(neuron.layer).neurons]
            a = rf"{a} \left({' + '.join(name for name, _ in names)}\right)"
            whole = " + ".join(f"⟨({other}.value)⟩" for _, other in names)
            number = rf"{number}{_BY}\left({whole}\right)"
        formula = rf"{times}\left({a} - {y}\right)"
        numbers = rf"\left({number} - ⟨({leaf}.value)⟩\right)"
        return Factor(symbol, formula, formula, f"{times}{_BY}{numbers}" if times else numbers)

    def _slope(self, neuron: Neuron, layer: Layer) -> Factor:
        """∂a/∂z, which is g′(z)."""
        a, z = self._a(neuron.layer, neuron.at), self._z(neuron)
        symbol = self._d(a, z)
        if layer.activation == LINEAR:
            return Factor(symbol, "1", "1", "1")
        formula = rf"g'\left({z}\right)"
        explicit = formula if layer.activation == WRITTEN else _slope_tex(layer.activation, z, a)
        return Factor(symbol, formula, explicit, _along(neuron.paths))

    # Names

    def _d(self, top: str, bottom: str) -> str:
        return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"

    def _level(self, layer: int) -> str:
        if self.naming.layers == "number":
            return str(layer)
        back = len(self.network.sizes) - layer
        return f"L-{back}" if back else "L"

    def _symbol(self, part: Part) -> str:
        wide = self.network.wide(part.layer)
        return self.network.convention.tex(part, self._level(part.layer), self.naming.order, wide)

    def _w(self, layer: int, j: int, k: int) -> str:
        return self._symbol(Part("w", layer, j, k))

    def _a(self, layer: int, at: int) -> str:
        if layer == 1:
            return tex_name(self.network.inputs[at - 1])
        return self._symbol(Part("a", layer, at))

    def _z(self, neuron: Neuron) -> str:
        return self._symbol(Part("z", neuron.layer, neuron.at))

    def _target(self, neuron: Neuron) -> tuple[str, str]:
        """A neuron's target, in LaTeX and as its node."""
        target = self.network.wanted_in_order[neuron.at - 1]
        return target.tex, target.node

    def _source(self, layer: int, k: int) -> str:
        """The id of a node that has the value of what comes out of a layer."""
        if layer == 1:
            return self.network.leaves[self.network.inputs[k - 1]][0]
        return self.network.layer(layer).neurons[k - 1].a


@lru_cache(maxsize=256)
def _slope_tex(activation: str, z: str, a: str) -> str:
    """An activation's derivative as its row has it."""
    op = OPS[activation]
    names = {**op.bind([z]), "f": a}
    text, binding, _ = in_one(parse_row(op.partial(0), "tree"), TEX, lambda name: Piece(names[name], _RAISED))
    loose = binding < 2 or text.startswith("-")
    return rf"\left({text}\right)" if loose else text


def _along(paths: Sequence[Sequence[str]]) -> str:
    """∂a/∂z in numbers: the product of the partials along each path from z to a, and their sum."""
    products = [_BY.join(f"⟨({edge}.partial)⟩" for edge in reversed(path)) for path in paths]
    return products[0] if len(products) == 1 else rf"\left({' + '.join(products)}\right)"


def _coefficient(number: Fraction) -> str:
    """A factor as it is, never rounded: 0.5, 2/3."""
    if number == 1:
        return ""
    text = repr(float(number)).removesuffix(".0")
    if "e" not in text and Fraction(text) == number:
        return text
    return rf"\frac{{{number.numerator}}}{{{number.denominator}}}"


def _other(name: str, own: str) -> str:
    return "" if name == own else name
