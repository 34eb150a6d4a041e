"""Exercises on paper: their figures with blanks, or with the answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from graphviz_backprop.explain.grading.exercises import LEVELS, Exercise
from graphviz_backprop.figure.copies import BLANK
from graphviz_backprop.figure.sketch import DIRECTIONS
from graphviz_backprop.jobs.layout import Layout

ROOM = (493, 520)
"""Width and height on a page, in points, that a figure may take."""


def sheet(layout: Layout, exercises: Sequence[Exercise], answers: bool = False) -> bytes:
    """A PDF with these exercises, of one level. Raises what a figure can be refused with."""
    level = LEVELS[exercises[0].level]
    return layout.sheet(
        json.dumps(
            {
                "title": level.title,
                "about": level.about,
                "exercises": [_shown(layout, exercise, answers) for exercise in exercises],
            }
        )
    )


def _shown(layout: Layout, exercise: Exercise, answers: bool) -> Mapping[str, Any]:
    drawn = layout.figure(exercise.graph, _direction(layout, exercise))
    return {
        "program": "\n".join(part.strip() for part in exercise.program.split(";")),
        "at": ", ".join(f"{name} = {x}" for name, x in exercise.at.items()).replace("-", "−"),
        "svg": figure(layout, exercise, answers),
        "width": drawn.width * min(0.62, ROOM[0] / drawn.width, ROOM[1] / drawn.height),
        "asked": [
            f"{exercise.called(field)} = {str(number).replace('-', '−') if answers else 3 * BLANK}"
            for field, number in exercise.solution.items()
        ],
    }


def figure(layout: Layout, exercise: Exercise, answers: bool = False) -> str:
    """The figure: every number a fraction, or only those that the point gives, the others blank."""
    known = {node.id for node in exercise.graph.nodes if not node.args}
    fields: dict[str, Any] = {
        field: str(number) if answers or _is_given(field, known) else _blank(field)
        for field, number in exercise.exact.fields.items()
    }
    for node in exercise.graph.nodes:
        for arg, child in enumerate(node.args):
            fields[f"{node.id}.{arg}.value"] = fields.get(f"{exercise.graph.nodes[child].id}.value", "")
    return layout.figure(exercise.graph, _direction(layout, exercise)).printed(fields)


def _blank(field: str) -> str:
    """As long as its line has room for: a hand writes larger than a printer."""
    return BLANK if "[" in field else 2 * BLANK  # in a cell of a grid there is no more


def _is_given(field: str, known: Collection[str]) -> bool:
    """Whether it is the value of a leaf, or of a cell of one."""
    place, _, word = field.rpartition(".")
    return word == "value" and place.partition("[")[0] in known


def _direction(layout: Layout, exercise: Exercise) -> str:
    """Where the output goes so that the figure is larger on a page."""

    def scale(direction: str) -> float:
        drawn = layout.figure(exercise.graph, direction)
        return min(1.0, ROOM[0] / drawn.width, ROOM[1] / drawn.height)

    return max(DIRECTIONS, key=scale)
