"""Other XML files: the text of their elements, without the markup."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from rag.load.characters import for_xml
from rag.load.parsed import Job, Parsed
from rag.load.text import decode

_DECLARATION = re.compile(r"(?<!\s)\s*<\?xml[^>]{0,200}\?>")
_TITLES = ("title", "doctitle", "shorttitle", "headline", "subject")
"""Names of an element with the title, in lower case, without a namespace."""


def read_xml(job: Job) -> Iterator[Parsed]:
    """Read the text of an XML file; one that is damaged or has no text is read as plain text.

    An element inside running text belongs to its paragraph; every other one is a paragraph of its
    own. Attributes and comments are left out.
    """
    text = decode(job.data)
    try:
        source = _DECLARATION.sub("", for_xml(text), count=1).encode()
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        yield Parsed(text)
        return
    blocks = [" ".join(block.split()) for block in _blocks(root)]
    blocks = [block for block in blocks if block]
    yield Parsed("\n\n".join(blocks) or text, title=_title(root))


def _blocks(root: Any) -> Iterator[str]:
    """The paragraphs in order; depth is limited by the parser, to 256 elements."""
    if _is_running(root):
        yield "".join(root.itertext())
        return
    for child in root:
        if isinstance(child.tag, str):
            yield from _blocks(child)


def _is_running(element: Any) -> bool:
    """Whether text stands directly in ``element``, beside elements or alone."""
    pieces = (element.text, *(child.tail for child in element))
    return not len(element) or any(piece and piece.strip() for piece in pieces)


def _title(root: Any) -> str:
    for element in root.iter():
        name = etree.QName(element).localname.casefold() if isinstance(element.tag, str) else ""
        if name in _TITLES:
            return " ".join("".join(element.itertext()).split())
    return ""
