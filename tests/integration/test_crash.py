"""A build that is killed loses only time: no data, no vectors, no live build."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rag.api import Index
from rag.config import Settings
from rag.index.builds import Builds
from rag.ingest import build_index

# A process that builds, and kills itself at the n-th report of progress of a stage.
_KILLED_BUILD = """
import os, signal, sys
import rag.index.waiting_texts
import rag.ingest
from rag.config import Settings

rag.index.waiting_texts._BATCH = 4
index, seeds, stage, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

def die(name, done, total):
    global count
    if name == stage:
        count -= 1
        if count < 0:
            os.kill(os.getpid(), signal.SIGKILL)

rag.ingest.build_index(settings=Settings(index=index, seeds=seeds), on_progress=die)
"""


def _killed(settings: Settings, stage: str, count: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_BUILD, settings.index, settings.seeds, stage, str(count)],
        check=False,
    )
    assert done.returncode == -signal.SIGKILL


def test_a_build_after_a_kill_reuses_the_vectors_made_before(settings: Settings) -> None:
    _killed(settings, "embed", 2)

    assert Builds(settings.index).current() is None
    report = build_index(settings=settings)
    assert report.embedded == report.passages + 1 - 8  # the first lines are embedded too


@pytest.mark.parametrize("stage", ["load", "write"])
def test_a_first_build_killed_at_another_stage_can_be_repeated(
    settings: Settings, stage: str
) -> None:
    _killed(settings, stage, 0)

    assert Builds(settings.index).current() is None
    report = build_index(settings=settings)
    assert [path.name for path in (settings.index / "builds").iterdir()] == [report.build]


def test_the_old_build_answers_after_a_killed_rebuild(settings: Settings, tmp_path: Path) -> None:
    before = build_index(settings=settings)
    (settings.seeds / "new.txt").write_text("The Commission sued Example Corp. in Ohio.")

    _killed(settings, "embed", 1)

    index = Index.open(settings=settings)
    assert index.build == before.build
    assert index.retrieve("Ohio")[0].passage.document.doc_id == "binance-statement"


def test_an_open_index_answers_after_its_build_is_deleted(settings: Settings) -> None:
    build_index(settings=settings)
    index = Index.open(settings=settings)
    for number in range(3):
        (settings.seeds / "n.txt").write_text(f"Release number {number} about Example Corp.")
        build_index(settings=settings)

    assert index.build not in Builds(settings.index).names()
    assert index.retrieve("what requires cooperation and transparency?")[0].passage.text
