"""Optimizers, gradient descent and why one diverges."""
