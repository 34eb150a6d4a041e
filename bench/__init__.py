"""Measures of speed, each a ratio to a named peer or limit in the same run: ``make bench``."""
