"""What goes wrong in a run, in words: where a NaN or an infinity comes from, kinks, slopes near 0.

The browser says the same (``static/explain/trouble.js``). The sentences and the rows' reasons are made into
``static/engine/advice.js``: none is written twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.asked import asked
from graphviz_backprop.explain.branches import double_where, owners
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.patterns import Match, equal_keys, matches
from graphviz_backprop.explain.rounding import SUMS, gradient_bounds, sum_bound, value_bounds
from graphviz_backprop.explain.shifts import is_shift
from graphviz_backprop.explain.sides import kink_at, switches
from graphviz_backprop.explain.signs import EQUAL, shown, sign, value
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import CONST, VAR, Node
from graphviz_backprop.language.numerals import format_number, full_number
from graphviz_backprop.language.ops import OPS, Kink, Op
from graphviz_backprop.language.printers import ATOM, LABEL, Notation, Piece, piece

FLAT = 1e-3
"""A local partial below this counts as nearly 0: not a thousandth of a gradient passes."""

TINY = 1e-5
"""What is smaller than this beside 1 loses a third of its 16 digits, or more."""

CANCELS = 1e3
"""So much larger than its error a flow is that counts as one: else all that comes is noise already."""

SENTENCES: Mapping[str, str] = {
    "input": "{node} is {value} from the start.",
    "value": "{equation}: {why}.",
    "slope": "{partial} at {equation}: {why}.",
    "flow": "{gradient} × {partial} = {flow} flows from {node} to {child}: {why}.",
    "branch": "{where} does not take the branch of {node}, so 0 flows in:"
    " 0 × {partial} = NaN flows on to {child}{why}.",
    "sum": "What flows into {node} adds up to {gradient}: {why}.",
    "cancelled": "{equation}: what is left is no more than rounding may have done. No digit of it is sure.",
    "cancels": "The flows into {node} cancel: the rest, {gradient}, is no more than rounding may have done.",
    "digits": "{equation}: 1 + {small} keeps few of the digits of {small}.",
    "corner": "{equation} is at a corner: there is no derivative. By convention, as in PyTorch, {partials}.",
    "ours": "{equation} is at a corner: there is no derivative. By convention {partials};"
    " PyTorch has 1 by what is clamped.",
    "jump": "{equation} is at a jump: there is no derivative. By convention {partials}.",
    "steep": "{equation} is infinitely steep here: there is no derivative. {partials}.",
    "edge": "{equation} is at the edge of its domain: there is no derivative. By convention {partials}.",
    "bottom": "{equation} is where the output is lowest by this way alone, near here: {partials}, there is"
    " nothing to go down on it.",
    "flat": "{equation} is nearly flat here: {partials}, almost nothing flows back.",
    "saturated": "{equation} is saturated: {partials}, almost nothing flows back.",
    "dead": "{equation} is dead: {partials}, nothing flows back.",
    "level": "{equation} is flat but for its jump: {partials}, nothing ever flows back.",
}

REASONS: Mapping[str, str] = {
    "overflow": "the result is larger than 1.798e308, the largest number there is",
    "product": "0 × ∞ is not a number",
    "difference": "∞ − ∞ is not a number",
    "untaken": ", as in PyTorch and JAX",
    "none": "it has no value",
    "corner": "it is at a corner, where there is no derivative",
    "jump": "it is at a jump, where there is no derivative",
    "steep": "it is infinitely steep here",
    "edge": "at the edge of its domain it is infinitely steep",
}


@dataclass(frozen=True)
class Finding:
    """Something wrong, or to know, at a node or at one of its edges (parent's id, number of argument).

    ``kind`` is a key of :data:`SENTENCES`; ``safer`` is another form, in the language, where there is one.
    """

    kind: str
    node: str
    text: str
    edge: tuple[str, int] | None = None
    safer: str = ""


def findings(run: Run[float]) -> list[Finding]:
    """All findings at the numbers of a run on floats.

    First, where a value turns infinite or NaN, in the order of evaluation: only where it does, not where
    it spreads. Then where a gradient does, in the order of the backward pass. Then kinks, lost digits,
    slopes near 0.
    """
    report = _Report(run)
    order = range(len(run.graph.nodes))
    return [
        *(found for at in order for found in report.value(at)),
        *(found for at in reversed(order) for found in report.backward(at)),
        *(found for at in order for found in report.kink(at)),
        *(found for at in order for found in report.cancelled(at)),
        *report.cancels(),
        *(found for at in order for found in report.digits(at)),
        *(found for at in order for found in report.flat(at)),
    ]


def _nan(x: float | None) -> bool:
    return x is not None and math.isnan(x)


def label(op: Op, args: list[str], notation: Notation = LABEL) -> str:
    """An operation as it is read, of these texts; of many arguments only some."""
    return piece(_node(op, len(args)), [Piece(arg, ATOM) for arg in args], notation).text


def _node(op: Op, count: int) -> Node:
    return Node("", op.name, tuple(range(count)), (0, 0))


class _Report:
    """One graph at one point."""

    def __init__(self, run: Run[float]) -> None:
        self.run = run
        self.graph = run.graph
        self.values = run.values
        self.keys = equal_keys(run.graph)
        self.labels = asked(run.graph, self.keys)
        self.shifts: dict[int, bool] = {}
        self.rooted: dict[int, list[Match]] = {}
        self.better: dict[int, Match] = {}
        for match in matches(run.graph):
            self.rooted.setdefault(match.covered[0], []).append(match)
            for at in () if match.pattern.small else match.covered:
                if at not in self.better or set(self.better[at].covered) < set(match.covered):
                    self.better[at] = match  # the logarithm of a softmax, not the softmax alone

    # What can be found

    def value(self, at: int) -> Iterator[Finding]:
        node, x = self.graph.nodes[at], self.values[at]
        if math.isfinite(x):
            trapped = node.args and self._trap(at, slope=False)
            if trapped:  # outside the domain, though a number comes out
                yield self._finding("value", at, trapped[1], why=trapped[0])
            return
        if not node.args:
            yield self._finding("input", at, node=_symbol(node), value=format_number(x))
            return
        args = [self.values[arg] for arg in node.args]
        if any(math.isnan(arg) for arg in args) or (math.isinf(x) and any(map(math.isinf, args))):
            return
        why, safer = self._trap(at, slope=False) or (_overflow(x), "")
        yield self._finding("value", at, self._better(at) or safer, why=why)

    def backward(self, at: int) -> Iterator[Finding]:
        node, gradient = self.graph.nodes[at], self.run.gradients[at]
        if gradient is None:
            return
        if not math.isfinite(gradient):
            yield from self._sum(at, gradient)
        whole = self._whole(at)
        for arg, child in enumerate(node.args):
            partial, flow = self.run.partials[at][arg], self.run.flows[at][arg]
            if partial is None or flow is None:
                continue
            if self.owners[at] is not None and _nan(flow) and gradient == 0:
                yield self._branch(at, arg, partial)
                continue
            if whole and not math.isfinite(partial):
                yield self._slope(at, arg, partial)
                continue
            broken = _nan(flow) and not _nan(gradient) and not _nan(partial)
            if broken or (math.isinf(flow) and math.isfinite(gradient) and math.isfinite(partial)):
                write = (
                    format_number if sign(shown(gradient) * shown(partial), flow) == EQUAL else full_number
                )
                yield self._finding(
                    "flow",
                    at,
                    self._better(at),
                    arg,
                    gradient=_bracketed(write(gradient)),
                    partial=_bracketed(write(partial)),
                    flow=format_number(flow),
                    child=self.graph.nodes[child].id,
                    why=REASONS["product" if broken else "overflow"],
                )

    def kink(self, at: int) -> Iterator[Finding]:
        kink = self._kink(at)
        kind = kink.kind if kink else self.switches.get(at)
        if kink and kink.ours and self._holds(kink.ours, at):
            kind = "ours"
        if (
            kind
            and at not in self.labels
            and not self._is_shift(at)
            and all(x is None or math.isfinite(x) for x in self.run.partials[at])
        ):
            yield self._finding(kind, at, self._written(kink.safer, at) if kink and kink.safer else "")

    def cancelled(self, at: int) -> Iterator[Finding]:
        """A sum of which only rounding is left; where a term is one already, that is what was told."""
        node = self.graph.nodes[at]
        if node.op not in SUMS or not self._is_rest(at) or any(map(self._is_rest, node.args)):
            return
        if node.op != "sub" or not self._is_shift(node.args[1]):
            yield self._finding("cancelled", at, self._better(at))

    def cancels(self) -> Iterator[Finding]:
        """Flows of which only rounding is left: into a node, and into a variable that is mentioned often."""
        gradients, bounds = self.run.gradients, self.bounds[1]
        for at in reversed(range(len(gradients))):
            yield from self._cancels(at, self.graph.nodes[at].id, self.inflows[at], gradients[at], bounds[at])
        for name, total in self.run.gradient.items():
            leaves = places(self.graph, name)
            flows = [gradients[at] or 0.0 for at in leaves]
            bound = sum((bounds[at] for at in leaves), 0.0) + sum_bound(flows)
            yield from self._cancels(leaves[0], name, flows, total, bound)

    def _cancels(
        self, at: int, name: str, flows: Sequence[float], gradient: float | None, bound: float
    ) -> Iterator[Finding]:
        if gradient is None or len(flows) < 2 or not 0 < bound < math.inf or not abs(gradient) <= bound:
            return
        if max(map(abs, flows)) > CANCELS * bound and not self._is_shift(at):
            yield self._finding("cancels", at, node=name, gradient=format_number(gradient))

    def digits(self, at: int) -> Iterator[Finding]:
        here = self.rooted.get(at, [])
        for match in here:
            small = self.values[match.names[match.pattern.small][0]] if match.pattern.small else 0.0
            if 0 < abs(small) < TINY:
                yield self._finding(
                    "digits", at, self._safer(here[0]), small=_bracketed(format_number(small))
                )
                return

    def flat(self, at: int) -> Iterator[Finding]:
        node = self.graph.nodes[at]
        kind = OPS[node.op].flat if node.args else ""
        gradient = self.run.gradients[at]
        if not kind or gradient is None or self._kink(at) or not self._whole(at):
            return
        if at in self.switches or at in self.labels:
            return
        if not math.isfinite(gradient):
            return  # 0 times that is NaN, and that does flow
        if gradient == 0 and kind not in ("dead", "level"):
            return  # nothing arrives
        slopes = [x for x in self.run.partials[at] if x is not None]
        if any(slope != 0 if kind == "dead" else abs(slope) >= FLAT for slope in slopes):
            return
        if kind in ("dead", "level"):
            yield self._finding(kind, at)
        elif all(abs(flow) <= FLAT * abs(self.run.seed) for flow in self.run.flows[at] if flow is not None):
            yield self._finding("bottom" if self._at_bottom(at) else kind, at)

    # What findings are made of

    @cached_property
    def switches(self) -> dict[int, str]:
        """Each ``where`` that takes another branch to one side of this point."""
        return switches(self.run)

    @cached_property
    def owners(self) -> list[int | None]:
        """The ``where`` that keeps each node out of the output, if one does."""
        return owners(self.run)

    def _branch(self, at: int, arg: int, partial: float) -> Finding:
        where = self.owners[at]
        assert where is not None
        node = self.graph.nodes[at]
        return self._finding(
            "branch",
            at,
            double_where(self.run, self.owners, where),
            arg,
            where=self.graph.nodes[where].id,
            partial=_bracketed(format_number(partial)),
            child=self.graph.nodes[node.args[arg]].id,
            why=REASONS["untaken"] if math.isinf(partial) else "",
        )

    @cached_property
    def bounds(self) -> tuple[list[float], list[float]]:
        """What rounding may have changed values and gradients by."""
        values = value_bounds(self.run)
        return values, gradient_bounds(self.run, values)

    def _is_rest(self, at: int) -> bool:
        """Whether rounding may have made all of a value."""
        bound = self.bounds[0][at]
        return 0 < bound < math.inf and abs(self.values[at]) <= bound

    def _is_shift(self, at: int) -> bool:
        """Whether a node is no more than the shift of a stable softmax."""
        if at not in self.shifts:
            self.shifts[at] = is_shift(self.graph, self.keys, at)
        return self.shifts[at]

    def _at_bottom(self, at: int) -> bool:
        """Whether the output would rise whichever way an argument that carries a gradient moved a little, and
        nothing but what goes up through this node."""
        node, gradient = self.graph.nodes[at], (self.run.gradients[at] or 0.0) * self.run.seed
        args = [self.values[arg] for arg in node.args]

        def rises(arg: int, step: float) -> bool:
            moved = [*args[:arg], args[arg] + step, *args[arg + 1 :]]
            return gradient * (scalar.value(node.op, moved) - self.values[at]) > 0

        active = [arg for arg, partial in enumerate(self.run.partials[at]) if partial is not None]
        steps = {arg: 0.01 * max(1.0, abs(args[arg])) for arg in active}
        return all(rises(arg, step) and rises(arg, -step) for arg, step in steps.items())

    def _sum(self, at: int, gradient: float) -> Iterator[Finding]:
        """Flows that are numbers, or finite, and whose sum is not."""
        flows = self.inflows[at]
        if len(flows) < 2 or any(map(math.isnan, flows)):
            return
        if math.isinf(gradient) and any(map(math.isinf, flows)):
            return
        why = REASONS["difference" if math.isnan(gradient) else "overflow"]
        node = self.graph.nodes[at].id
        yield self._finding("sum", at, node=node, gradient=format_number(gradient), why=why)

    @cached_property
    def inflows(self) -> list[list[float]]:
        """What flows into each node; few graphs ask."""
        inflows: list[list[float]] = [[] for _ in self.graph.nodes]
        for edge in self.graph.edges():
            flow = self.run.flows[edge.parent][edge.arg]
            if flow is not None:
                inflows[edge.child].append(flow)
        return inflows

    def _slope(self, at: int, arg: int, partial: float) -> Finding:
        kink = self._kink(at)
        trapped = self._trap(at, slope=True)
        if trapped:
            why, safer = trapped
        elif kink:
            why, safer = REASONS[kink.kind], kink.safer and self._written(kink.safer, at)
        else:
            why, safer = _overflow(partial), ""
        return self._finding("slope", at, safer or self._better(at), arg, partial=self._d(at, arg), why=why)

    def _finding(self, kind: str, at: int, safer: str = "", arg: int | None = None, **texts: str) -> Finding:
        node = self.graph.nodes[at]
        texts = {"node": node.id, "equation": self._equation(at), "partials": self._ds(at), **texts}
        edge = None if arg is None else (node.id, arg)
        return Finding(kind, node.id, SENTENCES[kind].format(**texts), edge, safer)

    def _equation(self, at: int) -> str:
        """``c = log(b) = log(-1) = NaN``; with all digits where four of them do not give that."""
        node = self.graph.nodes[at]
        result = self.values[at]
        if not node.args:
            return f"{node.id} = {format_number(result)}"
        op = OPS[node.op]
        write = _writer(value(self.run, at), result)
        wrap = _bracketed if op.symbol else str
        symbols = label(op, [self.graph.nodes[arg].id for arg in node.args])
        numbers = label(op, [wrap(write(self.values[arg])) for arg in node.args]).replace(" · ", " × ")
        return f"{node.id} = {symbols} = {numbers} = {format_number(result)}"

    def _whole(self, at: int) -> bool:
        """Whether the node and its arguments are finite."""
        return all(math.isfinite(self.values[node]) for node in (at, *self.graph.nodes[at].args))

    def _d(self, at: int, arg: int) -> str:
        node = self.graph.nodes[at]
        partial = self.run.partials[at][arg]
        number = format_number(math.nan if partial is None else partial)
        return f"∂{node.id}/∂{self.graph.nodes[node.args[arg]].id} = {number}"

    def _ds(self, at: int) -> str:
        known = [arg for arg, partial in enumerate(self.run.partials[at]) if partial is not None]
        return ", ".join(self._d(at, arg) for arg in known)

    def _kink(self, at: int) -> Kink | None:
        return kink_at(self.graph, self.keys, self.values, at)

    def _holds(self, condition: str, at: int) -> bool:
        node = self.graph.nodes[at]
        args = OPS[node.op].bind([self.values[arg] for arg in node.args])
        return bool(scalar.formula(condition, {**args, "f": self.values[at]}))

    def _trap(self, at: int, slope: bool) -> tuple[str, str] | None:
        """The reason of the first trap of the row that holds, and a safer form."""
        for trap in OPS[self.graph.nodes[at].op].traps:
            if trap.slope == slope and self._holds(trap.when, at):
                return trap.why, trap.safer and self._written(trap.safer, at)
        return None

    def _written(self, form: str, at: int) -> str:
        """A row's form with its arguments' names."""
        node = self.graph.nodes[at]
        return self._named(form, OPS[node.op].bind([(arg,) for arg in node.args]))

    def _better(self, at: int) -> str:
        """What the largest pattern that this node is part of has instead; of two that overlap, the first."""
        match = self.better.get(at)
        return self._safer(match) if match else ""

    def _safer(self, match: Match) -> str:
        return self._named(match.pattern.safer, match.names)

    def _named(self, form: str, names: Mapping[str, Sequence[int]]) -> str:
        symbols = {name: ", ".join(_symbol(self.graph.nodes[at]) for at in of) for name, of in names.items()}
        return scalar.template(form).format(**symbols)


def _overflow(x: float) -> str:
    return REASONS["overflow" if math.isinf(x) else "none"]


def _writer(found: float | None, result: float) -> Callable[[float], str]:
    """Four digits, or all of them where four do not give the result."""
    return format_number if sign(found, result) == EQUAL else full_number


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _symbol(node: Node) -> str:
    """What one would type for a node: a variable's name, a number, or the node's own name."""
    if node.op == VAR and node.name:
        return node.name
    return full_number(node.value or 0.0) if node.op == CONST else node.id
