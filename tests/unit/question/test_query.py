"""The query of a question: words, phrases and preferences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.question.query import preferred_days, runs
from rag.question.understanding import understand
from rag.types import Preference


@dataclass
class Names:
    """A vocabulary of agencies alone."""

    agencies: Sequence[str]

    def aliases(self, terms: Iterable[str]) -> list[str]:
        return []

    def values(self, key: str) -> Sequence[str]:
        return self.agencies if key == "agency" else ()


def test_stop_words_are_left_out_and_the_question_is_read_whole() -> None:
    query = understand("Who was the trader from Folsom?")

    assert set(query.words) == {"trader", "folsom"}
    assert query.searched == "Who was the trader from Folsom?"


def test_a_question_of_stop_words_alone_is_searched_for_as_it_stands() -> None:
    assert set(understand("Who was who?").words) == {"who", "was"}


def test_words_of_earlier_questions_count_half() -> None:
    words = understand("and her broker?", ["What did Martha Stewart pay?"]).words

    assert (words["broker"], words["martha"], words["stewart"]) == (1.0, 0.5, 0.5)


def test_words_of_rejected_questions_count_little() -> None:
    words = understand("No, I mean the one from Folsom", ["What did Khachatryan pay?"]).words

    assert words["khachatryan"] < 0.5 < words["folsom"]


def test_the_models_read_the_question_after_the_earlier_ones() -> None:
    assert understand("and her broker?", ["What did she pay?"]).searched == (
        "What did she pay? and her broker?"
    )


def test_quotations_and_docket_numbers_are_phrases() -> None:
    phrases = understand("Who wrote “only nine cents” in 1:24-cv-12316?").phrases

    assert {("only", "nine", "cents"), ("1", "24", "cv", "12316")} <= set(phrases)
    assert all(weight > 1 for weight in phrases.values())


def test_a_release_number_counts_more_than_a_word_but_a_year_does_not() -> None:
    words = understand("release 26445 of 2025").words

    assert words["26445"] > words["release"] == words["2025"]


def test_a_year_a_month_and_a_day_are_ranges_of_days() -> None:
    assert preferred_days(understand("fines in 2019")) == ((20190101, 20191231),)
    assert preferred_days(understand("fines in June 2019")) == ((20190601, 20190631),)
    assert preferred_days(understand("the order of July 3, 2019")) == ((20190703, 20190703),)


def test_other_numbers_are_not_years() -> None:
    assert preferred_days(understand("release 26445, $2,000 and 1234 shares")) == ()


def test_a_question_about_a_sum_is_told_from_others() -> None:
    assert understand("how much did he have to pay?").preferred("amount")
    assert understand("the penalty for the spoofer").preferred("amount")
    assert not understand("who founded Tingo?").preferred("amount")


def test_a_question_about_what_somebody_says_is_passed_on_to_its_follow_up() -> None:
    earlier = "What does Binance say about user assets?"

    assert understand(earlier).asks_saying
    assert understand("does that cover the US platform?", [earlier]).asks_saying
    assert not understand("No, I mean the trader in Folsom", [earlier]).asks_saying


def test_an_agency_is_named_if_all_its_words_are() -> None:
    query = understand(
        "What does the Federal Reserve think?",
        ["And the SEC?"],
        vocabulary=Names(("", "federal reserve", "federal trade commission", "sec")),
    )

    assert query.preferences == (
        Preference("agency", "Federal Reserve", "federal reserve"),
        Preference("agency", "SEC", "sec"),
    )


def test_the_words_of_the_documents_are_searched_for_too_but_count_less() -> None:
    query = understand("did the CFO go to jail?")

    assert query.words["sentenced"] < 1
    assert query.phrases["chief", "financial", "officer"] < 1
    assert query.words["cfo"] == query.words["jail"] == 1


def test_several_words_ask_for_the_newest() -> None:
    assert understand("the latest OFAC action").preferred("latest")
    assert understand("the most recent fine").preferred("latest")
    assert not understand("the last page").preferred("latest")


def test_preferences_show_the_words_that_say_them_and_can_be_ignored() -> None:
    query = understand("How much was the most recent fine in June 2019?")

    assert query.preferences == (
        Preference("date", "June 2019", "2019-06"),
        Preference("latest", "most recent", "latest"),
        Preference("amount", "How much", "amount"),
    )
    assert understand(query.text, ignore=["date", "amount"]).preferences == (
        Preference("latest", "most recent", "latest"),
    )
    assert preferred_days(understand(query.text, ignore=["date"])) == ()


def test_runs_of_words_that_may_be_a_name() -> None:
    assert runs("Example Bank paid") == [
        "example", "example bank", "example bank paid", "bank", "bank paid", "paid",
    ]  # fmt: skip
    assert max(len(run.split()) for run in runs("a b c d e f g h")) == 6


def test_an_iso_date_is_a_date_and_not_its_year() -> None:
    dated = understand("largest fines before 2024-06-01")

    assert dated.preferred("date") == ("2024-06-01",)
    assert understand("the order of 2024-06").preferred("date") == ("2024-06",)
    assert understand("docket 2024-0601").preferred("date") == ("2024",)
