"""JavaScript: rewritten as Python, sign by sign, and read as that. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted import python
from graphviz_backprop.language.pasted.converted import Converted, Piece, Span

_MARKS = re.compile(
    r"""(?mx)
    \bMath\.[A-Za-z]
    | ^\s*(?:export\s+)?(?:const|let|var)\s+\w
    | =>
    | \bfunction\b\s*\w*\s*\(
    | [=!]==|&&|\|\|
    | ^\s*//
    | \?[^:\n]+:
    | \bfor\s*\(
    """
)
_TOKEN = re.compile(
    r"""(?x)
    (?P<comment>//[^\r\n]*|/\*.*?\*/)
    | (?P<newline>\s*[\r\n]\s*)
    | (?P<blank>[^\S\r\n]+)
    | (?P<define>(?:\b(?:const|let|var)\s+)?(?P<name>[A-Za-z_$][\w$]*)\s*=\s*
        (?:\((?P<params>[\w$\s,.=]*)\)|(?P<param>[A-Za-z_$][\w$]*))\s*=>\s*(?P<brace>\{)?)
    | (?P<expression>(?:\b(?:const|let|var)\s+)?(?P<given>[A-Za-z_$][\w$]*)\s*=\s*
        function\b\s*[\w$]*\s*\((?P<needs>[\w$\s,.=]*)\)\s*\{)
    | (?P<function>\bfunction\s+(?P<called>[A-Za-z_$][\w$]*)\s*\((?P<takes>[\w$\s,.=]*)\)\s*\{)
    | (?P<word>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)
    | (?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
    | (?P<sign>===|!==|=>|\*\*=?|&&|\|\||[-+*/<>=!]=|\+\+|--|.)
    """,
    re.DOTALL,
)
_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("const", "let", "var", "export", "default"), ""),
    **{"Math.PI": "math.pi", "Math.E": "math.e", "true": "True", "false": "False", "return": "return "},
    **{"Math.LN2": "math.log(2)", "Math.LN10": "math.log(10)", "Math.SQRT2": "math.sqrt(2)"},
    **{
        "Math.LOG2E": "(1 / math.log(2))",
        "Math.LOG10E": "(1 / math.log(10))",
        "Math.SQRT1_2": "math.sqrt(0.5)",
    },
    **{"console.log": "print", "Number": "float"},
}
_SIGNS: Mapping[str, str] = {"===": "==", "!==": "!=", "&&": " and ", "||": " or ", "!": " not "}
_REFUSED: Mapping[str, str] = {
    "for": "write out what the loop computes",
    "while": "write out what the loop computes",
    "if": "write c ? x : y",
    "class": "paste what is computed with it",
    **dict.fromkeys(("Infinity", "NaN", "undefined", "null"), "write a number, or a name"),
    "^": "a power is ** in JavaScript",
    "%": "the remainder has another sign in JavaScript",
    "=>": "a function has a name: const f = (x) => x ** 2",
    "++": "write x + 1",
    "--": "write x - 1",
    "`": "texts are not computed with",
}
_GOES_ON = re.compile(r"[-+*/=<>?:&|,(.]")
_OPENING, _CLOSING = "([", ")]"


def recognise(text: str) -> bool:
    """Whether the text, which is no program of the language, has what only JavaScript has."""
    return _MARKS.search(text) is not None


def convert(text: str) -> Converted:
    """The program that the text computes. Raises ExpressionError at what can't be read."""
    rewritten = Converted(_Rewriting(text).pieces())
    try:
        return python.convert(rewritten.text).after(rewritten)
    except ExpressionError as error:
        found = rewritten.error(error)
        message = found.message.replace("this is not Python", "this can't be read as JavaScript")
        raise ExpressionError(
            message, found.start, found.end, found.hint.replace("in Python", "here")
        ) from None


class _Rewriting:
    """Into Python: c ? x : y is where(c, x, y), which begins where the statement or bracket does."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Piece] = []
        self.starts: list[int] = [0]  # in each bracket, where what is written now began
        self.open: list[list[str]] = [[]]  # and what of a conditional is open there: "?" or ":"
        self.braces = 0
        self.declares = False  # whether a comma begins another name: let a = 1, b = 2
        self.fresh = True  # nothing of the statement has come: Python minds its blanks

    def pieces(self) -> list[Piece]:
        at = 0
        self._begin((0, 0))
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            assert match is not None  # any sign is one
            self._take(match)
            at = match.end()
        self._end((at, at))
        if len(self.open) > 1 or self.braces:
            raise ExpressionError("a bracket is never closed", 0, len(self.text))
        return self.found

    def _write(self, text: str, span: Span) -> None:
        if not (self.fresh and text == " "):
            self.found.append(Piece(text, span))
        self.fresh = self.fresh and not text.strip()

    def _begin(self, span: Span) -> None:
        """Here a value may begin: where( is put here if it turns out to be a condition."""
        self.starts[-1] = len(self.found)
        self._write("", span)

    def _end(self, span: Span) -> None:
        """Ends the conditionals that are open in this bracket."""
        if "?" in self.open[-1]:
            raise ExpressionError("this ? has no : behind it", *span)
        self._write(")" * len(self.open[-1]), span)
        self.open[-1].clear()

    def _take(self, match: re.Match[str]) -> None:
        kind, span = match.lastgroup or "", match.span()
        if match["define"] or match["function"] or match["expression"]:
            self._function(match, span)
        elif kind == "newline":
            self._newline(span)
        elif kind == "word":
            self._word(match[0], span)
        elif kind == "number":
            self._write(match[0], span)
        elif kind == "sign":
            self._sign(match[0], span)
        else:
            self._write(" ", span)

    def _function(self, match: re.Match[str], span: Span) -> None:
        name = match["name"] or match["called"] or match["given"]
        params = match["params"] or match["takes"] or match["needs"] or match["param"] or ""
        if not match["define"] or match["brace"]:
            self._write(f"def {name}({params.strip()}): ", span)
            self.braces += 1
        else:
            self._write(f"{name} = lambda {params.strip()}: ", span)
        self._begin(span)

    def _newline(self, span: Span) -> None:
        before = self._last()[-1:]
        goes_on = bool(_GOES_ON.match(self.text, span[1])) and not self.text.startswith("//", span[1])
        if len(self.open) > 1 or (before and _GOES_ON.match(before)) or goes_on:
            self._write(" ", span)
        else:
            self._statement("\n", span)

    def _statement(self, sign: str, span: Span) -> None:
        self._end(span)
        self.declares = False
        if self.braces:
            empty = self.found[-1].text.strip() == "" and self._last().endswith((";", ":"))
            self._write("" if empty else ";", span)
        else:
            self._write("\n", span)
            self.fresh = True
        self._begin(span)

    def _last(self) -> str:
        for piece in reversed(self.found):
            if piece.text.strip():
                return piece.text.strip()
        return ":"

    def _word(self, word: str, span: Span) -> None:
        if word in _REFUSED:
            raise ExpressionError(f"{word} can't be read here", *span, _REFUSED[word])
        self.declares = self.declares or word in ("const", "let", "var")
        text = _WORDS.get(word, f"math.{word[5:]}" if word.startswith("Math.") else word)
        self._write(text, span)
        if word in ("return", "default"):
            self._begin(span)

    def _sign(self, sign: str, span: Span) -> None:
        if sign in _REFUSED:
            raise ExpressionError(f"{sign} can't be read here", *span, _REFUSED[sign])
        if sign in _OPENING:
            self._write(sign, span)
            self.starts.append(0)
            self.open.append([])
            self._begin(span)
        elif sign in _CLOSING:
            if len(self.open) == 1:
                raise ExpressionError(f"this {sign} closes nothing", *span)
            self._end(span)
            self.starts.pop()
            self.open.pop()
            self._write(sign, span)
        elif sign == "?":
            start = self.starts[-1]
            self.found[start] = Piece(self.found[start].text + "where(", span)
            self.open[-1].append("?")
            self._write(", ", span)
            self._begin(span)
        elif sign == ":":
            self._colon(span)
        elif sign in (",", ";", "}"):
            self._separator(sign, span)
        else:
            self._write(_SIGNS.get(sign, sign), span)
            if sign == "=" or (len(sign) > 1 and sign[-1] == "=" and sign[0] in "+-*/"):
                self._begin(span)

    def _colon(self, span: Span) -> None:
        waiting = self.open[-1]
        while waiting and waiting[-1] == ":":  # a conditional inside the first value has ended
            waiting.pop()
            self._write(")", span)
        if not waiting:
            raise ExpressionError("this : has no ? before it", *span)
        waiting[-1] = ":"
        self._write(", ", span)
        self._begin(span)

    def _separator(self, sign: str, span: Span) -> None:
        if sign == "," and self.declares and len(self.open) == 1:
            self._statement(sign, span)
            self.declares = True
        elif sign == ",":
            self._end(span)
            self._write(",", span)
            self._begin(span)
        elif sign == ";":
            self._statement(sign, span)
        else:
            if not self.braces:
                raise ExpressionError("this } closes nothing", *span)
            self._end(span)
            self.braces -= 1
            self._write("\n", span)
            self.fresh = True
            self._begin(span)
