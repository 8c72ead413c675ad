"""Web pages: the main content as text with headings and tables, without menus and scripts."""

import re
from collections.abc import Iterator

import lxml.html
import trafilatura
from trafilatura.settings import Document

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed
from rag.load.text import decode

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", re.IGNORECASE)
_HEAD = 2048
"""Bytes that are searched for the encoding; HTML wants it in the first 1,024."""
_NOT_CONTENT = (
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
)
_BLOCKS = frozenset(
    {"p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dd"}
)
_LEAST_SHARE = 0.3
"""Share of all text outside of menus; finding less, trafilatura has lost content."""


def read_html(job: Job) -> Iterator[Parsed]:
    """Read the main content of a web page.

    Raises
    ------
    LoadError
        If it has no text.
    """
    text, title = text_of_page(_decoded(job.data))
    if not text:
        raise LoadError("a web page without readable text")
    yield Parsed(text, title=title)


def text_of_page(page: str) -> tuple[str, str]:
    """The main text of ``page`` and its title, "" for none; headings are marked with ``#``.

    If trafilatura finds less than 30 % of the text outside of menus, it has lost content. Then all
    of that text is returned.
    """
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
    values = found.as_dict() if isinstance(found, Document) else {}
    text = str(values.get("text") or "").strip()
    everything, title = _all_text(page)
    if len(text) < _LEAST_SHARE * len(everything):
        text = everything
    return text, str(values.get("title") or "") or title


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:_HEAD])
    if declared:
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _all_text(page: str) -> tuple[str, str]:
    """All text outside of menus, one line for each block, and the title of the page."""
    try:
        root = lxml.html.document_fromstring(page.encode("utf-8"), parser=_parser())
    except (lxml.etree.ParserError, ValueError):
        return "", ""
    title = root.findtext(".//title") or ""
    for element in root.xpath("|".join(f"//{name}" for name in (*_NOT_CONTENT, "head"))):
        element.drop_tree()
    for element in root.iter():
        if element.tag in _BLOCKS:
            element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().split("\n"))
    return "\n".join(line for line in lines if line), " ".join(title.split())


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
