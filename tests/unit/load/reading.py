"""Helpers for the tests of loading: read bytes as a file is read."""

from rag.config import Settings
from rag.load.documents import limits_of
from rag.load.parsed import Job, Limits, Parsed
from rag.load.readers import read_bytes
from rag.load.sidecar import Sidecar, read_sidecar
from rag.types import Skipped

LIMITS: Limits = limits_of(Settings(ocr=False))


def job(data: bytes, name: str, *, sidecar: str = "", limits: Limits = LIMITS) -> Job:
    """What a reader is given."""
    beside = read_sidecar(sidecar.encode()) if sidecar else Sidecar()
    return Job(data, name, beside, limits)


def read(data: bytes, name: str, *, sidecar: str = "") -> list[Parsed | Skipped]:
    """All that is read from ``data``."""
    return list(read_bytes(job(data, name, sidecar=sidecar)))


def read_one(data: bytes, name: str) -> Parsed:
    """The one document in ``data``."""
    (parsed,) = read(data, name)
    assert isinstance(parsed, Parsed)
    return parsed
