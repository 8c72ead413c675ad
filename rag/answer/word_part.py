"""The evidence record as a part of a Word file, beside its text."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from docx.document import Document as Docx

_PART = "/customXml/evidence.xml"
_TAG = "{urn:enforcement-rag:evidence}record"


def attach_record(file: "Docx", record: Mapping[str, Any]) -> None:
    """Put the record into the file. Word keeps such a part; its text does not show it."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    element = ElementTree.Element(_TAG)
    element.text = json.dumps(record, separators=(",", ":"))
    data = ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)
    part = Part(PackURI(_PART), "application/xml", data, file.part.package)
    file.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def attached_record(path: Path) -> str:
    """The record of a Word file as JSON; empty if it has none as a part."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("customXml/") and name.endswith(".xml"):
                try:
                    element = ElementTree.fromstring(package.read(name))
                except ElementTree.ParseError:
                    continue
                if element.tag == _TAG:
                    return element.text or ""
    return ""
