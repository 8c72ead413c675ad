"""Streamlit's command with answers that wait at each stage until a test lets them go on.

What is there only for an instant cannot be looked at: a stage may have passed before the page has
drawn it. Here every stage lasts until a file of its name is in the folder that ``HELD`` names.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.web.cli import main

from rag import Answer, Index, Stage

_LONGEST = 120.0
_ask = Index.ask


def ask(
    index: Index, *asked: Any, on_stage: Callable[[Stage, int], None] | None = None, **also: Any
) -> Answer:
    """`rag.Index.ask`, held at each stage that somebody is told of."""

    def report(stage: Stage, number: int) -> None:
        assert on_stage is not None
        on_stage(stage, number)
        longest = time.monotonic() + _LONGEST
        while not Path(os.environ["HELD"], stage).exists() and time.monotonic() < longest:
            time.sleep(0.02)

    return _ask(index, *asked, on_stage=report if on_stage else None, **also)


if __name__ == "__main__":
    Index.ask = ask  # type: ignore[method-assign]
    main()
