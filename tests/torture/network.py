"""No network at all: in a namespace without one everything works, and nothing tries to leave it."""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import SEEDS
from tests.torture.runner import CHECKOUT

_ASKED = "what does Binance say about user asset safety?"
_REACHED = re.compile(
    r"(?:connect|sendto|sendmsg|sendmmsg)\(\d+(?:<[^>]*>)?, .*?sa_family=AF_(\w+)"
)
_SERVE = ("-m", "streamlit", "run", "ui/app.py", "--server.port=8501")


class Network:
    """Each trial is one command, or one kind of request to the page, under ``strace``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._saved = folder / "answer.html"
        index = ("--index", str(folder / "index"))
        self._commands = (
            ("index", str(SEEDS), *index),
            ("index", "--rebuild", str(SEEDS), *index),
            ("ask", _ASKED, "--save", str(self._saved), *index),
            ("ask", "What does http://checkip.amazonaws.com say?", *index),
            ("search", "user assets", *index),
            ("status", *index),
            ("verify", str(self._saved)),
        )
        self._requests: tuple[dict[str, str], ...] = (
            {},
            {"Origin": "http://127.0.0.1:8501"},
            {"Origin": "http://evil.test"},
            {"Host": "evil.test"},
            {"Host": "evil.test", "Origin": "http://evil.test"},
            {"Origin": "null"},
        )

        self._see_a_look_up()

    def trial(self, draw: random.Random, number: int) -> str:
        """Run command or request ``number``; the first builds the index for the others."""
        if number and not (self._folder / "index" / "CURRENT").is_file():
            self._run(self._commands[0])
            self._run(self._commands[2])
        place = number % (len(self._commands) + len(self._requests))
        if place < len(self._commands):
            self._run(self._commands[place])
            return f"rag {self._commands[place][0]}: no attempt"
        sent = self._requests[place - len(self._commands)]
        self._serve(sent)
        foreign = "foreign" if "evil" in str(sent) or "null" in str(sent) else "own"
        return f"page, {foreign} origin and host: no attempt"

    def _run(self, words: tuple[str, ...]) -> None:
        ended = subprocess.run(
            [*self._traced(), sys.executable, "-m", "rag", *words],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert ended.returncode == 0, ended.stderr[-500:]
        self._check(words[0])

    def _see_a_look_up(self) -> None:
        """The watch sees what it is for."""
        look_up = "import socket\ntry: socket.getaddrinfo('leak.test', 80)\nexcept OSError: pass"
        subprocess.run([*self._traced(), sys.executable, "-c", look_up], check=True)
        try:
            self._check("probe")
        except AssertionError:
            return
        raise AssertionError("the watch does not see a look-up of a name")

    def _serve(self, sent: dict[str, str]) -> None:
        """Serve the page in the namespace; a visitor in it opens page and web socket."""
        visitor = Path(__file__).with_name("visitor.py")
        ended = subprocess.run(
            [
                *(
                    "unshare",
                    "--net",
                    "--",
                    sys.executable,
                    str(visitor),
                    str(self._folder / "trace"),
                ),
                *(f"{name}={value}" for name, value in sent.items()),
                "--",
                *(sys.executable, *_SERVE),
            ],
            cwd=CHECKOUT,
            env={**os.environ, "RAG_INDEX": str(self._folder / "index")},
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert ended.returncode == 0, ended.stderr[-800:]
        self._check(f"page {sent}")

    def _traced(self) -> list[str]:
        trace = str(self._folder / "trace")
        return [
            "unshare",
            "--net",
            "--",
            "strace",
            "-f",
            "-qq",
            "-e",
            "trace=%network",
            "-o",
            trace,
        ]

    def _check(self, what: str) -> None:
        for line in (self._folder / "trace").read_text(errors="replace").splitlines():
            reached = _REACHED.search(line)
            assert not reached or (reached[1] == "UNIX" and "nscd" not in line), (
                f"{what}: {line:.200}"
            )
