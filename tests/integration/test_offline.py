"""Building and asking reach for no network: no connection, no look-up of a name."""

import subprocess
import sys
from pathlib import Path

import pytest

from rag.config import Settings

_WATCHED = """
import sys

def note(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        print("NETWORK", event, given[1:], file=sys.stderr)

sys.addaudithook(note)
if sys.argv[1] == "probe":
    import socket
    socket.getaddrinfo("127.0.0.1", 9)
else:
    from rag.cli import app
    app()
"""


def run(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line; each reach for the network is a line of its errors."""
    return subprocess.run(
        [sys.executable, "-c", _WATCHED, *words],
        env={"PATH": "", "HOME": str(settings.index.parent), "RAG_INDEX": str(settings.index)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_watch_sees_the_network(settings: Settings) -> None:
    assert "NETWORK socket.getaddrinfo" in run(settings, "probe").stderr


@pytest.mark.slow
def test_building_asking_and_checking_connect_to_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    saved = tmp_path / "answer.html"
    for words in (
        ("index", str(settings.seeds)),
        ("ask", "what does Binance say about user asset safety?", "--save", str(saved)),
        ("ask", "What does http://checkip.amazonaws.com say?"),
        ("search", "user assets"),
        ("status",),
        ("verify", str(saved)),
    ):
        result = run(settings, *words)

        assert "NETWORK" not in result.stderr
        assert result.returncode == 0, result.stderr
