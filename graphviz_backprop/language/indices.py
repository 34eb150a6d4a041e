"""What stands between the brackets of ``W[0, 1:3]``: for each axis a number, a slice, or a tensor of indices.

In the settings of a node an axis has an entry: a whole number, or a slice as a triple of start, stop and
step, its ends counted from 0 (a stop of -1 is before the first cell).
"""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType
from typing import TypeAlias

from graphviz_backprop.language.shapes import Misfit, Shape, said

Slice: TypeAlias = tuple[int, int, int]
Entry: TypeAlias = int | Slice
Typed: TypeAlias = int | tuple[int | None, int | None, int | None]
"""As it was typed: ends may be missing, or count from the end."""


def spread(entries: Sequence[Typed | EllipsisType | None], shape: Shape) -> list[Typed | None]:
    """Entries with whole axes in the place of ``...``, as many as are missing. Raises Misfit for several."""
    dots = [at for at, entry in enumerate(entries) if isinstance(entry, EllipsisType)]
    if len(dots) > 1:
        raise Misfit("... stands for all axes that are not named: once is enough")
    found: list[Typed | None] = []
    for entry in entries:
        if isinstance(entry, EllipsisType):
            found += [(None, None, None)] * (len(shape) - len(entries) + 1)
        else:
            found.append(entry)
    return found


def settled(typed: Sequence[Typed], shape: Shape) -> tuple[Entry, ...]:
    """Entries as a node has them, one for each axis. Raises Misfit for an index that is outside."""
    if len(typed) > len(shape):
        raise Misfit(f"{len(typed)} indices for {said(shape)}, which has {_axes(len(shape))}")
    found: list[Entry] = []
    for axis, length in enumerate(shape):
        entry = typed[axis] if axis < len(typed) else (None, None, None)
        found.append(_number(entry, length, axis, shape) if isinstance(entry, int) else _slice(entry, length))
    return tuple(found)


def _axes(rank: int) -> str:
    return "no axis" if rank == 0 else "1 axis" if rank == 1 else f"{rank} axes"


def _number(at: int, length: int, axis: int, shape: Shape) -> int:
    if not -length <= at < length:
        where = f"axis {axis} of {said(shape)}" if len(shape) > 1 else said(shape)
        raise Misfit(f"there is no index {at} in {where}: they go from 0 to {length - 1}")
    return at % length


def _slice(entry: tuple[int | None, int | None, int | None], length: int) -> Slice:
    if entry[2] == 0:
        raise Misfit("the step of a slice is not 0")
    found = range(length)[slice(*entry)]
    if not found:
        raise Misfit(f"this slice has no cell: there are {length}")
    return found.start, found.stop if found.step > 0 else max(found.stop, -1), found.step


def shape_of(at: Sequence[Entry]) -> Shape:
    """The shape of what is taken out."""
    return tuple(len(range(*entry)) for entry in at if not isinstance(entry, int))


def written(at: Sequence[Entry], shape: Shape | None = None) -> str:
    """Entries as one types them: ``0, 1:3``; with the shape, what is whole is ``:``, left out at the end."""
    if shape is None:
        return ", ".join(str(entry) if isinstance(entry, int) else _ends(*entry) for entry in at)
    texts = [_text(entry, length) for entry, length in zip(at, shape, strict=True)]
    while len(texts) > 1 and texts[-1] == ":":
        texts.pop()
    return ", ".join(texts)


def _text(entry: Entry, length: int) -> str:
    if isinstance(entry, int):
        return str(entry)
    start, stop, step = entry
    if step == 1:
        return f"{start or ''}:{stop if stop < length else ''}"
    if step > 0:
        return f"{start or ''}:{stop if stop < length else ''}:{step}"
    return f"{start if start < length - 1 else ''}:{stop if stop >= 0 else ''}:{step}"


def _ends(start: int, stop: int, step: int) -> str:
    if step == 1:
        return f"{start}:{stop}"
    return f"{start}:{stop if stop >= 0 else ''}:{step}"


def read(text: str) -> tuple[Typed, ...]:
    """What :func:`written` has written."""
    return tuple(_read(part.strip()) for part in text.split(","))


def _read(part: str) -> Typed:
    try:
        if ":" not in part:
            return int(part)
        ends = [int(end) if end.strip() else None for end in part.split(":")]
        start, stop, step = [*ends, None][:3]
    except ValueError:
        raise Misfit(f"“{part}” is no index: one writes 0, 1:3 or :") from None
    return start, stop, step
