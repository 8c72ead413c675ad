"""The worker process that reads files for a build.

For each JSON line on standard input it reads one file. On standard output it writes ``{}`` when it
has started and after each page, one line for each document and skipped part, and ``null`` at the
end of the file.
"""

import contextlib
import json
import os
import sys
from typing import TextIO

from rag.load.parsed import Limits
from rag.load.readers import read_source
from rag.load.serialization import OUT_OF_MEMORY, item_to_json, source_from_dict


def main() -> None:
    """Read files until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
    )  # so that prints of libraries do not mix with answers
    try:
        _read_all(answers)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BrokenPipeError:
        os._exit(0)  # the build has ended


def _read_all(answers: TextIO) -> None:
    limited = False
    _answer(answers, "{}")  # started: the limit on time begins now
    for line in sys.stdin:
        task = json.loads(line)
        limits = Limits(**task["limits"])
        if not limited:
            _limit_memory(limits)
            limited = True
        for item in read_source(
            source_from_dict(task["source"]), limits, on_page=lambda: _answer(answers, "{}")
        ):
            _answer(answers, item_to_json(item))
        _answer(answers, "null")


def _answer(answers: TextIO, line: str) -> None:
    answers.write(line + "\n")
    answers.flush()


def _limit_memory(limits: Limits) -> None:
    """Limit the memory of this process; has no effect on Windows and macOS."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        size = limits.parse_megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
