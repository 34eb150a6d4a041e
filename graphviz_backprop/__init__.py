"""See backpropagation: text -> graph -> numbers -> picture."""

from typing import TYPE_CHECKING, Any

# Two functions have the names of folders, which come first, so that no later import puts them there again.
import graphviz_backprop.data
import graphviz_backprop.network  # noqa: F401
from graphviz_backprop.api import Graph, Run, bug_hunt, data, exercise, grade, network, parse
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.resources import VERSION

if TYPE_CHECKING:
    from graphviz_backprop.data.mistakes import DataError
    from graphviz_backprop.data.tables import read_table
    from graphviz_backprop.descent.descent import Descent, descend
    from graphviz_backprop.descent.held import hold_out
    from graphviz_backprop.descent.slips import judge_update

__version__ = VERSION

__all__ = [
    "DataError",
    "Descent",
    "ExpressionError",
    "Graph",
    "Run",
    "bug_hunt",
    "data",
    "descend",
    "exercise",
    "grade",
    "hold_out",
    "judge_update",
    "network",
    "parse",
    "read_table",
]

_LATER = {"DataError": "data.mistakes", "read_table": "data.tables"}
_LATER |= {"judge_update": "descent.slips", "hold_out": "descent.held"}
_LATER |= {"Descent": "descent.descent", "descend": "descent.descent"}


def __getattr__(name: str) -> Any:
    """What needs NumPy is imported where it is first asked for: graphs and their explanations do without."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    """With what is imported later, so that it is offered for completion."""
    return sorted({*globals(), *__all__})
