"""What to know of a run with tensors, in words: where NaN begins, what is dead, flat, saturated, or fused.

The browser says the same (``static/explain/tensortrouble.js``); the sentences come to it through
``static/engine/advice.js``. Each is said only where it holds: tests read and evaluate them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.engine.codegen import PYTHON, formulas
from graphviz_backprop.engine.columns import ARRAY, quiet
from graphviz_backprop.engine.functions import bound
from graphviz_backprop.explain.backward import gradient_name
from graphviz_backprop.explain.trouble import FLAT, Finding
from graphviz_backprop.language.graph import Node
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor import place

Array = npt.NDArray[Any]

MOST = 20_000
"""Of a tensor of more cells nothing is said."""
ALIKE = 1e-12
"""What differs by less, beside the largest, is the same by two ways."""

SENTENCES: Mapping[str, str] = {
    "masked": "All cells of {source} are −∞, so their exponentials add up to 0, and {lane} is NaN: 0 / 0 is"
    " no number.{more} A line needs one cell that is not masked.",
    "nan": "{which} NaN. No cell that goes into {node} is.",
    "infinite": "{which} infinite. No cell that goes into {node} is infinite or NaN.",
    "nan_flow": "NaN flows from {node} back to {cell}, though no cell of {node} or of its gradient is NaN.",
    "dead": "{lane} is dead: {op} is flat {where}, and 0 flows back to {source}.{more}",
    "peaked": "{lane} is saturated: {cell} is above 0.999, so each partial of {op} there is below 0.001,"
    " and almost nothing flows back to {source}.{more}",
    "flat": "{which} nearly flat: the partials by {child} there are below 0.001, almost nothing flows back.",
    "kink": "{which} 0, where {op} has a corner and no slope: 0 flows back to {source}, by convention, as in"
    " PyTorch.",
    "fused": "{node} hands {G} · (softmax({child}) − {wanted}){by} back to {child} in one step, with {G} its"
    " gradient. The long way, through softmax and the logarithm one by one, gives the same.",
}


def findings(run: Run[Any]) -> list[Finding]:
    """All findings at a run's values: values in the order of evaluation, then what flows back."""
    report = _Report(run)
    order = range(len(run.graph.nodes))
    with quiet():
        return [
            *(found for at in order for found in report.value(at)),
            *(found for at in reversed(order) for found in report.flow(at)),
            *(found for at in order for found in report.slope(at)),
            *(found for at in order for found in report.fused(at)),
        ]


class _Report:
    def __init__(self, run: Run[Any]) -> None:
        self.run = run
        self.nodes = run.graph.nodes
        self.seed = float(np.max(np.abs(run.seed)))

    def value(self, at: int) -> Iterator[Finding]:
        node, args = self.nodes[at], self._args(at)
        if not args or self._is_large(at):
            return
        x, above = self._value(at), [self._value(arg) for arg in args]
        masked = self._masked(at)
        if masked:
            yield self._of_lanes("masked", at, 0, *masked)
        elif np.isnan(x).any() and not any(np.isnan(one).any() for one in above):
            yield self._finding("nan", at, which=_which(node, np.isnan(x)), node=node.id)
        elif not self.run.graph.active[at]:
            return  # what no variable reaches is as it was written: a mask's log(0)
        elif np.isinf(x).any() and all(np.isfinite(one).all() for one in above):
            yield self._finding("infinite", at, which=_which(node, np.isinf(x)), node=node.id)

    def _masked(self, at: int) -> tuple[int, list[int]] | None:
        """The axis of a softmax, and its lines of which nothing is left."""
        node = self.nodes[at]
        if node.op not in ("softmax", "log_softmax"):
            return None
        axis = _axis(node)
        lines, values = _lines(self._value(node.args[0]), axis), _lines(self._value(at), axis)
        found = np.flatnonzero((lines == -np.inf).all(axis=1) & np.isnan(values).all(axis=1)).tolist()
        return (axis, found) if found else None

    def flow(self, at: int) -> Iterator[Finding]:
        node, gradient = self.nodes[at], self.run.gradients[at]
        if gradient is None or self._is_large(at) or np.isnan(gradient).any():
            return
        if any(np.isnan(self._value(one)).any() for one in (at, *node.args)):
            return
        for arg, child in enumerate(node.args):
            flow = self.run.flows[at][arg]
            if flow is not None and np.isnan(flow).any():
                cell = _first(self.nodes[child], np.isnan(np.asarray(flow)))
                yield self._finding("nan_flow", at, (node.id, arg), node=node.id, cell=cell)

    def slope(self, at: int) -> Iterator[Finding]:
        node, gradient = self.nodes[at], self.run.gradients[at]
        if gradient is None or not node.args or self._is_large(at) or not np.isfinite(gradient).all():
            return
        flow = self.run.flows[at][0]
        if flow is None or not np.isfinite(flow).all():
            return
        if node.op == "softmax":
            yield from self._peaked(at, np.asarray(gradient), np.asarray(flow))
        elif node.op in ("norm", "std"):
            yield from self._kinked(at, np.asarray(gradient))
        elif node.op in OPS and len(node.args) == 1 and OPS[node.op].flat in ("dead", "saturated"):
            slopes = np.broadcast_to(_slopes(node.op, self._value(node.args[0]), self._value(at)), node.shape)
            told = self._dead if OPS[node.op].flat == "dead" else self._flat
            yield from told(at, slopes, np.asarray(gradient), np.asarray(flow))

    def _dead(self, at: int, slopes: Array, gradient: Array, flow: Array) -> Iterator[Finding]:
        """The whole, else its rows, else its columns: where nothing of a unit passes."""
        node = self.nodes[at]
        flat = (slopes == 0) & (flow == 0)
        if flat.all():
            where = f"at all its {flat.size} cells" if flat.size > 1 else "here"
            child = self.nodes[node.args[0]].id
            yield self._finding("dead", at, lane=node.id, op=node.op, where=where, source=child, more="")
            return
        for axis in (len(node.shape) - 1, len(node.shape) - 2):
            if axis < 0 or node.shape[axis] < 2:
                continue
            found = np.flatnonzero(_lines(flat, axis).all(axis=1)).tolist()
            if found:
                where = f"at all its {node.shape[axis]} cells"
                yield self._of_lanes("dead", at, 0, axis, found, op=node.op, where=where)
                return

    def _flat(self, at: int, slopes: Array, gradient: Array, flow: Array) -> Iterator[Finding]:
        node = self.nodes[at]
        found = (np.abs(slopes) < FLAT) & (gradient != 0) & (np.abs(flow) <= FLAT * self.seed)
        if found.any():
            child = self.nodes[node.args[0]].id
            yield self._finding("flat", at, which=_which(node, found), child=child)

    def _peaked(self, at: int, gradient: Array, flow: Array) -> Iterator[Finding]:
        node = self.nodes[at]
        axis = _axis(node)
        if node.shape[axis] < 2:
            return
        values = self._value(at)
        passes = (np.abs(_lines(flow, axis)) <= FLAT * self.seed).all(axis=1)
        arrives = (_lines(gradient, axis) != 0).any(axis=1)
        peaks = _lines(values, axis).max(axis=1) > 1 - FLAT
        chosen = (_lines(self._value(node.args[0]), axis) > -np.inf).sum(
            axis=1
        ) > 1  # else all is masked but one
        found = np.flatnonzero(peaks & passes & arrives & chosen).tolist()
        if found:
            numbers = _lines(np.arange(values.size).reshape(node.shape), axis)[found[0]]
            cell = _cell(node, int(numbers[_lines(values, axis)[found[0]].argmax()]))
            yield self._of_lanes("peaked", at, 0, axis, found, op=node.op, cell=cell)

    def _kinked(self, at: int, gradient: Array) -> Iterator[Finding]:
        node = self.nodes[at]
        found = (self._value(at) == 0) & (gradient != 0)
        if found.any():
            source = self.nodes[node.args[0]].id
            yield self._finding("kink", at, which=_which(node, found), op=node.op, source=source)

    def fused(self, at: int) -> Iterator[Finding]:
        """Cross entropy in one step, where the long way gives the same."""
        node = self.nodes[at]
        if node.op != "cross_entropy" or self._is_large(node.args[0]) or self.run.flows[at][0] is None:
            return
        flow, gradient = np.asarray(self.run.flows[at][0]), self.run.gradients[at]
        child, wanted = (self.nodes[arg] for arg in node.args)
        z, y = self._value(node.args[0]), self._value(node.args[1])
        classes = child.shape[-1]
        given = y if wanted.shape == child.shape else np.equal.outer(y, np.arange(classes)).astype(float)
        rows = size(child.shape[:-1])
        p = np.exp(z - z.max(axis=-1, keepdims=True))
        p = p / p.sum(axis=-1, keepdims=True)
        back = np.where(given == 0, 0.0, -given / p) * gradient / rows
        long = p * (back - (back * p).sum(axis=-1, keepdims=True))
        short = (p - given) * gradient / rows
        most = np.abs(short).max()
        if not np.isfinite(long).all() or not 0 < most < np.inf:
            return
        if not (np.abs([long - flow, short - flow]) <= ALIKE * most).all():  # NaN is like nothing
            return
        name = wanted.id if wanted.shape == child.shape else f"one_hot({wanted.id}, {classes})"
        by = f" / {rows}" if rows > 1 else ""
        words = {"node": node.id, "child": child.id, "wanted": name, "by": by}
        yield self._finding("fused", at, (node.id, 0), G=gradient_name(self.run.graph), **words)

    # What findings are made of

    def _args(self, at: int) -> tuple[int, ...]:
        return self.nodes[at].args

    def _value(self, at: int) -> Array:
        return np.asarray(self.run.values[at])

    def _is_large(self, at: int) -> bool:
        return size(self.nodes[at].shape) > MOST

    def _of_lanes(self, kind: str, at: int, arg: int, axis: int, found: list[int], **words: str) -> Finding:
        """About the first of some lines along an axis, and how many more there are."""
        node, child = self.nodes[at], self.nodes[self.nodes[at].args[arg]]
        rest = len(found) - 1
        more = f" So it is with {rest} more of its lines." if rest > 1 else ""
        more = " So it is with one more of its lines." if rest == 1 else more
        lane, source = (_line(one, axis, found[0]) for one in (node, child))
        return self._finding(kind, at, None, lane=lane, source=source, more=more, **words)

    def _finding(self, kind: str, at: int, edge: tuple[str, int] | None = None, **words: str) -> Finding:
        return Finding(kind, self.nodes[at].id, SENTENCES[kind].format(**words), edge)


def _slopes(op: str, x: Array, f: Array) -> Array:
    """The partials of a row of one argument, cell by cell."""
    row = formulas(op, PYTHON)
    slots = {slot: slot for slot in (*row.op.arguments, "f")}
    partial = bound("x, f", row.partials[0].format(**slots), ARRAY)
    return np.asarray(partial(x, f))


def _axis(node: Node) -> int:
    return int(dict(node.settings)["axis"])


def _lines(x: Array, axis: int) -> Array:
    """The lines along an axis, one a row."""
    return np.moveaxis(x, axis, -1).reshape(-1, x.shape[axis])


def _cell(node: Node, number: int) -> str:
    return f"{node.id}[{', '.join(map(str, place(number, node.shape)))}]" if node.shape else node.id


def _first(node: Node, mask: Array) -> str:
    return _cell(node, int(np.flatnonzero(mask.ravel())[0]))


def _line(node: Node, axis: int, number: int) -> str:
    """What a line is called: ``h[1, :]``; of a vector it is the whole."""
    others: Shape = tuple(length for at, length in enumerate(node.shape) if at != axis)
    if not others:
        return node.id
    index = [str(one) for one in place(number, others)]
    index.insert(axis, ":")
    return f"{node.id}[{', '.join(index)}]"


def _which(node: Node, mask: Array) -> str:
    """Which cells, as the subject of a sentence with its verb."""
    count, cell = int(mask.sum()), _first(node, mask)
    if mask.size == 1:
        return f"{cell} is"
    if count == mask.size:
        return f"All {count} cells of {node.id} are"
    if count == 1:
        return f"{cell}, 1 of {mask.size} cells, is"
    return f"{count} of {mask.size} cells of {node.id}, {cell} the first, are"
