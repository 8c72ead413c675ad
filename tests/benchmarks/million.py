"""Builds an index of a million passages from a smaller one, and prints time, memory and size.

    PYTHONPATH=. python tests/benchmarks/million.py INDEX FOLDER [--passages 1000000]
        [--shards 0] [--json FILE]

The documents of INDEX are written many times, each time with every fifth word replaced by a word
from elsewhere in them. No text is embedded: the vector of a text is a vector of INDEX, chosen by
the SHA-256 of the text, plus 0.4 of another and some noise, at length 1. So the time is that of
a build without its embedding, and vectors have neighbours as real ones have.

With --shards N the build is made of N shards, two at a time, which are merged. Each program runs in
a process of its own, whose greatest memory is measured, together with its worker processes and
alone.
"""

import argparse
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from speed import commit, machine

from rag.config import Settings
from rag.index.builds import Builds
from rag.types import Document

_EXCHANGED = 0.2
_OF_ANOTHER = 0.4
_NOISE = 0.02
_WORD = re.compile(r"[A-Za-z]{2,}")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class MixedEmbedder:
    """Draws the vector of a text, by its SHA-256, from vectors of real texts."""

    name = "mixed"

    def __init__(self, path: Path) -> None:
        self._vectors = np.load(path, mmap_mode="r")
        self.dimension = self._vectors.shape[1]
        self.fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One for each text, of length 1."""
        digests = b"".join(hashlib.sha256(text.encode()).digest()[:24] for text in texts)
        seeds = np.frombuffer(digests, np.uint64).reshape(-1, 3)
        rows = (seeds[:, :2] % np.uint64(len(self._vectors))).astype(np.int64)
        found = self._vectors[rows[:, 0]].astype(np.float32)
        found += _OF_ANOTHER * self._vectors[rows[:, 1]]
        draw = np.random.default_rng(int(seeds[0, 2]))
        found += _NOISE * draw.standard_normal(found.shape, dtype=np.float32)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """As of a passage."""
        return self.embed_passages([text])[0]


def main() -> None:
    """Write the documents, build, print the figures, write the JSON."""
    if sys.argv[1] == "build":
        _build(Path(sys.argv[2]), *sys.argv[3:])
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path, help="a built index")
    parser.add_argument("folder", type=Path, help="folder for the documents and the index")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--shards", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not (options.folder / "documents").is_dir():
        _write(options.index, options.folder, options.passages)
    steps: list[dict[str, Any]] = []
    if options.shards:
        shards = [f"{number}/{options.shards}" for number in range(options.shards)]
        with ThreadPoolExecutor(2) as two:
            steps.extend(two.map(lambda shard: _run(options.folder, "--shard", shard), shards))
        steps.append(_run(options.folder, "--merge", str(options.shards)))
    else:
        steps.append(_run(options.folder))
    builds = Builds(options.folder / "index")
    manifest = builds.manifest(builds.current() or "")
    files = builds.path(manifest.build).rglob("*")
    result = {
        "commit": commit(),
        "machine": machine(),
        "load_average": os.getloadavg(),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "disk_gib": round(sum(file.stat().st_size for file in files) / 2**30, 2),
        "dense_recall": manifest.dense_recall,
        "steps": steps,
    }
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _build(folder: Path, *how: str) -> None:
    """Build with the embedder of this benchmark, in this process; print when each stage ended."""
    import rag.ingest

    embedder = MixedEmbedder(folder / "vectors.npy")
    rag.ingest.load_embedder = lambda model: embedder
    settings = Settings(index=folder / "index", seeds=folder / "documents")
    began = time.monotonic()
    ended: dict[str, float] = {}

    def report(stage: str, done: int, total: int) -> None:
        ended[stage] = round(time.monotonic() - began, 1)

    make: Callable[..., Any] = rag.ingest.build_index
    if how:
        import rag.shards

        rag.shards.load_embedder = lambda model: embedder
        place = str(folder / "shards")
        if how[0] == "--shard":
            number, of = map(int, how[1].split("/"))
            settings = Settings(index=folder / f"machine-{number}", seeds=folder / "documents")
            rag.shards.write_shard(None, number, of, place, settings=settings, on_progress=report)
        else:
            rag.shards.merge_shards(None, int(how[1]), place, settings=settings, on_progress=report)
    else:
        make(settings=settings, on_progress=report)
    print(json.dumps({"stages_ended_s": ended, "seconds": round(time.monotonic() - began, 1)}))


def _run(folder: Path, *how: str) -> dict[str, Any]:
    """Run one program; its stages, seconds and greatest memory in GiB."""
    command = [sys.executable, __file__, "build", str(folder), *how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = [0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            peak[0] = max(peak[0], _resident(process.pid))

    watching = threading.Thread(target=watch)
    watching.start()
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    done.set()
    watching.join()
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return {
        "step": " ".join(how) or "build",
        **json.loads(printed),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_gib": round(used.ru_maxrss / 2**20, 2),
        "peak_with_workers_gib": round(peak[0] / 2**30, 2),
    }


def _resident(parent: int) -> int:
    """Bytes of memory of a process and of its children, pages of files included."""
    total = 0
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            if int(path.name) == parent or int(fields[1]) == parent:
                total += int((path / "statm").read_text().split()[1]) * _PAGE
    return total


def _write(index: Path, folder: Path, wanted: int) -> None:
    """Write documents with about ``wanted`` passages, and the vectors that are mixed."""
    build = Builds(index).open()
    per_copy = build.manifest.passages
    originals = list(build.documents.all())
    folder.mkdir(parents=True, exist_ok=True)
    rows = range(0, per_copy, max(1, per_copy // 50_000))
    vectors = build.dense._exact.reconstruct_batch(np.array(rows))  # type: ignore[attr-defined]
    np.save(folder / "vectors.npy", vectors.astype(np.float16))
    words = _WORD.findall(" ".join(document.text for document in originals[::20]))
    draw = random.Random(1)
    unfinished = folder / "documents.unfinished"
    unfinished.mkdir(exist_ok=True)
    for copy in range(1, 1 + -(-wanted // per_copy)):
        left = min(1.0, wanted / per_copy - (copy - 1))
        with (unfinished / f"{copy:04}.jsonl").open("w", encoding="utf-8") as file:
            for document in originals[: int(left * len(originals))]:
                text = _altered(document.text, words, draw)
                altered = replace(document, doc_id=f"{document.doc_id}-{copy}", text=text)
                file.write(json.dumps(_row(altered), ensure_ascii=False) + "\n")
    unfinished.rename(folder / "documents")


def _row(document: Document) -> dict[str, Any]:
    """The document as a row of an export, which loads as the same document."""
    known = {key: document.metadata.get(key) for key in ("agency", "type", "date", "speaker")}
    return {"id": document.doc_id, "title": document.title, "text": document.text, **known}


def _altered(text: str, words: list[str], draw: random.Random) -> str:
    return _WORD.sub(
        lambda match: draw.choice(words) if draw.random() < _EXCHANGED else match[0], text
    )


if __name__ == "__main__":
    main()
