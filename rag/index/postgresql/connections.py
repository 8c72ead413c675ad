"""Connections to one database: kept open, made anew after the server was away."""

import threading
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rag.address import ServerAddress
from rag.errors import RagError
from rag.index.postgresql.problems import told

if TYPE_CHECKING:
    from psycopg import Connection

_MOST = 8
"""Connections of one process to one build at a time; further threads wait."""
# A server that is silent is given up after these times, unless the address says otherwise.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def connect(address: ServerAddress, *, write: bool = False) -> "Connection[Any]":
    """A new connection, each statement of which is a transaction of its own.

    With ``write``, of several hosts in the address the one that can be written.

    Raises
    ------
    ServerError
        If the server cannot be reached, or refuses.
    RagError
        If the package psycopg is not installed.
    """
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise RagError(
            f"{address.place}: an index in PostgreSQL needs the package psycopg. "
            "Install it with: pip install 'psycopg[binary]>=3.2'"
        ) from error
    with told(address):
        given = conninfo_to_dict(address.url)
        options: dict[str, Any] = {"application_name": "enforcement-rag", **_PATIENCE}
        if write and "," in str(given.get("host", "")):
            options["target_session_attrs"] = "read-write"
            given.pop("target_session_attrs", None)
        return psycopg.connect(**{**options, **given}, autocommit=True)


class Connections:
    """A pool of connections that read; safe to share among threads.

    Parameters
    ----------
    prepare
        Called with each new connection.
    """

    def __init__(
        self,
        address: ServerAddress,
        prepare: Callable[["Connection[Any]"], None] = lambda connection: None,
    ) -> None:
        self._address = address
        self._prepare = prepare
        self._idle: list[Connection[Any]] = []
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(_MOST)
        weakref.finalize(self, _close, self._idle)

    def select(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query that changes nothing.

        A connection that broke since its last use is replaced once: a server that was restarted is
        found again.

        Raises
        ------
        ServerError
            If the server is not there.
        DamagedIndexError
            If the server finds its data damaged, or the build is no longer there.
        """
        with self._free, told(self._address):
            kept = self._take()
            if kept is not None:
                try:
                    return self._run(kept, query, values)
                except Exception as error:
                    # 40001: a standby ended the query to follow its primary.
                    if not kept.closed and getattr(error, "sqlstate", None) != "40001":
                        raise
            _close(self._idle)
            return self._run(self._new(), query, values)

    def _run(self, connection: "Connection[Any]", query: str, values: Sequence[Any]) -> list[Any]:
        try:
            return connection.execute(query.encode(), values, binary=True).fetchall()
        finally:
            if connection.closed:
                connection.close()
            else:
                with self._lock:
                    self._idle.append(connection)

    def _take(self) -> "Connection[Any] | None":
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _new(self) -> "Connection[Any]":
        connection = connect(self._address)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _close(idle: list["Connection[Any]"]) -> None:
    """Close the connections that wait; those of other threads are replaced when they are used."""
    while idle:
        idle.pop().close()
