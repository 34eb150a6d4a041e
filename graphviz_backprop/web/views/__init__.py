"""The addresses, five lines each."""
