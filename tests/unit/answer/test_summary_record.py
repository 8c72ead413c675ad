"""A summary in a saved answer: shown, kept with what was withheld, and checked without a model."""

import hashlib
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as Docx

from rag.answer.evidence import marks_of_models, verify_file
from rag.answer.export import save
from rag.answer.summary_record import summary_lines
from rag.answer.verify import cite
from rag.types import (
    Answer,
    Claim,
    Document,
    Searched,
    Summary,
    SummarySentence,
    WithheldSentence,
)

ORDER = "The court ordered Lee to pay $5,000."
DENIAL = "Lee denies that he took it."
TAKEN = "The complaint alleges that Lee took $9,000."
TEXT = f"{ORDER}\n{DENIAL}\n{TAKEN}\n"
SUFFIXES = (".json", ".md", ".html", ".docx")
SECRET = "Lee was jailed on the moon."


@pytest.fixture
def answer(tmp_path: Path) -> Answer:
    path = tmp_path / "seeds" / "lee.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    document = Document(
        "lee.txt", "SEC v. Lee", TEXT, str(path), hashlib.sha256(TEXT.encode()).hexdigest()
    )

    def claim(quote: str, speaker: str, status: str) -> Claim:
        at = TEXT.index(quote)
        return Claim(quote, (cite(document, at, at + len(quote)),), speaker, status)  # type: ignore[arg-type]

    found = Summary(
        "shown",
        "tiny",
        "127.0.0.1",
        "f" * 64,
        1.5,
        sentences=(
            SummarySentence("Lee was ordered to pay $5,000.", (1,), "unchecked"),
            SummarySentence(TAKEN, (3,), "quoted"),
        ),
        withheld=(WithheldSentence(SECRET, (1,), "no quote that it cites says “jailed”"),),
        added=(claim(TAKEN, "SEC", "alleged"),),
        omitted=(2,),
    )
    claims = (claim(ORDER, "the court", "ordered"), claim(DENIAL, "Lee", "denied"))
    searched = Searched(1, 3, ("What must Lee pay?",), {}, "b")
    return Answer("What must Lee pay?", "answered", claims, (), searched, summary=found)


def test_the_lines_name_model_standing_mark_and_what_is_left_out(answer: Answer) -> None:
    assert summary_lines(answer.to_dict()) == [
        "In the words of a language model (tiny on 127.0.0.1):",
        "Lee was ordered to pay $5,000. [1] (the court ordered; wording not checked)",
        f"“{TAKEN}” [3] (SEC alleges; quotation)",
        "The summary leaves out: Lee denies [2].",
        "1 sentence of the language model withheld.",
    ]
    assert summary_lines({**answer.to_dict(), "summary": None}) == []


def shown_in(file: Path) -> str:
    """The text that a reader of the file sees, without its record."""
    if file.suffix == ".docx":
        text = "\n".join(paragraph.text for paragraph in Docx(str(file)).paragraphs)
    else:
        text = file.read_text(encoding="utf-8")
    text = text.partition("BEGIN EVIDENCE RECORD")[0]
    return html.unescape(re.sub(r"\\(.)", r"\1", text))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_saved_summary_stands_and_says_what_rests_on_a_model(
    answer: Answer, tmp_path: Path, suffix: str
) -> None:
    file = save(answer, tmp_path / f"a{suffix}")

    assert verify_file(file) == []
    assert marks_of_models(file) == ["summary, sentence 1: in a model's words, not checked"]


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_what_is_withheld_is_in_no_text_shown(answer: Answer, tmp_path: Path, suffix: str) -> None:
    shown = shown_in(save(answer, tmp_path / f"a{suffix}"))

    assert SECRET not in shown
    assert "Lee was ordered to pay $5,000. [1]" in shown
    assert TAKEN in shown


def test_a_record_keeps_what_is_withheld_under_withheld_alone(
    answer: Answer, tmp_path: Path
) -> None:
    record = json.loads(save(answer, tmp_path / "a.json").read_text())

    assert record["summary"]["withheld"][0]["text"] == SECRET
    del record["summary"]["withheld"]
    assert SECRET not in json.dumps(record)
    assert SECRET not in answer.text
    without = replace(answer, summary=None)
    assert answer.text == without.text
    assert answer.to_dict()["claims"] == without.to_dict()["claims"]


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        (SummarySentence("Lee was ordered to pay $6,000.", (1,), "unchecked"), "“$6,000”"),
        (SummarySentence("Lee paid $5,000.", (1,), "checked"), "“paid”"),
        (SummarySentence("Lee was ordered to pay.", (1,), "quoted"), "no whole sentence"),
        (SummarySentence("Lee was ordered to pay.", (9,), "unchecked"), "does not have"),
    ],
)
def test_a_sentence_that_fails_the_checks_is_named(
    answer: Answer, tmp_path: Path, sentence: SummarySentence, says: str
) -> None:
    assert answer.summary is not None
    forged = replace(answer.summary, sentences=(sentence,))

    problems = verify_file(save(replace(answer, summary=forged), tmp_path / "a.md"))

    assert says in problems[0]


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_changed_word_of_the_summary_shown_is_named(
    answer: Answer, tmp_path: Path, suffix: str
) -> None:
    file = save(answer, tmp_path / f"a{suffix}")
    file.write_text(file.read_text().replace("Lee was ordered", "Lee was begged", 1))

    assert verify_file(file) == ["summary: the text shown is not that of the record"]
