"""Web pages."""

from tests.unit.load.reading import read_one

PAGE = """<!DOCTYPE html><html><head><title>SEC v. Acme</title><script>evil()</script></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<main><h1>SEC charges Acme</h1>
<p>The Commission today charged Acme Corp. with fraud in a complaint filed in Nevada. It alleges
that Acme raised $5 million from investors by promising returns it could not pay.</p>
<table><tr><th>Defendant</th><th>Penalty</th></tr><tr><td>Acme</td><td>$5,000</td></tr></table>
<p>Acme agreed to settle without admitting or denying the allegations in the complaint.</p></main>
<footer>Contact us at the bottom</footer></body></html>"""


def test_the_main_text_is_kept_and_the_menus_are_not() -> None:
    parsed = read_one(PAGE.encode(), "page.txt")

    assert parsed.title == "SEC v. Acme" or parsed.title == "SEC charges Acme"
    assert "It alleges that Acme raised $5 million" in " ".join(parsed.text.split())
    assert "$5,000" in parsed.text
    assert "evil" not in parsed.text
    assert "Contact us" not in parsed.text
    assert "News" not in parsed.text


def test_the_declared_encoding_counts() -> None:
    page = PAGE.replace("<head>", '<head><meta charset="windows-1252">').replace("$5 m", "£5 m")

    assert "£5 million" in read_one(page.encode("cp1252"), "page.html").text


def test_a_short_page_is_taken_whole() -> None:
    parsed = read_one(b"<html><body><p>Acme was fined.</p></body></html>", "a.html")

    assert parsed.text == "Acme was fined."
