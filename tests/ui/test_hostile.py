"""Hostile text with HTML, Markdown and addresses: shown unchanged, and nothing is loaded."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from rag import build_index, load_settings
from tests.ui.conftest import ask, served

pytestmark = pytest.mark.browser

LINES = """\
Mallory Trading paid $1,000 and $2,000 on 3 May 2021, i.e. $3,000 in all.
Mallory Trading paid <b>nothing</b> <img src="http://leak.test/a.png" onerror="document.title='x'">.
Mallory Trading paid ![a picture](http://leak.test/b.png) and [a link](http://leak.test/c).
Mallory Trading paid <script>document.title = 'owned'</script><style>@import "http://leak.test/d";</style>.
Mallory Trading paid <meta http-equiv="refresh" content="0;url=http://leak.test/e"> at once.
Mallory Trading paid <iframe src="http://leak.test/f"></iframe> <svg onload="fetch('http://leak.test/g')">.
Mallory Trading paid -> more -- or not -- than >= 100 :100: :smile: :material/home: :red[units].
Mallory Trading paid **bold** _italic_ ~~struck~~ `code` # heading | a | table | and $x^2$.
Mallory Trading paid &lt;b&gt; &amp; &copy; "quoted" 'single' \\( x \\) \\$5 <!-- comment -->.
Mallory Trading paid javascript:alert(1) data:text/html,<h1>x</h1> http://leak.test/h www.leak.test.
Mallory Trading paid   three   spaces,\ttabs, \u202egnirts desrever\u202c and a zero\u200bwidth.
Mallory Trading paid </div></div></body></html> <base href="http://leak.test/"> <form action="http://leak.test/i">.
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address of a page over one hostile document, and the text of the document."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "seeds").mkdir()
    text = LINES
    attacks = Path(__file__).parents[3] / "shared" / "data" / "injections.jsonl"
    if attacks.is_file():
        text += "".join(json.loads(line)["text"] + "\n" for line in attacks.open())
    (folder / "seeds" / "mallory.txt").write_text(text)
    title = 'Mallory <img src="http://leak.test/t.png"> ![t](http://leak.test/u.png) $1 and $2'
    (folder / "seeds" / "mallory.txt.toml").write_text(
        f"title = {json.dumps(title)}\nspeaker = {json.dumps('<i>Mallory</i> ![](http://leak.test/v)')}\n"
        'url = "javascript:alert(1)"\ntype = "![x](http://leak.test/w)"\n'
    )
    build_index(settings=load_settings(index=folder / "index", seeds=folder / "seeds"))
    with served(folder / "index") as address:
        # A character without width is not seen, and is not read.
        yield address, text.replace("\u200b", "")


def test_hostile_text_is_shown_unchanged_and_loads_nothing(
    page: Page, hostile: tuple[str, str]
) -> None:
    address, text = hostile
    requests: list[str] = []

    def note(request: Request) -> None:
        requests.append(request.url)

    page.context.on("request", note)
    page.goto(address)
    ask(page, "What did Mallory Trading pay?")
    quotes = [
        str(q)
        for q in page.locator(".claim .quote").evaluate_all(
            "quotes => quotes.map(quote => quote.textContent)"
        )
    ]
    assert quotes
    assert all(quote in text for quote in quotes)
    expect(page.locator(".origin .title").first).to_contain_text("![t](http://leak.test/u.png)")
    page.get_by_role("button", name="Source 1", exact=True).click()
    mark = page.locator("mark")
    expect(mark).to_be_visible()
    assert mark.text_content() == quotes[0]
    more = page.get_by_role("button", name="Show more of the document")
    while page.locator(".source-text .more").count():
        before = len(str(page.locator(".source-text").text_content()))
        more.click()
        page.wait_for_function(
            "before => document.querySelector('.source-text').textContent.length > before",
            arg=before,
        )
    assert page.locator(".source-text").text_content() == text
    page.get_by_text("About this document").click()

    ask(page, LINES[:1500])  # the same text as a question
    page.wait_for_timeout(500)
    foreign = [url for url in requests if not url.startswith((address, "data:", "blob:"))]
    assert foreign == []
    assert "owned" not in page.title()
    assert (
        page.locator(
            ".stHtml :is(img, script[src*=leak], iframe, svg, meta, base, form, b, i)"
        ).count()
        == 0
    )
    assert page.locator("a[href*=leak], a[href^=javascript]").count() == 0


def test_the_headers_forbid_foreign_content(hostile: tuple[str, str], page: Page) -> None:
    reply = page.goto(hostile[0])

    assert reply is not None
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["referrer-policy"] == "no-referrer"
