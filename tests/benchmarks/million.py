"""Builds an index of a million passages from a smaller one, and prints time, memory and size.

    python tests/benchmarks/million.py INDEX FOLDER [--passages 1000000] [--json FILE]

The documents of INDEX are written many times, each time with every fifth word replaced by a word
from elsewhere in them. The vector of a passage is the vector of its original plus 0.4 of another
vector and some noise, at length 1: it gets new neighbours among the old ones. So nothing is
embedded, and the time is the time of a build with all vectors in the cache.
"""

import argparse
import json
import random
import re
import resource
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from speed import commit, machine

from rag.config import Settings
from rag.index.builds import Builds
from rag.index.vector_cache import VectorCache, key_of
from rag.ingest import build_index
from rag.models.embedder import load_embedder
from rag.text.split import embedded_texts, split
from rag.types import Document, Passage

_EXCHANGED = 0.2
_OF_ANOTHER = 0.4
_NOISE = 0.02
_WORD = re.compile(r"[A-Za-z]{2,}")


def main() -> None:
    """Write the documents and their vectors, build, print the figures, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path, help="a built index, with its vectors")
    parser.add_argument("folder", type=Path, help="folder for the documents and the index")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    settings = Settings(index=options.folder / "index", seeds=options.folder / "documents")
    passages = _write(options.index, settings, options.passages)
    print(f"{passages:,} passages written; building", flush=True)
    started, used = time.perf_counter(), time.process_time()
    report = build_index(settings=settings)
    build = Builds(settings.index).path(report.build)
    result = {
        "commit": commit(),
        "machine": machine(),
        "documents": report.documents,
        "passages": report.passages,
        "embedded": report.embedded,
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(time.process_time() - used, 1),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "disk_gib": round(sum(f.stat().st_size for f in build.rglob("*")) / 2**30, 2),
        "dense_recall": Builds(settings.index).manifest(report.build).dense_recall,
    }
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _write(index: Path, settings: Settings, wanted: int) -> int:
    """Write documents with about ``wanted`` passages and their vectors; return the number."""
    builds = Builds(index)
    stored = builds.open().documents
    embedder = load_embedder(settings.model)
    known = VectorCache(builds.cache, embedder.fingerprint, embedder.dimension)
    kept = VectorCache(Builds(settings.index).cache, embedder.fingerprint, embedder.dimension)
    originals = []
    for row, document in enumerate(stored.all()):
        firsts, seconds = zip(*_keys(stored.passages(stored.rows_of(row))), strict=True)
        originals.append((document, known.get(firsts), known.get(seconds[:1])))
    others = np.concatenate([vectors for _, vectors, _ in originals])
    words = _WORD.findall(" ".join(document.text for document, *_ in originals[::20]))
    draw = random.Random(1)
    noise = np.random.default_rng(1)
    settings.seeds.mkdir(parents=True, exist_ok=True)
    count = 0
    for copy in range(1, 1000):
        with (settings.seeds / f"{copy:03}.jsonl").open("w", encoding="utf-8") as file:
            for document, vectors, beginning in originals:
                text = _altered(document.text, words, draw)
                altered = replace(document, doc_id=f"{document.doc_id}-{copy}", text=text)
                file.write(json.dumps(_row(altered), ensure_ascii=False) + "\n")
                keys = _keys(split(altered, size=settings.passage_size))
                near = vectors[np.minimum(np.arange(len(keys)), len(vectors) - 1)]
                mixed = near + _OF_ANOTHER * others[noise.integers(len(others), size=len(keys))]
                mixed += _NOISE * noise.standard_normal(mixed.shape, dtype=np.float32)
                firsts, seconds = zip(*keys, strict=True)
                kept.put(seconds[:1], beginning)
                kept.put(firsts, mixed / np.linalg.norm(mixed, axis=1, keepdims=True))
                count += len(keys)
                if count >= wanted:
                    return count
    return count


def _keys(passages: Iterable[Passage]) -> list[tuple[bytes, bytes]]:
    """The keys of the two vectors of each passage of one document."""
    return [(key_of(one), key_of(other)) for one, other in embedded_texts(list(passages))]


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
