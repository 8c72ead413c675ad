"""Damage to every file of a build and of the caches: named, or the same answer."""

import os
import random
import shutil
from pathlib import Path

import numpy as np

import rag.hashing
import rag.ingest
from rag import Index, RagError
from rag.config import cache_folder
from rag.index.builds import Builds
from rag.models import packaged
from rag.models.embedder import load_embedder
from tests.torture.corpus import AFTER, BEFORE, QUESTIONS, answers, settings_of, use_words, write
from tests.unit.index.test_damage import damaged


class Damage:
    """One file is damaged, used, and made sound again."""

    def __init__(self, folder: Path) -> None:
        self._environment = dict(os.environ)
        os.environ["XDG_CACHE_HOME"] = str(folder / "xdg")
        use_words(batch=512)
        self._folder = folder
        self._settings = settings_of(folder)
        write(folder, AFTER)
        rag.ingest.build_index(settings=self._settings)
        self._after = answers(Index.open(settings=self._settings))
        shutil.copytree(folder / "index", folder / "after")
        write(folder, BEFORE)
        rag.ingest.build_index(settings=self._settings)
        self._reader = Index.open(settings=self._settings)
        self._right = [self._reader.ask(question) for question in QUESTIONS]
        builds = Builds(folder / "index")
        live = builds.path(builds.current() or "")
        self._files = [path for path in sorted(live.rglob("*")) if path.is_file()]

    def close(self) -> None:
        """Set the folder of the caches back."""
        os.environ.clear()
        os.environ.update(self._environment)

    def trial(self, draw: random.Random, number: int) -> str:
        """Damage one file in one place."""
        place = draw.random()
        if number == 5 or place < 0.01:
            return self._compiled(draw)
        if number == 6 or place < 0.06:
            return self._digests(draw)
        if number in (7, 8) or place < 0.15:
            return self._caches(draw)
        under_reader = place < 0.55
        files = self._files if under_reader else [*self._files, self._folder / "index/CURRENT"]
        path = draw.choice(files)
        sound = path.read_bytes()
        path.write_bytes(damaged(sound, draw, self._files))
        asked = draw.randrange(len(QUESTIONS))
        where = "under a reader" if under_reader else "at rest"
        try:
            used = self._reader if under_reader else Index.open(settings=self._settings)
            assert used.ask(QUESTIONS[asked]) == self._right[asked], f"{path.name}: wrong"
            return f"{where}: the same"
        except RagError as error:
            assert "rag index" in str(error), str(error)
            return f"{where}: named"
        finally:
            path.write_bytes(sound)

    def _caches(self, draw: random.Random) -> str:
        """The cache of vectors and that of documents that were read."""
        here = self._folder / "trial"
        shutil.copytree(self._folder / "after", here / "index")
        write(here, AFTER)
        try:
            files = [p for p in sorted((here / "index/cache").rglob("*")) if p.is_file()]
            path = draw.choice(files)
            path.write_bytes(damaged(path.read_bytes(), draw, self._files))
            (here / "seeds" / "elm.txt").write_text("Elm Savings is a bank.")
            rag.ingest.build_index(settings=settings_of(here))
            (here / "seeds" / "elm.txt").unlink()
            rag.ingest.build_index(settings=settings_of(here))
            assert answers(Index.open(settings=settings_of(here))) == self._after, path.name
        finally:
            shutil.rmtree(here)
        return "cache of the index: the same"

    def _digests(self, draw: random.Random) -> str:
        """The cache of digests; every file counts as large."""
        before = rag.hashing._LARGE, rag.hashing._SETTLED_SECONDS
        rag.hashing._LARGE, rag.hashing._SETTLED_SECONDS = 0, 0
        path = cache_folder() / "checked-digests.json"
        try:
            path.unlink(missing_ok=True)
            rag.hashing._known.cache_clear()
            Index.open(settings=self._settings)
            sound = path.read_bytes()
            content = damaged(sound, draw, self._files)
            if draw.random() < 0.3:
                content = draw.choice([b"[]", b"1", b"[" * 99_999, b'{"a": "b"}', b"null", b"{"])
            path.write_bytes(content)
            rag.hashing._known.cache_clear()
            index = Index.open(settings=self._settings)
            assert index.ask(QUESTIONS[0]) == self._right[0]
        finally:
            rag.hashing._LARGE, rag.hashing._SETTLED_SECONDS = before
            rag.hashing._known.cache_clear()
        return "cache of digests: the same"

    def _compiled(self, draw: random.Random) -> str:
        """The cache of compiled models, with the real weights."""

        def vector() -> object:
            packaged._load.cache_clear()
            return load_embedder("all-MiniLM-L6-v2").embed_question("Who was fined?")

        first = vector()
        (path,) = cache_folder().glob("*.model")
        path.write_bytes(damaged(path.read_bytes(), draw, self._files))
        assert np.allclose(first, vector(), atol=1e-6), "another vector"
        packaged._load.cache_clear()
        return "cache of compiled models: the same"
