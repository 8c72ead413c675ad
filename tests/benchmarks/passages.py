"""Compares passage sizes and embedded texts: ``passages.py CORPUS FOLDER QUESTIONS…``.

CORPUS is an export (``.jsonl.gz``) with the documents of the labelled QUESTIONS. FOLDER receives an
index for each variant, over 800 documents with all gold documents among them. The reranker is off,
because it would hide differences between the stages before it.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from unittest.mock import patch

from models import FIRST, sample

from rag.api import Index
from rag.config import Settings, project_root
from rag.evaluate import evaluate, figures_table, read_questions
from rag.ingest import build_index
from rag.text.split import searched_text
from rag.types import Passage

_DOCUMENTS = 800
_SIZE = 500


def nothing(passage: Passage) -> str:
    """The passage alone."""
    return passage.text


def title(passage: Passage) -> str:
    """The passage behind the title of its document."""
    return f"{passage.document.title}\n{passage.text}"


def title_and_headings(passage: Passage) -> str:
    """The passage behind the title and its headings."""
    return "\n".join((passage.document.title, *passage.heading, passage.text))


_WAYS: dict[str, tuple[int, Callable[[Passage], str] | None]] = {
    "500, the passage alone": (_SIZE, nothing),
    "500, behind its title": (_SIZE, title),
    "500, behind title and headings": (_SIZE, title_and_headings),
    "500, and the document's first lines": (_SIZE, searched_text),
    "500, first lines with a vector of their own": (_SIZE, None),
    "300, the same": (300, None),
    "900, the same": (900, None),
}
"""Passage size, searched text and embedded text; None for the default of the project."""


def main(corpus: Path, folder: Path, paths: Sequence[Path]) -> None:
    """Print a row for each variant."""
    questions = [question for question in read_questions(paths) if question.answerable]
    export = sample(corpus, folder, {d for q in questions for d in q.documents}, _DOCUMENTS)
    for number, (name, (size, known)) in enumerate(_WAYS.items()):
        settings = Settings(index=folder / f"way{number}", passage_size=size)
        with ExitStack() as patches:
            if known is not None:
                patches.enter_context(patch("rag.ingest.searched_text", known))
                patches.enter_context(patch("rag.ingest.embedded_texts", partial(_once, known)))
            build_index([export, project_root() / "seeds"], settings=settings)
        index = Index.open(settings=settings)
        for stages, shown in ((("dense",), f"{name}: dense"), (FIRST, name)):
            report = evaluate(index, questions, stages=stages)
            print(figures_table([(f"{shown:44}", len(questions), report.figures())]), flush=True)


def _once(known: Callable[[Passage], str], passages: Sequence[Passage]) -> list[tuple[str, str]]:
    return [(text, text) for text in map(known, passages)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
