"""A cache of loaded documents by the bytes of their files: no scan is read by OCR twice."""

import hashlib
import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from rag.load.parsed import Limits
from rag.load.serialization import item_from_json, item_to_json
from rag.load.source import Source
from rag.types import Document, Skipped
from rag.unfinished import sweep, unfinished

_KEPT_SECONDS = 30 * 24 * 3600
"""Entries are deleted if no build has used them for this long."""


class ReadCache:
    """Loaded documents by path, bytes of file and sidecar, loader version and limits.

    A damaged entry counts as missing.

    Parameters
    ----------
    folder
        Created at the first write.
    version
        Of the loader.
    limits
        Of reading: with other limits, such as without OCR, the text may differ.
    """

    def __init__(self, folder: Path, version: int, limits: Limits) -> None:
        self._folder = folder
        self._how = json.dumps([version, asdict(limits)])

    def holds(self, source: Source) -> bool:
        """Whether there is an entry for ``source``; it may be damaged."""
        return self._path(source).is_file()

    def get(self, source: Source) -> list[Document | Skipped] | None:
        """The documents of ``source`` as ``read_source`` gave them; None if not cached."""
        path = self._path(source)
        try:
            digest, _, body = path.read_text("utf-8").partition("\n")
            os.utime(path)
        except (OSError, UnicodeDecodeError):
            return None
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            return None
        return [item_from_json(json.loads(line)) for line in body.splitlines()]

    def put(self, source: Source, items: Sequence[Document | Skipped]) -> None:
        """Cache ``items``, unless one of them is skipped: its reason may not hold the next time."""
        if not source.sha256 or any(isinstance(item, Skipped) for item in items):
            return
        body = "\n".join(map(item_to_json, items))
        path = self._path(source)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = unfinished(path)
        temporary.write_text(f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}", "utf-8")
        os.replace(temporary, path)

    def prune(self) -> None:
        """Delete what no build has used for thirty days, and what a killed one left unfinished."""
        sweep(self._folder.glob(f"{'[0-9a-f]' * 2}/{'[0-9a-f]' * 64}.[0-9]*"))
        oldest = time.time() - _KEPT_SECONDS
        for path in self._folder.glob(f"{'[0-9a-f]' * 2}/{'[0-9a-f]' * 64}.json"):
            with suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def _path(self, source: Source) -> Path:
        parts = (self._how, str(source.path), source.name, source.sha256)
        key = hashlib.sha256("\0".join((*parts, source.sidecar_sha256)).encode()).hexdigest()
        return self._folder / key[:2] / f"{key}.json"
