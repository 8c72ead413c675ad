"""The result of reading one format, before it becomes a document with metadata."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.errors import LoadError
from rag.load.sidecar import Sidecar
from rag.types import Skipped


@dataclass(frozen=True, slots=True)
class Parsed:
    """The text of one document with the metadata that its format gives.

    Attributes
    ----------
    text
        Final: offsets count its characters.
    title
        Title that the format gives, perhaps made by a program; "" for none.
    metadata
        From the format itself: columns of a row, headers of an e-mail. Keys as in a sidecar; a
        ``title`` among them was written by a person.
    part
        Suffix of the path: ``:12`` for a row, ``!member.pdf`` for a member of an archive; empty for
        the whole file.
    sha256
        Hex digest of the bytes of the part; empty for the whole file.
    is_row
        Whether it is a row of an export: its columns are its metadata.
    page_starts, page_labels, footnotes, headings, speaker_starts
        As in ``Document``; ``speaker_starts`` where the format or the sidecar of a part gives them.
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
    """Limits for the reading of one file, each as in ``Settings``, and the user's register.

    ``authorities`` is the text of the user's ``authorities.toml``, "" for none.
    """

    max_file_bytes: int
    max_pages: int
    ocr: bool
    parse_seconds: int
    parse_megabytes: int
    authorities: str = ""


@dataclass(slots=True)
class Spent:
    """What was unpacked from one file and all that lies in it: bytes, and characters of texts."""

    unpacked: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """Bytes to read, with their name, sidecar and limits.

    ``part`` is empty for a file and ``!member`` for a member of an archive; ``depth`` counts the
    files that it lies in. ``on_page`` is called after each page: the limit on time starts again.
    ``spent`` is shared by a file and all that lies in it.
    """

    data: bytes
    name: str
    sidecar: Sidecar
    limits: Limits
    part: str = ""
    on_page: Callable[[], None] = lambda: None
    depth: int = 0
    spent: Spent = field(default_factory=Spent)

    @property
    def left(self) -> int:
        """Bytes that may still be unpacked from the file in which this lies; 0 or more."""
        return max(0, self.limits.max_file_bytes - self.spent.unpacked)

    def unpack(self, size: int, what: str) -> None:
        """Count ``size`` bytes that are unpacked.

        Raises
        ------
        LoadError
            If they are more than are left of ``max_file_bytes``; then they are not counted.
        """
        if size > self.left:
            of = "is left of " if self.spent.unpacked else ""
            limit = f"max_file_bytes = {self.limits.max_file_bytes:,}"
            raise LoadError(
                f"unpacks to {size:,} bytes, more than {of}{limit}; raise it or split the {what}"
            )
        self.spent.unpacked += size


Reader = Callable[[Job], Iterator[Parsed | Skipped]]
"""Reads one format. A fault of the whole raises ``LoadError``. A fault of one part yields
``Skipped`` with the part (``:12``) as ``source``; the caller adds the path."""
