"""Payloads on the page in Chromium: text, whatever place they stand in; no request leaves."""

import random
import unicodedata
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from rag import Settings, build_index
from tests.torture.hostile_index import file_name, party, write_hostile
from tests.torture.payloads import PAYLOADS
from tests.ui.conftest import ask, at_rest, chromium, served

_MARKUP = (
    ".stHtml :is(img, script:not([src$='keys.js']), iframe, object, embed, svg, link, meta, base, "
    "form, video, audio, math, b, i)"
)
_LINKS = "a[href*=leak], a[href^=javascript], a[href^='data:'], [src*=leak], [style*=leak]"
_WATCH = """
window.torture = [];
document.addEventListener('securitypolicyviolation', e => window.torture.push(e.blockedURI));
"""


class PagePayloads:
    """Each trial: one payload in text, title, name, metadata, speaker, question, names."""

    def __init__(self, folder: Path) -> None:
        self._seeds = folder / "seeds"
        write_hostile(self._seeds, range(len(PAYLOADS)))
        settings = Settings(index=folder / "index", seeds=self._seeds)
        build_index(settings=settings)
        self._serving = served(folder / "index", self._seeds)
        self._address = self._serving.__enter__()
        self._playwright = sync_playwright().start()
        expect.set_options(timeout=90_000)  # as of the context: the machine may be busy
        self._browser = self._playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )

    def close(self) -> None:
        """End browser and server."""
        self._browser.close()
        self._playwright.stop()
        self._serving.__exit__(None, None, None)

    def trial(self, draw: random.Random, number: int) -> str:
        """Ask, open the source, rename the conversation, choose a file; nothing may run or load."""
        place = number * 7 % len(PAYLOADS)
        context = self._browser.new_context(viewport={"width": 1440, "height": 900})
        try:
            return self._visit(context, place, PAYLOADS[place])
        finally:
            context.close()

    def _visit(self, context: BrowserContext, place: int, payload: str) -> str:
        context.set_default_timeout(90_000)
        context.add_init_script(_WATCH)
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        events: list[str] = []
        page = context.new_page()
        context.on("page", lambda opened: events.append(f"a window: {opened.url}"))
        page.on("dialog", lambda dialog: events.append(f"a dialog: {dialog.message}"))
        page.on("pageerror", lambda error: events.append(f"a script error: {error}"))
        reply = page.goto(self._address)
        assert reply is not None
        assert "default-src 'self'" in reply.headers["content-security-policy"]
        ask(page, f"What civil penalty did {party(place)} agree to pay? {payload}")
        self._check(page, payload, "question")
        quotes = page.locator(".claim .quote").evaluate_all("q => q.map(one => one.textContent)")
        known = (self._seeds / f"{place} {file_name(payload)}.txt").read_text()
        for quote in map(str, quotes):
            assert _plain(quote) in _plain(known) or party(place) not in quote, quote
        source = page.get_by_role("button", name="Source 1", exact=True)
        if source.count():
            source.click()
            expect(page.locator("mark").first).to_be_visible()
            page.get_by_text("About this document").click()
            self._check(page, payload, "source")
        page.get_by_role("button", name="This conversation").click()
        page.get_by_label("Name", exact=True).fill(" ".join(payload.split()))
        page.keyboard.press("Enter")
        at_rest(page)
        self._check(page, payload, "name of the conversation")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Add documents").click()
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
            [
                {
                    "name": f"{file_name(payload)}.txt",
                    "mimeType": "text/plain",
                    "buffer": f"Uploaded: {payload}".encode(),
                }
            ]
        )
        expect(page.locator(".files li")).to_have_count(1)
        self._check(page, payload, "uploaded file")
        own = (self._address, self._address.replace("http", "ws"), "data:", "blob:")
        foreign = [url for url in asked if not url.startswith(own)]
        assert not foreign, f"{payload!r}: {foreign}"
        assert not events, f"{payload!r}: {events}"
        return "text in every place, no request" if quotes else "text, not quoted; no request"

    def _check(self, page: Page, payload: str, where: str) -> None:
        assert "owned" not in page.title(), f"{where}: {payload!r}"
        found = page.locator(_MARKUP).evaluate_all("all => all.map(one => one.outerHTML)")
        assert not found, f"markup in {where}: {payload!r}: {found}"
        assert page.locator(_LINKS).count() == 0, f"a link in {where}: {payload!r}"
        blocked = [str(uri) for uri in page.evaluate("window.torture")]
        assert not [uri for uri in blocked if "leak" in uri], f"{where} tried {blocked}"


def _plain(text: str) -> str:
    """The words, without what no reader sees: a page shows `�` for it, or nothing."""
    seen = [" " if sign.isspace() else sign for sign in text if sign.isspace() or _is_seen(sign)]
    return " ".join("".join(seen).split())


def _is_seen(sign: str) -> bool:
    return not unicodedata.category(sign).startswith("C") and sign != "\ufffd"
