"""How long passages should be and what they know: ``passages.py CORPUS FOLDER QUESTIONS…``.

CORPUS is an export (``.jsonl.gz``) that holds the documents of the labelled QUESTIONS; FOLDER
receives an index for each way, over 800 of them, all that answer included. Searched without the
reranker, which would hide part of what the stages before it lose.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

from models import FIRST, sample

from rag.build import build_index
from rag.config import Settings, project_root
from rag.door import Index
from rag.evaluate import evaluate, figures_table, read_questions
from rag.split import context
from rag.types import Passage

_DOCUMENTS = 800
_SIZE = 500


def nothing(passage: Passage) -> str:
    """The passage alone."""
    return ""


def title(passage: Passage) -> str:
    """Its document's title."""
    return passage.document.title


def title_and_headings(passage: Passage) -> str:
    """The title and the headings that it stands under."""
    return "\n".join((passage.document.title, *passage.heading))


_WAYS: dict[str, tuple[int, Callable[[Passage], str]]] = {
    "500, the passage alone": (_SIZE, nothing),
    "500, behind its title": (_SIZE, title),
    "500, behind title and headings": (_SIZE, title_and_headings),
    "500, and the document's first lines": (_SIZE, context),
    "300, all of it": (300, context),
    "900, all of it": (900, context),
    "1500, all of it": (1500, context),
}


def main(corpus: Path, folder: Path, paths: Sequence[Path]) -> None:
    """Print a row for each way."""
    questions = [question for question in read_questions(paths) if question.answerable]
    export = sample(corpus, folder, {d for q in questions for d in q.documents}, _DOCUMENTS)
    for number, (name, (size, known)) in enumerate(_WAYS.items()):
        settings = Settings(index=folder / f"way{number}", passage_size=size)
        with patch("rag.split.context", known):
            build_index([export, project_root() / "seeds"], settings=settings)
        index = Index.open(settings=settings)
        for stages, shown in ((("dense",), f"{name}: dense"), (FIRST, name)):
            report = evaluate(index, questions, stages=stages)
            print(figures_table([(f"{shown:44}", len(questions), report.figures())]), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
