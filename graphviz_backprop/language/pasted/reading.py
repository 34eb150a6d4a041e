"""Text -> Graph, whoever the text was written for."""

from __future__ import annotations

from dataclasses import replace

from graphviz_backprop.language import parser
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph, Pasted
from graphviz_backprop.language.notes import Note
from graphviz_backprop.language.parser import Limits
from graphviz_backprop.language.pasted.dialects import OWN, Dialect, named, recognised
from graphviz_backprop.language.pasted.tidy import tidy

CHARACTERS = 200_000
"""A longer text is no paste that one reads."""


def parse(text: str, view: str = "tree", limits: Limits | None = None, dialect: str | None = None) -> Graph:
    """The graph of a program, or of a text in another dialect, which its ``pasted`` then tells.

    What is a program of the language stays one; only what is none is looked at for a dialect. ``dialect``
    names one instead, or is ``"own"``. Spans, and the places of errors, are those of ``text``.

    Raises ExpressionError for a mistake in the text or a limit exceeded, ValueError for an unknown view or
    dialect. Time is linear in the text and in the number of nodes.
    """
    if dialect not in (None, OWN):
        return _read(text, view, limits or Limits(), named(dialect))
    try:
        return parser.parse(text, view, limits)
    except ExpressionError:
        found = None if dialect == OWN or len(text) > CHARACTERS else recognised(text)
        if found is None:
            raise
    return _read(text, view, limits or Limits(), found)


def _read(text: str, view: str, limits: Limits, dialect: Dialect) -> Graph:
    most = min(CHARACTERS, limits.characters)
    if len(text) > most:
        raise ExpressionError(
            f"this text has {len(text):,} characters; {most:,} of {dialect.title} are read", most, len(text)
        )
    converted = dialect.convert(text)
    try:
        graph = parser.parse(converted.text, view, limits)
    except ExpressionError as error:
        raise converted.error(error) from None
    program = tidy(converted.text)
    whole = 0, len(text)
    return replace(
        graph,
        text=text,
        nodes=tuple(node._replace(span=converted.place(*node.span)) for node in graph.nodes),
        notes=(Note(f"This is read as {dialect.title}", *whole, program, (whole,)),),
        pasted=Pasted(dialect.name, dialect.title, program),
    )
