"""Conversations stored on this machine: one JSON file each, in the index folder."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag import counted, money_as_text
from ui.storage import one_writer, write
from ui.turns import Turn

_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A list of turns, oldest first. ``started`` is local time, ISO 8601."""

    id: str
    started: str
    title: str = ""
    turns: tuple[Turn, ...] = ()

    @classmethod
    def new(cls) -> "Conversation":
        """An empty conversation. It is stored with its first turn."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        return cls(id=secrets.token_hex(8), started=now)

    @property
    def name(self) -> str:
        """The title, else the first question."""
        return self.title or (self.turns[0].question if self.turns else "New conversation")

    def position(self, turn_id: str) -> int:
        """Position of the turn with this id, from 0; the number of turns if there is none."""
        ids = [turn.id for turn in self.turns]
        return ids.index(turn_id) if turn_id in ids else len(ids)

    def with_turn(self, turn: Turn) -> "Conversation":
        """A copy in which ``turn`` replaces the turn with its id, or follows the last turn."""
        number = self.position(turn.id)
        return replace(self, turns=(*self.turns[:number], turn, *self.turns[number + 1 :]))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "id": self.id,
            "started": self.started,
            "title": self.title,
            "turns": [turn.to_dict() for turn in self.turns],
        }


class Conversations:
    """The folder of the conversations. A file that cannot be read is left out of the list."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def latest(self, n: int) -> list[tuple[str, str, date]]:
        """Id, name and local date of last use of the last ``n`` conversations, newest first."""
        used = sorted(
            ((path.stat().st_mtime_ns, path) for path in self.folder.glob("*.json")), reverse=True
        )
        named = (
            (path.stem, _name(path, changed), date.fromtimestamp(changed / 1e9))
            for changed, path in used[:n]
        )
        return [entry for entry in named if entry[1]]

    def get(self, conversation_id: str) -> Conversation | None:
        """The conversation with this id; None if there is none."""
        if not _ID.fullmatch(conversation_id):
            return None
        return _read(self._path(conversation_id))

    def changed(self, conversation_id: str) -> int:
        """Time of the last change in nanoseconds; 0 if nothing is stored."""
        try:
            return self._path(conversation_id).stat().st_mtime_ns
        except OSError:
            return 0

    def change(
        self, conversation: Conversation, edit: Callable[[Conversation], Conversation]
    ) -> Conversation:
        """Change the conversation as it is stored now, and return it.

        Two tabs may have it open: what the other tab has stored meanwhile is kept. One that is not
        stored is stored as it is given, with the change.
        """
        with one_writer(self.folder):
            changed = edit(self.get(conversation.id) or conversation)
            self.save(changed)
        return changed

    def save(self, conversation: Conversation) -> None:
        """Store the whole conversation, without regard to what is stored: see `change`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write(self._path(conversation.id), json.dumps(conversation.to_dict(), ensure_ascii=True))

    def delete(self, conversation_id: str) -> None:
        """Delete the file of this conversation."""
        if _ID.fullmatch(conversation_id):
            self._path(conversation_id).unlink(missing_ok=True)

    def _path(self, conversation_id: str) -> Path:
        return self.folder / f"{conversation_id}.json"


@lru_cache(maxsize=512)
def _name(path: Path, changed: int) -> str:
    """Name of a conversation. ``changed`` in the cache key makes it read a changed file."""
    conversation = _read(path)
    return conversation.name if conversation else ""


def _read(path: Path) -> Conversation | None:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Conversation(
            id=path.stem,
            started=str(stored["started"]),
            title=str(stored["title"]),
            turns=tuple(_turns(stored["turns"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


_LISTS = ("history", "ignored", "reading", "next_questions")
_OLD_NAMES = {"asked": "asked_at", "after": "history"}
"""Fields of a turn in files of earlier versions, and their names now."""


def _turns(stored: list[dict[str, Any]]) -> Iterator[Turn]:
    for number, fields in enumerate(stored):
        turn: dict[str, Any] = {"id": f"turn-{number}"}
        turn |= {_OLD_NAMES.get(name, name): value for name, value in fields.items()}
        lists = {name: tuple(turn.get(name, ())) for name in _LISTS}
        # Earlier versions stored the table beside the answer.
        table = turn.pop("table", None)
        if table and turn["answer"]:
            counts = f"{counted(table['sums'], 'amount')} in {counted(table['stated'], 'document')}"
            words = {
                "lead": f"{money_as_text(Decimal(table['total']), 'USD')} is the sum of {counts}.",
                "scope": f"Looked at {counted(table['looked'], 'document')}.",
            }
            missing = [] if table["rows"] else turn["answer"]["missing"]
            turn["answer"] = turn["answer"] | {"table": words | table, "missing": missing}
        yield Turn(**(turn | lists))
