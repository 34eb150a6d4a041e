"""The derivation of a network's gradients, as far as it is unfolded on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.printers import mathml_with_fields, tex_name
from graphviz_backprop.network import names
from graphviz_backprop.network.derivation import Block, Naming, Term, blocks
from graphviz_backprop.network.layers import Network


@dataclass(frozen=True)
class Derived:
    """The gradient of a weight, a bias or a neuron (the ``wanted`` one where the network has it)."""

    network: Network
    wanted: str
    unfold: str
    index: str

    @property
    def name(self) -> str:
        """What is derived: without a choice, the last layer's first weight."""
        known = self.wanted in self.network.parameters or self.wanted in self.network.neurons
        return self.wanted if known else self.network.layers[-1].neurons[0].weights[0].name

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.index[:2], "L" if self.index.endswith("L") else "number")

    @cached_property
    def _blocks(self) -> dict[str, Block]:
        """What is derived, and all that it can be unfolded into."""
        return {found.name: found for found in blocks(self.network, self.name, self.naming)}

    @property
    def unfolded(self) -> Sequence[str]:
        """The blocks that are unfolded, below the first one."""
        inner = [name for name in self._blocks if name != self.name]
        asked = self.unfold.split(",")
        return inner if self.unfold == "all" else [name for name in inner if name in asked]

    @property
    def unfoldable(self) -> bool:
        """Whether there is more to unfold."""
        return len(self.unfolded) < len(self._blocks) - 1

    def block(self, name: str) -> Block:
        return self._blocks[name]

    @property
    def node(self) -> str:
        """The node of the graph where it enters."""
        if self.name in self.network.parameters:
            return self.network.parameters[self.name][1].leaf
        return self.network.neurons[self.name].a

    @property
    def average(self) -> Markup:
        """What stands for the gradient over n samples: the average of theirs."""
        loss = tex_name(names.average(self.network.output))
        by = tex_name(self.name)
        one = rf"\left({loss}\right)" if "_" in loss else loss
        each = rf"\frac{{\partial {one}_{{i}}}}{{\partial {by}}}"
        mean = rf"\frac{{\partial {loss}}}{{\partial {by}}} = \frac{{1}}{{n}} \sum_{{i=1}}^{{n}} {each}"
        return Markup(mathml_with_fields(mean))

    def lights(self, term: Term) -> str:
        """What lights up with a term: its nodes, and the edge of the weight that it goes through."""
        if term.weight not in self.network.parameters:
            return " ".join(term.nodes)
        return " ".join([*term.nodes, self.network.parameters[term.weight][1].edge])
