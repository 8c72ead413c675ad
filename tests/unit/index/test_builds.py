"""Builds: the live one, damage, pruning, rollback, one writer at a time."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

import rag.hashing
from rag.config import Settings
from rag.errors import BusyError, DamagedIndexError, NoIndexError, RagError
from rag.index.builds import DENSE, DOCUMENTS, LEXICAL, Builds
from rag.index.manifest import NAME, checksums
from rag.ingest import build_index


def _build_folder(index: Path) -> Path:
    builds = Builds(index)
    return builds.path(builds.current() or "")


def test_before_the_first_build_the_error_says_what_to_type(tmp_path: Path) -> None:
    assert Builds(tmp_path).current() is None
    with pytest.raises(NoIndexError, match="no index in .*Build one with: rag index"):
        Builds(tmp_path).open()


def test_a_sound_build_opens(seed_index: Path) -> None:
    build = Builds(seed_index).open()

    assert build.manifest.documents == 1
    assert build.documents.document("binance-statement") is not None


@pytest.mark.parametrize("name", [DOCUMENTS, DENSE, f"{LEXICAL}/passages/meta.json", NAME])
def test_a_file_that_was_altered_truncated_or_removed_is_named(seed_index: Path, name: str) -> None:
    path = _build_folder(seed_index) / name
    sound = path.read_bytes()

    middle = len(sound) // 2
    altered = sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :]
    if name == NAME:
        altered = sound.replace(b'"format": 3', b'"format": 999')
    for damage in (altered, sound[:middle], b""):
        path.write_bytes(damage)
        with pytest.raises(DamagedIndexError, match="Rebuild with: rag index"):
            Builds(seed_index).open()
    path.unlink()
    with pytest.raises(DamagedIndexError, match="Rebuild with: rag index"):
        Builds(seed_index).open()

    path.write_bytes(sound)
    Builds(seed_index).open()


def test_wrong_digests_in_the_cache_condemn_no_sound_build(
    seed_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(rag.hashing, "_LARGE", 0)
    folder = _build_folder(seed_index)
    wrong = {rag.hashing._stamp(path): "0" * 64 for path in folder.rglob("*") if path.is_file()}
    monkeypatch.setattr(rag.hashing, "_known", lambda: wrong)

    assert Builds(seed_index).open().manifest.documents == 1


def test_any_altered_value_of_the_manifest_is_noticed(seed_index: Path) -> None:
    path = _build_folder(seed_index) / NAME
    sound = json.loads(path.read_text())

    for name, value in sound.items():
        altered: object = {str: f"{value}x", int: 7, float: 0.7, list: [], dict: {}}[type(value)]
        if altered == value:
            altered = ["x"]
        path.write_text(json.dumps(sound | {name: altered}))
        with pytest.raises(DamagedIndexError, match="Rebuild with: rag index"):
            Builds(seed_index).open()
    path.write_text(json.dumps(sound))
    Builds(seed_index).open()


def test_a_manifest_of_an_older_version_has_no_checksum(seed_index: Path) -> None:
    path = _build_folder(seed_index) / NAME
    sound = json.loads(path.read_text())
    del sound["sha256"]
    path.write_text(json.dumps(sound))

    assert Builds(seed_index).open().manifest.documents == 1


@pytest.mark.parametrize("content", ["[]", "1", "null", "[" * 100_000, '{"format": 3}'])
def test_a_manifest_that_is_none_is_named(seed_index: Path, content: str) -> None:
    (_build_folder(seed_index) / NAME).write_text(content)

    with pytest.raises(DamagedIndexError, match="manifest.json.*Rebuild with: rag index"):
        Builds(seed_index).open()


def test_a_pointer_to_a_missing_build_is_damage(seed_index: Path) -> None:
    shutil.rmtree(_build_folder(seed_index))

    with pytest.raises(DamagedIndexError):
        Builds(seed_index).open()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a\0b", b"/etc", b"../..", b".", b"x" * 5_000, b"\x1b[2J", b"a\nb"]
)
def test_a_damaged_pointer_is_named_and_mended_by_a_build(
    settings: Settings, content: bytes
) -> None:
    build_index(settings=settings)
    (settings.index / "CURRENT").write_bytes(content)

    with pytest.raises(DamagedIndexError, match="Rebuild with: rag index") as raised:
        Builds(settings.index).open()
    assert str(raised.value).isprintable()
    assert str(settings.index / "builds") in str(raised.value)
    build_index(settings=settings)
    assert Builds(settings.index).open().manifest.documents == 1


def test_publishing_keeps_the_last_builds_and_makes_the_new_one_live(seed_index: Path) -> None:
    builds = Builds(seed_index)
    first = builds.current()
    with builds.writing():
        for name in ("9-a", "9-b", "9-c"):
            staged = builds.stage()
            shutil.copy(_build_folder(seed_index) / NAME, staged / NAME)
            builds.publish(staged, name, keep=3)

    assert first not in builds.names()
    assert builds.names() == ["9-a", "9-b", "9-c"]
    assert builds.current() == "9-c"


def test_rollback_goes_one_build_back_and_then_says_there_is_none(seed_index: Path) -> None:
    builds = Builds(seed_index)
    first = builds.current()
    with builds.writing():
        staged = builds.stage()
        builds.publish(staged, "9-a", keep=3)

    assert builds.rollback() == first
    assert builds.current() == first
    with pytest.raises(RagError, match="no older build"):
        builds.rollback()


def test_a_second_writer_is_told_to_wait(seed_index: Path) -> None:
    with (
        Builds(seed_index).writing(),
        pytest.raises(BusyError, match="another build is running"),
        Builds(seed_index).writing(),
    ):
        pass


def test_the_files_of_a_killed_writer_are_deleted(seed_index: Path) -> None:
    left = seed_index / "builds" / ".staging-dead"
    left.mkdir()

    with Builds(seed_index).writing():
        assert not left.exists()
    assert Builds(seed_index).names() == [Builds(seed_index).current()]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with (
        pytest.raises(RagError, match="cannot be written.*--index DIR"),
        Builds(tmp_path / "file" / "index").writing(),
    ):
        pass


def test_a_kill_during_a_deletion_leaves_no_half_of_a_build(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings.model_copy(update={"keep": 2})
    builds = Builds(settings.index)
    for number in range(3):
        (settings.seeds / "n.txt").write_text(f"Release number {number} about Example Corp.")
        with monkeypatch.context() as killed:
            if number == 2:
                killed.setattr(shutil, "rmtree", _killed)
                with pytest.raises(KeyboardInterrupt):
                    build_index(settings=settings)
            else:
                build_index(settings=settings)

    assert len(builds.names()) == 2
    assert all((builds.path(name) / NAME).is_file() for name in builds.names())
    assert build_index(settings=settings).unchanged
    assert sorted(p.name for p in (settings.index / "builds").iterdir()) == builds.names()


def test_a_build_that_changes_nothing_deletes_what_a_killed_one_kept(settings: Settings) -> None:
    for number in range(3):
        (settings.seeds / "n.txt").write_text(f"Release number {number} about Example Corp.")
        build_index(settings=settings)  # keeps three

    assert build_index(settings=settings.model_copy(update={"keep": 2})).unchanged

    assert len(Builds(settings.index).names()) == 2


def _killed(folder: Path, **tolerant: object) -> None:
    if not tolerant:  # an old build; what a build keeps beside it is deleted tolerantly
        raise KeyboardInterrupt


def test_a_folder_that_cannot_be_read_is_an_error_not_a_build_without_its_checksums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lexical").mkdir()
    (tmp_path / "lexical" / "meta.json").write_text("{}")
    assert list(checksums(tmp_path)) == ["lexical/meta.json"]
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("lexical"):
            raise OSError(errno.EIO, "Input/output error")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(OSError, match="Input/output error"):
        checksums(tmp_path)
