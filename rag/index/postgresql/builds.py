"""The builds of an index in PostgreSQL: written beside the live one, switched by one row."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.address import ServerAddress
from rag.config import local_folder
from rag.errors import BusyError, DamagedIndexError, NoIndexError, RagError, ServerError
from rag.index.manifest import Manifest, manifest_text, parse_manifest
from rag.index.postgresql.connections import Connections, connect
from rag.index.postgresql.dense import ServedDense
from rag.index.postgresql.digests import digests
from rag.index.postgresql.documents import ServedDocuments
from rag.index.postgresql.lexical import ServedLexical
from rag.index.postgresql.problems import told
from rag.index.postgresql.schema import CONTROL, STAGING, WRITER_LOCK, build_lock, schema_of
from rag.index.postgresql.writer import SchemaWriter
from rag.index.protocols import Build

if TYPE_CHECKING:
    from psycopg import Connection

_LEAST_VECTOR = (0, 7)
"""The first version of pgvector with vectors in half precision."""


class ServedBuilds:
    """The builds of the index in one database; safe to share among threads."""

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        self._connections = Connections(address)
        self._writing: Connection[Any] | None = None

    def __str__(self) -> str:
        return self._address.place

    @property
    def cache(self) -> Path:
        """Folder on this machine for what a later build uses again."""
        return local_folder(self._address) / "cache"

    def current(self) -> str | None:
        """Name of the live build; None before the first build."""
        found = self._control("SELECT build FROM rag.live")
        return found[0][0] if found else None

    def names(self) -> list[str]:
        """Names of the complete builds, oldest first."""
        return [name for (name,) in self._control("SELECT build FROM rag.builds ORDER BY build")]

    def manifest(self, name: str) -> Manifest:
        """Manifest of the build ``name``."""
        found = self._control("SELECT manifest FROM rag.builds WHERE build = %s", name)
        where = self._name(name)
        if not found:
            raise DamagedIndexError(f"{where}: no such build. Rebuild with: rag index")
        manifest = parse_manifest(found[0][0], where, f"{where}: manifest")
        if manifest.build != name:
            raise DamagedIndexError(
                f"{where}: has the manifest of {manifest.build}. Rebuild with: rag index"
            )
        return manifest

    def documents(self, name: str) -> ServedDocuments:
        """Documents of the build ``name``."""
        return ServedDocuments(self._reading(name), self.manifest(name), self._name(name))

    def open(self) -> Build:
        """Open the live build; no other process deletes it while this one has it open."""
        while True:
            name = self.current()
            if name is None:
                raise NoIndexError(
                    f"no index in {self}. Build one with: rag index --index {self._address}"
                )
            try:
                return self._open(name)
            except DamagedIndexError:
                # Try again if a newer build became live meanwhile: this one may be deleted.
                if self.current() == name:
                    raise

    def _open(self, name: str) -> Build:
        connections = self._reading(name)
        # The first select shares the lock, before anything is read.
        ((candidates,),) = connections.select("SELECT ef_search FROM build")
        if candidates:
            locked, connections = connections, self._reading(name, candidates)
            connections.select("SELECT 1")  # shares the lock too, before the other gives it up
            del locked
        manifest = self.manifest(name)
        documents = ServedDocuments(connections, manifest, self._name(name))
        return Build(
            manifest=manifest,
            files=_Checks(self._address, name, manifest),
            documents=documents,
            dense=ServedDense(connections),
            lexical=ServedLexical(connections, documents),
        )

    def _reading(self, name: str, candidates: int = 0) -> Connections:
        return Connections(self._address, lambda connection: _use(connection, name, candidates))

    def _name(self, build: str) -> str:
        return f"{self}, build {build}"

    def _control(self, query: str, *values: Any) -> list[Any]:
        """Rows of the control tables; none before the first build."""
        there = "SELECT to_regclass('rag.live') IS NOT NULL"
        if not self._connections.select(there)[0][0]:
            return []
        return self._connections.select(query, values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Lock the database for one writer, and delete what a killed writer left."""
        with connect(self._address, write=True) as connection:
            with told(self._address):
                _check_server(connection, self._address)
                lock = b"SELECT pg_try_advisory_lock(%s, %s)"
                (free,) = connection.execute(lock, WRITER_LOCK).fetchone() or (False,)
                if not free:
                    raise BusyError(
                        f"{self}: another build is running. Wait for it, then try again."
                    )
                connection.execute(CONTROL.encode())
                connection.execute(f"DROP SCHEMA IF EXISTS {STAGING} CASCADE".encode())
            self._writing = connection
            try:
                yield
            finally:
                self._writing = None
                # The server notices a closed connection a little later: the next build would be
                # told to wait. A broken connection has given up the lock.
                with suppress(Exception):
                    connection.execute(b"SELECT pg_advisory_unlock(%s, %s)", WRITER_LOCK)

    @contextmanager
    def writer(self, *, dimension: int, splitter_version: int = 0) -> Iterator[SchemaWriter]:
        """Begin a build, within `writing`. What is not published is deleted at the end."""
        connection = self._locked()
        with told(self._address):
            connection.execute(f"CREATE SCHEMA {STAGING}".encode())
            _search_in(connection, STAGING)
        try:
            yield SchemaWriter(
                connection,
                self._address,
                self._publish,
                dimension=dimension,
                splitter_version=splitter_version,
            )
        finally:
            if not connection.closed:
                with told(self._address):
                    connection.execute(f"DROP SCHEMA IF EXISTS {STAGING} CASCADE".encode())

    def _publish(self, manifest: Manifest, keep: int) -> None:
        """Make the schema that was written live, and prune."""
        from psycopg.sql import SQL, Identifier

        connection = self._locked()
        name = manifest.build
        with told(self._address), connection.transaction():
            rename = SQL("ALTER SCHEMA {} RENAME TO {}")
            connection.execute(rename.format(Identifier(STAGING), Identifier(schema_of(name))))
            connection.execute(
                b"INSERT INTO rag.builds VALUES (%s, %s)", (name, manifest_text(manifest))
            )
            _make_current(connection, name)
        self.prune(name, keep=keep)

    def prune(self, live: str, *, keep: int) -> None:
        """Delete all but the last ``keep`` builds, ``live`` included, and those in use."""
        connection = self._locked()
        with told(self._address):
            for old in [other for other in self.names() if other != live][: -(keep - 1)]:
                self._delete(connection, old)

    def _delete(self, connection: "Connection[Any]", build: str) -> None:
        """Delete a build, unless someone reads it: a later build tries again."""
        from psycopg.sql import SQL, Identifier

        with connection.transaction():
            lock = b"SELECT pg_try_advisory_xact_lock(%s, %s)"
            (free,) = connection.execute(lock, build_lock(build)).fetchone() or (False,)
            if free:
                drop = SQL("DROP SCHEMA IF EXISTS {} CASCADE")
                connection.execute(drop.format(Identifier(schema_of(build))))
                connection.execute(b"DELETE FROM rag.builds WHERE build = %s", (build,))

    def rollback(self) -> str:
        """Make the build before the live one live again; return its name."""
        with self.writing():
            current = self.current()
            older = [name for name in self.names() if current is not None and name < current]
            if not older:
                raise RagError(f"{self}: no older build to go back to.")
            with told(self._address):
                _make_current(self._locked(), older[-1])
            return older[-1]

    def _locked(self) -> "Connection[Any]":
        if self._writing is None:
            raise ValueError("only within writing()")
        return self._writing


class _Checks:
    """A `rag.index.protocols.BuildFiles` of a build on a server.

    Texts are compared with their checksums whenever they are read. The rest is compared on demand.
    """

    def __init__(self, address: ServerAddress, build: str, manifest: Manifest) -> None:
        self._address = address
        self._build = build
        self._manifest = manifest

    def check(self) -> None:
        """Nothing: what is shown was compared when it was read."""

    def unchanged(self) -> nullcontext[None]:
        """Nothing, as `check`."""
        return nullcontext()

    def check_all(self) -> None:
        """Read all tables of the build, and compare them with their checksums."""
        with told(self._address), connect(self._address) as connection:
            _use(connection, self._build)
            found = digests(connection)
        wrong = [name for name, digest in self._manifest.files.items() if found[name] != digest]
        if wrong:
            raise DamagedIndexError(
                f"{self._address.place}, build {self._build}: altered since it was built "
                f"({', '.join(wrong)}). Rebuild with: rag index"
            )


def _use(connection: "Connection[Any]", build: str, candidates: int = 0) -> None:
    """Share the lock of a build, and read its tables; ``candidates`` are those of its graph."""
    connection.execute(b"SELECT pg_advisory_lock_shared(%s, %s)", build_lock(build))
    _search_in(connection, schema_of(build))
    connection.execute(b"SET default_transaction_read_only = on")
    if candidates:
        connection.execute(f"SET hnsw.ef_search = {int(candidates)}".encode())


def _search_in(connection: "Connection[Any]", schema: str) -> None:
    """Look for tables in this schema first, then where the server looks (pgvector)."""
    connection.execute(
        b"SELECT set_config('search_path', quote_ident(%s) || ', ' || current_setting"
        b"('search_path'), false)",
        (schema,),
    )


def _make_current(connection: "Connection[Any]", build: str) -> None:
    connection.execute(
        b"INSERT INTO rag.live (build) VALUES (%s)"
        b" ON CONFLICT (one) DO UPDATE SET build = excluded.build",
        (build,),
    )


def _check_server(connection: "Connection[Any]", address: ServerAddress) -> None:
    """Make sure that pgvector is there and that the database can be written.

    Raises
    ------
    ServerError
        If not, with what to do.
    """
    import psycopg

    (standby,) = connection.execute(b"SELECT pg_is_in_recovery()").fetchone() or (False,)
    if standby:
        raise ServerError(f"{address.place}: a standby cannot be written. Name the primary.")
    try:
        connection.execute(b"CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.errors.InsufficientPrivilege as error:
        raise ServerError(
            f"{address.place}: the database has no pgvector, and this user may not make it. "
            "As a superuser of the database, run: CREATE EXTENSION vector"
        ) from error
    except (psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported) as error:
        raise ServerError(
            f"{address.place}: pgvector is not installed on the server. "
            "Install it there (Debian: postgresql-18-pgvector), then try again"
        ) from error
    ((version,),) = connection.execute(
        b"SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    ).fetchall()
    if tuple(int(part) for part in version.split(".")[:2]) < _LEAST_VECTOR:
        raise ServerError(
            f"{address.place}: pgvector {version} is too old. Update it to 0.7 or newer, then run: "
            "ALTER EXTENSION vector UPDATE"
        )
