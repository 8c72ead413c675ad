"""Compares follow-up questions with the same questions written out in full.

    python tests/benchmarks/followups.py INDEX QUESTIONS… [--model GGUF-OR-NAME [--url SERVER]]

INDEX contains the documents of the labelled QUESTIONS. Only questions with an entry in
``data/written_out.jsonl`` are asked. A follow-up "loses its document" if a gold document is among
the first five for the written-out form, but not for the follow-up. With ``--model`` a language
model writes the questions out too, in words that were typed.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

from rag import Settings
from rag.api import Index
from rag.evaluate import LabelledQuestion, Report, evaluate, figures_table, read_questions
from rag.models.generator import Generator, load_generator
from rag.retrieval.rewording import reworded

_DATA = Path(__file__).parent / "data"
_AMONG = 5


def main() -> None:
    """Print a row for each form of the questions, and the follow-ups that lose their document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--url", default="", help="OpenAI-compatible server")
    parser.add_argument("--model", default="", help="model of the server, or a GGUF file")
    options = parser.parse_args()
    lines = (_DATA / "written_out.jsonl").read_text().splitlines()
    written = {row["qid"]: row["question"] for row in map(json.loads, lines)}
    index = Index.open(options.index)
    asked = [
        replace(question, kind="followup")
        for question in read_questions(options.questions)
        if question.qid in written
    ]
    forms = {
        "follow-up": asked,
        "its last turn alone": [replace(question, history=()) for question in asked],
        "written out": [replace(q, text=written[q.qid], history=()) for q in asked],
    }
    generator = load_generator(
        Settings(generator_url=options.url, generator_model=options.model, generator_seconds=60)
    )
    if generator is not None:
        forms["written out by the model"] = [_written_out(index, q, generator) for q in asked]
    reports = {name: evaluate(index, questions) for name, questions in forms.items()}
    print(figures_table([(name, len(asked), report.figures()) for name, report in reports.items()]))
    lost = _found(reports["written out"]) - _found(reports["follow-up"])
    print(f"lose their document: {len(lost)} of {len(asked)}")
    for question in asked:
        if question.qid in lost:
            print(f"  {question.qid}: {' / '.join((*question.history, question.text))}")


def _written_out(
    index: Index, question: LabelledQuestion, generator: Generator
) -> LabelledQuestion:
    """The question in the words of the model; unchanged if it has none that were typed."""
    queries = reworded(index.understand(question.text, question.history), generator)
    print(f"{'written' if queries else 'nothing'}: {queries!r}")
    return replace(question, text=queries[0]) if queries else question


def _found(report: Report) -> set[str]:
    return {r.qid for r in report.results if r.place is not None and r.place <= _AMONG}


if __name__ == "__main__":
    main()
