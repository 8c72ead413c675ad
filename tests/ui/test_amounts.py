"""The table of sums in an exported conversation."""

import pytest

from rag import Index, build_index, load_settings
from tests.ui.test_conversations import conversation
from ui.export import as_markdown
from ui.turns import Turn

RELEASES = {
    "2019-04-01": ("OFAC", "Alder Bank has agreed to pay $500,000 to settle its liability."),
    "2019-07-02": (
        "OFAC",
        "Birch Shipping has agreed to pay $1,250,000.50 to settle its liability. The statutory "
        "maximum civil monetary penalty was $9,000,000.",
    ),
    "2019-09-03": ("SEC", "The court ordered Cedar Bank to pay a civil penalty of $80,000."),
    "2018-01-04": ("OFAC", "OFAC assessed a civil penalty of $70,000 against Dogwood Bank."),
    "2019-11-05": ("OFAC", "OFAC issued a finding of violation to Elm Travel and no penalty."),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("sums")
    for date, (agency, text) in RELEASES.items():
        (folder / f"{date}.txt").write_text(f"Enforcement release of {date}.\n\n{text}\n")
        (folder / f"{date}.txt.toml").write_text(
            f'agency = "{agency}"\ndate = "{date}"\ntype = "enforcement release"\n'
        )
    settings = load_settings(index=folder / "index", seeds=folder)
    build_index(settings=settings)
    return Index.open(settings=settings)


def test_the_table_is_exported_with_its_total_and_a_citation_in_every_row(index: Index) -> None:
    question = "largest OFAC penalties in 2019"
    found = index.ask(question)
    turn = Turn(question, "2026-11-22T15:00:00+00:00", answer=found.to_dict())
    stored = conversation().with_turn(0, turn)

    text = as_markdown(stored)

    assert "1,750,000.50 is the sum of 2 amounts" in text.replace("\\", "")
    assert text.replace("\\", "").count("sha256") >= 2
