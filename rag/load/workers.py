"""Read files in worker processes: a hostile file can only crash its worker."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from tempfile import SpooledTemporaryFile

from rag.load.parsed import Limits
from rag.load.readers import out_of_memory
from rag.load.serialization import OUT_OF_MEMORY, item_from_json, item_to_json, source_to_dict
from rag.load.source import Source
from rag.types import Document, Skipped

# The package may run from a checkout that is not on the path of the worker.
_ROOT = str(Path(__file__).resolve().parents[2])
_START = f"import sys; sys.path.insert(0, {_ROOT!r}); from rag.load.worker import main; main()"

# Most bytes of what one file gives that are kept in memory.
_SMALL = 250_000


class Items:
    """What one file gives, as lines of JSON: in memory while it is small, else on disk.

    Iterating over it takes the items out; it can be done once.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = SpooledTemporaryFile(_SMALL, dir=str(folder) if folder else None)  # noqa: SIM115 - kept open

    def append(self, line: str) -> None:
        """Add a line of ``item_to_json``."""
        self._file.write(line.rstrip("\n").encode() + b"\n")

    def __iter__(self) -> Iterator[Document | Skipped]:
        with self._file as file:
            file.seek(0)
            for line in file:
                yield item_from_json(json.loads(line))


class Workers:
    """A pool of worker processes; a context manager that ends them all.

    A process is started when it is needed, also after one has ended. They are plain processes with
    pipes and JSON: ``multiprocessing`` would import the caller's main module again, or copy its
    threads and locks.

    Parameters
    ----------
    count
        Most processes; at least 1.
    limits
        For each file; a process that exceeds them is killed and its file skipped.
    spool
        Folder for documents that are read and not yet taken; None for the system's.
    """

    def __init__(self, count: int, limits: Limits, spool: Path | None = None) -> None:
        self._limits = limits
        self._spool = spool
        self._threads = ThreadPoolExecutor(max_workers=count, thread_name_prefix="read")
        self._own = threading.local()
        self._running: set[subprocess.Popen[str]] = set()

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._running):
            process.kill()
        self._threads.shutdown(wait=True)

    def read(self, source: Source) -> Future[Items]:
        """Start reading ``source``; the result is that of ``rag.load.readers.read_source``."""
        return self._threads.submit(self._read, source)

    def _read(self, source: Source) -> Items:
        process = self._process()
        late = threading.Event()
        items = Items(self._spool)
        task = {"source": source_to_dict(source), "limits": asdict(self._limits)}
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            for line in self._lines(process, late):
                if line == "null\n":
                    return items
                if line.endswith("}\n"):
                    if line != "{}\n":
                        items.append(line)
                else:
                    break  # the process ended in the middle of a line
        except BrokenPipeError:
            pass  # the process ended
        failed = Items(self._spool)
        why = Skipped(str(source.path), self._why_it_died(process, late.is_set()))
        failed.append(item_to_json(why))
        return failed

    def _lines(self, process: subprocess.Popen[str], late: threading.Event) -> Iterator[str]:
        """Lines of ``process``; it is killed if a line takes longer than ``parse_seconds``."""
        assert process.stdout is not None
        began, read = time.monotonic(), threading.Event()

        def watch() -> None:
            while not read.wait(began + self._limits.parse_seconds - time.monotonic()):
                if time.monotonic() >= began + self._limits.parse_seconds:
                    late.set()
                    process.kill()
                    return

        threading.Thread(target=watch, name="watch", daemon=True).start()
        try:
            while line := process.stdout.readline():
                yield line
                began = time.monotonic()
        finally:
            read.set()

    def _why_it_died(self, process: subprocess.Popen[str], late: bool) -> str:
        try:
            code = process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        self._running.discard(process)
        if late:
            limit = f"parse_seconds = {self._limits.parse_seconds}"
            return f"nothing was read within {limit}; raise it or split the file"
        if code in (-6, -9, OUT_OF_MEMORY):  # 6: C libraries abort when memory runs out
            return out_of_memory(self._limits)
        return f"its worker process crashed (status {code}); the file is damaged"

    def _process(self) -> "subprocess.Popen[str]":
        process: subprocess.Popen[str] | None = getattr(self._own, "process", None)
        if process is None or process.poll() is not None:
            process = subprocess.Popen(
                [sys.executable, "-c", _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
            self._own.process = process
            self._running.add(process)
            assert process.stdout is not None
            process.stdout.readline()  # waits until it has started, without a limit on time
        return process


def worker_count(wanted: int, sources: Sequence[Source]) -> int:
    """Number of processes: ``wanted``, or one for each core if 0; at most one for each source."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(wanted or cores or 1, len(sources)))
