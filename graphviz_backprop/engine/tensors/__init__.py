"""Graphs with tensors: both passes as one list of steps on NumPy arrays, and what is made of them."""
