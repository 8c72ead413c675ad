"""A few trials of each row, with a seed that is drawn and told; the full rows: ``make torture``."""

import json
import multiprocessing
import random
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.torture import runner
from tests.torture.rows import ROWS
from tests.torture.runner import run_here
from tests.torture.table import table
from tests.ui.conftest import chromium

_SHORT = [name for name, row in ROWS.items() if row.short]


@pytest.mark.slow
@pytest.mark.parametrize("name", _SHORT)
def test_a_few_trials_have_no_fault(name: str) -> None:
    row = ROWS[name]
    if why := row.unavailable() or ("chromium" in row.needs and not chromium() and "no Chromium"):
        pytest.skip(str(why))
    seed = random.SystemRandom().randrange(1_000_000)

    # In a process of its own: some rows replace the model, and the page needs a loop of its own.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as own:
        progress = own.submit(run_here, row.make, name, seed, row.short).result()

    print(progress.line)  # noqa: T201 - shown if it fails
    assert progress.faults == [], f"seed {seed}"
    assert progress.done == row.short


class _Counts:
    """Trials that name their number, one of which ends its process."""

    def __init__(self, folder: object) -> None:
        self.folder = folder

    def trial(self, draw: random.Random, number: int) -> str:
        """The number of the trial, and what was drawn."""
        if number == 2:
            raise ValueError("a fault of this trial")
        return f"even {draw.randrange(3)}" if number % 2 == 0 else "odd"


def test_a_run_goes_on_where_it_stopped_and_its_result_is_kept(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "STATE", tmp_path / "state")  # type: ignore[operator]
    monkeypatch.setattr(runner, "RESULTS", tmp_path / "results.jsonl")  # type: ignore[operator]
    half = runner._begun("counts", 7, 6)
    for number in range(3):
        half.note(number, *runner.attempt(_Counts(None), 7, number))
    runner._save(half)

    ended = runner.run(_Counts, "counts", None, 6)

    assert (ended.seed, ended.done) == (7, 6)
    assert sum(ended.outcomes.values()) == 6
    assert ended.outcomes["odd"] == 3
    assert [fault.split(" (")[0] for fault in ended.faults] == [
        "trial 2: ValueError: a fault of this trial"
    ]
    (kept,) = runner.results()
    assert kept["outcomes"] == dict(ended.outcomes)
    assert not list(runner.STATE.iterdir())


def test_the_page_on_testing_has_the_table_of_the_results() -> None:
    page = (runner.CHECKOUT / "docs" / "testing.md").read_text("utf-8")

    assert table() in page


def test_each_attack_of_the_data_file_is_another_one() -> None:
    lines = (runner.CHECKOUT / "tests/torture/injections.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]

    assert len(set(texts)) == len(texts) == 100
