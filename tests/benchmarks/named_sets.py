"""Collections named on the command line: an index and the questions about its documents."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rag import Index, load_settings


def add_sets(parser: argparse.ArgumentParser) -> None:
    """Let the command take ``--set INDEX QUESTIONS.jsonl [...]``, at least once."""
    parser.add_argument(
        "--set",
        nargs="+",
        type=Path,
        action="append",
        required=True,
        metavar=("INDEX", "QUESTIONS"),
        help="an index and questions about its documents",
    )


def opened(
    sets: Iterable[Sequence[Path]], *, rerank: bool = True
) -> Iterator[tuple[Index, Sequence[Path]]]:
    """The index of each collection, and the files of its questions."""
    for folder, *questions in sets:
        yield Index.open(settings=load_settings(index=folder, rerank=rerank)), questions
