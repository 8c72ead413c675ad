"""Two builds at once, a build under readers, and a folder that vanishes under a reader."""

import random
import shutil
import threading
from pathlib import Path
from typing import Any

from rag import Index, RagError
from tests.torture.corpus import (
    AFTER,
    BEFORE,
    QUESTIONS,
    Child,
    answers,
    content,
    finish,
    settings_of,
    tidy,
    use_words,
    write,
)


class Rounds:
    """Each round is one of three; whoever reads is told, or reads one build and no mixture."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        use_words()
        self._known: list[Any] = []
        for name, corpus in (("before", BEFORE), ("after", AFTER)):
            write(folder / name, corpus)
            finish(folder / name)
            self._known.append(answers(Index.open(settings=settings_of(folder / name))))

    def trial(self, draw: random.Random, number: int) -> str:
        """One round."""
        here = self._folder / "trial"
        shutil.copytree(self._folder / "before", here)
        try:
            write(here, AFTER)
            kind = (self._two_builds, self._readers, self._vanishing)[number % 3]
            return kind(here, draw)
        finally:
            shutil.rmtree(here, ignore_errors=True)

    def _two_builds(self, here: Path, draw: random.Random) -> str:
        children = [Child(here), Child(here)]
        children[0].go()
        children[0].told.poll(draw.random() * 0.5)
        children[1].go()
        built = [child.end() for child in children]
        assert all(built), "a build ended without a word"
        assert not [one.raw for one in built if one and one.raw]
        told = [one.told for one in built if one and one.told]
        assert len(told) < 2, told
        assert all("another build is running" in words for words in told)
        assert answers(Index.open(settings=settings_of(here))) == self._known[1]
        tidy(here / "index")
        return "two builds: one was told to wait" if told else "two builds: one after the other"

    def _readers(self, here: Path, draw: random.Random) -> str:
        child = Child(here)
        ended = threading.Event()
        faults: list[str] = []
        counts = [0, 0]

        def read(seed: int) -> None:
            own = random.Random(seed)
            try:
                while True:
                    last = ended.is_set()
                    index = Index.open(settings=settings_of(here))
                    for place in own.sample(range(len(QUESTIONS)), 2):
                        said = content(index.ask(QUESTIONS[place]))
                        versions = [known[place] for known in self._known]
                        if index.build == before:
                            assert said == versions[0], "the old build gave another answer"
                            counts[0] += 1
                        else:
                            assert said == versions[1], "the new build gave another answer"
                            counts[1] += 1
                    if last:
                        return
            except Exception as error:  # noqa: BLE001 - told by the thread that waits
                faults.append(f"{type(error).__name__}: {error}")

        before = Index.open(settings=settings_of(here)).build
        threads = [
            threading.Thread(target=read, args=(draw.randrange(9**9),), daemon=True)
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        child.go()
        built = child.end()
        ended.set()
        for thread in threads:
            thread.join(timeout=120)
        assert not any(thread.is_alive() for thread in threads), "a reader hangs"
        assert not faults, faults
        assert built is not None
        assert built.report is not None, built
        assert counts[0] or counts[1]
        return "four readers: each answer of one build"

    def _vanishing(self, here: Path, draw: random.Random) -> str:
        index = Index.open(settings=settings_of(here))
        place = draw.randrange(len(QUESTIONS))
        what = draw.choice(["index", "index/builds", f"index/builds/{index.build}"])
        done: list[str] = []

        def vanish() -> None:
            shutil.rmtree(here / what, ignore_errors=True)

        remover = threading.Thread(target=vanish)
        remover.start()
        for _ in range(3):
            try:
                said = content(index.ask(QUESTIONS[place]))
                assert said == self._known[0][place], "another answer"
                done.append("the same answer")
            except RagError as error:
                done.append("told")
                assert "\n" not in str(error)
        remover.join()
        try:
            Index.open(settings=settings_of(here))
            raise AssertionError("a deleted index opens")
        except RagError as error:
            assert "rag index" in str(error), str(error)
        return f"deleted: {done[-1]}"
