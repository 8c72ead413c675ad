"""Streamlit's command; each connection and each look-up of a name is written to ``WATCHED``."""

import os
import sys
from typing import Any

from streamlit.web.cli import main

_EVENTS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")


def note(event: str, given: tuple[Any, ...]) -> None:
    """Append an event that reaches for the network."""
    if event.startswith(_EVENTS):
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {given[-1] if event == 'socket.connect' else given}\n")


if __name__ == "__main__":
    sys.addaudithook(note)
    main()
