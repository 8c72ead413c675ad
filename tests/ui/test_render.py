"""Escaping: text from documents never becomes HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import counted, date_in_words
from ui.formatting import filters_in_words, type_in_words
from ui.render import (
    badge,
    copy_button,
    escape,
    label,
    line_width,
    marked,
    preview,
    quote,
    with_words,
)

# A browser would drop these.
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def text_of(markup: str) -> str:
    """The text of our HTML as a browser shows it: without tags, entities decoded."""
    bare = re.sub(r"<[^>]*>", "", markup)
    for entity, char in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ):
        bare = bare.replace(entity, char)
    return bare


@given(st.text())
def test_escaped_text_is_shown_unchanged(text: str) -> None:
    shown = text_of(escape(text))

    assert shown == text.encode("utf-8", "replace").decode() or "\ufffd" in shown
    assert "<" not in re.sub(r"</?span[^>]*>", "", escape(text))


@given(st.text(), st.integers(0, 400), st.integers(0, 60), st.integers(1, 200))
def test_the_marked_words_are_exactly_those_of_the_range(
    text: str, start: int, length: int, around: int
) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    shown = marked(text, start, end, around=around)

    inside = shown[shown.index("<mark") : shown.index("</mark>")]
    assert text_of(inside) == CONTROLS.sub("\ufffd", text[start:end])


def test_a_control_character_is_seen_not_dropped() -> None:
    assert escape("$1\x000") == "$1\ufffd0"


def test_text_around_marked_words_is_cut_at_white_space() -> None:
    text = "one two three four five six seven eight nine ten"
    start = text.index("five")

    shown = text_of(marked(text, start, start + 4, around=9))

    assert shown == "… four five six … ".rstrip()


WRAPPED = """\
ENFORCEMENT RELEASE
Acme Corporation, a maker of anvils that is headquartered in
California, has agreed to pay $87,255 to settle its potential
civil liability for 13 apparent violations of the rules.
Between February 2011 and March 2014, Acme approved and then
financed 13 leases between a dealer in Ottawa and a person in
another country, and did so although it had been warned.
The apparent violations were not disclosed.
"""


def test_line_breaks_of_a_machine_are_removed_and_others_stay() -> None:
    shown = marked(WRAPPED, 20, 60, around=900)

    assert text_of(shown) == WRAPPED
    assert "RELEASE\n<br>" in shown
    assert "headquartered in\nCalifornia" in text_of(shown)
    assert shown.count("<br>") == 1


def test_paragraphs_of_one_line_have_no_line_width() -> None:
    assert line_width("A paragraph of its own. " * 20 + "\n" + "Short.\n" * 20) == 0


def test_short_text_is_not_cut() -> None:
    assert text_of(marked("Paid $1,000 and $2,000.", 5, 11, around=99)) == "Paid $1,000 and $2,000."


def test_a_character_that_changes_the_writing_direction_gets_its_own_tag() -> None:
    assert escape("a\u202eb") == 'a<span class="turn-sign">\u202e</span>b'


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert escape("a\ud800b") == "a\ufffdb"


def test_a_label_has_every_punctuation_mark_escaped() -> None:
    assert label("![x](http://a.b) :red[y]\n$1") == (r"\!\[x\]\(http\:\/\/a\.b\) \:red\[y\] \$1")


def test_a_long_label_is_cut() -> None:
    assert label("x" * 80, longest=10) == "x" * 9 + "…"


def test_a_quote_to_be_copied_cannot_leave_its_attribute() -> None:
    assert 'data-copy="&quot; onclick=&quot;x"' in copy_button("Copy", '" onclick="x')


@given(st.text(max_size=600), st.integers(0, 500), st.integers(0, 400))
def test_a_preview_contains_only_text_of_the_document(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(len(text), start + length)
    shown = text_of(preview(text, start, end))

    for part in shown.split("…"):
        assert part.strip(" ") in text.encode("utf-8", "replace").decode() or "\ufffd" in part


def test_html_to_be_copied_cannot_leave_its_attribute() -> None:
    shown = copy_button("Copy", "x", rich='<b title="y">')

    assert 'data-rich="&lt;b title=&quot;y&quot;&gt;"' in shown


def test_a_badge_has_its_word_and_its_meaning() -> None:
    shown = badge("denied")

    assert 'aria-label="denies: The speaker disputes it."' in shown
    assert text_of(shown).startswith("denies")


def test_a_badge_has_the_rule_of_its_status() -> None:
    shown = badge("settled", "consent or settlement")

    assert text_of(shown).endswith(
        "as a rule neither admitted nor denied. Given by the rule “consent or settlement”."
    )


def test_html_in_the_rule_of_a_badge_is_escaped() -> None:
    shown = badge("alleged", '"><img src=x onerror="y">')

    rule = "Given by the rule “&quot;&gt;&lt;img src=x onerror=&quot;y&quot;&gt;”."
    assert "<img" not in shown
    assert shown.count(rule) == 2


def test_an_unknown_status_is_shown_as_text() -> None:
    assert "<b>" not in badge("<b>")


def test_a_quote_is_escaped() -> None:
    assert quote("<i>a</i>") == '<q class="quote">&lt;i&gt;a&lt;/i&gt;</q>'


def test_the_thing_asked_for_is_marked_inside_an_escaped_quote() -> None:
    assert quote("a <b> paid $5.", thing=(11, 13)) == (
        '<q class="quote">a &lt;b&gt; paid <mark>$5</mark>.</q>'
    )
    assert quote("a fine", thing=(2, 90)) == '<q class="quote">a fine</q>'


def test_found_words_are_highlighted_and_the_text_is_unchanged() -> None:
    shown = with_words("The assets of users are <safe>.", ["assets", "safe"], length=200)

    assert "<b>assets</b>" in shown
    assert "&lt;<b>safe</b>&gt;" in shown
    assert text_of(shown) == "The assets of users are <safe>."


@given(st.text(max_size=900), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_a_passage_with_highlighted_words_keeps_its_characters(text: str, words: list[str]) -> None:
    shown = text_of(with_words(text, words, length=2000))

    assert shown.removeprefix("… ") in text.encode("utf-8", "replace").decode() or (
        "\ufffd" in shown
    )


@pytest.mark.parametrize(
    ("given_date", "words"),
    [
        ("2023-06-05", "5 June 2023"),
        ("2023-06", "June 2023"),
        ("2023", "2023"),
        ("2023-13", "2023-13"),
        ("soon", "soon"),
        (None, ""),
    ],
)
def test_a_date_is_shown_in_words(given_date: str | None, words: str) -> None:
    assert date_in_words(given_date) == words


def test_counts_have_a_singular_and_a_plural() -> None:
    assert counted(1, "document") == "1 document"
    assert counted(8588, "document") == "8,588 documents"


def test_types_are_shown_in_words() -> None:
    assert type_in_words("litigation_release") == "litigation release"
    assert type_in_words(["order", "press_release"]) == "order, press release"
    assert type_in_words(None) == ""


def test_filters_are_shown_in_words() -> None:
    assert filters_in_words({"agency": ["SEC", "OFAC"], "date_from": "2019"}) == [
        "agency SEC or OFAC",
        "from 2019",
    ]
