"""ZIP archives: each member is a document; its sidecar may be another member."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed
from rag.load.readers import read_part
from rag.load.sidecar import Sidecar, read_sidecar
from rag.load.source import SIDECAR_SUFFIX
from rag.types import Skipped

_MOST_MEMBERS = 5000
"""Limits the time that one archive takes; a set of documents has fewer."""
_NOT_PACKED = re.compile(r"!message-\d+(?=!|$)|!winmail\.dat(?=!|$)")
"""Parts that are no archive, though something lies in them: messages of a mailbox."""
_DEEPEST = 2
"""Levels of archives inside archives; ZIP bombs have more."""


def read_archive(job: Job) -> Iterator[Parsed | Skipped]:
    """Read the members of a ZIP archive, sorted by name; a faulty member is skipped alone.

    Hidden members are ignored. ``max_file_bytes`` limits the total size of the members, together
    with those of all archives that lie in the same file.

    Raises
    ------
    LoadError
        If the archive is damaged, too large, has too many members or lies too deep in others.
    """
    if len(_NOT_PACKED.sub("", job.part).split("!")) > _DEEPEST:
        raise LoadError("an archive inside an archive inside an archive; unpack it")
    try:
        archive = zipfile.ZipFile(io.BytesIO(job.data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise LoadError(f"a damaged ZIP file: {error}") from error
    members = {info.filename: info for info in archive.infolist() if _is_document(info)}
    if len(members) > _MOST_MEMBERS:
        raise LoadError(f"{len(members):,} members, more than {_MOST_MEMBERS:,}; split the archive")
    job.unpack(sum(info.file_size for info in members.values()), "archive")
    for name, info in sorted(members.items()):
        if name.endswith(SIDECAR_SUFFIX) and name.removesuffix(SIDECAR_SUFFIX) in members:
            continue
        part = f"{job.part}!{name}"
        try:
            data = _unpacked(archive, info)
            beside = members.get(name + SIDECAR_SUFFIX)
            sidecar = read_sidecar(_unpacked(archive, beside)) if beside else Sidecar()
        except LoadError as error:
            yield Skipped(part, str(error))
            continue
        yield from read_part(replace(job, data=data, name=name, sidecar=sidecar, part=part))


def _is_document(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not info.is_dir() and not hidden


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as member:
            data = member.read(info.file_size + 1)
    except RuntimeError as error:  # zipfile raises it if a password is needed
        raise LoadError("encrypted; pack it without a password") from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise LoadError(f"cannot be unpacked: {error}") from error
    return data
