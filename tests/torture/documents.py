"""Hostile documents: each is read or skipped with a reason; nothing outside is read or written."""

import io
import os
import random
import shutil
import time
import zipfile
from pathlib import Path

from rag import Document, Settings, Skipped
from rag.load import find
from rag.load.documents import limits_of
from rag.load.readers import read_source
from rag.load.workers import Workers
from rag.text.split import split
from rag.text.visible import is_text
from tests.benchmarks.load_mutations import mutated
from tests.torture.samples import CANARY, hostile, packed, samples

_SECONDS = 30
_SETTINGS = Settings(
    ocr=False, parse_seconds=_SECONDS, parse_megabytes=1024, max_file_bytes=20_000_000, workers=1
)
_SNIPPETS = (
    b"\0\0\0", b"\xed\xa0\x80", "\u202e".encode(), b"<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    b"[" * 3000, b"<div>" * 3000, b"(" * 3000, b"\r\n\r\n" * 500, b" " * 5000, b"%n%s{0}",
    b"PK\x03\x04", b"%PDF-1.7\n", b"From x\n", b"<script>alert(1)</script>", b'","' * 500,
    b"9" * 5000, b"\\ud800", b"--b0\n" * 50, b"<<" * 2000, b"1 0 obj\n" * 200,
)  # fmt: skip
_WATCH = """
import os, sys
_allowed = (os.devnull, os.environ["TORTURE_SEEN"])
def _note(event, given):
    if event == "open" and isinstance(given[0], str) and given[0] not in _allowed:
        mode, flags = given[1], given[2] or 0
        writes = set(mode or "") & set("wax+") or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if not writes and given[0] not in (os.environ["TORTURE_OUTSIDE"], "/etc/passwd"):
            return
    elif event not in ("os.remove", "os.rename", "os.mkdir", "os.symlink", "subprocess.Popen",
                       "os.system", "socket.connect", "socket.getaddrinfo", "os.exec"):
        return
    with open(os.environ["TORTURE_SEEN"], "a") as file:
        file.write(f"{event} {given!r:.200}\\n")
sys.addaudithook(_note)
"""


class Documents:
    """First each kind of hostile document, then mutants of sound files of all formats."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "documents"
        self._folder.mkdir()
        self._outside = folder / "outside.txt"
        self._outside.write_text(CANARY)
        self._seen = folder / "seen"
        self._seen.touch()
        (folder / "watch").mkdir()
        (folder / "watch" / "sitecustomize.py").write_text(_WATCH)
        self._before = {
            "TORTURE_SEEN": str(self._seen),
            "TORTURE_OUTSIDE": str(self._outside),
            "PYTHONPATH": str(folder / "watch"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._kinds = hostile(self._folder, self._outside)
        self._samples = samples()
        self._limits = limits_of(_SETTINGS)
        self._workers = Workers(1, self._limits)

    def trial(self, draw: random.Random, number: int) -> str:
        """Read the files of one kind, or one mutant."""
        kinds = list(self._kinds.items())
        name = "mutants"
        if number < len(kinds):
            name, make = kinds[number]
            make()
        else:
            named, data = self._mutant(draw)
            (self._folder / named).write_bytes(data)
        try:
            return self._read(name)
        finally:
            shutil.rmtree(self._folder)
            self._folder.mkdir()

    def close(self) -> None:
        """End the process that reads."""
        self._workers.__exit__()

    def _mutant(self, draw: random.Random) -> tuple[str, bytes]:
        name, data = draw.choice(list(self._samples.items()))
        if data.startswith(b"PK") and draw.random() < 0.6:  # inside, under a right checksum
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = {one: archive.read(one) for one in archive.namelist()}
            inner = draw.choice(list(members))
            members[inner] = self._changed(members[inner], draw)
            return name, packed({**members})
        if draw.random() < 0.1:
            name = draw.choice(list(self._samples))  # another format than its name says
        return name, self._changed(data, draw)

    def _changed(self, data: bytes, draw: random.Random) -> bytes:
        if draw.random() < 0.6:
            return mutated(data, draw.randrange(10**9))
        for _ in range(draw.choice((1, 1, 4))):
            place = draw.randrange(len(data) + 1)
            data = data[:place] + draw.choice(_SNIPPETS) + data[place:]
        return data

    def _read(self, what: str) -> str:
        listed = sorted(p.name for p in self._folder.parent.iterdir())
        here = sorted(os.fsencode(p) for p in self._folder.rglob("*"))
        began = time.monotonic()
        items: list[Document | Skipped] = []
        environment = dict(os.environ)
        os.environ.update(self._before)
        try:
            for source in find([self._folder]):
                if source.sha256:
                    found = self._workers.read(source).result()
                else:
                    found = list(read_source(source, self._limits))
                assert found, f"{what}: nothing is said of {source.name}"
                items += found
        finally:
            os.environ.clear()
            os.environ.update(environment)
        seconds = time.monotonic() - began
        assert seconds < 4 * _SECONDS, f"{what}: {seconds:.0f} s"
        assert sorted(p.name for p in self._folder.parent.iterdir()) == listed
        assert sorted(os.fsencode(p) for p in self._folder.rglob("*")) == here
        seen = self._seen.read_text()
        assert not seen, f"{what}: the reading process did {seen[:300]}"
        for item in items:
            self._check(item, what)
        ended = any(isinstance(item, Skipped) and "crashed" in item.reason for item in items)
        assert not ended, f"{what}: {[str(item) for item in items][:3]}"
        read = any(isinstance(item, Document) for item in items)
        kind = "mutants" if what == "mutants" else "hostile kinds"
        return f"{kind} {'read' if read else 'skipped with a reason'}"

    def _check(self, item: Document | Skipped, what: str) -> None:
        if isinstance(item, Skipped):
            assert item.reason.strip(), what
            assert "\n" not in item.reason, f"{what}: {item.reason!r}"
            assert len(item.reason) < 1000
            assert CANARY not in item.reason
            return
        assert is_text(item.text)
        assert CANARY not in f"{item.text} {item.title} {item.metadata}", what
        assert "root:x:0" not in item.text
        if len(item.text) > 300_000:
            return
        for passage in split(item, size=500):
            assert item.text[passage.start : passage.end] == passage.text
