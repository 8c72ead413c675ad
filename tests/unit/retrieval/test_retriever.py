"""The read path over a small index of real sentences, with the real models."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.api import Index
from rag.config import Settings
from rag.ingest import build_index
from rag.models.cross_encoder import Reading
from rag.question.filters import Filters
from rag.question.understanding import understand
from rag.retrieval import retriever
from rag.retrieval.retriever import STAGES, Retriever
from rag.types import Citation, Claim, Hit, Question

ROWS = [
    {
        "id": "spoofer",
        "title": "SEC Obtains Judgment Against Options Spoofer",
        "agency": "SEC",
        "date": "2023-05-01",
        "text": "Litigation Release No. 25711. The Securities and Exchange Commission obtained a "
        "judgment against Jane Cole of Folsom, California.\n\nCole placed orders she meant to "
        "cancel.\n\nShe was ordered to pay disgorgement of $373,885.\n\n"
        "Without admitting or denying the allegations, Cole consented to the judgment.",
    },
    {
        "id": "bank-2014",
        "title": "Example Bank N.A.",
        "agency": "OFAC",
        "date": "2014-03-01",
        "text": "Example Bank N.A. agreed to remit $1,000 to settle apparent violations of the "
        "Cuban regulations.",
    },
    {
        "id": "bank-2019",
        "title": "Example Bank N.A.",
        "agency": "OFAC",
        "date": "2019-03-01",
        "text": "Example Bank N.A. agreed to remit $2,000 to settle apparent violations of the "
        "Iranian regulations.",
    },
    {
        "id": "kettle-ofac",
        "title": "Kettle Freight Ltd. Settles",
        "agency": "OFAC",
        "date": "2016-02-01",
        "text": "Kettle Freight Ltd. will remit $7,000 for its freight to embargoed ports.",
    },
    {
        "id": "kettle-sec",
        "title": "SEC v. Kettle Freight Ltd.",
        "agency": "SEC",
        "date": "2016-03-01",
        "text": "A court ordered Kettle Freight to pay a penalty of $8,000 for its accounts.",
    },
    {
        "id": "answer",
        "title": "On the charges",
        "date": "2019-04-01",
        "speaker": "Acme",
        "text": "We reject the complaint. All assets of our users are safe.",
    },
    {
        "id": "glossary",
        "title": "Names",
        "date": "2001",
        "text": "Among others, Example Bank N.A. (EBNA) is a bank; others are known by initials.",
    },
    {
        "id": "complaint",
        "title": "SEC v. Acme",
        "agency": "SEC",
        "date": "2019-03-30",
        "text": "The complaint alleges that Acme put the assets of its users at risk, and that "
        "Acme said that assets of users were safe, while users of Acme lost assets.",
    },
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("retriever")
    export = folder / "export.jsonl"
    export.write_text("\n".join(json.dumps(row) for row in ROWS))
    settings = Settings(index=folder / "index", passage_size=150)
    build_index([export], settings=settings)
    return Index.open(folder / "index", settings=settings)


def first(index: Index, question: str, **options: object) -> str:
    """Id of the document of the best passage."""
    return index.retrieve(question, 1, **options)[0].passage.document.doc_id  # type: ignore[arg-type]


def test_ranks_count_from_one_and_scores_fall(index: Index) -> None:
    hits = index.retrieve("Who was the spoofer from Folsom?", 5)

    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].passage.document.doc_id == "spoofer"
    assert hits[0].ranks["rerank"] >= 1


def test_a_passage_in_other_words_than_the_question_comes_with_its_document(index: Index) -> None:
    hits = index.retrieve("How did the spoofer end the case?", 4)

    assert any("consented" in hit.passage.text for hit in hits)


@pytest.mark.parametrize("year", ["2014", "2019"])
def test_the_year_in_a_question_decides_between_similar_documents(index: Index, year: str) -> None:
    assert first(index, f"What did Example Bank pay in {year}?") == f"bank-{year}"


def test_a_preference_is_shown_and_can_be_ignored(index: Index) -> None:
    question = "What did the latest SEC settlement of Example Bank cost?"

    preferences = index.ask(question).searched.preferences
    (kept,) = index.ask(question, ignore=["latest", "amount"]).searched.preferences

    assert {item.kind: item.said for item in preferences} == {
        "latest": "latest",
        "amount": "settlement",
        "agency": "SEC",
    }
    assert (kept.kind, kept.value) == ("agency", "sec")
    by_default, ignoring = (
        {h.passage.document.doc_id: h.score for h in index.retrieve(question, 9, ignore=ignored)}
        for ignored in ((), ("latest",))
    )
    assert by_default["bank-2019"] > ignoring["bank-2019"]


def test_the_newest_is_preferred_when_it_is_asked_for(index: Index) -> None:
    assert first(index, "What did Example Bank pay in its latest settlement?") == "bank-2019"


@pytest.mark.parametrize("question", ["What did {} and {} make it pay?", "{} or {}?"])
@pytest.mark.parametrize("agencies", [("OFAC", "SEC"), ("sanctions regulator", "SEC")])
def test_each_of_two_named_agencies_gets_hits_in_turn(
    index: Index, question: str, agencies: tuple[str, str]
) -> None:
    hits = index.retrieve(f"Kettle Freight: {question.format(*agencies)}", 2)

    assert {hit.passage.document.metadata["agency"] for hit in hits} == {"OFAC", "SEC"}
    assert hits[0].score >= hits[1].score


def test_an_agency_without_matching_documents_gets_no_turn(index: Index) -> None:
    hits = index.retrieve("Did the SEC or OFAC obtain a judgment against the spoofer of Folsom?", 2)

    assert {hit.passage.document.doc_id for hit in hits} == {"spoofer"}


def test_a_question_about_a_speakers_words_prefers_their_own_text(index: Index) -> None:
    question = "What does Acme say about the assets of users?"

    assert first(index, question) == "answer"
    assert first(index, question, stages=("lexical",)) == "complaint"


def test_a_sum_is_answered_with_a_passage_that_has_one(index: Index) -> None:
    (hit,) = index.retrieve("How much did the spoofer have to pay?", 1)

    assert "$373,885" in hit.passage.text


def test_a_follow_up_finds_the_document_of_the_earlier_question(index: Index) -> None:
    assert first(index, "how much was it?", history=["Which trader was from Folsom?"]) == "spoofer"


class Listening:
    """A reranker that keeps what it is given to read, and likes what names a sum."""

    def __init__(self) -> None:
        self.given: list[tuple[str, str]] = []

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        self.given += [(question, text) for text in texts]
        logits = np.array([11.0 if "$373,885." in text[-10:] else -11.0 for text in texts], "f4")
        return Reading(relevance=logits, answers=logits, bears=logits)


def test_the_reranker_reads_whole_passages_then_the_sentences_of_the_first_ones(
    index: Index,
) -> None:
    listening = Listening()
    retriever = Retriever(index._build, None, listening)

    question = retriever.understand("how much was it?", ["Which trader was from Folsom?"])
    listening.given.clear()  # the earlier question was asked again
    hits = retriever.retrieve(question, k=9, filters=Filters())

    assert {question for question, _ in listening.given} == {"how much was it?"}
    title = "SEC Obtains Judgment Against Options Spoofer."
    texts = [text for _, text in listening.given]
    whole, sentence = (
        texts.index(
            f"{title} Cole placed orders she meant to cancel. She was ordered to pay "
            "disgorgement of $373,885."
        ),
        texts.index(f"{title} She was ordered to pay disgorgement of $373,885."),
    )
    assert whole < sentence
    assert hits[0].ranks["rerank"] == 1


class Slow(Listening):
    """A reranker on a machine so busy that each reading takes an hour of the clock."""

    hours = 0

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        self.hours += 1
        return super().read(question, texts)


def test_a_busy_machine_finds_the_same(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(reranker: Slow) -> list[Hit]:
        retriever = Retriever(index._build, None, reranker)
        question = retriever.understand("Which trader from Folsom paid how much?")
        return retriever.retrieve(question, k=9, filters=Filters())

    quiet, busy = Slow(), Slow()
    hits = found(quiet)
    for clock in ("monotonic", "time", "perf_counter"):
        monkeypatch.setattr(time, clock, lambda: 3600.0 * busy.hours)

    assert found(busy) == hits
    assert busy.given == quiet.given


def test_a_short_form_is_known_from_the_documents_that_define_it(index: Index) -> None:
    def found(*stages: str) -> set[str]:
        return {hit.passage.document.doc_id for hit in index.retrieve("EBNA", 9, stages=stages)}

    assert found("lexical") == {"glossary"}
    assert found("lexical", "aliases") == {"glossary", "bank-2014", "bank-2019"}


def test_a_name_off_by_a_letter_still_finds_its_document(index: Index) -> None:
    assert first(index, "the trader from Folsem") == "spoofer"


def test_documents_of_one_passage_are_ranked_as_passages_alone(index: Index) -> None:
    def ranks(*stages: str) -> list[str]:
        hits = index.retrieve("Example Bank and the Cuban regulations", 9, stages=stages)
        return [hit.passage.document.doc_id for hit in hits]

    assert ranks("lexical", "documents") == ranks("lexical")


def test_filters_hold_in_every_stage(index: Index) -> None:
    for stages in (None, ("lexical",), ("dense",), ("documents",)):
        hits = index.retrieve("spoofer", 9, {"agency": "OFAC"}, stages=stages)

        assert {hit.passage.document.metadata["agency"] for hit in hits} <= {"OFAC"}


@pytest.mark.parametrize("stage", ["lexical", "dense", "documents"])
def test_each_stage_finds_passages_alone(index: Index, stage: str) -> None:
    assert first(index, "trader from Folsom, California", stages=(stage,)) == "spoofer"


def test_without_the_reranker_nothing_is_reranked(index: Index, tmp_path: Path) -> None:
    hits = index.retrieve("Folsom", 3, stages=("lexical", "documents", "dense"))

    assert all("rerank" not in hit.ranks for hit in hits)


BANKS = [
    {
        "id": f"bank-{place}",
        "title": f"{name} Bank",
        "text": f"{name} Bank settled in {place}. It had sent money abroad.\n\n"
        "The penalty was paid in May. The bank had not told the agency of it.",
    }
    for place, name in (("reno", "Ash"), ("elko", "Birch"), ("ely", "Cedar"))
]


@pytest.fixture(scope="module")
def banks(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Three banks in the same words; two releases of another matter have one case number."""
    folder = tmp_path_factory.mktemp("banks")
    export = folder / "export.jsonl"
    case = "Civil Action No. 05-12268-RCL (D. Mass)."
    rows = [
        *BANKS,
        {"id": "seized", "title": "Seized", "text": f"{case} Rowe sold notes to settlers in Lund."},
        {"id": "jailed", "title": "Jailed", "text": f"{case} He must go to jail for a year."},
        {"id": "others", "title": "Others", "text": "He must go to jail for a year or two."},
    ]
    export.write_text("\n".join(json.dumps(row) for row in rows))
    settings = Settings(index=folder / "index", passage_size=150, rerank=False)
    build_index([export], settings=settings)
    return Index.open(folder / "index", settings=settings)


EARLIER = ["What did the bank in Elko settle?"]


def test_a_follow_up_is_about_what_the_earlier_question_found(banks: Index) -> None:
    question = "Had it told the agency?"

    lexical = {"stages": ("history", "focus", "lexical", "preferences")}
    assert first(banks, question, **lexical) == "bank-reno"
    assert first(banks, question, history=EARLIER, **lexical) == "bank-elko"
    (chip,) = {item.said for item in banks.understand(question, EARLIER).preferences}
    assert chip == "Birch Bank"


def test_what_others_asked_before_changes_no_follow_up(banks: Index) -> None:
    def fresh() -> Retriever:
        return Retriever(banks._build, None)

    follow_up, earlier = "Had it told the agency?", "What did the banks in Elko or Reno settle?"
    alone = fresh().understand(follow_up, [earlier])
    retriever = fresh()
    for k in (6, 7, 9):
        for question in (
            retriever.understand(earlier),
            retriever.understand(earlier, ignore=["date", "focus", "speaker", "amount"]),
            replace(retriever.understand(earlier), words={"cedar": 1.0}),  # another conversation
        ):
            retriever.retrieve(question, k=k, filters=Filters())

    assert retriever.understand(follow_up, [earlier]) == alone


def test_fewer_hits_are_the_first_of_more(parties: Index) -> None:
    for question in (QUESTIONS_OF_PARTIES[0], "What did the mill know?"):
        many = parties.retrieve(question, 12)

        for k in range(1, 12):
            assert parties.retrieve(question, k) == many[:k]


def test_the_focus_can_be_switched_off(banks: Index) -> None:
    asked = banks.understand("Had it told the agency?", EARLIER, ignore=["focus"])

    assert asked.preferences == ()
    assert asked.focus == {}


def test_each_question_of_a_long_conversation_is_understood_once(
    banks: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    understood: list[str] = []

    def counted(text: str, *rest: object, **options: object) -> Question:
        understood.append(text)
        return understand(text, *rest, **options)

    monkeypatch.setattr(retriever, "understand", counted)
    earlier = [f"What did Example Bank pay in {year}?" for year in range(2001, 2021)]

    banks.understand("And why?", earlier)

    assert sorted(understood) == sorted([*earlier, "And why?"])


def test_the_focus_is_what_an_earlier_answer_cites(banks: Index) -> None:
    answer = replace(
        banks.ask("bank in Ely"),
        claims=(Claim("x", (Citation(banks.document("bank-ely"), 0, 1, "C"),), None, "stated"),),
    )

    asked = banks.understand("Had it told the agency?", [answer])

    assert asked.history == ("bank in Ely",)
    assert dict(asked.focus) == {"bank-ely": 1.0}
    assert first(banks, "Had it told the agency?", history=[answer]) == "bank-ely"


def test_a_refusal_in_between_changes_no_focus(banks: Index) -> None:
    answer = replace(
        banks.ask("bank in Ely"),
        claims=(Claim("x", (Citation(banks.document("bank-ely"), 0, 1, "C"),), None, "stated"),),
    )
    refusal = replace(answer, question="Who owns it?", outcome="not_found", claims=())

    asked = banks.understand("Had it told the agency?", [answer, refusal])

    assert dict(asked.focus) == {"bank-ely": 1.0}


@pytest.mark.parametrize(
    ("question", "stays"),
    [
        ("Had it told the agency?", True),
        ("When was the penalty paid?", True),
        ("And what about Birch Bank?", True),
        ("And when did Rowe go?", False),
        ("Does Rowe know them?", True),
        ("And Rowe, what did it sell?", False),
        ("No, I mean the other one.", False),
        ("Instead, which bank paid in May?", False),
        ("And the other two?", True),
    ],
)
def test_a_new_name_or_a_rejection_leaves_the_focus(
    banks: Index, question: str, *, stays: bool
) -> None:
    assert ("bank-elko" in banks.understand(question, EARLIER).focus) is stays


def test_the_focus_takes_in_the_documents_on_the_same_case(banks: Index) -> None:
    history = ["Who sold notes to settlers in Lund?"]

    assert banks.understand("How long must he go to jail?", history).focus["jailed"] == 1.0
    hits = banks.retrieve("How long must he go to jail?", 9, history=history)
    ranked = [hit.passage.document.doc_id for hit in hits]
    assert ranked.index("jailed") < ranked.index("others")


def test_a_question_that_turns_away_is_embedded_alone(banks: Index) -> None:
    assert banks.understand("Instead, who paid?", EARLIER).searched == "Instead, who paid?"


ORDERS = [
    {
        "id": f"order-{year}",
        "title": f"Order on {name}",
        "agency": agency,
        "date": year,
        "text": f"{agency} orders {name} to pay {sum_} as a penalty in settlement.{more}",
    }
    for year, agency, name, sum_, more in (
        ("2021-03-01", "OFAC", "Larch Freight Ltd.", "$900", " Larch Freight Ltd. agreed."),
        ("2022-05-01", "OFAC", "Larch Freight Ltd.", "$500", " The order of 2021 is vacated."),
        ("2024", "OFAC", "Maple Ships Ltd.", "$300", ""),
        ("2024-02-01", "OFAC", "Elder Ships Ltd.", "$200", ""),
        ("2025-01-01", "SEC", "Alder Notes Ltd.", "$100", ""),
    )
]


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("orders")
    export = folder / "export.jsonl"
    export.write_text("\n".join(map(json.dumps, ORDERS)))
    settings = Settings(index=folder / "index", rerank=False)
    build_index([export], settings=settings)
    return Index.open(folder / "index", settings=settings)


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("What is the latest OFAC settlement?", "order-2024-02-01"),
        ("the most recent settlement", "order-2025-01-01"),
        ("What is the current fine of Larch Freight?", "order-2022-05-01"),
        ("Does the penalty of Larch Freight still stand?", "order-2022-05-01"),
        ("What penalty does Larch Freight pay?", "order-2021-03-01"),
    ],
)
def test_the_newest_on_the_matter_comes_first_if_it_is_asked_for(
    orders: Index, question: str, newest: str
) -> None:
    assert first(orders, question) == newest


def test_the_order_that_was_vacated_comes_with_the_one_that_vacates_it(orders: Index) -> None:
    hits = orders.retrieve("What is the current fine of Larch Freight?", 2)

    assert [hit.passage.document.doc_id for hit in hits] == ["order-2022-05-01", "order-2021-03-01"]


def test_the_latest_of_a_conversation_is_the_newest_of_its_documents(orders: Index) -> None:
    history = ["What does Larch Freight pay?"]

    assert first(orders, "and what is the latest?", history=history) == "order-2022-05-01"


PARTIES = [
    *(
        {
            "id": f"larch-{number}",
            "title": "Larch Freight Ltd.",
            "text": f"Larch Freight told the agency about Elder Mills and shipment {number}.",
        }
        for number in range(12)
    ),
    {
        "id": "letter",
        "title": "A letter",
        "speaker": "Elder Mills",
        "text": "We have sent goods abroad since spring, and our clerks knew of each shipment that "
        "went there. " + "Our mill is old, and its wheel turns slowly in the brook. " * 6,
    },
]


@pytest.fixture(scope="module")
def parties(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("parties")
    export = folder / "export.jsonl"
    export.write_text("\n".join(map(json.dumps, PARTIES)))
    settings = Settings(index=folder / "index", rerank=False)
    build_index([export], settings=settings)
    return Index.open(folder / "index", settings=settings)


QUESTIONS_OF_PARTIES = [
    "Larch Freight and Elder Mills on the shipment",
    "Compare what Larch Freight told the agency with the account by Elder Mills",
]


@pytest.mark.parametrize("question", QUESTIONS_OF_PARTIES)
def test_each_party_that_is_compared_has_a_place(parties: Index, question: str) -> None:
    def found(*without: str) -> list[str]:
        stages = [stage for stage in STAGES if stage not in ("copies", "preferences", *without)]
        hits = parties.retrieve(question, 8, stages=stages)
        return [hit.passage.document.doc_id for hit in hits]

    assert "letter" not in found("parties")
    assert found()[0].startswith("larch")
    assert "letter" in found()
    assert [hit.rank for hit in parties.retrieve(question, 9)] == list(range(1, 10))
