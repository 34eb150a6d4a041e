"""Python's text as Python's own parser reads it: a tree, and where its pieces stand. Nothing is run."""

from __future__ import annotations

import ast
import re

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted.converted import Span

DEEPEST = 100
"""Levels of a tree that is read: what reads it calls itself at each. A sum of many terms is one level."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_PROMPT = re.compile(r"(?m)^(?:>>>|\.\.\.)(?: |$)")
_OUTPUT = re.compile(r"(?m)^(?!>>>|\.\.\.)(?=[^\r\n])[^\r\n]")
_ABOVE = "if 1:\n"


class Source:
    """A pasted text and its statements. Raises ExpressionError where it is not Python."""

    def __init__(self, text: str) -> None:
        self._lines = _LINE.findall(text)
        self._text = text
        self._length = len(text)
        self._starts: list[int] = []
        self._columns: dict[int, list[int]] = {}
        start = 0
        for line in self._lines:
            self._starts.append(start)
            start += len(line)
        self.statements = self._parsed(_without_prompts(text))
        self._check_depth()

    def is_bracketed(self, node: ast.AST) -> bool:
        """Whether a parenthesis opens just before it."""
        start = self.span(node)[0]
        return self._text[max(0, start - 100) : start].rstrip().endswith("(")

    def _parsed(self, text: str) -> list[ast.stmt]:
        first = next((line for line in text.splitlines() if line.split("#")[0].strip()), "")
        indented = first[:1] in (" ", "\t")
        self._above = int(indented)
        try:
            body = ast.parse(_ABOVE + text if indented else text).body
        except SyntaxError as error:
            raise self._refused(error) from None
        except (ValueError, RecursionError, MemoryError):
            raise ExpressionError("this is nested too deeply to be read", 0, self._length) from None
        if indented and body and isinstance(body[0], ast.If):
            return [*body[0].body, *body[1:]]
        return body

    def _refused(self, error: SyntaxError) -> ExpressionError:
        line = (error.lineno or 1) - 1 - self._above
        if not 0 <= line < len(self._lines):
            return ExpressionError("this Python is not finished", 0, self._length)
        start = self._starts[line] + min(max((error.offset or 1) - 1, 0), len(self._lines[line].rstrip()))
        return ExpressionError(f"this is not Python: {error.msg}", start, min(start + 1, self._length))

    def _check_depth(self) -> None:
        todo: list[tuple[ast.AST, int]] = [(statement, 1) for statement in self.statements]
        while todo:
            node, depth = todo.pop()
            if depth > DEEPEST:
                raise ExpressionError(f"this is nested more than {DEEPEST} deep", *self.span(node))
            for child in ast.iter_child_nodes(node):
                chained = isinstance(node, ast.BinOp) and child is node.left
                todo.append((child, depth if chained else depth + 1))

    def span(self, node: ast.AST) -> Span:
        """Where a piece of the tree stands in the text."""
        if not isinstance(node, (ast.expr, ast.stmt, ast.arg, ast.alias, ast.keyword)):
            return 0, self._length
        start = self._offset(node.lineno, node.col_offset)
        return start, self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def error(self, message: str, node: ast.AST, hint: str = "") -> ExpressionError:
        """What is wrong with a piece of the tree, at its place."""
        return ExpressionError(message, *self.span(node), hint)

    def _offset(self, number: int, column: int) -> int:
        """An offset in characters; Python counts bytes of UTF-8 from the start of a line."""
        line = number - 1 - self._above
        if not 0 <= line < len(self._lines):
            return self._length
        text = self._lines[line]
        if text.isascii():
            return self._starts[line] + column
        if line not in self._columns:
            self._columns[line] = [
                at for at, letter in enumerate(text) for _ in letter.encode(errors="replace")
            ] + [len(text)]
        columns = self._columns[line]
        return self._starts[line] + columns[min(column, len(columns) - 1)]


def _without_prompts(text: str) -> str:
    """What was typed at ``>>>``, indented, each letter where it stood; what was printed is a comment."""
    if not re.search(r"(?m)^>>> ", text):
        return text
    return _PROMPT.sub(lambda found: " " * len(found[0]), _OUTPUT.sub("#", text))
