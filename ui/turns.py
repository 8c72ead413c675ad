"""A conversation as data: its turns, and the places in documents that an answer cites."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of one document that can be opened beside the answer.

    ``label`` is the number of its marker (``3``, or ``3b`` for a claim's second citation).
    """

    doc_id: str
    start: int
    end: int
    quote: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with what came of it: an answer (as `rag.Answer.to_dict`) or an error.

    With neither, it was stopped before the answer was there. ``seconds`` is the time it took,
    ``asked`` the local time of asking in ISO 8601, ``after`` the earlier questions it was
    understood with; none if it was asked ``alone``. ``ignored`` are the kinds of `rag.Preference`
    that the reader has switched off.
    """

    question: str
    asked: str
    filters: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    answer: Mapping[str, Any] | None = None
    error: str = ""
    after: Sequence[str] = ()
    alone: bool = False
    ignored: Sequence[str] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @property
    def table(self) -> Mapping[str, Any] | None:
        """The sums over many documents, as `rag.SumsTable.to_dict`, where they are asked for."""
        return self.answer.get("table") if self.answer else None

    @property
    def in_table(self) -> bool:
        """Whether a table of sums answers the question."""
        return bool(self.table and self.table["rows"])

    @property
    def missing(self) -> tuple[str, ...]:
        """What the documents do not say of what was asked."""
        return tuple(self.answer["missing"]) if self.answer else ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Every citation of the answer, in the order of the markers."""
        claims = self.answer["claims"] if self.answer else ()
        return tuple(
            place_of(citation, label=f"{number}{'' if i == 0 else chr(ord('a') + i)}")
            for number, claim in enumerate(claims, start=1)
            for i, citation in enumerate(claim["citations"])
        )

    @property
    def nearest(self) -> tuple[Place, ...]:
        """The nearest passages of an answer that found nothing."""
        hits = self.answer["hits"] if self.answer else ()
        return tuple(place_of_hit(hit) for hit in hits)


def place_of(citation: Mapping[str, Any], *, label: str) -> Place:
    """The place of a citation as `rag.Citation.to_dict` gives it."""
    return Place(
        doc_id=citation["document"]["doc_id"],
        start=citation["start"],
        end=citation["end"],
        quote=citation["quote"],
        label=label,
    )


def place_of_hit(hit: Mapping[str, Any]) -> Place:
    """The place of a hit as `rag.Hit.to_dict` gives it."""
    passage = hit["passage"]
    return Place(
        doc_id=passage["document"]["doc_id"],
        start=passage["start"],
        end=passage["end"],
        quote=passage["text"],
        label=str(hit["rank"]),
    )
