"""Looks the locked dependencies up in a database of known faults, or says why it cannot.

    python -m tests.audit

The database is that of ``pip-audit``, PyPI's advisories. Of each package name and version are sent.
Exit code 1 for a known fault; 0 for none, and 0 with a line on stderr if the source cannot be
reached: a machine without a network is no fault of the project.
"""

import importlib.util
import socket
import subprocess
import sys
from pathlib import Path

_LOCK = Path(__file__).resolve().parents[1] / "constraints.txt"
_SOURCE = ("pypi.org", 443)
_SECONDS = 10


def audit(source: tuple[str, int] = _SOURCE) -> tuple[int, str]:
    """The exit code, and what to say: not audited and why, or what was found."""
    if importlib.util.find_spec("pip_audit") is None:
        return 0, "not audited: pip-audit is not installed. Install it with: pip install pip-audit"
    try:
        socket.create_connection(source, timeout=_SECONDS).close()
    except OSError as error:
        return 0, f"not audited: {source[0]} cannot be reached from this machine ({error})."
    command = ["pip_audit", "--requirement", str(_LOCK), "--no-deps", "--disable-pip"]
    ended = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def main() -> int:
    """Audit, and print what came of it."""
    code, said = audit()
    print(said, file=sys.stderr if said.startswith("not audited") else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
