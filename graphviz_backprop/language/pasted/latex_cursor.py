"""A place in the tokens of a LaTeX text, and the names that stand there: ``w_{13}^{(2)}``, ``f(x, y) =``."""

from __future__ import annotations

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted import latex_names as names
from graphviz_backprop.language.pasted.converted import Span
from graphviz_backprop.language.pasted.latex_tokens import Token

END = Token("end", "", 0, 0)
_LAYERS = {"(": ")", "[": "]"}  # what stands around a layer's number, above a name


class Cursor:
    """Steps through the tokens of one text. Raises ExpressionError at the place of what can't be read."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0

    def _peek(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else END

    def _next(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _is(self, text: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token.kind == "char" and token.text == text

    def _skip(self, *texts: str) -> bool:
        """Steps over these characters, if they are the next."""
        found = all(self._is(text, at) for at, text in enumerate(texts))
        self._at += len(texts) if found else 0
        return found

    def _error(self, message: str, span: Span, hint: str = "") -> ExpressionError:
        return ExpressionError(message, *span, hint)

    def _head(self) -> tuple[str, list[str], Span] | None:
        start = self._peek().start
        name = self._name_here()
        if name is None:
            return None
        params: list[str] = []
        if self._is("(") or (self._peek()[:2] == ("command", "left") and self._is("(", 1)):
            self._at += 1 if self._is("(") else 2
            while (param := self._name_here()) is not None:
                params.append(param)
                if not self._skip(","):
                    break
            if self._peek()[:2] == ("command", "right"):
                self._at += 1
            if not params or not self._skip(")"):
                return None
        self._skip(":")
        end = self._peek().end
        if self._peek()[:2] == ("command", "coloneqq") or self._is("="):
            self._at += 1
            return name, params, (start, end)
        return None

    def _name_here(self) -> str | None:
        token = self._peek()
        if token.kind == "letters":
            self._at += 1
            return self._indexed(token.text)
        if token.kind == "command" and (
            token.text in names.LETTERS or token.text in names.UPRIGHT or token.text in names.ACCENTS
        ):
            self._at += 1
            stem = self._stem(token)
            if token.text in names.UPRIGHT:
                stem = names.function(stem) or stem
            stem = "sigmoid" if token.text == "sigma" and self._opens() else stem
            return self._indexed(stem) if stem else None
        return None

    def _indexed(self, stem: str) -> str:
        """A name with the index that follows: w_{12}, x_i, w_{13}^{(2)}, and w^{[2]}, which is no power."""
        below = above = ""
        for _ in range(2):
            if self._is("_") and not below:
                self._at += 1
                below = self._index()
            elif self._is("^") and self._is("{", 1) and self._peek(2).text in _LAYERS and not above:
                closed = self._is(_LAYERS[self._peek(2).text], 4) and self._is("}", 5)
                if self._peek(3).kind not in ("number", "letters") or not closed:
                    break
                above = self._peek(3).text
                self._at += 6
        if above:
            return f"{stem}{above}_{below}" if below else f"{stem}{above}"
        return f"{stem}_{below}" if below else stem

    def _index(self) -> str:
        """What stands below: letters, digits, commas between them."""
        if not self._skip("{"):
            token = self._next()
            if token.kind in ("letters", "number") and len(token.text) > 1:
                self._at -= 1
                self._tokens[self._at : self._at + 1] = [
                    token._replace(text=token.text[0], end=token.start + 1),
                    token._replace(text=token.text[1:], start=token.start + 1),
                ]
                self._at += 1
            return self._index_text(self._tokens[self._at - 1])
        parts: list[str] = []
        while not self._skip("}"):
            token = self._next()
            if self._is("{") and token.kind == "command" and token.text in names.UPRIGHT:
                parts.append(self._stem(token))
            elif not (token.kind == "char" and token.text in ",_"):
                parts.append(self._index_text(token))
            elif parts:
                parts.append("_")
        return "".join(parts)

    def _index_text(self, token: Token) -> str:
        if token.kind in ("letters", "number") and token.text.isalnum():
            return token.text
        if token.kind == "command" and token.text in names.LETTERS:
            return names.LETTERS[token.text]
        raise self._error("an index is made of letters and digits", token.span)

    def _stem(self, token: Token) -> str:
        """The name that a command writes, with its argument, if it takes one."""
        if token.text in names.LETTERS:
            return names.LETTERS[token.text]
        if not self._skip("{"):
            inner = self._next()
            if inner.kind != "letters" or len(inner.text) > 1:
                raise self._error("a name is missing behind this", token.span)
            return inner.text + names.ACCENTS.get(token.text, "")
        parts: list[str] = []
        end = self._peek().start
        while not self._skip("}"):
            inner = self._next()
            if inner.start > end:
                raise self._error("a name has no blanks", (token.start, inner.end))
            end = inner.end
            if inner[:2] in (("command", "_"), ("char", "_")):
                parts.append("_")
            elif inner.kind == "command" and (inner.text in names.LETTERS or inner.text in names.ACCENTS):
                parts.append(self._stem(inner))
                end = self._tokens[self._at - 1].end
            elif inner.kind in ("letters", "number") and inner.text.isalnum():
                parts.append(inner.text)
            else:
                raise self._error(
                    "a name is made of letters and digits", inner.span if inner.end else token.span
                )
        return "".join(parts) + names.ACCENTS.get(token.text, "")

    def _opens(self) -> bool:
        """Whether the next token opens a parenthesis."""
        token = self._peek()
        if token[:2] == ("command", "left"):
            token = self._peek(1)
        if token.kind == "command":
            return token.text == "{"
        return token.kind == "char" and token.text in "(["

    def _index_of_norm(self) -> str:
        if not self._skip("_"):
            return ""
        braced = self._skip("{")
        index = self._next().text
        if braced:
            self._skip("}")
        return index
