"""The sidecar: a TOML file with metadata beside a document."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rag.errors import LoadError
from rag.load.dates import iso_day

TEXT_KEYS = (
    *("id", "title", "agency", "type", "date", "speaker", "via"),
    *("url", "docket", "release", "court"),
)
LIST_KEYS = ("agency", "type", "speaker")
"""Text keys that also take a list: a joint release has several agencies."""
KEYS = (*TEXT_KEYS, "parties", "speakers", "columns")
COLUMN_KEYS = (*TEXT_KEYS, "parties", "text")

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The values of a sidecar.

    Attributes
    ----------
    values
        The given ones of the keys ``title agency type date speaker via url docket release court``
        and ``parties``. All are texts, except that ``parties`` is a list of texts and
        ``agency type speaker`` may be one.
    doc_id
        The ``id``; empty if none is given.
    speakers
        ``(first words, speaker)``, in the order of the text.
    columns
        For an export: the column of each key; ``text`` is the text of the document.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    doc_id: str = ""
    speakers: tuple[tuple[str, str], ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


def read_sidecar(data: bytes) -> Sidecar:
    """Read the bytes of a sidecar.

    Raises
    ------
    LoadError
        If it is not TOML, has an unknown key (the message names the nearest known one), or a value
        of the wrong kind.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LoadError(f"its sidecar is not TOML: {error}") from error
    except RecursionError as error:
        raise LoadError("its sidecar is not TOML that people write: nested too deeply") from error
    _refuse_unknown(table, KEYS, "")
    values: dict[str, Any] = {
        key: (_texts if key in LIST_KEYS and isinstance(table[key], list) else _text)(
            key, table[key]
        )
        for key in TEXT_KEYS
        if key in table
    }
    if "date" in values and not _is_date(values["date"]):
        raise LoadError(
            f"its sidecar's date is {values['date']!r}, which is none; "
            "write YYYY, YYYY-MM or YYYY-MM-DD"
        )
    if "parties" in table:
        values["parties"] = _texts("parties", table["parties"])
    return Sidecar(
        values={key: value for key, value in values.items() if key != "id"},
        doc_id=values.get("id", ""),
        speakers=_speakers(table.get("speakers", [])),
        columns=_columns(table.get("columns", {})),
    )


def speaker_starts(text: str, sidecar: Sidecar) -> tuple[tuple[int, str], ...]:
    """``(offset, speaker)`` where each speaker of the sidecar begins; white space may differ.

    Raises
    ------
    LoadError
        If the first words of a speaker do not occur, or come before those of an earlier speaker.
    """
    starts: list[tuple[int, str]] = []
    position = 0
    for words, speaker in sidecar.speakers:
        pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
        found = pattern.search(text, position)
        if found is None:
            where = "come after the ones before it" if pattern.search(text) else "occur in the text"
            raise LoadError(f"its sidecar has a speaker from {words!r}; these words do not {where}")
        starts.append((found.start(), speaker))
        position = found.end()
    return tuple(starts)


def _speakers(tables: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise LoadError("its sidecar's speakers are written as [[speakers]] tables")
    speakers: list[tuple[str, str]] = []
    for table in tables:
        _refuse_unknown(table, ("from", "speaker"), " in [[speakers]]")
        if missing := {"from", "speaker"} - table.keys():
            raise LoadError(f"its sidecar has [[speakers]] without {' and '.join(sorted(missing))}")
        words = _text("from", table["from"])
        speakers.append((words, _text("speaker", table["speaker"])))
    return tuple(speakers)


def _columns(table: Any) -> dict[str, str]:
    if not isinstance(table, dict):
        raise LoadError("its sidecar's columns are written as a [columns] table")
    _refuse_unknown(table, COLUMN_KEYS, " in [columns]")
    return {key: _text(f"columns.{key}", value) for key, value in table.items()}


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"nearest is {near[0]!r}" if near else f"known are {', '.join(known)}"
            raise LoadError(f"its sidecar has an unknown key {key!r}{where}; {hint}")


def _is_date(written: str) -> bool:
    found = _DATE.fullmatch(written)
    return found is not None and iso_day(*found.groups()) == written


def _text(key: str, value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if key == "date" and isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise LoadError(f"its sidecar's {key} is {value!r}; write a text in quotes")
    return value.strip()


def _texts(key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise LoadError(f"its sidecar's {key} is {value!r}; write a list of texts")
    return value
