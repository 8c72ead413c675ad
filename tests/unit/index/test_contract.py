"""The contract of a store of builds, for an index in a folder and for one in PostgreSQL."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.errors import BusyError, DamagedIndexError, NoIndexError, RagError
from rag.index.diff import Changes, changes
from rag.index.manifest import FORMAT, Manifest
from rag.index.protocols import Build, BuildStore
from rag.index.store import open_store
from rag.question.filters import Filters, parse_filters
from rag.question.understanding import understand
from rag.text.split import split
from rag.types import Document, Passage

DIMENSION = 8
STORES = ("folder", "postgresql")


def _one(doc_id: str, text: str, **metadata: object) -> Document:
    return Document(doc_id, doc_id.title(), text, f"{doc_id}.txt", "0" * 64, metadata)


CORPUS = [
    _one(
        "spoofing",
        "The trader spoofed the options market. The Commodity Exchange Act (CEA) forbids it.\n\n"
        "He paid a penalty of $5 million to the Commission.",
        agency="CFTC",
        type="order",
        date="2019-03-01",
        speaker="Jane Doe",
    ),
    _one(
        "staking",
        "Kraken sold staking services to customers. It did not register the staking program.",
        agency="SEC",
        type="complaint",
        date="2023",
    ),
    _one("cuba", "A bank processed transfers for Cuba.", agency="OFAC", date="2019"),
    _one("undated", "A statement about staking by customers.", agency=["OFAC", "SEC"]),
    _one("glued", "Elm UniversityNew York, NY 10038 Haiti2003 “Travel” ☃ 😀", agency="OFAC"),
    _one("twin", "A bank processed transfers for Cuba.", agency="FCA", date="2021-07"),
]


def vectors_of(count: int, *, seed: int = 1) -> NDArray[np.float32]:
    """Random unit vectors."""
    drawn = np.random.default_rng(seed).standard_normal((count, DIMENSION), dtype=np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def manifest(name: str, **values: object) -> Manifest:
    """A manifest of a build of this name."""
    return Manifest(
        **{
            "format": FORMAT,
            "build": name,
            "created": "2026-01-01T00:00:00+00:00",
            "inputs": "0" * 64,
            "model": "test",
            "fingerprint": "0" * 64,
            "dimension": DIMENSION,
            "passage_size": 100,
            "documents": 0,
            "passages": 0,
            "characters": 0,
            "pages": 0,
            "ocr_pages": 0,
            "duplicates": 0,
            "given": (),
            "sources": {},
            "skipped": (),
            **values,
        }
    )


def write(
    store: BuildStore,
    documents: Sequence[Document],
    name: str = "2026-a",
    *,
    keep: int = 3,
    size: int = 60,
) -> Manifest:
    """Write a build and make it live; the vectors come later than their passages."""
    with store.writing(), store.writer(dimension=DIMENSION, splitter_version=7) as writer:
        for document in documents:
            writer.add(document, list(split(document, size=size)))
        vectors = vectors_of(writer.passages)
        writer.add_vectors(vectors[:1])
        writer.add_vectors(vectors[1:])
        counts = {
            field: getattr(writer, field)
            for field in ("documents", "passages", "characters", "pages", "ocr_pages", "duplicates")
        }
        return writer.publish(manifest(name, **counts), keep=keep)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BuildStore:
    """An empty store of each kind."""
    if request.param == "folder":
        return open_store(tmp_path / "index")
    return open_store(request.getfixturevalue("database"))


@pytest.fixture(scope="module")
def both(
    server: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Sequence[Document]], tuple[Build, Build]]:
    """Writes the same documents into a store of each kind, and opens both."""
    number = 0

    def written(documents: Sequence[Document]) -> tuple[Build, Build]:
        nonlocal number
        number += 1
        addresses = (tmp_path_factory.mktemp("index"), server.database(f"both{number}"))
        builds = []
        for address in addresses:
            write(open_store(address), documents)
            builds.append(open_store(address).open())
        return builds[0], builds[1]

    return written


@pytest.fixture(scope="module")
def corpora(both: Any) -> tuple[Build, Build]:
    """The corpus in both stores."""
    return both(CORPUS)  # type: ignore[no-any-return]


def test_before_the_first_build_there_is_none(store: BuildStore) -> None:
    assert store.current() is None
    assert store.names() == []
    with pytest.raises(NoIndexError, match="Build one with: rag index"):
        store.open()
    with pytest.raises(RagError, match="no older build"):
        store.rollback()


def test_documents_and_passages_come_back_as_they_were_written(store: BuildStore) -> None:
    write(store, CORPUS)
    documents = store.open().documents
    passages = [passage for document in CORPUS for passage in split(document, size=60)]

    assert list(documents.all()) == CORPUS
    assert [documents.document(document.doc_id) for document in CORPUS] == CORPUS
    assert documents.document("nowhere") is None
    assert documents.passages(range(len(passages))) == passages
    assert documents.passages([3, 0, 3]) == [passages[3], passages[0], passages[3]]
    assert [documents.rows_of(row) for row in range(2)] == [range(3), range(3, 5)]
    assert documents.rows_of(5) == range(len(passages) - 1, len(passages))
    assert documents.splitter_version == 7


def test_what_the_retriever_asks_of_documents(store: BuildStore) -> None:
    write(store, CORPUS)
    documents = store.open().documents

    assert documents.places([2, 3, -1, 999]) == {2: (0, True), 3: (1, False)}
    assert documents.ids([2, 0]) == ["spoofing", "cuba"]
    assert documents.rows(["cuba", "nowhere", "staking"]) == {"cuba": 2, "staking": 1}
    assert list(documents.titles())[:3] == ["Spoofing", "Staking", "Cuba"]
    assert documents.days([0, 1, 3]) == {
        0: (20190301, 20190301),
        1: (20230101, 20231231),
        3: (0, 0),
    }
    assert documents.values("agency") == ("cftc", "fca", "ofac", "sec")
    assert documents.having("agency", "sec") == {1, 3}
    assert documents.having("speaker", "jane doe") == {0}
    assert documents.aliases(["cea"]) == ["commodity exchange act"]
    assert documents.aliases(["commodity exchange act", "x"]) == ["cea"]
    newest = [document.doc_id for document in documents.newest(4)]
    assert newest == ["staking", "twin", "cuba", "spoofing"]


def test_filters_choose_documents(store: BuildStore) -> None:
    write(store, CORPUS)
    documents = store.open().documents
    of_2019 = parse_filters({"date_from": "2019-03-01", "date_to": "2019"})

    passages = sum(1 for document in CORPUS for _ in split(document, size=60))
    assert documents.count(Filters()) == (6, passages)
    assert documents.count(of_2019) == (2, 4)
    number, passing = documents.passing(of_2019)
    assert (number, [document.doc_id for document in passing]) == (2, ["spoofing", "cuba"])
    assert documents.passing(parse_filters({"agency": "nobody"}))[0] == 0


QUESTIONS = (
    "who was spoofing option markets",
    "staking by customers",
    "did Kraken register the staking program?",
    '"transfers for Cuba" bank',
    "What did Elm University pay?",
    "Haiti",
    "Krakken tranfsers",
    "statement of Krakem",
    "?! …",
    "commission penalty of $5 million",
    "zzzzzz",
)
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"agency": "OFAC"},
    {"agency": ["SEC", "FCA"], "date_from": "2020"},
    {"document": ["cuba", "twin"]},
    {"type": "complaint"},
    {"date_to": "2019"},
    {"agency": "nobody"},
)


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("question", QUESTIONS)
def test_words_find_the_same_with_the_same_scores(
    corpora: tuple[Build, Build], question: str, filters: dict[str, Any]
) -> None:
    parsed, allowed = understand(question), parse_filters(filters)

    for kind in ("passages", "documents"):
        for k in (1, 3, 50):
            one, other = (
                getattr(build.lexical, kind)(parsed, k, filters=allowed) for build in corpora
            )
            _same(one, other)


def test_words_find_the_same_in_the_other_ways(corpora: tuple[Build, Build]) -> None:
    one, other = (build.lexical for build in corpora)

    for words in (["staking"], ["bank", "Cuba"], ["bank", "staking"], ["Krakken"], []):
        _same(one.documents_with_all(words, 9), other.documents_with_all(words, 9))
    for word in ("staking", "bank of Cuba", "nowhere", "", "CUBA"):
        assert one.frequency(word) == other.frequency(word)
    for name, misspelt in (
        ("Kraken", False),
        ("Kraken services", False),
        ("services Kraken", False),
        ("Kraken trader", False),
        ("Kraxen", True),
        ("staking kraxen", True),
        ("it", True),
        ("", False),
    ):
        found = [each.documents_with(name, 5, misspelt=misspelt) for each in (one, other)]
        assert found[0] == found[1], name


_WORDS = tuple("bank fine order pays cites trader agreed court penalty sum the of in to".split())


@pytest.mark.parametrize("seed", range(3))
def test_words_find_the_same_among_many_texts(both: Any, seed: int) -> None:
    draw = random.Random(seed)
    corpus = [
        _one(f"doc{n}", " ".join(draw.choices(_WORDS, k=draw.choice((3, 30, 300, 1500)))) + ".")
        for n in range(30)
    ]
    one, other = both(corpus)

    for _ in range(40):
        words = draw.choices(_WORDS, k=draw.randrange(1, 6))
        parsed = understand(f'{" ".join(words)} "{draw.choice(_WORDS)} {draw.choice(_WORDS)}"')
        k = draw.choice((1, 10, 500))
        _same(one.lexical.passages(parsed, k), other.lexical.passages(parsed, k))
        _same(one.lexical.documents(parsed, k), other.lexical.documents(parsed, k))
        name = " ".join(words[:3])
        found = [set(build.lexical.documents_with(name, 99)) for build in (one, other)]
        # Of three words that stand near each other, tantivy does not find every combination.
        assert found[0] == found[1] or (len(words) > 2 and found[0] < found[1]), name


def _same(one: list[tuple[int, float]], other: list[tuple[int, float]]) -> None:
    """The same rows in the same order with the same scores, but for the last digits of a float.

    Rows whose scores differ only there may change places, also at the end of the list.
    """
    assert [score for _, score in one] == pytest.approx([score for _, score in other], rel=1e-5)
    last = min((score for _, score in one), default=0.0)
    surely = [{row for row, score in found if score > last * (1 + 1e-5)} for found in (one, other)]
    assert surely[0] == surely[1]
    assert dict(one).keys() >= surely[0]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_vectors_find_the_same(corpora: tuple[Build, Build], filters: dict[str, Any]) -> None:
    allowed = parse_filters(filters)

    for vector in vectors_of(20, seed=2):
        one, other = (build.dense.search(vector, 4, filters=allowed) for build in corpora)
        assert [row for row, _ in one] == [row for row, _ in other]
        cosines = [cosine for _, cosine in other]
        assert [cosine for _, cosine in one] == pytest.approx(cosines, abs=1e-6)


def test_the_nearest_vector_is_a_passages_own(store: BuildStore) -> None:
    write(store, CORPUS)
    build = store.open()
    vectors = vectors_of(build.manifest.passages)

    for row, vector in enumerate(vectors):
        ((nearest, cosine),) = build.dense.search(vector, 1)
        assert (nearest, cosine) == (row, pytest.approx(1, abs=2e-3))
    cosines = build.dense.cosines(vectors[0], [2, 0])
    assert list(cosines) == [2, 0]
    assert cosines[2] == pytest.approx(float(vectors[0] @ vectors[2]), abs=2e-3)
    assert build.dense.cosines(vectors[0], []) == {}
    assert len(build.dense.search(vectors[0], 999)) == len(vectors)


_VALUES = st.sampled_from(["SEC", "ofac", "FCA"])
_DATES = st.sampled_from([None, "2007", "2019", "2019-03", "2019-03-01", "2019-03-02", "2023"])


@given(
    st.fixed_dictionaries(
        {
            "agency": st.lists(_VALUES, max_size=2),
            "type": st.sampled_from([None, "complaint"]),
            "document": st.sampled_from([None, "cuba", ["staking", "undated"]]),
            "date_from": _DATES,
            "date_to": _DATES,
        }
    )
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_same_passages_pass_in_every_stage(
    corpora: tuple[Build, Build], given: dict[str, object]
) -> None:
    filters = parse_filters(given)
    words = understand(" ".join(document.text for document in CORPUS))

    passing = []
    for build in corpora:
        rows = range(build.documents.count(Filters())[0])
        number, documents = build.documents.passing(filters)
        ids = {document.doc_id for document in documents}
        allowed = {
            row for d in rows if build.documents.ids([d])[0] in ids
            for row in build.documents.rows_of(d)
        }  # fmt: skip
        assert build.documents.count(filters) == (number, len(allowed))
        by_words = {row for row, _ in build.lexical.passages(words, 99, filters=filters)}
        assert by_words == allowed
        near = {row for row, _ in build.dense.search(vectors_of(1)[0], 99, filters=filters)}
        assert near == allowed
        passing.append(allowed)
    assert passing[0] == passing[1]


def test_an_empty_build_finds_nothing(store: BuildStore) -> None:
    write(store, [])
    build = store.open()

    assert build.documents.count(Filters()) == (0, 0)
    assert list(build.documents.all()) == []
    assert build.lexical.passages(understand("staking"), 5) == []
    assert build.lexical.documents_with("staking", 5, misspelt=True) == []
    assert build.dense.search(vectors_of(1)[0], 5) == []


def test_a_reader_keeps_its_build_while_newer_ones_go_live(store: BuildStore) -> None:
    write(store, CORPUS, "2026-a", keep=2)
    old = store.open()

    for number, name in enumerate(("2026-b", "2026-c", "2026-d")):
        write(store, CORPUS[number:4], name, keep=2)

    assert old.documents.document("twin") == CORPUS[5]
    assert old.lexical.documents(understand("Cuba"), 2)[0][0] in (2, 5)
    assert len(old.dense.search(vectors_of(1)[0], 99)) == old.manifest.passages
    old.files.check()
    assert store.open().manifest.build == "2026-d"
    assert store.names()[-2:] == ["2026-c", "2026-d"]


def test_each_reader_sees_one_build_whole(store: BuildStore) -> None:
    def corpus(number: int) -> list[Document]:
        return [_one(f"{number}-{n}", f"Fact {n} of build {number}.") for n in range(4)]

    write(store, corpus(0), "2026-00")
    wrong: list[object] = []
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                build = store.open()
                number = build.manifest.build[-2:].lstrip("0") or "0"
                texts = [document.text for document in build.documents.all()]
                hits = build.lexical.passages(understand("fact of build"), 9)
                passages = build.documents.passages([row for row, _ in hits])
                expected = {f"Fact {n} of build {number}." for n in range(4)}
                if set(texts) != expected or {p.text for p in passages} != expected:
                    wrong.append((number, texts))
                seen.add(number)
        except Exception as error:  # noqa: BLE001 - counted as wrong
            wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 6):
        write(store, corpus(number), f"2026-{number:02}", keep=2)
    done.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert len(seen) > 1


def test_rollback_makes_the_build_before_live_again(store: BuildStore) -> None:
    write(store, CORPUS[:1], "2026-a")
    write(store, CORPUS[:2], "2026-b")

    assert store.rollback() == "2026-a"
    assert store.open().manifest.documents == 1
    with pytest.raises(RagError, match="no older build"):
        store.rollback()
    write(store, CORPUS[:3], "2026-c")
    assert store.current() == "2026-c"


def test_old_builds_are_deleted_and_the_new_one_is_live(store: BuildStore) -> None:
    for name in ("2026-a", "2026-b", "2026-c", "2026-d"):
        write(store, CORPUS[:1], name, keep=2)

    assert store.names() == ["2026-c", "2026-d"]
    assert store.manifest("2026-d").build == "2026-d"
    with pytest.raises(DamagedIndexError):
        store.manifest("2026-a")


def test_a_second_writer_is_told_to_wait(store: BuildStore) -> None:
    with (
        store.writing(),
        pytest.raises(BusyError, match="another build is running"),
        store.writing(),
    ):
        pass
    with store.writing():
        pass


def test_what_is_not_published_is_deleted(store: BuildStore) -> None:
    write(store, CORPUS[:1])

    with store.writing():
        with store.writer(dimension=DIMENSION) as writer:
            writer.add(CORPUS[1], list(split(CORPUS[1], size=60)))
        with store.writer(dimension=DIMENSION) as writer:
            writer.add(CORPUS[2], list(split(CORPUS[2], size=60)))

    assert store.names() == ["2026-a"]
    write(store, CORPUS[:2], "2026-b")
    assert store.open().manifest.documents == 2


def test_passages_without_vectors_are_a_mistake(store: BuildStore) -> None:
    with store.writing(), store.writer(dimension=DIMENSION) as writer:
        writer.add(CORPUS[0], [Passage(CORPUS[0], 0, 20)])
        with pytest.raises(ValueError, match="0 vectors of 1 passages"):
            writer.publish(manifest("2026-a"), keep=2)
        with pytest.raises(ValueError, match="shape"):
            writer.add_vectors(np.zeros((1, DIMENSION + 1), np.float32))
    assert store.current() is None


def test_two_builds_are_compared_by_their_documents(store: BuildStore) -> None:
    changed = replace(CORPUS[1], text="Kraken sold nothing.")
    write(store, CORPUS[:2], "2026-a")
    write(store, [CORPUS[0], changed, CORPUS[2]], "2026-b", size=90)

    found = changes(store, "2026-a", "2026-b")

    assert found == Changes(added=("cuba",), changed=("staking",))
    with pytest.raises(RagError, match="no build 'nowhere'"):
        changes(store, "nowhere", "2026-b")


def test_a_sound_build_passes_every_check(store: BuildStore) -> None:
    write(store, CORPUS)
    build = store.open()

    with build.files.unchanged():
        build.files.check()
    build.files.check_all()
