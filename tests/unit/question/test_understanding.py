"""Understanding: one frozen record holds all that is parsed from a question."""

from collections.abc import Iterable, Sequence
from dataclasses import FrozenInstanceError, dataclass

import pytest

from rag.question.understanding import understand


@dataclass
class Index:
    """What an index knows of names."""

    names: dict[str, str]
    agencies: Sequence[str] = ()
    speakers: Sequence[str] = ()

    def aliases(self, terms: Iterable[str]) -> list[str]:
        return [self.names[term] for term in terms if term in self.names]

    def values(self, key: str) -> Sequence[str]:
        return {"agency": self.agencies, "speaker": self.speakers}.get(key, ())


def test_a_question_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        understand("Who paid?").text = "Who did not?"  # type: ignore[misc]


def test_abbreviations_of_the_index_are_searched_for_too() -> None:
    index = Index({"cz": "changpeng zhao"})

    assert understand("What did CZ say?", vocabulary=index).phrases["changpeng", "zhao"] < 1
    without = understand("What did CZ say?", vocabulary=index, abbreviations=False)
    assert without.phrases == {}


def test_a_speaker_is_preferred_only_if_statements_are_asked_for() -> None:
    index = Index({}, speakers=("acme",))

    assert understand("What does Acme say?", vocabulary=index).preferred("speaker") == ("acme",)
    assert understand("Who owns Acme?", vocabulary=index).preferred("speaker") == ()


def test_an_ignored_kind_of_preference_is_left_out_everywhere() -> None:
    index = Index({}, agencies=("ofac",))
    question = understand("largest OFAC fines in 2019", vocabulary=index, ignore=["agency"])

    assert question.preferred("agency") == ()
    assert question.preferred("date") == ("2019",)
    assert question.sums is not None
    assert question.sums.agencies == ()
    assert question.sums.days == (("2019", "2019~"),)


def test_each_part_holds_the_names_of_the_whole_and_its_own_kind_of_answer() -> None:
    question = understand("Who sued Acme and how much did it pay?")

    assert [part.answer_types for part in question.parts] == [("person",), ("amount",)]
    assert [part.names for part in question.parts] == [("Acme",), ("Acme",)]
    assert question.parts[1].context == "Acme: how much did it pay"


def test_the_sides_whose_statements_are_asked_for_are_named() -> None:
    assert understand("What do the SEC and Acme say?").sides == ("the SEC", "Acme")
    assert understand("What does Acme say?").sides == ()


def test_a_greeting_before_a_question_tells_nothing_about_it() -> None:
    question = understand("Who fined it?", ["How much was Acme fined?", "thanks!"])

    assert question.history == ("How much was Acme fined?",)
    assert "thanks" not in question.searched
