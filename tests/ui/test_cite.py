"""A quote with its citation, as text and as HTML."""

from rag import Document
from ui.cite import quote_with_reference, quote_with_reference_as_html
from ui.turns import Place

DOCUMENT = Document(
    "a",
    "\u200bIn re <Acme>",
    "Acme paid <b>$5</b>.",
    "seeds/a.pdf",
    "ab12" * 16,
    {"date": "2019-04", "release": "LR-7", "url": "https://example.org/a?b=1&c=2"},
    page_starts=(0,),
)
PLACE = Place("a", 5, 18, "paid <b>$5</b")


def test_text_has_the_quote_and_its_reference() -> None:
    assert quote_with_reference(DOCUMENT, PLACE) == (
        "“paid <b>$5</b” — In re <Acme>, Release LR-7, p. 1 (April 2019) "
        "[a.pdf, sha256 ab12ab12ab12]"
    )


def test_html_escapes_the_quote_and_links_the_reference() -> None:
    assert quote_with_reference_as_html(DOCUMENT, PLACE) == (
        "<blockquote>“paid &lt;b&gt;$5&lt;/b”</blockquote><p>— "
        '<a href="https://example.org/a?b=1&amp;c=2">In re &lt;Acme&gt;, Release LR-7, p. 1 '
        "(April 2019) [a.pdf, sha256 ab12ab12ab12]</a></p>"
    )
