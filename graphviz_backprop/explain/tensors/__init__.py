"""Reasons in tensors: cells as sums, sentences, steps, Jacobians, programs in numbers. These need NumPy."""
