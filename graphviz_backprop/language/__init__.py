"""Text to graph: the table of operations, tokens, syntax, parser, printers."""
