"""A backward edge of a program with tensors in three sentences: shapes, letters, one cell with numbers.

The letters are index formulas, ``z[i] = Σⱼ W[i,j] · x[j]``, made from the row's settings. What an argument's
cell gets follows; tests evaluate both at every cell. G is the gradient of the node that an edge leads into.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import backward
from graphviz_backprop.explain.tensors.cells import At, Told, Written
from graphviz_backprop.language import letters as contraction
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import Edge, Graph, Node
from graphviz_backprop.language.indices import Entry
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.printers import ATOM, LABEL, Piece, in_one, piece
from graphviz_backprop.language.shapes import Shape, said, size
from graphviz_backprop.language.tensor_ops import TENSORS, Site, copied

_LETTERS = "ijklmnprstuvaeox"
_ENOUGH = 8
_BELOW = dict(zip(_LETTERS, "ᵢⱼₖₗₘₙₚᵣₛₜᵤᵥₐₑₒₓ", strict=True))


class Letters(NamedTuple):
    """``forward`` is the index formula; the argument's ``cell`` gets ``back``, and ``because`` says why.

    ``sizes`` are those of the letters. Where no formula says it, ``because`` does, in words.
    """

    because: str
    forward: str = ""
    cell: str = ""
    back: str = ""
    sizes: Mapping[str, int] = {}

    @property
    def told(self) -> str:
        """What the argument gets, and why."""
        return f"{self.because}: {self.cell} gets {self.back}." if self.back else f"{self.because}."

    @property
    def text(self) -> str:
        return f"{self.forward}. {self.told}" if self.forward else self.told


@dataclass(frozen=True)
class Place:
    """An edge, and the names that are written: of the node, of its arguments, letters for their axes."""

    graph: Graph
    edge: Edge

    @property
    def node(self) -> Node:
        return self.graph.nodes[self.edge.parent]

    @property
    def child(self) -> Node:
        return self.graph.nodes[self.edge.child]

    @property
    def args(self) -> list[Node]:
        return [self.graph.nodes[arg] for arg in self.node.args]

    @property
    def site(self) -> Site:
        return Site(tuple(arg.shape for arg in self.args), dict(self.node.settings))

    @property
    def f(self) -> str:
        return self.node.id

    @property
    def x(self) -> str:
        return self.child.id

    @property
    def G(self) -> str:
        """How the node's gradient is called."""
        return backward.gradient_name(self.graph)

    @cached_property
    def letters(self) -> str:
        """Letters for indices: no node's, while there are enough of them; else no node's of this edge."""
        free = "".join(letter for letter in _LETTERS if letter not in self.graph.positions)
        own = {self.f, *(arg.id for arg in self.args)}
        return free if len(free) >= _ENOUGH else "".join(letter for letter in _LETTERS if letter not in own)

    def idx(self, shape: Shape) -> list[str]:
        """A letter for each axis."""
        return list(self.letters[: len(shape)])


class Three(NamedTuple):
    """The sentences; ``cell`` is None where it is too long to be read."""

    shapes: str
    letters: str
    cell: Written | None

    def read(self, run: Run[Any]) -> list[str]:
        """As lines of text."""
        return [self.shapes, self.letters, *([self.cell.read(run)] if self.cell else [])]


_TRIED = 8


def three(run: Run[Any], edge: Edge, top: str) -> Three:
    """All three sentences; the cell is one to which something comes back."""
    shape = run.graph.nodes[edge.child].shape
    last = shape[-1] - 1 if shape else 0
    found: Written | None = None
    for cell in dict.fromkeys((last, *range(min(_TRIED, size(shape))))):
        written = Told(run, At(edge.child, cell), top).flow(edge).written
        if written and written.legible and (found is None or (written.refs and not found.refs)):
            found = written
        if found and found.refs:
            break
    return Three(shapes(run.graph, edge, top), letters(run.graph, edge).text, found)


def shapes(graph: Graph, edge: Edge, top: str = "") -> str:
    """``W is 2×3, so what comes back to it is 2×3, too. G = ∂L/∂z is a vector of 2``, and what is done."""
    place = Place(graph, edge)
    top, node, child = top or graph.output.id, place.node, place.child
    own = f"{child.id} is {said(child.shape)}, so what comes back to it is {said(child.shape)}, too."
    given = f"{place.G} = ∂{top}/∂{node.id} is {said(node.shape)}"
    how = _HOW.get(node.op, _cell_by_cell_shapes if node.op in OPS else _no_shapes)(place)
    return f"{own} {given}{': ' + how if how else ''}."


def letters(graph: Graph, edge: Edge) -> Letters:
    """Which cell is in which, and which index is summed."""
    place = Place(graph, edge)
    if place.node.op in OPS:
        return _cell_by_cell(place)
    return _ROWS.get(place.node.op, _defined)(place)


def _at(name: str, indices: Sequence[str]) -> str:
    return f"{name}[{','.join(indices)}]" if indices else name


def _sum(over: Sequence[str], text: str, sign: str = "Σ") -> str:
    return f"{sign}{''.join(_BELOW[x] for x in over)} {text}" if over else text


def _sizes(indices: Sequence[str], shape: Shape) -> dict[str, int]:
    return dict(zip(indices, shape, strict=True))


def _alone(place: Place, cell: str, into: str) -> str:
    return f"{cell} is in {into} alone"


# Cell by cell


def _cell_by_cell(place: Place) -> Letters:
    node, own = place.node, place.idx(place.node.shape)

    def named(arg: Node) -> Piece:
        return Piece(_at(arg.id, own if arg.shape else []), ATOM)

    forward = piece(node, [named(arg) for arg in place.args], LABEL).text
    op = OPS[node.op]
    partial = op.partial(place.edge.arg)
    cell = _at(place.x, own if place.child.shape else [])
    into = _at(place.f, own)
    if op.variadic and len(place.args) > 4:
        forward = ""
    gets = {"1": _at(place.G, own), "-1": f"−{_at(place.G, own)}"}.get(partial) or (
        f"{_at(place.G, own)} · {_partial(place, own)}"
    )
    if "k" in parse_row(partial).variables and op.variadic:
        return Letters(
            f"{cell} gets {_at(place.G, own)} where it is {into}, its share where others tie, else 0",
            f"{into} = {forward}" if forward else "",
        )
    why = "" if partial in ("1", "-1") else f", whose slope by it is {_partial(place, own)}"
    if node.op == "where" and place.edge.arg:
        why = f", and only where it is taken; elsewhere {_partial(place, own)} is 0, and nothing comes back"
    slope = f"The slope of {into} by {cell} is {_partial(place, own)}"
    return Letters(
        f"{_alone(place, cell, into)}{why}" if own else slope,
        f"{into} = {forward}" if forward else "",
        cell,
        gets,
        _sizes(own, node.shape),
    )


def _partial(place: Place, own: Sequence[str]) -> str:
    op = OPS[place.node.op]
    named = [_at(arg.id, own if arg.shape else []) for arg in place.args]
    names = {**op.bind(named, place.edge.arg), "f": _at(place.f, own), "n": str(len(named))}
    row = parse_row(op.partial(place.edge.arg), "tree")
    found = in_one(row, LABEL, lambda name: Piece(names.get(name, name), ATOM))
    return found.text if found.binding == ATOM else f"({found.text})"


def _cell_by_cell_shapes(place: Place) -> str:
    return "cell by cell, nothing is summed or copied" if place.node.shape else ""


def _no_shapes(place: Place) -> str:
    return ""


# Copies and sums


def _broadcast(place: Place) -> Letters:
    shape, x = place.node.shape, place.child.shape
    own, axes, more = place.idx(shape), copied(x, shape), len(shape) - len(x)
    cell = _at(place.x, ["0" if axis + more in axes else own[axis + more] for axis in range(len(x))])
    times = size(tuple(shape[axis] for axis in axes))
    back = _sum([own[axis] for axis in axes], _at(place.G, own))
    why = f"{cell} was copied {times} times along {_axes(axes)}, and sums undo copies"
    return Letters(why, f"{_at(place.f, own)} = {cell}", cell, back, _sizes(own, shape))


def _axes(axes: Sequence[int]) -> str:
    if not axes:
        return "no axis"
    return f"axis {axes[0]}" if len(axes) == 1 else f"axes {' and '.join(map(str, axes))}"


def _broadcast_shapes(place: Place) -> str:
    axes = copied(place.child.shape, place.node.shape)
    return f"it is summed over {_axes(axes)}, along which {place.x} was copied"


class _Reduced(NamedTuple):
    """The letters of a reduction: of the argument, of the result, those that are gone, others for them."""

    own: list[str]
    kept: list[str]
    gone: list[str]
    again: list[str]
    fresh: list[str]


def _reduced(place: Place) -> _Reduced:
    site, x = place.site, place.child.shape
    own = place.idx(x)
    keep = bool(dict(place.node.settings).get("keepdim"))
    kept = [
        ("0" if axis in site.axes else letter)
        for axis, letter in enumerate(own)
        if keep or axis not in site.axes
    ]
    gone = [letter for axis, letter in enumerate(own) if axis in site.axes]
    fresh = list(place.letters[len(own) : len(own) + len(gone)])
    names = dict(zip(gone, fresh, strict=True))
    return _Reduced(own, kept, gone, [names.get(letter, letter) for letter in own], fresh)


def _all_sizes(place: Place, found: _Reduced) -> dict[str, int]:
    shape = place.child.shape
    sizes = _sizes(found.own, shape)
    return {**sizes, **{new: sizes[old] for old, new in zip(found.gone, found.fresh, strict=True)}}


def _summed(place: Place, mean: bool = False) -> Letters:
    found = _reduced(place)
    cell, into = _at(place.x, found.own), _at(place.f, found.kept)
    by = f" / {place.site.count}" if mean else ""
    total = _sum(found.gone, cell)
    forward = f"{into} = {f'({total})' if mean else total}{by}"
    why = f"{cell} is in {into} alone, {'divided by their number' if mean else 'once'}"
    return Letters(why, forward, cell, _at(place.G, found.kept) + by, _all_sizes(place, found))


def _copied_shapes(place: Place) -> str:
    return f"each of its numbers is copied to the {place.site.count} cells that it came from"


def _prod(place: Place) -> Letters:
    found = _reduced(place)
    cell, into = _at(place.x, found.own), _at(place.f, found.kept)
    gets = f"{_at(place.G, found.kept)} times the product of the others"
    why = f"{cell} is a factor of {into} alone: it gets {gets}"
    return Letters(why, f"{into} = {_sum(found.gone, cell, 'Π')}", sizes=_all_sizes(place, found))


def _extreme(word: str, torch: str) -> Callable[[Place], Letters]:
    def write(place: Place) -> Letters:
        found = _reduced(place)
        cell, into = _at(place.x, found.own), _at(place.f, found.kept)
        ties = _sum(found.fresh, f"[{_at(place.x, found.again)} = {into}]")
        back = f"{_at(place.G, found.kept)} · [{cell} = {into}] / ({ties})"
        why = (
            f"{into} is the {word} of {_sum_words(found, cell)}, and of those that tie each has its share, "
            f"as with PyTorch's {torch}"
        )
        return Letters(why, "", cell, back, _all_sizes(place, found))

    return write


def _sum_words(found: _Reduced, cell: str) -> str:
    return f"all {cell} over {', '.join(found.gone)}"


def _from_mean(place: Place, found: _Reduced) -> tuple[str, int, str]:
    """A cell's distance from the mean, what the squares' sum is divided by, and the variance."""
    cell, n = _at(place.x, found.own), place.site.count
    less = n - place.site["correction"]
    distance = f"({cell} − ({_sum(found.fresh, _at(place.x, found.again))}) / {n})"
    return distance, less, f"({_sum(found.gone, f'{distance}^2')}) / {less}"


def _variance(place: Place) -> Letters:
    found = _reduced(place)
    cell, into = _at(place.x, found.own), _at(place.f, found.kept)
    distance, less, variance = _from_mean(place, found)
    back = f"{_at(place.G, found.kept)} · 2 · {distance} / {less}"
    why = "What the mean changes with it cancels, since distances from the mean add up to 0"
    return Letters(why, f"{into} = {variance}", cell, back, _all_sizes(place, found))


def _deviation(place: Place) -> Letters:
    found = _reduced(place)
    cell, into = _at(place.x, found.own), _at(place.f, found.kept)
    distance, less, variance = _from_mean(place, found)
    forward = f"{into} = sqrt({variance})"
    back = f"{_at(place.G, found.kept)} · {distance} / ({less} · {into})"
    why = f"The variance's slope, divided by twice its root (0 where {into} is 0)"
    return Letters(why, forward, cell, back, _all_sizes(place, found))


def _norm(place: Place) -> Letters:
    found = _reduced(place)
    cell, into = _at(place.x, found.own), _at(place.f, found.kept)
    back = f"{_at(place.G, found.kept)} · {cell} / {into}"
    forward = f"{into} = sqrt({_sum(found.gone, f'{cell}^2')})"
    grows = f"{into} grows {cell} / {into} times as much (0 where the length is 0)"
    why = f"Where {cell} grows a little, {grows}"
    return Letters(why, forward, cell, back, _all_sizes(place, found))


def _logsumexp(place: Place) -> Letters:
    found = _reduced(place)
    cell, into = _at(place.x, found.own), _at(place.f, found.kept)
    part = f"exp({cell}) / ({_sum(found.fresh, f'exp({_at(place.x, found.again)})')})"
    return Letters(
        "Its slope is the softmax",
        f"{into} = ln({_sum(found.gone, f'exp({cell})')})",
        cell,
        f"{_at(place.G, found.kept)} · {part}",
        _all_sizes(place, found),
    )


def _softmax(place: Place) -> Letters:
    found = _along(place)
    x, f, total = (_at(name, found.own) for name in (place.x, place.f, place.G))
    others = _sum(found.fresh, f"exp({_at(place.x, found.again)})")
    product = _sum(found.fresh, f"{_at(place.G, found.again)} · {_at(place.f, found.again)}")
    every = _at(place.f, found.again)
    why = f"{x} is in every {every}: it raises {f} and lowers the others, which share 1 with it"
    return Letters(why, f"{f} = exp({x}) / ({others})", x, f"{f} · ({total} − ({product}))", found.sizes)


def _log_softmax(place: Place) -> Letters:
    found = _along(place)
    x, f, total = (_at(name, found.own) for name in (place.x, place.f, place.G))
    others = _sum(found.fresh, f"exp({_at(place.x, found.again)})")
    back = f"{total} − exp({f}) · ({_sum(found.fresh, _at(place.G, found.again))})"
    why = f"{x} is in every {_at(place.f, found.again)}, through the sum, and in {f} once more"
    return Letters(why, f"{f} = {x} − ln({others})", x, back, found.sizes)


class _Line(NamedTuple):
    own: list[str]
    again: list[str]
    fresh: list[str]
    sizes: dict[str, int]


def _along(place: Place, axis: int | None = None) -> _Line:
    """The letters of a tensor, and those of another cell along its axis."""
    shape = place.child.shape
    own = place.idx(shape)
    at = place.site["axis"] if axis is None else axis
    new = place.letters[len(own)]
    again = [new if number == at else letter for number, letter in enumerate(own)]
    return _Line(own, again, [new], {**_sizes(own, shape), new: shape[at]})


def _entropy(place: Place) -> Letters:
    z, y = place.args
    if place.edge.arg and y.shape != z.shape:
        return Letters(f"{y.id} names classes: a choice does not change by a little, it gets 0")
    line = _along(Place(place.graph, Edge(place.node.args[0], place.edge.parent, 0)), len(z.shape) - 1)
    count = size(z.shape[:-1])
    by = f" / {count}" if count > 1 else ""
    cell, others = _at(z.id, line.own), _sum(line.fresh, f"exp({_at(z.id, line.again)})")
    if place.edge.arg:
        why = "The loss is a sum of −ln p, weighted by it"
        return Letters(why, "", _at(y.id, line.own), f"{place.G} · (ln({others}) − {cell}){by}", line.sizes)
    p = f"exp({cell}) / ({others})"
    if y.shape == z.shape:
        wanted = f"({p} · ({_sum(line.fresh, _at(y.id, line.again))}) − {_at(y.id, line.own)})"
    else:
        wanted = f"({p} − [{_at(y.id, line.own[:-1])} = {line.own[-1]}])"
    why = "Softmax and logarithm cancel, and what is left is p − y, the probability less what was wanted"
    return Letters(why, "", cell, f"{place.G} · {wanted}{by}", line.sizes)


# Contractions


def _einsum(place: Place) -> Letters:
    found = contraction.read(place.site["letters"])
    seen = list(dict.fromkeys("".join((found.result, *found.args))))
    if len(seen) > len(place.letters):
        return Letters(
            f"It gets products of {place.G} and the other tensors, summed over letters that it lacks"
        )
    new = dict(zip(seen, place.letters, strict=False))
    args = [[new[x] for x in own] for own in found.args]
    result = [new[x] for x in found.result]
    sizes = {new[letter]: length for letter, length in found.sizes(place.site.shapes).items()}
    names = [arg.id for arg in place.args]
    product = " · ".join(_at(name, own) for name, own in zip(names, args, strict=True))
    forward = f"{_at(place.f, result)} = {_sum([new[x] for x in found.summed], product)}"
    own = args[place.edge.arg]
    cell, into = _at(place.x, own), _at(place.f, result)
    others = [
        _at(name, indices)
        for at, (name, indices) in enumerate(zip(names, args, strict=True))
        if at != place.edge.arg
    ]
    if len(set(own)) < len(own):
        times = ", times the other factors" if others else ""
        why = f"The cells of {place.x} on that diagonal get {place.G}'s{times}, the rest 0"
        return Letters(why, forward, sizes=sizes)
    given = {*result, *(x for at, indices in enumerate(args) if at != place.edge.arg for x in indices)}
    over = [x for x in sizes if x in given and x not in own]
    times = f", times {' · '.join(others)}" if others else ""
    where = f"{cell} is in {into} for each {', '.join(over)}" if over else f"{cell} is in {into} alone"
    why = f"{where}{times}"
    if over and result and others:
        why += f", so {', '.join(over)} {'is' if len(over) == 1 else 'are'} summed now"
        why += _transposed(place)
    return Letters(why, forward, cell, _sum(over, " · ".join([_at(place.G, result), *others])), sizes)


def _transposed(place: Place) -> str:
    """Why a transpose stands in the rule."""
    text = backward.formula(place.graph, place.edge)
    other = place.args[1 - place.edge.arg] if len(place.args) == 2 else None
    if other is None or len(other.shape) != 2 or f"{other.id}.T" not in text:
        return ""
    return f", along the other axis of {other.id} than forward: hence {other.id}ᵀ"


def _einsum_shapes(place: Place) -> str:
    spec = place.site["letters"]
    if not contraction.is_product(spec, place.site.shapes):
        return ""
    one, other = place.args
    ranks = (len(one.shape), len(other.shape))
    g, first = place.node.shape, place.edge.arg == 0
    if ranks == (2, 1) and first:
        return (
            f"with the {other.shape[0]} numbers of {other.id}, one for each pair, it makes {said(one.shape)}"
        )
    if ranks == (1, 2) and not first:
        return f"with the {one.shape[0]} numbers of {one.id}, one for each pair, it makes {said(other.shape)}"
    if ranks == (1, 1):
        return f"one number, times each of {other.id if first else one.id}"
    if ranks == (2, 1):
        return f"only {one.id}ᵀ, {said(one.shape[::-1])}, makes {said(other.shape)} of it"
    if ranks == (1, 2):
        return f"only {other.id}, {said(other.shape)}, makes {said(one.shape)} of it"
    if ranks == (2, 2) and first:
        return f"times {other.id}ᵀ, {said(other.shape[::-1])}, it is {said((g[0], other.shape[0]))}"
    if ranks == (2, 2):
        return f"{one.id}ᵀ, {said(one.shape[::-1])}, times it is {said((one.shape[1], g[1]))}"
    return ""


# Moves


def _transpose(place: Place) -> Letters:
    axes, own = place.site["axes"], place.idx(place.child.shape)
    there = [own[axis] for axis in axes]
    cell, into = _at(place.x, own), _at(place.f, there)
    return Letters(f"{cell} is {into}", f"{into} = {cell}", cell, _at(place.G, there),
                   _sizes(own, place.child.shape))  # fmt: skip


def _reshape(place: Place) -> Letters:
    return Letters(
        f"Counted row by row, cell number n is the same in both: each gets {place.G}'s cell of its own number"
    )


def _step(start: int, step: int, letter: str) -> str:
    """Where the cell number ``letter`` of a slice stands: ``2i + 1``."""
    if step < 0:
        return f"{start} − {letter}" if step == -1 else f"{start} − {-step} · {letter}"
    times = letter if step == 1 else f"{step} · {letter}"
    return f"{times} + {start}" if start else times


def _entries(place: Place, entries: Sequence[Entry]) -> tuple[list[str], list[str]]:
    """The letters of what is taken out, and where each cell stands."""
    taken: list[str] = []
    places: list[str] = []
    for entry in entries:
        if isinstance(entry, int):
            places.append(str(entry))
        else:
            taken.append(place.letters[len(taken)])
            places.append(_step(entry[0], entry[2], taken[-1]))
    return taken, places


def _slice(place: Place) -> Letters:
    taken, there = _entries(place, place.site["at"])
    cell, into = _at(place.x, there), _at(place.f, taken)
    whole = place.node.shape and size(place.node.shape) == size(place.child.shape)
    rest = "" if whole else f", and the other cells of {place.x} are nowhere in it: they get 0"
    why = f"{cell} is {into}{rest}"
    return Letters(why, f"{into} = {cell}", cell, _at(place.G, taken), _sizes(taken, place.node.shape))


def _pad(place: Place) -> Letters:
    taken, there = _entries(place, place.site["at"])
    cell, into = _at(place.x, taken), _at(place.f, there)
    return Letters(f"{cell} is {into}, and the other cells are 0 whatever it is", f"{into} = {cell}", cell,
                   _at(place.G, there), _sizes(taken, place.child.shape))  # fmt: skip


def _flip(place: Place) -> Letters:
    own, axis = place.idx(place.child.shape), place.site["axis"]
    there = [
        f"{place.child.shape[axis] - 1} − {letter}" if number == axis else letter
        for number, letter in enumerate(own)
    ]
    cell, into = _at(place.x, own), _at(place.f, there)
    return Letters(f"{cell} is {into}", f"{into} = {cell}", cell, _at(place.G, there),
                   _sizes(own, place.child.shape))  # fmt: skip


def _concat(place: Place) -> Letters:
    own, axis = place.idx(place.child.shape), place.site["axis"]
    start = sum(arg.shape[axis] for arg in place.args[: place.edge.arg])
    there = [_step(start, 1, letter) if number == axis else letter for number, letter in enumerate(own)]
    return _put(place, own, there)


def _stack(place: Place) -> Letters:
    own, axis = place.idx(place.child.shape), place.site["axis"]
    return _put(place, own, [*own[:axis], str(place.edge.arg), *own[axis:]])


def _put(place: Place, own: Sequence[str], there: Sequence[str]) -> Letters:
    cell, into = _at(place.x, own), _at(place.f, there)
    why = f"{cell} is {into}"
    return Letters(why, f"{into} = {cell}", cell, _at(place.G, there), _sizes(own, place.child.shape))


def _gather(place: Place) -> Letters:
    if place.edge.arg:
        return Letters(
            f"{place.x} says which cells are taken: a choice does not change by a little, it gets 0"
        )
    indices = ", ".join(arg.id for arg in place.args[1:])
    return Letters(
        f"{place.f} has the cells of {place.x} whose numbers stand in {indices}; each gets the sum of "
        f"{place.G} over all the places where it was put, and those that nobody took get 0"
    )


def _scatter(place: Place) -> Letters:
    if place.edge.arg:
        return Letters(
            f"{place.x} says where cells are added: a choice does not change by a little, it gets 0"
        )
    return Letters(f"Each cell of {place.x} was added at one place: it gets {place.G}'s cell from there")


def _triangle(place: Place) -> Letters:
    own = place.idx(place.child.shape)
    row, column, k = own[-2], own[-1], place.site["k"]
    sign = "≤" if place.node.op == "tril" else "≥"
    where = f"where {column} − {row} {sign} {k}"
    cell, into = _at(place.x, own), _at(place.f, own)
    return Letters(
        f"{into} is {cell} {where}, and 0 elsewhere: there {cell} gets {_at(place.G, own)}, elsewhere 0"
    )


def _cumsum(place: Place) -> Letters:
    line = _along(place)
    cell, into, later = _at(place.x, line.own), _at(place.f, line.own), _at(place.f, line.again)
    own, new = line.own[place.site["axis"]], line.fresh[0]
    back = _sum([new], f"{_at(place.G, line.again)} · [{new} ≥ {own}]")
    forward = f"{into} = {_sum([new], f'{_at(place.x, line.again)} · [{new} ≤ {own}]')}"
    return Letters(f"{cell} is in {into} and in every {later} after it", forward, cell, back, line.sizes)


def _choice(place: Place) -> Letters:
    return Letters(
        f"{place.f} is a choice: it does not change where {place.x} changes by a little, which gets 0"
    )


def _classes(place: Place) -> Letters:
    return Letters(f"{place.x} names classes: a class does not change by a little, so {place.x} gets 0")


def _unfold(place: Place) -> Letters:
    return Letters(
        f"Each column of {place.f} is a window of {place.x}; a cell in several of them gets the sum of "
        f"{place.G} over all of its places there"
    )


def _fold(place: Place) -> Letters:
    return Letters(
        f"Each cell of {place.x} was added at one place of a window: it gets {place.G}'s cell from there"
    )


# Convolutions, and what is followed through its definition


def _conv(place: Place) -> Letters:
    x, w = place.args
    if len(w.shape) not in (1, 2):
        return _windows(place)
    count = len(w.shape)
    out, kernel = list(place.letters[:count]), list(place.letters[count : 2 * count])
    settings = place.site.settings
    stride, padding = (_pair(settings[name], count) for name in ("stride", "padding"))
    there = [_moved(i, k, s, p) for i, k, s, p in zip(out, kernel, stride, padding, strict=True)]
    sizes = {**_sizes(out, place.node.shape), **_sizes(kernel, w.shape)}
    product = f"{_at(w.id, kernel)} · {_at(x.id, there)}"
    forward = f"{_at(place.f, out)} = {_sum(kernel, product)}"
    if any(padding):
        forward += f", with 0 for what is outside {x.id}"
    if place.edge.arg == 0:
        why = (
            f"A cell of {x.id} may be under {w.id} at several places, each time under another cell: "
            f"it gets the sum of {place.G} times that"
        )
        return Letters(why, forward, sizes=sizes)
    why = f"{_at(w.id, kernel)} is used at every place, so that all places are summed"
    if any(padding):
        return Letters(f"{why}: it gets the sum of {place.G} times what it met", forward, sizes=sizes)
    back = _sum(out, f"{_at(place.G, out)} · {_at(x.id, there)}")
    return Letters(why, forward, _at(w.id, kernel), back, sizes)


def _pair(value: Any, count: int) -> list[int]:
    found = list(value) if isinstance(value, tuple) else [value]
    return (found * count)[:count]


def _moved(out: str, kernel: str, stride: int, padding: int) -> str:
    text = f"{out if stride == 1 else f'{stride} · {out}'} + {kernel}"
    return f"{text} − {padding}" if padding else text


def _windows(place: Place) -> Letters:
    x, w = place.args
    if place.edge.arg:
        return Letters(
            f"Each cell of {w.id} is used at every place: "
            f"it gets the sum of {place.G} times what it met there"
        )
    return Letters(
        f"A cell of {x.id} may be under {w.id} at several places: "
        f"it gets the sum of {place.G} times what it met"
    )


def _pool(place: Place) -> Letters:
    """In words: windows may overlap, and a cell be the largest of several."""
    own = place.idx(place.node.shape)
    return Letters(
        f"{_at(place.f, own)} is the largest cell of its window of {place.x}: that cell gets "
        f"{_at(place.G, own)} from it, and of those that tie each has its share, as with PyTorch's amax "
        "(max_pool2d there gives all of it to one of them)"
    )


def _defined(place: Place) -> Letters:
    op = TENSORS[place.node.op]
    text = backward.settled(op.definition(place.site, stable=False), place.site.settings)
    args = ", ".join(
        f"{name} = {arg.id}"
        for name, arg in zip(op.names_at(len(place.args)), place.args, strict=True)
        if name != arg.id
    )
    where = f" ({args})" if args else ""
    return Letters(f"{op.names[0]} is {text}{where}: the chain rule goes back through that, piece by piece")


_HOW: Mapping[str, Callable[[Place], str]] = {
    "broadcast": _broadcast_shapes,
    "sum_over": _copied_shapes,
    "mean_over": _copied_shapes,
    "einsum": _einsum_shapes,
}

_ROWS: Mapping[str, Callable[[Place], Letters]] = {
    "broadcast": _broadcast,
    "sum_over": _summed,
    "mean_over": lambda place: _summed(place, mean=True),
    "prod_over": _prod,
    "max_over": _extreme("largest", "amax"),
    "min_over": _extreme("smallest", "amin"),
    "variance": _variance,
    "std": _deviation,
    "norm": _norm,
    "logsumexp_over": _logsumexp,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "cross_entropy": _entropy,
    "einsum": _einsum,
    "transpose": _transpose,
    "reshape": _reshape,
    "slice": _slice,
    "pad": _pad,
    "flip": _flip,
    "concat": _concat,
    "stack": _stack,
    "gather": _gather,
    "scatter_add": _scatter,
    "tril": _triangle,
    "triu": _triangle,
    "cumsum": _cumsum,
    "argmax": _choice,
    "argmin": _choice,
    "argsort": _choice,
    "one_hot": _classes,
    "unfold": _unfold,
    "fold": _fold,
    "max_pool": _pool,
    "conv1d": _conv,
    "conv2d": _conv,
}
