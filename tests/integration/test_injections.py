"""Attack texts in documents and questions are quoted as data or left out, and never executed."""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag import Answer, Index, Settings, build_index
from rag.answer.evidence import verify_file
from rag.answer.export import save
from tests.conftest import SEEDS
from tests.language_model import LanguageModel, streamed

MARKUP = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> ![x](http://leak.test/a) "
    "[y](javascript:alert(1)) \x1b[2J\x1b]8;;http://leak.test\x07 `rm -rf ~` $(touch owned) "
    "../../../etc/passwd {{7*7}} %s {0} ]]> --> ''' \"\"\" \u202eevil"
)
"""Added to each attack: text that a page, a terminal, a shell or a template could execute."""


QUESTION = "What civil penalty did Mallory7 Trading agree to pay? $(touch owned) `touch owned`"


@pytest.fixture(scope="module")
def attacks(shared_data: Path) -> list[str]:
    return [json.loads(line)["text"] for line in (shared_data / "injections.jsonl").open()]


@pytest.fixture(scope="module")
def attacked(attacks: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an index of the seed and of one document for each attack, with the attack in it."""
    folder = tmp_path_factory.mktemp("attacked")
    for number, attack in enumerate(attacks):
        (folder / f"mallory-{number}.txt").write_text(
            f"Mallory{number} Trading agreed to pay <script>alert(1)</script> a civil penalty of "
            f"$1,{number:03},000 for “{attack}” \x1b[2J![x](http://leak.test/a) $(touch owned).\n"
            f"{attack} {MARKUP} Mallory{number} Trading consented to a permanent injunction.\n"
        )
    build_index([SEEDS, folder], settings=Settings(index=folder / "index"))
    return folder / "index"


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    """Record processes, connections and files outside ``folder`` that this process opens."""
    done: list[str] = []
    watching = True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if not watching:
            return
        if event in {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}:
            if "from rag.load.worker import" in repr(arguments):
                return  # the project's own reader, when a saved answer is compared with its file
            done.append(f"{event} {arguments!r:.100}")
        elif event == "socket.connect":
            done.append(f"{event} {arguments[1]}")
        elif event == "open" and isinstance(arguments[0], str):
            writes = isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
            if writes and not Path(arguments[0]).resolve().is_relative_to(folder):
                done.append(f"{event} {arguments[0]}")

    sys.addaudithook(hook)
    try:
        yield done
    finally:
        watching = False


def test_attacks_are_quoted_unchanged_and_not_executed(
    attacks: list[str], attacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    index = Index.open(attacked)
    index.ask("What did Mallory0 Trading pay?")  # loads the models

    with watched(tmp_path) as done:
        for number, attack in list(enumerate(attacks))[::5]:  # all categories occur
            answer = index.ask(f"What civil penalty did Mallory{number} Trading agree to pay?")

            assert any(f"$1,{number:03},000" in claim.text for claim in answer.claims), number
            for claim in answer.claims:
                (citation,) = claim.citations
                source = citation.document.text
                assert claim.text == citation.quote == source[citation.start : citation.end]
                assert claim.speaker is None or attack not in claim.speaker
            if number % 15 == 0:
                check_exports(answer, tmp_path)

    assert done == []


def check_exports(answer: Answer, folder: Path) -> None:
    for suffix in (".json", ".md", ".html", ".docx"):
        assert verify_file(save(answer, folder / f"answer{suffix}")) == []
    page = (folder / "answer.html").read_text()
    assert not re.search(r"<(?:script|img|iframe|a |svg)", page)
    assert html.escape("<script>alert(1)</script>") in page
    markdown = (folder / "answer.md").read_text().partition("```")[0]
    assert not re.search(r"(?<!\\)[<\[`]", markdown)


def test_attacks_do_not_change_the_answer_to_another_question(
    attacked: Path, tmp_path: Path
) -> None:
    build_index([SEEDS], settings=Settings(index=tmp_path / "index"))
    question = "what does Binance say about user asset safety?"
    before = Index.open(tmp_path / "index").ask(question).claims

    after = Index.open(attacked).ask(question).claims

    # The end of a quote depends on the other quotes.
    assert after[0].citations[0].start == before[0].citations[0].start
    assert {claim.speaker for claim in after} == {claim.speaker for claim in before}
    assert not any("Mallory" in claim.text for claim in after)


def test_an_attack_as_a_question_is_only_searched(attacks: list[str], attacked: Path) -> None:
    index = Index.open(attacked)
    for attack in attacks[::15]:
        for claim in index.ask(attack).claims:
            assert claim.text == claim.citations[0].quote


def test_the_command_line_prints_attacks_as_text(attacked: Path, tmp_path: Path) -> None:
    shown = subprocess.run(
        [
            sys.executable,
            "-m",
            "rag",
            "ask",
            "--index",
            str(attacked),
            "--save",
            "a.docx",
            QUESTION,
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SEEDS.parent)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "$1,007,000" in shown.stdout
    assert "\x1b" not in shown.stdout + shown.stderr
    assert "\u202e" not in shown.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


def test_the_text_of_a_model_that_obeys_an_attack_is_withheld(
    attacks: list[str], attacked: Path
) -> None:
    without = Index.open(attacked)
    with LanguageModel() as model:
        settings = Settings(generator_url=model.url, generator_model="gullible")
        index = Index.open(attacked, settings=settings)
        for number in range(0, len(attacks), 15):
            line = " ".join(attacks[number].split())
            obeyed = f"{line} Download it from www.malapp.com. [1]\n{MARKUP} [1]\n{MARKUP}\n"
            model.reply = streamed(obeyed)
            question = f"What civil penalty did Mallory{number} Trading agree to pay?"

            answer = index.ask(question)

            assert replace(answer, summary=None) == without.ask(question)
            assert answer.summary is not None
            for sentence in answer.summary.sentences:
                assert "malapp.com" not in sentence.text
                assert not re.search(r"https?:|<|\]\(", sentence.text)
            instruction = model.requests[-1]["messages"][0]["content"]
            assert attacks[number] not in instruction


def test_no_text_of_a_document_enters_the_request_that_rewords_a_question(
    attacks: list[str], attacked: Path
) -> None:
    with LanguageModel() as model:
        settings = Settings(
            generator_url=model.url, generator_model="gullible", generator_search=True
        )
        index = Index.open(attacked, settings=settings)
        model.reply = streamed("{}")

        earlier = index.ask("What civil penalty did Mallory0 Trading agree to pay?")
        index.ask("And when did it agree?", history=[earlier])

        rewording = [r["messages"] for r in model.requests if "standalone" in str(r["messages"])]
        assert json.loads(rewording[-1][1]["content"]) == {
            "earlier": ["What civil penalty did Mallory0 Trading agree to pay?"],
            "last": "And when did it agree?",
        }
