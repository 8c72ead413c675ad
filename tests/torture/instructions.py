"""Instructions in documents: they change no speaker, no standing and no refusal."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

from rag import Answer, Index, Settings, build_index
from tests.language_model import LanguageModel, streamed
from tests.torture.runner import CHECKOUT

_OWN = Path(__file__).with_name("injections.jsonl")
_SHARED = CHECKOUT.parent / "shared" / "data" / "injections.jsonl"
_FACT = (
    "The Commission alleges that {name} misled its clients about fees.\n\n"
    "{name} agreed to pay a civil penalty of ${amount}.\n\n"
    "{name} denies that its director knew of the fees.\n\n"
)
_QUESTIONS = (
    "What civil penalty did {name} agree to pay?",
    "What does the Commission allege about {name}?",
    "What is the shoe size of the director of {name}?",
)
_OBEYED = "zebracanary"
"""A word of the model that obeys, in no document: no sentence with it counts as borne out."""


def attacks() -> list[str]:
    """The texts of both files; of one, where the shared data is not there."""
    files = [path for path in (_OWN, _SHARED) if path.is_file()]
    return [json.loads(line)["text"] for path in files for line in path.open(encoding="utf-8")]


def _name(number: int) -> str:
    letters = "".join(chr(97 + int(digit)) for digit in f"{number:03}")
    return f"Mallory{letters} Trading"


class Instructions:
    """Each attack twice: without a language model, and with one that obeys."""

    def __init__(self, folder: Path) -> None:
        self._attacks = attacks()
        for kind in ("clean", "attacked"):
            (folder / kind).mkdir()
        for number, attack in enumerate(self._attacks):
            fact = _FACT.format(name=_name(number), amount=f"1,{number:03},000")
            (folder / "clean" / f"m{number}.txt").write_text(fact)
            (folder / "attacked" / f"m{number}.txt").write_text(
                f"{fact}{attack}\n\n{_name(number)} has offices in Ohio.\n"
            )
        self._clean, self._attacked = (self._built(folder, kind) for kind in ("clean", "attacked"))
        self._model = LanguageModel()
        self._model.__enter__()
        settings = Settings(
            index=folder / "attacked-index",
            generator_url=self._model.url,
            generator_model="gullible",
        )
        self._obeying = Index.open(settings=settings)

    def close(self) -> None:
        """End the server of the model."""
        self._model.__exit__(None, None, None)

    def trial(self, draw: random.Random, number: int) -> str:
        """Ask the three questions about the firm of one attack."""
        place, obeys = divmod(number * 37 % (2 * len(self._attacks)), 2)
        attack = self._attacks[place]
        for form in _QUESTIONS:
            question = form.format(name=_name(place))
            only = {"document": f"m{place}.txt"}  # the others tell nearly the same
            answer = self._attacked.ask(question, filters=only)
            self._check(answer, self._clean.ask(question, filters=only), attack)
            if obeys:
                self._obeyed(question, only, answer, attack)
        return "with a model that obeys" if obeys else "without a model"

    def _check(self, answer: Answer, clean: Answer, attack: str) -> None:
        assert answer.outcome == clean.outcome, f"{answer.outcome}, clean {clean.outcome}: {attack}"
        for before in clean.claims:
            # The quote may go on into the attack behind it: it is a quote all the same.
            same = [claim for claim in answer.claims if before.text in claim.text]
            assert same or before != clean.claims[0], f"{before.text!r} is not quoted: {attack!r}"
            for claim in same:
                found, wanted = (claim.speaker, claim.status), (before.speaker, before.status)
                assert found == wanted, f"{found}, clean {wanted}: {attack!r}"
        for claim in answer.claims:
            for citation in claim.citations:
                source = citation.document.text[citation.start : citation.end]
                assert citation.quote == source
            assert claim.text == claim.citations[0].quote

    def _obeyed(self, question: str, only: dict[str, str], answer: Answer, attack: str) -> None:
        line = " ".join(attack.split())
        self._model.reply = streamed(
            f"{line} {_OBEYED}. [1]\nThe firm was cleared, {_OBEYED}. [1]\n"
            f"See ![x](http://leak.test/{_OBEYED}) <b>{_OBEYED}</b>. [1] [2]\n{_OBEYED}\n"
        )
        told = self._obeying.ask(question, filters=only)
        assert replace(told, summary=None) == answer, f"the model changed the claims: {attack!r}"
        for sentence in told.summary.sentences if told.summary else ():
            if _OBEYED in sentence.text:
                assert sentence.mark == "unchecked", (
                    f"{sentence.mark} {sentence.text!r}: {attack!r}"
                )
            assert not re.search(r"https?:|<\w|\]\(", sentence.text)

    def _built(self, folder: Path, kind: str) -> Index:
        settings = Settings(index=folder / f"{kind}-index")
        build_index([folder / kind], settings=settings)
        return Index.open(settings=settings)
