"""Text -> tokens by the grammar's terminals, in a loop that does nothing else.

Lark's own lexer counts lines and columns, which nobody here asks for and which takes as long as the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lark import Token, UnexpectedCharacters
from lark.common import LexerConf
from lark.lexer import BasicLexer, LexerState


class Lexer(BasicLexer):
    """The terminals in Lark's order, as one pattern."""

    __future_interface__ = 2  # lex() is called as a built-in lexer's is

    def __init__(self, conf: LexerConf) -> None:
        super().__init__(conf)
        self._pattern = re.compile("|".join(f"(?P<{x.name}>{x.pattern.to_regexp()})" for x in self.terminals))

    def lex(self, state: LexerState, parser_state: Any) -> Iterator[Token]:
        """The tokens of a text; raises UnexpectedCharacters at what is none."""
        text = state.text.text
        match, ignored = self._pattern.match, self.ignore_types
        at, end = 0, len(text)
        while at < end:
            found = match(text, at)
            if found is None:
                raise UnexpectedCharacters(text, at, 0, 0)  # type: ignore[no-untyped-call]
            start, at = at, found.end()
            if found.lastgroup not in ignored:
                yield Token(found.lastgroup or "", found[0], start, end_pos=at)
