"""Streamlit's command, with answers that pause at each stage until a test continues them.

A real stage may end before the page has drawn it. Here each stage lasts until a file of its name is
in the folder ``PAUSED``, and a build lasts until the file ``hold-build`` is no longer there.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.web.cli import main

from rag import Answer, BuildReport, Index, Stage, ingest

_TIMEOUT = 120.0
_ask = Index.ask
_build_index = ingest.build_index


def ask(
    index: Index, *args: Any, on_stage: Callable[[Stage, int], None] | None = None, **kwargs: Any
) -> Answer:
    """`rag.Index.ask`, paused after each report of a stage."""

    def report(stage: Stage, number: int) -> None:
        assert on_stage is not None
        on_stage(stage, number)
        end = time.monotonic() + _TIMEOUT
        while not Path(os.environ["PAUSED"], stage).exists() and time.monotonic() < end:
            time.sleep(0.02)

    return _ask(index, *args, on_stage=report if on_stage else None, **kwargs)


def build_index(
    *args: Any, on_progress: Callable[[str, int, int], None], **kwargs: Any
) -> BuildReport:
    """`rag.build_index`, paused after its first report of progress."""

    def report(stage: str, done: int, total: int) -> None:
        on_progress(stage, done, total)
        end = time.monotonic() + _TIMEOUT
        while Path(os.environ["PAUSED"], "hold-build").exists() and time.monotonic() < end:
            time.sleep(0.1)
            on_progress(stage, done, total)  # a stopped build ends here

    return _build_index(*args, on_progress=report, **kwargs)


if __name__ == "__main__":
    Index.ask = ask  # type: ignore[method-assign]
    ingest.build_index = build_index  # type: ignore[assignment]
    main()
