"""One bad file never stops a build, leads nowhere else, and controls no terminal."""

import io
import json
import os
import sqlite3
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from rag import cli
from rag.config import Settings
from rag.errors import RagError, UsageError
from rag.index.documents import DocumentsWriter
from rag.index.lexical import _Writer
from rag.ingest import build_index
from rag.load import find, load
from rag.text.sentences import sentences
from rag.text.split import split
from rag.types import Document, Skipped

_QUICK = Settings(ocr=False, workers=1)
_ESCAPES = "\x1b]0;owned\x07\x1b[31m\r\n\u202efdp\x9b2J"
"""A title for the window, a colour, a forged line, a reversed name, an 8-bit command."""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process: exit code, stdout, stderr."""

    def _run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        code = caught.value.code
        return (code if isinstance(code, int) else 0), printed.out, printed.err

    return _run


def read(folder: Path, settings: Settings = _QUICK) -> tuple[dict[str, str], dict[str, str]]:
    """Texts by id, and reasons by the name of the file that was skipped."""
    items = list(load(find([folder]), settings))
    texts = {item.doc_id: item.text for item in items if isinstance(item, Document)}
    reasons = {
        item.source.removeprefix(f"{folder}/"): item.reason
        for item in items
        if isinstance(item, Skipped)
    }
    return texts, reasons


def test_a_build_goes_on_beside_every_bad_file(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "good.txt").write_text("The Commission fined Acme $5,000.")
    Path(os.fsdecode(bytes(folder) + b"/caf\xe9.txt")).write_text("A name that is not UTF-8.")
    (folder / f"{'n' * 251}.txt").write_text("A name that leaves no room for a sidecar's.")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "deep.txt").write_text("A sidecar of brackets lies beside this.")
    (folder / "deep.txt.toml").write_text("title = " + "[" * 100_000)
    (folder / "deep.jsonl").write_text('{"text": "Row."}\n{"text": ' + "[" * 100_000 + "\n")
    (folder / "rows.jsonl").write_bytes(
        rb'{"id": "a\ud800", "title": "T\udfff", "parties": ["\udc80"], "text": "One \ud83d."}'
        b"\n"
        rb'{"\ud800": 1}'
    )
    (folder / "mail.eml").write_bytes(
        b'From: a@b.test\nTo: c@d.test\nSubject: s\nContent-Type: multipart/mixed; boundary="x"\n\n'
        b"--x\n\nThe message.\n--x\nContent-Disposition: attachment; filename=caf\xe9.txt\n\n"
        b"The attachment.\n--x--\n"
    )

    report = build_index(
        [folder], settings=Settings(index=tmp_path / "index", ocr=False, rerank=False)
    )

    reasons = {one.source.rpartition("/")[2]: one.reason for one in report.skipped}
    assert reasons.keys() == {
        "caf\\xe9.txt", "loop.txt", "deep.txt", "deep.jsonl:2", "rows.jsonl:2"
    }  # fmt: skip
    assert reasons["caf\\xe9.txt"] == "its name is not UTF-8; rename it"
    assert "leads to itself" in reasons["loop.txt"] or "not an ordinary" in reasons["loop.txt"]
    assert "nested too deeply" in reasons["deep.txt"]
    assert report.documents == 6  # the good, the long name, two rows, the mail, its attachment
    assert sorted(report.manifest.sources)[0] == "caf\\xe9.txt"


def test_a_folder_whose_name_is_not_utf_8_is_a_usage_error(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9"))
    folder.mkdir()

    with pytest.raises(UsageError, match=r"caf\\xe9: its name is not UTF-8. Rename it."):
        find([folder])


@pytest.mark.parametrize(
    "text",
    [
        "SEC" + "\n" * 70 + "v. x",
        "Litigation Release No. 1" + " \n" * 20_000 + "v",
        "In the matter of " + " " * 40_000 + "x",
        "Acme v. " + "A, " * 13_000,
        "The first line.\n" + "\t" * 40_000 + "the end",
    ],
)
def test_a_text_of_runs_is_read_and_split_at_once(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)

    (document,) = load(find([tmp_path]), Settings(workers=1, parse_seconds=20))
    assert isinstance(document, Document)
    began = time.process_time()
    passages = list(split(document, size=500))
    found = sentences(text)

    assert passages
    assert found
    assert time.process_time() - began < 3


def test_plain_text_that_takes_too_long_is_skipped_alone(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_text("A line of a text that is long.\n\n" * 2_000_000)
    (tmp_path / "small.txt").write_text("Fine.")

    texts, reasons = read(tmp_path, Settings(workers=1, parse_seconds=1))

    assert texts == {"small.txt": "Fine."}
    assert "within parse_seconds = 1" in reasons["large.txt"]


def test_links_that_lead_out_of_the_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    secret, folder = tmp_path / "secret", tmp_path / "docs"
    secret.mkdir()
    folder.mkdir()
    (secret / "a.txt").write_text("Secret.")
    (secret / "a.toml").write_text('title = "Secret"')
    (folder / "own.txt").write_text("Own.")
    (folder / "out.txt").symlink_to(secret / "a.txt")
    (folder / "up.txt").symlink_to("../secret/a.txt")
    (folder / "none.txt").symlink_to("none")
    (folder / "inside.txt").symlink_to("own.txt")
    (folder / "all").symlink_to(secret)
    (folder / "beside.txt").write_text("Beside.")
    (folder / "beside.txt.toml").symlink_to(secret / "a.toml")

    texts, reasons = read(folder)
    named, _ = read(folder / "out.txt")

    assert list(texts.values()) == ["Own."]
    assert reasons.keys() == {"out.txt", "up.txt", "none.txt", "all", "beside.txt"}
    assert reasons["out.txt"] == reasons["up.txt"]
    assert "outside the folder" in reasons["out.txt"]
    assert "leads nowhere" in reasons["none.txt"]
    assert "a link to a folder" in reasons["all"]
    assert "its sidecar is a link that leads outside" in reasons["beside.txt"]
    assert named == {"out.txt": "Secret."}  # a link that the user names is meant


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_archives_in_archives_share_one_limit_and_what_is_left_out_is_named(
    tmp_path: Path,
) -> None:
    inner = {f"{number}.zip": packed({"a.txt": b"word " * 50_000}) for number in range(20)}
    (tmp_path / "all.zip").write_bytes(packed(inner))

    _, reasons = read(tmp_path, Settings(workers=1, max_file_bytes=1_000_000))

    first = ("all.zip!0.zip", "all.zip!1.zip", "all.zip!10.zip")  # 250,000 bytes each
    assert len(reasons) == 17
    assert not {name for name in reasons if name in first}
    assert all(
        "more than is left of max_file_bytes = 1,000,000" in reason
        for name, reason in reasons.items()
        if name.endswith(".zip")
    )


def test_the_texts_of_one_file_share_one_limit(tmp_path: Path) -> None:
    """A Word file is packed itself: its few bytes in an archive may be a long text."""
    members = {}
    for number in range(4):
        word = docx.Document()
        word.add_paragraph(f"Order {number}. " + "word " * 60_000)
        word.save(str(tmp_path / "word"))
        members[f"{number}.docx"] = (tmp_path / "word").read_bytes()
    (tmp_path / "word").unlink()
    (tmp_path / "a.zip").write_bytes(packed(members))

    texts, reasons = read(tmp_path, Settings(workers=1, max_file_bytes=700_000))

    assert list(texts) == ["a.zip!0.docx", "a.zip!1.docx"]
    assert list(reasons) == ["a.zip!2.docx", "a.zip!3.docx"]
    reason = "texts of more than max_file_bytes = 700,000 characters in one file; split it"
    assert set(reasons.values()) == {reason}


def test_messages_in_messages_are_read_to_a_depth(tmp_path: Path) -> None:
    head = b"From: a@b.test\nTo: c@d.test\nSubject: s%d\nMIME-Version: 1.0\n"
    mail = (head % 0) + b"\nThe innermost message.\n"
    for number in range(1, 30):
        mark = b"b%d" % number
        parted = b'Content-Type: multipart/mixed; boundary="' + mark + b'"\n\n'
        own = b"--" + mark + b"\n\nMessage %d.\n" % number
        nested = b"--" + mark + b"\nContent-Type: message/rfc822\n\n" + mail
        mail = (head % number) + parted + own + nested + b"\n--" + mark + b"--\n"
    (tmp_path / "a.eml").write_bytes(mail)

    texts, reasons = read(tmp_path)

    assert 5 <= len(texts) <= 11
    assert set(reasons.values()) == {"more than 10 files one in another; save it on its own"}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder of files that would control the terminal by their names and metadata."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / f"a{_ESCAPES}.txt").write_text("The Commission fined Acme Corp. $5,000.")
    (folder / f"b{_ESCAPES}.pdf").write_bytes(b"%PDF-1.7 broken")
    row = {"id": f"r{_ESCAPES}", "title": f"T{_ESCAPES}", "agency": f"SEC{_ESCAPES}"}
    row |= {"speaker": f"S{_ESCAPES}", "docket": f"1{_ESCAPES}", "text": f"Fined {_ESCAPES} Acme."}
    (folder / "rows.jsonl").write_text(json.dumps(row))
    (folder / f"c{_ESCAPES}.txt").write_text("Bolt Inc. was ordered to pay a penalty of $6,000.")
    (folder / f"c{_ESCAPES}.txt.toml").write_text(
        f"title = {json.dumps(f'C{_ESCAPES}')}\ntype = {json.dumps(f'order{_ESCAPES}')}"
    )
    return folder


def test_no_command_prints_what_controls_a_terminal(
    run: Run, hostile: Path, tmp_path: Path
) -> None:
    where = ("--index", tmp_path / "index")
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        json.dumps(
            {
                "qid": f"q{_ESCAPES}",
                "question": f"What was Acme{_ESCAPES} fined?",
                "kind": "fact",
                "gold": [{"doc_id": f"missing{_ESCAPES}", "quote": "Fined"}],
            }
        )
    )
    commands: list[tuple[str | Path, ...]] = [
        ("index", hostile, *where),
        ("index", "--rebuild", "--json", hostile, *where),
        ("status", "--documents", "--changes", *where),
        ("status", "--documents", "--json", *where),
        ("ask", "what penalty was Acme Corp. fined?", *where),
        ("ask", "largest penalties", "--json", *where),
        ("ask", "largest penalties", *where),
        ("search", "fined Acme", *where),
        ("search", "penalty", "--json", "--lexical", *where),
        ("eval", questions, *where),
        ("eval", "--answers", questions, *where),
        ("index", hostile / f"b{_ESCAPES}.pdf", "--index", tmp_path / "other"),
        ("index", tmp_path / f"none{_ESCAPES}", *where),
    ]

    printed = [run(*command) for command in commands]

    for command, (_, out, err) in zip(commands, printed, strict=True):
        raw = {c for c in out + err if c != "\n" and not c.isprintable()} - {"\t"}
        assert not raw, (command[0], raw)
        assert not any(line.startswith("\u202e") for line in (out + err).splitlines())
    status = printed[2][1]
    assert "a\\x1b]0;owned\\x07\\x1b[31m\\r\\n\\u202efdp\\x9b2J.txt" in status
    listed = json.loads(printed[3][1])["documents"]
    assert any(
        one["doc_id"] == f"a{_ESCAPES}.txt" for one in listed
    )  # JSON says the same as before


def test_a_full_disk_is_told_and_the_live_build_stays(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("The Commission fined Acme $5,000.")
    settings = Settings(index=tmp_path / "index", seeds=folder, rerank=False)
    live = build_index(settings=settings).build
    (folder / "b.txt").write_text("The Commission fined Bolt $6,000.")

    def fail(error: Exception) -> Callable[..., None]:
        def raised(*_: object, **__: object) -> None:
            raise error

        return raised

    class Tantivy:
        """A writer on a full disk."""

        add_document = staticmethod(fail(ValueError("An IO error occurred: 'No space left'")))

    faults: list[tuple[object, str, object]] = [
        (DocumentsWriter, "add", fail(sqlite3.OperationalError("database or disk is full"))),
        (_Writer, "close", fail(OSError(28, "No space left on device", "terms.idx"))),
        (os, "fsync", fail(OSError(5, "Input/output error"))),
    ]
    for owner, name, raised in faults:
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, raised)
            with pytest.raises(RagError, match="index cannot be written: .*Check the disk"):
                build_index(settings=settings)
            code, _, err = run("index", folder, "--index", settings.index)
            assert (code, err.count("\n"), err.startswith("rag: ")) == (1, 1, True)
    began = _Writer.__init__

    def on_a_full_disk(self: _Writer, folder: Path) -> None:
        began(self, folder)
        self._writer = Tantivy()

    with monkeypatch.context() as patched:
        patched.setattr(_Writer, "__init__", on_a_full_disk)
        patched.setattr(_Writer, "close", lambda self: None)
        with pytest.raises(RagError, match="index cannot be written: An IO error occurred"):
            build_index(settings=settings)

    code, out, _ = run("status", "--index", settings.index)
    assert code == 0
    assert live in out


def test_what_the_disk_says_while_reading_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error", f"/index/{_ESCAPES}")

    monkeypatch.setattr(cli, "_open", fail)

    code, out, err = run("status", "--index", tmp_path)

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("rag: /index/\\x1b]0;")
    assert "Input/output error. Check the disk" in err
