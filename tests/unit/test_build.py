"""The write path: only what changed is embedded, and a failed build costs nothing."""

from pathlib import Path

import pytest

from rag.build import build_index
from rag.config import Settings
from rag.door import Index
from rag.embed import load_embedder
from rag.errors import RagError
from rag.index.builds import Builds
from rag.query import understand


def test_a_second_run_with_nothing_changed_embeds_nothing(settings: Settings) -> None:
    first = build_index(settings=settings)
    second = build_index(settings=settings)

    assert (first.documents, first.embedded) == (1, first.passages)
    assert second.unchanged
    assert (second.build, second.embedded) == (first.build, 0)


def test_only_what_is_new_is_embedded_and_what_is_gone_is_gone(settings: Settings) -> None:
    before = build_index(settings=settings)
    new = settings.seeds / "order.txt"
    new.write_text("The Commission ordered Example Corp. to pay a civil penalty of $5,000.")

    added = build_index(settings=settings)
    new.unlink()
    removed = build_index(settings=settings)

    assert (added.documents, added.embedded) == (2, 1)
    assert (removed.documents, removed.embedded) == (1, 0)
    assert removed.build != before.build


def test_a_changed_sidecar_changes_the_build(settings: Settings) -> None:
    build_index(settings=settings)
    sidecar = next(settings.seeds.glob("*.toml"))
    sidecar.write_text(sidecar.read_text().replace('date = "2023-06"', 'date = "2023-06-05"'))

    report = build_index(settings=settings)

    assert not report.unchanged
    document = Index.open(settings=settings).document("binance-statement")
    assert document.metadata["date"] == "2023-06-05"


def test_rebuild_embeds_everything_anew(settings: Settings) -> None:
    build_index(settings=settings)

    report = build_index(settings=settings, rebuild=True)

    assert report.embedded == report.passages


def test_progress_covers_each_stage_to_its_end(settings: Settings) -> None:
    seen: dict[str, tuple[int, int]] = {}
    build_index(
        settings=settings,
        on_progress=lambda stage, done, total: seen.__setitem__(stage, (done, total)),
    )

    assert set(seen) == {"load", "embed", "write"}
    assert all(done == total for done, total in seen.values())


def test_an_empty_folder_is_said_to_be_empty(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()

    with pytest.raises(RagError, match="no documents in .*nothing"):
        build_index([tmp_path / "nothing"], settings=settings)
    assert Builds(settings.index).current() is None


def test_where_every_file_is_skipped_the_old_build_stays(settings: Settings) -> None:
    live = build_index(settings=settings).build
    for path in settings.seeds.iterdir():
        path.unlink()
    (settings.seeds / "blank.txt").write_text(" \n")

    with pytest.raises(RagError, match="every file was skipped(.|\n)*blank.txt"):
        build_index(settings=settings)
    assert Builds(settings.index).current() == live


def test_a_damaged_live_build_is_built_anew(settings: Settings) -> None:
    first = build_index(settings=settings)
    (settings.index / "builds" / first.build / "dense.faiss").write_bytes(b"")

    second = build_index(settings=settings)

    assert not second.unchanged
    assert Index.open(settings=settings).build == second.build


def test_row_i_is_the_same_passage_in_every_file(settings: Settings) -> None:
    build_index(settings=settings)
    build = Builds(settings.index).open()
    embedder = load_embedder(settings.model)
    sentence = "An effective regulatory framework requires cooperation, transparency"

    ((by_words, _),) = build.lexical.passages(understand(sentence), 1)
    ((by_meaning, _),) = build.dense.search(embedder.embed_question(sentence), 1)

    assert by_words == by_meaning
    assert sentence in build.documents.passages([by_words])[0].text
