"""An index in PostgreSQL: what only a server can do wrong, and what is said then."""

import gc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from rag import Index
from rag.address import ServerAddress, index_address
from rag.config import Settings, load_settings
from rag.errors import DamagedIndexError, RagError, ServerError
from rag.index.postgresql import dense
from rag.index.postgresql.builds import ServedBuilds
from rag.index.postgresql.connections import Connections
from rag.index.postgresql.postings import LENGTHS, Segments, pack, read_matches, unpack
from rag.index.postgresql.problems import told
from rag.index.postgresql.schema import schema_of
from rag.ingest import build_index
from rag.question.filters import Filters
from rag.question.understanding import understand
from rag.status import status
from tests import postgres
from tests.unit.index.test_contract import CORPUS, vectors_of, write


@pytest.mark.parametrize(
    ("url", "shown", "place"),
    [
        ("postgresql://db/cases", "postgresql://db/cases", "db/cases"),
        ("postgresql://ann@db:5433/cases", "postgresql://ann@db:5433/cases", "db:5433/cases"),
        ("postgresql://ann:s3:c@ret@db/cases", "postgresql://ann:***@db/cases", "db/cases"),
        (
            "postgres://ann:pw@a,b/cases?sslmode=require",
            "postgres://ann:***@a,b/cases?sslmode=require",
            "a,b/cases",
        ),
        (
            "postgresql:///cases?user=ann&password=pw&host=/run",
            "postgresql:///cases?user=ann&password=***&host=/run",
            "/cases",
        ),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str, place: str) -> None:
    address = index_address(url)

    assert isinstance(address, ServerAddress)
    assert str(address) == repr(address) == shown
    assert address.place == place
    assert address.database == "cases"


def test_the_settings_keep_the_password_to_themselves(tmp_path: Path) -> None:
    settings = load_settings(index="postgresql://ann:open-sesame@db/cases")

    assert "open-sesame" not in repr(settings) + str(settings.model_dump(mode="json"))
    assert "open-sesame" not in settings.model_dump_json() + str(settings.folder)
    assert load_settings(index=str(tmp_path)).folder == tmp_path


def test_a_posting_list_comes_back_as_it_was_packed() -> None:
    segments = Segments()
    for terms in ([3, 1, 3], [], [1], [3]):
        segments.add(terms)
    lengths, lists = segments.segment()
    stored = {term: (count, matches, positions) for term, count, matches, positions in lists}
    segments.add([3, 3])
    _, more = segments.segment()
    ((_, count, matches, _),) = more

    assert LENGTHS[list(lengths)].tolist() == [3, 0, 1, 1]
    rows, counts = read_matches([(stored[3][0], stored[3][1]), (count, matches)])
    assert (rows.tolist(), counts.tolist()) == ([0, 3, 4], [2, 1, 2])
    assert unpack(stored[3][2]).tolist() == [0, 2, 0]
    assert dict(segments.frequencies) == {1: 2, 3: 3}


def test_a_posting_list_that_was_altered_is_damage() -> None:
    stored = bytearray(pack(np.arange(9)))
    stored[-1] ^= 1

    with pytest.raises(DamagedIndexError, match="Rebuild with: rag index"):
        unpack(bytes(stored))


@pytest.fixture
def store(database: str) -> ServedBuilds:
    """The corpus in a database of this test's own."""
    found = ServedBuilds(ServerAddress(database))
    write(found, CORPUS)
    return found


def alter(database: str, statement: str) -> None:
    """Change the tables of the one build."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f'SET search_path = "{schema_of("2026-a")}", public'.encode())
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET text = replace(text, 'sold', 'bought')",
        "UPDATE documents SET title = 'Another' WHERE row = 1",
        "UPDATE documents SET rest = replace(rest, 'complaint', 'order')",
        "UPDATE documents SET slices = replace(slices, '[0,', '[1,')",
        "UPDATE documents SET first_day = 1",
    ],
)
def test_an_altered_text_is_never_shown(store: ServedBuilds, database: str, statement: str) -> None:
    build = store.open()
    alter(database, statement)

    with pytest.raises(DamagedIndexError, match="document staking.*Rebuild"):
        build.documents.document("staking")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM documents WHERE row = 5",
        "UPDATE documents SET checked = digest WHERE row = 5",
        "UPDATE build SET amounts = substr(amounts, 2)",
        "UPDATE rag.builds SET manifest = replace(manifest, '\"passages\": ', '\"passages\": 1')",
        "DROP TABLE documents",
    ],
)
def test_a_damaged_build_is_not_opened(store: ServedBuilds, database: str, statement: str) -> None:
    alter(database, statement)

    with pytest.raises(DamagedIndexError, match="Rebuild with: rag index|rebuild with: rag index"):
        store.open()


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("UPDATE passages SET vector = (SELECT vector FROM passages WHERE row = 1)", "passages"),
        ("DELETE FROM postings WHERE term = 0", "postings"),
        ("UPDATE terms SET documents = 1", "terms"),
        ("UPDATE keys SET value = 'x' WHERE key = 'agency'", "keys"),
        ("UPDATE aliases SET name = 'x'", "aliases"),
        ("UPDATE lengths SET lengths = substr(lengths, 2)", "lengths"),
    ],
)
def test_a_status_finds_what_was_altered(
    store: ServedBuilds, database: str, statement: str, part: str
) -> None:
    build = store.open()
    alter(database, statement)

    with pytest.raises(DamagedIndexError, match=part):
        build.files.check_all()


def test_a_build_that_was_deleted_under_a_reader_is_named(
    store: ServedBuilds, database: str
) -> None:
    build = store.open()
    alter(database, f'DROP SCHEMA "{schema_of("2026-a")}" CASCADE')

    with pytest.raises(DamagedIndexError, match="no longer on the server. Open the index again"):
        build.documents.document("staking")


def test_a_build_that_is_read_is_deleted_only_afterwards(database: str) -> None:
    address = ServerAddress(database)
    writer = ServedBuilds(address)
    write(writer, CORPUS, "2026-a", keep=2)
    reader = ServedBuilds(address).open()

    write(writer, CORPUS[:1], "2026-b", keep=2)
    write(writer, CORPUS[:2], "2026-c", keep=2)
    assert writer.names() == ["2026-a", "2026-b", "2026-c"]
    assert list(reader.documents.all()) == CORPUS
    del reader
    gc.collect()
    write(writer, CORPUS[:3], "2026-d", keep=2)

    assert writer.names() == ["2026-c", "2026-d"]


def test_what_a_killed_writer_left_is_deleted(store: ServedBuilds, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE SCHEMA rag_staging CREATE TABLE documents (row int)")

    write(store, CORPUS[:2], "2026-b")

    assert store.open().manifest.documents == 2


def test_a_graph_answers_without_a_filter_and_every_vector_is_compared_under_one(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "_LARGEST_EXACT", 100)
    store = ServedBuilds(ServerAddress(database))
    write(store, [replace(CORPUS[0], doc_id=f"d{number}") for number in range(400)])
    searched: list[str] = []
    real = Connections.select

    def select(connections: Connections, query: str, values: Sequence[Any] = ()) -> list[Any]:
        if "ORDER BY vector" in query or "ORDER BY (vector" in query:
            searched.append(query)
        return real(connections, query, values)

    monkeypatch.setattr(Connections, "select", select)
    build = store.open()
    question = vectors_of(1, seed=5)[0]
    agency = build.documents.values("agency")[:1]
    assert len(build.dense.search(question, 150)) == 150
    everywhere = build.dense.search(question, 10)
    filtered = build.dense.search(question, 10, filters=Filters(agency=agency))

    exact = (vectors_of(build.manifest.passages) @ question).argsort()[::-1][:10]
    assert {row for row, _ in filtered} == set(exact.tolist())
    assert len({row for row, _ in everywhere} & set(exact.tolist())) >= 9
    plans = []
    with psycopg.connect(database) as connection:
        connection.execute(f'SET search_path = "{schema_of("2026-a")}", public'.encode())
        for query in searched:
            numbered = query
            for number in range(1, query.count("%s") + 1):
                numbered = numbered.replace("%s", f"${number}", 1)
            connection.execute("SET enable_seqscan = off")
            rows = connection.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}".encode()).fetchall()
            plans.append("\n".join(line for (line,) in rows))
    assert "Index Scan using nearest" in plans[0]
    assert "nearest" not in plans[-1]
    for plan in plans:  # the question is parsed once, not for each passage
        assert plan.count("::halfvec") == 0 or "InitPlan" in plan


def _error(url: str) -> str:
    with pytest.raises(ServerError) as raised:
        Index.open(url, lexical=True)
    assert raised.value.exit_code == 69
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_server_that_is_not_there_is_named() -> None:
    said = _error(f"postgresql://ann:open-sesame@127.0.0.1:{postgres.free_port()}/cases")

    assert "cannot be reached. Check that it runs" in said
    assert "open-sesame" not in said


def test_wrong_names_and_passwords_are_told_apart(server: postgres.Server) -> None:
    wrong = _error(server.url(password="0pen-s3same"))
    missing = _error(server.url("nowhere"))

    assert "refuses the user or the password" in wrong
    assert "0pen-s3same" not in wrong
    assert "no such database. Make it with: createdb nowhere" in missing
    assert "not an address" in _error("postgresql://127.0.0.1/cases?colour=red")


def test_without_the_right_to_make_pgvector_it_says_who_must(server: postgres.Server) -> None:
    url = server.database("bare", ready=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS ann")
        connection.execute("CREATE ROLE ann LOGIN PASSWORD 'pw'")
    ann = url.replace(f"postgres:{postgres.PASSWORD}@", "ann:pw@")

    with (
        pytest.raises(ServerError, match="run: CREATE EXTENSION vector"),
        ServedBuilds(ServerAddress(ann)).writing(),
    ):
        pass


def test_a_reader_needs_only_the_right_to_read(
    store: ServedBuilds, server: postgres.Server, database: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'pw' IN ROLE pg_read_all_data")
    reader = ServedBuilds(
        ServerAddress(database.replace(f"postgres:{postgres.PASSWORD}@", "reader:pw@"))
    )

    assert list(reader.open().documents.all()) == CORPUS
    with pytest.raises(ServerError, match="may not do this"):
        write(reader, CORPUS, "2026-b")
    assert store.current() == "2026-a"


@pytest.fixture
def own_server() -> Iterator[postgres.Server]:
    """A server that a test may kill."""
    folder = postgres.folder()
    running = postgres.Server.new(folder / "data")
    yield running
    running.stop()
    postgres.remove(folder)


def test_a_killed_server_is_found_again_and_a_standby_takes_over(
    own_server: postgres.Server,
) -> None:
    primary = own_server
    url = primary.database("cases")
    store = ServedBuilds(ServerAddress(url))
    write(store, CORPUS)
    standby = primary.standby(primary.folder.with_name("standby"))
    two = url.replace(f":{primary.port}/", f":{primary.port},127.0.0.1:{standby.port}/")
    build, follower = store.open(), ServedBuilds(ServerAddress(two)).open()
    question = understand("staking by customers")
    hits = build.lexical.passages(question, 3)
    on_standby = ServedBuilds(ServerAddress(standby.url("cases")))

    try:
        assert list(on_standby.open().documents.all()) == CORPUS
        with pytest.raises(ServerError, match="standby cannot be written"), on_standby.writing():
            pass
        primary.kill()
        with pytest.raises(ServerError, match="cannot be reached|starting|broke off"):
            build.dense.search(vectors_of(1)[0], 3)
        assert len(follower.dense.search(vectors_of(1)[0], 3)) == 3  # from the standby
        primary.start()
        assert len(build.dense.search(vectors_of(1)[0], 3)) == 3
        assert build.lexical.passages(question, 3) == hits
        primary.kill()
        standby.promote()
        write(ServedBuilds(ServerAddress(two)), CORPUS[:2], "2026-b")
        assert ServedBuilds(ServerAddress(two)).open().manifest.documents == 2
        primary.start()  # for the fixture to stop
    finally:
        standby.stop()


def test_the_whole_program_runs_on_a_server(database: str, settings: Settings) -> None:
    served = Settings(index=database, seeds=settings.seeds)
    first = build_index(settings=served)
    again = build_index(settings=served)

    index = Index.open(settings=served)
    answer = index.ask("What does Binance say about user asset safety?")

    assert again.unchanged
    assert index.build == first.build
    assert answer.outcome == "answered"
    assert "all files intact" in status(index, served.index).text
    (settings.seeds / "more.txt").write_text("Kraken sold staking services.")
    second = build_index(settings=served)
    assert second.changes is not None
    assert second.changes.added == ("more.txt",)
    assert ServedBuilds(ServerAddress(database)).rollback() == first.build
    with pytest.raises(RagError, match="no older build"):
        ServedBuilds(ServerAddress(database)).rollback()


def test_other_errors_pass_unchanged() -> None:
    with pytest.raises(ZeroDivisionError), told(ServerAddress("postgresql://db/cases")):
        raise ZeroDivisionError
