"""A quote with its citation, as text and as HTML, to be pasted into a memo."""

import html

from rag import Document, date_in_words
from ui.turns import Place


def reference(document: Document, start: int) -> str:
    """Title, release, docket, page, date, file and digest of the place at ``start``.

    >>> reference(Document("a", "In re A", "text", "a.txt", "ab12" * 16, {"date": "2019-04"}), 0)
    'In re A (April 2019) [a.txt, sha256 ab12ab12ab12]'
    """
    page = document.page_at(start)
    metadata = document.metadata
    parts = [
        document.title.strip("\u200b "),  # scraped titles begin with an invisible character
        f"Release {metadata['release']}" if metadata.get("release") else "",
        f"No. {metadata['docket']}" if metadata.get("docket") else "",
        f"p. {page}" if page else "",
    ]
    date = date_in_words(metadata.get("date"))
    return (
        ", ".join(part for part in parts if part)
        + (f" ({date})" if date else "")
        + f" [{document.source.rsplit('/', 1)[-1]}, sha256 {document.sha256[:12]}]"
    )


def quote_with_reference(document: Document, place: Place) -> str:
    """“…” — reference."""
    return f"“{document.text[place.start : place.end]}” — {reference(document, place.start)}"


def quote_with_reference_as_html(document: Document, place: Place) -> str:
    """The same as HTML for a word processor: a block quote, then a line with the reference."""
    quoted = html.escape(document.text[place.start : place.end])
    linked = html.escape(reference(document, place.start))
    url = str(document.metadata.get("url") or "")
    if url.startswith(("https://", "http://")):
        linked = f'<a href="{html.escape(url)}">{linked}</a>'
    return f"<blockquote>“{quoted}”</blockquote><p>— {linked}</p>"
