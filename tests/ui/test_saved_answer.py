"""An answer saved as HTML, opened in a browser."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from rag.answer.evidence import verify_file
from rag.answer.export import save
from rag.answer.verify import cite
from rag.types import Answer, Claim, Document, Searched

pytestmark = pytest.mark.browser

QUOTE = (
    "Acme paid $1,000 & <b>fled</b> <script>document.title = 'owned'</script>"
    '<img src="http://leak.test/a.png" onerror="document.title=1"> to &lt;Utah&gt;.'
)


def test_a_saved_page_shows_the_exact_quote_and_loads_nothing(page: Page, tmp_path: Path) -> None:
    source = tmp_path / "acme.txt"
    source.write_text(QUOTE)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    document = Document("acme.txt", "Acme </title><i>", QUOTE, str(source), sha256)
    claim = Claim(QUOTE, (cite(document, 0, len(QUOTE)),), "<i>SEC</i>", "alleged")
    searched = Searched(1, 1, ("<u>?",), {}, "b")
    file = save(Answer("<u>Who?", "answered", (claim,), (), searched), tmp_path / "a.html")
    requests: list[str] = []

    def note(request: Request) -> None:
        requests.append(request.url)

    page.context.on("request", note)
    page.goto(file.as_uri())

    assert page.locator("blockquote").text_content() == f"“{QUOTE}”"
    assert page.title() == "<u>Who?"
    assert page.locator(":is(script, img, i, u, b)").count() == 0
    assert requests == [file.as_uri()]
    assert verify_file(file) == []
