"""Groups of a graph: sets of nodes that are shown as one box until they are opened.

A group has one output. Of its other nodes none is used outside it, so that whatever it computes leaves it
there, and the graph in which each group is one node is a DAG again. Where a piece of the program has nodes
that are used elsewhere as well, the group is what is left without them.

Groups are nested: two have no node in common, or one has all nodes of the other. Each node that is not in
an inner group belongs to one *level*, that of its innermost group or the top. They come from

* the text (:class:`~graphviz_backprop.language.graph.Mark`): statements, calls, sections, operations opened;
* whoever knows more of the graph, as the network's neurons: the same, as sets of nodes;
* sums and products of more than two terms whose inner nodes nobody named;
* the shape of a level that is left with too many parts: equal ones in sequence, and pieces with one output.

Constants that nothing else uses are in their group. Variables are outside, where one sees what goes in,
unless there are many that nothing else uses. A neuron has its weights inside.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.combined import combined
from graphviz_backprop.language.graph import CONST, VAR, Graph

FEW = 15
"""Boxes that one takes in at a glance: no level has more, as far as it can be divided."""

WHOLE = 60
"""Nodes of a graph that is shown as it is: a larger one opens with some of its groups closed."""

LONG = 6
"""Terms of a sum or product that is one box in any case: as nodes it would be a staircase."""

STACK = 3
"""Equal layers in sequence that are one box, at least."""

_FORMULA = 30  # letters of what a part computes, which is what it is called
_FEW_VARIABLES = 3  # of a group's own: more of them are inside
_TERMS = 3  # of a sum or a product that is a group
_SEQUENCE = 3
_CHAINS = {"add": "sum", "mul": "product"}


class Group(NamedTuple):
    """A set of nodes with one output.

    ``kind`` is "section", "statement", "call", "composite", "neuron", "sum", "product", "sequence" or
    "part"; ``title`` what it is called; ``output`` a position, ``nodes`` positions in order, the output
    last; ``parent`` the id of the group around it, "" at the top. Its id is that of its output and how deep
    it lies among the groups of that output: ``z~0``. A neuron of several in one ``layer`` has its title.
    """

    id: str
    kind: str
    title: str
    output: int
    nodes: tuple[int, ...]
    parent: str
    layer: str = ""


class Piece(NamedTuple):
    """What may be a group: its nodes, and the one that it computes, or -1 if it may be several."""

    kind: str
    title: str
    nodes: Sequence[int]
    output: int
    layer: str = ""


def pieces(graph: Graph) -> Iterator[Piece]:
    """The pieces of a graph's text."""
    for kind, title, start, end, output in graph.marks:
        yield Piece(kind, title, range(start, end), output)


def title_of(graph: Graph, group: Group) -> str:
    """What a group is called: its output by name, and what it is."""
    name = graph.nodes[group.output].id
    if group.kind == "part" and (formula := combined(graph, group.nodes, _FORMULA)):
        return f"{name} = {formula}"
    if group.kind in ("section", "layer", "neuron", "statement", "composite", "part", "sum", "product"):
        return group.title
    return f"{name} = {group.title}"


def is_staircase(group: Group) -> bool:
    """Whether it is a sum or product of many terms, whose inner nodes only add up or multiply."""
    return group.kind in _CHAINS.values() and len(group.nodes) >= LONG - 1


def grouped(graph: Graph, more: Iterable[Piece] = ()) -> tuple[Group, ...]:
    """The groups of a graph, those around others before them. Time grows with its edges and their depth."""
    forest = _Forest(graph)
    written = [*pieces(graph), *more]
    found = [part for piece in written for part in forest.parts(piece)]
    # Larger ones first; of equal ones the one that says more, which comes later, is passed over.
    for part in sorted(found, key=lambda part: (-len(part.nodes), _ORDER.index(part.kind))):
        forest.add(part)
    forest.divide()
    return forest.groups()


_ORDER = ("neuron", "section", "statement", "call", "composite")


@dataclass(eq=False)
class _Part:
    """A group in the making."""

    kind: str
    title: str
    output: int
    nodes: list[int]
    parent: _Part | None = None
    called: str = ""  # the function that it is a call of
    layer: str = ""


class _Forest:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.owner: list[_Part | None] = [None] * len(graph.nodes)
        self.found: list[_Part] = []

    @cached_property
    def users(self) -> list[list[int]]:
        users: list[list[int]] = [[] for _ in self.graph.nodes]
        for edge in self.graph.edges():
            users[edge.child].append(edge.parent)
        return users

    # Pieces

    def parts(self, piece: Piece) -> Iterator[_Part]:
        """The groups that a piece may be: what belongs to one output each."""
        inside = _Members(piece.nodes)
        belongs: dict[int, int] = {}
        for at in reversed(piece.nodes):
            if self.graph.nodes[at].op != VAR:
                belongs[at] = self._home(at, inside, belongs)
        regions: dict[int, list[int]] = {}
        for at in reversed(belongs):
            regions.setdefault(belongs[at], []).append(at)
        several = piece.output < 0
        for output, nodes in regions.items():
            if not several and output != piece.output:
                continue
            nodes = self._with_leaves(nodes, 0 if piece.kind == "neuron" else _FEW_VARIABLES)
            if len(nodes) > 1 and self.graph.nodes[output].args and not self._is_all(piece, nodes):
                name = self.graph.nodes[output].id
                title = f"{piece.title}: {name}" if several and len(regions) > 1 else piece.title
                called = title.partition("(")[0] if piece.kind == "call" else ""
                yield _Part(piece.kind, title, output, nodes, called=called, layer=piece.layer)

    def _home(self, at: int, inside: _Members, belongs: Mapping[int, int]) -> int:
        """The output that a node of a piece serves: the only one that all its users serve, or itself."""
        homes = {belongs.get(user, -1) if user in inside else -1 for user in self.users[at]}
        if len(homes) == 1 and (home := homes.pop()) >= 0:
            return home
        return at

    def _is_all(self, piece: Piece, nodes: Sequence[int]) -> bool:
        """Whether it is the whole graph, which a box for it would only hide; a call shows what goes in."""
        if piece.kind in ("call", "composite"):
            return False
        operations = sum(1 for node in self.graph.nodes if node.args)
        return sum(1 for at in nodes if self.graph.nodes[at].args) == operations

    def _with_leaves(self, nodes: Sequence[int], few: int) -> list[int]:
        """The nodes, and of the leaves that they alone use the constants, and variables beyond a few."""
        members = set(nodes)
        around = dict.fromkeys(arg for at in nodes for arg in self.graph.nodes[at].args if arg not in members)
        own = [at for at in around if members.issuperset(self.users[at]) and not self.graph.nodes[at].args]
        variables = [at for at in own if self.graph.nodes[at].op == VAR]
        many = len(variables) > few
        return sorted(members.union(at for at in own if many or self.graph.nodes[at].op == CONST))

    def add(self, part: _Part) -> bool:
        """Takes in a group, without nodes of groups that are there; False where too little is left."""
        parent = self.owner[part.output]
        if parent is not None and parent.output == part.output and len(parent.nodes) == len(part.nodes):
            parent.called = part.called  # another one of the same nodes
            return False
        left = [at for at in part.nodes if self.owner[at] is parent]
        if len(left) < len(part.nodes):
            left = self._shrunk(left, part.output)
        whole = parent is not None and len(parent.nodes) == len(left)
        if len(left) < 2 or whole:
            return False
        part.nodes, part.parent = left, parent
        for at in left:
            self.owner[at] = part
        self.found.append(part)
        return True

    def _shrunk(self, nodes: Sequence[int], output: int) -> list[int]:
        """Those of the nodes that serve the output alone."""
        kept = {output}
        for at in reversed(nodes):
            if at != output and self.users[at] and kept.issuperset(self.users[at]):
                kept.add(at)
        return [at for at in nodes if at in kept]

    # Levels

    def divide(self) -> None:
        """Divides each level that has more than a few parts."""
        levels: list[tuple[_Part | None, list[int]]] = []
        by_owner: dict[int, list[int]] = {}
        inner: dict[int, list[_Part]] = {}
        for part in self.found:
            inner.setdefault(id(part.parent), []).append(part)
        for at, owner in enumerate(self.owner):
            by_owner.setdefault(id(owner), []).append(at)
        for owner in (None, *self.found):
            own = by_owner.get(id(owner), [])
            levels.append((owner, sorted([*own, *(part.output for part in inner.get(id(owner), ()))])))
        for owner, items in levels:
            within = {id(part): part for part in inner.get(id(owner), ())}
            self._level(owner, _Level(self, owner, items, {part.output: part for part in within.values()}))

    def _level(self, owner: _Part | None, level: _Level) -> None:
        todo = [(owner, level)]
        while todo:
            owner, level = todo.pop()
            self._enclose_all([("sequence", run) for run in level.sequences()], level, owner)
            chains = list(level.chains())
            if len(self.graph.nodes) <= WHOLE:  # of a graph that is shown as it is, staircases are
                long = [chain for chain in chains if len(chain) >= LONG - 1]
                self._enclose_all(self._named(long), level, owner)
                chains = [chain for chain in chains if chain not in long]
            saved = sum(len(chain) - 1 for chain in chains)
            cut = level.cut() if level.count - saved > FEW else []
            if len(level.items) - sum(len(piece) - 1 for piece in cut) < len(level.items) - saved:
                todo += self._enclose_all([("part", piece) for piece in cut], level, owner)
            else:
                self._enclose_all(self._named(chains), level, owner)

    def _named(self, chains: Iterable[list[int]]) -> list[tuple[str, list[int]]]:
        return [(_CHAINS[self.graph.nodes[chain[-1]].op], chain) for chain in chains]

    def _enclose_all(
        self, pieces: list[tuple[str, list[int]]], level: _Level, owner: _Part | None
    ) -> list[tuple[_Part | None, _Level]]:
        """Makes groups of items of a level; also the levels inside them."""
        made = [self._enclose(kind, items, level, owner) for kind, items in pieces]
        level.replace([(items, part) for (_, items), (part, _) in zip(pieces, made, strict=True)])
        return [(part, inside) for part, inside in made]

    def _enclose(
        self, kind: str, items: list[int], level: _Level, owner: _Part | None
    ) -> tuple[_Part, _Level]:
        groups = [level.groups[item] for item in items if item in level.groups]
        inside = {at for group in groups for at in group.nodes}
        nodes = sorted(inside.union(items))
        part = _Part(kind, self._title(kind, items, level, len(nodes)), items[-1], nodes, owner)
        for group in groups:
            group.parent = part
        for item in items:
            if item not in level.groups:
                self.owner[item] = part
        self.found.append(part)
        return part, _Level(self, part, list(items), {group.output: group for group in groups})

    def _title(self, kind: str, items: Sequence[int], level: _Level, count: int) -> str:
        output = self.graph.nodes[items[-1]].id
        if kind == "sequence":
            calls = [item for item in items if item in level.groups]
            return f"{level.groups[calls[0]].called} ×{len(calls)}"
        if kind == "part":
            return f"{output}: {count} nodes"
        terms = sum(len(self.graph.nodes[item].args) - 1 for item in items) + 1
        return f"{output} = {kind} of {terms}"

    def groups(self) -> tuple[Group, ...]:
        """All groups, outer ones first, with their ids."""
        depths: dict[int, int] = {}
        ids: dict[int, str] = {id(None): ""}
        made: list[Group] = []
        for part in sorted(self.found, key=lambda part: (-len(part.nodes), part.output)):
            depth = depths[part.output] = depths.get(part.output, -1) + 1
            ids[id(part)] = f"{self.graph.nodes[part.output].id}~{depth}"
            parent = ids[id(part.parent)]
            nodes = tuple(part.nodes)
            made.append(Group(ids[id(part)], part.kind, part.title, part.output, nodes, parent, part.layer))
        return tuple(made)


class _Members:
    """Whether a position is one of these; of a range without listing it."""

    def __init__(self, nodes: Sequence[int]) -> None:
        self._nodes = nodes if isinstance(nodes, range) else frozenset(nodes)

    def __contains__(self, at: int) -> bool:
        return at in self._nodes


class _Level:
    """The parts of one level, each known by the position of its output: nodes, and groups as one each."""

    def __init__(
        self, forest: _Forest, owner: _Part | None, items: list[int], groups: dict[int, _Part]
    ) -> None:
        self.graph = forest.graph
        self.output = owner.output if owner else len(self.graph.nodes) - 1
        self.items = items
        self.groups = groups
        self._users: dict[int, list[int]] | None = None

    @property
    def count(self) -> int:
        """How many boxes it is where the neurons of a layer are one, and equal layers in sequence are."""
        layers: dict[str, list[list[str]]] = {}
        for group in (self.groups[output] for output in sorted(self.groups)):
            if group.layer:
                layers.setdefault(group.layer, []).append([self.graph.nodes[at].op for at in group.nodes])
        runs = [len(list(run)) for _, run in groupby(layers.values())]
        boxes = sum(1 if run >= STACK else run for run in runs)
        return len(self.items) - sum(map(len, layers.values())) + boxes

    @property
    def users(self) -> dict[int, list[int]]:
        """The items of this level that use an item."""
        if self._users is None:
            known: dict[int, list[int]] = {item: [] for item in self.items}
            for item in self.items:
                for arg in self._all_args(item):
                    if arg in known:
                        known[arg].append(item)
            self._users = known
        return self._users

    def _all_args(self, item: int) -> Iterable[int]:
        if item not in self.groups:
            return dict.fromkeys(self.graph.nodes[item].args)
        inside = self.groups[item].nodes
        members = frozenset(inside)
        return dict.fromkeys(arg for at in inside for arg in self.graph.nodes[at].args if arg not in members)

    def replace(self, pieces: Sequence[tuple[Sequence[int], _Part]]) -> None:
        """Puts groups in the places of their items."""
        gone = {item for items, _ in pieces for item in items}
        for item in gone:
            self.groups.pop(item, None)
        gone -= {part.output for _, part in pieces}
        self.items = [item for item in self.items if item not in gone]
        self.groups |= {part.output: part for _, part in pieces}
        self._users = None

    # What may be one

    def chains(self) -> Iterator[list[int]]:
        """Sums and products of several terms: their inner nodes have no name and one user."""
        root: dict[int, int] = {}
        for item in reversed(self.items):
            node = self.graph.nodes[item]
            if item in self.groups or node.op not in _CHAINS:
                continue
            users = self.users[item]
            inner = (
                item != self.output
                and not node.named
                and len(users) == 1
                and users[0] in root
                and self.graph.nodes[users[0]].op == node.op
                and self.graph.nodes[users[0]].args.count(item) == 1
                and self.graph.uses[item] == 1
            )
            root[item] = root[users[0]] if inner else item
        chains: dict[int, list[int]] = {}
        for item in reversed(root):
            chains.setdefault(root[item], []).append(item)
        for chain in chains.values():
            if len(chain) >= _TERMS - 1:
                yield chain

    def sequences(self) -> Iterator[list[int]]:
        """Groups of one shape, each of which feeds the next one alone."""
        runs: dict[int, list[int]] = {}
        for item in self.items:
            if item not in self.groups or not self.groups[item].called:
                continue
            before = [arg for arg in self._all_args(item) if arg in runs and self.users[arg] == [item]]
            same = [arg for arg in before if self._alike(arg, item)]
            runs[item] = [*runs.pop(same[0]), item] if len(same) == 1 else [item]
        for run in runs.values():
            if len(run) >= _SEQUENCE:
                yield sorted([*run, *self._own_leaves(run)])

    def _own_leaves(self, items: Sequence[int]) -> list[int]:
        """Leaves that these items alone use: constants, and variables if they are many."""
        users = frozenset(items)
        own = [
            item
            for item in self.items
            if not self.graph.nodes[item].args and users.issuperset(self.users[item])
        ]
        few = sum(1 for item in own if self.graph.nodes[item].op == VAR) <= _FEW_VARIABLES
        return [item for item in own if self.graph.nodes[item].op == CONST or not few]

    def _alike(self, one: int, other: int) -> bool:
        first, second = self.groups[one], self.groups[other]
        if first.called != second.called or len(first.nodes) != len(second.nodes):
            return False
        nodes = self.graph.nodes
        return all(nodes[a].op == nodes[b].op for a, b in zip(first.nodes, second.nodes, strict=True))

    def cut(self) -> list[list[int]]:
        """The level in a few pieces of about one size, each with one output.

        A piece is what an item dominates: what all ways up lead through it. Pieces are cut from below,
        as soon as one is large enough; what is left on top is one if it is too much to see.
        """
        above = self._dominators()
        least = max(3, math.ceil(len(self.items) / (FEW - 3)))
        held: dict[int, list[int]] = {item: [item] for item in self.items}
        pieces: list[list[int]] = []
        for item in self.items:  # what it dominates stands before it
            if item == self.output:
                break
            mine = held.pop(item)
            if len(mine) >= least and (piece := self._closed(sorted(mine), item)):
                pieces.append(piece)
            elif above[item] in held:
                held[above[item]] += mine
        left = len(self.items) - sum(len(piece) - 1 for piece in pieces)
        if pieces and left > FEW and (rest := self._closed(sorted(held[self.output]), self.output)):
            pieces.append(rest)
        return pieces

    def _closed(self, items: list[int], output: int) -> list[int]:
        kept = {output}
        for item in reversed(items):
            users = self.users[item]
            if item != output and users and kept.issuperset(users):
                kept.add(item)
        found = [item for item in items if item in kept]
        return found if len(found) > 2 else []

    def _dominators(self) -> dict[int, int]:
        """For each item the nearest one that all ways to the output lead through; -1 for the output.

        Items are in topological order: from the output down, the common dominator of all users.
        """
        above: dict[int, int] = {}
        depth: dict[int, int] = {}
        for item in reversed(self.items):
            users = [user for user in self.users[item] if user in above]
            if item == self.output or not users:
                above[item], depth[item] = -1, 0
                continue
            common = users[0]
            for user in users[1:]:
                while common != user and common >= 0 and user >= 0:
                    if depth[common] >= depth[user]:
                        common = above[common]
                    else:
                        user = above[user]
                if common < 0 or user < 0:
                    common = -1
                    break
            above[item] = common
            depth[item] = depth.get(common, -1) + 1
        return above
