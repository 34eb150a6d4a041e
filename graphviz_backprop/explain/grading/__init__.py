"""Answers judged: whether a number is right, and if not, which known mistakes give it."""
