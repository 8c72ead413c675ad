"""Differences between two builds."""

from pathlib import Path

import pytest

from rag.config import Settings
from rag.errors import RagError
from rag.index.builds import Builds
from rag.index.diff import Changes, changes
from rag.ingest import build_index


def test_documents_added_changed_and_gone_are_listed(settings: Settings) -> None:
    (settings.seeds / "a.txt").write_text("Order A.")
    (settings.seeds / "b.txt").write_text("Order B.")
    first = build_index(settings=settings)
    (settings.seeds / "a.txt").write_text("Order A, amended.")
    (settings.seeds / "b.txt").rename(settings.seeds / "c.txt")

    second = build_index(settings=settings)

    expected = Changes(added=("c.txt",), changed=("a.txt",), gone=("b.txt",))
    assert (first.changes, second.changes) == (None, expected)
    assert changes(Builds(settings.index), first.build, second.build) == expected
    assert second.summary.endswith("1 added, 1 changed, 1 gone")
    assert build_index(settings=settings).changes == Changes()


def test_a_build_that_is_not_kept_is_named(seed_index: Path) -> None:
    with pytest.raises(RagError, match="no build 'nowhere'"):
        changes(Builds(seed_index), "nowhere", "nowhere")
