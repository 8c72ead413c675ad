"""Of two sides that are asked about ("what do the SEC and Acme say …"), the one nobody quotes."""

import re
from collections.abc import Iterable

_SIDES = re.compile(
    r"\b(?:do|did) (?P<sides>[^?,;:]+?) (?:each |both |either )?(?:say|state|claim|think|argue|"
    r"respond|answer)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s+(?:and|or)\s+", re.IGNORECASE)


def unheard_sides(question: str, speakers: Iterable[str | None]) -> tuple[str, ...]:
    """What the sides say that the question asks about and that is said by none of ``speakers``.

    In words, as "what the SEC says"; empty where the question asks for less than two sides.
    """
    asked = _SIDES.search(question)
    sides = _BETWEEN.split(asked["sides"]) if asked else []
    if len(sides) < 2:
        return ()
    heard = [speaker.casefold() for speaker in speakers if speaker]
    return tuple(f"what {side} says" for side in sides if not _is_among(side, heard))


def _is_among(side: str, speakers: Iterable[str]) -> bool:
    """A short name is enough: "Goldman" for "Goldman Sachs"."""
    name = re.sub(r"^the ", "", side, flags=re.IGNORECASE).casefold()
    return any(name in speaker or speaker in name for speaker in speakers)
