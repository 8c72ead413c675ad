"""The errors of PostgreSQL in words: what happened, which server, what to do next."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from rag.address import ServerAddress
from rag.errors import DamagedIndexError, RagError, ServerError

# Errors while connecting have no code. The words are those of an English server; for others the
# server's own words stand in the message.
_CONNECTING = {
    r"password authentication failed|no password supplied|authentication failed": (
        "the server refuses the user or the password. Set the right one in the address, in "
        "PGPASSWORD or in ~/.pgpass"
    ),
    r"no pg_hba\.conf entry": (
        "the server does not let this user in from this machine. Add a line to its pg_hba.conf"
    ),
    r'role ".*" does not exist': "the server has no such user. Make it with: createuser NAME",
    r'database ".*" does not exist': (
        "the server has no such database. Make it with: createdb {database}"
    ),
    r"starting up|shutting down|in recovery mode": (
        "the server is starting or stopping. Try again in a moment"
    ),
    r"too many (?:clients|connections)|connection slots": (
        "the server has no free connection. Try again, or raise its max_connections"
    ),
    r"read-only|read-write|hot standby": (
        "none of the servers can be written. Name the primary in the address"
    ),
}
_REACH = "the server cannot be reached. Check that it runs, and the host and the port"
_SAID = 200
"""Characters of the server's own words in a message."""


@contextmanager
def told(address: ServerAddress) -> Iterator[None]:
    """Within it, an error of psycopg becomes a `RagError` that names the server, not the password.

    Raises
    ------
    ServerError
        If the server is not there, refuses, or is out of something.
    DamagedIndexError
        If its data is damaged, or the build is no longer there.
    """
    try:
        import psycopg
    except ImportError:  # whoever connects says how to install it
        yield
        return
    try:
        yield
    except psycopg.Error as error:
        raise _problem(address, error) from error


def _problem(address: ServerAddress, error: Exception) -> RagError:
    code = getattr(error, "sqlstate", None) or ""
    said = _words(str(error), address)
    where = address.place
    if not code:
        for pattern, advice in _CONNECTING.items():
            if re.search(pattern, str(error)):
                return ServerError(f"{where}: {advice.format(database=address.database)}.")
        if isinstance(error, ValueError) or type(error).__name__ == "ProgrammingError":
            return ServerError(
                f"{where}: not an address of a server ({said}). "
                "Write: postgresql://USER@HOST:PORT/DATABASE"
            )
        if type(error).__name__ == "DataError":
            return RagError(f"{where}: the database cannot hold this text ({said}).")
        return ServerError(f"{where}: {_REACH} ({said}).")
    if code in ("3F000", "42P01"):
        return DamagedIndexError(
            f"{where}: the build is no longer on the server. Open the index again; "
            "if it stays so, rebuild with: rag index"
        )
    if code.startswith("XX"):
        return DamagedIndexError(
            f"{where}: the server finds its data damaged ({said}). Rebuild with: rag index"
        )
    if code == "25006":
        return ServerError(f"{where}: a standby cannot be written. Name the primary.")
    if code == "42501":
        return ServerError(f"{where}: the user of the address may not do this ({said}).")
    if code.startswith("53"):
        return ServerError(
            f"{where}: the server is out of room ({said}). Make some, then try again."
        )
    if code.startswith(("08", "57")):
        return ServerError(
            f"{where}: the server ended the connection ({said}). Try again in a moment."
        )
    return ServerError(f"{where}: {said} (PostgreSQL {code}).")


def _words(said: str, address: ServerAddress) -> str:
    """The first line of what a server says, without the password."""
    line = next((one.strip() for one in said.splitlines() if one.strip()), "no reason given")
    secret = address.secret
    return (line.replace(secret, "***") if secret else line)[:_SAID]
