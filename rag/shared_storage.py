"""Files on storage that several machines share: a folder, or a bucket that fsspec can reach."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rag.errors import RagError, UsageError


class SharedStorage:
    """One folder of shared storage, with files in it and no folders.

    Parameters
    ----------
    place
        A folder, or a URL such as ``s3://bucket/folder``. fsspec needs a package for most kinds of
        URL, such as s3fs. Their keys and addresses come from their own settings.

    Raises
    ------
    UsageError
        If no installed package can reach ``place``.
    """

    def __init__(self, place: str) -> None:
        from fsspec.core import url_to_fs

        self.place = place
        try:
            self._system, root = url_to_fs(place)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{place} cannot be reached: {error}.") from error
        self._root = root.rstrip("/")

    def record(self, name: str) -> dict[str, Any] | None:
        """The JSON object in a file; None if there is no such file, or it is damaged."""
        with suppress(FileNotFoundError, ValueError, RecursionError), self._told("read"):
            found = json.loads(self._system.cat_file(self._at(name)))
            return found if isinstance(found, dict) else None
        return None

    def put_record(self, name: str, record: dict[str, Any]) -> None:
        """Write a JSON object to a file."""
        with self._told("written"):
            self._system.makedirs(self._root, exist_ok=True)
            self._system.pipe_file(self._at(name), json.dumps(record).encode())

    def put(self, name: str, path: Path) -> None:
        """Copy the file at ``path`` to the storage."""
        with self._told("written"):
            self._system.makedirs(self._root, exist_ok=True)
            self._system.put_file(str(path), self._at(name))

    def size(self, name: str) -> int | None:
        """Bytes of a file; None if there is no such file."""
        with suppress(FileNotFoundError), self._told("read"):
            return int(self._system.info(self._at(name))["size"])
        return None

    def delete(self, name: str) -> None:
        """Delete a file, if it exists."""
        with suppress(FileNotFoundError), self._told("written"):
            self._system.rm_file(self._at(name))

    def names(self, start: str) -> list[str]:
        """Names of the files that begin with ``start``, sorted."""
        with suppress(FileNotFoundError), self._told("read"):
            self._system.invalidate_cache()
            found = self._system.ls(self._root, detail=False)
            names = (path.rstrip("/").rpartition("/")[2] for path in found)
            return sorted(name for name in names if name.startswith(start))
        return []

    @contextmanager
    def local(self, name: str, scratch: Path) -> Iterator[Path]:
        """Path of the file on this machine; what is copied to ``scratch`` is deleted at the end.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        """
        if "file" in self._system.protocol:
            yield Path(self._at(name))
            return
        copied = scratch / name
        with self._told("read"):
            self._system.get_file(self._at(name), str(copied))
        try:
            yield copied
        finally:
            copied.unlink(missing_ok=True)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """An error becomes a ``RagError`` that names the storage; a missing file stays as it is."""
        try:
            yield
        except FileNotFoundError:
            raise
        except (ValueError, RecursionError):  # damaged JSON
            raise
        except Exception as error:  # each kind of storage has errors of its own
            reason = f"{type(error).__name__}: {error}"
            raise RagError(
                f"{self.place} cannot be {what}: {reason}. "
                "Check the address, the rights and the free space, then try again."
            ) from error
