"""Where a program may be meant otherwise: the parser shows what it meets, and asks for notes at the end."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.groupings import Grouping, groupings
from graphviz_backprop.language.letters import multiplies
from graphviz_backprop.language.notes import SPELLED, SPOKEN, Note, is_code, of_tensors, reading, run_in
from graphviz_backprop.language.shapes import Shape, said
from graphviz_backprop.language.syntax import Expr
from graphviz_backprop.language.tensor import MAKERS

_DIFFERENTIAL = re.compile(r"d[^\W\d_]\d*")
_UNITS = re.compile(r"(deg|degs|degrees?)|rads?|radians?", re.IGNORECASE)
_CALLED = frozenset("fghFGHφϕψΦΨΓΣΠ")  # letters that one reads as functions
_FACTORS = ("mul", "div")
_DOTS = frozenset("×·⋅∙•")
_LOGARITHM = re.compile(r"log_?([^\W\d_])")
_NUMERALS = re.compile(r"0(?:x[0-9a-f]+|o[0-7]+|b[01]+)", re.IGNORECASE)


def _of_code(text: str, span: tuple[int, int]) -> int | None:
    """What 0x10 or 0b11 is where the language would have 0 times x10."""
    start, end = span[0] - 1, span[1]
    alone = start >= 0 and not re.match(r"[\w.]", text[start - 1 : start])
    return int(text[start:end], 0) if alone and _NUMERALS.fullmatch(text[start:end]) else None


class Doubts:
    """Of one program. Raises ExpressionError for what can't be meant."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._mentions: dict[str, dict[tuple[int, int], None]] = {}
        self._found: dict[tuple[int, int], Note] = {}

    def variable(self, name: str, span: tuple[int, int]) -> None:
        """A name that the program gives no meaning: a variable."""
        places = self._mentions.get(name)
        if places is None:
            self._refuse(name, span)
            places = self._mentions[name] = {}
        places[span] = None

    def unknown(self, name: str) -> bool:
        """Whether it is a name that the program gives no meaning."""
        return name in self._mentions

    def node(self, expr: Expr) -> None:
        """An operation, after what it is applied to."""
        if expr.kind == "mul":
            self._product(expr)
        elif expr.kind == "pow":
            self._power(expr)
        elif expr.kind == "div":
            self._quotient(expr)
        elif expr.kind == "call":
            self._call(expr)
        for found in groupings(expr, self.text, self.unknown):
            self._replace(found)

    def _replace(self, found: Grouping) -> None:
        """A longer one takes the place of those inside: x/2y z is told once."""
        for start, end in [*self._found]:
            if found.start <= start and end <= found.end:
                del self._found[start, end]
        self._note(*found)

    def shapes(self, expr: Expr, shapes: Sequence[Shape], shape: Shape) -> None:
        """An operator, applied to tensors cell by cell: copies that nobody may have meant are told."""
        if expr.kind == "mul" and self._dotted(expr, shapes):
            return
        if len(expr.args) != 2 or shapes[0] == shapes[1] or not all(shapes):
            return
        for one, other in ((0, 1), (1, 0)):
            vector, matrix, operand = shapes[one], shapes[other], expr.args[one]
            text = self.text[slice(*operand.extent)]
            if len(vector) == 1 and len(matrix) == 2 and vector[0] == matrix[0] > 1:
                if matrix[1] == 1:
                    message = (
                        f"{said(vector)} and {said(matrix)} make {said(shape)}: each cell meets each; "
                        f"for one by one write reshape({text}, {vector[0]}, 1)"
                    )
                elif matrix[1] == vector[0]:
                    message = (
                        f"{text} has {vector[0]} cells and both axes of the other have: it goes along the "
                        f"last axis; along the first one write reshape({text}, {vector[0]}, 1)"
                    )
                else:
                    continue
                self._note(message, *operand.extent, f"reshape({text}, {vector[0]}, 1)")

    def _dotted(self, expr: Expr, shapes: Sequence[Shape]) -> bool:
        """``x · y`` of tensors works cell by cell, as ``*`` does; on paper it is the other product."""
        left, right = expr.args
        sign = self.text[left.extent[1] : right.extent[0]].strip(" \t()（）")
        if sign not in _DOTS or not all(shapes) or not multiplies(*shapes):
            return False
        product = f"{self.text[slice(*left.extent)]} @ {self.text[slice(*right.extent)]}"
        what = "dot product" if len(shapes[0]) == len(shapes[1]) == 1 else "product of rows and columns"
        message = f"{sign} multiplies cell by cell here, as * does; for the {what} write {product}"
        self._note(message, *expr.span, product)
        return True

    def raised(self, expr: Expr, shapes: Sequence[Shape]) -> None:
        """``W^T`` of a tensor is no power where T has no value, and ``W^-1`` can mean two things.

        Raises ExpressionError.
        """
        base, exponent = expr.args
        square = len(shapes[0]) == 2 and shapes[0][0] == shapes[0][1] > 1
        if square and exponent.kind == "neg" and exponent.args[0].name == "1":
            name = self.text[slice(*base.extent)]
            message = f"{name}^-1 of a matrix can mean two things"
            hint = f"1/{name} is the inverse of each cell; the one of a matrix is not computed here"
            raise ExpressionError(message, *expr.span, hint)
        if shapes[0] and exponent.kind == "name" and exponent.name == "T" and self.unknown("T"):
            name = self.text[slice(*base.extent)]
            message = f"{name} is a tensor, and T has no value"
            raise ExpressionError(message, *expr.span, f"the transposed tensor is {name}.T")

    def transposed(self, expr: Expr, shape: Shape) -> None:
        """``x.T`` of a vector is the vector."""
        name, whole = self.text[slice(*expr.args[0].extent)], self.text[slice(*expr.extent)]
        row = f"reshape({name}, 1, {shape[0]})"
        self._note(f"{name} has one axis, so {whole} is {name}; for a row write {row}", *expr.extent, row)

    def called(self, expr: Expr, shapes: Sequence[Shape], settings: Collection[str]) -> None:
        """A function of tensors: where NumPy and PyTorch differ, or print and NumPy, it is told."""
        if expr.name == "abs" and shapes[0] and self._has_bars(expr):
            self._length(expr)
        if expr.name in ("var", "std", "variance") and not {"correction", "ddof", "unbiased"} & {*settings}:
            call = self.text[slice(*expr.extent)]
            other = f"{call.rstrip()[:-1]}, correction=1)"
            message = f"{expr.name} divides by n, as NumPy's; for n - 1, as PyTorch's, write {other}"
            self._note(message, *expr.extent, other)

    def _length(self, expr: Expr) -> None:
        """``|x|`` and ``||x||`` are the absolute value of each cell; on paper they are one number."""
        inner = expr.args[0]
        if inner.kind == "call" and self._has_bars(inner):
            self._found.pop(inner.span, None)
            inner = inner.args[0]
        whole, operand = self.text[slice(*expr.span)], self.text[slice(*inner.extent)]
        message = f"{whole} is the absolute value of each cell; for the length write norm({operand})"
        self._note(message, *expr.span, f"norm({operand})")

    def _has_bars(self, expr: Expr) -> bool:
        return self.text[expr.name_span[0]] == "|"

    def notes(self, names: Collection[str], shapes: Mapping[str, Shape]) -> tuple[Note, ...]:
        """All notes, in the order of the text; ``names`` are all that the program mentions, ``shapes`` those
        of its tensors."""
        found = [*self._found.values()]
        for name, spans in self._mentions.items():
            places = tuple(sorted(spans))
            start, end = places[0]
            before = self.text[start - 1 : start]
            other = of_tensors(name, shapes) or reading(name, names, before.isdigit() or before in ("π", "½"))
            if other:
                found.append(Note(other.message, start, end, self._safe(other.replacement, places), places))
        return tuple(sorted(found, key=lambda note: note.start))

    def _safe(self, product: str, places: Collection[tuple[int, int]]) -> str:
        """A product in parentheses where it is a denominator or an exponent: 1/xy is 1/(x y)."""
        before = {self.text[:start].rstrip(" \t+-−")[-1:] for start, _ in places}
        return f"({product})" if " " in product and before & set("/÷^*") else product

    def _refuse(self, name: str, span: tuple[int, int]) -> None:
        if is_code(name):
            raise ExpressionError(
                f"{name} is a word of a programming language", *span, "write the expression alone"
            )
        if name in SPELLED:
            raise ExpressionError(f"{name} is no function here", *span, f"write {SPELLED[name]}")
        if number := _of_code(self.text, span):
            raise ExpressionError(
                f"0{name} is a number as programming languages have it", *span, f"write {number}"
            )
        if call := run_in(name):
            raise ExpressionError(f"{name} is one word", *span, f"write {call}")

    def _note(self, message: str, start: int, end: int, replacement: str) -> None:
        self._found[start, end] = Note(message, start, end, replacement, ((start, end),))

    def _product(self, expr: Expr) -> None:
        left, right = expr.args
        self._unit(left, right)
        self._spoken(left, right)
        self._logarithm(left, right)
        # nobody writes p(x) for a product, as p(x + 1) may be one
        touching = left.extent[1] == right.extent[0] and self.text[right.extent[0]] in "(（"
        unknown = left.kind == "name" and left.name in self._mentions
        if touching and unknown and (left.name[:1] in _CALLED or right.kind == "name"):
            whole = self.text[left.extent[0] : right.extent[1]]
            self._note(
                f"{left.name} is no function here, so {whole} is a product; "
                f"define {left.name}({'t' if left.name == 'x' else 'x'}) = … above for a call",
                *left.span,
                f"{left.name} * ",
            )

    def _unit(self, left: Expr, right: Expr) -> None:
        """60 deg is refused, as 60° is: read as a product it would be another number."""
        name = right.args[0] if right.kind == "pow" else right
        unit = _UNITS.fullmatch(name.name) if name.kind == "name" else None
        if not unit or name.name not in self._mentions or self.text[left.extent[1] : right.extent[0]].strip():
            return
        start, end = left.extent
        amount = self.text[start:end]
        written = f"{amount} * pi / 180" if unit[1] else amount
        raise ExpressionError(
            f"{name.name} behind a value is a unit, and there are none",
            *name.span,
            f"angles are in radians: for {amount} {name.name} write {written}",
        )

    def _spoken(self, left: Expr, right: Expr) -> None:
        """x times y is refused: read as a product it would have a variable more."""
        known = right.kind == "name" and right.name in SPOKEN and right.name in self._mentions
        if known and not self.text[left.extent[1] : right.extent[0]].strip():
            raise ExpressionError(
                f"{right.name} is a word, and would be a variable here",
                *right.span,
                f"write {SPOKEN[right.name]}",
            )

    def _logarithm(self, left: Expr, right: Expr) -> None:
        """log_b x is refused: read as a product it would have a variable more."""
        base = _LOGARITHM.fullmatch(left.name) if left.kind == "name" else None
        if base and left.name in self._mentions and not self.text[left.extent[1] : right.extent[0]].strip():
            value = self.text[slice(*right.span)]
            hint = f"write log({value}, {base[1]})"
            raise ExpressionError(f"{left.name} is no function here", *left.span, hint)

    def _power(self, expr: Expr) -> None:
        base = expr.args[0]
        if base.kind != "call" or self.text[base.name_span[0]] not in "√∛" or self._bracketed(base):
            return
        sign, rest = self.text[base.name_span[0]], self.text[base.args[0].extent[0] : expr.span[1]]
        self._note(
            f"{sign}{rest} is the power of a root; for the root of the power write {sign}({rest})",
            *expr.span,
            f"{sign}({rest})",
        )

    def _quotient(self, expr: Expr) -> None:
        top, bottom = expr.args
        if top.kind != "name" or bottom.kind != "name" or not _DIFFERENTIAL.fullmatch(bottom.name):
            return
        if (top.name == "d" or _DIFFERENTIAL.fullmatch(top.name)) and {
            top.name,
            bottom.name,
        } <= self._mentions.keys():
            what = top.name[1:] or "the expression"
            raise ExpressionError(
                f"{top.name}/{bottom.name} is a derivative, and these are shown, not written",
                *expr.span,
                f"write {what} alone: its gradient by {bottom.name[1:]} stands beside it",
            )

    def _call(self, expr: Expr) -> None:
        if len(expr.args) == 1 and expr.args[0].kind in _FACTORS and not self._bracketed(expr):
            self._swallowed(expr)
        whole = [arg.kind == "number" and arg.name.isdigit() for arg in expr.args]
        if whole == [True, True] and expr.name not in MAKERS:
            first, second = expr.args
            if self.text[first.extent[1] : second.extent[0]] == ",":
                number = f"{first.name}.{second.name}"
                message = f"{first.name},{second.name} are two numbers; for one write {number}"
                self._note(message, first.span[0], second.span[1], number)

    def _swallowed(self, expr: Expr) -> None:
        """sin x/2 is sin(x/2): said where the operator is written out."""
        argument = left = expr.args[0]
        first: Expr | None = None
        while left.kind in _FACTORS and left.extent == left.span:
            left, right = left.args
            if any(sign in self.text[left.extent[1] : right.extent[0]] for sign in "*/×·⋅÷∕⁄"):
                first = left
        if first:
            name = self.text[slice(*expr.name_span)]
            whole, part = self.text[slice(*argument.extent)], self.text[slice(*first.extent)]
            message = f"this is {name}({whole}); for {name} of {part} alone write {name}({part})"
            self._note(message, *first.extent, f"({part})")

    def _bracketed(self, call: Expr) -> bool:
        """Whether the argument of a call stands in parentheses."""
        between = self.text[call.name_span[1] : call.args[0].extent[0]]
        start = self.text[call.args[0].extent[0]]
        return any(sign in between for sign in "(（|") or start in "(（|"
