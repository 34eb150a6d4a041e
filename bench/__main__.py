"""``python -m bench [name …]``: all measures, or those named."""

from __future__ import annotations

import importlib
import sys

MEASURES = (
    *("evaluate", "growth", "descend", "figure", "slider", "explain", "plot", "page", "heavy", "crowd"),
    *("grade", "groups", "answer", "weight"),
)


def main(names: list[str]) -> None:
    for name in names or MEASURES:
        importlib.import_module(f"bench.{name}").main()
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
