"""See backpropagation: text -> graph -> numbers -> picture."""

from graphviz_backprop.api import Graph, Run, data, descend, parse
from graphviz_backprop.descent import Descent
from graphviz_backprop.errors import ExpressionError
from graphviz_backprop.tables import DataError, read_table

__all__ = [
    "DataError",
    "Descent",
    "ExpressionError",
    "Graph",
    "Run",
    "data",
    "descend",
    "parse",
    "read_table",
]
