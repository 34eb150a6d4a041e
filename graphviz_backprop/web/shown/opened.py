"""What is open on the page: its explanations, and nodes that show what they are made of."""

from __future__ import annotations

from dataclasses import dataclass

from graphviz_backprop.web.asked.kinds import CLOSED
from graphviz_backprop.web.asked.limits import LIMITS
from graphviz_backprop.web.asked.program import opened_nodes
from graphviz_backprop.web.asked.state import PANELS, State


@dataclass(frozen=True)
class Opened:
    state: State

    def panel(self, name: str) -> bool:
        """Whether a panel is open."""
        return name in self.state.panels.split(",")

    def with_panel(self, name: str) -> str:
        """The parameter ``panels`` with this one open, too."""
        return ",".join(panel for panel in PANELS if panel == name or self.panel(panel))

    @property
    def nodes(self) -> list[str]:
        """The composite nodes that are opened, in the order in which they were."""
        return opened_nodes(self.state.open)

    def until(self, node: str) -> str:
        """The parameter ``open`` with this node closed again, and all that was opened after it."""
        return ",".join(self.nodes[: self.nodes.index(node)]) or CLOSED

    @property
    def more(self) -> bool:
        """Whether one more node can be opened."""
        return len(self.nodes) < LIMITS.opened
