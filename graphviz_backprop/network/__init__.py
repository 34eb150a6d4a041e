"""Neural networks as programs: builder, recogniser, matrices, derivation."""
