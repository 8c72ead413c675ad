"""Finding files."""

import hashlib
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.load import find


def test_a_folder_gives_its_files_sorted_below_it_without_sidecars_hidden_and_about_files(
    tmp_path: Path,
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b.txt", "b.txt.toml", "sub/a.pdf", ".hidden", ".git/x", "SOURCES.md"):
        (tmp_path / name).write_bytes(name.encode())

    found = find([tmp_path])

    assert [source.name for source in found] == ["b.txt", "sub/a.pdf"]
    assert found[0].sha256 == hashlib.sha256(b"b.txt").hexdigest()
    assert found[0].sidecar_sha256 == hashlib.sha256(b"b.txt.toml").hexdigest()
    assert found[1].sidecar_sha256 == ""


def test_a_file_that_is_named_is_taken_by_its_name_and_only_once(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# About")

    found = find([tmp_path / "README.md", tmp_path / "README.md", tmp_path])

    assert [source.name for source in found] == ["README.md"]


def test_equal_names_from_two_folders_get_their_folders_in_front(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "order.pdf").write_text(folder)

    found = find([tmp_path / "one", tmp_path / "two"])

    assert [source.name for source in found] == ["order.pdf", "two/order.pdf"]


def test_a_path_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere does not exist"):
        find([tmp_path / "nowhere"])


def test_a_pattern_that_the_shell_did_not_expand_is_expanded(tmp_path: Path) -> None:
    for name in ("b.pdf", "a.pdf", "c.txt", "[1].txt"):
        (tmp_path / name).write_text(name)

    assert [source.name for source in find([tmp_path / "*.pdf"])] == ["a.pdf", "b.pdf"]
    assert [source.name for source in find([tmp_path / "[1].txt"])] == ["[1].txt"]
    with pytest.raises(UsageError, match="nothing matches"):
        find([tmp_path / "*.docx"])
