"""Answers in a line: first come first served, steps as they come, given up when nobody waits."""

import threading
from concurrent.futures import CancelledError

import pytest

from ui.job_queue import Desk, GivenUp, Report, Step
from ui.stages import stages

_HOLD = 10.0


def test_the_steps_of_a_work_come_in_order_and_then_its_answer() -> None:
    def work(report: Report) -> str:
        report("search", 8589)
        report("read", 8)
        return "there"

    ticket = Desk(1).take(work)

    assert list(ticket) == [("search", 8589), ("read", 8)]
    assert ticket.answer.result() == "there"


def test_who_looks_again_after_the_last_step_does_not_wait_for_another() -> None:
    ticket = Desk(1).take(lambda report: "there")

    assert list(ticket) == []
    assert list(ticket) == []
    assert ticket.answer.result() == "there"


def test_whoever_comes_first_is_served_first_and_the_others_know_their_place() -> None:
    desk = Desk(1)
    go = threading.Event()
    served: list[int] = []
    tickets = []
    for number in range(4):

        def work(report: Report, number: int = number) -> None:
            go.wait(_HOLD)
            served.append(number)

        tickets.append(desk.take(work))
    last: list[tuple[Step, int]] = []
    for step in tickets[3]:
        last.append(step)
        go.set()

    assert last[0] == ("wait", 2)  # one is at work, two are in the line
    assert served == [0, 1, 2, 3]


def test_while_nothing_happens_the_last_step_comes_again() -> None:
    go = threading.Event()

    def work(report: Report) -> None:
        report("search", 8589)
        go.wait(_HOLD)

    steps = iter(Desk(1).take(work))

    assert [next(steps), next(steps)] == 2 * [("search", 8589)]
    go.set()


def test_a_work_given_up_in_the_line_is_never_done() -> None:
    desk = Desk(1)
    go = threading.Event()
    first = desk.take(lambda report: go.wait(_HOLD))
    second = desk.take(lambda report: pytest.fail("was done all the same"))
    second.give_up()
    go.set()

    assert first.answer.result()
    with pytest.raises(CancelledError):
        second.answer.result()


def test_a_work_given_up_at_work_ends_at_its_next_stage() -> None:
    begun, go = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        begun.set()
        go.wait(_HOLD)
        report("read", 8)
        pytest.fail("went on all the same")

    ticket = Desk(1).take(work)
    begun.wait(_HOLD)
    ticket.give_up()
    go.set()

    assert isinstance(ticket.answer.exception(), GivenUp)


def test_a_failure_reaches_who_asked_and_the_place_is_free_again() -> None:
    desk = Desk(1)
    failed = desk.take(lambda report: 1 // 0)
    list(failed)

    assert isinstance(failed.answer.exception(), ZeroDivisionError)
    assert desk.take(lambda report: 7).answer.result() == 7


def test_the_last_stage_is_at_work_and_those_before_are_done() -> None:
    shown = stages([("search", 8589), ("read", 1)])

    assert '<li class="done">Searched 8,589 documents</li>' in shown
    assert '<li class="now">Reading 1 passage</li>' in shown
