"""Work in threads: limits, order, and an end when nobody waits."""

import asyncio
import threading

import pytest

from rag.serve.pool import Emit, FullError, Pool, Stopped


def test_more_than_may_wait_is_refused_and_the_others_are_told_their_place() -> None:
    async def run() -> None:
        pool = Pool(workers=1, waiting=1)
        release = threading.Event()

        def first(emit: Emit) -> str:
            release.wait(10)
            return "first"

        one = pool.start(first)
        while not pool.running:
            await asyncio.sleep(0.01)
        two = pool.start(lambda emit: "second")
        with pytest.raises(FullError, match="1 questions wait already"):
            pool.start(lambda emit: "third")
        release.set()
        assert [event async for event in two.events()] == [("wait", 1)]
        assert (await one.result(), await two.result()) == ("first", "second")
        pool.close()

    asyncio.run(run())


def test_work_that_nobody_waits_for_never_starts_or_ends_at_its_next_event() -> None:
    async def run() -> None:
        pool = Pool(workers=1, waiting=1)
        begun, release, ran = threading.Event(), threading.Event(), []

        def work(emit: Emit) -> None:
            begun.set()
            release.wait(10)
            emit("stage", 1)
            ran.append("to the end")

        running, waiting = pool.start(work), pool.start(lambda emit: ran.append("at all"))
        while not begun.is_set():
            await asyncio.sleep(0.01)
        running.stop()
        waiting.stop()
        release.set()
        for stopped in (running, waiting):
            with pytest.raises(Stopped):
                await stopped.result()
        pool.close()
        assert ran == []

    asyncio.run(run())


def test_an_error_of_the_work_is_raised_where_its_result_is_awaited() -> None:
    async def run() -> None:
        pool = Pool(workers=1, waiting=1)

        def work(emit: Emit) -> None:
            emit("stage", 1)
            raise KeyError("x")

        started = pool.start(work)
        assert [event async for event in started.events()] == [("stage", 1)]
        with pytest.raises(KeyError):
            await started.result()
        pool.close()

    asyncio.run(run())
