"""Retrieval for ObliQA's development questions and passages: ``obliqa.py DATA FOLDER [N]``.

DATA contains ``obliqa_passages.jsonl.gz`` and ``obliqa_dev.jsonl.gz``. FOLDER receives the index. N
is the number of questions, drawn with a fixed seed (default: all 2,788).
"""

import gzip
import json
import random
import sys
from pathlib import Path
from typing import Any

from rag.api import Index
from rag.config import Settings
from rag.evaluate import evaluate
from rag.evaluate.questions import LabelledQuestion, Span
from rag.evaluate.report import figures_table
from rag.ingest import build_index
from rag.retrieval.retriever import ABLATION

# Each passage of the data set is one document and is never split, so ranks are comparable.
_LONGEST = 8000
_ROWS = ("BM25", "dense", "BM25, dense", "+ spread", "+ rerank", "+ sentences")


def main(data: Path, folder: Path, count: int | None) -> None:
    """Build the index and print a row for each set of stages."""
    folder.mkdir(parents=True, exist_ok=True)
    export = folder / "passages.jsonl"
    with export.open("w") as file:
        for row in _rows(data / "obliqa_passages.jsonl.gz"):
            number = str(row["passage_id"])
            doc_id = f"{row['document_id']}/{number}"
            passage = {"id": doc_id, "title": number or doc_id, "text": row["text"]}
            file.write(json.dumps(passage) + "\n")
    settings = Settings(index=folder / "index", passage_size=_LONGEST)
    build_index([export], settings=settings)
    index = Index.open(folder / "index", settings=settings)
    questions = [
        LabelledQuestion(
            qid=row["question_id"],
            kind="obliqa",
            text=row["question"],
            gold=tuple(Span(f"{document}/{passage}") for document, passage in row["relevant"]),
        )
        for row in _rows(data / "obliqa_dev.jsonl.gz")
    ]
    if count is not None:
        questions = random.Random(0).sample(questions, count)
    for name in _ROWS:
        report = evaluate(index, questions, stages=ABLATION[name])
        print(figures_table([(name, len(questions), report.figures())]), flush=True)


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
