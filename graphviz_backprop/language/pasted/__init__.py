"""Text that was written for something else: recognised, converted to the language, read.

Each dialect is one module, and a row of ``dialects``; ``reading`` is how a text becomes a graph.
Nothing that is pasted is ever run: it is text on the way in, and text on the way out.
"""
