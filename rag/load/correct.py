"""Corrects what is known about a document: writes its sidecar."""

import json
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.errors import LoadError, RagError, UsageError
from rag.load.sidecar import read_sidecar
from rag.load.source import sidecar_path
from rag.types import Document

_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def file_of(document: Document) -> Path | None:
    """The file that is this document and no other; None for a row or a part of a file."""
    path = Path(document.source)
    return path if path.is_file() else None


def correct(document: Document, values: Mapping[str, str | Sequence[str] | None]) -> Path:
    """Write values into the sidecar of a document, and return the path of the sidecar.

    The next build uses them. What else the sidecar says is kept.

    Parameters
    ----------
    values
        For each key of a sidecar its new text or list of texts; None to leave the value to the
        document again.

    Raises
    ------
    UsageError
        If the document is a row or a part of a file, or a value is not valid.
    RagError
        If the sidecar cannot be written.
    """
    file = file_of(document)
    if file is None:
        raise UsageError(f"{document.source} is a part of a file; correct it in that file.")
    path = sidecar_path(file)
    try:
        before = path.read_bytes() if path.exists() else b""
        after = with_values(before, values)
        staged = path.with_name(f".{path.name}.new")
        staged.write_bytes(after)
        os.replace(staged, path)
    except LoadError as error:
        raise UsageError(f"{path.name}: {error}.") from error
    except OSError as error:
        raise RagError(f"{path}: cannot be written ({error.strerror}).") from error
    return path


def with_values(sidecar: bytes, values: Mapping[str, str | Sequence[str] | None]) -> bytes:
    """The bytes of a sidecar with these values in it.

    Tables, such as ``[[speakers]]``, and comments among the values stay as they are written.

    Raises
    ------
    LoadError
        If the sidecar or a value is not valid.
    """
    read_sidecar(sidecar)
    text = sidecar.decode("utf-8-sig")
    known: dict[str, Any] = tomllib.loads(text)
    tables = {key for key, value in known.items() if _is_table(value)}
    start = next(
        (m.start() for m in _TABLE.finditer(text) if _holds(text[m.start() :], known, tables)),
        len(text),
    )
    kept = {key: value for key, value in known.items() if key not in tables}
    changed = {key: value for key, value in {**kept, **values}.items() if value not in (None, "")}
    comments = [line for line in text[:start].splitlines() if line.lstrip().startswith("#")]
    lines = [*comments, *(f"{key} = {_toml(value)}" for key, value in changed.items())]
    body = "\n".join(lines) + "\n" + ("\n" + text[start:] if tables else "")
    after = body.encode()
    read_sidecar(after)
    return after


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )


def _holds(text: str, known: Mapping[str, Any], tables: set[str]) -> bool:
    """Whether ``text`` has all the tables and nothing else: the values before it are left out."""
    try:
        return tomllib.loads(text) == {key: known[key] for key in tables}
    except tomllib.TOMLDecodeError:
        return False


def _toml(value: object) -> str:
    """A text, a list of texts, a date or a number as TOML."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)
