"""Word files of other kinds, rewritten as the kind that python-docx opens."""

import io
import re
import zipfile

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w{1,40})/(?=\w)")
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_MAIN = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document\.macroEnabled|template\.macroEnabledTemplate)"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml"
)
_TYPES = "[Content_Types].xml"


def ordinary(data: bytes) -> bytes:
    """``data`` with the names of Transitional Open XML, of a document without macros.

    Strict Open XML (ISO 29500) has the same elements in other namespaces. Templates and documents
    with macros differ by their type only. Other files come back as they are.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {
            info.filename: archive.read(info)
            for info in archive.infolist()
            if info.filename.endswith((".xml", ".rels"))
        }
        is_strict = any(_STRICT.search(part) for part in parts.values())
        if not is_strict and not _OTHER_MAIN.search(parts.get(_TYPES, b"")):
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as rewritten:
            for info in archive.infolist():
                part = parts.get(info.filename)
                if part is None:
                    part = archive.read(info)
                else:
                    part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", part)
                if info.filename == _TYPES:
                    part = _OTHER_MAIN.sub(_MAIN, part)
                rewritten.writestr(info.filename, part)
    return out.getvalue()
