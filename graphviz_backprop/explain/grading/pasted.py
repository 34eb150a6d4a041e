"""Gradients as somebody pastes them: JSON, Python, or what NumPy and PyTorch print. Nothing of it is run."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from graphviz_backprop.explain.grading import answers, handed_in
from graphviz_backprop.explain.grading.handed_in import HandedIn, Unreadable

_ENTRY = re.compile(r"^[ \t]*([^\W\d][\w.]*(?:/[^\W\d]\w*)?|∂\w*/∂\w+)[ \t]*(?:\n[ \t]*(?=\w*\()|[=:])", re.M)
_WRAPPED = re.compile(r"(?:\w+\.)*(?:array|asarray|tensor|Tensor|float32|float64)\s*\((.*)\)", re.S)
_SETTING = re.compile(r",\s*(?:dtype|device|requires_grad|grad_fn)\s*=\s*(?:<[^<>]*>|'[^']*'|[\w.]+)")
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf)"
_NO_NUMBER = re.compile(r"[+-]?(?:nan|inf)", re.I)
_TOKEN = re.compile(rf"\s*(?:({_NUMBER})|([\[\],]))")


def read(text: str) -> HandedIn:
    """The answers in a text. Raises Unreadable."""
    if len(text) > handed_in.MOST_TEXT:
        raise Unreadable("this text is too long for answers")
    if text.lstrip().startswith("{"):
        with contextlib.suppress(Unreadable):
            return handed_in.read(text.encode(), ".json")
    try:
        found = handed_in.python(text)
    except Unreadable as refusal:
        found, told = _printed(text), refusal
    else:
        told = Unreadable("no number was found: write a line a name, dW = [[1, 2], [3, 4]]")
        found = found if found.answers else _printed(text)
    if not found.answers and not found.notes:
        raise told
    return found


def _printed(text: str) -> HandedIn:
    """``dW = [[1. 2.]`` over several lines, ``db: tensor([0.5])``, ``∂g/∂x = 1/3``."""
    found = HandedIn()
    for name, written in _entries(text):
        try:
            found.answers[name] = _value(written)
        except ValueError as fault:
            found.notes.append(f"{name} is not read: {fault}")
    return found


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Names, and what stands behind each until the next one."""
    matches = list(_ENTRY.finditer(text))
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        yield match[1], text[match.end() : end].strip()


def value(text: str) -> Any:
    """A number, a fraction, or a list of numbers as Python writes or prints it. Raises ValueError."""
    if len(text) > handed_in.MOST_TEXT:
        raise ValueError("this answer is too long")
    with contextlib.suppress(Unreadable):
        found = handed_in.python(f"x = {text.strip()}").answers
        if [*found] == ["x"]:
            return found["x"]
    return _value(text.strip())


def _value(text: str) -> Any:
    wrapped = _WRAPPED.fullmatch(text)
    text = _SETTING.sub("", wrapped[1]).strip() if wrapped else text
    if _NO_NUMBER.fullmatch(text):
        return float(text)  # what is computed wrong is graded, too
    if not text.startswith("["):
        try:
            return answers.read(text).value
        except answers.Unread as fault:
            raise ValueError(str(fault)) from None
    if "..." in text or "…" in text:
        raise ValueError(
            "what was printed is shortened; print all of it, as with numpy.set_printoptions(threshold=10**9)"
        )
    return _listed(text)


def _listed(text: str) -> list[Any]:
    """A list as it is printed: numbers with commas or blanks between them."""
    stack: list[list[Any]] = [[]]
    at = 0
    text = text.rstrip().rstrip(",;")
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"“{text[at:].strip()[:12]}” is no number")
        at = match.end()
        number, sign = match[1], match[2]
        if number:
            stack[-1].append(float(number))
        elif sign == "[":
            inner: list[Any] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif sign == "]":
            stack.pop()
            if not stack:
                raise ValueError("a bracket is closed that was not opened")
        if len(stack) > 20:
            raise ValueError("its lists are too deep")
    if len(stack) > 1 or len(stack[0]) != 1:
        raise ValueError("a bracket is not closed" if len(stack) > 1 else "it is more than one list")
    found: list[Any] = stack[0][0]
    return found
