"""Building an index: only changed texts are embedded, and a failed build changes nothing."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from rag.api import Index
from rag.config import Settings
from rag.errors import RagError
from rag.index.builds import Builds
from rag.index.diff import Changes
from rag.ingest import build_index
from rag.models.embedder import load_embedder
from rag.question.understanding import understand
from rag.status import status


def test_a_second_run_with_nothing_changed_embeds_nothing(settings: Settings) -> None:
    first = build_index(settings=settings)
    second = build_index(settings=settings)

    # Each passage, and once the document's first lines.
    assert (first.documents, first.embedded) == (1, first.passages + 1)
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


def test_a_build_on_top_of_another_answers_as_one_from_scratch(
    settings: Settings, tmp_path: Path
) -> None:
    for number in range(30):
        text = f"# Release {number}\n\nThe Commission fined firm {number} ${number},000 in Ohio. "
        (settings.seeds / f"{number:02}.md").write_text(text * 20)
    build_index(settings=settings)
    (settings.seeds / "07.md").unlink()
    (settings.seeds / "11.md").write_text("Firm 11 settled. " * 90)
    (settings.seeds / "25a.md").write_text("Firm 25 appealed the fine of $25,000. " * 40)

    on_top = build_index(settings=settings)
    scratch = settings.model_copy(update={"index": tmp_path / "scratch"})
    # The last digits of a vector depend on what it was embedded beside.
    shutil.copytree(settings.index / "cache", scratch.index / "cache")
    build_index(settings=scratch)

    assert on_top.changes == Changes(added=("25a.md",), changed=("11.md",), gone=("07.md",))
    one, other = Index.open(settings=settings), Index.open(settings=scratch)
    assert one.manifest.files["documents.sqlite"] == other.manifest.files["documents.sqlite"]
    assert one.manifest.files["dense.faiss"] == other.manifest.files["dense.faiss"]
    for question in ("Who was fined $25,000 in Ohio?", "firm 11", "regulators cooperation"):
        assert one.retrieve(question, 40) == other.retrieve(question, 40)


def test_a_damaged_build_does_not_say_how_documents_are_split(settings: Settings) -> None:
    first = build_index(settings=settings)
    path = settings.index / "builds" / first.build / "documents.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE passages SET end = end - 1")

    build_index(settings=settings)

    text = Index.open(settings=settings).retrieve("user asset safety", 1)[0].passage.text
    assert text.endswith((".", "”"))


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

    assert report.embedded == report.passages + 1  # and the first lines


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


def test_a_report_as_json_holds_the_name_and_the_counts_of_the_build(settings: Settings) -> None:
    (settings.seeds / "empty.txt").write_text("")

    report = build_index(settings=settings)

    values = report.to_dict()
    assert list(values) == [
        *("build", "documents", "passages", "pages", "ocr_pages", "duplicates", "skipped"),
        *("embedded", "seconds", "pages_per_second", "unchanged", "changes"),
    ]
    assert (values["build"], values["documents"], values["pages"]) == (report.build, 1, 0)
    assert [item["reason"] for item in values["skipped"]] == ["empty: zero bytes"]


@pytest.mark.parametrize("agency", ["SEC", "CFTC"])
@pytest.mark.parametrize("lexical", [False, True])
def test_a_document_of_two_agencies_is_found_by_either(
    settings: Settings, agency: str, lexical: bool
) -> None:
    text = "The court ordered Kettle Freight to pay a penalty of $8,000 for its accounts."
    rows = [
        {"id": "joint", "agency": ["SEC", "CFTC"], "title": "Joint release", "text": text},
        {"id": "ofac", "agency": "OFAC", "title": "Release", "text": text.replace("8", "9")},
    ]
    (settings.seeds / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (settings.seeds / "order.txt").write_text(text.replace("8", "7"))
    (settings.seeds / "order.txt.toml").write_text('id = "order"\nagency = ["CFTC", "SEC"]')
    build_index(settings=settings)
    index = Index.open(settings=settings, lexical=lexical)

    hits = index.retrieve("penalty of Kettle Freight", filters={"agency": agency})

    found = {hit.passage.document.doc_id for hit in hits}
    assert found >= {"joint", "order"}
    assert "ofac" not in found
    shown = status(index, settings.index, documents=True).text
    assert "joint  Joint release  [agency SEC and CFTC]" in shown
