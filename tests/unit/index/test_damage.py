"""Random damage to every file of an index: named, or the same answer. Never wrong, never raw.

A longer run, which prints its seed:

    python -m tests.unit.index.test_damage ROUNDS [SEED]
"""

import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from rag import Index, RagError
from rag.config import Settings
from rag.index.builds import Builds
from rag.ingest import build_index
from tests.conftest import SEEDS

QUESTIONS = ("what does Binance say about user asset safety?", "who was fined?", "Was it at risk?")


def damaged(content: bytes, draw: random.Random, others: list[Path]) -> bytes:
    """The content cut, flipped, emptied, longer, of another file, or with zeros in it."""
    if not content:
        return draw.randbytes(9)
    place = draw.randrange(len(content))
    flipped = bytearray(content)
    flipped[place] ^= 1 << draw.randrange(8)
    length = min(draw.randrange(1, 4096), len(content) - place)
    return draw.choice(
        [
            content[:place],
            bytes(flipped),
            b"",
            content + draw.randbytes(9),
            draw.choice(others).read_bytes(),
            content[:place] + bytes(length) + content[place + length :],
        ]
    )


def outcomes(index: Path, seed: int, rounds: int, *, under_reader: bool) -> Counter[str]:
    """What came of ``rounds`` damages; a wrong answer is ``wrong``, another error its own name."""
    draw = random.Random(seed)
    reader = Index.open(index, lexical=True)
    right = [reader.ask(question) for question in QUESTIONS]
    builds = Builds(index)
    files = [p for p in sorted(builds.path(reader.build).rglob("*")) if p.is_file()]
    if not under_reader:
        files.append(index / "CURRENT")
    found: Counter[str] = Counter()
    for _ in range(rounds):
        path = draw.choice(files)
        sound = path.read_bytes()
        path.write_bytes(damaged(sound, draw, files))
        asked = draw.randrange(len(QUESTIONS))
        try:
            used = reader if under_reader else Index.open(index, lexical=True)
            found["same" if used.ask(QUESTIONS[asked]) == right[asked] else "wrong"] += 1
        except RagError:
            found["named"] += 1
        except Exception as error:  # noqa: BLE001 - counted by its name
            found[type(error).__name__] += 1
        path.write_bytes(sound)
    return found


@pytest.mark.parametrize("under_reader", [False, True], ids=["at rest", "under a reader"])
def test_damage_is_named_or_harmless(seed_index: Path, under_reader: bool) -> None:
    seed = random.randrange(1_000_000)
    found = outcomes(seed_index, seed, 80, under_reader=under_reader)

    assert set(found) <= {"named", "same"}, f"seed {seed}: {found}"
    assert found["named"] >= 40


def main() -> None:
    """Damage an index of the seeds; print what came of it."""
    rounds = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        build_index([SEEDS], settings=Settings(index=Path(folder, "sound")))
        for under_reader in (False, True):
            copy = shutil.copytree(Path(folder, "sound"), Path(folder, str(under_reader)))
            found = outcomes(copy, seed, rounds, under_reader=under_reader)
            where = "under a reader" if under_reader else "at rest"
            sys.stdout.write(f"seed {seed}, {rounds:,} damages {where}: {dict(found)}\n")


if __name__ == "__main__":
    main()
