"""MathML, as pages and word processors copy it: presentation elements, rewritten as LaTeX and read as that.

The XML is read element by element, without a tree, definitions of its own, or anything fetched.
"""

from __future__ import annotations

import html.entities
import re
from xml.parsers import expat

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted import latex, latex_names
from graphviz_backprop.language.pasted.converted import Converted, Piece, Rope, Span, flat

DEEPEST = 10_000
"""Elements inside each other."""

_MARKS = re.compile(r"<(?:m:|mml:)?(?:math|mrow|mfrac|msup|msqrt|mi|mn)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z]+);")
_ACCENTS = {"^": "hat", "ˆ": "hat", "¯": "bar", "‾": "bar", "~": "tilde", "˜": "tilde", "→": "vec"}
_ROWS = frozenset("math mrow mstyle semantics mpadded mtd merror mphantom".split())
_IGNORED = frozenset("annotation annotation-xml mspace malignmark maligngroup".split())
_SIGNS = {
    **{
        "·": r"\cdot ",
        "⋅": r"\cdot ",
        "×": r"\times ",
        "*": r"\cdot ",
        "∗": r"\cdot ",
        "−": "-",
        "÷": r"\div ",
    },
    **{"≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "<": "<", ">": ">", "∣": "|", "|": "|", "∕": "/", "⁄": "/"},
    **{
        "\u2061": "",
        "\u2062": "",
        "\u2063": "",
        "\u2064": "",
        "": "",
        "′": "'",
        "π": r"\pi ",
        "{": r"\{",
        "}": r"\}",
    },
}


def recognise(text: str) -> bool:
    """Whether the text has elements of MathML."""
    return _MARKS.search(text) is not None


def convert(text: str) -> Converted:
    """The program that the formula says. Raises ExpressionError at what can't be read."""
    first = Converted(flat(_Elements(text).read()))
    try:
        return latex.convert(first.text).after(first)
    except ExpressionError as error:
        raise first.error(error) from None


class _Elements:
    """What each open element has so far, its children as LaTeX."""

    def __init__(self, text: str) -> None:
        self.text = text
        plain = _ENTITY.sub(self._entity, text)
        self.data = plain.encode(errors="replace")
        self.offsets = [at for at, letter in enumerate(plain) for _ in letter.encode(errors="replace")]
        self.open: list[tuple[str, int, list[Rope], list[str]]] = [("", 0, [], [])]
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._finish
        self.parser.CharacterDataHandler = self._characters

    @staticmethod
    def _entity(found: re.Match[str]) -> str:
        """A named letter, as long as its name; those of XML itself stay."""
        if found[1] in ("lt", "gt", "amp", "quot", "apos"):
            return found[0]
        letter = html.entities.html5.get(f"{found[1]};", "")
        return letter.ljust(len(found[0])) if letter else found[0]

    def read(self) -> Rope:
        start = self.text.find("<")
        skipped = len(self.text[:start].encode(errors="replace"))
        self.base = skipped
        # One formula, several, or a part of one: inside an element that holds them all, where XML allows no
        # document type, and so no entities.
        data = self.data[skipped:]
        declared = re.match(rb"<\?xml[^>]*\?>", data)
        if declared:
            data = b" " * declared.end() + data[declared.end() :]
        try:
            self.parser.Parse(b"<all>", False)
            self.parser.Parse(data, False)
            self.parser.Parse(b"</all>", True)
        except expat.ExpatError as error:
            at = self._place()
            raise ExpressionError(
                f"this is not XML: {expat.errors.messages[error.code]}", at, min(at + 1, len(self.text))
            ) from None
        return self.open[0][2]

    def _place(self) -> int:
        at = self.parser.CurrentByteIndex - len("<all>") + self.base
        return self.offsets[at] if 0 <= at < len(self.offsets) else (len(self.text) if at > 0 else 0)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) > DEEPEST:
            raise ExpressionError(f"this is nested more than {DEEPEST:,} deep", self._place(), len(self.text))
        self.open.append((name.split(":")[-1].lower(), self._place(), [], []))

    def _characters(self, text: str) -> None:
        self.open[-1][3].append(text)

    def _finish(self, _: str) -> None:
        name, start, children, texts = self.open.pop()
        at = self._place()
        close = self.text.find(">", at)
        span = start, close + 1 if close >= 0 else len(self.text)
        if name not in _IGNORED:
            self.open[-1][2].append(self._element(name, children, "".join(texts).strip(), span))

    def _element(self, name: str, children: list[Rope], text: str, span: Span) -> Rope:
        if name == "all":
            return [part for child in children for part in (child, Piece("\n", span))]
        if name in ("mi", "mtext", "ms"):
            return Piece(f"{self._identifier(text)} ", span)  # two letters are two, not one word
        if name == "mn":
            return Piece(f"{text} ", span)
        if name == "mo":
            return Piece(_SIGNS.get(text, text), span)
        if name in _ROWS:
            return children
        if name == "mfenced":
            return [Piece(r"\left(", span), children, Piece(r"\right)", span)]
        return self._layout(name, children, span)

    def _layout(self, name: str, children: list[Rope], span: Span) -> Rope:
        def put(text: str) -> Piece:
            return Piece(text, span)

        one, others = (children[0] if children else put("")), children[1:]
        match name, len(children):
            case "msqrt", _:
                return [put(r"\sqrt{"), children, put("}")]
            case "mfrac", 2:
                return [put(r"\frac{"), one, put("}{"), others[0], put("}")]
            case "mroot", 2:
                return [put(r"\sqrt["), others[0], put("]{"), one, put("}")]
            case "msup", 2:
                return [self._base(one, span), put("^{"), others[0], put("}")]
            case (("msub" | "munder"), 2):
                return [one, put("_{"), others[0], put("}")]
            case (("msubsup" | "munderover"), 3):
                return [one, put("_{"), others[0], put("}^{"), others[1], put("}")]
            case "mover", 2:
                accent = "".join(piece.text for piece in flat(others[0]))
                if accent in _ACCENTS:
                    return [put(rf"\{_ACCENTS[accent]}{{"), one, put("}")]
        raise ExpressionError(f"{name} can't be read here", *span)

    def _base(self, base: Rope, span: Span) -> Rope:
        """What is raised: a row in braces, which a power asks for."""
        return base if isinstance(base, Piece) else [Piece("{", span), base, Piece("}", span)]

    def _identifier(self, text: str) -> str:
        if len(text) <= 1 or not text.isalpha():
            return text
        known = latex_names.function(text) == text and text.isascii()
        return rf"\{text} " if known and text.isalpha() else rf"\mathrm{{{text}}}"
