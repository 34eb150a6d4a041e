"""A cell of a tensor, explained: its value and what flows back to it, each as a sum written out.

A written sum is a graph of numbers, whose variables are fields of the page: ``W[0,1].value``,
``z[0].gradient``. So it is printed, evaluated and checked as any program is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import backward
from graphviz_backprop.explain.signs import shown, sign
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import VAR, Edge, Graph, Node
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.ops import OPS, Op
from graphviz_backprop.language.printers import ATOM, LABEL, Notation, Piece, piece
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor import place
from graphviz_backprop.language.tensor_ops import Site

if TYPE_CHECKING:  # NumPy comes with it: it is loaded where a cell is explained
    from graphviz_backprop.engine.tensors.single import Around, Leaf, Writer

TERMS = 6
"""A sum of more terms, or one more, says how many there are: they stand below it."""
LISTED = 200
"""So many terms are listed of what is written."""
SUMS = 3
"""A line with more long sums is not read."""
LONG = 400
"""A line of more characters is not read."""

_KEY = re.compile(r"(.+)\[\s*(\d{1,7}(?:\s*,\s*\d{1,7}){0,3})\s*\]", re.DOTALL)


class At(NamedTuple):
    """A cell of a node, by its number, row by row."""

    node: int
    cell: int


def find(graph: Graph, key: str) -> At | None:
    """The cell that a key such as ``W[0,1]`` names, if there is one; a variable's by its name, too."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    at = graph.positions.get(found[1])
    if at is None:
        at = next((n for n, node in enumerate(graph.nodes) if node.op == VAR and node.name == found[1]), None)
    if at is None:
        return None
    index = tuple(map(int, found[2].split(",")))
    shape = graph.nodes[at].shape
    if len(index) != len(shape) or any(one >= length for one, length in zip(index, shape, strict=True)):
        return None
    cell = 0
    for one, length in zip(index, shape, strict=True):
        cell = cell * length + one
    return At(at, cell)


def key(graph: Graph, at: At) -> str:
    """A cell's key, which the figure has, too: ``W[0,1]``; a number's is its id."""
    node = graph.nodes[at.node]
    return node.id + _index(at.cell, node.shape)


def _index(cell: int, shape: Shape) -> str:
    return f"[{','.join(map(str, place(cell, shape)))}]" if shape else ""


class Term(NamedTuple):
    """One of a long sum, with names in ⟪double brackets⟫, and with fields in ⟨angle brackets⟩ if any."""

    by_names: str
    by_numbers: str


class Terms(NamedTuple):
    """Those of one long sum; ``more`` of them are not listed. Of several sums each has a ``sign``: Σ₁, Σ₂."""

    sign: str
    listed: tuple[Term, ...]
    more: int

    @property
    def size(self) -> int:
        return len(self.listed) + self.more


@dataclass(frozen=True)
class Written:
    """A number that comes about by others: ``z[0] = W[0, 0] · x[0] + W[0, 1] · x[1] = 1 × 5 + 2 × 6 = 17``.

    ``field`` is its own, ``name`` how it is called; ``graph`` is made of numbers, whose names are fields.
    A long sum in it is ``Σ of 32 terms``, which ``sums`` has.
    """

    field: str
    name: str
    graph: Graph
    top: str

    @property
    def refs(self) -> tuple[str, ...]:
        """The fields that it is made of."""
        return self.graph.variables

    @cached_property
    def _long(self) -> dict[str, str]:
        """Nodes of more arguments than are written out, from the last one on, and their signs."""
        found = [node for node in reversed(self.graph.nodes) if len(node.args) > TERMS + 1]
        numbers = [""] if len(found) == 1 else map(_subscript, range(1, len(found) + 1))
        signs = ("Σ" if node.op == "sum" else OPS[node.op].names[0] for node in found)
        return {node.id: sign + number for node, sign, number in zip(found, signs, numbers, strict=True)}

    @cached_property
    def _named(self) -> list[Piece]:
        return _pieces(self.graph, "⟪{}⟫", self._long)

    @cached_property
    def _numbered(self) -> list[Piece]:
        return _pieces(self.graph, "⟨({})⟩", self._long)

    @property
    def by_names(self) -> str:
        """The right side with names, each in ⟪double brackets⟫."""
        return self._named[-1].text

    @property
    def by_numbers(self) -> str:
        """The same with fields in ⟨angle brackets⟩; nothing where it only repeats result or names."""
        if len(self.graph.nodes) == 1:
            return ""
        text = _times(self._numbered[-1].text)
        return text if _FIELD.search(text) or not self.refs else ""

    @cached_property
    def sums(self) -> tuple[Terms, ...]:
        """The terms of its long sums, from the outermost one on."""
        room, found = LISTED, []
        for id_, symbol in self._long.items():
            args = self.graph.nodes[self.graph.positions[id_]].args
            listed = tuple(map(self._term, args[:room]))
            room -= len(listed)
            found.append(Terms(symbol if len(self._long) > 1 else "", listed, len(args) - len(listed)))
        return tuple(found)

    def _term(self, at: int) -> Term:
        node, numbers = self.graph.nodes[at], self._numbered[at].text
        if node.op == VAR:
            return Term(self._named[at].text, f"⟨{node.name}⟩")
        return Term(self._named[at].text, _times(numbers) if _FIELD.search(numbers) else "")

    @property
    def legible(self) -> bool:
        """Whether it is short enough to be read."""
        if len(self.graph.nodes) > LONG * TERMS or len(self._long) > SUMS:
            return False
        return len(self.by_names) <= LONG

    @property
    def checked(self) -> bool:
        """Whether all numbers that it is made of stand there, so that a reader may add them up."""
        return bool(self.by_numbers or self.sums) and not any(one.more for one in self.sums)

    def value(self, number: Callable[[str], float]) -> float:
        """What it gives, of the numbers of its fields."""
        run = autodiff.compile(self.graph)({name: number(name) for name in self.refs})
        return float(run.value)

    def sign(self, run: Run[Any]) -> str:
        """Between what the shown numbers give and the result; it is "=" where some are not shown."""
        if not self.checked:
            return "="
        return sign(self.value(lambda name: shown(number_of(run, name))), number_of(run, self.field))

    def called(self, field: str) -> str:
        """How the number of a field is called: ``W[0, 1]``, ``∂L/∂z[0]``."""
        return called(field, self.top)

    def read(self, run: Run[Any]) -> str:
        """As a line of text."""
        sides = [self.name, _NAME.sub(lambda found: self.called(found[1]), self.by_names)]
        if self.by_numbers:
            sides.append(_in_numbers(run, self.by_numbers))
        if not self.refs and not self.by_numbers:
            return " = ".join(sides)
        return f"{' = '.join(sides)} {self.sign(run)} {format_number(number_of(run, self.field))}"

    def read_terms(self, run: Run[Any]) -> Iterator[str]:
        """The terms of its long sums, as lines of text."""
        for one in self.sums:
            if one.sign:
                yield f"{one.sign}:"
            for by_names, by_numbers in one.listed:
                names = _NAME.sub(lambda found: self.called(found[1]), by_names)
                yield f"{names} = {_in_numbers(run, by_numbers)}" if by_numbers else names
            if one.more:
                yield f"and {one.more:,} more"


def _pieces(graph: Graph, brackets: str, long: Mapping[str, str]) -> list[Piece]:
    """Each node as it is written, with the names of fields in brackets, and the signs of long sums."""

    def plain(node: Node, args: Sequence[Piece] = ()) -> Piece:
        if node.id not in long:
            return piece(node, args, _WORDS)
        return Piece(f"{long[node.id]} of {len(args):,} terms", 1)

    return graph.fold(lambda node: Piece(brackets.format(node.name), ATOM), plain, plain)


def _subscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _times(text: str) -> str:
    return text.replace(" · ", " × ")


_NAME = re.compile(r"⟪([^⟫]*)⟫")
_FIELD = re.compile(r"⟨(\(?)([^⟩()]*)\)?⟩")


def _in_numbers(run: Run[Any], text: str) -> str:
    return _FIELD.sub(lambda found: _filled(run, found), text)


def _filled(run: Run[Any], field: re.Match[str]) -> str:
    text = format_number(number_of(run, field[2]))
    return f"({text})" if field[1] and text.startswith("-") else text


def key_of(field: str) -> str:
    """The key of the cell whose number a field is."""
    return field.rpartition(".")[0]


def called(field: str, top: str) -> str:
    """How the number of a cell's field is called."""
    name, _, word = field.rpartition(".")
    name = name.replace(",", ", ") if name.endswith("]") else name
    if word == "flow":
        return f"through {name.partition('[')[0].partition('.')[0]}"
    return f"∂{top}/∂{name}" if word == "gradient" else name


def _apply(op: Op, args: Sequence[Piece]) -> Piece:
    """Sums with plus signs; the rest as in labels."""
    if op.name == "sum":
        texts = [arg.text if arg.binding >= 1 else f"({arg.text})" for arg in args]
        return Piece(" + ".join(texts), 1)
    if op.symbol:
        return LABEL.apply(op, args) if op.name != "neg" else _minus(args[0])
    texts = [_FIELD.sub(r"⟨\2⟩", arg.text) if _FIELD.fullmatch(arg.text) else arg.text for arg in args]
    return Piece(f"{op.names[0]}({', '.join(texts)})", ATOM)


def _minus(arg: Piece) -> Piece:
    return Piece(f"−{arg.text}" if arg.binding >= 3 else f"−({arg.text})", 3)


_WORDS: Notation = LABEL._replace(apply=_apply)


@dataclass(frozen=True)
class Flow:
    """What comes back to a cell along an edge: from ``parent``, by a rule. ``written`` is None where it is
    too long to be read."""

    edge: str
    parent: str
    rule: str
    field: str
    written: Written | None


@dataclass(frozen=True)
class Told:
    """All that is told of a cell; ``top`` is what gradients are gradients of."""

    run: Run[Any]
    at: At
    top: str

    @property
    def graph(self) -> Graph:
        return self.run.graph

    @cached_property
    def key(self) -> str:
        return key(self.graph, self.at)

    @property
    def name(self) -> str:
        return called(f"{self.key}.value", self.top)

    @property
    def is_output(self) -> bool:
        return self.at.node == len(self.graph.nodes) - 1

    @cached_property
    def value(self) -> Written | None:
        """How its value comes about; of a leaf, and of what is too long to be read, there is nothing."""
        node = self.graph.nodes[self.at.node]
        if not node.args:
            return None
        writer = _writer()
        return self._write(writer, f"{self.key}.value", self.name, lambda: writer.value(self._around(writer)))

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """What comes back to it, edge by edge; nothing where no gradient gets there."""
        if not self.graph.active[self.at.node]:
            return ()
        return tuple(self.flow(edge) for edge in self.graph.edges() if edge.child == self.at.node)

    @cached_property
    def total(self) -> Written | None:
        """What comes back along several edges, added up."""
        if len(self.flows) < 2:
            return None
        builder = _writer().builder
        terms = tuple(builder.var(flow.field) for flow in self.flows)
        graph = builder.graph("", builder.apply("sum", terms))
        return Written(f"{self.key}.gradient", f"∂{self.top}/∂{self.name}", graph, self.top)

    def flow(self, edge: Edge) -> Flow:
        """What comes back along an edge."""
        parent = self.graph.nodes[edge.parent]
        field = f"{parent.id}{_index(self.at.cell, self.graph.nodes[edge.child].shape)}.{edge.arg}.flow"
        writer = _writer()
        alone = self.graph.uses[edge.child] == 1
        name = f"∂{self.top}/∂{self.name}" if alone else f"through {parent.id}"
        found = self._write(
            writer, field, name, lambda: writer.flow(self._around(writer, edge.parent), edge.arg)
        )
        return Flow(f"{parent.id}.{edge.arg}", parent.id, backward.rule(self.graph, edge), field, found)

    @property
    def sources(self) -> tuple[str, ...]:
        """The cells that its value is made of."""
        return _cells_of(self.value.refs if self.value else (), "value")

    @property
    def targets(self) -> tuple[str, ...]:
        """The cells that it flows into: whose gradients its own is made of."""
        refs = [ref for flow in self.flows if flow.written for ref in flow.written.refs]
        return _cells_of(refs, "gradient")

    @property
    def chosen_by_values(self) -> bool:
        """Whether it is made of other cells where values are others."""
        from graphviz_backprop.engine.tensors.single import chooses

        parents = {edge.parent for edge in self.graph.edges() if edge.child == self.at.node}
        nodes = [self.graph.nodes[at] for at in (self.at.node, *parents)]
        return any(chooses(node.op, self._site(node)) for node in nodes)

    def _site(self, node: Node) -> Site:
        return Site(tuple(self.graph.nodes[arg].shape for arg in node.args), dict(node.settings))

    @property
    def factors(self) -> tuple[str, ...]:
        """The cells whose values its gradient is made of, beside the gradients."""
        refs = [ref for flow in self.flows if flow.written for ref in flow.written.refs]
        return _cells_of(refs, "value")

    @property
    def statements(self) -> Iterator[Written]:
        """All that is written out."""
        if self.value:
            yield self.value
        yield from (flow.written for flow in self.flows if flow.written)
        if self.total:
            yield self.total

    def _write(self, writer: Writer, field: str, name: str, make: Callable[[], Leaf]) -> Written | None:
        try:
            graph = writer.builder.graph("", make()(self.at.cell))
        except ValueError:
            return None
        return Written(field, name, graph, self.top)

    def _around(self, writer: Writer, at: int | None = None) -> Around:
        """The node that a value, or what flows back, is of: the cells around it by their fields."""
        from graphviz_backprop.engine.tensors.single import Around

        at = self.at.node if at is None else at
        graph, run = self.graph, self.run
        node = graph.nodes[at]

        def leaf(position: int, word: str) -> Leaf:
            return lambda cell: writer.builder.var(f"{key(graph, At(position, cell))}.{word}")

        def gradient() -> Any:
            return run.gradients[at] if run.gradients[at] is not None else 0.0 * run.values[at]

        return Around(
            node.op,
            node.settings,
            tuple(graph.nodes[arg].shape for arg in node.args),
            node.shape,
            [leaf(arg, "value") for arg in node.args],
            leaf(at, "value"),
            leaf(at, "gradient"),
            [*((lambda arg=arg: run.values[arg]) for arg in (*node.args, at)), gradient],
        )


def _cells_of(refs: Sequence[str], word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref.removesuffix(f".{word}") for ref in refs if ref.endswith(f".{word}")))


def _writer() -> Writer:
    from graphviz_backprop.engine.tensors.single import Writer

    return Writer()


def whole_of(field: str) -> str:
    """The field of the whole tensor that a cell's, or what is told of the tensor, belongs to."""
    return _TOLD.sub("", _INDEX.sub("", field))


_INDEX = re.compile(r"\[[\d,]+\]")
_TOLD = re.compile(r"\.(shade|sign|equals|mean|norm|least|greatest|mark)$")

_OF_CELL = re.compile(r"(.*?)(?:\[([\d,]+)\])?((?:\.\d+)?)\.(value|gradient|flow)", re.DOTALL)


def number_of(run: Run[Any], field: str) -> float:
    """The number of a cell's field: ``W[0,1].value``, ``z[0].gradient``, ``z[0,1].0.flow``."""
    found = _OF_CELL.fullmatch(field)
    if found is None:
        raise KeyError(field)
    at = run.graph.positions[found[1]]
    if found[3]:
        numbers = run.flows[at][int(found[3][1:])]
    else:
        numbers = run.values[at] if found[4] == "value" else run.gradients[at]
    if numbers is None:
        raise KeyError(field)
    return float(numbers[tuple(map(int, found[2].split(",")))] if found[2] else numbers)
