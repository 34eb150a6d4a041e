"""Both passes of a network, layer by layer, for a player: what each step computes, in symbols and numbers.

Forward goes from the inputs through the layers to the loss, backward from the loss through the layers. A step
has the number of every node and edge of its layer; a gradient is there once all that flows into it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphviz_backprop.explain.steps import Equation, Step
from graphviz_backprop.language.graph import VAR
from graphviz_backprop.language.typeset import letters
from graphviz_backprop.network.layers import LINEAR, WRITTEN, Layer, Network
from graphviz_backprop.network.names import Lone

_MOST = 4  # numbers that a step lists


def layer_steps(network: Network, upstream: str = "") -> list[Step]:
    """The steps; with ``upstream`` the network is a piece of a larger one, of which all gradients are."""
    return list(_Passes(network, upstream or network.output).steps())


class _Passes:
    """The nodes of each stage: 0 has the inputs, the last one the loss, those between are layers."""

    def __init__(self, network: Network, top: str) -> None:
        self.network = network
        self.graph = network.graph
        self.top = top
        self.stages = self._stages()
        self.last = len(network.layers) + 1
        self.known = self._known()

    def _stages(self) -> list[int]:
        """The stage that each node is computed in."""
        graph, found = self.graph, [len(self.network.layers) + 1] * len(self.graph.nodes)
        for layer in reversed(self.network.layers):
            todo = [graph.positions[neuron.a] for neuron in layer.neurons]
            # Each layer takes what the ones behind it have claimed so far, down to the inputs.
            while todo:
                at = todo.pop()
                if found[at] > layer.number - 1:
                    found[at] = layer.number - 1
                    todo += graph.nodes[at].args
        for name in self.network.inputs:
            for leaf in self.network.leaves[name]:
                found[graph.positions[leaf]] = 0
        return found

    def _before(self, layer: Layer) -> list[int]:
        """What comes into a layer: the inputs, or the activations of the one before."""
        if layer.number == 2:
            return [
                self.graph.positions[leaf]
                for name in self.network.inputs
                for leaf in self.network.leaves[name]
            ]
        return [self.graph.positions[neuron.a] for neuron in self.network.layer(layer.number - 1).neurons]

    def _known(self) -> list[int]:
        """The stage with which each node's gradient is whole, backward: the first of those that use it."""
        found = [self.last] * len(self.graph.nodes)
        for edge in self.graph.edges():
            found[edge.child] = min(found[edge.child], self.stages[edge.parent])
        return found

    def steps(self) -> Iterator[Step]:
        has_loss = self.last in self.stages
        for stage in range(self.last + has_loss):
            yield self._forward(stage)
        if not self.graph.active[-1]:
            return
        backward = [stage for stage in range(self.last, 0, -1) if stage < self.last or has_loss]
        for stage in backward:
            yield self._backward(stage, start=stage == backward[0], end=stage == backward[-1])

    # Forward

    def _forward(self, stage: int) -> Step:
        nodes = [at for at, own in enumerate(self.stages) if own == stage]
        shows = [f"{self.graph.nodes[at].id}.value" for at in nodes]
        shows += [
            f"{self.graph.nodes[at].id}.{arg}.value"
            for at in nodes
            for arg in range(len(self.graph.nodes[at].args))
        ]
        rule, equations, current, uses = self._told_forward(stage)
        return Step("forward", current[0], rule, equations, shows[-1], tuple(shows), uses, None, current[1:])

    def _told_forward(self, stage: int) -> tuple[str, tuple[Equation, ...], tuple[str, ...], tuple[str, ...]]:
        network = self.network
        if stage == 0:
            leaves = tuple(network.leaves[name][0] for name in network.inputs)
            values = zip(network.inputs, (f"{leaf}.value" for leaf in leaves), strict=True)
            return (
                "the inputs",
                (_listed([(letters(name).tex, name, field) for name, field in values]),),
                leaves,
                (),
            )
        if stage == self.last:
            targets = tuple(target.node for target in network.wanted)
            name = letters(network.output)
            equation = Equation(
                f"{network.output} = ⟨{network.output}.value⟩", f"{name.tex} = ⟨{network.output}.value⟩"
            )
            outputs = tuple(neuron.a for neuron in network.layers[-1].neurons)
            return "the loss", (equation,), (network.output, *targets), outputs
        layer = network.layers[stage - 1]
        current = tuple(neuron.a for neuron in layer.neurons)
        sums = [
            (self._tex("z", layer, j), neuron.sum_name, f"{neuron.z}.value")
            for j, neuron in enumerate(layer.neurons, 1)
        ]
        ends = [
            (self._tex("a", layer, j), neuron.name, f"{neuron.a}.value")
            for j, neuron in enumerate(layer.neurons, 1)
        ]
        equations = [self._sum(layer), _listed(sums)]
        if layer.activation != LINEAR:
            equations += [self._applied(layer), _listed(ends)]
        return f"{self._called(layer)}: {layer.title}", tuple(equations), current, self._sources(layer)

    # Backward

    def _backward(self, stage: int, start: bool, end: bool) -> Step:
        graph = self.graph
        shows: list[str] = [f"{graph.output.id}.gradient"] if start else []
        for edge in graph.edges():
            if self.stages[edge.parent] == stage and graph.active[edge.child]:
                key = f"{graph.nodes[edge.parent].id}.{edge.arg}"
                shows += [f"{key}.partial", f"{key}.flow"]
                if edge.arg == max(
                    at for at, arg in enumerate(graph.nodes[edge.parent].args) if arg == edge.child
                ):
                    shows += (
                        [f"{key}.together"] if graph.nodes[edge.parent].args.count(edge.child) > 1 else []
                    )
        whole = [at for at, known in enumerate(self.known) if known == stage and graph.active[at]]
        shows += [f"{graph.nodes[at].id}.gradient" for at in whole if at != len(graph.nodes) - 1]
        shows += [f"{name}.total" for name in self._totals(stage)]
        if end:
            shows += ["gradient.length", *(f"{name}.direction" for name in graph.variables)]
        rule, equations, current, through = self._told_backward(stage)
        uses = tuple(id_ for id_ in self._behind(stage) if id_ not in current)
        return Step(
            "backward", current[0], rule, equations, shows[-1], tuple(shows), uses, None, current[1:], through
        )

    def _totals(self, stage: int) -> Iterator[str]:
        """The variables all of whose leaves have their gradients from this stage on, and not before."""
        stages: dict[str, int] = {}
        for at, node in enumerate(self.graph.nodes):
            if node.op == VAR:
                stages[node.name] = min(stages.get(node.name, self.last), self.known[at])
        return (name for name, known in stages.items() if known == stage)

    def _told_backward(
        self, stage: int
    ) -> tuple[str, tuple[Equation, ...], tuple[str, ...], tuple[str, ...]]:
        network = self.network
        if stage == self.last:
            last = network.layers[-1]
            start = Equation(
                f"∂{self.top}/∂{network.output} = ⟨{network.output}.gradient⟩",
                f"{self._d(letters(network.output).tex)} = ⟨{network.output}.gradient⟩",
            )
            ends = [
                (self._d(self._tex("a", last, j)), f"∂{self.top}/∂{neuron.name}", f"{neuron.a}.gradient")
                for j, neuron in enumerate(last.neurons, 1)
            ]
            # What is computed from z leaves a without a gradient of its own.
            told = (start,) if network.from_sums else (start, _listed(ends))
            current = (network.output, *(neuron.a for neuron in last.neurons))
            edges = tuple(f"~loss.{arg}" for arg in range(len(last.neurons) + len(network.wanted)))
            return "from the loss", told, current, edges
        layer = network.layers[stage - 1]
        deltas = [
            (self._d(self._tex("z", layer, j)), f"∂{self.top}/∂{neuron.sum_name}", f"{neuron.z}.gradient")
            for j, neuron in enumerate(layer.neurons, 1)
        ]
        edges = tuple(weight.edge for neuron in layer.neurons for weight in neuron.weights)
        current = tuple(neuron.a for neuron in layer.neurons)
        equations = (self._delta(layer), _listed(deltas), *self._parameters(layer))
        return f"back through {self._called(layer)}", equations, current, edges

    def _behind(self, stage: int) -> tuple[str, ...]:
        return () if stage == self.last else self._sources(self.network.layers[stage - 1])

    # Symbols

    def _sources(self, layer: Layer) -> tuple[str, ...]:
        return tuple(self.graph.nodes[at].id for at in self._before(layer))

    def _called(self, layer: Layer) -> str:
        return "the neuron" if isinstance(self.network.convention, Lone) else f"layer {layer.number}"

    def _tex(self, letter: str, layer: Layer, j: int) -> str:
        neuron = layer.neurons[j - 1]
        return letters(neuron.name if letter == "a" else neuron.sum_name).tex

    def _d(self, bottom: str) -> str:
        return rf"\frac{{\partial {letters(self.top).tex}}}{{\partial {bottom}}}"

    def _vector(self, letter: str, number: int) -> tuple[str, str]:
        """A layer's vector or matrix, in text and in LaTeX."""
        if isinstance(self.network.convention, Lone):
            return (letter, letter) if number > 1 else ("x", "x")
        if number == 1:
            return "x", "x"
        return f"{letter}({number})", rf"{letter}^{{({number})}}"

    def _sum(self, layer: Layer) -> Equation:
        (z, tex_z), (a, tex_a) = self._vector("z", layer.number), self._vector("a", layer.number - 1)
        w, tex_w = self._vector("w" if isinstance(self.network.convention, Lone) else "W", layer.number)
        b, tex_b = self._vector("b", layer.number)
        biased = [neuron.bias is not None for neuron in layer.neurons]
        plus, tex_plus = (f" + {b}", f" + {tex_b}") if any(biased) else ("", "")
        if any(biased) and not all(biased):
            plus, tex_plus = f"{plus}, where there is one", rf"{tex_plus} \text{{, where there is one}}"
        times = r" \cdot " if isinstance(self.network.convention, Lone) else r" \, "
        return Equation(f"{z} = {w} {a}{plus}", rf"{tex_z} = {tex_w}{times}{tex_a}{tex_plus}")

    def _applied(self, layer: Layer) -> Equation:
        (a, tex_a), (z, tex_z) = self._vector("a", layer.number), self._vector("z", layer.number)
        name = "g" if layer.activation == WRITTEN else layer.activation
        tex_name = "g" if name == "g" else r"\operatorname{" + name.replace("_", r"\_") + "}"
        return Equation(f"{a} = {name}({z})", rf"{tex_a} = {tex_name}\left({tex_z}\right)")

    def _delta(self, layer: Layer) -> Equation:
        """δ, and how it comes from what flows into a, where that alone is its way."""
        (z, tex_z), (a, tex_a) = self._vector("z", layer.number), self._vector("a", layer.number)
        delta, tex_delta = self._vector("δ", layer.number)
        text, tex = (
            f"{delta} = ∂{self.top}/∂{z}",
            rf"{tex_delta.replace('δ', chr(92) + 'delta ')} = {self._d(tex_z)}",
        )
        last = layer is self.network.layers[-1]
        through_a = layer.activation != LINEAR and all(neuron.paths for neuron in layer.neurons)
        if through_a and not (last and (self.network.from_sums or self.network.beside_activations)):
            times, tex_times = ("·", r" \cdot ") if len(layer.neurons) == 1 else ("⊙", r" \odot ")
            text += f" = ∂{self.top}/∂{a} {times} g′({z})"
            tex += rf" = {self._d(tex_a)}{tex_times}g'\left({tex_z}\right)"
        return Equation(text, tex)

    def _parameters(self, layer: Layer) -> Iterator[Equation]:
        """What the layer's weights and biases get, and what goes on to the layer before."""
        alone = isinstance(self.network.convention, Lone)
        delta, tex_delta = self._vector("δ", layer.number)
        tex_delta = tex_delta.replace("δ", r"\delta ")
        w, tex_w = self._vector("w" if alone else "W", layer.number)
        a, tex_a = self._vector("a", layer.number - 1)
        turned = (a, tex_a) if alone else (f"{a}ᵀ", rf"\left({tex_a}\right)^{{T}}")
        yield Equation(
            f"∂{self.top}/∂{w} = {delta} {turned[0]}", rf"{self._d(tex_w)} = {tex_delta} \, {turned[1]}"
        )
        if any(neuron.bias for neuron in layer.neurons):
            b, tex_b = self._vector("b", layer.number)
            yield Equation(f"∂{self.top}/∂{b} = {delta}", rf"{self._d(tex_b)} = {tex_delta}")
        back = (w, tex_w) if alone else (f"{w}ᵀ", rf"\left({tex_w}\right)^{{T}}")
        if self._only_way(layer):
            yield Equation(
                f"∂{self.top}/∂{a} = {back[0]} {delta}", rf"{self._d(tex_a)} = {back[1]} \, {tex_delta}"
            )

    def _only_way(self, layer: Layer) -> bool:
        """Whether all that goes into a layer is used by nothing else."""
        before = set(self._before(layer))
        users = (edge.parent for edge in self.graph.edges() if edge.child in before)
        return all(self.stages[user] == layer.number - 1 for user in users)


def _listed(named: Sequence[tuple[str, str, str]]) -> Equation:
    """Numbers by their names, the first of them where there are many: ``a = 1, b = 2``."""
    shown = list(named)[:_MOST]
    more = ", …" if len(named) > _MOST else ""
    text = ", ".join(f"{name} = ⟨{field}⟩" for _, name, field in shown) + more
    tex = r",\; ".join(f"{symbol} = ⟨{field}⟩" for symbol, _, field in shown)
    return Equation(text, tex + (r",\; \ldots" if more else ""))
