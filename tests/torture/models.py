"""Altered weights and pickles are refused, and the key of a language model is found nowhere."""

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from rag import RagError
from rag.errors import UsageError
from rag.hashing import sha256_of
from rag.models.cross_encoder import CrossEncoder, weights_folder
from rag.models.embedder import load_embedder
from rag.models.packaged import PACKAGED, PackagedModel
from tests.conftest import SEEDS
from tests.language_model import LanguageModel, streamed
from tests.torture.runner import CHECKOUT

_KEY = "sk-canary-4b1f7d20c9e8-that-is-shown-nowhere"
_NAMES = tuple(PACKAGED)


class _Runs:
    """A pickle that writes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._path),)


class Models:
    """A third each: altered files, pickles, secrets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound: dict[str, PackagedModel] = dict(PACKAGED)

    def trial(self, draw: random.Random, number: int) -> str:
        """One attempt."""
        here = self._folder / "trial"
        here.mkdir()
        try:
            return (self._altered, self._pickle, self._secret)[number % 3](here, draw)
        finally:
            PACKAGED.update(self._sound)
            shutil.rmtree(here)

    def _altered(self, here: Path, draw: random.Random) -> str:
        reranker = draw.random() < 0.3
        name = draw.choice(_NAMES)
        source = weights_folder() if reranker else self._sound[name].folder
        copy = here / "model"
        shutil.copytree(source, copy, copy_function=os.link if _same(source, here) else os.symlink)
        weights = [p for p in copy.rglob("*") if p.suffix in (".onnx", ".safetensors")]
        path = draw.choice(weights)
        data = bytearray(path.read_bytes())
        path.unlink()
        if draw.random() < 0.8:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        else:
            del data[draw.randrange(len(data)) :]
        path.write_bytes(data)
        counts = reranker or "onnx" not in path.relative_to(copy).parts
        try:
            if reranker:
                CrossEncoder(copy).load()
            else:
                PACKAGED[name] = replace(self._sound[name], place=str(copy))
                load_embedder(name).embed_question("fined")
        except RagError as error:
            said = str(error)
        else:
            assert not counts or sha256_of(path) in said_of(source), f"{path.name} was not refused"
            return "another export was altered: not read"
        assert "pip install" in said, said
        return "altered weights refused"

    def _pickle(self, here: Path, draw: random.Random) -> str:
        copy, ran = here / "model", here / "ran"
        copy.mkdir()
        for path in self._sound["all-MiniLM-L6-v2"].folder.rglob("*"):
            if path.suffix in (".json", ".txt"):
                target = copy / path.relative_to(self._sound["all-MiniLM-L6-v2"].folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        part = copy / draw.choice([".", "2_Dense"])
        part.mkdir(exist_ok=True)
        place = part / draw.choice(["pytorch_model.bin", "model.pt", "weights.pkl", "a.ckpt"])
        place.write_bytes(pickle.dumps(_Runs(ran)))
        try:
            load_embedder(str(copy)).embed_question("fined")
            raise AssertionError("a model of pickles was loaded")
        except UsageError as error:
            said = str(error)
        assert "pickle" in said, said
        assert not ran.exists(), "the pickle ran"
        return "a pickle refused"

    def _secret(self, here: Path, draw: random.Random) -> str:
        index, key = here / "index", _KEY
        environment = {**os.environ, "RAG_GENERATOR_KEY": key, "RAG_INDEX": str(index)}
        environment["RAG_GENERATOR_MODEL"] = "gullible"
        shown = [self._run(environment, "index", str(SEEDS), "--json")]
        with LanguageModel() as model:
            environment["RAG_GENERATOR_URL"] = model.url
            at = draw.choice([0, 150, 180, 195])
            told = f"{'x' * at} Incorrect API key: {key}."
            if draw.random() < 0.5:
                model.status = draw.choice([400, 401, 500])
                model.reply = json.dumps({"error": {"message": told}}).encode()
            else:
                model.reply = streamed("It is safe. [1]")
            for suffix in (".json", ".html", ".md", ".docx"):
                saved = str(here / f"answer{suffix}")
                shown.append(self._run(environment, "ask", "user assets?", "--save", saved))
            shown.append(self._run(environment, "status", "--model"))
            assert f"Bearer {key}" in model.keys
        environment["RAG_GENERATOR_URL"] = f"http://user:{key}@127.0.0.1:9/v1"
        shown.append(self._run(environment, "ask", "user assets?", fails=True))
        for words in shown:
            assert key[:12] not in words, f"shown: {words[:300]}"
        for path in here.rglob("*"):
            if path.is_file():
                assert key[:12].encode() not in path.read_bytes(), f"stored: {path.name}"
        return "the key is shown and stored nowhere"

    def _run(self, environment: dict[str, str], *words: str, fails: bool = False) -> str:
        ended = subprocess.run(
            [sys.executable, "-m", "rag", *words],
            cwd=CHECKOUT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert bool(ended.returncode) == fails, ended.stderr[-500:]
        return ended.stdout + ended.stderr


def said_of(folder: Path) -> set[str]:
    """The digests of the sound files."""
    return {sha256_of(path) for path in folder.rglob("*") if path.is_file()}


def _same(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev
