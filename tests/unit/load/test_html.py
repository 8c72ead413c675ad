"""Web pages."""

import time

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


def body_of(inner: str, head: str = "") -> str:
    return read_one(f"<html><head>{head}</head><body>{inner}</body></html>".encode(), "a.html").text


def test_what_is_hidden_or_struck_is_not_text_and_what_is_inserted_is() -> None:
    style = (
        "<style>/* .shown{display:none} */ .off, div#late .x{display:none} .tab{visibility:hidden}"
        " .tab.on{visibility:visible} @media print{.shown{display:none}} a:hover{display:none}"
        "</style>"
    )
    hidden = "".join(
        f"<p {how}>Hidden {n}.</p>"
        for n, how in enumerate(
            [
                *('style="color:red; display : none"', "hidden", 'style="visibility:hidden"'),
                *('class="a off"', 'class="tab"', 'aria-hidden="true"', 'class="sr-only"'),
            ]
        )
    )
    shown = (
        '<p class="shown">Shown.</p><p class="tab on">Open tab.</p><p class="x">Elsewhere.</p>'
        '<div id="late"><p class="x">Hidden by a chain.</p></div>'
        "<p>It <del>dismissed</del> <s>x</s><strike>y</strike> <ins>upheld</ins> the claim.</p>"
    )

    text = body_of(hidden + shown, style)

    assert text == "Shown.\n\nOpen tab.\n\nElsewhere.\n\nIt upheld the claim."


def test_a_page_that_is_hidden_until_it_is_loaded_is_read() -> None:
    paragraphs = "".join(
        f"<p>Alder paid $5 for its failures in {y}.</p>" for y in range(1900, 2000)
    )

    text = body_of(f"<div id='app' style='opacity: 0'>{paragraphs}<p hidden>No.</p></div>")

    assert text.endswith("failures in 1999.")


def test_terms_cells_and_small_numbers_keep_their_joints() -> None:
    text = body_of(
        "<dl><dt>Party</dt><dd>Alder</dd><dt>Fine:</dt><dd>$10<sup>9</sup></dd></dl>"
        "<p>See note<sup>12</sup> on H<sub>2</sub>O, the 3<sup>rd</sup>.</p>"
        "<table><tr><th>Firm<th>Fine<th>Note<tr><td>Birch<td>£5<td>"
        "<tr><td colspan=3>Total £5</table>"
        "<ol start=3><li>One<ul><li><p>Inner</p></li></ul></li><li>Two</li></ol><p>A<br>B</p>"
    )

    assert text == (
        "Party: Alder\n\nFine: $10⁹\n\nSee note¹² on H₂O, the 3rd.\n\n"
        "Firm: Birch; Fine: £5; Note:\n\nTotal £5\n\n3. One\n- Inner\n4. Two\n\nA\nB"
    )


def test_rows_that_begin_with_a_name_and_lines_parted_twice() -> None:
    text = body_of(
        "<table><tr><th>Firm</th><td>Alder</td></tr><tr><th>Fine:</th><td>$5</td></tr></table>"
        "<p>One<br>line<br><br>Two, 10<sup>-9</sup></p>"
    )

    assert text == "Firm: Alder\n\nFine: $5\n\nOne\nline\n\nTwo, 10⁻⁹"


def test_a_first_row_in_bold_type_names_the_columns() -> None:
    rows = "<tr><td><b>Firm</b><td><strong>Fine</strong></tr><tr><td>Alder<td>£5<sup>[2]</sup></tr>"
    values = "<tr><td><b>Firm</b><td>Alder</tr><tr><td><b>Fine</b><td>£5</tr>"

    assert body_of(f"<table>{rows}</table>") == "Firm: Alder; Fine: £5²"
    assert body_of(f"<table>{values}</table>") == "Firm | Alder\n\nFine | £5"


def test_a_cell_that_spans_rows_stands_in_each() -> None:
    text = body_of(
        "<table><thead><tr><th rowspan=2>Firm<th colspan=2>2023<tr><th>Cases<th>Fines</thead>"
        "<tr><td rowspan=2>Alder<td>1<td>$2<tr><td>3<td>$4</table>"
    )

    assert text == (
        "Firm: Alder; 2023 Cases: 1; 2023 Fines: $2\n\nFirm: Alder; 2023 Cases: 3; 2023 Fines: $4"
    )


def test_control_characters_do_not_lose_the_page_and_old_references_are_read() -> None:
    filler = "<p>" + "The court finds that the agency did not keep its records. " * 9 + "</p>"
    page = f"<html><body>{filler}<p>It\x0b is\x07 &#8;so&#146;s &#x1f;fine.</p></body></html>"

    assert "It is so’s fine." in read_one(page.encode(), "a.html").text


def test_a_page_of_an_agency_gives_its_text_and_its_date_and_not_its_menus() -> None:
    links = "".join(f'<li><a href="/{n}">Topic number {n}</a></li>' for n in range(8))
    words = "The Authority fined Alder Bank £7 million for failures in its controls. "
    page = (
        '<html><head><title>Fine | Authority</title><meta property="article:published_time"'
        ' content="2024-03-05T09:00:00Z"></head><body><div id="cookie-banner"><p>We use cookies.'
        f'</p></div><div class="site-header"><p>Search</p></div><form id="aspnetForm">'
        f"<div class='side'><ul>{links}</ul></div><div class='body'>"
        "<header><h1>Alder fined</h1></header>"
        + f"<p>{words * 3}</p>" * 6
        + "<p>It must pay by May.</p></div></form><footer>Last reviewed: 9 May 2025</footer>"
    )

    parsed = read_one(page.encode(), "a.html")

    assert parsed.metadata == {"date": "2024-03-05"}
    assert parsed.text.count("Alder fined") == 1
    assert parsed.text.count(words.strip()) == 18
    assert parsed.text.endswith("It must pay by May.")
    for frame in ("cookies", "Search", "Topic number", "Last reviewed"):
        assert frame not in parsed.text


def test_a_heading_outside_of_the_marked_content_is_kept() -> None:
    text = body_of(
        "<div><h1>Alder v. Birch</h1><p>No. 7-1</p></div><div><p>Ask our other site</p><article>"
        + "<p>The court affirms the order of the district court in this case.</p>" * 9
        + "</article></div>"
    )

    assert text.startswith("# Alder v. Birch\n\nNo. 7-1\n\nAsk our other site\n\nThe court affirms")


def test_a_list_of_links_in_the_content_is_kept_and_one_beside_it_is_not() -> None:
    firms = "".join(f"<li><a href='/{n}'>Firm number {n}</a></li>" for n in range(6))
    topics = firms.replace("Firm", "Topic")
    words = "<p>The Authority fined six firms for failures in their controls.</p>" * 5

    text = body_of(
        f"<div><ul>{topics}</ul></div><div><article><h1>Fines</h1>{words}<ul>{firms}</ul></article></div>"
    )

    assert "Firm number 5" in text
    assert text.count("# Fines") == 1
    assert "Topic number" not in text


def test_hostile_styles_and_text_take_no_time() -> None:
    began = time.perf_counter()
    for unit in ("a{display:none} ", "@media {", "{", "/*", ".a .a ", "display:", "a,", "&#", " "):
        long = unit * (40_000 // len(unit))
        read_one(f"<style>{long}</style><p style='{long}'>x {long}</p>".encode(), "a.html")

    assert time.perf_counter() - began < 20


def test_items_of_lists_have_the_marks_that_the_page_shows() -> None:
    page = (
        '<p>It must:</p><ol type="a"><li><p>pay;</p></li><li>sell.</li></ol><p>Then:</p>'
        '<ol start="4"><li>four<ol style="list-style-type: lower-roman"><li>inner</li></ol></li>'
        '<li value="9">nine</li><li>ten</li></ol><p>Last:</p>'
        "<ol reversed><li>two</li><li>one</li></ol>"
    )

    assert (
        read_one(page.encode(), "a.html").text.split()
        == (
            "It must: a. pay; b. sell. Then: 4. four i. inner 9. nine 10. ten Last: 2. two 1. one"
        ).split()
    )


def test_what_is_between_letters_and_not_shown_is_left_out() -> None:
    page = "<p>The re&shy;view of the &#8203;\ufefffee&nbsp;of 3&#8288;&nbsp;%.</p>"

    assert read_one(page.encode(), "a.html").text == "The review of the fee of 3 %."


def test_the_links_for_sharing_a_page_are_no_text() -> None:
    links = '<div class="share-this"><a>Post it</a> <a>Mail it</a></div>'
    said = "<h1>A fine for Larkin</h1><p>The board fined Larkin $3 for its fee on old accounts.</p>"

    text = read_one(f"<body><div>{said}{links}</div></body>".encode(), "a.html").text

    assert "fined Larkin $3" in text
    assert "it" not in text.split()
