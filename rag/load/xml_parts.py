"""The XML parts of Word and OpenDocument files, with limits on what is parsed."""

import io
import zipfile
from typing import Any

from lxml import etree

from rag.errors import LoadError

_LARGEST_PART = 50_000_000
"""Bytes of XML in one part; parsing more takes minutes."""


def refuse_bombs(data: bytes) -> None:
    """Refuse parts that would unpack to huge XML, and a DOCTYPE, which may refer to other files.

    Raises
    ------
    LoadError
        Names the part.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if not info.filename.endswith((".xml", ".rels")):
                continue
            if info.file_size > _LARGEST_PART:
                raise LoadError(
                    f"its part {info.filename} unpacks to {info.file_size:,} bytes, "
                    f"more than {_LARGEST_PART:,}"
                )
            with archive.open(info) as part:
                if b"<!DOCTYPE" in part.read(1024):
                    raise LoadError(
                        f"its part {info.filename} has a DOCTYPE, which no office program writes"
                    )


def parsed_part(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of an XML part; None if there is no such part.

    Raises
    ------
    LoadError
        If it is not XML.
    """
    try:
        data = archive.read(name)
    except KeyError:
        return None
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise LoadError(f"its part {name} is damaged: {error}") from error
