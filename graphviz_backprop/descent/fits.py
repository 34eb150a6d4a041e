"""Which variables are data in a program that fits a model to them, told by its structure.

``(a*x + b - y)^2`` and Rosenbrock's ``(a - x)^2 + b*(y - x^2)^2`` have the same names. The first is a fit: a
loss of what a model says less the target y, which stands nowhere else, and the model multiplies its input x
by something that is no input. In the second no input is multiplied by another variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from graphviz_backprop.explain.patterns import equal_keys
from graphviz_backprop.language.graph import CONST, VAR, Graph

T = TypeVar("T")

_INDEX = r"[0-9]*(_\w*)?"
_INPUT = re.compile(rf"([xyzXYZt]|inputs?|features?){_INDEX}")  # what is no target
_TARGETS = [
    re.compile(rf"{name}{_INDEX}") for name in ("([yY]|targets?|labels?)", "t", "z")
]  # the likeliest first

_LOSSES = frozenset(("square", "abs", "huber", "smooth_l1"))
_COPIES = frozenset(
    ("sum_over", "mean_over", "broadcast", "reshape", "transpose")
)  # of tensors: the same terms
_SUMS = frozenset(("add", "sub", "neg", "sum")) | _COPIES
_LOGARITHMS = frozenset(("log", "log_base", "log1p", "log2", "log10", "log_sigmoid"))


class _Once(Iterator[T]):
    """What is still to be seen, each once: a node that is shared has many ways to it."""

    def __init__(self, first: Iterable[T]) -> None:
        self.todo: list[T] = []
        self.seen: set[T] = set()
        self.extend(first)

    def extend(self, more: Iterable[T]) -> None:
        new = [one for one in more if one not in self.seen]
        self.seen.update(new)
        self.todo.extend(dict.fromkeys(new))

    def __next__(self) -> T:
        if not self.todo:
            raise StopIteration
        return self.todo.pop()


def fitted(graph: Graph) -> tuple[str, ...]:
    """The parameters of the model that the output fits; none where it is no such loss."""
    fit = _Fit(graph)
    return fit.parameters() if fit.read(len(graph.nodes) - 1) else ()


@dataclass
class _Fit:
    """What is found in the terms of a loss: for each term the places of its target and of its model."""

    graph: Graph
    terms: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys = equal_keys(self.graph)
        self.names = self._names()

    def _names(self) -> list[frozenset[str]]:
        """The variables in each node's expression."""
        return self.graph.fold(
            lambda node: frozenset((node.name,)),
            lambda node: frozenset[str](),
            lambda node, args: frozenset[str]().union(*args),
        )

    def read(self, at: int) -> bool:
        """Takes the loss apart into terms; whether one of them is a loss of a residual."""
        todo = _Once([at])
        for at in todo:
            node = self.graph.nodes[at]
            if node.op in _SUMS or node.op == "mean":
                todo.extend(node.args)
            elif node.op in ("mul", "div") and (scaled := self._scaled(at)) is not None:
                todo.extend([scaled])
            elif not self._term(at):
                self.rest.append(at)
        return bool(self.terms)

    def _scaled(self, at: int) -> int | None:
        """What is multiplied by a number, or divided by one."""
        node = self.graph.nodes[at]
        for arg in node.args if node.op == "mul" else node.args[1:]:
            if not self.graph.active[arg]:
                return node.args[1 - node.args.index(arg)]
        return None

    def _term(self, at: int) -> bool:
        node = self.graph.nodes[at]
        if node.op in _LOSSES or (node.op == "pow" and self._even(node.args[1])):
            return self._residual(node.args[0])
        if node.op != "mul":
            return False
        if self.keys[node.args[0]] == self.keys[node.args[1]]:
            return all(list(map(self._residual, dict.fromkeys(node.args))))
        return any(self._entropy(*pair) for pair in (node.args, node.args[::-1]))

    def _even(self, at: int) -> bool:
        node = self.graph.nodes[at]
        return node.op == CONST and node.value % 2 == 0 and node.value > 0

    def _residual(self, at: int) -> bool:
        """A target less a model, whichever way round: one of the model's terms has the other sign."""
        parts = list(self._signed(at))
        likely = [part for part in parts if self._likely(part[0]) < len(_TARGETS)]
        for target, sign in sorted(likely, key=lambda part: self._likely(part[0])):
            if any(other != sign for part, other in parts if self.names[part]):
                self.terms.append((target, tuple(part for part, _ in parts if part != target)))
                return True
        return False

    def _entropy(self, y: int, logarithm: int) -> bool:
        """y or 1 - y, with any sign, times a logarithm of what the model says."""
        while (node := self.graph.nodes[y]).op == "neg":
            y = node.args[0]
        if node.op == "sub" and self.graph.nodes[node.args[0]].value == 1:
            y = node.args[1]
        if self.graph.nodes[logarithm].op not in _LOGARITHMS or self._likely(y) == len(_TARGETS):
            return False
        self.terms.append((y, (logarithm,)))
        return True

    def _signed(self, at: int) -> Iterator[tuple[int, int]]:
        """The terms of a sum with their signs."""
        todo = _Once([(at, 1)])
        for at, sign in todo:
            node = self.graph.nodes[at]
            if node.op not in _SUMS:
                yield at, sign
                continue
            turned = {"neg": 0, "sub": 1}.get(node.op)
            todo.extend((arg, -sign if place == turned else sign) for place, arg in enumerate(node.args))

    def _likely(self, at: int) -> int:
        """Which of the names of targets a node has; as many as there are, if none."""
        node = self.graph.nodes[at]
        found = (place for place, name in enumerate(_TARGETS) if name.fullmatch(node.name))
        return next(found, len(_TARGETS)) if node.op == VAR else len(_TARGETS)

    def parameters(self) -> tuple[str, ...]:
        """What moves: what is in a model and is no input. None where the terms do not make one fit."""
        targets = {self.graph.nodes[target].name for target, _ in self.terms}
        models = [model for _, whole in self.terms for model in whole]
        named = frozenset[str]().union(*(self.names[at] for at in models))
        inputs = {name for name in named if _INPUT.fullmatch(name)}
        moving = named - inputs
        if targets & named or any(self.names[at] & (targets | inputs) for at in self.rest):
            return ()
        if not all(self._multiplies(model, inputs) for _, model in self.terms):
            return ()
        return tuple(name for name in self.graph.variables if name in moving)

    def _multiplies(self, model: tuple[int, ...], inputs: set[str]) -> bool:
        """Whether an input is multiplied there by something that holds none."""
        todo = _Once(model)
        for at in todo:
            node = self.graph.nodes[at]
            if node.op in ("mul", "div", "einsum") and len(node.args) == 2:
                one, other = (self.names[arg] for arg in node.args)
                if (one & inputs and other and not other & inputs) or (
                    other & inputs and one and not one & inputs
                ):
                    return True
            todo.extend(node.args)
        return False
