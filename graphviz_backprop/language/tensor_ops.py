"""The rows of operations that know tensors by their axes; those of :mod:`.ops` work cell by cell.

They come in pairs, each the other's backward: what was copied is summed, what was summed is copied; what was
taken out is put back. A contraction needs no table: its letters say the gradient
(:mod:`graphviz_backprop.language.letters`). Composites have a definition in the language, and a stable form
beside it where that is needed.

A row's backward rules are texts in the language, one for each argument: over the arguments' names, the result
``f`` and its gradient ``G``. They are parsed and evaluated like any program: *the rule that is shown is the
rule that is evaluated*. Where a text depends on shapes, a function of the :class:`Site` writes it.

What decides a shape or a choice (an axis, a slice, the letters) is a *setting* of the node: no edge leads to
it. In texts, ``axis=axis`` passes a setting on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphviz_backprop.language import indices, letters, ops
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, OPS, PRIMITIVE, Functions, Op
from graphviz_backprop.language.shapes import (
    Misfit,
    Shape,
    axis_of,
    checked,
    listed,
    said,
    size,
    together,
    without,
)
from graphviz_backprop.language.tensor import MAKERS

Setting: TypeAlias = Any
"""A whole number, a number, a truth value, a text, None, or a tuple of these."""
Settings: TypeAlias = tuple[tuple[str, Setting], ...]


@dataclass(frozen=True)
class Site:
    """A row at a node: the shapes of its arguments, and its settings."""

    shapes: tuple[Shape, ...]
    settings: Mapping[str, Setting]

    @property
    def x(self) -> Shape:
        """The first argument's shape."""
        return self.shapes[0]

    def __getitem__(self, name: str) -> Setting:
        return self.settings[name]

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes that the setting ``axis`` names, all where it is None."""
        axis = self.settings["axis"]
        if axis is None:
            return tuple(range(len(self.x)))
        return axis if isinstance(axis, tuple) else (axis,)

    @property
    def count(self) -> int:
        """How many cells these axes have together."""
        return size(tuple(self.x[axis] for axis in self.axes))

    @property
    def kept(self) -> Shape:
        """The shape after the axes were summed up, where they stay with size 1."""
        return without(self.x, self.axes, keepdim=True)


Text: TypeAlias = str | Callable[[Site], str]
Rule: TypeAlias = str | Callable[[Site, int], str]


@dataclass(frozen=True, kw_only=True)
class TensorOp(Op):
    """A row that knows axes.

    ``settings`` are the names of its settings with what holds where they are not given (:data:`NEEDED`: they
    must be); ``sizes`` names those that may follow the arguments as plain whole numbers, with a ``*`` before
    the one that takes all of them. ``settle`` brings settings into one form; ``shape`` is the result's.
    ``define`` is the definition where it depends on the site; ``why_stable`` what the other form is computed
    for; ``cornered`` is what it is in numbers where f is 0 and the definition has no slope, with the slope of
    the convention. ``backward`` has a rule for each argument;
    without one, the chain rule goes through the definition. ``short`` is what an edge says: ``· Wᵀ``.
    ``examples`` are small programs for the rule book: variables, then ``f``.
    """

    value: str = PRIMITIVE
    partials: tuple[str, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    sizes: tuple[str, ...] = ()
    settle: Callable[[Site], Mapping[str, Setting]] = lambda site: site.settings
    shape: Callable[[Site], Shape] = lambda site: site.x
    define: Callable[[Site], str] | None = None
    stable_define: Callable[[Site], str] | None = None
    why_stable: str = "which does not overflow"
    cornered: str = ""
    backward: tuple[Rule, ...] = ()
    short: tuple[Rule, ...] = ()
    examples: tuple[str, ...] = ()
    most: int = 0  # arguments, of a variadic row; 0: any number

    @property
    def primitive(self) -> bool:
        return self.value == PRIMITIVE and self.define is None

    def definition(self, site: Site, stable: bool = True) -> str:
        """What it is made of, in the language; the stable form is what is computed."""
        if stable and (self.stable_define or self.stable):
            return self.stable_define(site) if self.stable_define else self.stable
        return self.define(site) if self.define else self.value

    def written_rule(self, site: Site, arg: int) -> str:
        """The backward rule by argument number ``arg``; nothing where its definition has to be followed."""
        return _at(self.backward, site, arg)

    def said_rule(self, site: Site, arg: int) -> str:
        """What an edge says of it."""
        return _at(self.short, site, arg) or self.written_rule(site, arg) or "through its definition"

    def work(self, site: Site) -> int:
        """How many products a contraction has."""
        if self.name != "einsum":
            return 0
        return size(tuple(letters.read(site["letters"]).sizes(site.shapes).values()))

    def names_at(self, count: int) -> tuple[str, ...]:
        """The names of so many arguments in the rules: of a variadic row's last, ``x0, x1 …``."""
        if not self.variadic:
            return self.arguments[:count]
        fixed = self.arguments[:-1]
        return (*fixed, *(f"{self.arguments[-1]}{at}" for at in range(count - len(fixed))))

    def takes(self, count: int) -> bool:
        if self.variadic:
            return count >= self.fewest and (not self.most or count <= self.most)
        return count == len(self.arguments)


def _at(rules: Sequence[Rule], site: Site, arg: int) -> str:
    if not rules:
        return ""
    rule = rules[min(arg, len(rules) - 1)]
    return rule if isinstance(rule, str) else rule(site, arg)


NEEDED = object()
"""A setting that has to be given."""

_AXES = {"axis": None, "keepdim": False}
_LAST = {"axis": -1}


# Settings


def _axes(site: Site) -> dict[str, Setting]:
    axis = site["axis"]
    if axis is not None:
        many = isinstance(axis, tuple)
        found = tuple(_whole("axis", at, site.x) for at in (axis if many else (axis,)))
        if len(set(found)) < len(found):
            raise Misfit("an axis is named twice")
        axis = tuple(sorted(found)) if len(found) > 1 else found[0]
    return {**site.settings, "axis": axis, "keepdim": bool(site["keepdim"])}


def _whole(name: str, axis: Setting, shape: Shape, more: int = 0) -> int:
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise Misfit(f"{name} is a whole number, 0 for the first axis")
    return axis_of(axis, shape, more)


def _axis(site: Site) -> dict[str, Setting]:
    return {**site.settings, "axis": _whole("axis", site["axis"], site.x)}


def _along(name: str, most: int, usual: int) -> Callable[[Site], dict[str, Setting]]:
    """The one axis that a row goes along: the ``usual`` one where none is named; of a tensor with more than
    ``most`` axes it is named, since libraries differ there."""

    def settle(site: Site) -> dict[str, Setting]:
        if site["axis"] is None and len(site.x) > most:
            raise Misfit(f"{name} goes along one axis of {said(site.x)}, which is named")
        return {"axis": _whole("axis", usual if site["axis"] is None else site["axis"], site.x)}

    return settle


def _wholes(name: str, value: Setting) -> tuple[int, ...]:
    found = value if isinstance(value, tuple) else (value,)
    if not found or any(not isinstance(one, int) or isinstance(one, bool) for one in found):
        raise Misfit(f"{name} is made of whole numbers")
    return found


# Shapes


def _reduced(site: Site) -> Shape:
    return without(site.x, site.axes, site["keepdim"])


_CHOSEN = "0: a place is a choice"


def _nothing(site: Site, arg: int) -> str:
    """No gradient flows back."""
    return f"zeros({listed(site.shapes[arg])})" if site.shapes[arg] else "0"


def _back(text: str) -> Callable[[Site, int], str]:
    """G and f with the summed axes put in again, of size 1: they fit the argument cell by cell."""

    def write(site: Site, arg: int) -> str:
        def again(name: str) -> str:
            if site["keepdim"] or not site.axes or (site.kept == _reduced(site)):
                return name
            return f"reshape({name}, {listed(site.kept)})" if len(site.axes) < len(site.x) else name

        axis = "" if site["axis"] is None else f", axis={site['axis']}"
        return text.format(
            G=again("G"), f=again("f"), axis=axis, n=site.count, x=listed(site.x), all=f"{axis}, keepdim=True"
        )

    return write


def _over(word: str) -> Callable[[Site, int], str]:
    def write(site: Site, arg: int) -> str:
        axes = "all" if site["axis"] is None else f"axis {', '.join(map(str, site.axes))}"
        return word.format(axes=axes, n=site.count)

    return write


def _broadcast_settings(site: Site) -> dict[str, Setting]:
    shape = _wholes("a shape", site["shape"])
    if any(length < 1 for length in shape):
        raise Misfit("an axis has at least one cell")
    checked(shape)
    if together((site.x, shape)) != shape:
        raise Misfit(f"{said(site.x)} can't be copied to {said(shape)}")
    return {"shape": shape}


def copied(x: Shape, shape: Shape) -> tuple[int, ...]:
    """The axes of the result along which a broadcast copies."""
    more = len(shape) - len(x)
    return tuple(
        axis for axis, length in enumerate(shape) if axis < more or (x[axis - more] == 1 and length > 1)
    )


def _unbroadcast(site: Site, arg: int) -> str:
    shape, x = site["shape"], site.x
    axes = copied(x, shape)
    if not axes:
        return "G" if x == shape else f"reshape(G, {listed(x)})"
    more = len(shape) - len(x)
    if len(axes) == len(shape) and not x:
        return "sum(G)"
    axis = axes[0] if len(axes) == 1 else axes
    if all(axis >= more for axis in axes) and more == 0:
        return f"sum(G, axis={axis}, keepdim=True)"
    found = f"sum(G, axis={axis})"
    left = without(shape, axes)
    return found if left == x else f"reshape({found}, {listed(x)})"


def _copies(site: Site, arg: int) -> str:
    axes = copied(site.x, site["shape"])
    return f"Σ over {', '.join(map(str, axes))}" if axes else "the same cells"


def _reshape_settings(site: Site) -> dict[str, Setting]:
    shape = _wholes("a shape", site["shape"])
    cells = size(site.x)
    if shape.count(-1) > 1:
        raise Misfit("one size may be -1, for what is left")
    known = size(tuple(length for length in shape if length != -1))
    if any(length < 1 and length != -1 for length in shape):
        raise Misfit("an axis has at least one cell")
    if -1 in shape and cells % known == 0:
        shape = tuple(cells // known if length == -1 else length for length in shape)
    if -1 in shape or size(shape) != cells:
        wanted = "×".join("?" if length == -1 else str(length) for length in shape)
        raise Misfit(f"{said(site.x)} has {cells:,} cells, and {wanted} does not have as many")
    return {"shape": checked(shape)}


def _moved(site: Site) -> Shape:
    return tuple(site.x[axis] for axis in site["axes"])


def _permute_settings(site: Site) -> dict[str, Setting]:
    axes = tuple(_whole("an axis", axis, site.x) for axis in _wholes("axes", site["axes"]))
    if sorted(axes) != list(range(len(site.x))):
        raise Misfit(f"permute names each of the {len(site.x)} axes once")
    return {"axes": axes}


def _inverse(site: Site, arg: int) -> str:
    axes = site["axes"]
    if len(axes) == 2 and axes == (1, 0):
        return "G.T"
    return f"permute(G, {', '.join(str(axes.index(axis)) for axis in range(len(axes)))})"


def _slice_settings(site: Site) -> dict[str, Setting]:
    return {"at": _entries(site["at"], site.x)}


def _entries(at: Setting, shape: Shape) -> tuple[indices.Entry, ...]:
    """What stands between brackets, as it was typed there or as a text."""
    if isinstance(at, str):
        return indices.settled(indices.read(at), shape)
    if not isinstance(at, (list, tuple)):
        raise Misfit('indices are written as a text: at="0, 1:3"')
    for entry in at:
        ends = entry if isinstance(entry, tuple) else (entry,)
        if len(ends) not in (1, 3) or any(isinstance(x, bool) or not isinstance(x, int | None) for x in ends):
            raise Misfit('indices are written as a text: at="0, 1:3"')
    return indices.settled(list(at), shape)


def _pad_settings(site: Site) -> dict[str, Setting]:
    shape = checked(_wholes("a shape", site["shape"]))
    at = _entries(site["at"], shape)
    if indices.shape_of(at) != site.x:
        raise Misfit(f"{said(site.x)} does not fit where it is put: that is {said(indices.shape_of(at))}")
    return {"shape": shape, "at": at}


def _put_back(site: Site, arg: int) -> str:
    return f'pad(G, {listed(site.x)}, at="{indices.written(site["at"], site.x)}")'


def _taken(site: Site, arg: int) -> str:
    return f"G[{indices.written(site['at'], site['shape'])}]"


def _gather_settings(site: Site) -> dict[str, Setting]:
    axis = _whole("axis", site["axis"], site.x)
    if axis + len(site.shapes) - 1 > len(site.x):
        raise Misfit(f"{len(site.shapes) - 1} indices for {said(site.x)}")
    return {"axis": axis}


def gathered(site: Site) -> Shape:
    axis, picked = site["axis"], together(site.shapes[1:])
    return checked((*site.x[:axis], *picked, *site.x[axis + len(site.shapes) - 1 :]))


def _ix(site: Site) -> str:
    return ", ".join(f"i{at}" for at in range(len(site.shapes) - 1))


def _gather_back(site: Site, arg: int) -> str:
    if arg:
        return _nothing(site, arg)
    axis = f", axis={site['axis']}" if site["axis"] else ""
    return f"scatter_add(G, {_ix(site)}, shape={site.x}{axis})"


def _scatter_settings(site: Site) -> dict[str, Setting]:
    shape = checked(_wholes("a shape", site["shape"]))
    axis = _whole("axis", site["axis"], shape)
    wanted = gathered(Site((shape, *site.shapes[1:]), {"axis": axis}))
    if wanted != site.x:
        raise Misfit(f"{said(site.x)} can't be added there: that takes {said(wanted)}")
    return {"shape": shape, "axis": axis}


def _scatter_back(site: Site, arg: int) -> str:
    if arg:
        return _nothing(site, arg)
    before = ":, " * site["axis"]
    return f"G[{before}{_ix(site)}]"


def _concat(site: Site) -> Shape:
    axis = site["axis"]
    for shape in site.shapes:
        if len(shape) != len(site.x) or without(shape, (axis,)) != without(site.x, (axis,)):
            raise Misfit(
                f"{said(site.x)} and {said(shape)} can't be joined along axis {axis}: the others differ"
            )
    length = sum(shape[axis] for shape in site.shapes)
    return checked((*site.x[:axis], length, *site.x[axis + 1 :]))


def _part(site: Site, arg: int) -> str:
    axis = site["axis"]
    start = sum(shape[axis] for shape in site.shapes[:arg])
    return f"G[{':, ' * axis}{start}:{start + site.shapes[arg][axis]}]"


def _stack_settings(site: Site) -> dict[str, Setting]:
    return {"axis": _whole("axis", site["axis"], site.x, more=1)}


def _stacked(site: Site) -> Shape:
    for at, shape in enumerate(site.shapes):
        if shape != site.x:
            raise Misfit(f"row 0 is {said(site.x)} and row {at} is {said(shape)}: rows of a tensor are alike")
    axis = site["axis"]
    return checked((*site.x[:axis], len(site.shapes), *site.x[axis:]))


def _einsum_settings(site: Site) -> dict[str, Setting]:
    spec = site["letters"]
    if not isinstance(spec, str):
        raise Misfit('einsum has its letters first: einsum("ik,kj->ij", A, B)')
    return {"letters": str(letters.read(letters.named(spec, site.shapes)))}


def _einsum_shape(site: Site) -> Shape:
    return letters.read(site["letters"]).shape(site.shapes)


def _einsum_back(site: Site, arg: int) -> str:
    found, names = letters.read(site["letters"]), [f"x{at}" for at in range(len(site.shapes))]
    if len(site.shapes) == 2 and letters.is_product(str(found), site.shapes):
        ranks = tuple(map(len, site.shapes))
        texts = {
            (1, 1): ("G * x1", "G * x0"),
            (2, 1): ("outer(G, x1)", "x0.T @ G"),
            (1, 2): ("x1 @ G", "outer(x0, G)"),
            (2, 2): ("G @ x1.T", "x0.T @ G"),
        }
        if ranks in texts:
            return texts[ranks][arg]
    return found.backward(arg, names, site.shapes)


def _conv_size(length: int, window: int, stride: int, padding: int) -> int:
    return (length + 2 * padding - window) // stride + 1


def _pair(name: str, value: Setting) -> tuple[int, int]:
    found = _wholes(name, value)
    if len(found) > 2:
        raise Misfit(f"{name} has one number, or two")
    return found[0], found[-1]


def _unfold_settings(site: Site) -> dict[str, Setting]:
    if len(site.x) < 2:
        raise Misfit(f"unfold takes pictures, of two axes at least: this is {said(site.x)}")
    window, stride, padding = (_pair(name, site[name]) for name in ("window", "stride", "padding"))
    if min(*window, *stride) < 1 or min(padding) < 0:
        raise Misfit("a window and its stride are at least 1, its padding at least 0")
    for length, part, pad in zip(site.x[-2:], window, padding, strict=True):
        if length + 2 * pad < part:
            raise Misfit(f"a window of {said(window)} does not fit into {said(site.x[-2:])}")
    return {"window": window, "stride": stride, "padding": padding}


def windows(site: Site, picture: Shape) -> tuple[int, int]:
    """How many windows there are, down and across."""
    return tuple(  # type: ignore[return-value]
        _conv_size(length, part, step, pad)
        for length, part, step, pad in zip(
            picture[-2:], site["window"], site["stride"], site["padding"], strict=True
        )
    )


def unfolded(site: Site, picture: Shape) -> Shape:
    channels = picture[-3] if len(picture) > 2 else 1
    down, across = windows(site, picture)
    return checked((*picture[:-3], channels * size(site["window"]), down * across))


def _unfold_text(site: Site) -> str:
    return f"window={site['window']}, stride={site['stride']}, padding={site['padding']}"


def _fold_settings(site: Site) -> dict[str, Setting]:
    shape = checked(_wholes("a shape", site["shape"]))
    found = _unfold_settings(Site((shape,), site.settings))
    wanted = unfolded(Site((shape,), found), shape)
    if wanted != site.x:
        raise Misfit(f"{said(site.x)} are not the windows of {said(shape)}: those are {said(wanted)}")
    return {"shape": shape, **found}


# Composites


def _conv_settings(site: Site) -> dict[str, Setting]:
    x, w = site.shapes[:2]
    if len(w) not in (2, 4) or len(x) not in (2, 3, 4) or (len(w) == 2) != (len(x) == 2):
        raise Misfit(
            f"conv2d takes a picture and a kernel, both of two axes, or pictures (channels, height, width) "
            f"and kernels (filters, channels, height, width): these are {said(x)} and {said(w)}"
        )
    if len(w) == 4 and w[1] != x[-3]:
        raise Misfit(f"the pictures have {x[-3]} channels, and the kernels {w[1]}: {said(x)} and {said(w)}")
    window = {"window": w[-2:], "stride": site["stride"], "padding": site["padding"]}
    found = _unfold_settings(Site((x,), window))
    unfolded(Site((x,), found), x)
    return {"stride": found["stride"], "padding": found["padding"]}


def _conv_parts(site: Site) -> tuple[Shape, str]:
    x, w = site.shapes[:2]
    window = Site((x,), {"window": w[-2:], **site.settings})
    down, across = windows(window, x)
    shape = (down, across) if len(w) == 2 else (*x[:-3], w[0], down, across)
    rows, columns = (1, size(w)) if len(w) == 2 else (w[0], size(w[1:]))
    text = f"reshape(w, {rows}, {columns}) @ unfold(x, {_unfold_text(window)})"
    return checked(shape), f"reshape({text}, {listed(shape)})"


def _conv1d_settings(site: Site) -> dict[str, Setting]:
    x, w = site.shapes[:2]
    if len(w) not in (1, 3) or len(x) not in (1, 2, 3) or (len(w) == 1) != (len(x) == 1):
        raise Misfit(
            f"conv1d takes a signal and a kernel, both of one axis, or signals (channels, length) and "
            f"kernels (filters, channels, length): these are {said(x)} and {said(w)}"
        )
    stride, padding = _wholes("stride", site["stride"]), _wholes("padding", site["padding"])
    if len(stride) > 1 or len(padding) > 1:
        raise Misfit("conv1d has one stride and one padding")
    found = {"stride": stride[0], "padding": padding[0]}
    _conv_settings(_flat(Site(site.shapes, found)))
    return found


def _flat(site: Site) -> Site:
    """A signal as a picture of one line."""
    x, w = site.shapes[:2]
    shapes = (*x[:-1], 1, x[-1]), (*w[:-1], 1, w[-1])
    return Site(shapes, {"stride": (1, site["stride"]), "padding": (0, site["padding"])})


def _conv1d_parts(site: Site) -> tuple[Shape, str]:
    flat = _flat(site)
    shape, _ = _conv_parts(flat)
    x, w = flat.shapes
    shape = (*shape[:-2], shape[-1])
    text = f"conv2d(reshape(x, {listed(x)}), reshape(w, {listed(w)}), {_both(flat)})"
    return shape, f"reshape({text}, {listed(shape)})"


def _both(site: Site) -> str:
    return f"stride={site['stride']}, padding={site['padding']}"


def _pool_settings(site: Site) -> dict[str, Setting]:
    window = site["window"]
    stride = window if site["stride"] is None else site["stride"]
    found = _unfold_settings(Site(site.shapes, {"window": window, "stride": stride, "padding": 0}))
    return {"window": found["window"], "stride": found["stride"]}


def _pool_parts(site: Site) -> tuple[Shape, str]:
    x = site.x
    each = (size(x[:-2]), 1, *x[-2:])
    window = Site((each,), {**site.settings, "padding": (0, 0)})
    down, across = windows(window, x)
    shape = (*x[:-2], down, across)
    picture = "x" if len(x) == 2 else f"reshape(x, {listed(each)})"
    axis = 0 if len(x) == 2 else 1
    return shape, f"reshape(max(unfold({picture}, {_unfold_text(window)}), axis={axis}), {listed(shape)})"


def _entropy_settings(site: Site) -> dict[str, Setting]:
    z, y = site.shapes
    if not z or len(z) > 2:
        raise Misfit(f"cross_entropy takes scores, one line for each sample: these are {said(z)}")
    if y not in (z, z[:-1]):
        raise Misfit(
            f"the scores are {said(z)}, so the classes are {said(z[:-1])} or, as probabilities, {said(z)}: "
            f"these are {said(y)}"
        )
    return {}


def _entropy(site: Site) -> str:
    z, y = site.shapes
    if y == z:
        count = size(z[:-1])
        return f"-sum(y * log_softmax(z)){f' / {count}' if count > 1 else ''}"
    if len(z) == 1:
        return "-log_softmax(z)[y]"
    return f"-mean(log_softmax(z)[arange({z[0]}), y])"


def _entropy_of_classes(site: Site) -> str:
    """Indices below 0 count from the end, classes don't: at -0.5 there is no cell, whatever the length."""
    return (
        _entropy(site) if site.shapes[0] == site.shapes[1] else _entropy(site).replace("y]", "max(y, -0.5)]")
    )


def _entropy_back(site: Site, arg: int) -> str:
    z, y = site.shapes
    count = size(z[:-1])
    by = f" / {count}" if count > 1 else ""
    if arg == 0 and y == z:
        return f"G * (softmax(z) * sum(y, axis=-1, keepdim=True) - y){by}"
    if arg == 0:
        return f"G * (softmax(z) - one_hot(y, {z[-1]})){by}"
    return f"-G * log_softmax(z){by}" if y == z else _nothing(site, arg)


def _attention_settings(site: Site) -> dict[str, Setting]:
    q, k, v = site.shapes
    if min(map(len, site.shapes)) < 2 or q[:-2] != k[:-2] or k[:-1] != v[:-1] or q[-1] != k[-1]:
        raise Misfit(
            f"attention takes queries, keys and values (tokens, numbers), as many values as keys and keys as "
            f"long as queries: these are {said(q)}, {said(k)} and {said(v)}"
        )
    return {"causal": bool(site["causal"])}


def _attention(site: Site) -> str:
    q, k, _ = site.shapes
    scores = f"q @ {_swapped('k', len(k))} / sqrt({q[-1]})"
    if site["causal"]:
        scores = f"where(tril(ones({listed(q[-2:-1] + k[-2:-1])})), {scores}, -inf)"
    return f"softmax({scores}) @ v"


def _swapped(name: str, rank: int) -> str:
    return f"{name}.T" if rank == 2 else f"transpose({name}, -1, -2)"


def _norm_shape(site: Site) -> Shape:
    for shape in site.shapes[1:]:
        if together((site.x, shape)) != site.x:
            raise Misfit(f"{said(shape)} does not fit {said(site.x)}")
    return site.x


def _needs_axes(name: str, fewest: int) -> Callable[[Site], dict[str, Setting]]:
    def settle(site: Site) -> dict[str, Setting]:
        if len(site.x) < fewest:
            raise Misfit(f"{name} takes a tensor of {fewest} or more axes: this is {said(site.x)}")
        if isinstance(site["eps"], bool) or not isinstance(site["eps"], int | float):
            raise Misfit("eps is a number, such as 1e-5")
        return dict(site.settings)

    return settle


_NORMED = "(x - mean(x, axis={0}, keepdim=True)) / sqrt(var(x, axis={0}, keepdim=True) + eps)"


def _some_axes(name: str) -> Callable[[Site], dict[str, Setting]]:
    """The axes that a row goes along; a number has none, and what it would be is another function's."""

    def settle(site: Site) -> dict[str, Setting]:
        if not site.x:
            raise Misfit(f"{name} takes a tensor of 1 or more axes: this is a number")
        return _axes(site)

    return settle


def _variance_settings(name: str) -> Callable[[Site], dict[str, Setting]]:
    def settle(site: Site) -> dict[str, Setting]:
        found = _some_axes(name)(site)
        correction, count = found["correction"], Site(site.shapes, found).count
        if not isinstance(correction, int) or isinstance(correction, bool):
            raise Misfit("correction is a whole number: 1 divides by n - 1")
        if not 0 <= correction < count:
            cells = f"{count} cell{'' if count == 1 else 's'}"
            raise Misfit(f"{name} of {cells} can't divide by n - {correction}")
        return found

    return settle


def _variance(site: Site) -> str:
    axis = "" if site["axis"] is None else f", axis={site['axis']}"
    count = site.count - site["correction"]
    return f"sum((x - mean(x{axis}, keepdim=True))^2, axis=axis, keepdim=keepdim) / {count}"


def _deviation_back(site: Site, arg: int) -> str:
    less = site.count - site["correction"]
    return _back(f"{{G}} * where({{f}} == 0, 0, (x - mean(x{{all}})) / ({less} {{f}}))")(site, arg)


_CORNERED = "({0} != 0) * sqrt({0} + ({0} == 0))"
"""A root that has the slope 0 where it is one of 0."""


def _argmax_settings(site: Site) -> dict[str, Setting]:
    if site["axis"] is None:
        return {"axis": None}
    return _axis(site)


def _argmax_shape(site: Site) -> Shape:
    return () if site["axis"] is None else without(site.x, (site["axis"],))


def _one_hot_settings(site: Site) -> dict[str, Setting]:
    (classes,) = _wholes("classes", site["classes"])[:1]
    if classes < 1:
        raise Misfit("there is at least one class")
    return {"classes": classes}


def _triangle_settings(site: Site) -> dict[str, Setting]:
    if len(site.x) < 2:
        raise Misfit(f"a triangle is of a matrix: this is {said(site.x)}")
    (k,) = _wholes("k", site["k"])[:1]
    return {"k": k}


def _reduction(name: str, call: str, **row: Any) -> TensorOp:
    """A row that makes fewer axes."""
    row = {"settings": _AXES, "settle": _axes, **row}
    return TensorOp(name=name, call=call, params="x", shape=_reduced, **row)


TENSOR_OPS: tuple[TensorOp, ...] = (
    # copies and sums
    TensorOp(
        name="broadcast",
        params="x",
        settings={"shape": NEEDED},
        sizes=("*shape",),
        settle=_broadcast_settings,
        shape=lambda site: site["shape"],
        backward=(_unbroadcast,),
        short=(_copies,),
        rules=("copies are summed",),
        about="copies of x along the axes that it lacks, or that have size 1",
        examples=(
            "x = [1, 2, 3]; f = broadcast(x, 2, 3)",
            "b = [10, 20]; f = ([[1, 2], [3, 4], [5, 6]]) + b",
        ),
        flat="",
    ),
    _reduction(
        "sum_over",
        "sum",
        backward=(_back("broadcast({G}, {x})"),),
        short=(_over("copy over {axes}"),),
        rules=("a sum copies",),
        about="the sum of all cells, or along an axis",
        examples=(
            "x = [[1, 2, 3], [4, 5, 6]]; f = sum(x, axis=1)",
            "x = [1, 2, 3]; f = sum(x)",
        ),
        flat="",
    ),
    _reduction(
        "mean_over",
        "mean",
        define=lambda site: f"sum(x, axis=axis, keepdim=keepdim) / {site.count}",
        backward=(_back("broadcast({G} / {n}, {x})"),),
        short=(_over("copy over {axes}, / {n}"),),
        rules=("a mean copies, divided by their number",),
        about="the mean of all cells, or along an axis",
        aliases=("average",),
        examples=("x = [[1, 2], [3, 4], [5, 6]]; f = mean(x, axis=0)",),
        flat="",
    ),
    _reduction(
        "prod_over",
        "prod",
        backward=(_back("{G} * others(x{axis})"),),
        short=("⊙ product of the others",),
        rules=("product rule",),
        about="the product of all cells, or along an axis",
        aliases=("product",),
        examples=("x = [2, 3, 4]; f = prod(x)",),
        flat="",
    ),
    TensorOp(
        name="others",
        params="x",
        settings={"axis": None},
        settle=lambda site: {"axis": _axes(Site(site.shapes, {**site.settings, "keepdim": False}))["axis"]},
        about="for each cell the product of all others, or of those along an axis",
        flat="",
    ),
    TensorOp(
        name="cumsum",
        params="x",
        settings={"axis": None},
        sizes=("axis",),
        settle=_along("cumsum", 1, 0),
        backward=("flip(cumsum(flip(G, axis=axis), axis=axis), axis=axis)",),
        short=("cumsum from the end",),
        rules=("a running sum runs back",),
        about="the sum of all cells up to each, along an axis",
        examples=("x = [1, 2, 3]; f = cumsum(x)",),
        flat="",
    ),
    TensorOp(
        name="flip",
        params="x",
        settings={"axis": None},
        sizes=("axis",),
        settle=_along("flip", 1, 0),
        backward=("flip(G, axis=axis)",),
        short=("flip",),
        rules=("cells go back where they were",),
        about="the cells in reverse order along an axis",
        examples=("x = [1, 2, 3]; f = flip(x)",),
        flat="",
    ),
    # contractions
    TensorOp(
        name="einsum",
        params="x...",
        settings={"letters": NEEDED},
        settle=_einsum_settings,
        shape=_einsum_shape,
        backward=(_einsum_back,),
        short=(lambda site, arg: _contracted(site, arg),),
        rules=("contraction rule",),
        most=26,
        about="products of cells whose letters agree, summed over letters that the result does not have",
        examples=(
            "W = [[1, 2, 3], [4, 5, 6]]; x = [1, 0, -1]; f = W @ x",
            "A = [[1, 2], [3, 4], [5, 6]]; B = [[1, 0], [2, -1]]; f = A @ B",
            "x = [1, 2, 3]; y = [4, 5, 6]; f = x @ y",
            "x = [1, 2]; y = [3, 4, 5]; f = outer(x, y)",
            'A = [[1, 2], [3, 4]]; f = einsum("ii->", A)',
        ),
        flat="",
    ),
    # moves
    TensorOp(
        name="transpose",
        call="permute",
        params="x",
        settings={"axes": NEEDED},
        sizes=("*axes",),
        settle=_permute_settings,
        shape=_moved,
        backward=(_inverse,),
        short=("ᵀ",),
        rules=("cells go back where they were",),
        about="the axes in another order",
        examples=("x = [[1, 2, 3], [4, 5, 6]]; f = x.T",),
        flat="",
    ),
    TensorOp(
        name="reshape",
        params="x",
        settings={"shape": NEEDED},
        sizes=("*shape",),
        settle=_reshape_settings,
        shape=lambda site: site["shape"],
        backward=(lambda site, arg: f"reshape(G, {listed(site.x)})" if site.x else "sum(G)",),
        short=("reshape",),
        rules=("cells go back where they were",),
        aliases=("view",),
        about="the same cells, row by row, in another shape; -1 for what is left",
        examples=("x = [[1, 2, 3], [4, 5, 6]]; f = reshape(x, 3, 2)",),
        flat="",
    ),
    TensorOp(
        name="slice",
        call="slice_of",
        params="x",
        settings={"at": NEEDED},
        settle=_slice_settings,
        shape=lambda site: indices.shape_of(site["at"]),
        backward=(_put_back,),
        short=("put back, 0 elsewhere",),
        rules=("cells go back where they were",),
        about="the cells of these indices: x[0, 1:3]",
        examples=("x = [1, 2, 3, 4]; f = x[1:3]",),
        flat="",
    ),
    TensorOp(
        name="pad",
        params="x",
        settings={"shape": NEEDED, "at": NEEDED},
        sizes=("*shape",),
        settle=_pad_settings,
        shape=lambda site: site["shape"],
        backward=(_taken,),
        short=("the same cells",),
        rules=("cells go back where they were",),
        about="x put into zeros of a shape, at these indices",
        examples=('x = [1, 2]; f = pad(x, 4, at="1:3")',),
        flat="",
    ),
    TensorOp(
        name="gather",
        params="x, i...",
        settings={"axis": 0},
        settle=_gather_settings,
        shape=gathered,
        backward=(_gather_back,),
        short=("add where it came from", _CHOSEN),
        rules=("cells go back where they were",),
        fewest=2,
        about="the cells, or rows, whose numbers are given: C[ix]",
        examples=("x = [[1, 2], [3, 4], [5, 6]]; i = [2, 0, 2]; f = x[i]",),
        flat="",
    ),
    TensorOp(
        name="scatter_add",
        params="x, i...",
        settings={"shape": NEEDED, "axis": 0},
        settle=_scatter_settings,
        shape=lambda site: site["shape"],
        backward=(_scatter_back,),
        short=("the same cells", _CHOSEN),
        rules=("cells go back where they were",),
        fewest=2,
        about="x added into zeros of a shape, at the places whose numbers are given",
        examples=("x = [1, 2, 3]; i = [1, 1, 0]; f = scatter_add(x, i, shape=(2,))",),
        flat="",
    ),
    TensorOp(
        name="concat",
        params="x...",
        settings={"axis": 0},
        settle=_axis,
        shape=_concat,
        backward=(_part,),
        short=("its part",),
        rules=("cells go back where they were",),
        aliases=("concatenate", "cat"),
        about="tensors one after the other along an axis",
        examples=("x = [1, 2]; y = [3]; f = concat(x, y)",),
        flat="",
    ),
    TensorOp(
        name="stack",
        params="x...",
        settings={"axis": 0},
        settle=_stack_settings,
        shape=_stacked,
        backward=(lambda site, arg: f"G[{':, ' * site['axis']}{arg}]",),
        short=("its part",),
        rules=("cells go back where they were",),
        about="tensors of one shape along a new axis: [x, y]",
        examples=("x = [1, 2]; y = [3, 4]; f = [x, y]",),
        flat="",
    ),
    TensorOp(
        name="unfold",
        params="x",
        settings={"window": NEEDED, "stride": 1, "padding": 0},
        sizes=("window",),
        settle=_unfold_settings,
        shape=lambda site: unfolded(site, site.x),
        backward=(lambda site, arg: f"fold(G, {listed(site.x)}, {_unfold_text(site)})",),
        short=("add where it came from",),
        rules=("cells go back where they were",),
        about="the windows of a picture, each as a column",
        examples=("x = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; f = unfold(x, 2)",),
        flat="",
    ),
    TensorOp(
        name="fold",
        params="x",
        settings={"shape": NEEDED, "window": NEEDED, "stride": 1, "padding": 0},
        sizes=("*shape",),
        settle=_fold_settings,
        shape=lambda site: site["shape"],
        backward=(lambda site, arg: f"unfold(G, {_unfold_text(site)})",),
        short=("the same cells",),
        rules=("cells go back where they were",),
        about="columns added into a picture where its windows are",
        examples=("x = [[1, 2], [3, 4], [5, 6], [7, 8]]; f = fold(x, 2, 3, window=2)",),
        flat="",
    ),
    TensorOp(
        name="tril",
        params="x",
        settings={"k": 0},
        sizes=("k",),
        settle=_triangle_settings,
        backward=("tril(G, k=k)",),
        short=("0 above the diagonal",),
        rules=("what was set to 0 gets none",),
        about="0 above the diagonal, or above the k-th over it",
        examples=("x = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; f = tril(x)",),
        flat="",
    ),
    TensorOp(
        name="triu",
        params="x",
        settings={"k": 0},
        sizes=("k",),
        settle=_triangle_settings,
        backward=("triu(G, k=k)",),
        short=("0 below the diagonal",),
        rules=("what was set to 0 gets none",),
        about="0 below the diagonal, or below the k-th over it",
        examples=("x = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; f = triu(x)",),
        flat="",
    ),
    # choices
    _reduction(
        "max_over",
        "max",
        backward=(_back("{G} * (x == {f}) / sum(x == {f}{all})"),),
        short=(_over("where it is the largest"),),
        rules=("maximum rule",),
        domain="kink where cells tie: they share the gradient",
        about="the largest cell, or along an axis",
        aliases=("amax",),
        examples=("x = [[1, 5, 2], [4, 4, 0]]; f = max(x, axis=1)",),
        flat="dead",
    ),
    _reduction(
        "min_over",
        "min",
        backward=(_back("{G} * (x == {f}) / sum(x == {f}{all})"),),
        short=(_over("where it is the smallest"),),
        rules=("minimum rule",),
        domain="kink where cells tie: they share the gradient",
        about="the smallest cell, or along an axis",
        aliases=("amin",),
        examples=("x = [[1, 5, 2], [4, 4, 0]]; f = min(x, axis=1)",),
        flat="dead",
    ),
    *(
        TensorOp(
            name=name,
            params="x",
            settings={"axis": axis},
            settle=_argmax_settings if name != "argsort" else _axis,
            shape=_argmax_shape if name != "argsort" else (lambda site: site.x),
            backward=(_nothing,),
            short=("0: a number of a place does not change with x",),
            rules=("a choice is flat",),
            about=about,
            examples=(example,),
            flat="level",
        )
        for name, axis, about, example in (
            (
                "argmax",
                None,
                "the number of the largest cell, the first one of those that tie",
                "x = [1, 5, 2]; f = argmax(x)",
            ),
            (
                "argmin",
                None,
                "the number of the smallest cell, the first one of those that tie",
                "x = [3, 1, 2]; f = argmin(x)",
            ),
            ("argsort", -1, "the numbers of the cells in ascending order", "x = [3, 1, 2]; f = argsort(x)"),
        )
    ),
    TensorOp(
        name="one_hot",
        params="y",
        settings={"classes": NEEDED},
        sizes=("classes",),
        settle=_one_hot_settings,
        shape=lambda site: checked((*site.x, site["classes"])),
        backward=(_nothing,),
        short=("0: a class is a choice",),
        rules=("a choice is flat",),
        about="1 at the class, 0 elsewhere",
        examples=("y = [0, 2]; f = one_hot(y, 3)",),
        flat="level",
    ),
    # composites
    TensorOp(
        name="sort",
        params="x",
        settle=lambda site: _vector("sort", site),
        value="x[argsort(x)]",
        about="the cells of a vector in ascending order",
        examples=("x = [3, 1, 2]; f = sort(x)",),
        flat="",
    ),
    TensorOp(
        name="softmax",
        params="x",
        settings=_LAST,
        sizes=("axis",),
        settle=_along("softmax", 2, -1),  # PyTorch's usual axis of three is the first one
        value="exp(x) / sum(exp(x), axis=axis, keepdim=True)",
        stable="exp(x - max(x, axis=axis, keepdim=True))"
        " / sum(exp(x - max(x, axis=axis, keepdim=True)), axis=axis, keepdim=True)",
        backward=("f * (G - sum(G * f, axis=axis, keepdim=True))",),
        short=("diag(p) − ppᵀ",),
        rules=("softmax rule",),
        about="exponentials divided by their sum, along the last axis or another",
        examples=("x = [1, 2, 3]; f = softmax(x)",),
        flat="saturated",
    ),
    TensorOp(
        name="log_softmax",
        params="x",
        settings=_LAST,
        sizes=("axis",),
        settle=_along("log_softmax", 2, -1),  # PyTorch's usual axis of three is the first one
        value="ln(softmax(x, axis=axis))",
        stable="x - logsumexp(x, axis=axis, keepdim=True)",
        backward=("G - exp(f) * sum(G, axis=axis, keepdim=True)",),
        short=("I − 1pᵀ",),
        rules=("log_softmax rule",),
        aliases=("logsoftmax",),
        about="the logarithm of softmax",
        examples=("x = [1, 2, 3]; f = log_softmax(x)",),
        flat="saturated",
    ),
    _reduction(
        "logsumexp_over",
        "logsumexp",
        value="ln(sum(exp(x), axis=axis, keepdim=keepdim))",
        stable="ln(sum(exp(x - max(x, axis=axis, keepdim=True)), axis=axis, keepdim=keepdim))"
        " + max(x, axis=axis, keepdim=keepdim)",
        backward=(_back("{G} * exp(x - max(x{all})) / sum(exp(x - max(x{all})){all})"),),
        short=("⊙ softmax",),
        rules=("logsumexp rule",),
        about="the logarithm of the sum of exponentials",
        examples=("x = [1, 2, 3]; f = logsumexp(x)",),
        flat="saturated",
    ),
    TensorOp(
        name="cross_entropy",
        params="z, y",
        settle=_entropy_settings,
        shape=lambda site: (),
        define=_entropy,
        stable_define=_entropy_of_classes,
        why_stable="so that a class below 0 is none",
        backward=(_entropy_back,),
        short=(lambda site, arg: _short_entropy(site, arg),),
        rules=("softmax less what was wanted", "through its definition"),
        about="the mean of −ln softmax(z) at the classes y, or weighted by the probabilities y",
        examples=(
            "z = [[2, 1, 0], [0, 1, 3]]; y = [0, 1]; f = cross_entropy(z, y)",
            "z = [2, 1, 0]; y = [0.5, 0.5, 0]; f = cross_entropy(z, y)",
        ),
        flat="saturated",
    ),
    _reduction(
        "variance",
        "var",
        settings={**_AXES, "correction": 0},
        settle=_variance_settings("var"),
        define=_variance,
        backward=(
            lambda site, arg: _back(f"{{G}} * 2 (x - mean(x{{all}})) / {site.count - site['correction']}")(
                site, arg
            ),
        ),
        short=("⊙ 2(x − mean) / n",),
        rules=("variance rule",),
        about="the mean squared distance from the mean; correction=1 divides by n - 1, as PyTorch does",
        examples=("x = [1, 2, 6]; f = var(x)",),
        flat="",
    ),
    _reduction(
        "std",
        "std",
        settings={**_AXES, "correction": 0},
        settle=_variance_settings("std"),
        value="sqrt(var(x, axis=axis, keepdim=keepdim, correction=correction))",
        cornered=_CORNERED.format("var(x, axis=axis, keepdim=keepdim, correction=correction)"),
        backward=(_deviation_back,),
        short=("⊙ (x − mean) / (n f)",),
        rules=("standard deviation's rule",),
        domain="kink where all cells are equal, where the convention is 0",
        about="the square root of the variance",
        examples=("x = [1, 2, 6]; f = std(x)",),
        flat="",
    ),
    _reduction(
        "norm",
        "norm",
        settle=_some_axes("norm"),
        value="sqrt(sum(x^2, axis=axis, keepdim=keepdim))",
        cornered=_CORNERED.format("sum(x^2, axis=axis, keepdim=keepdim)"),
        backward=(_back("{G} * where({f} == 0, 0, x / {f})"),),
        short=("⊙ x / f",),
        rules=("length rule",),
        domain="kink at 0, where the convention is 0",
        about="the length of a vector: the root of the sum of squares",
        examples=("x = [3, 4]; f = norm(x)",),
        flat="",
    ),
    TensorOp(
        name="layer_norm",
        params="x",
        settings={"eps": 1e-5},
        settle=_needs_axes("layer_norm", 1),
        value=_NORMED.format(-1),
        about="each row less its mean, divided by its standard deviation",
        examples=("x = [[1, 2, 6], [0, 4, -1]]; f = layer_norm(x)",),
        flat="",
    ),
    TensorOp(
        name="layer_norm_scaled",
        call="layer_norm",
        params="x, g, b",
        settings={"eps": 1e-5},
        settle=_needs_axes("layer_norm", 1),
        shape=_norm_shape,
        value="g * layer_norm(x, eps=eps) + b",
        about="the same, then scaled by g and shifted by b",
        examples=("x = [[1, 2, 6], [0, 4, -1]]; g = [1, 2, 3]; b = [0, 1, -1]; f = layer_norm(x, g, b)",),
        flat="",
    ),
    TensorOp(
        name="batch_norm",
        params="x",
        settings={"eps": 1e-5},
        settle=_needs_axes("batch_norm", 2),
        value=_NORMED.format(0),
        about="each column less its mean over the batch, divided by its standard deviation",
        examples=("x = [[1, 5], [2, 0], [6, 1]]; f = batch_norm(x)",),
        flat="",
    ),
    TensorOp(
        name="batch_norm_scaled",
        call="batch_norm",
        params="x, g, b",
        settings={"eps": 1e-5},
        settle=_needs_axes("batch_norm", 2),
        shape=_norm_shape,
        value="g * batch_norm(x, eps=eps) + b",
        about="the same, then scaled by g and shifted by b",
        examples=("x = [[1, 5], [2, 0], [6, 1]]; g = [1, 2]; b = [0, -1]; f = batch_norm(x, g, b)",),
        flat="",
    ),
    TensorOp(
        name="attention",
        params="q, k, v",
        settings={"causal": False},
        settle=_attention_settings,
        shape=lambda site: (*site.shapes[0][:-1], site.shapes[2][-1]),
        define=_attention,
        about="values weighted by softmax of queries times keys; causal=True looks back only",
        examples=(
            "q = [[1, 0], [0, 1]]; k = [[1, 0], [1, 1]]; v = [[1, 0], [3, 1]]; f = attention(q, k, v)",
            "x = [[1, 0], [1, 1]]; f = attention(x, x, x, causal=True)",
        ),
        flat="saturated",
    ),
    TensorOp(
        name="conv1d",
        params="x, w",
        settings={"stride": 1, "padding": 0},
        settle=_conv1d_settings,
        shape=lambda site: _conv1d_parts(site)[0],
        define=lambda site: _conv1d_parts(site)[1],
        about="a kernel moved along a signal: at each place the sum of products",
        examples=("x = [1, 2, 4, 8]; w = [1, -1]; f = conv1d(x, w)",),
        flat="",
    ),
    TensorOp(
        name="conv2d",
        params="x, w",
        settings={"stride": 1, "padding": 0},
        settle=_conv_settings,
        shape=lambda site: _conv_parts(site)[0],
        define=lambda site: _conv_parts(site)[1],
        about="a kernel moved over a picture: at each place the sum of products",
        examples=("x = [[1, 2, 0], [3, 1, 2], [0, 1, 4]]; w = [[1, 0], [0, -1]]; f = conv2d(x, w)",),
        flat="",
    ),
    TensorOp(
        name="max_pool",
        params="x",
        settings={"window": NEEDED, "stride": None},
        sizes=("window", "stride"),
        settle=_pool_settings,
        shape=lambda site: _pool_parts(site)[0],
        define=lambda site: _pool_parts(site)[1],
        aliases=("max_pool2d",),
        about="the largest cell of each window of a picture",
        examples=("x = [[1, 5, 2, 0], [3, 4, 7, 6]]; f = max_pool(x, 2)",),
        flat="dead",
    ),
)


def _vector(name: str, site: Site) -> dict[str, Setting]:
    if len(site.x) != 1:
        raise Misfit(f"{name} takes a vector: this is {said(site.x)}")
    return {}


def _short_entropy(site: Site, arg: int) -> str:
    z, y = site.shapes
    count = size(z[:-1])
    if arg:
        by = f" / {count}" if count > 1 else ""
        return f"· −log_softmax(⟨0⟩){by}" if y == z else "0: a class is a choice"
    return f"(p − y) / {count}" if count > 1 else "p − y"


def _contracted(site: Site, arg: int) -> str:
    """What an edge of a contraction says: ``· x1ᵀ``, with ⟨1⟩ for the name of argument 1."""
    if letters.is_product(site["letters"], site.shapes):
        ranks = tuple(map(len, site.shapes))
        texts = {
            (1, 1): ("⊙ ⟨1⟩", "⊙ ⟨0⟩"),
            (2, 1): ("· ⟨1⟩ᵀ", "⟨0⟩ᵀ ·"),
            (1, 2): ("⟨1⟩ ·", "⟨0⟩ᵀ ·"),
            (2, 2): ("· ⟨1⟩ᵀ", "⟨0⟩ᵀ ·"),
        }
        if ranks in texts:
            return texts[ranks][arg]
    found = letters.read(site["letters"])
    given = ",".join([found.result, *(part for at, part in enumerate(found.args) if at != arg)])
    return f"{given or '()'} → {found.args[arg]}"


TENSORS: Mapping[str, TensorOp] = {op.name: op for op in TENSOR_OPS}
"""The rows that know axes, by name."""

ROWS: Mapping[str, Op] = {**OPS, **TENSORS}
"""Every row by its name."""

BY_SHAPE: Mapping[str, str] = {
    name: op.name
    for op in TENSOR_OPS
    for name in op.names
    if any(name in other.names for other in FUNCTIONS) or name == "logsumexp"
}
"""Functions that mean one thing for numbers and another for a single tensor: sum, mean, max …"""

HIDDEN = frozenset(("others", "slice_of"))
"""Functions that rows alone call."""

SPELLINGS = tuple("transpose swapaxes matmul mm bmm dot outer flatten unsqueeze squeeze".split())
"""Functions that are written by a row of another name."""


def result(op: str, shapes: tuple[Shape, ...], settings: Settings = ()) -> Shape:
    """The shape that an operation gives. Raises Misfit."""
    row = TENSORS.get(op)
    if row is None:
        return cell_by_cell(shapes)
    return checked(row.shape(Site(shapes, dict(settings))))


def cell_by_cell(shapes: Sequence[Shape]) -> Shape:
    """The common shape of what goes cell by cell. Numbers that nothing flows back to may be beside it."""
    found = {shape for shape in shapes if shape}
    if len(found) > 1:
        raise Misfit(f"{' and '.join(map(said, found))} do not fit cell by cell")
    return next(iter(found), ())


def settled(op: TensorOp, shapes: tuple[Shape, ...], given: Mapping[str, Setting]) -> Settings:
    """The settings of a node in one form, whatever was typed. Raises Misfit."""
    for name in given:
        if name not in op.settings:
            known = ", ".join(op.settings)
            raise Misfit(f"{op.names[0]} has no setting {name}" + (f": it has {known}" if known else ""))
    for name, usual in op.settings.items():
        if usual is NEEDED and name not in given:
            raise Misfit(f"{op.names[0]} needs {name}")
    settings = {name: given.get(name, usual) for name, usual in op.settings.items()}
    return tuple(op.settle(Site(shapes, settings)).items())


LANGUAGE = Functions((*OPERATORS, *FUNCTIONS, *TENSOR_OPS), (*MAKERS, *SPELLINGS), of_numbers=ops.LANGUAGE)
"""The functions of the language."""
