"""The numbers that Word prints before list paragraphs; the text of the file has none."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import docx.document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from rag.load.list_numbers import letters, roman, whole


@dataclass(frozen=True, slots=True)
class _Level:
    """Format of one list level; in ``pattern``, ``%1`` stands for the count of level 1."""

    form: str
    pattern: str
    start: int


class Numbering:
    """Counts the list paragraphs of one document; call ``label`` for each paragraph, in order."""

    def __init__(self, document: docx.document.Document) -> None:
        self._levels = _levels(document)
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def label(self, paragraph: Paragraph) -> str:
        """The label that Word prints before ``paragraph``: "31.", "(a)", "•"; empty for none."""
        place = _place(paragraph)
        if place is None:
            return ""
        number, level = place
        levels = self._levels.get(number, {})
        if level not in levels:
            return ""
        counts = self._counts[number]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if levels[level].form == "bullet":
            return "•"
        label = levels[level].pattern
        for other in range(level + 1):
            shown = levels.get(other, levels[level])
            label = label.replace(
                f"%{other + 1}", _written(counts.get(other, shown.start), shown.form)
            )
        return label.strip()


def _place(paragraph: Paragraph) -> tuple[str, int] | None:
    """List id and level (from 0) of ``paragraph``, or of its style; None outside of lists."""
    style: Any = paragraph.style
    elements = [paragraph._p.pPr]
    while style is not None:
        elements.append(style.element.pPr)
        style = style.base_style
    for properties in elements:
        found = None if properties is None else properties.find(qn("w:numPr"))
        if found is not None:
            number, level = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
            value = number.get(qn("w:val")) if number is not None else "0"
            depth = level.get(qn("w:val")) if level is not None else "0"
            return None if value == "0" else (str(value), whole(depth, 0))
    return None


def _levels(document: docx.document.Document) -> dict[str, dict[int, _Level]]:
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {item.get(qn("w:abstractNumId")): item for item in root.findall(qn("w:abstractNum"))}
    levels: dict[str, dict[int, _Level]] = {}
    for item in root.findall(qn("w:num")):
        link = item.find(qn("w:abstractNumId"))
        source = abstract.get(link.get(qn("w:val"))) if link is not None else None
        if source is not None:
            levels[str(item.get(qn("w:numId")))] = {
                whole(level.get(qn("w:ilvl")), 0): _level(level)
                for level in source.findall(qn("w:lvl"))
            }
    return levels


def _level(element: Any) -> _Level:
    def value(name: str, default: str) -> str:
        child = element.find(qn(name))
        return default if child is None else str(child.get(qn("w:val")) or default)

    start = value("w:start", "1")
    return _Level(value("w:numFmt", "decimal"), value("w:lvlText", ""), whole(start, 1))


def _written(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = letters(count)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        numeral = roman(count)
        return numeral.upper() if form == "upperRoman" else numeral
    return str(count)
