"""Tables and the built-in sets."""
