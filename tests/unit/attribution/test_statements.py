"""A floor under speaker and status: 203 sentences of releases, labelled by reading."""

from tests.benchmarks.statements import of_statements


def test_speaker_and_status_of_labelled_sentences_are_right() -> None:
    judged = list(of_statements())

    assert len(judged) == 203
    assert sum(speaker for _, speaker, _, _ in judged) >= 0.99 * len(judged)
    assert sum(status for _, _, status, _ in judged) >= 0.95 * len(judged)
