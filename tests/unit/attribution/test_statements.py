"""Floors under speaker and status, on sentences marked by reading, by family of authorities."""

from collections import defaultdict

import pytest

from tests.benchmarks.statements import DEV, Judged, of_marks, of_misleading, of_statements

# Share of right statuses (also by a second label) and speakers, over both parts of the marks and
# without their documents. Set a little below what was measured.
FLOORS = {
    "us_securities": (0.92, 0.93),
    "us_sanctions": (0.88, 0.95),
    "us_federal": (0.88, 0.97),
    "uk": (0.81, 0.78),
    "eu_ireland": (0.88, 0.83),
    "competition": (0.87, 0.64),
    "asia_pacific": (0.87, 0.71),
    "courts": (0.87, 0.82),
    "transcripts": (0.98, 0.97),
    "reports_and_pleas": (0.96, 0.65),
    "papers": (0.95, 0.83),
}


def test_speaker_and_status_of_releases_are_right() -> None:
    judged = of_statements()

    assert len(judged) == 203
    assert sum(one.speaker for one in judged) >= 0.99 * len(judged)
    assert sum(one.any_status for one in judged) >= 0.96 * len(judged)
    assert sum(one.graver for one in judged) <= 0.01 * len(judged)


def test_speaker_and_status_of_marked_sentences_by_family() -> None:
    groups: dict[str, list[Judged]] = defaultdict(list)
    judged = of_marks()
    for one in judged:
        groups[one.row["family"]].append(one)

    assert groups.keys() == FLOORS.keys()
    for family, (status, speaker) in FLOORS.items():
        of_family = groups[family]
        assert sum(one.any_status for one in of_family) >= status * len(of_family), family
        assert sum(one.speaker for one in of_family) >= speaker * len(of_family), family
    assert sum(one.graver for one in judged) <= 0.01 * len(judged)


def test_what_only_looks_decided_is_not_printed_as_decided() -> None:
    judged = of_misleading()

    assert len(judged) == 220
    assert sum(one.any_status for one in judged) >= 0.65 * len(judged)
    assert sum(one.speaker for one in judged) >= 0.7 * len(judged)
    assert sum(one.graver for one in judged) <= 0.01 * len(judged)


@pytest.mark.skipif(not DEV.exists(), reason="needs ../shared")
def test_the_shared_sentences_can_be_read() -> None:
    assert len(DEV.read_text(encoding="utf-8").splitlines()) == 240
