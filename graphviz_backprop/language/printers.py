"""Graph -> text for people: plain text, LaTeX, MathML.

A notation says how a leaf and an operation are written; one function walks a graph with it, in the
order of evaluation, so that nothing recurses. What is used more than once, was named, or would go on for
pages gets a line of its own, which keeps the text as short as the graph and its nesting shallow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graphviz_backprop.language.graph import CONST, VAR, Graph, Node
from graphviz_backprop.language.indices import written as written_index
from graphviz_backprop.language.letters import is_outer, looks_like_product
from graphviz_backprop.language.numerals import typed
from graphviz_backprop.language.ops import COMPARISONS, OPS, Op
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor import MAKERS, Tensor
from graphviz_backprop.language.tensor_ops import NEEDED, TENSORS, Setting, TensorOp
from graphviz_backprop.language.typeset import letters


class Piece(NamedTuple):
    """A written expression and how tightly it binds: a looser one needs parentheses in a tighter place."""

    text: str
    binding: int
    shaped: bool = False
    """Whether it is a tensor: the product of two of them, cell by cell, has a sign of its own on paper."""


# How tightly expressions bind, as in grammar.lark.
_COMPARISON, _SUM, _PRODUCT, _UNARY, _POWER, ATOM = 0, 1, 2, 3, 4, 5

_OPERANDS = {  # operator: its own binding, and what it asks of each operand
    "add": (_SUM, (_SUM, _PRODUCT)),
    "sub": (_SUM, (_SUM, _PRODUCT)),
    "mul": (_PRODUCT, (_PRODUCT, _UNARY)),
    "div": (_PRODUCT, (_PRODUCT, _UNARY)),
    "neg": (_UNARY, (_UNARY,)),
    "pow": (_POWER, (ATOM, _UNARY)),
    **dict.fromkeys(COMPARISONS, (_COMPARISON, (_SUM, _SUM))),
}


def operands(op: Op) -> tuple[int, tuple[int, ...]]:
    """How tightly an operator binds, and what it asks of each operand; a call asks nothing."""
    return _OPERANDS.get(op.name, (ATOM, ()))


class Notation(NamedTuple):
    """How a target writes leaves and operations."""

    name: Callable[[str], str]
    number: Callable[[Node], str]
    apply: Callable[[Op, Sequence[Piece]], Piece]
    parentheses: str


def _fit(piece: Piece, binding: int, parentheses: str) -> str:
    return piece.text if piece.binding >= binding else parentheses.format(piece.text)


def _cell_by_cell(op: Op, args: Sequence[Piece]) -> bool:
    """Whether this is ``u ⊙ v``: on paper ``u · v`` is one number."""
    return op.name == "mul" and all(arg.shaped for arg in args)


# Plain text


def number_text(node: Node) -> str:
    """A constant as it was typed."""
    return node.name or (typed(node.value) if node.cells is None else node.cells.written())


def _infix(op: Op, args: Sequence[Piece], sign: str) -> Piece:
    binding, wanted = _OPERANDS[op.name]
    texts = [_fit(arg, want, "({})") for arg, want in zip(args, wanted, strict=True)]
    return Piece(sign + texts[0] if len(texts) == 1 else sign.join(texts), binding)


def _apply_text(op: Op, args: Sequence[Piece]) -> Piece:
    if not op.symbol:
        return Piece(f"{op.names[0]}({', '.join(arg.text for arg in args)})", ATOM)
    spaced = op.symbol if op.name in ("pow", "neg") else f" {op.symbol} "
    return _infix(op, args, spaced)


TEXT = Notation(str, number_text, _apply_text, "({})")


_LISTED = 12
"""So many arguments of a call are named."""
_SIGNS = {"*": " · ", "-": " − ", "^": " ^ ", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}


def _apply_label(op: Op, args: Sequence[Piece]) -> Piece:
    if op.name == "neg":
        return Piece(f"−{_fit(args[0], _UNARY, '({})')}", _UNARY)
    if op.name in COMPARISONS:
        return Piece(f"[{args[0].text} {_SIGNS.get(op.symbol, op.symbol)} {args[1].text}]", ATOM)
    if op.symbol:
        return _infix(op, args, " ⊙ " if _cell_by_cell(op, args) else _SIGNS.get(op.symbol, f" {op.symbol} "))
    texts = [arg.text for arg in args]
    if len(texts) > _LISTED:
        texts = [*texts[:2], f"… {len(texts) - 3} more", texts[-1]]
    return Piece(f"{op.names[0]}({', '.join(texts)})", ATOM)


LABEL = TEXT._replace(apply=_apply_label)


# LaTeX


def tex_name(name: str) -> str:
    """A name in LaTeX."""
    return letters(name).tex


def _tex_number(node: Node) -> str:
    text = number_text(node).lower()
    if not text[0].isalpha() and "e" in text:
        digits, exponent = text.split("e")
        return rf"{digits} \cdot 10^{{{int(exponent)}}}"
    return r"\pi " if text in ("pi", "π") else text


def _apply_tex(op: Op, args: Sequence[Piece]) -> Piece:
    texts = [arg.text for arg in args]
    if "{x}" in op.tex:
        raised = op.tex.startswith("{x}^")
        base = _fit(args[0], ATOM, r"\left({}\right)") if raised else texts[0]
        return Piece(op.tex.format(**op.bind((base, *texts[1:]))), _POWER if raised or op.symbol else ATOM)
    if not op.symbol:
        name = op.names[0].replace("_", r"\_")
        head = op.tex or rf"\operatorname{{{name}}}"
        return Piece(rf"{head}\left({', '.join(texts)}\right)", ATOM)
    binding, wanted = _OPERANDS[op.name]
    texts = [_fit(arg, want, r"\left({}\right)") for arg, want in zip(args, wanted, strict=True)]
    if op.name == "neg":
        return Piece(f"-{texts[0]}", binding)
    sign = op.symbol
    if op.name == "mul":
        sign = r"\odot" if _cell_by_cell(op, args) else _times(*texts)
    return Piece(f"{texts[0]} {sign} {texts[1]}", binding)


def _times(left: str, right: str) -> str:
    """4x is a number beside a name; everything else has its dot."""
    beside = re.fullmatch(r"[\d.]+", left) and not re.match(r"[-\d.⟨]", right)
    return "" if beside else r"\cdot"


TEX = Notation(tex_name, _tex_number, _apply_tex, r"\left({}\right)")


_MOST_CELLS = 16  # of a tensor that is written cell by cell
_MOST_LINES = 8  # of a column on paper

# The walk

_LONG = 1000  # characters in one statement; also what keeps converters that recurse from nesting deeply


def lines(graph: Graph) -> list[int]:
    """The nodes that get a statement of their own: named, used more than once, or the output."""
    last = len(graph.nodes) - 1
    repeated = graph.view == "tree"  # there, even a leaf with two edges is one node for a reason
    return [
        position
        for position, node in enumerate(graph.nodes)
        if position == last or node.named or (graph.uses[position] > 1 and (repeated or node.args))
    ]


def written(graph: Graph, notation: Notation) -> list[tuple[str, str]]:
    """The program as statements: each one's name and its expression, in the order of evaluation."""
    own = {graph.nodes[at].id for at in lines(graph)}
    statements: list[tuple[str, str]] = []

    def stated(node: Node, args: Sequence[Piece] = ()) -> Piece:
        found = piece(node, args, notation) if node.begins is None else _start(node, notation)
        if node.id not in own and not (node.args and len(found.text) > _LONG):
            return found
        name = notation.name(node.id)
        statements.append((name, found.text))
        return _named(name)._replace(shaped=bool(node.shape))

    graph.fold(stated, stated, stated)
    return statements


def _start(node: Node, notation: Notation) -> Piece:
    """The number or tensor at which a variable starts."""
    if node.cells is not None:
        return _tex_tensor(node.cells) if notation is TEX else Piece(node.cells.written(), ATOM)
    start = node.start or 0.0
    return Piece(notation.number(Node("", CONST, (), (0, 0), typed(start))), ATOM)


def in_one(graph: Graph, notation: Notation, names: Callable[[str], Piece] | None = None) -> Piece:
    """The output in one piece; ``names`` writes its variables, if they are not written as they are."""
    write = names or (lambda name: _named(notation.name(name)))

    def plain(node: Node, args: Sequence[Piece] = ()) -> Piece:
        return piece(node, args, notation)

    return graph.fold(lambda node: write(node.name), plain, plain)[-1]


def piece(node: Node, args: Sequence[Piece], notation: Notation) -> Piece:
    """One node, applied to its arguments as they are written."""
    return _piece(node, args, notation)._replace(shaped=bool(node.shape))


def _piece(node: Node, args: Sequence[Piece], notation: Notation) -> Piece:
    if node.op == VAR:
        return _named(notation.name(node.name))
    if node.op == CONST:
        text = notation.number(node)
        if node.cells is not None and notation is TEX:
            return _tex_tensor(node.cells)
        if node.cells is not None:
            return Piece(node.cells.written(_MOST_CELLS) if notation is LABEL else text, ATOM)
        return Piece(text, _UNARY if text.startswith("-") else _PRODUCT if r"\cdot" in text else ATOM)
    if node.op in TENSORS:
        return tensor_piece(TENSORS[node.op], dict(node.settings), node.shape, args, notation)
    return notation.apply(OPS[node.op], args)


def tensor_piece(
    op: TensorOp, settings: Mapping[str, Setting], shape: Shape, args: Sequence[Piece], notation: Notation
) -> Piece:
    """A row that knows axes, as one types it: ``W @ x``, ``x[0, 1:3]``, ``sum(x, axis=0)``."""
    texts = [arg.text for arg in args]
    first = _fit(args[0], ATOM, notation.parentheses)
    if op.name == "slice":
        return Piece(f"{first}[{written_index(settings['at'])}]", ATOM)
    if op.name == "gather":
        return Piece(f"{first}[{':, ' * settings['axis']}{', '.join(texts[1:])}]", ATOM)
    if op.name == "stack" and settings["axis"] == 0:
        return Piece(f"[{', '.join(texts)}]", ATOM)
    if op.name == "transpose" and settings["axes"] == tuple(range(len(shape)))[::-1]:
        if notation is TEX:
            return Piece(f"{first}^{{T}}", _POWER)  # LaTeX takes no second exponent
        return Piece(f"{first}{'ᵀ' if notation is LABEL else '.T'}", ATOM)
    if op.name == "einsum" and len(args) == 2:
        if looks_like_product(settings["letters"]):
            left = _fit(args[0], _PRODUCT, notation.parentheses)
            right = _fit(args[1], _UNARY, notation.parentheses)
            sign = r" \, " if notation is TEX else " @ "
            return Piece(f"{left}{sign}{right}", _PRODUCT)
        if is_outer(settings["letters"]):
            return _called("outer", texts, notation)
    if op.name == "pad":
        at = f'at="{written_index(settings["at"], settings["shape"])}"'
        return _called("pad", texts, notation, [*map(str, settings["shape"]), at])
    behind = list(_settings(op, settings, len(shape)))
    return _called(op.names[0], texts, notation, behind, _letters(settings))


def _called(
    name: str,
    texts: Sequence[str],
    notation: Notation,
    behind: Sequence[str] = (),
    before: Sequence[str] = (),
) -> Piece:
    """A call, with settings before and behind its arguments."""
    if notation is not TEX:
        return Piece(f"{name}({', '.join([*before, *texts, *behind])})", ATOM)
    inner = ", ".join([*map(_tex_text, before), *texts, *map(_tex_text, behind)])
    escaped = name.replace("_", r"\_")
    return Piece(rf"\operatorname{{{escaped}}}\left({inner}\right)", ATOM)


def _tex_text(setting: str) -> str:
    """A setting in LaTeX: a number as it is, the rest as text."""
    return setting if setting.lstrip("-").isdecimal() else rf"\text{{{setting.replace('_', ' ')}}}"


def _tex_tensor(tensor: Tensor) -> Piece:
    """A tensor in LaTeX: small ones as a matrix or a column, others as the text that makes them.

    ``W x`` is a product of matrices on paper, so that a vector has to stand there as a column.
    """
    if tensor.text or len(tensor.shape) > 2 or len(tensor.cells) > _MOST_CELLS:
        return Piece(rf"\text{{{tensor.written(_MOST_CELLS)}}}", ATOM)
    if len(tensor.shape) == 2:
        return Piece(_tex_rows(tensor.nested()), ATOM)
    if len(tensor.cells) > _MOST_LINES:
        return Piece(rf"\text{{{tensor.written(_MOST_LINES)}}}", ATOM)
    return Piece(_tex_rows([cell] for cell in tensor.cells), ATOM)


def _tex_rows(rows: Iterable[Sequence[float]]) -> str:
    lines = r" \\ ".join(" & ".join(map(typed, row)) for row in rows)
    return rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}"


def _letters(settings: Mapping[str, Setting]) -> list[str]:
    return [f'"{settings["letters"]}"'] if "letters" in settings else []


def _settings(op: TensorOp, settings: Mapping[str, Setting], rank: int) -> Iterator[str]:
    """Settings other than the usual ones: plain numbers behind the arguments, the rest by name."""
    for name, value in settings.items():
        usual = op.settings.get(name)
        if name == "letters" or value == usual or (usual == -1 and value == rank - 1):
            continue
        if f"*{name}" in op.sizes:
            yield from map(str, value)
        elif op.sizes[:1] == (name,) and op.settings[name] is NEEDED:
            yield str(value)
        else:
            yield f"{name}={value}"


def _named(name: str) -> Piece:
    """A name as an operand: one with a layer above it takes no further exponent without parentheses."""
    return Piece(name, _POWER if name.endswith(")}") else ATOM)


def source(graph: Graph) -> str:
    """A program in the language that parses to this graph again."""
    *named, (name, output) = written(graph, TEXT)
    if graph.output.named:
        output = f"{name} = {_stated(graph, name, output)}"
    return "\n".join([*(f"{name} = {_stated(graph, name, text)}" for name, text in named), output])


_NUMBER = re.compile(r"-?[\d.½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒][\d.]*(e[-+]?\d+)?", re.IGNORECASE)


def _stated(graph: Graph, name: str, text: str) -> str:
    """A statement's right side: a number that is no variable's start stands in parentheses."""
    plain = _NUMBER.fullmatch(text) or text.startswith(("[", *MAKERS))
    return f"({text})" if plain and graph.nodes[graph.positions[name]].op != VAR else text


def tex(graph: Graph) -> list[str]:
    """The program in LaTeX, one equation a statement."""
    return [f"{name} = {text}" for name, text in written(graph, TEX)]


def mathml(graph: Graph) -> list[str]:
    """The program in MathML, one ``<math display="block">`` a statement."""
    return [_mathml(equation, display="block") for equation in tex(graph)]


_FIELD = re.compile(r"⟨([^⟩]*)⟩")
SIGNS = ("equals", "gives", "adds", "sums")
"""Last words of fields that are a sign between two sides of an equation."""
_PLACE = re.compile(r"<mtext>#(\d+)#</mtext>")


def mathml_with_fields(equation: str) -> str:
    """LaTeX with fields in ⟨angle brackets⟩ as MathML, each field an ``<mn data-field="…">`` to be filled.

    The field of a sign (= or ≈) is an operator.
    """
    fields: list[str] = []

    def mark(match: re.Match[str]) -> str:
        fields.append(match[1])
        return rf"\text{{#{len(fields) - 1}#}}"

    math = _mathml(_FIELD.sub(mark, equation))

    def element(place: re.Match[str]) -> str:
        field = fields[int(place[1])]
        kind = "mo" if field.rpartition(".")[2] in SIGNS else "mn"
        return f'<{kind} data-field="{field}"></{kind}>'

    return _PLACE.sub(element, math)


# One node by the names of its arguments


def _by_ids(graph: Graph, position: int, notation: Notation, bare: bool = False) -> str:
    def shown(at: int) -> Piece:
        arg = graph.nodes[at]
        if not bare or at not in graph.bare:
            return Piece(arg.id, ATOM, bool(arg.shape))
        return piece(arg, [piece(graph.nodes[own], (), notation) for own in arg.args], notation)

    node = graph.nodes[position]
    return piece(node, [shown(arg) for arg in node.args], notation).text


def text(graph: Graph, position: int) -> str:
    """What a node computes, in the language, by the ids of its arguments: ``a * b``."""
    return _by_ids(graph, position, TEXT)


def label(graph: Graph, position: int, bare: bool = False) -> str:
    """A node as an equation for reading: ``c = a · b``; where constants are bare, ``c = 4 · b``; of a tensor
    with its shape, ``z = W @ x  [2]``. A variable that has its own name is that alone."""
    node = graph.nodes[position]
    shape = f"  [{'×'.join(map(str, node.shape))}]" if node.shape else ""
    text = _by_ids(graph, position, LABEL, bare)
    return f"{node.id if node.op == VAR and text == node.id else f'{node.id} = {text}'}{shape}"


# Rows of the table of operations


def row_tex(text: str) -> str:
    """A text of a row in LaTeX."""
    return written(parse_row(text, "tree"), TEX)[-1][1]


def call_tex(op: Op) -> str:
    """An operation applied to its own arguments, in LaTeX."""
    return TEX.apply(op, [Piece(tex_name(name), ATOM) for name in _call_arguments(op)]).text


def call_text(op: Op) -> str:
    """An operation applied to its own arguments, in the language."""
    return TEXT.apply(op, [Piece(name, ATOM) for name in _call_arguments(op)]).text


def _call_arguments(op: Op) -> tuple[str, ...]:
    return ("x", "y", "z") if op.variadic else op.arguments


_RAISED_MATRIX = re.compile(r"\\begin\{bmatrix\}(?:(?!\\end).)*\\end\{bmatrix\}(?=\^)", re.DOTALL)
"""In braces it is one base: without them its brackets would be elements of their own in ``<msup>``."""


def _mathml(tex: str, display: str = "inline") -> str:
    """LaTeX as MathML; what converts it is loaded with the first formula."""
    from latex2mathml.converter import convert

    return convert(_RAISED_MATRIX.sub(r"{\g<0>}", tex), display=display)
