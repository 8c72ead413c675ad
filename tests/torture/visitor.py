"""Runs a server under ``strace`` in a namespace without a network, and visits its page.

python tests/torture/visitor.py TRACE [Header=value]… -- COMMAND…
"""

import fcntl
import http.client
import os
import signal
import socket
import struct
import subprocess
import sys
import time

_PORT = 8501
_UP, _SET_FLAGS = 1, 0x8914  # IFF_UP, SIOCSIFFLAGS


def main() -> None:
    """Bring the loopback up, serve, visit, end."""
    trace, *rest = sys.argv[1:]
    cut = rest.index("--")
    headers = dict(one.split("=", 1) for one in rest[:cut])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        fcntl.ioctl(device, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))
    command = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", trace, *rest[cut + 1 :]]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", _PORT)) == 0:
                    break
            time.sleep(0.3)
        foreign = any("evil" in value or value == "null" for value in headers.values())
        for path in ("/", "/keys.js", "/_stcore/health", "/_stcore/host-config", "/library"):
            assert _status(path, headers) == (403 if foreign else 200), path
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
            **headers,
            "Sec-WebSocket-Protocol": "streamlit",
        }
        assert _status("/_stcore/stream", upgrade) == (403 if foreign else 101)
        time.sleep(2)  # the session of the page begins, and would look up addresses
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


def _status(path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=60)
    connection.request("GET", path, headers=headers)
    found = connection.getresponse().status
    connection.close()
    return found


if __name__ == "__main__":
    main()
