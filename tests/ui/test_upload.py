"""Files that come in through the page: their names, and what is kept."""

from pathlib import Path

import pytest

from ui.upload import keep, safe_name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("order.pdf", "order.pdf"),
        ("../../evil.pdf", "evil.pdf"),
        ("C:\\docs\\order 7.pdf", "order 7.pdf"),
        (".hidden", "hidden.txt"),
        ("a<b>.txt", "a_b_.txt"),
        ("", "document.txt"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_cannot_leave_the_folder(sent: str, name: str) -> None:
    assert safe_name(sent) == name


def test_a_second_file_of_the_same_name_gets_a_name_of_its_own(tmp_path: Path) -> None:
    keep("a.txt", b"one", tmp_path)
    keep("a.txt", b"two", tmp_path)
    keep("a.txt", b"one", tmp_path)

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "a.txt": b"one",
        "a-2.txt": b"two",
    }
