"""Other XML files."""

from tests.unit.load.reading import read_one


def test_the_text_of_elements_is_read_without_markup() -> None:
    data = (
        b'<?xml version="1.0" encoding="windows-1252"?><!DOCTYPE order [<!ENTITY x "y">]>'
        b'<a:order xmlns:a="urn:a"><!-- no --><head id="7"><Title>Order against Alder'
        b"</Title></head><body><num>1.</num><p>Alder paid <b>$5</b>, not <i>$6</i>.</p>\n"
        b"<p/><p>It\x92s over.</p>"
        b"</body></a:order>"
    )

    parsed = read_one(data, "order.xml")

    assert parsed.title == "Order against Alder"
    assert parsed.text == ("Order against Alder\n\n1.\n\nAlder paid $5, not $6.\n\nIt’s over.")


def test_a_damaged_file_and_one_without_text_are_read_as_plain_text() -> None:
    assert read_one(b"<?xml version='1.0'?><a>Alder paid.", "a.xml").text.endswith("Alder paid.")
    assert read_one(b"<?xml version='1.0'?><a fine='$5'/>", "a.xml").text.endswith("fine='$5'/>")


def test_entities_are_not_expanded() -> None:
    bomb = b'<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">'

    parsed = read_one(b'<?xml version="1.0"?><!DOCTYPE a [' + bomb + b"]><a>Paid &b;.</a>", "a.xml")

    assert "xx" not in parsed.text
