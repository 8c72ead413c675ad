"""What speaks against a sentence of a language model, and the quotes that it is compared with."""

from typing import NamedTuple

from rag.types import Status


class Doubt(NamedTuple):
    """A reason why quotes may not bear a sentence out.

    Attributes
    ----------
    why
        The reason in words, in lower case and without a full stop.
    withhold
        True if the sentence must not be shown; false if it may be shown as unchecked.
    """

    why: str
    withhold: bool


class Quoted(NamedTuple):
    """A quote that a sentence cites.

    Attributes
    ----------
    text
        Its characters.
    status
        Its standing, which is shown beside the sentence; None if none is shown.
    """

    text: str
    status: Status | None = None
