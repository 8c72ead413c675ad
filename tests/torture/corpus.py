"""Two small corpora, a fast embedder that means something, and builds in other processes."""

import hashlib
import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rag.api
import rag.index.waiting_texts
import rag.ingest
import rag.load.html
import rag.load.text  # the readers, before calls are let fail
from rag import Answer, BuildReport, Index, RagError, Settings
from rag.index.builds import Builds
from rag.load.readers import read_source
from rag.load.workers import Workers

QUESTIONS = ("What did Alder Trading pay?", "What did Birch Capital deny?", "Who was fined?")

BEFORE = {
    "alder.txt": "The Commission fined Alder Trading $5,000 on 3 May 2021 for late reports.",
    "birch.html": "<html><body><p>Birch Capital denied that it misled its clients.</p></body></html>",
    "cedar.txt": "Cedar Bank agreed to pay a civil penalty of $70,000.\n\nIt consented to an order.",
}
AFTER = {
    **BEFORE,
    "alder.txt": "The Commission fined Alder Trading $6,000 on 9 June 2022 for false reports.",
    "dogwood.txt": "Dogwood Partners was fined $8,000. Its director was fined $9,000 in Ohio.",
}


_EXPECTED = re.compile(
    r"CURRENT|\.lock|builds/[\w-]+/[\w./-]+|cache/\w{32}\.vectors|cache/read/\w\w/\w{64}\.json"
)
"""What an index folder may hold when no build runs."""


class WordEmbedder:
    """Texts that share words are near: each word has a random direction of its own."""

    name = "words"
    fingerprint = hashlib.sha256(b"words").hexdigest()
    dimension = 32

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), dimension)``, of length 1."""
        return np.stack([self.embed_question(text) for text in texts])

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Vector of shape ``(dimension,)``, of length 1."""
        total = np.full(self.dimension, 0.001, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            digest = np.frombuffer(hashlib.sha256(word.encode()).digest(), np.uint8)
            total += digest.astype(np.float32) - 127.5
        unit: NDArray[np.float32] = total / np.linalg.norm(total)
        return unit


def use_words(batch: int = 2) -> None:
    """In this process, embed with `WordEmbedder`, and save the vectors of ``batch`` texts at once."""
    for module in (rag.ingest, rag.api):
        module.load_embedder = lambda model: WordEmbedder()  # type: ignore[attr-defined]
    rag.index.waiting_texts._BATCH = batch


def settings_of(folder: Path) -> Settings:
    """Settings for the index and the documents below ``folder``."""
    return Settings(
        index=folder / "index",
        seeds=folder / "seeds",
        rerank=False,
        ocr=False,
        workers=1,
        keep=2,
        model="all-MiniLM-L6-v2",
    )


def write(folder: Path, corpus: dict[str, str]) -> Path:
    """Make ``folder/seeds`` hold exactly the documents of ``corpus``."""
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for path in seeds.iterdir():
        path.unlink()
    for name, text in corpus.items():
        (seeds / name).write_text(text)
    return seeds


def answers(index: Index) -> list[dict[str, Any]]:
    """The answers to `QUESTIONS`, without what differs between two builds of the same documents."""
    return [content(index.ask(question)) for question in QUESTIONS]


def content(answer: Answer) -> dict[str, Any]:
    """What an answer says, without the name of the build and the place of the documents."""
    return {
        "outcome": answer.outcome,
        "claims": [
            (claim.text, claim.speaker, claim.status, claim.citations[0].document.doc_id)
            for claim in answer.claims
        ],
        "documents": answer.searched.documents,
    }


@dataclass(frozen=True)
class Built:
    """How a build in another process ended: a report, the message of an error, or a raw error."""

    report: BuildReport | None = None
    told: str = ""
    raw: str = ""


def build(folder: Path, wait: Connection, *, die_at: int = -1, alone: bool = False) -> None:
    """Build in this process once told to.

    It is killed at its disk operation number ``die_at``. If ``alone``, it reads the documents
    itself: no other process is under the watch of what fails its calls.
    """
    use_words()
    if alone:
        Workers._read = lambda self, source: list(read_source(source, self._limits))  # type: ignore[method-assign]
    # Asks for nothing: a prompt or a print would go to the terminal of the run.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    wait.send("ready")
    wait.recv()
    if die_at >= 0:
        _die(die_at, str(folder))
    try:
        built = Built(report=rag.ingest.build_index(settings=settings_of(folder)))
    except RagError as error:
        built = Built(told=str(error))
    except BaseException as error:  # noqa: BLE001 - a panic of a Rust library is no Exception
        built = Built(raw=f"{type(error).__name__}: {error}")
    wait.send(built)


def _die(count: int, below: str) -> None:
    left = count

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _REMOVALS or (
            event in _DISK and any(str(one).startswith(below) for one in given)
        ):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


_DISK = {"open", "os.rename", "os.mkdir", "os.chmod", "sqlite3.connect", "shutil.rmtree"}
_REMOVALS = {"os.remove", "os.rmdir"}
"""Their names may be those in an open folder; a build removes nothing elsewhere."""


class Child:
    """A build in a process that a fork server starts with everything imported."""

    def __init__(self, folder: Path, **options: Any) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self.told, theirs = context.Pipe()
        self.process = context.Process(target=build, args=(folder, theirs), kwargs=options)
        self.process.start()
        theirs.close()
        assert self.told.recv() == "ready"

    def go(self) -> None:
        """Begin to build."""
        self.told.send("go")

    def end(self, seconds: float = 300) -> Built | None:
        """How the build ended; None if its process was killed."""
        try:
            if not self.told.poll(seconds):
                self.process.kill()
                raise AssertionError(f"a build took more than {seconds:.0f} s")
            built: Built = self.told.recv()
        except (EOFError, ConnectionResetError):
            return None
        finally:
            self.process.join()
        return built


def finish(here: Path) -> None:
    """Build in another process; a fault if that fails."""
    child = Child(here)
    child.go()
    built = child.end()
    assert built is not None
    assert built.report is not None, built


def tidy(index: Path) -> None:
    """Nothing but whole builds and caches lies in the folder of an index."""
    names = [p.relative_to(index).as_posix() for p in index.rglob("*") if p.is_file()]
    assert not (litter := [name for name in names if not _EXPECTED.fullmatch(name)]), litter
    builds = Builds(index)
    for name in builds.names():
        assert (builds.path(name) / "manifest.json").is_file(), f"{name}: half deleted"
        assert set(builds.manifest(name).files) == {
            path.relative_to(builds.path(name)).as_posix()
            for path in builds.path(name).rglob("*")
            if path.is_file() and path.name != "manifest.json"
        }, f"{name}: half deleted"
    assert len(builds.names()) <= 2
