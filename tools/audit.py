"""``python -m tools.audit``: known weaknesses of what is installed, where the registries tell of any.

A registry that does not answer, or has no advisories, is no failure: that is said, and the check goes on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PATIENCE = 120  # seconds


def main() -> int:
    return max(_python(), _node())


def _python() -> int:
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--format=json", "--disable-pip"]
    command += ["--require-hashes", "--requirement", str(_ROOT / "requirements.txt")]
    found = _told(command)
    if found is None or "dependencies" not in found:
        return _unknown("PyPI")
    weak = [
        f"{each['name']} {each['version']}: {fault['id']}"
        for each in found["dependencies"]
        for fault in each.get("vulns", [])
    ]
    return _said("PyPI", weak)


def _node() -> int:
    npm = str(Path(sys.executable).with_name("npm"))
    found = _told([npm, "audit", "--omit=dev", "--json"])
    if found is None or "vulnerabilities" not in found:
        return _unknown("npm's registry")
    return _said("npm's registry", list(found["vulnerabilities"]))


def _told(command: list[str]) -> dict[str, object] | None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"}
    try:
        done = subprocess.run(
            command, cwd=_ROOT, env=environment, capture_output=True, text=True, timeout=_PATIENCE
        )
        return dict(json.loads(done.stdout))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _unknown(where: str) -> int:
    print(f"audit: {where} told of no advisories: not checked")
    return 0


def _said(where: str, weak: list[str]) -> int:
    print(f"audit: {where}: {'; '.join(weak) or 'nothing known'}")
    return bool(weak)


if __name__ == "__main__":
    sys.exit(main())
