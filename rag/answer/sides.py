"""The sides of a question ("what do the SEC and Acme say …") that no claim quotes."""

import re
from collections.abc import Iterable, Sequence


def missing_sides(sides: Sequence[str], speakers: Iterable[str | None]) -> tuple[str, ...]:
    """For each of ``sides`` that is not among ``speakers``: "no quote is the word of the SEC"."""
    heard = [speaker.casefold() for speaker in speakers if speaker]
    return tuple(f"no quote is the word of {side}" for side in sides if not _is_among(side, heard))


def _is_among(side: str, speakers: Iterable[str]) -> bool:
    """Whether the side is among the speakers. "Goldman" is enough for "Goldman Sachs"."""
    name = re.sub(r"^the ", "", side, flags=re.IGNORECASE).casefold()
    return any(name in speaker or speaker in name for speaker in speakers)
