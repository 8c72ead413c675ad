"""The signals of a fitted model, stored so that a test can repeat the fit without an index."""

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

_DIGITS = 4

Row = tuple[tuple[float, ...], int]
"""The signals of a question or sentence, and its mark."""


def rounded(signals: Iterable[float]) -> tuple[float, ...]:
    """Signals rounded as in the file: the fit uses the rounded values too."""
    return tuple(round(float(signal), _DIGITS) for signal in signals)


def keep_signals(path: Path, rows: Sequence[Row]) -> None:
    """Write ``rows`` as compressed JSON lines; the same rows give the same bytes."""
    lines = "".join(json.dumps([*signals, mark]) + "\n" for signals, mark in rows)
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


def kept_signals(path: Path) -> list[Row]:
    """The rows of a file that `keep_signals` wrote."""
    rows = map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
    return [(tuple(signals), mark) for *signals, mark in rows]
