"""See backpropagation: text -> graph -> numbers -> picture."""

from graphviz_backprop.api import Graph, NetworkGraph, Run, data, descend, network, parse
from graphviz_backprop.descent import Descent
from graphviz_backprop.errors import ExpressionError
from graphviz_backprop.tables import DataError, read_table

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
