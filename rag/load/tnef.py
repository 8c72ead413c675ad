"""Outlook's winmail.dat (TNEF): the files in it.

The reader is our own, for three attributes of [MS-OXTNEF]: the one package for it (tnefparse) had
its last release in January 2021.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import replace

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed
from rag.load.readers import read_part
from rag.types import Skipped

SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = len(SIGNATURE) + 2
_ATTRIBUTE = struct.Struct("<BHHI")
"""Level, id, type and length; the bytes follow, then a checksum of two bytes."""
_BEGINS, _TITLE, _DATA, _PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_LONG_NAME = re.compile(rb"(?:\x1f\x00|\x1e\x00)\x07\x37\x01\x00\x00\x00(....)", re.DOTALL)
"""PidTagAttachLongFilename among the properties: its type, its id, one value, its length."""
_LONGEST_NAME = 512


def read_tnef(job: Job) -> Iterator[Parsed | Skipped]:
    """Read the files inside, each as a document; a faulty one is skipped alone.

    Raises
    ------
    LoadError
        If there are none.
    """
    files = tnef_files(job.data)
    if not files:
        raise LoadError(
            "Outlook attachments (TNEF) without files that can be read; save them apart"
        )
    for name, data in files.items():
        yield from read_part(replace(job, data=data, name=name, part=f"{job.part}!{name}"))


def tnef_files(data: bytes) -> dict[str, bytes]:
    """The files of a winmail.dat by name; what is cut off or damaged is left out."""
    files: dict[str, bytes] = {}
    found: list[dict[int, bytes]] = []
    at = _HEAD
    while at + _ATTRIBUTE.size <= len(data):
        _, name, _, length = _ATTRIBUTE.unpack_from(data, at)
        start = at + _ATTRIBUTE.size
        if start + length > len(data):
            break
        if name == _BEGINS:
            found.append({})
        elif found:
            found[-1][name] = data[start : start + length]
        at = start + length + 2
    for number, attributes in enumerate(found, start=1):
        if attributes.get(_DATA):
            title = _name(attributes) or f"attachment-{number}"
            files[title if title not in files else f"{number}-{title}"] = attributes[_DATA]
    return files


def _name(attributes: dict[int, bytes]) -> str:
    properties = attributes.get(_PROPERTIES, b"")
    match = _LONG_NAME.search(properties)
    if match:
        length = int.from_bytes(match[1], "little")
        written = properties[match.end() : match.end() + length]
        if 0 < length <= _LONGEST_NAME:
            encoding = "utf-16-le" if match[0][0] == 0x1F else "cp1252"
            return written.decode(encoding, errors="replace").split("\0")[0].strip()
    title = attributes.get(_TITLE, b"")[:_LONGEST_NAME]
    return title.decode("cp1252", errors="replace").split("\0")[0].strip()
