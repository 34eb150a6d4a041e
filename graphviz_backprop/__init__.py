"""See backpropagation: text -> graph -> numbers -> picture."""

from graphviz_backprop.api import Graph, NetworkGraph, Run, data, network, parse
from graphviz_backprop.data.tables import DataError, read_table
from graphviz_backprop.descent.descent import Descent, descend
from graphviz_backprop.language.errors import ExpressionError

__version__ = "0.1.0"

__all__ = [
    "DataError",
    "Descent",
    "ExpressionError",
    "Graph",
    "NetworkGraph",
    "Run",
    "data",
    "descend",
    "network",
    "parse",
    "read_table",
]
