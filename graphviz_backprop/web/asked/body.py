"""The JSON object that a request sends, read member by member: the first mistake is told in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, ServiceUnavailable

from graphviz_backprop.data.limits import MOST_BYTES
from graphviz_backprop.web import apart
from graphviz_backprop.web.asked.kinds import plain, shown
from graphviz_backprop.web.asked.state import Mistake

MOST_SEED = 2**53
"""Up to here every whole number is one in JavaScript, too."""


FEW_BYTES = 200_000
"""So many are read at once: others wait for the interpreter some hundredths of a second."""


def take_a_table() -> None:
    """This request may be longer than others: it may carry a table."""
    request.max_content_length = MOST_BYTES
    if (request.content_length or 0) > MOST_BYTES:
        sent = f"{request.content_length:,}"
        raise RequestEntityTooLarge(f"This request has {sent} bytes; {MOST_BYTES:,} are read.")


def is_long() -> bool:
    return (request.content_length or 0) > FEW_BYTES


def json_object(example: str) -> Mapping[str, Any]:
    """The members of the body; ``example`` shows what they may be."""
    try:
        if is_long() and "tables" in current_app.extensions:
            found = apart.members(request.get_data())
        else:
            found = request.get_json(force=True)
    except (RequestEntityTooLarge, ServiceUnavailable):
        raise
    except (HTTPException, RecursionError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise Mistake("", f"The body must be a JSON object such as {example}.")
    return found


def text(members: Mapping[str, Any], name: str, default: str | None = None) -> str:
    found = members.get(name, default)
    if not isinstance(found, str):
        raise Mistake(name, f"{name} must be a text" + _instead(members, name))
    return found.encode(errors="replace").decode()  # JSON can spell half a surrogate pair, which is no text


def number(members: Mapping[str, Any], name: str, default: float | None = None) -> float:
    found = members.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Mistake(name, f"{name} must be a number" + _instead(members, name))
    try:
        return float(found)
    except OverflowError:
        raise Mistake(name, f"{name} is too large.") from None


def whole(members: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    found = number(members, name, default)
    if not least <= found <= most or not found.is_integer():
        raise Mistake(
            name, f"{name} is {plain(found)}; it must be a whole number from {least:,} to {most:,}."
        )
    return int(found)


def truth(members: Mapping[str, Any], name: str, default: bool) -> bool:
    found = members.get(name, default)
    if not isinstance(found, bool):
        raise Mistake(name, f"{name} must be true or false" + _instead(members, name))
    return found


def member(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside; empty where there is none."""
    found = members.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Mistake(name, f"{name} must be an object" + _instead(members, name))
    return found


def numbers(members: Mapping[str, Any], name: str) -> dict[str, float]:
    """An object inside that holds numbers alone."""
    inside = member(members, name)
    return {key: number(inside, key) for key in inside}


def names(members: Mapping[str, Any], name: str) -> Sequence[str] | None:
    found = members.get(name)
    if found is not None and not (isinstance(found, list) and all(isinstance(x, str) for x in found)):
        raise Mistake(name, f"{name} must be a list of names" + _instead(members, name))
    return found


def _instead(members: Mapping[str, Any], name: str) -> str:
    """What stands there: a text or number as it is, of all else its kind alone."""
    if name not in members:
        return ", and is missing."
    found = members[name]
    if isinstance(found, str):
        return f", and is “{shown(found)}”."
    kinds = {dict: "an object", list: "a list", bool: str(found).lower(), type(None): "null"}
    return f", and is {kinds.get(type(found), 'a number')}."
