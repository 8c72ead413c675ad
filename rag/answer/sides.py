"""Of several sides that are asked about ("what do the SEC and Acme say …"), those nobody quotes."""

import re
from collections.abc import Iterable, Sequence


def unheard_sides(sides: Sequence[str], speakers: Iterable[str | None]) -> tuple[str, ...]:
    """What those of ``sides`` say who are none of ``speakers``, in words: "what the SEC says"."""
    heard = [speaker.casefold() for speaker in speakers if speaker]
    return tuple(f"what {side} says" for side in sides if not _is_among(side, heard))


def _is_among(side: str, speakers: Iterable[str]) -> bool:
    """A short name is enough: "Goldman" for "Goldman Sachs"."""
    name = re.sub(r"^the ", "", side, flags=re.IGNORECASE).casefold()
    return any(name in speaker or speaker in name for speaker in speakers)
