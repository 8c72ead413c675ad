"""The examples in docs/schedulers start each shard once, then the merge."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
import yaml

from rag import cli
from tests.integration.pages import CHECKOUT

EXAMPLES = CHECKOUT / "docs" / "schedulers"
COMMON = "index documents --shards shards --index"


class Recorder:
    """A ``rag`` that writes down its arguments instead of running."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "log"
        self._log.touch()
        (folder / "rag").write_text(f'#!/bin/sh\necho "$*" >> "{self._log}"\n')
        (folder / "rag").chmod(0o755)
        self._environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}

    def run(self, *command: object, **environment: str) -> list[str]:
        """Run a command; the lines of arguments that it gave to ``rag``."""
        self._log.write_text("")
        words = list(map(str, command))
        subprocess.run(words, env=self._environment | environment, check=True, timeout=60)
        return self._log.read_text().splitlines()


@pytest.fixture
def rag(tmp_path: Path) -> Recorder:
    """In a folder of its own."""
    return Recorder(tmp_path)


def _assert_known(lines: list[str]) -> None:
    command = typer.main.get_command(cli.app).commands["index"]
    known = {option for parameter in command.params for option in parameter.opts}
    for line in lines:
        assert {word for word in shlex.split(line) if word.startswith("--")} <= known


def test_two_processes_make_all_shards_then_merge(rag: Recorder) -> None:
    lines = rag.run("sh", EXAMPLES / "two_processes.sh", "documents", "shards", "out", "3")

    assert sorted(lines[:3]) == [f"{COMMON} out --shard {shard}/3" for shard in range(3)]
    assert lines[3:] == [f"{COMMON} out --merge 3"]
    _assert_known(lines)


def test_a_task_of_a_slurm_array_makes_its_shard_and_a_job_without_one_merges(
    rag: Recorder,
) -> None:
    path = EXAMPLES / "slurm.sh"
    given = {"DOCUMENTS": "documents", "SHARDS": "shards", "INDEX": "out", "N": "100"}

    shard = rag.run("sh", path, **given, TMPDIR="/scratch", SLURM_ARRAY_TASK_ID="17")
    merge = rag.run("sh", path, **given)

    assert shard == [f"{COMMON} /scratch/rag-work --shard 17/100"]
    assert merge == [f"{COMMON} out --merge 100"]
    _assert_known(shard + merge)


def test_the_jobs_of_kubernetes_make_every_shard_then_merge(rag: Recorder) -> None:
    shards, merge = yaml.safe_load_all((EXAMPLES / "kubernetes.yaml").read_text())

    lines = []
    for job, index in ((shards, "99"), (merge, "")):
        (container,) = job["spec"]["template"]["spec"]["containers"]
        given = {one["name"]: one["value"] for one in container["env"]}
        lines += rag.run(*container["command"], **given, JOB_COMPLETION_INDEX=index)

    common = "index /documents --shards s3://example-bucket/shards --index"
    assert lines == [f"{common} /scratch/index --shard 99/100", f"{common} /index --merge 100"]
    assert shards["spec"]["completions"] == 100
    assert shards["spec"]["completionMode"] == "Indexed"
    assert [job["metadata"]["labels"]["step"] for job in (shards, merge)] == ["shards", "merge"]
    _assert_known(lines)


def test_tasks_of_ray_make_every_shard_then_the_program_merges(
    rag: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "ray.py").write_text(
        "def init(**options): pass\n"
        "def get(results): return results\n"
        "def remote(**options):\n"
        "    def of(function):\n"
        "        function.remote = function\n"
        "        return function\n"
        "    return of\n"
    )
    arguments = ("documents", "shards", "out", "2", "--local")

    lines = rag.run(
        sys.executable, EXAMPLES / "ray_shards.py", *arguments, PYTHONPATH=str(tmp_path)
    )

    assert lines == [f"{COMMON} out --{what}" for what in ("shard 0/2", "shard 1/2", "merge 2")]
    _assert_known(lines)


def test_every_example_is_named_in_the_page() -> None:
    page = (CHECKOUT / "docs" / "building-wide.md").read_text()

    named = set(re.findall(r"`docs/schedulers/([\w.]+)`", page))
    assert named == {path.name for path in EXAMPLES.iterdir()}
