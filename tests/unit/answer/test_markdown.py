"""Answers as Markdown: what a document says is never markup, and not found stays so."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from rag.answer.export import markdown_text
from rag.answer.markdown import answer_markdown, claim_block
from rag.types import Answer, Citation, Claim, Searched
from tests.records import document, hit

HOSTILE = (
    "# Fined <img src=http://evil.test/x> ![a](http://evil.test) [b](javascript:c) `d` **e** $f$ "
    "www.evil.test a@evil.test | g ~~h~~ :100: <script>i</script> &amp; \\j"
)


def claim(text: str, speaker: str | None = "SEC") -> Claim:
    of = document(text, date="2023-06-05")
    return Claim(text, (Citation(of, 0, len(text), text),), speaker, "alleged")


def answer(**fields: object) -> Answer:
    searched = Searched(3, 9, ("q",), {}, "b")
    return replace(Answer("q", "answered", (), (), searched), **fields)  # type: ignore[arg-type]


def test_a_claim_shows_who_says_it_its_standing_its_words_and_its_place() -> None:
    assert claim_block(claim("It was paid."), 2) == (
        "**2. SEC alleges:**\n\n> “It was paid.”\n\n"
        "— a.txt (2023-06-05), a.txt, characters 0–12\n\n"
    )


def test_a_reader_of_markdown_sees_a_quote_as_it_is() -> None:
    block = claim_block(claim(HOSTILE, speaker="<b>SEC</b>"), 1)

    tokens = MarkdownIt("js-default", {"html": True}).parse(block)
    inline = [token.children or [] for token in tokens if token.type == "inline"]
    assert {token.type for line in inline for token in line} == {
        "text",
        "strong_open",
        "strong_close",
    }
    assert [token.content for token in inline[1]] == [f"“{HOSTILE}”"]
    assert "<b>SEC</b> alleges" in inline[0][2].content
    for address in ("http:", "www.evil", "a@evil"):  # others make links of these
        assert address not in block


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("1. one", "1\\. one"),
        ("- one", "\\- one"),
        ("10:30 at a:b", "10\\:30 at a\\:b"),
        ("as follows: one", "as follows: one"),
        ("two\nlines", "two lines"),
    ],
)
def test_what_begins_a_list_or_an_address_is_escaped(text: str, escaped: str) -> None:
    assert markdown_text(text) == escaped


def test_not_found_quotes_nothing_and_names_the_nearest_documents() -> None:
    near = document("Nothing of it.", "near.txt")
    shown = answer_markdown(
        answer(outcome="not_found", verdict="No document names Acme.", hits=(hit(near, 0, 7),))
    )

    assert shown == (
        "**Not found.** No document names Acme. Searched 3 documents (9 passages).\n\n"
        "Nearest passages, which do not answer, are in: near.txt\n"
    )
