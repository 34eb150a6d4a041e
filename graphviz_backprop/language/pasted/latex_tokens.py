"""LaTeX -> tokens, without blanks and comments."""

from __future__ import annotations

import re
from typing import NamedTuple

from graphviz_backprop.language.pasted.latex_matrices import ENVIRONMENTS


class Token(NamedTuple):
    """``kind``: command (``text`` without its backslash), number, letters, newline, break, or char."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


_TOKEN = re.compile(
    r"""(?x)
    (?P<comment>%[^\r\n]*)
    | \\(?P<command>[A-Za-z]+\*?|[^A-Za-z])
    | (?P<number>\d+(?:\.\d+)?|\.\d+)
    | (?P<newline>\r\n|\r|\n)
    | (?P<blank>[^\S\r\n]+|[~&\u2061-\u2064\u200b-\u200d\ufeff])
    | (?P<letters>[^\W\d_]+)
    | (?P<char>.)
    """,
    re.DOTALL,
)
_BLANK = frozenset(
    """, ; : ! > quad qquad enspace displaystyle textstyle scriptstyle limits nolimits nonumber notag
    centering big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm mathstrut strut
    thinspace negthinspace medspace thickspace""".split()
) | {" ", "\n", "\r", "\t"}
_MATRIX = re.compile(rf"\s*\{{(?:{'|'.join(ENVIRONMENTS)})\}}")
_SKIPPED = re.compile(r"\s*\{[^{}]*\}")


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of a piece of a text."""
    found: list[Token] = []
    at = start
    matrices = 0  # that are open: there & separates cells
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None:  # a backslash at the end
            found.append(Token("command", "", at, at + 1))
            break
        kind = match.lastgroup or ""
        begins, at = at, match.end()
        if kind == "command" and match[kind] in ("begin", "end") and _MATRIX.match(text, at, end):
            matrices += 1 if match[kind] == "begin" else -1
        if match[0] == "&" and matrices > 0:
            found.append(Token("char", "&", begins, at))
            continue
        if kind in ("comment", "blank") or (kind == "command" and match[kind] in _BLANK):
            continue
        if kind == "command" and match[kind] in ("label", "tag", "tag*"):
            skipped = _SKIPPED.match(text, at, end)
            at = skipped.end() if skipped else at
            continue
        found.append(Token(kind, match[kind], begins, at))
    return found
