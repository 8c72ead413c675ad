"""Each call of a build that writes to the disk fails in turn: told, and the live build stays."""

import os
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag import Index
from tests.torture.corpus import (
    AFTER,
    BEFORE,
    Child,
    answers,
    finish,
    settings_of,
    tidy,
    use_words,
    write,
)

_CALLS = (
    "openat,write,pwrite64,writev,fsync,fdatasync,rename,renameat,renameat2,ftruncate,mkdir,"
    "unlink,unlinkat,rmdir"
)
_CALL = re.compile(r"^(\d+) +(\w+)\((.*)")


class Faults:
    """Rebuilds in which ``strace`` lets one call fail: each site once, then from there on for good.

    A call is counted in each thread for itself, so that one trial may let calls of several threads
    fail. Sites are the calls that name a file of the index.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        use_words()
        self._known = _prepared(folder)
        self._sites = self._recorded()
        random.Random(0).shuffle(self._sites)  # so that a short run has all kinds

    def trial(self, draw: random.Random, number: int) -> str:
        """Let one call fail."""
        turn, place = divmod(number, len(self._sites))
        call, count = self._sites[place]
        error = draw.choice(["ENOSPC", "EIO", "EDQUOT"])
        if call == "openat":
            error = draw.choice(["EMFILE", "EACCES", "EIO", "ENOSPC"])
        when = f"{count}{'+' if turn % 2 else ''}"
        with _fresh(self._folder) as here:
            built = self._traced(here, "-e", f"inject={call}:error={error}:when={when}")
            if built is None and self._reply_failed():
                _checked(_Lost(), here, self._known, f"{call} {when} {error}")
                return f"{call}: its reply failed"
            return f"{call}: {_checked(built, here, self._known, f'{call} {when} {error}')}"

    def _reply_failed(self) -> bool:
        """Whether the call that failed was that of the child's reply to this process."""
        trace = (self._folder / "trace").read_text(errors="replace")
        return any("<socket:" in line and "INJECTED" in line for line in trace.splitlines())

    def _recorded(self) -> list[tuple[str, int]]:
        with _fresh(self._folder) as here:
            self._traced(here)
            counts: Counter[tuple[str, str]] = Counter()
            sites = set()
            for line in (self._folder / "trace").read_text(errors="replace").splitlines():
                if (call := _CALL.match(line)) is None:
                    continue
                thread, name, given = call.groups()
                counts[thread, name] += 1
                if f"{here}/index" in given:
                    sites.add((name, counts[thread, name]))
        assert len(sites) > 100, f"only {len(sites)} calls were seen"
        return sorted(sites)

    def _traced(self, here: Path, *inject: str) -> object:
        child = Child(here, alone=True)
        trace = subprocess.Popen(
            [
                *("strace", "-f", "-y", "-s", "0", "-o", str(self._folder / "trace")),
                *("-e", f"trace={_CALLS}", *inject, "-p", str(child.process.pid)),
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert trace.stderr is not None
        line = trace.stderr.readline()
        assert "attached" in line, line
        child.go()
        built = child.end()
        trace.stderr.close()
        trace.wait()
        return built


class _Lost:
    """A build whose reply failed."""

    raw = ""
    told = "the reply failed"


class FullDisk:
    """Rebuilds in a file system of memory that is too small for them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        use_words()
        self._known = _prepared(folder)

    def trial(self, draw: random.Random, number: int) -> str:
        """Build where 0 to 200 kB are free."""
        here = self._folder / "trial"
        here.mkdir()
        index = self._folder / "before" / "index"
        free = draw.randrange(0, 200, 4)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=9m", "torture", str(here)], check=True)
        try:
            shutil.copytree(index, here / "index")
            (self._folder / "seeds-after").mkdir(exist_ok=True)
            seeds = write(self._folder / "seeds-after", AFTER)
            (here / "seeds").symlink_to(seeds)
            found = os.statvfs(here)
            size = (found.f_blocks - found.f_bfree) * found.f_frsize // 1024 + free
            subprocess.run(["mount", "-o", f"remount,size={size}k", str(here)], check=True)
            child = Child(here)
            child.go()
            built = child.end()
            outcome = _checked(built, here, self._known, f"{free} kB free", again=False)
            subprocess.run(["mount", "-o", "remount,size=9m", str(here)], check=True)
            finish(here)
            assert answers(Index.open(settings=settings_of(here))) == self._known[1]
            tidy(here / "index")
        finally:
            subprocess.run(["umount", "-l", str(here)], check=True)
            here.rmdir()
        return outcome


def _prepared(folder: Path) -> tuple[object, object]:
    """Builds ``before`` below the folder; the answers before and after a rebuild."""
    known = []
    for name, corpus in (("before", BEFORE), ("after", AFTER)):
        write(folder / name, corpus)
        finish(folder / name)
        known.append(answers(Index.open(settings=settings_of(folder / name))))
    return known[0], known[1]


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    """A folder with the index before, and the documents after."""
    here = folder / "trial"
    shutil.copytree(folder / "before", here)
    write(here, AFTER)
    try:
        yield here
    finally:
        shutil.rmtree(here)


def _checked(
    built: object, here: Path, known: tuple[object, object], what: str, *, again: bool = True
) -> str:
    assert built is not None, f"{what}: the build ended without a word"
    raw, told = getattr(built, "raw", ""), getattr(built, "told", "")
    assert not raw, f"{what}: {raw}"
    assert told.count("\n") == 0 or "every file was skipped" in told, f"{what}: {told}"
    said = answers(Index.open(settings=settings_of(here)))
    skipped = 0 if told else len(built.report.skipped)
    if not skipped:  # a document that could not be read is left out, and named
        assert said in known, f"{what}: told {told!r}, and the live build says {said}"
    assert told or skipped or said == known[1], f"{what}: done, but the old build answers"
    if again:
        finish(here)
        assert answers(Index.open(settings=settings_of(here))) == known[1], what
        tidy(here / "index")
    return "told" if told else f"done, {skipped} skipped" if skipped else "done all the same"
