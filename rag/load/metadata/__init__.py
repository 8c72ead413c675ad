"""What a document says of itself: authority, type, title, date, court, parties, speaker."""

import re
from collections.abc import Mapping
from typing import Any

from rag.load.metadata.authorities import Register, agency_of, register
from rag.load.metadata.courts import court_of, docket_of, release_of
from rag.load.metadata.dates import date_of, date_of_row, without_date
from rag.load.metadata.document_types import Kind, kind_of, voice_of
from rag.load.metadata.front import Front, front, without_site
from rag.load.metadata.parties import parties_of
from rag.load.metadata.sections import Section, sections_of
from rag.load.metadata.speakers import is_official, speaker_of
from rag.load.metadata.titles import is_letterhead, is_no_title, title_of

__all__ = ["Section", "check_authorities", "infer", "infer_row", "is_no_title", "sections_of"]

_ROW_HEAD = 1500
"""Characters at the start of a row: exports have no caption page."""
_EMPTY_CELLS = frozenset(("", "-", "none", "null", "nan", "n/a"))
"""Texts that programs write into an empty cell."""
_RELEASES = frozenset(
    {"litigation_release", "enforcement_release", "press_release", "penalty_list"}
)
_GIVEN_TO = re.compile(
    r"\b(?:undertakings?|given|offered|accepted)\s{1,9}(?:to|by)\s{1,9}(?:the\s{1,9})?",
    re.IGNORECASE,
)
_NEVER_IN_COURT = frozenset(
    {"letter", "undertaking", "undertaking_offer", "statement", "comment", "faq", "report"}
)


def infer(
    text: str, title: str, known: Mapping[str, Any], *, authorities: str = ""
) -> dict[str, Any]:
    """Infer the metadata that ``known`` does not have: agency, type, date, release and so on.

    A value that is not clear is left out: a wrong date or speaker is worse than none.

    Parameters
    ----------
    text
        The document's text.
    title
        Title that the format gives, "" for none.
    known
        Given metadata; its keys are not inferred.
    authorities
        Text of the user's own ``authorities.toml``; "" for none.

    Returns
    -------
    dict[str, Any]
        The inferred ones of the keys ``title agency type date release docket parties court
        speaker``. ``title`` only where ``title`` is none, or holds a date or a site's name.
        ``speaker`` only where it is not the agency that speaks.
    """
    names = register(authorities)
    own = without_site(title.strip())
    named = not is_no_title(own)
    first = front(text, own if named else "")
    kind = _kind(first, known)
    letter = kind.name == "letter"
    parties = parties_of(first, kind.name, letter=letter)
    court, country = _court(first, kind)
    agency, speaker = _agency_and_speaker(first, kind, parties, court, names)
    if kind.voice == "court" and agency:
        court = ""
    country = country or _country(first, agency, names)
    found: dict[str, Any] = {
        "type": kind.name,
        "parties": parties,
        "court": court,
        "docket": docket_of(first, running_text=kind.name in _RELEASES or not kind.name),
        "date": date_of(first, kind.name, day_first=country != "US"),
        "release": release_of(
            f"{title}\n\n{first.head}", named=bool(kind.name) and kind.name not in _RELEASES
        ),
        "agency": agency,
        "speaker": speaker,
    }
    if not named or is_letterhead(own, names):
        bare = first if not named else front(text, "")
        heading = kind if kind.heading != -2 else Kind(kind.name, kind.voice, -1)
        found["title"] = title_of(bare, heading, parties, agency, speaker, names) or ""
    elif without_date(own) != title.strip():
        found["title"] = without_date(own)
    return {key: value for key, value in found.items() if value and key not in known}


def check_authorities(text: str) -> None:
    """Raise ``ValueError`` with what is wrong with the text of a user's ``authorities.toml``."""
    register(text)


def infer_row(text: str, title: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """As ``infer`` for a row of an export: only date, release and title; columns give the rest."""
    found: dict[str, Any] = {}
    head = f"{title}\n\n{text[:_ROW_HEAD]}"
    if "date" not in known:
        found["date"] = date_of_row(head, text)
    if "release" not in known:
        found["release"] = release_of(head)
    if title.strip().casefold() in _EMPTY_CELLS:
        first = front(text, "")
        kind = kind_of(first)
        parties = parties_of(first, kind.name, letter=kind.name == "letter")
        found["title"] = title_of(first, kind, parties, "", "", register())
    return {key: value for key, value in found.items() if value}


def _kind(first: Front, known: Mapping[str, Any]) -> Kind:
    given = known.get("type")
    if not given:
        return kind_of(first)
    name = str(given[0] if isinstance(given, list) else given)
    return Kind(name, voice_of(name))


def _country(first: Front, agency: str, names: Register) -> str:
    """The country of the agency, else of the first authority that the document names."""
    if agency not in names.authorities:
        agency = next((one.key for one in names.mentions(first.head) if one.full), "")
    return names.authorities[agency].country if agency in names.authorities else "US"


def _court(first: Front, kind: Kind) -> tuple[str, str]:
    if kind.voice == "authority" and kind.name not in _RELEASES:
        return "", ""
    if kind.name in _NEVER_IN_COURT:
        return "", ""
    return court_of(first, running_text=kind.name in _RELEASES)


def _agency_and_speaker(
    first: Front, kind: Kind, parties: list[str], court: str, names: Register
) -> tuple[str, str]:
    """The agency that issued the document or is a party, and the speaker if it is not the agency.

    A complaint, a brief or a letter speaks for its author. If the author is unknown, no agency is
    returned either: otherwise the document would count as the agency's own.
    """
    if kind.voice == "party":
        return _of_party(first, kind, parties, court, names)
    if kind.voice == "court" and court:
        return "", court
    if not kind.name and len(parties) == 2 and names.named(parties[1]):
        return names.named(parties[0]), ""  # a paper in a case against an agency
    heading = first.lines[kind.heading].text if kind.heading >= 0 else first.title
    speaker = speaker_of(first, kind.name, kind.voice, heading, parties, court, names)
    if kind.voice in ("witness", "hearing"):
        return "", speaker
    voice = "authority" if kind.voice in ("authority", "court", "parties") else ""
    if kind.voice == "author" and kind.name in ("dissent", "concurrence", "statement", "report"):
        if kind.name in ("dissent", "concurrence") and court:
            return "", speaker
        voice = "authority" if kind.name != "report" else ""
    if kind.name in ("faq", "expert_report"):
        voice = "author"
    if kind.name == "statement" and speaker and not is_official(speaker):
        return (names.named(speaker), "") if names.named(speaker) else ("", speaker)
    agency = agency_of(first, voice, names)
    if agency and speaker and names.named(speaker) == agency:
        speaker = ""
    return agency, speaker


def _given_to(first: Front, names: Register) -> str:
    """The authority to which an undertaking is given."""
    given = {found.end() for found in _GIVEN_TO.finditer(first.head)}
    return next((one.key for one in names.mentions(first.head) if one.start in given), "")


def _of_party(
    first: Front, kind: Kind, parties: list[str], court: str, names: Register
) -> tuple[str, str]:
    if kind.name == "letter":
        agency = agency_of(first, "", names, letter=True)
        return (
            (agency, "")
            if agency
            else ("", speaker_of(first, kind.name, kind.voice, "", parties, court, names))
        )
    heading = first.lines[kind.heading].text if kind.heading >= 0 else first.title
    speaker = speaker_of(first, kind.name, kind.voice, heading, parties, court, names)
    agency = names.named(speaker) if speaker else ""
    if agency:
        return agency, ""
    other = [name for name in parties if name != speaker]
    sides = len(parties) == 2 and kind.name != "amicus_brief"
    against = names.named(other[0]) if sides and other else ""
    if not against and kind.name in ("undertaking", "undertaking_offer"):
        against = _given_to(first, names)
    return (against, speaker) if speaker else ("", "")
