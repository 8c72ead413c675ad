"""Many questions in one process grow it little; many sessions at once get their own answers."""

import gc
import json
import os
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag import Index, Settings, build_index
from tests.conftest import SEEDS
from ui.conversations import Conversation, Conversations
from ui.turns import Turn

_WARM = 500
"""Questions before the first reading: caches fill, and the allocator finds its size."""
_MOST = 1024
"""Bytes that the process may grow for each question."""
_SESSIONS = 50
_WORDS = "Binance user assets safe SEC charges penalty platform court customers funds law".split()


def _bytes_in_use() -> int:
    gc.collect()
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


class Growth:
    """Each trial is one question; the growth is the size of the process over that after `_WARM`."""

    def __init__(self, folder: Path) -> None:
        build_index([SEEDS], settings=Settings(index=folder / "index"))
        self._index = Index.open(folder / "index")
        self._asked = self._first = 0

    def trial(self, draw: random.Random, number: int) -> str:
        """Ask a question that was not asked before; now and then read the size of the process."""
        words = draw.choices(_WORDS, k=draw.randrange(2, 9))
        self._index.ask(f"What about {' '.join(words)} in {draw.randrange(10**9)}?")
        self._asked += 1
        if self._asked == _WARM:
            self._first = _bytes_in_use()
        if self._asked <= _WARM or self._asked % 500:
            return "asked"
        asked = self._asked - _WARM
        grown = (_bytes_in_use() - self._first) / asked
        # The allocator takes memory in steps: of few questions a step is more than a kilobyte each.
        allowed = _MOST + 4_000_000 / asked if asked < 8_000 else _MOST
        assert grown <= allowed, f"{grown:,.0f} bytes a question after {asked:,}"
        return f"asked; grown {max(0, grown):,.0f} bytes each after {asked:,}"


class Sessions:
    """Fifty threads share an index; each has a conversation of its own, and stores it."""

    def __init__(self, folder: Path) -> None:
        (folder / "documents").mkdir()
        for number in range(_SESSIONS):
            (folder / "documents" / f"{number}.txt").write_text(
                f"{_name(number)} agreed to pay a civil penalty of $1,{number:03},000 in Ohio.\n\n"
                f"{_name(number)} denies that its director knew of the fees."
            )
        settings = Settings(index=folder / "index", seeds=folder / "documents")
        build_index(settings=settings)
        self._folder = folder
        self._index = Index.open(settings=settings)
        self._alone = [self._asked(number) for number in range(_SESSIONS)]

    def trial(self, draw: random.Random, number: int) -> str:
        """All sessions at once."""
        found: list[Any] = [None] * _SESSIONS

        def session(own: int) -> None:
            try:
                found[own] = self._asked(own)
                self._store(own, found[own])
            except Exception as error:  # noqa: BLE001 - told by the thread that waits
                found[own] = f"{type(error).__name__}: {error}"

        order = draw.sample(range(_SESSIONS), _SESSIONS)
        threads = [threading.Thread(target=session, args=(own,)) for own in order]
        for each in (threading.Thread.start, threading.Thread.join):
            _for_all(each, threads)
        for own in range(_SESSIONS):
            assert found[own] == self._alone[own], f"session {own}: {found[own]!s:.300}"
            (stored,) = self._store_of(own).latest(9)
            kept = self._store_of(own).get(stored[0])
            assert kept is not None
            said = json.dumps([turn.answer["claims"] for turn in kept.turns])
            others = [n for n in range(_SESSIONS) if n != own and f"$1,{n:03},000" in said]
            assert not others, f"session {own} holds words of {others}"
            self._store_of(own).delete(stored[0])
        return f"{_SESSIONS} sessions, nothing mixed"

    def _asked(self, own: int) -> list[Any]:
        first = self._index.ask(f"What civil penalty did {_name(own)} agree to pay?")
        then = self._index.ask("And what does it deny?", [first])
        return [first.to_dict(), then.to_dict()]

    def _store_of(self, own: int) -> Conversations:
        return Conversations(self._folder / "conversations" / str(own))

    def _store(self, own: int, answers: list[Any]) -> None:
        conversation = Conversation.new()
        for answer in answers:
            turn = Turn(answer["question"], conversation.started, {}, 0.1, answer)
            conversation = self._store_of(own).change(
                conversation, lambda stored, turn=turn: stored.with_turn(turn)
            )


def _name(number: int) -> str:
    return f"Firm{chr(97 + number // 26)}{chr(97 + number % 26)} Trading"


def _for_all(each: Callable[[threading.Thread], None], threads: list[threading.Thread]) -> None:
    for thread in threads:
        each(thread)
