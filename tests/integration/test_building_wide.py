"""Shards made by processes of their own, of which one is killed, give the build of one machine."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from rag.api import Index
from rag.config import Settings
from rag.index.builds import Builds
from rag.ingest import build_index
from tests.wide_documents import write_documents

# A process that makes a shard, and kills itself after the first texts were embedded.
_KILLED_SHARD = """
import os, signal, sys
from pathlib import Path
import rag.index.waiting_texts
from rag.config import Settings
from rag.shards import write_shard

rag.index.waiting_texts._BATCH = 8

def die(stage, done, total):
    if stage == "embed" and done:
        os.kill(os.getpid(), signal.SIGKILL)

documents, shards, index = sys.argv[1:]
write_shard([documents], 2, 4, shards, settings=Settings(index=index), on_progress=die)
"""


def _rag(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "rag", "index", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_four_shards_on_two_processes_with_one_killed_are_the_build_of_one(
    tmp_path: Path,
) -> None:
    documents, place = tmp_path / "documents", tmp_path / "shards"
    write_documents(documents)
    common = (documents, "--shards", place)

    def make(shard: int) -> "subprocess.CompletedProcess[str]":
        index = tmp_path / f"machine-{shard}"
        if shard == 2:
            killed = [sys.executable, "-c", _KILLED_SHARD, str(documents), str(place), str(index)]
            return subprocess.run(killed, capture_output=True, text=True, check=False)
        return _rag(*common, "--index", index, "--shard", f"{shard}/4")

    with ThreadPoolExecutor(2) as two:
        codes = [done.returncode for done in two.map(make, range(4))]
    without = _rag(*common, "--index", tmp_path / "merged", "--merge", 4)
    again = _rag(*common, "--index", tmp_path / "machine-2", "--shard", "2/4")
    merged = _rag(*common, "--index", tmp_path / "merged", "--merge", 4)
    local = build_index([documents], settings=Settings(index=tmp_path / "local"))

    assert codes == [0, 0, -signal.SIGKILL, 0]
    assert without.returncode == 1
    assert "shard 2/4 is missing" in without.stderr
    assert f"rag index {documents} --shard 2/4 --shards {place}" in without.stderr
    assert again.stdout.startswith("shard 2/4: ")
    # The first eight texts were kept by the killed process.
    assert f" {local.embedded:,} newly" not in again.stdout
    assert "0 newly embedded" in merged.stdout
    wide = Builds(tmp_path / "merged").manifest(Builds(tmp_path / "merged").current() or "")
    assert wide.inputs == local.manifest.inputs
    assert wide.build.split("-")[1] == local.build.split("-")[1]
    assert wide.files["documents.sqlite"] == local.manifest.files["documents.sqlite"]
    one, other = (Index.open(tmp_path / name) for name in ("merged", "local"))
    for question in ("What did firm 31 of Ohio pay?", "the Bureau of Market Conduct", "BMC2"):
        hits, expected = one.retrieve(question, 10), other.retrieve(question, 10)
        assert [hit.passage for hit in hits] == [hit.passage for hit in expected]
        # The last digits of a vector depend on the texts that were embedded beside it.
        assert np.allclose([h.score for h in hits], [h.score for h in expected], atol=1e-3)
