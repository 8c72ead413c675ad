"""A conversation as data: its turns, and the places in documents that an answer cites."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of one document that can be opened beside the answer.

    ``label`` is the number on its button: ``3``, or ``3b`` for the second citation of a claim.
    """

    doc_id: str
    start: int
    end: int
    quote: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer or its error; with neither, the answer was stopped.

    Attributes
    ----------
    question
        The question as typed.
    asked_at
        Local time of the question, ISO 8601.
    filters
        The filters in force, as `rag.Index.ask` takes them.
    seconds
        The time from the question to the answer.
    answer
        The answer, as `rag.Answer.to_dict` gives it.
    error
        Why there is no answer, in words.
    history
        The earlier questions that this one continues; empty if it is asked ``alone``.
    alone
        True if the reader asked without the earlier questions.
    ignored
        The kinds of `rag.Preference` that the reader has switched off.
    reading
        Names of the new files that a build was reading at the time of the question.
    next_questions
        Questions to ask next, each with an answer in the index.
    marks
        For the number of a claim, from ``"1"``, its ``star`` (a boolean) and its ``note`` (a text).
    id
        The same for a question and its answer, and for a question that is asked again.
    """

    question: str
    asked_at: str
    filters: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    answer: Mapping[str, Any] | None = None
    error: str = ""
    history: Sequence[str] = ()
    alone: bool = False
    ignored: Sequence[str] = ()
    reading: Sequence[str] = ()
    next_questions: Sequence[str] = ()
    marks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    id: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    def mark(self, number: int) -> dict[str, Any]:
        """The star and the note of a claim."""
        return {"star": False, "note": "", **self.marks.get(str(number), {})}

    @property
    def table(self) -> Mapping[str, Any] | None:
        """The table of sums, as `rag.SumsTable.to_dict` gives it; None without one."""
        return self.answer.get("table") if self.answer else None

    @property
    def table_answers(self) -> bool:
        """True if there is a table of sums and it has rows."""
        return bool(self.table and self.table["rows"])

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts of the question that the documents do not answer."""
        return tuple(self.answer["missing"]) if self.answer else ()

    @property
    def added(self) -> tuple[Mapping[str, Any], ...]:
        """The claims that only the summary of a language model cites."""
        summary = self.answer.get("summary") if self.answer else None
        return tuple(summary["added"]) if summary else ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Every citation in the order of their buttons; those of the summary alone last."""
        claims = (*self.answer["claims"], *self.added) if self.answer else ()
        return tuple(
            place_of(citation, label=f"{number}{'' if i == 0 else chr(ord('a') + i)}")
            for number, claim in enumerate(claims, start=1)
            for i, citation in enumerate(claim["citations"])
        )

    @property
    def nearest(self) -> tuple[Place, ...]:
        """The passages that were read, best first."""
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
