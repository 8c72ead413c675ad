"""A language model writes a summary beside the claims. Each sentence is checked before it shows."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from rag.answer.checks import ruling
from rag.answer.model_reply import ReplyReader, Written
from rag.answer.sent import INSTRUCTION, Sent, sent
from rag.errors import CutReplyError, GeneratorError, LateReplyError
from rag.models.generator import Generator
from rag.types import (
    Answer,
    Claim,
    Question,
    Summary,
    SummarySentence,
    SummaryState,
    WithheldSentence,
)

_LONGEST = 600
"""Characters of a sentence, at most."""
_MOST_SHOWN, _MOST_READ = 8, 24
"""Sentences of a reply that are shown, and that are read, at most."""
_CONTRADICTS = frozenset({"denied", "dismissed"})


def summary(
    question: Question,
    answer: Answer,
    generator: Generator,
    *,
    on_sentence: Callable[[Summary], None] = lambda summary: None,
    waiting: Callable[[], None] = lambda: None,
) -> Summary:
    """The summary of ``answer`` in the words of a language model. The answer is not changed.

    Parameters
    ----------
    on_sentence
        Called with the summary so far after each sentence that is shown. What was shown stays.
    waiting
        Called often while the model works. An exception that it raises ends the request.
    """
    given = sent(question, answer)
    began = time.monotonic()
    draft = _Draft(question, answer, given)
    summary = Summary("none", generator.model, generator.host, given.sha256)

    def so_far(state: SummaryState, reason: str = "") -> Summary:
        return replace(
            summary,
            state=state,
            reason=reason,
            seconds=round(time.monotonic() - began, 3),
            sentences=tuple(draft.shown),
            withheld=tuple(draft.withheld),
            added=tuple(draft.added),
            omitted=draft.omitted() if draft.shown else (),
        )

    state: SummaryState | None = None
    reason = ""
    reader = ReplyReader()
    pieces = generator.stream(INSTRUCTION, given.material, waiting=waiting)
    try:
        for piece in pieces:
            for written in reader.feed(piece):
                if draft.add(written):
                    on_sentence(so_far("shown"))
            if draft.full:
                break
    except CutReplyError as error:
        reason = str(error)
    except LateReplyError as error:
        state, reason = "late", str(error)
    except GeneratorError as error:
        state, reason = "failed", str(error)
    finally:
        pieces.close()  # type: ignore[attr-defined]
    for written in reader.close(cut=bool(reason)):
        draft.add(written)
    if state is None and not draft.shown and not draft.withheld:
        state, reason = "failed", reason or "the language model replied without a sentence."
    if state is None:
        state = "shown" if draft.shown else "none"
        if not draft.shown:
            reason = reason or "no sentence of the language model passed the checks."
    return so_far(state, reason)


@dataclass(slots=True)
class _Draft:
    """The sentences of a reply so far."""

    question: Question
    answer: Answer
    given: Sent
    shown: list[SummarySentence] = field(default_factory=list)
    withheld: list[WithheldSentence] = field(default_factory=list)
    added: list[Claim] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether nothing more is read."""
        read = len(self.shown) + len(self.withheld)
        return len(self.shown) >= _MOST_SHOWN or read >= _MOST_READ

    def add(self, written: Written) -> bool:
        """Check a sentence and keep it; whether it is shown."""
        if self.full:
            return False
        excerpts = self.given.excerpts
        claims = [excerpts[n - 1] for n in written.cites if 1 <= n <= len(excerpts)]
        mark, why = ruling(written.text, claims, self.question.context or self.question.text)
        if len(claims) < len(written.cites):
            mark, why = None, "it cites a quote that was not sent"
        if len(written.text) > _LONGEST:
            mark, why = None, f"it has more than {_LONGEST} characters"
        if any(written.text == sentence.text for sentence in self.shown):
            mark, why = None, "it repeats a sentence"
        if mark is None:
            known = tuple(n for n in written.cites if n <= len(self.answer.claims))
            self.withheld.append(WithheldSentence(written.text[:_LONGEST], known, why))
            return False
        cites = tuple(dict.fromkeys(self._numbers(claims)))
        self.shown.append(SummarySentence(written.text, cites, mark, why))
        return True

    def omitted(self) -> tuple[int, ...]:
        """The claims that deny or dismiss something and that no sentence cites."""
        cited = {number for sentence in self.shown for number in sentence.cites}
        return tuple(
            number
            for number, claim in enumerate(self.answer.claims, start=1)
            if claim.status in _CONTRADICTS and number not in cited
        )

    def _numbers(self, claims: list[Claim]) -> Iterator[int]:
        """The number of each claim; a further sentence becomes a claim of the summary."""
        for claim in claims:
            if claim in self.answer.claims:
                yield self.answer.claims.index(claim) + 1
                continue
            if claim not in self.added:
                self.added.append(claim)
            yield len(self.answer.claims) + self.added.index(claim) + 1
