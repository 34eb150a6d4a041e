"""Processes that can be killed, and what runs in them."""
