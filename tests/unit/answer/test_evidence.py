"""Saved answers: every format is checked against its sources, and every change is named."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document as Docx

from rag.answer.evidence import evidence, verify_file
from rag.answer.export import save
from rag.answer.verify import cite
from rag.errors import UsageError
from rag.types import Answer, Claim, Document, Hit, Passage, Searched

TEXT = "Acme paid $1,000 & <b>fled</b>.\nIt was `fined` [twice](x) in *2019*.\n"
MOMENT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SUFFIXES = (".json", ".md", ".html", ".docx")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "seeds" / "acme.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


def answer_from(source: Path) -> Answer:
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    document = Document("acme.txt", "Acme # 1", TEXT, str(source), sha256, {"date": "2019"})
    spans = ((0, 31), (32, len(TEXT) - 1))
    claims = [Claim(TEXT[a:b], (cite(document, a, b),), "SEC", "alleged") for a, b in spans]
    hit = Hit(Passage(document, 0, 31), 1.0, 1)
    searched = Searched(1, 2, ("what did Acme pay?",), {}, "build-1")
    return Answer("What did Acme pay?", "answered", tuple(claims), (hit,), searched)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_saved_answer_stands_while_its_source_does(source: Path, suffix: str) -> None:
    file = save(answer_from(source), source.parent.parent / f"a{suffix}", asked_at=MOMENT)

    assert verify_file(file) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_changed_character_in_the_source_is_named(source: Path, suffix: str) -> None:
    file = save(answer_from(source), source.parent.parent / f"a{suffix}")
    source.write_text(TEXT.replace("1,000", "1,001"), encoding="utf-8")

    problems = verify_file(file)

    assert any("$1,001" in problem and "claim 1" in problem for problem in problems)
    assert not any("claim 2: characters" in problem for problem in problems)


def test_a_changed_offset_is_named(source: Path) -> None:
    file = save(answer_from(source), source.parent.parent / "a.json")
    record = json.loads(file.read_text())
    record["claims"][1]["citations"][0]["start"] += 1
    file.write_text(json.dumps(record))

    assert [p.split(" read ")[0] for p in verify_file(file)] == [
        "the record was changed: its SHA-256 differs from the saved one",
        f"claim 2: characters 33 to {len(TEXT) - 1} of acme.txt",
    ]


def test_any_other_changed_character_of_a_record_is_named(source: Path) -> None:
    file = save(answer_from(source), source.parent.parent / "a.json")
    asked = json.loads(file.read_text())["question"]
    file.write_text(file.read_text().replace(asked, asked.upper(), 1))

    assert verify_file(file) == ["the record was changed: its SHA-256 differs from the saved one"]


def test_an_older_record_without_a_digest_is_checked(source: Path) -> None:
    file = save(answer_from(source), source.parent.parent / "a.json")
    record = json.loads(file.read_text())
    del record["record_sha256"]
    file.write_text(json.dumps(record | {"format": "enforcement-rag evidence 1"}))

    assert verify_file(file) == []


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_changed_word_in_the_text_shown_is_named(source: Path, suffix: str) -> None:
    file = save(answer_from(source), source.parent.parent / f"a{suffix}")
    text = file.read_text()
    at = text.index("1,000")
    file.write_text(text[:at] + "9,000" + text[at + 5 :])

    assert verify_file(file) == ["claim 1: the text shown is not that of the record"]


def test_altered_words_in_a_word_document_are_named(source: Path) -> None:
    file = save(answer_from(source), source.parent.parent / "a.docx")
    opened = Docx(str(file))
    (paragraph,) = [p for p in opened.paragraphs if "1,000" in p.text and p.style.name == "Quote"]
    paragraph.runs[0].text = paragraph.text.replace("1,000", "9,000")
    opened.save(str(file))

    assert verify_file(file) == ["claim 1: the text shown is not that of the record"]


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_another_status_in_the_text_shown_is_named(source: Path, suffix: str) -> None:
    file = save(answer_from(source), source.parent.parent / f"a{suffix}")
    file.write_text(file.read_text().replace("alleges", "found"))

    assert len(verify_file(file)) == 2


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_claim_in_other_words_than_its_quote_is_named(source: Path, suffix: str) -> None:
    answer = answer_from(source)
    other = replace(answer.claims[0], text="Acme paid $1,000.")
    file = source.parent.parent / f"a{suffix}"

    assert verify_file(save(replace(answer, claims=(other,)), file)) == [
        "claim 1: its text is not its quote"
    ]


def test_a_missing_source_is_named_and_found_again_in_another_folder(source: Path) -> None:
    file = save(answer_from(source), source.parent.parent / "a.json")
    moved = source.parent.parent / "elsewhere" / "acme.txt"
    moved.parent.mkdir()
    source.rename(moved)

    assert len(verify_file(file)) == 2
    assert "is missing" in verify_file(file)[0]
    assert verify_file(file, seeds=moved.parent) == []


def test_the_record_says_when_what_and_with_which_build(source: Path) -> None:
    record = evidence(answer_from(source), asked_at=MOMENT)

    assert record["asked_at"] == "2026-11-22T12:00:00+00:00"
    assert record["build"] == "build-1"
    assert (
        record["claims"][0]["citations"][0]["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    )


def test_text_of_a_document_is_never_markup_in_an_export(source: Path) -> None:
    page = save(answer_from(source), source.parent.parent / "a.html").read_text()
    markdown = save(answer_from(source), source.parent.parent / "a.md").read_text()

    assert "<b>" not in page
    assert "\\<b\\>" in markdown
    assert "\\[twice\\]\\(x\\)" in markdown


def test_a_file_without_a_saved_answer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")

    with pytest.raises(UsageError, match="not a saved answer"):
        verify_file(tmp_path / "x.json")
    (tmp_path / "x.json").write_text('{"format": "enforcement-rag evidence 2"}')
    with pytest.raises(UsageError, match="incomplete"):
        verify_file(tmp_path / "x.json")
    with pytest.raises(UsageError, match="no such file"):
        verify_file(tmp_path / "y.json")
    with pytest.raises(UsageError, match=r"\.docx"):
        save(None, tmp_path / "a.pdf")  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_changed_verdict_in_the_text_shown_is_named(source: Path, suffix: str) -> None:
    verdict = "$1,000, as SEC alleges."
    answer = replace(answer_from(source), verdict=verdict)
    file = save(answer, source.parent.parent / f"a{suffix}")
    shown, mark, record = file.read_text().partition("BEGIN EVIDENCE RECORD")

    assert verify_file(file) == []
    file.write_text(shown.replace("as SEC alleges", "as SEC found") + mark + record)
    assert verify_file(file) == ["verdict: the text shown is not that of the record"]


@pytest.mark.parametrize("name", ["a!b.txt", "![x](y).txt", "a.zip!b.txt", "order:7", "a[1]*.txt"])
def test_a_source_may_have_any_name_also_where_it_moved(tmp_path: Path, name: str) -> None:
    source = tmp_path / "seeds" / name
    source.parent.mkdir()
    source.write_text(TEXT, encoding="utf-8")
    file = save(answer_from(source), tmp_path / "a.json")

    assert verify_file(file) == []
    source.parent.rename(tmp_path / "moved")
    assert verify_file(file, seeds=tmp_path / "moved") == []
