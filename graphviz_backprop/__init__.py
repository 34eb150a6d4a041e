"""See backpropagation: text -> graph -> numbers -> picture."""
