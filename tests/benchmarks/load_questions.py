"""Questions over real PDFs: is the quote that answers among the first characters retrieved?

    python tests/benchmarks/load_questions.py ../shared/data [--index FOLDER] [--budget 4500]

The PDFs are first indexed into the folder, without OCR, because no quote is from a scan. A quote is
found if all its characters, without white space, are in the passages within the budget, and if its
document gives the right page for it.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag import Index, build_index
from rag.config import load_settings
from rag.types import Document, Hit

DEPTH = 40


def main() -> None:
    """Print a line for each question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--index", type=Path, default=Path(tempfile.gettempdir()) / "pdf-index")
    parser.add_argument("--budget", type=int, default=4500)
    arguments = parser.parse_args()
    settings = load_settings(index=arguments.index, ocr=False)
    build_index([arguments.data / "pdf"], settings=settings)
    index = Index.open(arguments.index)
    lines = (arguments.data / "questions_pdf_dev.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    answerable = [row for row in rows if row["gold"]]
    found = 0
    print("| question | kind | found | page |\n|---|---|---|---|")
    for row in answerable:
        hits = index.retrieve(row["question"], k=DEPTH, history=tuple(row["history"]))
        within = within_budget(hits, arguments.budget)
        best = max(row["gold"] + row["gold_alt"], key=lambda span: placed(span, within))
        all_found = all(placed(span, within) for span in row["gold"]) or (
            not row["kind"].startswith("multi") and placed(best, within)
        )
        found += all_found
        page = best["page"] if placed(best, within) else ""
        print(f"| {row['qid']} | {row['kind']} | {'yes' if all_found else 'no'} | {page} |")
    print(f"\n{found} of {len(answerable)} within {arguments.budget:,} characters")


def within_budget(hits: Sequence[Hit], budget: int) -> list[tuple[Document, int, int]]:
    """The retrieved ranges, best first; the last one is cut at ``budget`` characters in all."""
    stretches = []
    for hit in hits:
        passage = hit.passage
        end = min(passage.end, passage.start + budget)
        if end > passage.start:
            stretches.append((passage.document, passage.start, end))
            budget -= end - passage.start
    return stretches


def placed(span: dict[str, Any], stretches: Sequence[tuple[Document, int, int]]) -> bool:
    """True if the whole quote is retrieved and its document gives the right page."""
    own = [(d, start, end) for d, start, end in stretches if d.doc_id == span["doc_id"]]
    if not own:
        return False
    document = own[0][0]
    kept = [i for i, character in enumerate(document.text) if not character.isspace()]
    quote = "".join(span["quote"].split())
    at = "".join(document.text.split()).find(quote)
    if at < 0 or document.page_at(kept[at]) != span["page"]:
        return False
    covered = {i for _, start, end in own for i in range(start, end)}
    return all(i in covered for i in kept[at : at + len(quote)])


if __name__ == "__main__":
    main()
