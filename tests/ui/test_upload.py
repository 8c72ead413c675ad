"""Uploaded files: their names, their preview, their folder."""

import hashlib
import json
from pathlib import Path

import pytest

from ui.upload import keep, preview, safe_name


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


def test_a_second_file_of_the_same_name_gets_another_name(tmp_path: Path) -> None:
    keep("a.txt", b"one", tmp_path)
    keep("a.txt", b"two", tmp_path)
    keep("a.txt", b"one", tmp_path)

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "a.txt": b"one",
        "a-2.txt": b"two",
    }


def test_the_preview_shows_the_document_as_it_will_be_indexed() -> None:
    text = b"# Acme pays\n\nThe SEC fined Acme <b>$5</b> on May 3, 2021."

    shown = preview("acme.md", text)

    assert f'acme.md <span class="quiet">{len(text)} bytes</span>' in shown
    assert "Acme pays" in shown
    assert "<blockquote># Acme pays The SEC fined Acme &lt;b&gt;$5&lt;/b&gt; on" in shown


def test_the_preview_joins_several_agencies_and_types() -> None:
    row = {
        "title": "Acme",
        "text": "The SEC and the CFTC fined Acme.",
        "agency": ["SEC", "CFTC"],
        "type": ["order", "press_release"],
    }

    assert "Acme · SEC, CFTC · order, press release · 32 characters" in preview(
        "acme.jsonl", json.dumps(row).encode()
    )


@pytest.mark.parametrize("name", ["order", "order.text", "ORDER.TXT", "order.dat", "order.md"])
def test_a_file_is_read_whatever_it_is_called_as_on_the_command_line(name: str) -> None:
    assert "Acme Bank paid $5." in preview(safe_name(name), b"Acme Bank paid $5.")


def test_the_preview_says_why_a_file_adds_nothing() -> None:
    known = {hashlib.sha256(b"").hexdigest()}

    assert "Will be skipped: " in preview("empty.txt", b"")
    assert "0 bytes, already in the index" in preview("empty.txt", b"", known)
