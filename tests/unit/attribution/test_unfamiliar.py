"""Whole papers of authorities that no rule was written on, loaded and attributed as they stand."""

import re
from pathlib import Path

import pytest

from rag.attribution.engine import attribute
from rag.load import read
from rag.types import Document

_, *PAPERS = re.split(
    r"^=== ", Path(__file__).with_name("unfamiliar.txt").read_text("utf-8"), flags=re.MULTILINE
)
MARK = re.compile(r"^(.*?) \{\{(.*?)\|(.*?)\}\}$", re.MULTILINE)


@pytest.mark.parametrize("paper", PAPERS, ids=[one.partition("\n")[0] for one in PAPERS])
def test_a_paper_of_an_unfamiliar_authority(paper: str, tmp_path: Path) -> None:
    name, _, text = paper.partition("\n")
    marked = MARK.findall(text)
    (tmp_path / name).write_text(re.sub(r" \{\{.*?\}\}", "", text), encoding="utf-8")
    (document,) = read([tmp_path])
    assert isinstance(document, Document)

    found = []
    for sentence, _, _ in marked:
        start = document.text.index(sentence)
        found.append(attribute(document, start, start + len(sentence)))

    assert [(one.status, said[0]) for one, said in zip(found, marked, strict=True)] == [
        (status, sentence) for sentence, _, status in marked
    ]
    for one, (_, speaker, _) in zip(found, marked, strict=True):
        assert speaker.casefold() in (one.speaker or "").casefold(), one
