"""The job queue: order, steps, positions, cancelling, failures."""

import threading
from concurrent.futures import CancelledError
from functools import partial

import pytest

from ui.job_queue import JobCancelled, JobQueue, Report, Step
from ui.next_questions import Finder
from ui.stages import stages

_TIMEOUT = 10.0


def test_steps_come_in_order_and_then_the_answer() -> None:
    def work(report: Report) -> str:
        report("search", 8589)
        report("read", 8)
        return "there"

    job = JobQueue(1).submit(work)

    assert list(job) == [("search", 8589), ("read", 8)]
    assert job.answer.result() == "there"


def test_a_finished_job_can_be_iterated_again() -> None:
    job = JobQueue(1).submit(lambda report: "there")

    assert list(job) == []
    assert list(job) == []
    assert job.answer.result() == "there"


def test_jobs_run_in_order_and_know_their_position() -> None:
    jobs = JobQueue(1)
    go = threading.Event()
    finished: list[int] = []
    submitted = []
    for number in range(4):

        def work(report: Report, number: int = number) -> None:
            go.wait(_TIMEOUT)
            finished.append(number)

        submitted.append(jobs.submit(work))
    steps: list[tuple[Step, int]] = []
    for step in submitted[3]:
        steps.append(step)
        go.set()

    assert steps[0] == ("wait", 2)  # one job runs, two wait before this one
    assert finished == [0, 1, 2, 3]


def test_the_last_step_is_repeated_while_nothing_happens() -> None:
    go = threading.Event()

    def work(report: Report) -> None:
        report("search", 8589)
        go.wait(_TIMEOUT)

    steps = iter(JobQueue(1).submit(work))

    assert [next(steps), next(steps)] == 2 * [("search", 8589)]
    go.set()


def test_a_job_cancelled_while_it_waits_never_starts() -> None:
    jobs = JobQueue(1)
    go = threading.Event()
    first = jobs.submit(lambda report: go.wait(_TIMEOUT))
    second = jobs.submit(lambda report: pytest.fail("the cancelled job started"))
    second.cancel()
    go.set()

    assert first.answer.result()
    with pytest.raises(CancelledError):
        second.answer.result()


def test_a_job_cancelled_while_it_runs_ends_at_its_next_stage() -> None:
    begun, go = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        begun.set()
        go.wait(_TIMEOUT)
        report("read", 8)
        pytest.fail("the cancelled job went on")

    job = JobQueue(1).submit(work)
    begun.wait(_TIMEOUT)
    job.cancel()
    go.set()

    assert isinstance(job.answer.exception(), JobCancelled)


def test_a_failed_job_keeps_its_error_and_frees_its_worker() -> None:
    jobs = JobQueue(1)
    failed = jobs.submit(lambda report: 1 // 0)
    list(failed)

    assert isinstance(failed.answer.exception(), ZeroDivisionError)
    assert jobs.submit(lambda report: 7).answer.result() == 7


def test_the_last_stage_is_shown_as_running_and_earlier_ones_as_done() -> None:
    shown = stages([("search", 8589), ("read", 1)])

    assert '<li class="done">Searched 8,589 documents</li>' in shown
    assert '<li class="now">Reading 1 passage</li>' in shown


def test_where_much_waits_the_latest_answers_get_their_next_questions() -> None:
    finder = Finder()
    go_on, begun, ended = threading.Event(), threading.Event(), []

    def first() -> None:
        begun.set()
        go_on.wait(10)

    finder.find("first", first)
    assert begun.wait(10)
    for turn in "abcde":
        finder.find(turn, partial(ended.append, turn))

    assert [turn for turn in ("first", *"abcde") if finder.has(turn)] == ["first", "c", "d", "e"]
    go_on.set()
    finder._pool.shutdown()
    assert ended == ["c", "d", "e"]
    assert not any(finder.has(turn) for turn in ("first", *"abcde"))
