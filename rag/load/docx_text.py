"""The text of a Word paragraph as it is printed: without deletions and hidden words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx.document
from docx.oxml.ns import qn

from rag.load.characters import in_small_type
from rag.load.list_numbers import roman, whole

_SUPERSCRIPTS = str.maketrans("0123456789ivxlc", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡᶜ")
_BOXES = {True: "☒", False: "☐"}
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SKIPPED = frozenset(
    qn(f"w:{name}")
    for name in (
        *("del", "moveFrom", "instrText", "delText", "delInstrText", "pPr", "rPr", "sdtPr"),
        *("sdtEndPr", "rt", "tblPr", "trPr", "tcPr", "pgNum"),
    )
) | {f"{_COMPATIBILITY}Fallback"}
_WINGDINGS = {"F0FE": "☒", "F0FD": "☒", "F078": "☒", "F0FC": "✓", "F0A8": "☐", "F06F": "☐"}
_PRIVATE = range(0xE000, 0xF900)
_OFF = ("0", "false", "off", "none")
_DEEPEST_STYLE = 20
"""Styles that a style may build on, one on the other; a circle has no end."""


@dataclass(slots=True)
class Collected:
    """What was met in the text so far.

    Attributes
    ----------
    cited
        ``(kind, id)`` of each note cited, in order; kind is "footnote" or "endnote".
    boxes
        Text boxes: they stand beside the paragraph, not in it.
    hidden, struck
        Characters left out.
    """

    cited: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    hidden: int = 0
    struck: int = 0


class WordText:
    """Collects the text of the paragraphs of one document."""

    def __init__(self, document: docx.document.Document) -> None:
        self._hidden_styles = _hidden_styles(document)
        self._numbers = {"footnote": 0, "endnote": 0}
        self.met = Collected()

    def text(self, element: Any) -> str:
        """The text below ``element``; white space within a line is single spaces."""
        pieces: list[str] = []
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        hidden = style is not None and style.get(qn("w:val")) in self._hidden_styles
        self._collect(element, pieces, hidden=hidden)
        lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
        return "\n".join(lines).strip()

    def _collect(self, element: Any, pieces: list[str], *, hidden: bool) -> None:
        for child in element:
            tag = child.tag
            if tag in _SKIPPED:
                continue
            if tag == qn("w:r"):
                self._run(child, pieces, hidden=hidden)
            elif tag == qn("w:txbxContent"):
                self.met.boxes.append(child)
            elif tag == qn("w:t") or tag == _MATHS:
                pieces.append(child.text or "")
            elif tag in (qn("w:tab"), qn("w:ptab")):
                pieces.append("\t")
            elif tag in (qn("w:br"), qn("w:cr")):
                pieces.append("\n")
            elif tag == qn("w:noBreakHyphen"):
                pieces.append("-")
            elif tag == qn("w:sym"):
                pieces.append(_symbol(child))
            elif tag == qn("w:ddList"):
                pieces.append(_chosen(child))
            elif tag == qn("w:checkBox"):
                pieces.append(_BOXES[_is_checked(child)])
            elif tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
                pieces.append(self._cite(tag, child))
            else:
                self._collect(child, pieces, hidden=hidden)

    def _run(self, run: Any, pieces: list[str], *, hidden: bool) -> None:
        properties = run.find(qn("w:rPr"))
        if properties is not None:
            style = properties.find(qn("w:rStyle"))
            hidden = hidden or (style is not None and style.get(qn("w:val")) in self._hidden_styles)
            own = properties.find(qn("w:vanish"))
            hidden = _is_on(own) if own is not None else hidden
        struck = properties is not None and any(
            _is_on(properties.find(qn(name))) for name in ("w:strike", "w:dstrike")
        )
        if not hidden and not struck:
            own_pieces: list[str] = []
            self._collect(run, own_pieces, hidden=False)
            place = None if properties is None else properties.find(qn("w:vertAlign"))
            where = "" if place is None else place.get(qn("w:val"))
            if where in ("superscript", "subscript"):
                own_pieces = [in_small_type("".join(own_pieces), raised=where == "superscript")]
            pieces += own_pieces
            return
        length = sum(len(text.text or "") for text in run.iter(qn("w:t")))
        if hidden:
            self.met.hidden += length
        else:
            self.met.struck += length

    def _cite(self, tag: str, reference: Any) -> str:
        kind = "footnote" if tag == qn("w:footnoteReference") else "endnote"
        self.met.cited.append((kind, reference.get(qn("w:id")) or ""))
        self._numbers[kind] += 1
        return raised(kind, self._numbers[kind])


def raised(kind: str, number: int) -> str:
    """The mark of a note: ``³`` of a footnote, ``ⁱⁱⁱ`` of an endnote, as Word counts them."""
    return (str(number) if kind == "footnote" else roman(number)).translate(_SUPERSCRIPTS)


def items_of(container: Any, *names: str) -> Iterator[Any]:
    """The elements called ``names`` in ``container``, also inside content controls and insertions.

    What was deleted or moved away is passed over.
    """
    wanted = {qn(f"w:{name}") for name in names}
    for child in container:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from items_of(child, *names)


def _hidden_styles(document: docx.document.Document) -> frozenset[str]:
    """Ids of the styles of paragraphs and characters whose words are hidden."""
    try:
        styles = {style.get(qn("w:styleId")): style for style in document.styles.element}
    except (KeyError, AttributeError):
        return frozenset()
    return frozenset(str(name) for name in styles if name and _hides(name, styles))


def _hides(name: str | None, styles: dict[str | None, Any]) -> bool:
    for _ in range(_DEEPEST_STYLE):
        style = styles.get(name)
        if style is None:
            return False
        own = style.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        if own is not None:
            return _is_on(own)
        base = style.find(qn("w:basedOn"))
        name = None if base is None else base.get(qn("w:val"))
    return False


def _is_on(toggle: Any) -> bool:
    return toggle is not None and toggle.get(qn("w:val")) not in _OFF


def _symbol(symbol: Any) -> str:
    """A character of a symbol font, where there is one like it in Unicode."""
    code = (symbol.get(qn("w:char")) or "").upper()
    if "wingdings" in (symbol.get(qn("w:font")) or "").casefold():
        return _WINGDINGS.get(code, "")
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "" if number in _PRIVATE or not 32 <= number < 0xD800 else chr(number)


def _chosen(dropdown: Any) -> str:
    """The entry that a dropdown of a form shows; it is not among the texts of the paragraph."""
    entries = [entry.get(qn("w:val")) or "" for entry in dropdown.findall(qn("w:listEntry"))]
    shown = dropdown.find(qn("w:result"))
    index = 0 if shown is None else whole(shown.get(qn("w:val")), 0)
    return entries[index] if index < len(entries) else ""


def _is_checked(box: Any) -> bool:
    checked = box.find(qn("w:checked"))
    if checked is None:
        checked = box.find(qn("w:default"))
    return _is_on(checked)


_WRAPPERS = frozenset(
    qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")
)
