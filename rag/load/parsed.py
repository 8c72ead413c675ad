"""What a format reads out of bytes, before it becomes a document with its metadata."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.load.sidecar import Sidecar
from rag.types import Skipped


@dataclass(frozen=True, slots=True)
class Parsed:
    """The text of one document and what its format says about it.

    Attributes
    ----------
    text
        Final: offsets count its characters.
    title
        As the format gives it, which may be what a program made up; empty where it gives none.
    metadata
        Given by the format itself (a row's columns, an e-mail's headers), keys as in a sidecar; a
        ``title`` among them was written by a person.
    part
        Which part of the file this is, to be appended to its path: ``:12`` for a row,
        ``!member.pdf`` for a member of an archive; empty for the whole file.
    sha256
        Hex digest of the part's own bytes; empty for the whole file.
    is_row
        Whether it is a row of an export, whose columns are its metadata.
    page_starts, page_labels, footnotes, headings, speaker_starts
        As in ``Document``; ``speaker_starts`` only of a part that has its own sidecar.
    """

    text: str
    title: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""
    sha256: str = ""
    page_starts: tuple[int, ...] = ()
    page_labels: tuple[str, ...] = ()
    footnotes: tuple[tuple[int, int, int], ...] = ()
    headings: tuple[tuple[int, int, str], ...] = ()
    speaker_starts: tuple[tuple[int, str], ...] = ()
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; see ``Settings`` for what each means."""

    max_file_bytes: int
    max_pages: int
    ocr: bool
    parse_seconds: int
    parse_megabytes: int


@dataclass(frozen=True, slots=True)
class Job:
    """Bytes to be read, with what is known about them.

    ``part`` is empty for a file and ``!member`` for a member of an archive. ``on_page`` is called
    after each page: a sign of life for whoever limits the time.
    """

    data: bytes
    name: str
    sidecar: Sidecar
    limits: Limits
    part: str = ""
    on_page: Callable[[], None] = lambda: None


Reader = Callable[[Job], Iterator[Parsed | Skipped]]
"""Reads one format. A fault of the whole raises ``LoadError``; one of a part yields ``Skipped``,
whose ``source`` is then the part alone (``:12``), to be completed by the caller."""
