"""Mutated files: each becomes documents or a reported line, within the limits of time and memory.

    python tests/benchmarks/load_mutations.py ../shared/data/pdf --count 500 [--seed 1]

Bytes of PDFs and Word files are flipped, cut out, doubled, zeroed or moved. The seeds are printed.
"""

import argparse
import random
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path

from rag.config import load_settings
from rag.load import find, load
from rag.load.documents import limits_of
from rag.load.source import Source
from rag.load.workers import Workers, worker_count
from rag.types import Document

LARGEST = 400_000


def main() -> None:
    """Mutate the files, load them, print the outcomes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--megabytes", type=int, default=1024)
    arguments = parser.parse_args()
    settings = load_settings(
        ocr=False, parse_seconds=arguments.seconds, parse_megabytes=arguments.megabytes
    )
    seeds = range(arguments.seed, arguments.seed + arguments.count)
    print(f"seeds {seeds.start} to {seeds.stop - 1}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_mutations(arguments.folder, folder, seeds)
        sources = find([folder])
        began = time.monotonic()
        loaded = list(load(sources, settings))
        seconds = time.monotonic() - began
        slowest = longest_read(sources[:: max(1, len(sources) // 40)], limits_of(settings))
    outcomes = Counter("read" if isinstance(item, Document) else "skipped" for item in loaded)
    reasons = Counter(
        item.reason.split(":")[0][:60] for item in loaded if not isinstance(item, Document)
    )
    seen = {Path(item.source).name for item in loaded}
    also = {
        Path(one).name
        for item in loaded
        if isinstance(item, Document)
        for one in item.metadata.get("also_in", [])
    }
    print(f"{len(sources)} files in {seconds:.1f} s: {dict(outcomes)}, {len(also)} of equal text")
    print(f"unaccounted for: {len(sources) - len(seen | also)}")
    print(f"longest single read of a sample: {slowest:.1f} s (limit {arguments.seconds} s a page)")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest worker: {peak:.0f} MiB (limit {arguments.megabytes} MiB)")
    for reason, count in reasons.most_common():
        print(f"  {count:4} {reason}")


def write_mutations(folder: Path, target: Path, seeds: range) -> None:
    """Write one mutated file for each seed; the originals take turns."""
    originals = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix in (".pdf", ".docx") and 0 < path.stat().st_size < LARGEST
    ]
    for seed in seeds:
        path = originals[seed % len(originals)]
        (target / f"{seed:05}-{path.name}").write_bytes(mutated(path.read_bytes(), seed))


def mutated(data: bytes, seed: int) -> bytes:
    """``data`` with one to twenty changes, the same for the same seed."""
    dice = random.Random(seed)
    out = bytearray(data)
    for _ in range(dice.choice((1, 3, 20))):
        at = dice.randrange(max(1, len(out)))
        size = dice.choice((1, 16, 400, 20_000))
        piece = out[at : at + size]
        kind = dice.choice(("flip", "cut", "double", "zero", "move", "end"))
        if kind == "flip":
            for index in range(at, min(at + min(size, 64), len(out))):
                out[index] ^= 1 << dice.randrange(8)
        elif kind == "cut":
            del out[at : at + size]
        elif kind == "double":
            out[at:at] = piece
        elif kind == "zero":
            out[at : at + size] = bytes(len(piece))
        elif kind == "move":
            del out[at : at + size]
            place = dice.randrange(max(1, len(out)))
            out[place:place] = piece
        else:
            del out[max(1, len(out) - size) :]
    return bytes(out)


def longest_read(sources: list[Source], limits: object) -> float:
    """Seconds of the slowest source, each read alone."""
    longest = 0.0
    with Workers(worker_count(1, sources), limits) as workers:  # type: ignore[arg-type]
        for source in sources:
            began = time.monotonic()
            workers.read(source).result()
            longest = max(longest, time.monotonic() - began)
    return longest


if __name__ == "__main__":
    main()
