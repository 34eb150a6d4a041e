"""The network that a program is: its layers drawn, in matrices, and derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphviz_backprop.figure.network_sketch import DRAWN, blocks, openable
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.network.builder import Architecture, architecture_of
from graphviz_backprop.network.builder import program as written
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.parts import Group, groups
from graphviz_backprop.network.recogniser import NoNetwork, network_of
from graphviz_backprop.network.tensors import Form
from graphviz_backprop.network.tensors import program as in_tensors
from graphviz_backprop.web.asked.program import Program
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.derivation import Derived
from graphviz_backprop.web.shown.matrices import MatrixForm, matrix_forms


@dataclass(frozen=True)
class Layers:
    """A network is shown where a pane asks for one."""

    state: State
    program: Program | None

    @property
    def network(self) -> Network | None:
        return self._recognised if isinstance(self._recognised, Network) else None

    @property
    def none(self) -> str:
        """Why the program is none."""
        return str(self._recognised) if isinstance(self._recognised, NoNetwork) else ""

    @property
    def _recognised(self) -> Network | NoNetwork | None:
        wanted = self.state.shows("network", "training")
        return self.program.recognised if self.program and wanted else None

    @property
    def groups(self) -> Sequence[Group]:
        """The variables of a network by what they are for, wherever it is shown; none of another program."""
        found = self.program.recognised if self.program else None
        return groups(found) if isinstance(found, Network) else ()

    @cached_property
    def architecture(self) -> Architecture | None:
        """What the builder is to be asked for to make this network; None where it can't."""
        if self.network is None and self.form is not None:
            found = network_of(self.form.numbers)
            return architecture_of(found) if found else None
        return architecture_of(self.network) if self.network else None

    @property
    def form(self) -> Form | None:
        """The network in tensors, where the program is written so."""
        return self.program.form if self.program else None

    @property
    def is_built(self) -> bool:
        """Whether the text is the builder's own: to build again loses nothing that someone wrote."""
        made, text = self.architecture, self.state.expr.strip()
        if made is None or self.form is None:
            return made is not None and text == written(made).strip()
        return text == in_tensors(made, self.form.numbers.number_start).strip()

    @property
    def matrices(self) -> list[MatrixForm]:
        """The network's layers in matrices, that of what is derived open."""
        return matrix_forms(self.network, self.derived.name) if self.network else []

    @cached_property
    def derived(self) -> Derived:
        """The derivation of a gradient of the network, which there has to be."""
        assert self.network is not None
        return Derived(self.network, self.state.weight, self.state.unfold, self.state.index)

    @property
    def blocks(self) -> tuple[int, ...]:
        """The layers that are drawn as one block each."""
        return blocks(self.network, self.state.opened_layers) if self.network else ()

    @property
    def openable(self) -> tuple[int, ...]:
        """Those of them that open."""
        return openable(self.network, self.state.opened_layers) if self.network else ()

    @property
    def most(self) -> tuple[int, int]:
        """What an opened layer has at most: neurons, and weights to the next one that is drawn."""
        return DRAWN["neurons in an opened layer"], DRAWN["weights of an opened layer"]

    @property
    def closable(self) -> tuple[int, ...]:
        """The layers that are drawn neuron by neuron because they were opened."""
        if self.network is None:
            return ()
        opened = self.state.opened_layers
        drawn = [number for number in opened if number not in self.blocks]
        return tuple(n for n in drawn if n in blocks(self.network, [other for other in opened if other != n]))
