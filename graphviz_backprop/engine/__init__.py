"""Graph to numbers: kernels, rows as code, forward and backward pass."""
