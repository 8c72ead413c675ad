"""Building wide: shards that are merged give the build that one machine makes."""

import json
from pathlib import Path

import pytest

from rag.config import Settings
from rag.errors import RagError, UsageError
from rag.index.builds import Builds
from rag.ingest import build_index
from rag.load import Source
from rag.question.understanding import understand
from rag.shards import ShardReport, _shares, merge_shards, write_shard
from tests.hash_embedder import HashEmbedder
from tests.wide_documents import write_documents


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model is loaded, and the vector of a text does not depend on those beside it."""
    for module in ("rag.ingest", "rag.shards"):
        monkeypatch.setattr(f"{module}.load_embedder", lambda model: HashEmbedder(16))


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder of documents."""
    write_documents(tmp_path / "documents")
    return tmp_path / "documents"


def settings_of(tmp_path: Path, name: str = "index", **other: object) -> Settings:
    return Settings(index=tmp_path / name, seeds=tmp_path / "none", workers=1, ocr=False, **other)


def shard(tmp_path: Path, number: int, of: int = 4, place: str = "") -> ShardReport:
    """Make one shard of the documents."""
    return write_shard(
        [tmp_path / "documents"],
        number,
        of,
        place or str(tmp_path / "shards"),
        settings=settings_of(tmp_path, f"machine-{number}"),
    )


def merged(tmp_path: Path, of: int = 4, name: str = "merged", place: str = "") -> str:
    """Merge the shards; the name of the build."""
    return merge_shards(
        [tmp_path / "documents"],
        of,
        place or str(tmp_path / "shards"),
        settings=settings_of(tmp_path, name),
    ).build


@pytest.mark.parametrize("of", [1, 4])
def test_merged_shards_are_the_build_of_one_machine(
    documents: Path, tmp_path: Path, of: int
) -> None:
    for number in reversed(range(of)):
        shard(tmp_path, number, of)

    name = merged(tmp_path, of)
    local = build_index([documents], settings=settings_of(tmp_path, "local"))

    wide = Builds(tmp_path / "merged").manifest(name)
    for key in ("inputs", "sources", "skipped", "documents", "passages", "duplicates", "given"):
        assert getattr(wide, key) == getattr(local.manifest, key)
    assert wide.build.split("-")[1] == local.build.split("-")[1]
    for file in ("documents.sqlite", "dense.faiss"):
        assert wide.files[file] == local.manifest.files[file]
    assert (local.manifest.duplicates, len(local.skipped)) == (2, 7)
    one, other = (Builds(tmp_path / name).open() for name in ("merged", "local"))
    for question in map(understand, ("What did firm 31 pay in Ohio?", "BMC2", "Release 7")):
        assert one.lexical.passages(question, 20) == other.lexical.passages(question, 20)
        assert one.lexical.documents(question, 20) == other.lexical.documents(question, 20)


def test_after_a_merge_a_local_build_embeds_only_what_is_new(
    documents: Path, tmp_path: Path
) -> None:
    for number in range(2):
        shard(tmp_path, number, 2)
    name = merged(tmp_path, 2)
    settings = settings_of(tmp_path, "merged")

    assert build_index([documents], settings=settings).build == name
    (documents / "new.txt").write_text("Firm 1000 appealed.")
    assert build_index([documents], settings=settings).embedded == 1


def test_a_shard_that_is_complete_is_not_made_again(documents: Path, tmp_path: Path) -> None:
    first = shard(tmp_path, 1)
    (path,) = documents.glob("order-1.md")

    again = shard(tmp_path, 1)
    path.write_text(path.read_text().replace("Ohio", "Iowa"))
    changed = shard(tmp_path, 1)

    assert (first.unchanged, again.unchanged) == (False, True)
    assert again.embedded == 0
    assert changed.unchanged is False or "order-1.md" not in _files(tmp_path, 1)


def _files(tmp_path: Path, number: int) -> list[str]:
    record = json.loads((tmp_path / "shards" / f"{number:04}-of-0004.json").read_text())
    return [source["name"] for source in record["sources"]]


def test_each_shard_that_is_missing_is_named(documents: Path, tmp_path: Path) -> None:
    shard(tmp_path, 0)
    shard(tmp_path, 2)

    with pytest.raises(RagError, match=r"shard 1/4 is missing\nshard 3/4 is missing\nMake it"):
        merged(tmp_path)
    with pytest.raises(RagError, match=r"shard 19/50 is missing\nand 30 more\nMake it"):
        merged(tmp_path, 50)
    assert Builds(tmp_path / "merged").current() is None


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("traits.jsonl.gz", "altered"),
        ("documents.jsonl.gz", "altered"),
        ("documents.jsonl.gz", "cut"),
        ("vectors", "gone"),
        ("vectors", "altered"),
    ],
)
def test_a_damaged_shard_is_named_and_the_live_build_stays(
    documents: Path, tmp_path: Path, kind: str, how: str
) -> None:
    for number in range(2):
        shard(tmp_path, number, 2)
    live = merged(tmp_path, 2)
    (documents / "order-0.md").write_text("Another text.")
    for number in range(2):
        shard(tmp_path, number, 2)
    (path,) = (tmp_path / "shards").glob(f"0001-of-0002.*.{kind}")
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        middle = len(data) // 2
        changed = bytes([data[middle] ^ 1])
        path.write_bytes(data[:middle] + (changed + data[middle + 1 :]) * (how == "altered"))

    with pytest.raises(RagError, match=f"shard 1/2 is damaged: .*{kind}"):
        merged(tmp_path, 2)
    assert Builds(tmp_path / "merged").current() == live
    assert Builds(tmp_path / "merged").open().manifest.build == live


def test_a_damaged_record_is_told_from_a_missing_one(documents: Path, tmp_path: Path) -> None:
    for number in range(2):
        shard(tmp_path, number, 2)
    path = tmp_path / "shards" / "0000-of-0002.json"
    path.write_text(path.read_text().replace('"passages": ', '"passages": 1'))

    with pytest.raises(RagError, match="shard 0/2 is damaged"):
        merged(tmp_path, 2)
    assert shard(tmp_path, 0, 2).unchanged is False


def test_shards_of_other_versions_settings_or_files_are_named(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        shard(tmp_path, number, 2)
    place = str(tmp_path / "shards")

    def fault(**other: object) -> str:
        settings = settings_of(tmp_path, "merged", **other)
        with pytest.raises(RagError) as caught:
            merge_shards([documents], 2, place, settings=settings)
        return str(caught.value)

    assert "shard 0/2 is of passage_size 500 instead of 600" in fault(passage_size=600)
    assert "shard 1/2 is made with another setting max_pages" in fault(max_pages=7)
    with monkeypatch.context() as patched:
        patched.setattr("rag.shards.LOADER_VERSION", 99)
        assert "instead of 99" in fault()
    with monkeypatch.context() as patched:
        patched.setattr("rag.shards.load_embedder", lambda model: _Other())
        assert "of another embedding model" in fault()
    (documents / "zzz-new.txt").write_text("New.")
    assert "shard 1/2 is of other files: " in fault()
    (documents / "zzz-new.txt").unlink()
    (documents / "order-3.md").write_text("Shorter.")
    assert "of another state of " in fault() or "of other files" in fault()


class _Other(HashEmbedder):
    fingerprint = "0" * 64


def test_a_shard_goes_through_any_storage_of_fsspec(documents: Path, tmp_path: Path) -> None:
    place = f"memory://shards-{tmp_path.name}"
    for number in range(2):
        shard(tmp_path, number, 2, place)

    wide = Builds(tmp_path / "merged").manifest(merged(tmp_path, 2, place=place))
    local = build_index([documents], settings=settings_of(tmp_path, "local"))

    assert wide.files["documents.sqlite"] == local.manifest.files["documents.sqlite"]
    assert not list((tmp_path / "merged" / "cache").glob("unfinished"))


def test_storage_without_its_package_and_shards_that_do_not_exist_are_usage_errors(
    documents: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="nothing://x cannot be reached"):
        shard(tmp_path, 0, 2, "nothing://x")
    with pytest.raises(UsageError, match="the first is 0/4, the last 3/4"):
        shard(tmp_path, 4)


def test_storage_that_cannot_be_written_is_named(documents: Path, tmp_path: Path) -> None:
    (tmp_path / "shards").write_text("a file")

    with pytest.raises(RagError, match="shards cannot be "):
        shard(tmp_path, 0)


def test_a_shard_leaves_nothing_on_its_machine(documents: Path, tmp_path: Path) -> None:
    shard(tmp_path, 0)

    assert [path.name for path in (tmp_path / "machine-0").rglob("*") if path.is_file()] == []


def test_shares_are_neighbours_of_about_the_same_size(tmp_path: Path) -> None:
    found = []
    for number in range(40):
        path = tmp_path / f"{number:02}"
        path.write_bytes(b"x" * (number * 5000))
        found.append(Source(path, path.name, "", ""))

    shares = _shares(found, 4)

    assert [source for share in shares for source in share] == found
    sizes = [sum(source.path.stat().st_size for source in share) for share in shares]
    assert max(sizes) - min(sizes) < 2 * 40 * 5000
    assert sum(map(len, _shares(found[:2], 4))) == 2
