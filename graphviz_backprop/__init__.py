"""See backpropagation: text -> graph -> numbers -> picture."""

from graphviz_backprop.api import Graph, Run, parse
from graphviz_backprop.errors import ExpressionError

__all__ = ["ExpressionError", "Graph", "Run", "parse"]
