"""A build that is damaged while it is open: named errors, no wrong answer, no dead process."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rag import Index
from rag.errors import DamagedIndexError
from rag.index.builds import DENSE, DOCUMENTS, LEXICAL, Builds
from rag.index.open_files import OpenFiles

QUESTION = "what does Binance say about user asset safety?"


@pytest.fixture
def folder(seed_index: Path) -> Path:
    """The folder of the live build."""
    builds = Builds(seed_index)
    return builds.path(builds.current() or "")


def _files(folder: Path) -> list[Path]:
    return sorted(
        folder / name for name in Builds(folder.parent.parent).manifest(folder.name).files
    )


def _later(path: Path) -> None:
    """Set the time of the last change a second ahead: a copied file is changed within a tick."""
    changed = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(changed, changed))


def test_every_file_of_the_build_is_watched(seed_index: Path, folder: Path) -> None:
    index = Index.open(seed_index, lexical=True)
    before = index.ask(QUESTION)

    for path in _files(folder):
        sound = path.read_bytes()
        for damage in (b"", sound[: len(sound) // 2], sound[:-1], bytes(len(sound)), sound + b"x"):
            if damage == sound:
                continue
            path.write_bytes(damage)
            _later(path)
            for use in (index.ask, index.retrieve, index.understand):
                with pytest.raises(DamagedIndexError, match=f"{path.name}: altered while it was"):
                    use(QUESTION)
            with pytest.raises(DamagedIndexError, match="Rebuild with: rag index"):
                index.documents()
        path.write_bytes(sound)
        _later(path)

    assert index.ask(QUESTION) == before


def test_a_file_that_looks_changed_and_is_not_is_read_again_and_kept(
    seed_index: Path, folder: Path
) -> None:
    index = Index.open(seed_index, lexical=True)
    before = index.ask(QUESTION)

    for path in _files(folder):
        _later(path)
        path.chmod(0o600)

    assert index.ask(QUESTION) == before
    shutil.rmtree(folder)
    assert index.ask(QUESTION) == before


def test_damage_in_the_middle_of_an_answer_is_named(seed_index: Path, folder: Path) -> None:
    index = Index.open(seed_index, lexical=True)

    def damage(stage: str, number: int) -> None:
        if stage == "checked":
            path = folder / DOCUMENTS
            path.write_bytes(path.read_bytes().replace(b"Binance", b"Benance"))
            _later(path)

    with pytest.raises(DamagedIndexError, match=DOCUMENTS):
        index.ask(QUESTION, on_stage=damage)


def test_whatever_fails_on_a_damaged_file_is_named_by_the_file(folder: Path) -> None:
    files = OpenFiles(folder, Builds(folder.parent.parent).manifest(folder.name))

    def failing() -> None:
        with files.unchanged():
            (folder / DENSE).write_bytes(b"")
            raise KeyError("row 7")

    with pytest.raises(DamagedIndexError, match=DENSE) as raised:
        failing()
    assert isinstance(raised.value.__context__, KeyError)
    with pytest.raises(DamagedIndexError), files.unchanged():
        pytest.fail("the block runs on damaged files")


def test_a_file_swapped_while_it_is_opened_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.index import open_files

    def swapped(folder: Path, manifest: object) -> None:
        shutil.copy(folder / DENSE, folder / "copy")
        (folder / "copy").replace(folder / DENSE)

    monkeypatch.setattr(open_files, "check_files", swapped)
    with pytest.raises(DamagedIndexError, match=DENSE):
        OpenFiles(folder, Builds(folder.parent.parent).manifest(folder.name))


_READER = """
import sys
from pathlib import Path
from rag import Index, RagError, load_settings
index = Index.open(sys.argv[1], lexical=True)
dense = index._build.dense
vector = __import__("numpy").eye(1, 384, dtype="f4")[0]
index.ask("who was fined?"), dense.search(vector, 3)
print("ready", flush=True)
for line in sys.stdin:
    for use in (lambda: index.ask("what is said of user assets?"), lambda: dense.search(vector, 3)):
        try:
            use()
            print("answered", end=" ")
        except RagError as error:
            print(type(error).__name__, end=" ")
    print(flush=True)
"""


@pytest.mark.parametrize("name", [DENSE, DOCUMENTS, LEXICAL])
def test_a_reader_survives_that_its_files_are_cut(
    seed_index: Path, folder: Path, name: str
) -> None:
    files = [path for path in _files(folder) if path.relative_to(folder).parts[0] == name]
    cut = random.Random(22)
    with subprocess.Popen(
        [sys.executable, "-c", _READER, str(seed_index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin
        assert reader.stdout
        assert reader.stdout.readline() == "ready\n"
        said: list[list[str]] = []
        expected: list[list[str]] = []
        for path in files:
            sound = path.read_bytes()
            for size in (0, cut.randrange(len(sound) or 1)):
                os.truncate(path, size)
                reader.stdin.write("ask\n")
                reader.stdin.flush()
                said.append(reader.stdout.readline().split())
                expected.append(2 * ["DamagedIndexError" if sound else "answered"])
            path.write_bytes(sound)
        reader.stdin.close()
        assert reader.wait(20) == 0

    assert said == expected


def test_to_notice_nothing_takes_little_time(folder: Path) -> None:
    files = OpenFiles(folder, Builds(folder.parent.parent).manifest(folder.name))
    began = os.times().user + os.times().system

    for _ in range(1000):
        files.check()

    assert os.times().user + os.times().system - began < 1.0  # a millisecond each
