"""The table of sums in an exported conversation."""

import pytest

from rag import Index
from tests.releases import index_of_releases
from tests.ui.test_conversations import conversation
from ui.export import as_markdown
from ui.turns import Turn


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of_releases(tmp_path_factory.mktemp("sums"))


def test_the_table_is_exported_with_its_total_and_a_citation_in_every_row(index: Index) -> None:
    question = "largest OFAC penalties in 2019"
    found = index.ask(question)
    turn = Turn(question, "2026-11-22T15:00:00+00:00", answer=found.to_dict())
    stored = conversation().with_turn(turn)

    text = as_markdown(stored)

    assert "The largest settlement of 2 (OFAC, 2019) is $1,250,000.50" in text.replace("\\", "")
    assert text.replace("\\", "").count("sha256") >= 2
