"""Verdicts of readers become labelled questions."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rag.evaluate.questions import read_questions
from tests.ui.test_conversations import conversation, turn
from ui.feedback import BAD, GOOD, explain, judge


def test_a_good_answer_becomes_a_question_for_evaluation(tmp_path: Path) -> None:
    judge(tmp_path, "c-0", conversation().turns[0], ["Who is Acme?"], good=True)

    question = read_questions([tmp_path / GOOD])[0]
    assert question.text == "What did Acme pay?"
    assert question.history == ("Who is Acme?",)
    assert (question.gold[0].doc_id, question.gold[0].start, question.gold[0].end) == (
        "acme",
        0,
        43,
    )


def test_a_good_not_found_becomes_an_unanswerable_question(tmp_path: Path) -> None:
    judge(tmp_path, "c-0", turn(), [], good=True)

    assert not read_questions([tmp_path / GOOD])[0].answerable


def test_verdicts_of_eight_readers_at_once_are_all_kept(tmp_path: Path) -> None:
    def judge_ten(reader: int) -> None:
        for number in range(10):
            judge(tmp_path, f"{reader}-{number}", turn(), [], good=number % 2 == 0)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(judge_ten, range(8)))

    assert len((tmp_path / GOOD).read_text().splitlines()) == 40
    assert len((tmp_path / BAD).read_text().splitlines()) == 40


def test_a_changed_verdict_moves_the_question_and_stores_the_reason(tmp_path: Path) -> None:
    judge(tmp_path, "c-0", turn(), [], good=True)
    judge(tmp_path, "c-0", turn(), [], good=False)
    explain(tmp_path, "c-0", "It is on page 3.")

    assert (tmp_path / GOOD).read_text() == ""
    rows = [json.loads(line) for line in (tmp_path / BAD).read_text().splitlines()]
    assert [(row["qid"], row["reason"]) for row in rows] == [("c-0", "It is on page 3.")]
