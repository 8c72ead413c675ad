"""Sets each weight to 0 in turn and runs its tests: prints which test notices, or that none does.

    python tests/benchmarks/zero_weights.py [--jobs 2] [--only WORD]

It tries the fields of the three weights.json, every weight and threshold of the fitted models, and
the constants and guards in code that `CONSTANTS` and `GUARDS` list. Each change is made in a copy
of the checkout. The exit status is 1 if a change passes unnoticed.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

_CHECKOUT = Path(__file__).resolve().parents[2]
_WEIGHTS = ("question", "retrieval", "answer")
_FITTED = (
    "calibration.json",
    "calibration_without_reranker.json",
    "relevance.json",
    "relevance_without_reranker.json",
)
CONSTANTS: dict[str, tuple[str, ...]] = {
    "rag/answer/__init__.py": ("_EARLIER",),
    "rag/answer/candidates.py": ("_MARGIN",),
    "rag/answer/compose.py": ("_LONGEST",),
    "rag/answer/features.py": ("_PASSAGES", "_FIRST", "_CLAUSE", "_BESIDE"),
    "rag/answer/logistic.py": ("_PENALTY",),
    "rag/answer/quotes.py": ("_LONG", "_JOINED", "_AROUND"),
    "rag/text/cases.py": ("_HEAD",),
    "rag/answer/relevance.py": ("GAP",),
    "rag/answer/scoring.py": ("_READ_OF_ONE", "_LONG", "_CLAUSE", "_NEAR"),
    "rag/answer/selection.py": ("_SHORT",),
    "rag/api.py": ("ANSWER_PASSAGES",),
    "rag/attribution/engine.py": ("_BEFORE", "_SENTENCE_BEFORE"),
    "rag/index/dense.py": ("_FIRST_FACTOR", "_LARGEST_EXACT", "_LEAST"),
    "rag/index/lexical.py": ("_MISSPELT", "_SHORTEST_MISSPELT", "_TWO_ERRORS"),
    "rag/models/cross_encoder.py": ("_MAX_TOKENS",),
    "rag/models/reranker_input.py": ("_TITLE", "_BEFORE"),
    "rag/question/query.py": ("_LONGEST_NAME",),
    "rag/question/references.py": ("_WORDS_ALONE", "_READ_TOGETHER"),
    "rag/retrieval/retriever.py": ("_MOST_LIKELY",),
    "rag/sums/amounts.py": ("_AROUND", "_NEAR", "_PARTS"),
    "rag/sums/table.py": ("_KEPT",),
    "rag/text/money.py": ("_MISPRINT",),
    "rag/text/abbreviations.py": ("_LONGEST_NAME", "_MORE_WORDS"),
    "rag/text/near_duplicates.py": ("_RUN", "_SHARE", "_KEPT"),
    "rag/text/sentences.py": ("_WIDTH_QUANTILE", "_RAGGED", "_WIDEST_WRAP"),
    "rag/text/split.py": ("_STRETCH", "_LEAD"),
}
"""Constants in code that were chosen by looking, by their file."""
GUARDS: tuple[tuple[str, str, str, str], ...] = (
    (
        "guard of the splitter's version",
        "rag/index/passage_cache.py",
        "documents.splitter_version != SPLITTER_VERSION",
        "False",
    ),
    (
        "vector of the document's first lines",
        "rag/index/vector_cache.py",
        "part += self.get",
        "part += 0 * self.get",
    ),
    (
        "share of common words of a repeated sentence",
        "rag/answer/selection.py",
        "/ len(union) > 0.75",
        "/ len(union) > 0",
    ),
)
"""Other changes: a name, a file, what stands in it, what is written instead."""
_MORE_TESTS = {
    "rag/answer/__init__.py": ("tests/unit/answer/test_answer.py",),
    "rag/answer/logistic.py": ("tests/unit/answer/test_fitted.py",),
    "rag/answer/scoring.py": ("tests/unit/answer/test_weights.py",),
    "rag/retrieval/retriever.py": ("tests/unit/retrieval/test_weights.py",),
}
"""Tests of a file beside the one of its name."""


@dataclass(frozen=True, slots=True)
class Change:
    """One weight at 0: how the text of its file is changed, and the tests that must notice."""

    name: str
    file: str
    edit: Callable[[str], str]
    tests: tuple[str, ...]


def main() -> int:
    """Try every change, print the table, return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2, help="tests that run at a time")
    parser.add_argument("--only", default="", help="only changes with this in their name")
    options = parser.parse_args()
    tried = [change for change in changes() if options.only in change.name]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copies: Queue[Path] = Queue()
        for number in range(options.jobs):
            copies.put(_copy(Path(folder) / str(number)))
        sound = _run(copies.queue[0], sorted({test for one in tried for test in one.tests}))
        if sound is not None:
            print(f"with no change, {sound} fails: mend it first")
            return 1
        with ThreadPoolExecutor(options.jobs) as pool:
            noticed = list(pool.map(lambda change: _tried(change, copies), tried))
    width = max(len(change.name) for change in tried)
    print(f"{'weight at 0':{width}}  noticed by")
    for change, test in zip(tried, noticed, strict=True):
        print(f"{change.name:{width}}  {test or 'NONE'}")
    caught = sum(test is not None for test in noticed)
    seconds = time.monotonic() - began
    print(f"{len(tried)} tried, {caught} noticed, {len(tried) - caught} not; {seconds:.0f} s")
    return 0 if caught == len(tried) else 1


def changes() -> Iterator[Change]:
    """Every weight that is not 0, set to 0."""
    for room in _WEIGHTS:
        file = f"rag/{room}/weights.json"
        for key in json.loads((_CHECKOUT / file).read_text()):
            test = f"tests/unit/{room}/test_weights.py"
            yield Change(f"{file}: {key}", file, _without(key), (test,))
    for name in _FITTED:
        file = f"rag/answer/{name}"
        record = json.loads((_CHECKOUT / file).read_text())
        # A signal that says nothing has the weight 0: what no reranker reads is all alike.
        weights = [key for key, value in record.pop("weights").items() if value]
        for key in (*record, *weights):
            yield Change(
                f"{file}: {key}", file, _without(key), ("tests/unit/answer/test_fitted.py",)
            )
    for file, names in CONSTANTS.items():
        for name in names:
            yield Change(f"{file}: {name}", file, _assigned(name), tuple(_tests_of(file)))
    for name, file, old, new in GUARDS:
        yield Change(f"{file}: {name}", file, _replaced(old, new), tuple(_tests_of(file)))


def _without(key: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        record = json.loads(text)
        (record if key in record else record["weights"])[key] = 0
        return json.dumps(record, indent=2)

    return edit


def _assigned(name: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        changed, count = re.subn(rf"^({name}) = [\d._]+$", r"\1 = 0", text, flags=re.MULTILINE)
        if count != 1:
            raise ValueError(f"{name} is assigned {count} times")
        return changed

    return edit


def _replaced(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands there {text.count(old)} times")
        return text.replace(old, new)

    return edit


def _tests_of(file: str) -> Iterable[str]:
    path = Path(file)
    mirrored = Path("tests/unit", *path.parent.parts[1:], f"test_{path.stem}.py").as_posix()
    if (_CHECKOUT / mirrored).is_file():
        yield mirrored
    yield from _MORE_TESTS.get(file, ())


def _copy(folder: Path) -> Path:
    """The files of the checkout that git knows or does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=_CHECKOUT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (_CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(_CHECKOUT / name, folder / name)
    return folder


def _tried(change: Change, copies: "Queue[Path]") -> str | None:
    copy = copies.get()
    path = copy / change.file
    text = path.read_text(encoding="utf-8")
    try:
        _write(path, change.edit(text))
        noticed = _run(copy, change.tests)
        print(f"{change.name}: {noticed}", file=sys.stderr)
        return noticed
    finally:
        _write(path, text)
        copies.put(copy)


def _write(path: Path, text: str) -> None:
    """Write a file, and delete what was compiled of it: a change may keep its time and its size."""
    path.write_text(text, encoding="utf-8")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        compiled.unlink()


def _run(copy: Path, tests: Sequence[str]) -> str | None:
    """The first test that fails; None where all pass."""
    if not tests:
        return None
    # Without the plugins for browsers and the like pytest starts in a third of the time.
    plain = {"PYTHONPATH": str(copy), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    options = ("-qx", "-p", "no:cacheprovider", "-p", "pytest_timeout")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=copy, env=os.environ | plain, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode == 0:
        return None
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    return failed[1] if failed else f"exit status {done.returncode}"


if __name__ == "__main__":
    sys.exit(main())
