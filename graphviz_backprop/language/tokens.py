"""The token stream between the lexer and the grammar.

The grammar holds precedence only. What needs to know more is settled here, in one pass over the tokens:
which names are called, which line breaks end a statement, which parentheses belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lark import Token

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.hints import did_you_mean
from graphviz_backprop.language.names import normal
from graphviz_backprop.language.notes import SPOKEN, is_code
from graphviz_backprop.language.ops import Functions
from graphviz_backprop.language.spelling import applied

# After these a statement can't be over, so a line break there only wraps the line.
_UNFINISHED = {"PLUS", "MINUS", "TIMES", "DIVIDE", "POWER", "COMMA", "EQUALS", "ROOT", "COMPARE", "AT"}
# A number right behind one of these is a slip or a lost exponent, not a product.
VALUE_ENDS = {"NUMBER", "FRACTION", "NAME", "RPAR", "RBAR", "RSQB", "SUPERSCRIPT", "TRANSPOSED", "SHAPE"}
_CLOSED_BY = {"LPAR": ("(", ")"), "LSQB": ("[", "]"), "LBAR": ("|", "|")}
_OPENED_BY = {"RPAR": (")", "("), "RSQB": ("]", "[")}
# No double needs more digits than 1,077, and nobody reads a longer name.
MOST_DIGITS = 1_100
MOST_LETTERS = 200
_NAME = re.compile(r"[^\W\d_]\w*")  # of what normal() gives: ½ and ₁ are letters to the grammar
_SINGLE_LETTER = re.compile(r"[^\W\d_](?:\d+|_\w+)?")


def tokens(stream: Iterator[Token], functions: Functions) -> list[Token]:
    """The tokens of a whole program as the grammar wants them.

    Raises ExpressionError for parentheses that don't match, a number behind a value, a call of what is
    no function, a number or a name that goes on for pages.
    """
    found = _statements(_proper_names(_short_ones(list(stream))))
    found = _numbers_apart(applied(_with_commas(found), functions.of_numbers))
    defined = {normal(found[at]): at for at in _definitions(found)}
    for at, token in enumerate(found):
        called = token.type == "NAME" and at + 1 < len(found) and found[at + 1].type == "LPAR"
        if called:
            _call(found, at, defined, functions)
    if any(token.type == "EQUALS" for token in found):
        _settings(found)
    return found


def _settings(found: list[Token]) -> None:
    """A name that stands for an argument of a call and has = behind it is a setting."""
    calls: list[bool] = []  # for each parenthesis and bracket that is open, whether it is a call's
    for at, token in enumerate(found):
        if token.type in ("LPAR", "LSQB"):
            calls.append(at > 0 and found[at - 1].type == "FUNCTION")
        elif token.type in ("RPAR", "RSQB") and calls:
            calls.pop()
        elif token.type == "EQUALS" and calls and calls[-1]:
            before = [other.type for other in found[at - 2 : at]]
            if before in (["LPAR", "NAME"], ["COMMA", "NAME"]):
                found[at - 1].type = "SETTING"


def _short_ones(found: list[Token]) -> list[Token]:
    for token in found:
        if token.type in ("NUMBER", "SUPERSCRIPT") and len(token) > MOST_DIGITS:
            raise _at(
                token, f"this number has more than {MOST_DIGITS:,} digits", "write it with an e: 1.5e300"
            )
        if token.type == "NAME" and len(token) > MOST_LETTERS:
            raise _at(token, f"this name has more than {MOST_LETTERS:,} letters", "choose a shorter one")
    return found


def _proper_names(found: list[Token]) -> list[Token]:
    for token in found:
        if token.type != "NAME" or (token.isascii() and token[0] != "_"):
            continue
        if not _NAME.fullmatch(normal(token)):
            raise _at(token, f"{token} is not a name", "a name is a letter, then letters, digits and _")
    return found


def _with_commas(found: list[Token]) -> list[Token]:
    """Refuses lists as NumPy prints them: [1 -2] would be one cell, and a row behind another its index."""
    lists: list[bool] = []  # for each parenthesis and bracket that is open, whether it is a list's
    last = False  # whether the one that was closed last is
    for at, token in enumerate(found):
        before = found[at - 1] if at else token
        apart = (before.end_pos or 0) < (token.start_pos or 0)
        if lists and lists[-1] and apart:
            numbers = before.type == "NUMBER" and token.type == "NUMBER"
            if numbers or (before.type == "NUMBER" and _is_sign(found, at)):
                said = str(token) if numbers else f"{token}{found[at + 1]}"
                end = (token if numbers else found[at + 1]).end_pos or 0
                message = f"there is no comma between {before} and {said}"
                raise ExpressionError(
                    message, before.start_pos or 0, end, "cells of a list have commas, as in [1, 2]"
                )
            if before.type == "RSQB" and token.type == "LSQB" and last:
                raise _at(
                    token, "there is no comma before this row", "rows have commas, as in [[1, 2], [3, 4]]"
                )
        if token.type in ("LPAR", "LSQB"):
            is_index = at > 0 and before.type in VALUE_ENDS
            lists.append(token.type == "LSQB" and not is_index)
        elif token.type in _OPENED_BY and lists:
            last = lists.pop()
    return found


def _is_sign(found: list[Token], at: int) -> bool:
    """Whether a minus stands right before a number: [1 -2], not [1 - 2]."""
    if found[at].type != "MINUS" or at + 1 == len(found):
        return False
    return found[at + 1].type == "NUMBER" and found[at].end_pos == found[at + 1].start_pos


def _numbers_apart(found: list[Token]) -> list[Token]:
    for before, token in pairwise(found):
        if token.type in ("NUMBER", "FRACTION") and before.type in VALUE_ENDS:
            if is_code(before):
                raise _at(
                    before, f"{before} is a word of a programming language", "write the expression alone"
                )
            if before in SPOKEN:
                raise _at(
                    before, f"{before} is a word, and would be a variable here", f"write {SPOKEN[before]}"
                )
            raise ExpressionError(
                f"there is no operator between {before} and {token}",
                before.start_pos or 0,
                token.end_pos or 0,
                f"write {before} * {token} or {before}^{token}"
                if before.type in ("NUMBER", "NAME") and token.type == "NUMBER"
                else "write * or ^ between them",
            )
    return found


def _statements(found: list[Token]) -> list[Token]:
    """Matches parentheses and keeps the separators that really separate two statements."""
    open_ones: list[Token] = []
    kept: list[Token] = []
    for token in found:
        if token.type == "_SEPARATOR":
            wraps = token not in (";", "；") and (open_ones or (kept and kept[-1].type in _UNFINISHED))
            if open_ones and not wraps:
                if error := _in_a_call(token, kept, open_ones[-1]):
                    raise error
                break  # the statement ends with a parenthesis open
            if wraps or not kept or kept[-1].type == "_SEPARATOR":
                continue
        elif token.type == "LBAR":
            token = _bar(token, open_ones, kept)
        elif token.type in _CLOSED_BY:
            open_ones.append(token)
        elif token.type in _OPENED_BY:
            sign, opening = _OPENED_BY[token.type]
            if not open_ones:
                hint = f"remove it, or open a {opening} earlier"
                raise _at(token, f"this {sign} has no {opening} before it", hint)
            if _CLOSED_BY[open_ones[-1].type][1] != sign:
                break
            open_ones.pop()
        kept.append(token)
    if open_ones:
        opening, sign = _CLOSED_BY[open_ones[-1].type]
        raise _at(open_ones[-1], f"this {opening} is never closed", f"add a {sign}")
    while kept and kept[-1].type == "_SEPARATOR":
        kept.pop()
    return kept


def _in_a_call(separator: Token, kept: list[Token], opened: Token) -> ExpressionError | None:
    """What is wrong where ; stands among the arguments of a call."""
    at = next(at for at, token in enumerate(kept) if token is opened)
    if opened.type == "LSQB":
        return _at(separator, f"{separator} ends a statement", "each row has brackets: [[1, 2], [3, 4]]")
    if opened.type != "LPAR" or at == 0 or kept[at - 1].type != "NAME":
        return None
    return _at(separator, f"{separator} ends a statement", "between arguments write a comma, as in max(x, 0)")


def _bar(token: Token, open_ones: list[Token], kept: list[Token]) -> Token:
    """A bar closes what another opened where a value has just ended; else it opens."""
    if open_ones and open_ones[-1].type == "LBAR" and kept and kept[-1].type in VALUE_ENDS:
        open_ones.pop()
        return Token.new_borrow_pos("RBAR", token, token)
    token = Token.new_borrow_pos("LBAR", token, token)
    open_ones.append(token)
    return token


def _definitions(found: list[Token]) -> Iterator[int]:
    """Where a statement reads `name(name, …) =`: there it defines a function."""
    starts = [0, *(at + 1 for at, token in enumerate(found) if token.type == "_SEPARATOR")]
    for start in starts:
        head = [token.type for token in found[start : start + 2]]
        if head != ["NAME", "LPAR"]:
            continue
        end = start + 2
        while end < len(found) and found[end].type in ("NAME", "COMMA"):
            end += 1
        if [token.type for token in found[end : end + 2]] == ["RPAR", "EQUALS"]:
            yield start


def _call(found: list[Token], at: int, defined: dict[str, int], functions: Functions) -> None:
    """Settles what a name before a parenthesis is: a definition, a call, or a factor."""
    token = found[at]
    name = normal(token)
    if defined.get(name) == at:
        token.type = "DEFINED"
    elif name in defined or name in functions:
        token.type = "FUNCTION"
    elif not _SINGLE_LETTER.fullmatch(name):
        raise _no_function(token, found, [*defined, *functions.near(name)])


def _no_function(token: Token, found: list[Token], known: list[str]) -> ExpressionError:
    mentioned = {normal(other) for other in found if other.type == "NAME"}
    hint = did_you_mean(normal(token), known, mentioned)
    return _at(token, f"{token} is not a function", hint)


def _at(token: Token, message: str, hint: str = "") -> ExpressionError:
    return ExpressionError(message, token.start_pos or 0, token.end_pos or 0, hint)
