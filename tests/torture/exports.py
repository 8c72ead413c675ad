"""Exports with payloads in them are inert: in a browser, in LibreOffice, as Markdown."""

import csv
import io
import random
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from markdown_it import MarkdownIt
from playwright.sync_api import sync_playwright

import rag.ingest
from rag import Index, Settings
from rag.answer.evidence import verify_file
from rag.answer.export import save
from tests.torture.corpus import use_words
from tests.torture.hostile_index import party, write_hostile
from tests.torture.payloads import PAYLOADS
from tests.ui.conftest import chromium
from ui.conversations import Conversation
from ui.export import as_docx, as_html, as_json, as_markdown, as_memo
from ui.timeline import as_csv
from ui.turns import Turn

_AT_ONCE = 25
"""Payloads of one trial: an office program takes seconds to start."""
_FORMULA = re.compile(r"^[\s\"']*[=+\-@]")
_FIELDS = re.compile(rb'TargetMode="External"|<w:(?:instrText|fldSimple|hyperlink|object)\b')


class Exports:
    """Every format of an answer and of a conversation, for each payload."""

    def __init__(self, folder: Path) -> None:
        use_words(batch=512)
        self._folder = folder
        write_hostile(folder / "seeds", range(len(PAYLOADS)))
        settings = Settings(index=folder / "index", seeds=folder / "seeds", rerank=False)
        rag.ingest.build_index(settings=settings)
        self._index = Index.open(settings=settings)
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )

    def close(self) -> None:
        """End the browser."""
        self._browser.close()
        self._playwright.stop()

    def trial(self, draw: random.Random, number: int) -> str:
        """Write the files of 25 payloads and open each."""
        here = self._folder / "trial"
        here.mkdir()
        first = number * _AT_ONCE % len(PAYLOADS)
        try:
            for place in range(first, first + _AT_ONCE):
                self._write(here, place)
            for path in sorted(here.iterdir()):
                self._inert(path)
            self._in_a_browser(sorted(here.glob("*.html")))
            office = "in a browser and Markdown"
            if shutil.which("soffice"):
                self._in_an_office(here)
                office = "in a browser, LibreOffice and Markdown"
            return f"{_AT_ONCE} payloads in 10 formats inert {office}"
        finally:
            shutil.rmtree(here)

    def _write(self, here: Path, place: int) -> None:
        question = f"What civil penalty did {party(place)} agree to pay? {PAYLOADS[place]}"
        answer = self._index.ask(question, filters={"document": f"m{place}"})
        for suffix in (".json", ".md", ".html", ".docx"):
            path = save(answer, here / f"answer-{place}{suffix}")
            if suffix == (".json", ".md", ".html", ".docx")[place % 4]:  # it reads the source
                assert (wrong := verify_file(path)) == [], f"{PAYLOADS[place]!r}: {wrong}"
        mark = {"star": True, "note": PAYLOADS[place]}
        marks = {str(one): mark for one in range(1, len(answer.claims) + 1)}
        turn = Turn(question, "2026-11-22T15:00:00+00:00", {}, 0.5, answer.to_dict(), marks=marks)
        talk = Conversation("0123456789abcdef", turn.asked_at, PAYLOADS[place], (turn,))
        (here / f"talk-{place}.md").write_text(as_markdown(talk))
        (here / f"talk-{place}.html").write_text(as_html(talk))
        (here / f"talk-{place}.json").write_text(as_json(talk))
        (here / f"talk-{place}.docx").write_bytes(as_docx(talk))
        (here / f"memo-{place}.docx").write_bytes(as_memo(talk))
        (here / f"timeline-{place}.csv").write_text(as_csv(talk))

    def _inert(self, path: Path) -> None:
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as word:
                for name in word.namelist():
                    assert not (found := _FIELDS.search(word.read(name))), f"{path}: {found}"
        elif path.suffix == ".csv":
            for row in csv.reader(io.StringIO(path.read_text())):
                bad = [cell for cell in row if _FORMULA.match(cell) and not cell.startswith("'")]
                assert not bad, f"{path.name}: {bad}"
        elif path.suffix == ".md":
            page = MarkdownIt("commonmark").render(path.read_text())
            found = re.search(r"<(?:script|img|a|iframe|svg|object|style|link|meta|form)\b", page)
            assert not found, f"{path.name}: {page[found.start() : found.start() + 200]}"

    def _in_a_browser(self, paths: list[Path]) -> None:
        context = self._browser.new_context()
        asked: list[str] = []
        events: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("dialog", lambda dialog: events.append(dialog.message))
        for path in paths:
            asked.clear()
            page.goto(path.as_uri())
            assert asked == [path.as_uri()], f"{path.name}: {asked}"
            active = page.locator("script, img, iframe, svg, a, object, embed, form, link, base")
            assert active.count() == 0, path.name
            assert page.title().strip() != "owned", path.name
            assert page.evaluate("document.documentElement.outerHTML").count("<h1") == 1
        assert not events, events
        context.close()

    def _in_an_office(self, here: Path) -> None:
        trace = here.parent / "trace"
        for suffix, target in ((".docx", "odt"), (".csv", "fods")):
            files = [str(path) for path in sorted(here.glob(f"*{suffix}"))]
            subprocess.run(
                [
                    *("unshare", "--net", "--", "strace", "-f", "-qq", "-e", "trace=connect"),
                    *("-o", str(trace), "soffice", "--headless", "--norestore"),
                    f"-env:UserInstallation={(here.parent / 'profile').as_uri()}",
                    *("--convert-to", target, "--outdir", str(here / target), *files),
                ],
                check=True,
                capture_output=True,
                timeout=600,
            )
            reached = [line for line in trace.read_text().splitlines() if "AF_INET" in line]
            assert not reached, reached[:3]
            made = list((here / target).iterdir())
            assert len(made) == len(files), f"{len(made)} of {len(files)} {suffix} were opened"
            for path in made:
                content = path.read_bytes()
                if target == "odt":
                    with zipfile.ZipFile(path) as text:
                        content = text.read("content.xml")
                found = re.search(
                    rb"table:formula=|<text:a |xlink:href=\"http|<script:|<text:script", content
                )
                assert not found, f"{path.name}: {content[found.start() :][:200]!r}"
