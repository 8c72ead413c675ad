"""The gold quotes of questions over real PDFs: in the text, on their page."""

import json
import re
from pathlib import Path

from rag.config import Settings
from rag.load import find, load
from rag.types import Document


def letters(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_gold_quote_is_in_the_text_and_on_its_page(shared_data: Path) -> None:
    rows = [
        json.loads(line)
        for line in (shared_data / "questions_pdf_dev.jsonl").read_text().splitlines()
    ]
    gold = [span for row in rows for span in row["gold"] + row["gold_alt"]]
    names = sorted({span["doc_id"] for span in gold})
    paths = [shared_data / "pdf" / name for name in names]

    documents = {
        item.doc_id: item
        for item in load(find(paths), Settings(ocr=False))
        if isinstance(item, Document)
    }

    for span in gold:
        document = documents[span["doc_id"]]
        kept = [index for index, character in enumerate(document.text) if not character.isspace()]
        at = letters(document.text).find(letters(span["quote"]))
        assert at >= 0, span["quote"]
        assert document.page_at(kept[at]) == span["page"], span["quote"]
