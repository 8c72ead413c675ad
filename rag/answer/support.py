"""Support: how probably quotes bear a sentence out, read by a model."""

from collections.abc import Sequence

CHECKED_FROM = 0.5
"""A sentence of at least this probability is checked."""
WITHHELD_BELOW = 0.1
"""A sentence of a lower probability is not shown."""


def support(quotes: Sequence[str], text: str) -> float | None:
    """The probability, 0 to 1, that ``quotes`` together bear ``text`` out; None if none is known.

    No model has been taught to tell it. Until one is, no sentence is marked as checked unless it
    is a quotation.
    """
    return None
