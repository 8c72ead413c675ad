"""Conversations kept on this machine: one JSON file each, in the index folder."""

import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag import dollars
from ui.turns import Turn

_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions with what came of them, oldest first. ``started`` is local time, ISO 8601."""

    id: str
    started: str
    title: str = ""
    turns: tuple[Turn, ...] = ()

    @classmethod
    def new(cls) -> "Conversation":
        """An empty conversation; it is kept when it has its first turn."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        return cls(id=secrets.token_hex(8), started=now)

    @property
    def name(self) -> str:
        """The title given, else the first question."""
        return self.title or (self.turns[0].question if self.turns else "New conversation")

    def with_turn(self, number: int, turn: Turn) -> "Conversation":
        """The conversation with this turn in place of turn ``number``, or behind the last."""
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
    """The folder that keeps them. A file that cannot be read is left out of the list."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def latest(self, n: int) -> list[tuple[str, str, date]]:
        """Id, name and local day of last use of the ``n`` last used, the latest first."""
        used = sorted(
            ((path.stat().st_mtime_ns, path) for path in self.folder.glob("*.json")), reverse=True
        )
        named = (
            (path.stem, _name(path, changed), date.fromtimestamp(changed / 1e9))
            for changed, path in used[:n]
        )
        return [kept for kept in named if kept[1]]

    def get(self, conversation_id: str) -> Conversation | None:
        """The conversation with this id; None if there is none."""
        if not _ID.fullmatch(conversation_id):
            return None
        return _read(self.folder / f"{conversation_id}.json")

    def keep(self, conversation: Conversation) -> None:
        """Write it; a reader sees the old file or the new one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{conversation.id}.json"
        staged = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        staged.write_text(json.dumps(conversation.to_dict(), ensure_ascii=True), encoding="utf-8")
        os.replace(staged, path)

    def delete(self, conversation_id: str) -> None:
        """Remove it from this machine."""
        if _ID.fullmatch(conversation_id):
            (self.folder / f"{conversation_id}.json").unlink(missing_ok=True)


@lru_cache(maxsize=512)
def _name(path: Path, changed: int) -> str:
    """Name of a conversation; ``changed`` is in the key, so that a file is read once a change."""
    kept = _read(path)
    return kept.name if kept else ""


def _read(path: Path) -> Conversation | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Conversation(
            id=path.stem,
            started=str(kept["started"]),
            title=str(kept["title"]),
            turns=tuple(_turns(kept["turns"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _turns(kept: list[dict[str, Any]]) -> Iterator[Turn]:
    for turn in kept:
        lists = {name: tuple(turn.get(name, ())) for name in ("after", "ignored")}
        # Kept before the answer itself held the table.
        table = turn.pop("table", None)
        if table and turn["answer"]:
            words = {"lead": f"{dollars(Decimal(table['total']))} in all.", "scope": ""}
            turn["answer"] = turn["answer"] | {"table": words | table}
        yield Turn(**(turn | lists))
