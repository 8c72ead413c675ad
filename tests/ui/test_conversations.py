"""Conversations: storing, listing, exporting."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document as Docx

from rag import (
    Amount,
    Answer,
    Citation,
    Claim,
    Document,
    Hit,
    Passage,
    Searched,
    SumsAsked,
    SumsTable,
)
from rag.answer.evidence import verify_file
from ui.answer import two_sides
from ui.conversations import Conversation, Conversations
from ui.export import as_docx, as_html, as_json, as_markdown, as_memo
from ui.timeline import as_csv
from ui.turns import Place, Turn

TEXT = "Acme paid $1,000 and $2,000 <b>at once</b>. Acme denies *everything*."
DOCUMENT = Document(
    doc_id="acme",
    title="In re Acme_Corp",
    text=TEXT,
    source="seeds/acme.txt",
    sha256="ab" * 32,
    metadata={"date": "2021-05-03", "release": "LR-1"},
    page_starts=(0,),
)
PAID = Citation(DOCUMENT, 0, 43, TEXT[:43])
DENIED = Citation(DOCUMENT, 44, 69, TEXT[44:])
SEARCHED = Searched(3, 12, ("what did Acme pay",), {}, "20261122T1-ab")


def turn(*claims: Claim, question: str = "What did Acme pay?") -> Turn:
    hits = (Hit(Passage(DOCUMENT, 0, 43), 1.0, 1),)
    answer = Answer(question, "answered" if claims else "not_found", claims, hits, SEARCHED)
    return Turn(question, "2026-11-22T15:00:00+00:00", {}, 0.5, answer.to_dict())


def conversation() -> Conversation:
    claims = (
        Claim(PAID.quote, (PAID, DENIED), "SEC", "alleged"),
        Claim(DENIED.quote, (DENIED,), "Acme", "denied"),
    )
    return Conversation("0123456789abcdef", "2026-11-22T15:00:00+00:00", "", (turn(*claims),))


def test_every_citation_of_a_turn_has_a_place_with_the_label_of_its_button() -> None:
    places = conversation().turns[0].places

    assert [place.label for place in places] == ["1", "1b", "2"]
    assert places[0] == Place("acme", 0, 43, TEXT[:43], "1")


def test_a_turn_without_claims_has_its_nearest_places() -> None:
    assert turn().nearest == (Place("acme", 0, 43, TEXT[:43], "1"),)


def test_a_stored_conversation_is_read_unchanged(tmp_path: Path) -> None:
    stored = Conversations(tmp_path / "conversations")
    stored.save(conversation())

    assert stored.get("0123456789abcdef") == conversation()
    assert stored.latest(5) == [("0123456789abcdef", "What did Acme pay?", date.today())]


def test_a_renamed_conversation_is_listed_under_its_new_name(tmp_path: Path) -> None:
    stored = Conversations(tmp_path)
    stored.save(conversation())
    stored.save(replace(conversation(), title="Acme"))

    assert stored.latest(5) == [("0123456789abcdef", "Acme", date.today())]


def test_the_last_used_conversation_is_first_and_a_deleted_one_is_gone(tmp_path: Path) -> None:
    stored = Conversations(tmp_path)
    other = replace(conversation(), id="f" * 16)
    stored.save(conversation())
    stored.save(other)
    stored.save(replace(conversation(), turns=(turn(), turn())))

    assert [found for found, *_ in stored.latest(5)] == ["0123456789abcdef", "f" * 16]
    stored.delete("0123456789abcdef")
    assert [found for found, *_ in stored.latest(5)] == ["f" * 16]


def test_two_writers_of_one_conversation_keep_the_turns_of_both(tmp_path: Path) -> None:
    stored = Conversations(tmp_path)
    opened = replace(conversation(), turns=(replace(turn(), id="a"),))
    stored.save(opened)
    asked = [replace(turn(question=f"Question {n}?"), id=str(n)) for n in range(16)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: stored.change(opened, lambda now: now.with_turn(one)), asked))

    kept = stored.get(opened.id)
    assert kept is not None
    assert {one.id for one in kept.turns} == {"a", *map(str, range(16))}


def test_an_answer_replaces_its_own_question_and_no_other() -> None:
    asked = replace(conversation(), turns=(Turn("One?", "", id="a"), Turn("Two?", "", id="b")))

    answered = asked.with_turn(Turn("One?", "", error="late", id="a"))

    assert [(one.question, one.error) for one in answered.turns] == [("One?", "late"), ("Two?", "")]


def test_turns_stored_without_an_id_get_one_by_their_place(tmp_path: Path) -> None:
    before = replace(conversation(), turns=(turn(), turn())).to_dict()
    for fields in before["turns"]:
        fields.pop("id")
    (tmp_path / f"{before['id']}.json").write_text(json.dumps(before), encoding="utf-8")

    stored = Conversations(tmp_path).get(before["id"])

    assert stored is not None
    assert [one.id for one in stored.turns] == ["turn-0", "turn-1"]


def test_an_export_shows_a_control_character_of_a_quote() -> None:
    nul = replace(PAID, quote="paid $1\x000")
    stored = replace(conversation(), turns=(turn(Claim(nul.quote, (nul,), "SEC", "alleged")),))

    assert "“paid $1\ufffd0”" in as_html(stored)
    assert "“paid \\$1\ufffd0”" in as_markdown(stored)
    assert "“paid $1\ufffd0”" in [
        paragraph.text for paragraph in Docx(io.BytesIO(as_docx(stored))).paragraphs
    ]


def test_an_id_that_is_a_path_opens_and_deletes_nothing(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    stored = Conversations(tmp_path / "conversations")

    assert stored.get("../outside") is None
    stored.delete("../outside")
    assert outside.exists()


def test_a_damaged_file_is_left_out_of_the_list(tmp_path: Path) -> None:
    stored = Conversations(tmp_path)
    stored.save(conversation())
    (tmp_path / ("e" * 16 + ".json")).write_text('{"started": 1')

    assert stored.latest(5) == [("0123456789abcdef", "What did Acme pay?", date.today())]


def test_markdown_escapes_the_text_of_documents() -> None:
    written = as_markdown(conversation())

    assert r"> “Acme paid \$1,000 and \$2,000 \<b\>at once\</b\>.”" in written
    assert "[1] In re Acme\\_Corp, Release LR\\-1, p. 1" in written.replace("\\[1\\]", "[1]")
    assert r"SEC \(alleges\):" in written


def test_html_is_escaped_and_loads_nothing() -> None:
    written = as_html(conversation())

    assert "&lt;b&gt;at once&lt;/b&gt;" in written
    assert "default-src 'none'" in written
    assert "<script" not in written


def test_word_contains_question_quote_and_digest() -> None:
    made = Docx(io.BytesIO(as_docx(conversation())))
    lines = [paragraph.text for paragraph in made.paragraphs]

    assert "What did Acme pay?" in lines
    assert f"“{TEXT[:43]}”" in lines
    assert any("sha256 " + "ab" * 32 in line for line in lines)


def test_word_reads_like_a_memo_with_the_record_beside_its_text() -> None:
    made = Docx(io.BytesIO(as_docx(conversation())))
    lines = [paragraph.text for paragraph in made.paragraphs]

    assert not any("{" in line or "EVIDENCE RECORD" in line for line in lines)
    assert lines.index("What did Acme pay?") < lines.index(f"“{TEXT[:43]}”")
    assert "[1] In re Acme_Corp, Release LR-1, p. 1 (3 May 2021)" in lines
    assert lines[-3:-1] == ["Sources", f"In re Acme_Corp [acme.txt, sha256 {'ab' * 32}]"]


MARKED = {"2": {"star": True, "note": "Ask counsel"}}


@pytest.mark.parametrize("write", [as_markdown, as_html])
def test_a_star_and_a_note_are_exported(write: Callable[[Conversation], str]) -> None:
    marked = replace(conversation(), turns=(replace(conversation().turns[0], marks=MARKED),))

    written = write(marked)

    assert "★ starred" in written
    assert "Note: Ask counsel" in written
    assert written.index("Acme denies") < written.index("Ask counsel")


def test_a_memo_has_the_starred_quotes_alone_and_can_be_checked(tmp_path: Path) -> None:
    source = tmp_path / "acme.txt"
    source.write_text(TEXT, encoding="utf-8")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    document = replace(DOCUMENT, source=str(source), sha256=digest)
    paid, denied = (replace(one, document=document) for one in (PAID, DENIED))
    answered = turn(
        Claim(paid.quote, (paid,), "SEC", "alleged"), Claim(denied.quote, (denied,), "A", "denied")
    )
    marked = replace(conversation(), turns=(replace(answered, marks=MARKED), turn()))
    file = tmp_path / "memo.docx"
    file.write_bytes(as_memo(marked))
    lines = [paragraph.text for paragraph in Docx(str(file)).paragraphs]

    assert [line for line in lines if line.startswith("“")] == [f"“{DENIED.quote}”"]
    assert "Note: Ask counsel" in lines
    assert verify_file(file) == []


def test_the_timeline_is_a_table_by_date() -> None:
    later = replace(DOCUMENT, title="=Later", metadata={"date": "2022"}, source="later.txt")
    claims = (
        Claim(PAID.quote, (replace(PAID, document=later),), "SEC", "alleged"),
        Claim(DENIED.quote, (DENIED,), "Acme", "denied"),
    )
    rows = list(csv.reader(as_csv(replace(conversation(), turns=(turn(*claims),))).splitlines()))

    assert rows[1:] == [
        ["2021-05-03", DENIED.quote, "Acme", "denied", "In re Acme_Corp", "1", "acme.txt"],
        ["2022", PAID.quote, "SEC", "alleged", "'=Later", "1", "later.txt"],
    ]


def test_json_contains_the_evidence() -> None:
    written = json.loads(as_json(conversation()))

    (answer,) = written["answers"]
    citation = answer["claims"][0]["citations"][0]
    assert (citation["start"], citation["end"]) == (0, 43)
    assert answer["build"] == "20261122T1-ab"
    assert answer["asked_at"] == "2026-11-22T15:00:00+00:00"


WRITERS = {
    ".json": as_json,
    ".md": as_markdown,
    ".html": as_html,
    ".docx": as_docx,
}


@pytest.mark.parametrize("suffix", WRITERS)
def test_an_exported_conversation_can_be_checked_against_its_sources(
    tmp_path: Path, suffix: str
) -> None:
    source = tmp_path / "seeds" / "acme.txt"
    source.parent.mkdir()
    source.write_text(TEXT, encoding="utf-8")
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    document = replace(DOCUMENT, source=str(source), sha256=sha256)
    paid = replace(PAID, document=document)
    row = Amount(Decimal(3000), "USD", "penalty", paid)
    table = SumsTable(
        SumsAsked(("penalty",)),
        1,
        1,
        1,
        (("USD", row.value, 1),),
        (row,),
        "Lead.",
        "Looked at one.",
    )
    answered = turn(Claim(paid.quote, (paid,), "SEC", "alleged"))
    with_table = dict(answered.answer or {}) | {"table": table.to_dict()}
    stored = replace(conversation(), turns=(answered, replace(answered, answer=with_table), turn()))
    written = WRITERS[suffix](stored)
    file = tmp_path / f"stored{suffix}"
    file.write_bytes(written if isinstance(written, bytes) else written.encode())

    assert verify_file(file) == []

    source.write_text(TEXT.replace("1,000", "1,001"), encoding="utf-8")
    named = {problem.split(":")[0] for problem in verify_file(file)}
    assert named == {"question 1, claim 1", "question 2, claim 1", "question 2, row 1"}


def test_a_table_stored_beside_its_answer_is_still_shown(tmp_path: Path) -> None:
    row = PAID.to_dict() | {"dollars": "3000.50", "kind": "penalty"}
    before = conversation().to_dict()
    before["turns"][0]["table"] = {
        "rows": [row],
        "total": "3000.50",
        "sums": 1,
        "stated": 1,
        "looked": 4,
    }
    (tmp_path / f"{before['id']}.json").write_text(json.dumps(before), encoding="utf-8")

    stored = Conversations(tmp_path).get(before["id"])

    assert stored is not None
    assert stored.turns[0].table_answers
    assert "3,000.50" in as_markdown(stored)


def test_a_turn_stored_under_old_field_names_is_still_read(tmp_path: Path) -> None:
    before = conversation().to_dict()
    (fields,) = before["turns"]
    fields["asked"] = fields.pop("asked_at")
    fields["after"] = ["Who is Acme?"]
    fields.pop("history")
    (tmp_path / f"{before['id']}.json").write_text(json.dumps(before), encoding="utf-8")

    stored = Conversations(tmp_path).get(before["id"])

    assert stored is not None
    assert stored.turns[0].asked_at == "2026-11-22T15:00:00+00:00"
    assert stored.turns[0].history == ("Who is Acme?",)


def test_accuser_and_denier_are_two_sides() -> None:
    answer = conversation().turns[0].answer
    assert answer is not None

    assert two_sides(answer["claims"]) == (frozenset({"SEC"}), frozenset({"Acme"}))


def test_one_speaker_alone_is_not_two_sides() -> None:
    claims = [{"speaker": "Acme", "status": "denied"}, {"speaker": "Acme", "status": "stated"}]

    assert two_sides(claims) is None
