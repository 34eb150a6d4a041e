"""LaTeX's tokens -> the program, with a stack of what is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from graphviz_backprop.language.hints import did_you_mean
from graphviz_backprop.language.notes import run_in
from graphviz_backprop.language.ops import LANGUAGE
from graphviz_backprop.language.pasted import latex_names as names
from graphviz_backprop.language.pasted.converted import Converted, Piece, Span
from graphviz_backprop.language.pasted.latex_cursor import END, Cursor
from graphviz_backprop.language.pasted.latex_matrices import (
    EITHER,
    ENVIRONMENTS,
    NUMBER,
    TENSOR,
    VECTOR,
    Cells,
    Kinds,
)
from graphviz_backprop.language.pasted.latex_tokens import Token
from graphviz_backprop.language.spelling import INVERSES
from graphviz_backprop.language.tensor_ops import LANGUAGE as TENSORS

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"


@dataclass
class _Frame:
    """What is open. ``kind``: group ``{``, single (an argument of one token), paren, bar, or bare (of a
    function without parentheses). ``tail`` is written where it ends, and ``then`` called."""

    kind: str
    span: Span
    tail: list[Piece]
    then: Callable[[], None] | None = None
    power: bool = False
    cells: Cells | None = None


@dataclass
class _Call:
    """A function of which the argument is still to come."""

    name: str
    span: Span
    base: list[Piece] = field(default_factory=list)
    power: list[Piece] = field(default_factory=list)


@dataclass
class _Line:
    """A quotient's line that is open: at which depth, and whether a number alone stands above it."""

    depth: int
    number: bool


class Reader(Cursor):
    """Of the tokens of one text. Raises ExpressionError at the place of what can't be read."""

    def __init__(self, found: list[Token]) -> None:
        super().__init__(found)
        self._written: list[Piece] = []
        self._frames: list[_Frame] = []
        self._ended = False  # whether a value has just ended
        self._raised = False  # and was a power
        self._functions: set[str] = set()  # of the text's own
        self._values: set[str] = set()
        self._kinds = Kinds()
        self._line: _Line | None = None

    def converted(self) -> Converted:
        self._statement()
        while self._at < len(self._tokens):
            self._take(self._next())
        self._close_all()
        return Converted(self._written)

    # Tokens

    def _take(self, token: Token) -> None:
        if token.kind == "number":
            self._number(token)
        elif token.kind == "letters":
            self._letters(token)
        elif token.kind == "command":
            self._command(token)
        elif token.kind == "break":
            self._separate(token)
        elif token.kind == "newline":
            self._newline(token)
        else:
            self._char(token)

    # Writing

    def _write(self, text: str, span: Span) -> None:
        self._written.append(Piece(text, span))

    def _begin(self, span: Span, kind: str = "") -> None:
        """A value begins: behind another it is a factor."""
        if self._ended:
            self._refuse_below(span)
            self._write(self._kinds.between(kind or self._unknown()), (span[0], span[0]))
        self._ended = False

    def _refuse_below(self, span: Span) -> None:
        r"""A factor behind ``x/2`` may stand below the line or behind it; ``1/2 (x + 1)`` is half of it."""
        if self._line is None or self._line.depth != len(self._frames):
            return
        bottom, start = self._written[-1], self._tokens[self._at - 1]
        letter = start.kind == "letters" or (start.kind == "command" and start.text in names.LETTERS)
        half = self._line.number and bottom.text.isdigit() and self._written[-2].text == " / "
        if not half or (letter and bottom.span[1] == start.start):
            message = "this factor may stand below the line or behind it"
            raise self._error(message, span, "write \\frac{1}{2}x or \\frac{1}{2x}")
        self._line = None

    def _unknown(self) -> str:
        """What a value may be of which only the beginning is known."""
        return EITHER if self._kinds.names or self._kinds.seen else NUMBER

    def _value(self, text: str, span: Span, kind: str = NUMBER) -> None:
        self._begin(span, kind)
        self._write(text, span)
        self._kinds.be(kind)
        self._raised = False
        self._end()

    def _end(self) -> None:
        """A value has ended, and with it an argument that has one token."""
        self._ended = True
        while self._ended and self._frames and self._frames[-1].kind == "single":
            self._finish(self._frames.pop())

    def _finish(self, frame: _Frame) -> None:
        depth = len(self._frames)
        if self._line and (self._line.depth > depth or (self._line.depth == depth and frame.kind == "paren")):
            self._line = None  # in x/(2y) z parentheses say what stands below
        alone = frame.kind == "paren" and self._kinds.literal[0] == len(self._written)
        self._written += frame.tail
        if alone:
            self._kinds.literal = len(self._written), self._kinds.last
        self._ended = True
        if not frame.power:
            self._kinds.closed()
        self._raised = frame.power
        if frame.then:
            self._ended = False
            frame.then()

    def _open(self, kind: str, span: Span, *tail: Piece, then: Callable[[], None] | None = None) -> None:
        self._frames.append(_Frame(kind, span, list(tail), then))
        self._ended = False

    def _argument(self, command: Span, *tail: Piece, then: Callable[[], None] | None = None) -> None:
        """Opens what follows: a group, or one token."""
        token = self._peek()
        while token.kind == "newline":
            self._at += 1
            token = self._peek()
        if token is END or token.kind == "break":
            raise self._error("something is missing behind this", command)
        if self._skip("{"):
            self._open("group", token.span, *tail, then=then)
        else:
            self._open("single", token.span, *tail, then=then)

    def _close_bare(self) -> None:
        """Ends the arguments that have no parentheses."""
        while self._ended and self._frames and self._frames[-1].kind == "bare":
            self._finish(self._frames.pop())
            self._end()

    def _close(self, kind: str, token: Token) -> None:
        self._close_bare()
        if not self._frames or self._frames[-1].kind != kind:
            raise self._error(f"this {token.text} closes nothing", token.span)
        if not self._ended:
            raise self._error(f"a value is missing before {token.text}", token.span)
        self._finish(self._frames.pop())
        if self._ended:
            self._end()

    def _close_all(self) -> None:
        self._close_bare()
        if self._frames:
            frame = self._frames[-1]
            words = "this is never closed" if frame.kind not in ("single", "bare") else "a value is missing"
            raise self._error(words, frame.span)

    # Statements

    def _separate(self, token: Token) -> None:
        self._close_all()
        if self._written and self._written[-1].text != "\n":
            self._write("\n", token.span)
        self._ended = False
        self._line = None
        self._kinds.end(len(self._written) - 1)
        self._statement()

    def _newline(self, token: Token) -> None:
        """Ends a statement where the next begins with ``name =``; else it is a blank."""
        self._close_bare_at_line()
        if self._ended and not self._frames and self._starts():
            self._separate(token)

    def _close_bare_at_line(self) -> None:
        if self._starts():
            self._close_bare()

    def _starts(self) -> bool:
        """Whether a definition follows."""
        at = self._at
        found = self._head() is not None
        self._at = at
        return found

    def _statement(self) -> None:
        """The name before ``=``, if there is one, or a function and its arguments."""
        while self._peek().kind in ("newline", "break"):
            self._at += 1
        if self._is("="):
            raise self._error(
                "this line has no name before its =", self._peek().span, "give it one, or leave the line out"
            )
        at = self._at
        head = self._head()
        if head is None:
            self._at = at
            return
        name, params, span = head
        text = f"{name}({', '.join(params)}) = " if params else f"{name} = "
        (self._functions if params else self._values).add(name)
        self._kinds.defined = "" if params else name
        self._write(text, span)

    # Names and numbers

    def _number(self, token: Token) -> None:
        single = bool(self._frames) and self._frames[-1].kind == "single"
        if single and len(token.text) > 1:
            if self._frames[-1].power:
                raise self._error(
                    "only the first digit is raised here", token.span, f"write ^{{{token.text}}}"
                )
            middle = token.start + 1
            self._tokens[self._at - 1 : self._at] = [
                token._replace(text=token.text[0], end=middle),
                token._replace(text=token.text[1:], start=middle),
            ]
            self._value(token.text[0], (token.start, middle))
            return
        if self._ended:
            raise self._error(f"there is no operator before {token.text}", token.span, "write \\cdot or ^")
        text, end = token.text, token.end
        if not single and (power := self._power_of_ten()):
            text, end = text + power, self._tokens[self._at - 1].end
        self._value(text, (token.start, end))

    def _power_of_ten(self) -> str:
        r"""The exponent of ``2.5 \cdot 10^{-3}``, one number, unless it is a denominator."""
        if self._written and self._written[-1].text == " / " and not self._ended:
            return ""
        sign, ten = self._peek(), self._peek(1)
        if sign.kind != "command" or sign.text not in ("cdot", "times") or ten[:2] != ("number", "10"):
            return ""
        if not (self._is("^", 2) and self._is("{", 3)):
            return ""
        minus = self._is("-", 4)
        digits, close = self._peek(4 + minus), self._peek(5 + minus)
        if digits.kind != "number" or not digits.text.isdigit() or close.text != "}":
            return ""
        self._at += 6 + minus
        return f"e{'-' if minus else ''}{digits.text}"

    def _letters(self, token: Token) -> None:
        """Letters side by side: a function, a name that the text gave a value, or a product."""
        text = token.text
        single = bool(self._frames) and self._frames[-1].kind == "single"
        if len(text) == 1 or text in self._values | self._functions:
            self._mention(text, token.span)
        elif single:
            self._tokens.insert(self._at, token._replace(text=text[1:], start=token.start + 1))
            self._mention(text[0], (token.start, token.start + 1))
        elif names.function(text) == text:
            self._call(_Call(text, token.span))
        elif call := run_in(text):
            raise self._error(f"{text} is a product of letters in LaTeX", token.span, f"write \\{call}")
        elif len(text) > 3 or text in names.LETTERS:
            hint = f"write \\{text}" if text in names.LETTERS else f"for one name write \\mathrm{{{text}}}"
            raise self._error(f"{text} is a product of letters in LaTeX", token.span, hint)
        else:
            for at, letter in enumerate(text, token.start):
                self._mention(letter, (at, at + 1), last=at == token.end - 1)

    def _mention(self, stem: str, span: Span, last: bool = True) -> None:
        name = self._name_of(stem) if last else stem
        end = self._tokens[self._at - 1].end if last else span[1]
        if name in self._functions and self._opens():
            self._call(_Call(name, span))
        elif last and name not in self._values and self._reads_as_call(stem):
            hint = "define it above, as in f(x) = x^2, or write \\cdot for a product"
            raise self._error(f"{name} is no function here", (span[0], max(end, span[1])), hint)
        else:
            self._value(name, (span[0], max(end, span[1])), self._kinds.of_name(name))

    def _name_of(self, stem: str) -> str:
        """With its index and layer; ``e^{(2)}`` is a power, unless it was given a value."""
        at = self._at
        name = self._indexed(stem)
        if stem == "e" and "_" not in name and name not in self._values:
            self._at = at
            return stem
        return name

    def _reads_as_call(self, stem: str) -> bool:
        """Whether nobody would take it for a product: f(x + 1), and p(x)."""
        at = self._at
        self._at += self._peek()[:2] == ("command", "left")
        opens = self._skip("(")
        alone = opens and (self._peek().kind == "command" or len(self._peek().text) == 1)
        if alone and self._name_here() is not None:
            self._at += self._peek()[:2] == ("command", "right")
            alone = self._is(")")
        else:
            alone = False
        self._at = at
        return opens and (alone or stem in names.CALLED)

    # Commands and signs

    def _command(self, token: Token) -> None:
        name = token.text
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            self._fraction(token)
        elif name == "sqrt":
            self._root(token)
        elif name in ("left", "right", "middle"):
            self._delimiter(token)
        elif name in ("\\", "newline"):
            self._end_of_row(token)
        elif name in ("begin", "end"):
            self._environment(token)
        elif name in names.SIGNS:
            self._operator(names.SIGNS[name], token)
        elif name in names.UPRIGHT or name in names.LETTERS or name in names.ACCENTS:
            self._named(token)
        elif name in names.REFUSED:
            raise self._error(f"\\{name} can't be read here", token.span, names.REFUSED[name])
        elif name in names.CLOSING or name in names.OPENING or name in names.NORMS:
            self._bracket(token)
        elif names.function(name):
            self._call(_Call(names.function(name), token.span))
        else:
            raise self._error(f"\\{name} is not understood", token.span)

    def _named(self, token: Token) -> None:
        stem = self._stem(token)
        span = token.start, self._tokens[min(self._at, len(self._tokens)) - 1].end
        known = names.function(stem) if token.text in names.UPRIGHT else ""
        if token.text == "sigma" and "sigma" not in self._values and self._opens():
            known = "sigmoid"
        if not stem:
            raise self._error("a name is missing here", span)
        called = token.text in names.UPRIGHT and len(stem) > 1 and self._opens()
        if called and not known and stem in TENSORS:
            known = stem
            self._kinds.seen = True  # ones(2, 3) has cells, whatever stands in it
        if known and known not in self._values:
            self._call(_Call(known, span))
        elif (called or self._is_applied(token, stem)) and stem not in self._values | self._functions:
            raise self._error(f"{stem} is not a function", span, did_you_mean(stem, LANGUAGE.names()))
        else:
            self._mention(stem, span)

    def _is_applied(self, token: Token, stem: str) -> bool:
        """Whether a function's name stands before its argument: ``\\operatorname{sinc} x``."""
        coming = self._peek()
        starts = coming.kind in ("letters", "number") or (
            coming.kind == "command" and (coming.text in names.LETTERS or coming.text in ("frac", "sqrt"))
        )
        return token.text.startswith("operatorname") and len(stem) > 1 and starts

    def _char(self, token: Token) -> None:
        text = token.text
        if text == "{":
            self._begin(token.span)
            self._write("(", token.span)
            self._open("group", token.span, Piece(")", token.span))
        elif text == "}":
            self._close("group", token)
        elif text == "^":
            self._power(token)
        elif text == "&":
            self._end_of_cell(token)
        elif text in "([)]|":
            self._bracket(token)
        elif text in "+-−*/<>=,:·×≤≥≠÷":
            self._operator(text, token)
        elif text == ";":
            self._separate(token)
        elif text in _SUPERSCRIPTS and self._ended:
            self._write(text, token.span)
        elif text == "_":
            raise self._error("an index stands behind a name", token.span)
        elif text == "'":
            raise self._error("derivatives are shown, not written", token.span)
        elif text == "." and (self._peek() is END or self._peek().kind in ("break", "command")):
            return  # the sentence ends
        elif text != "$":
            raise self._error(f"{text} means nothing here", token.span)

    def _operator(self, text: str, token: Token) -> None:
        signed = text in "+-−" and not self._ended
        if not signed and text != "/":
            self._close_bare()
        after = self._peek()
        ends = after is END or after.kind in ("break", "newline") or after.text == "\\"
        if text == "," and not self._frames and ends:
            return  # the sentence goes on
        if text == "," and not self._frames and self._starts():
            self._separate(token)
            return
        if text == "=":
            if self._frames:
                text = "=="
            elif not self._written or self._written[-1].text == "\n":
                raise self._error("a name is missing before this", token.span)
        if text == ":" and self._is("="):
            return
        if token.text in ("cdot", "times", "·", "×") and self._kinds.last != NUMBER:
            self._multiply(token)
            return
        self._draw(text, signed)
        self._write(text if signed or text == "," else f" {text} ", token.span)
        self._ended = False

    def _draw(self, text: str, signed: bool) -> None:
        """Begins a quotient's line, or ends the one that is open."""
        depth = len(self._frames)
        if text == "/":
            before, top = ["", "", *(piece.text for piece in self._written[-2:])][-2:]
            self._line = _Line(depth, top.isdigit() and not before.endswith("^("))
        elif self._line and self._line.depth == depth and not signed:
            self._line = None

    def _power(self, token: Token) -> None:
        if not self._ended:
            raise self._error("^ needs a value on its left", token.span)
        if self._transposes():
            self._transposed(token)
            return
        self._refuse_transposed(token)
        if self._raised:
            raise self._error("one power stands behind another", token.span, "write x^{a^b} or {x^a}^b")
        self._write("^(", token.span)
        self._argument(token.span, Piece(")", token.span))
        self._frames[-1].power = True

    def _refuse_transposed(self, token: Token) -> None:
        """``w^T`` of numbers would be a power, with a variable T."""
        value = self._written[-1]
        coming = self._peek(self._is("{"))
        if (
            value.text.isidentifier()
            and value.text != "e"
            and value.text.isascii()
            and "T" not in self._values
        ):
            whole = coming.text[:1] == "T" and (self._is("}", 2) or not self._is("{"))
            if whole and coming.kind == "letters" and len(value.text.partition("_")[0]) == 1:
                hint = "leave ^T out, or give T a value above"
                raise self._error("a number has no transpose", (value.span[0], token.end), hint)

    def _refuse_mixed(self, token: Token) -> None:
        r"""``3\frac{1}{2}`` is a sum to some, a product to others."""
        texts = [self._peek(ahead).text for ahead in range(-2, 6)]
        parts = (texts[3], texts[6]) if texts[2] == "{" else (texts[2],)
        if self._ended and texts[0].isdigit() and all(part.isdigit() for part in parts):
            hint = "write 3 + \\frac{1}{2}, or 3 \\cdot \\frac{1}{2}"
            raise self._error("a number before a fraction can mean two things", token.span, hint)

    def _fraction(self, token: Token) -> None:
        self._refuse_mixed(token)
        self._begin(token.span)
        span = token.span
        self._write("((", span)

        def below() -> None:
            self._argument(span, Piece("))", span))

        self._argument(span, Piece(") / (", span), then=below)

    def _root(self, token: Token) -> None:
        self._begin(token.span)
        index = "2"
        if self._is("["):
            found = self._peek(1)
            if found.kind not in ("number", "letters") or not self._is("]", 2):
                raise self._error("a root's index is a number or a letter here", found.span)
            index = found.text
            self._at += 3
        heads = {"2": ("sqrt(", ")"), "3": ("cbrt(", ")")}
        head, tail = heads.get(index, ("((", f")^(1 / {index}))"))
        self._write(head, token.span)
        self._argument(token.span, Piece(tail, token.span))

    def _environment(self, token: Token) -> None:
        start = self._at
        if self._skip("{"):
            name = ""
            while self._peek() is not END and not self._is("}"):
                name += self._next().text
            self._at += 1
            if name in ENVIRONMENTS:
                self._matrix(token, name)
                return
            if name in names.ENVIRONMENTS:
                if self._written or token.text == "end":
                    self._separate(token)
                else:
                    self._statement()
                return
        raise self._error("this environment can't be read here", (token.start, self._tokens[start - 1].end))

    # Matrices

    def _matrix(self, token: Token, name: str) -> None:
        if token.text == "end":
            self._end_of_matrix(token)
            return
        if name == "array" and self._skip("{"):
            while not self._skip("}") and self._peek() is not END:
                self._at += 1
        self._begin(token.span, TENSOR)
        self._open("matrix", token.span)
        self._frames[-1].cells = Cells(len(self._written))

    def _end_of_matrix(self, token: Token) -> None:
        cells = self._end_of_cell(token)
        frame = self._frames[-1]
        span = frame.span[0], self._tokens[self._at - 1].end
        column = (cells.columns == 1 and cells.lines > 1) or (cells.lines == 1 and self._raised_to_t())
        frame.tail = cells.pieces(column, span)
        kind = VECTOR if column else TENSOR
        before = next((piece.text for piece in reversed(self._written) if piece.text != "("), "= ")
        self._ended = True
        self._close("matrix", token)
        self._kinds.be(kind)
        if before.endswith("= "):
            self._kinds.literal = len(self._written), kind

    def _raised_to_t(self) -> bool:
        """Steps over the ``^T`` of a row."""
        at = self._at
        self._kinds.last = TENSOR
        if self._skip("^") and self._transposes():
            return True
        self._at = at
        return False

    def _end_of_cell(self, token: Token) -> Cells:
        """A cell has ended; where only a row's end came before, there is none."""
        self._close_bare()
        frame = self._frames[-1] if self._frames else None
        if frame is None or frame.cells is None:
            raise self._error(f"{token.text} stands in no matrix", token.span)
        last_row_ended = token.text == "end" and not frame.cells.rows[-1] and len(frame.cells.rows) > 1
        if not self._ended and not last_row_ended:
            raise self._error("a cell is empty", token.span)
        if self._ended:
            frame.cells.end(self._written)
        self._ended = False
        return frame.cells

    def _end_of_row(self, token: Token) -> None:
        self._close_bare()
        if self._frames and self._frames[-1].cells:
            self._end_of_cell(token).rows.append([])
        else:
            self._separate(token)

    def _multiply(self, token: Token) -> None:
        """A dot between tensors is the product that it is on paper; no cross product is computed."""
        coming = self._coming()
        if token.text in ("times", "×") and coming != NUMBER:
            raise self._error("between tensors this is a cross product", token.span, "write \\cdot or \\odot")
        self._write(self._kinds.between(coming), token.span)
        self._ended = False

    def _coming(self) -> str:
        """What the next value is, as far as can be seen."""
        token = self._peek()
        if token[:2] == ("command", "begin"):
            return TENSOR
        at = self._at
        name = self._name_here()
        self._at = at
        if name is None:
            return NUMBER if token.kind == "number" else EITHER
        called = (names.function(name) or name in TENSORS) and name not in self._values
        return EITHER if called else self._kinds.of_name(name)

    def _transposes(self) -> bool:
        r"""Steps over the T of ``W^T`` and ``W^{\top}``, where W may be a tensor."""
        if self._kinds.last == NUMBER or "T" in self._values:
            return False
        braced = self._is("{")
        token = self._peek(braced)
        if token[:2] in (("letters", "T"), ("command", "top"), ("command", "intercal")):
            if braced and not self._is("}", 2):
                return False
            self._at += 3 if braced else 1
            return True
        if not braced and token.kind == "letters" and token.text.startswith("T"):
            self._tokens[self._at] = token._replace(text=token.text[1:], start=token.start + 1)
            return True
        return False

    def _transposed(self, token: Token) -> None:
        if self._kinds.last != VECTOR:
            self._write(".T", token.span)
        elif [piece.text for piece in self._written[-2:-1]] == [" @ "]:
            value = self._written[-1]
            message = "a column times a row is an outer product"
            raise self._error(
                message, (value.span[0], self._tokens[self._at - 1].end), "in a program write outer(x, y)"
            )

    # Brackets

    def _delimiter(self, token: Token) -> None:
        bracket = self._next()
        if token.text == "middle" or bracket.kind not in ("char", "command"):
            raise self._error(f"\\{token.text} needs a bracket behind it", token.span)
        self._bracket(bracket, token.text)

    def _bracket(self, token: Token, side: str = "") -> None:
        text = token.text
        if token.kind == "command" and text in names.NORMS:
            self._norm(token, side)
        elif names.OPENING.get(text) == "|":
            self._bar(token, side)
        elif text in names.CLOSING:
            self._close("paren", token)
        elif text in names.OPENING:
            self._refuse_index(token)
            self._begin(token.span)
            self._write("(", token.span)
            self._open("paren", token.span, Piece(")", token.span))
        else:
            raise self._error(f"{text} can't be read here", token.span)

    def _refuse_index(self, token: Token) -> None:
        """Behind a tensor, ``x[3]`` is its cell rather than three times as much."""
        behind = self._ended and self._kinds.last != NUMBER and token.text == "["
        if behind and self._peek().kind == "number" and (self._is("]", 1) or self._is(",", 1)):
            raise self._error("an index is not read in LaTeX", token.span, "write ( for a product")

    def _bar(self, token: Token, side: str) -> None:
        if self._closes(token, side, "bar"):
            self._close("bar", token)
        else:
            self._enclose("bar", "abs", token)

    def _norm(self, token: Token, side: str) -> None:
        r"""``\|x\|``, with or without its index 2."""
        if not self._closes(token, side, "norm"):
            self._enclose("norm", "norm", token)
            return
        if not self._kinds.seen:
            raise self._error("this is the length of a tensor, and here is a number", token.span, "write |x|")
        self._close("norm", token)
        self._kinds.be(NUMBER)
        if self._index_of_norm() not in ("", "2", "F"):
            raise self._error("only the norm 2 can be read here", token.span)

    def _closes(self, token: Token, side: str, kind: str) -> bool:
        """Whether a bar closes the one that is open: by its name, by ``right``, or as nothing else can."""
        either = side == "" and not token.text.startswith("l")
        return side == "right" or token.text.startswith("r") or (either and self._is_open(kind))

    def _enclose(self, kind: str, function: str, token: Token) -> None:
        self._begin(token.span, NUMBER if kind == "norm" else "")
        self._write(f"{function}(", token.span)
        self._open(kind, token.span, Piece(")", token.span))

    def _is_open(self, kind: str) -> bool:
        """Whether a bar closes: a value has ended, and the innermost bracket is one."""
        frames = [frame for frame in self._frames[-20:] if frame.kind != "bare"]
        return self._ended and bool(frames) and frames[-1].kind == kind

    # Functions

    def _call(self, call: _Call) -> None:
        """A function: its base and power first, then its argument."""
        self._close_bare()
        self._begin(call.span)
        self._called(call)

    def _called(self, call: _Call) -> None:
        if self._is("_") and call.name == "log" and not call.base:
            self._captured(call, call.base)
        elif self._is("_"):
            raise self._error("an index stands behind a name", self._peek().span)
        elif self._is("^") and not call.power:
            self._captured(call, call.power)
        else:
            self._applied(call)

    def _captured(self, call: _Call, into: list[Piece]) -> None:
        """Reads what stands above or below a function, to be written later."""
        token = self._next()
        mark = len(self._written)

        def then() -> None:
            into[:] = self._written[mark:]
            del self._written[mark:]
            self._check_power(call)
            self._called(call)

        self._argument(token.span, then=then)

    def _check_power(self, call: _Call) -> None:
        if "".join(piece.text for piece in call.power) == "-1" and call.name in INVERSES:
            raise self._error(
                f"{call.name}^-1 can mean two things",
                (call.span[0], call.power[-1].span[1]),
                f"write \\operatorname{{a{call.name}}}(x), or 1 / \\{call.name}(x)",
            )

    def _applied(self, call: _Call) -> None:
        span = call.span
        tail = [Piece(")", span)]
        name = call.name
        if call.base:
            plain = "".join(piece.text for piece in call.base)
            name = {"2": "log2", "10": "log10", "e": "ln"}.get(plain, name)
            if name == "log":
                tail = [Piece(", ", span), *call.base, Piece(")", span)]
        if call.power:
            tail += [Piece("^(", span), *call.power, Piece(")", span)]
        self._write(f"{name}(", span)
        token = self._peek()
        if self._opens():
            self._at += 2 if token.text == "left" else 1
            self._open("paren", token.span, *tail)
        elif self._skip("{"):
            self._open("group", token.span, *tail)
        else:
            self._open("bare", span, *tail)
        self._frames[-1].power = bool(call.power)
