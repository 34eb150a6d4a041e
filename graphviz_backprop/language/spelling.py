"""Functions as people write them without parentheses: ``sin 2x``, ``sin²(x)``, ``ln x``.

The argument is the product that follows, up to + or −, a comparison, a comma or the next function. It gets
its parentheses here, tokens without a letter of their own, so that the grammar knows nothing of this.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lark import Token

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.names import normal
from graphviz_backprop.language.ops import Functions

_STARTS_A_VALUE = {"NAME", "NUMBER", "FRACTION", "ROOT", "LBAR"}
_ENDS = {"COMMA", "_SEPARATOR", "RPAR", "RBAR", "RSQB", "COLON", "EQUALS", "COMPARE"}
_OPENS = {"LPAR", "LBAR", "LSQB"}
_VALUE_ENDS = {"NUMBER", "FRACTION", "NAME", "RPAR", "RBAR", "RSQB", "SUPERSCRIPT", "TRANSPOSED", "SHAPE"}
INVERSES = {
    name: f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")
}  # what ^-1 means to some


@dataclass
class _Frame:
    """What is open: parentheses of the text's, or those of an argument that has none (``bare``)."""

    bare: bool
    fresh: bool = True  # no value has come yet
    power: list[Token] = field(default_factory=list)  # what follows behind it: ² of sin²(x)


def applied(found: list[Token], functions: Functions) -> list[Token]:
    """The tokens with parentheses around the arguments that have none."""
    names = {at for at, token in enumerate(found) if token.type == "NAME" and _called(token, functions)}
    if all(at + 1 < len(found) and found[at + 1].type == "LPAR" for at in names):
        return found  # as in most programs
    return _Spelling(found, functions, names - _own(found)).tokens()


def _called(name: Token, functions: Functions) -> bool:
    """A single letter is a factor, even where a function is called so."""
    return len(name) > 1 and normal(name) in functions


def _own(found: list[Token]) -> set[int]:
    """Where names stand that the program gives a meaning of its own."""
    own: set[str] = set()
    for at, token in enumerate(found):
        starts = at == 0 or found[at - 1].type == "_SEPARATOR"
        if token.type == "NAME" and starts and at + 1 < len(found):
            if found[at + 1].type == "EQUALS":
                own.add(normal(token))
            elif found[at + 1].type == "LPAR":
                own |= _defined(found, at)
    return {at for at, token in enumerate(found) if token.type == "NAME" and normal(token) in own}


def _defined(found: list[Token], start: int) -> set[str]:
    """The function's name and its arguments' where a statement defines one."""
    end = start + 2
    while end < len(found) and found[end].type in ("NAME", "COMMA"):
        end += 1
    if [token.type for token in found[end : end + 2]] != ["RPAR", "EQUALS"]:
        return set()
    return {normal(token) for token in found[start:end] if token.type == "NAME"}


class _Spelling:
    def __init__(self, found: list[Token], functions: Functions, names: set[int]) -> None:
        self.found = found
        self.functions = functions
        self.names = names
        self.written: list[Token] = []
        self.frames: list[_Frame] = []
        self.power: list[Token] = []  # of the call whose parentheses open next

    def tokens(self) -> list[Token]:
        at = 0
        while at < len(self.found):
            at = self._take(at)
        self._close()
        return self.written

    def _take(self, at: int) -> int:
        """Takes in a token; the position of the next."""
        token = self.found[at]
        if self._ends(at):
            self._close()
        if at in self.names:
            power, end = self._power(at)
            if self._is_bare(end) and self.functions.find(normal(token), 1):
                return self._open(token, power, end)
            if power and self._type(end) == "LPAR":
                self._check(token, power)
                self.written += [_paren("LPAR", token.start_pos or 0), _function(token)]
                self.power = power
                return end
        self.written.append(token)
        if token.type in _OPENS:
            self.frames.append(_Frame(bare=False, power=self.power))
            self.power = []
        elif token.type in ("RPAR", "RBAR", "RSQB") and self.frames:
            self._follow(self.frames.pop())
        if self.frames and token.type in _VALUE_ENDS:
            self.frames[-1].fresh = False
        return at + 1

    def _type(self, at: int) -> str:
        return self.found[at].type if at < len(self.found) else ""

    def _power(self, at: int) -> tuple[list[Token], int]:
        """The exponent between a function's name and its argument, and where the argument begins."""
        if self._type(at + 1) == "SUPERSCRIPT":
            return self.found[at + 1 : at + 2], at + 2
        end = at + 2 + (self._type(at + 2) == "MINUS")
        if self._type(at + 1) == "POWER" and self._type(end) == "NUMBER":
            return self.found[at + 1 : end + 1], end + 1
        return [], at + 1

    def _is_bare(self, at: int) -> bool:
        """Whether an argument without parentheses begins here. A sign of its own has a space before it."""
        if self._type(at) in _STARTS_A_VALUE:
            return (
                self.functions.find(normal(self.found[at - 1]), 1) is not None
                if at - 1 in self.names
                else True
            )
        if self._type(at) != "MINUS" or self._type(at + 1) not in _STARTS_A_VALUE:
            return False
        before, sign, value = self.found[at - 1 : at + 2]
        return before.end_pos != sign.start_pos and sign.end_pos == value.start_pos

    def _ends(self, at: int) -> bool:
        """Whether an argument without parentheses is over before this token."""
        if not self.frames or not self.frames[-1].bare:
            return False
        kind = self.found[at].type
        if kind in ("PLUS", "MINUS"):
            return self.written[-1].type in _VALUE_ENDS
        if kind in ("TIMES", "DIVIDE", "AT"):
            return at + 1 in self.names
        return kind in _ENDS or (at in self.names and not self.frames[-1].fresh)

    def _open(self, name: Token, power: list[Token], at: int) -> int:
        self._check(name, power)
        start = self.found[at].start_pos or 0
        if power:
            self.written.append(_paren("LPAR", name.start_pos or 0))
        self.written += [_function(name), _paren("LPAR", start)]
        self.frames.append(_Frame(bare=True, power=power))
        return at

    def _close(self) -> None:
        while self.frames and self.frames[-1].bare:
            self.written.append(_paren("RPAR", self.written[-1].end_pos or 0))
            self._follow(self.frames.pop())

    def _follow(self, frame: _Frame) -> None:
        """Puts the exponent behind the call that it belongs to."""
        if frame.power:
            end = self.written[-1].end_pos or 0
            self.written += [*frame.power, _paren("RPAR", end)]

    def _check(self, name: Token, power: list[Token]) -> None:
        """sin^-1 is the inverse function to some, and 1/sin to others."""
        if not power or normal("".join(power)).lstrip("^*") not in ("-1", "−1"):
            return
        known = normal(name)
        inverse = f"{INVERSES[known]}(x) or " if known in INVERSES else ""
        raise ExpressionError(
            f"{name}{''.join(power)} can mean two things",
            name.start_pos or 0,
            power[-1].end_pos or 0,
            f"write {inverse}1/{known}(x)",
        )


def _function(name: Token) -> Token:
    return Token.new_borrow_pos("FUNCTION", name, name)


def _paren(kind: str, at: int) -> Token:
    return Token(kind, "", at, end_pos=at)
