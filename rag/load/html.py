"""Web pages: the main content as text with headings and tables, without menus and scripts."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import lxml.html
import trafilatura
from trafilatura.settings import Document

from rag.errors import LoadError
from rag.load.dates import iso_date
from rag.load.html_text import text_of
from rag.load.html_visible import drop_frame, drop_menus, drop_unseen, mended
from rag.load.parsed import Job, Parsed
from rag.load.text import decode, wide_encoding

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", re.IGNORECASE)
_HEAD = 2048
"""Bytes that are searched for the encoding; HTML wants it in the first 1,024."""
_LEAST_SHARE = 0.3
"""Share of all text outside of menus; finding less, trafilatura has lost content."""
_CONTENT = (
    *("//main", "//*[@role='main']", "//article"),
    *(f"//*[@id='{name}']" for name in ("mw-content-text", "content", "main-content", "main")),
)
_MOST_OF_PAGE = 0.5
"""Share of a page's text that an element marked as content holds, if it is the content."""
_MOST_OF_FOUND = 0.95
"""Share of trafilatura's text in the element that is taken for the content."""
_MOST_CAPTION = 1.1
"""Length of the content with the caption above it, as a multiple of the content alone."""
_SHORTEST_LINE = 40
"""Characters of a line of trafilatura's by which its place in the page is found."""
_DATES = (
    *(
        "article:published_time",
        "datepublished",
        "dcterms.issued",
        "dcterms.date",
        "dc.date.issued",
    ),
    *("dc.date", "dcterms.created", "citation_publication_date", "citation_date", "pubdate"),
    *("publish_date", "publish-date", "publication_date", "date"),
)
"""Names of a date of publication in ``<meta>``, the surest first."""
_JSON_DATE = re.compile(r'"datePublished"\s{0,9}:\s{0,9}("[^"]{4,40}")')


def read_html(job: Job) -> Iterator[Parsed]:
    """Read the main content of a web page.

    Raises
    ------
    LoadError
        If it has no text.
    """
    yield read_page(_decoded(job.data))


def read_page(page: str) -> Parsed:
    """As ``read_html``, for a page that is decoded."""
    text, title = text_of_page(page)
    if not text:
        raise LoadError("a web page without readable text")
    date = date_of_page(page)
    return Parsed(text, title=title, metadata={"date": date} if date else {})


def text_of_page(page: str) -> tuple[str, str]:
    """The main text of ``page`` and its title, "" for none; headings are marked with ``#``.

    What is hidden or struck is left out. The main text is that of the element marked as content;
    without one, that of the smallest element with what trafilatura finds. If trafilatura finds less
    than 30 % of the text outside of menus, it has lost content. Then all of that text is returned.
    """
    root = _tree(page)
    if root is None:
        return "", ""
    title = " ".join((root.findtext(".//title") or "").split())
    found = _found_by_trafilatura(mended(page))
    drop_unseen(root)
    drop_frame(root)
    drop_menus(root)
    everything = text_of(root)
    content = _content(root, len(everything), str(found.get("text") or ""))
    heading, content = _with_heading(root, content)
    text = text_of(content)
    text = "\n\n".join(filter(None, (heading, text))) if text else everything
    return text, str(found.get("title") or "") or title


def text_of_message(page: str) -> str:
    """All visible text of the HTML body of an e-mail; lines of quotations begin with ``>``."""
    root = _tree(page)
    if root is None:
        return ""
    drop_unseen(root)
    return text_of(root, quotes=True)


def date_of_page(page: str) -> str:
    """The date of publication that the page gives to programs, as an ISO date; "" for none."""
    root = _tree(page)
    if root is None:
        return ""
    given: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        given.setdefault(name.casefold(), meta.get("content") or "")
    written = [given[name] for name in _DATES if name in given]
    for script in root.xpath("//script[@type='application/ld+json']"):
        written += map(json.loads, _JSON_DATE.findall(script.text or "")[:1])
    times = root.xpath("//main//time[@datetime]|//article//time[@datetime]")
    written += [time.get("datetime") for time in times[:1]]
    return next((date for date in map(iso_date, written) if len(date) == len("2024-03-05")), "")


def _found_by_trafilatura(page: str) -> dict[str, Any]:
    with suppress(ValueError, TypeError, AttributeError):  # it fails on some trees
        found = trafilatura.bare_extraction(
            page,
            output_format="markdown",
            include_tables=True,
            include_comments=False,
            include_formatting=False,
            include_links=False,
            favor_recall=True,
            with_metadata=True,
        )
        return dict(found.as_dict()) if isinstance(found, Document) else {}
    return {}


def _content(root: Any, whole: int, found: str) -> Any:
    """The element with the main content; ``root`` if none is sure to hold it all."""
    for path in _CONTENT:
        elements = root.xpath(path)
        if elements:
            best = max(elements, key=_length)
            if _length(best) >= _MOST_OF_PAGE * whole:
                return best
    if len(found) < _LEAST_SHARE * whole:
        return root
    lines = [_letters(line) for line in found.splitlines()]
    lines = [line for line in lines if len(line) >= _SHORTEST_LINE]
    element = root.find("body") if root.find("body") is not None else root
    while lines:
        deeper = next((child for child in element if _holds(child, lines)), None)
        if deeper is None:
            break
        element = deeper
    return element


def _with_heading(root: Any, content: Any) -> tuple[str, Any]:
    """``content``, or an element around it that also has the heading and the caption of the page.

    If that would be a tenth longer, it has more than a caption; then the heading alone is returned.
    """
    headings = list(root.iter("h1"))
    if len(headings) != 1 or content in (root, headings[0]):
        return "", content
    above = [content, *content.iterancestors()]
    around = next((each for each in headings[0].iterancestors() if each in above), content)
    if around is content or _length(around) <= _MOST_CAPTION * _length(content):
        return "", around
    return text_of(headings[0]), content


def _holds(element: Any, lines: list[str]) -> bool:
    text = _letters("".join(element.itertext())) if isinstance(element.tag, str) else ""
    held = sum(len(line) for line in lines if line in text)
    return held >= _MOST_OF_FOUND * sum(map(len, lines))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _length(element: Any) -> int:
    return len(" ".join("".join(element.itertext()).split()))


def _decoded(data: bytes) -> str:
    declared = None if wide_encoding(data) else _CHARSET.search(data[:_HEAD])
    if declared:
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(declared[1].decode("ascii"))
    return decode(data)


def _tree(page: str) -> Any:
    """The parsed page; None for one without elements."""
    try:
        data = mended(page).encode("utf-8", errors="replace")
        return lxml.html.document_fromstring(data, parser=_parser())
    except (lxml.etree.ParserError, ValueError):
        return None


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
