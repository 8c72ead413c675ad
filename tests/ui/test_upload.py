"""Uploaded files: their names, their preview, their folder."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from rag import Document, Settings, Skipped, build_index, read_ahead
from tests.unit.load.pages import column, pdf_of
from ui.upload import named, preview, safe_name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("order.pdf", "order.pdf"),
        ("../../evil.pdf", "evil.pdf"),
        ("C:\\docs\\order 7.pdf", "order 7.pdf"),
        (".hidden", "hidden.txt"),
        ("a<b>.txt", "a_b_.txt"),
        ("", "document.txt"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_cannot_leave_the_folder(sent: str, name: str) -> None:
    assert safe_name(sent) == name


def test_of_two_files_with_one_name_both_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"before")

    files = [("a.txt", b"one"), ("b.txt", b"x"), ("x/a.txt", b"two"), ("a.txt", b"one")]

    assert named(files, tmp_path) == {"a-2.txt": b"one", "b.txt": b"x", "a-3.txt": b"two"}


def test_a_file_that_is_there_is_not_kept_twice(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")

    assert named([("a.txt", b"one")], tmp_path) == {"a.txt": b"one"}


def test_a_sidecar_follows_its_document_to_its_new_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"before")

    files = [("a.txt.toml", b"title = 'A'"), ("a.txt", b"now")]

    assert named(files, tmp_path) == {"a-2.txt": b"now", "a-2.txt.toml": b"title = 'A'"}


def _refuse(*args: object) -> None:
    raise AssertionError("read again")


def read_of(files: dict[str, bytes], folder: Path) -> dict[str, list[Document | Skipped]]:
    """The files as a build reads them once they are in ``folder/seeds/uploaded``."""
    staged = folder / "staged"
    staged.mkdir()
    for name, data in files.items():
        (staged / name).write_bytes(data)
    seeds = folder / "seeds"
    return read_ahead(
        staged,
        seeds / "uploaded",
        seeds,
        settings=Settings(index=folder / "index", seeds=seeds, ocr=False),
        cache=folder / "index" / "cache" / "read",
    )


def shown_of(files: dict[str, bytes], folder: Path, *known: str) -> str:
    return preview(files, read_of(files, folder), known)


def test_the_preview_shows_the_document_as_it_will_be_indexed(tmp_path: Path) -> None:
    text = b"# Acme pays\n\nThe SEC fined Acme <b>$5</b> on May 3, 2021."

    shown = shown_of({"acme.md": text}, tmp_path)

    assert f'acme.md <span class="quiet">{len(text)} bytes</span>' in shown
    assert "Acme pays" in shown
    assert "<blockquote># Acme pays The SEC fined Acme &lt;b&gt;$5&lt;/b&gt; on" in shown


def test_the_preview_joins_several_agencies_and_types(tmp_path: Path) -> None:
    row = {
        "title": "Acme",
        "text": "The SEC and the CFTC fined Acme.",
        "agency": ["SEC", "CFTC"],
        "type": ["order", "press_release"],
    }

    assert "Acme · SEC, CFTC · order, press release · 32 characters" in shown_of(
        {"acme.jsonl": json.dumps(row).encode()}, tmp_path
    )


@pytest.mark.parametrize("name", ["order", "order.text", "ORDER.TXT", "order.dat", "order.md"])
def test_a_file_is_read_whatever_it_is_called_as_on_the_command_line(
    name: str, tmp_path: Path
) -> None:
    assert "Acme Bank paid $5." in shown_of({safe_name(name): b"Acme Bank paid $5."}, tmp_path)


def test_the_preview_says_why_a_file_adds_nothing(tmp_path: Path) -> None:
    known = hashlib.sha256(b"").hexdigest()

    shown = shown_of({"empty.txt": b""}, tmp_path, known)

    assert "Will be skipped: " in shown
    assert "0 bytes, already in the index" in shown


def test_the_preview_leaves_out_what_the_build_leaves_out(tmp_path: Path) -> None:
    files = {"README.md": b"Acme paid $5.", "a.txt": b"Acme paid $7.", "a.txt.toml": b"title='A'"}

    given = read_of(files, tmp_path)
    shown = preview(files, given)

    assert list(given) == ["a.txt"]
    assert "Will be left out: a file of this name describes its folder." in shown
    assert "Describes a.txt." in shown


def test_a_build_does_not_read_again_what_the_preview_has_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.txt", "Corvid paid a penalty of $9,000 for late reports.")
    files = {
        "order.pdf": pdf_of(column(72, 600, ["The SEC fined Acme $5,000 for late reports."])),
        "set.zip": packed.getvalue(),
        "rows.csv": b"title,text\nHalden,Halden paid a penalty of $7,000 for late reports.\n",
    }
    given = read_of(files, tmp_path)
    folder = tmp_path / "seeds" / "uploaded"
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    monkeypatch.setattr("rag.load.documents.read_source", _refuse)
    monkeypatch.setattr("rag.load.workers.Workers.read", _refuse)

    seeds = tmp_path / "seeds"
    built = build_index(settings=Settings(index=tmp_path / "index", seeds=seeds, ocr=False))

    assert built.documents == 3
    ahead = [item for items in given.values() for item in items]
    assert {item.source for item in ahead} == {
        f"{folder / 'order.pdf'}",
        f"{folder / 'set.zip'}!inside.txt",
        f"{folder / 'rows.csv'}:2",
    }
