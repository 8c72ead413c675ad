"""The command line: one command, one call, one exit code; never a traceback."""

import fcntl
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from rag import cli
from rag.answer.evidence import _read
from rag.index.manifest import read_manifest, write_manifest
from tests.language_model import LanguageModel, streamed

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process: exit code, stdout, stderr."""

    def _run(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        code = caught.value.code
        return (code if isinstance(code, int) else 0), printed.out, printed.err

    return _run


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder of one order."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "order.txt").write_text("Example Corp. was ordered to pay a penalty of $5,000.")
    return folder


def test_a_new_token_comes_with_its_digest(run: Run) -> None:
    code, out, _ = run("serve", "--new-token")

    (_, token), (_, digest) = (line.split() for line in out.splitlines())
    assert (code, digest) == (0, sha256(token.encode()).hexdigest())
    assert len(token) >= 40


@pytest.mark.parametrize(("command", "package"), [("serve", "uvicorn"), ("mcp", "mcp_types")])
def test_a_missing_package_is_told_with_its_extra(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for module in ("rag.serve.server", "rag.mcp"):
        monkeypatch.delitem(sys.modules, module, raising=False)

    code, out, err = run(command)

    assert (code, out) == (2, "")
    assert f"pip install 'enforcement-rag[{command}]'" in err


def test_serve_refuses_another_address_without_a_token(run: Run, tmp_path: Path) -> None:
    code, _, err = run("serve", "--host", "0.0.0.0", "--index", tmp_path)

    assert (code, "--without-token" in err) == (2, True)


def test_index_then_ask_then_status(run: Run, docs: Path, tmp_path: Path) -> None:
    where = ("--index", tmp_path / "index")

    code, out, _ = run("index", docs, *where)
    assert (code, out.startswith("indexed 1 document, 1 passage, 1 newly embedded")) == (0, True)
    code, out, _ = run("index", docs, *where)
    assert (code, out.startswith("nothing changed: 1 document, 1 passage")) == (0, True)
    code, out, _ = run("ask", "what penalty was Example Corp. ordered to pay?", *where)
    assert code == 0
    assert "“Example Corp. was ordered to pay a penalty of $5,000.” [1]" in out
    assert "order.txt, characters 0–53" in out
    (docs / "new.txt").write_text("Another order.")
    code, out, _ = run("status", "--documents", *where)
    assert code == 0
    assert "1 document, 1 passage" in out
    assert "added      new.txt" in out


def test_sums_over_many_documents_are_a_table_on_the_command_line_too(
    run: Run, docs: Path, tmp_path: Path
) -> None:
    (docs / "other.txt").write_text("Other Corp. was ordered to pay a civil penalty of $7,000.50.")
    where = ("--index", tmp_path / "index")
    run("index", docs, *where)

    code, out, _ = run("ask", "largest penalties", *where)
    assert code == 0
    assert out.startswith("The largest penalty of 2 is $7,000.50 (Other Corp.).")
    assert out.index("1. $7,000.50, penalty") < out.index("2. $5,000, penalty")
    assert "other.txt, characters 0–60" in out
    assert "Looked at 2 documents; 2 state a penalty or settlement" in out

    _, out, _ = run("ask", "largest penalties", "--json", *where)
    answer = json.loads(out)
    assert answer["outcome"] == "answered"
    assert [row["value"] for row in answer["table"]["rows"]] == ["7000.50", "5000"]


@pytest.mark.parametrize("suffix", [".json", ".md", ".html", ".docx"])
def test_a_saved_table_is_checked_row_by_row(
    run: Run, docs: Path, tmp_path: Path, suffix: str
) -> None:
    where = ("--index", tmp_path / "index")
    saved = tmp_path / f"saved{suffix}"
    run("index", docs, *where)
    run("ask", "total of all penalties", "--save", saved, *where)

    assert run("verify", saved)[0] == 0

    (docs / "order.txt").write_text("Example Corp. was ordered to pay a penalty of $6,000.")
    code, out, _ = run("verify", saved)
    assert code == 1
    assert "row 1: characters 0 to 53" in out


def test_a_question_is_answered_by_words_alone(run: Run, seed_index: Path) -> None:
    code, out, _ = run(
        "ask", "--lexical", "what does Binance say about user asset safety?", "--index", seed_index
    )

    assert code == 0
    assert "are safe" in out
    assert "Searched by words alone" in out


def test_results_are_one_json_object_with_whole_records(run: Run, seed_index: Path) -> None:
    code, out, _ = run("search", "user assets", "-k", "2", "--json", "--index", seed_index)
    found = json.loads(out)
    assert code == 0
    assert [hit["rank"] for hit in found["hits"]] == [1, 2]
    assert found["hits"][0]["passage"]["document"]["doc_id"] == "binance-statement"

    code, out, _ = run("ask", "are user assets safe?", "--json", "--index", seed_index)
    answer = json.loads(out)
    assert code == 0
    assert answer["outcome"] == "answered"
    assert answer["claims"][0]["citations"][0]["quote"] in answer["text"]

    code, out, _ = run("status", "--json", "--index", seed_index)
    assert json.loads(out)["manifest"]["documents"] == 1


def test_a_saved_answer_is_verified_against_its_source(
    run: Run, docs: Path, tmp_path: Path
) -> None:
    run("index", docs, "--index", tmp_path / "index")
    saved = tmp_path / "answer.md"
    question = "what penalty was Example Corp. ordered to pay?"

    assert run("ask", question, "--save", saved, "--index", tmp_path / "index")[0] == 0
    assert run("verify", saved)[:2] == (0, "every quote stands in its source\n")

    (docs / "order.txt").write_text("Example Corp. was ordered to pay a penalty of $9,000.")
    code, out, _ = run("verify", saved)
    assert code == 1
    assert "$5,000" in out
    assert (
        run("ask", "who?", "--save", tmp_path / "answer.xyz", "--index", tmp_path / "index")[0] == 2
    )


def test_words_without_quotes_and_stdin_are_questions_too(run: Run, seed_index: Path) -> None:
    assert run("ask", "are", "user", "assets", "safe?", "--index", seed_index)[0] == 0
    code, out, _ = run("ask", "-", "--index", seed_index, stdin=b"are user assets safe?\n")
    assert (code, "Binance says" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "stdin", "reason"),
    [
        (["ask", ""], b"", "the question is empty"),
        (["ask", "-"], b"a" * 1_000_000, "1,000,000 characters; at most 4,000"),
        (["ask", "-"], b"\xff", "not UTF-8"),
        (["search", "who?", "-k", "0"], b"", "k = 0"),
        (["search", "who?", "--from", "soon"], b"", "'soon' is not a date"),
        (["ask", "who?", "--model", "nowhere/nothing"], b"", "nowhere/nothing"),
    ],
)
def test_an_invalid_question_exits_with_two(
    run: Run, seed_index: Path, arguments: list[str], stdin: bytes, reason: str
) -> None:
    code, out, err = run(*arguments, "--index", seed_index, stdin=stdin)

    assert (code, out) == (2, "")
    assert err.startswith("rag: ")
    assert reason in err


def test_unknown_options_and_commands_exit_with_two(run: Run) -> None:
    assert run("ask", "--no-such-option")[0] == 2
    assert run("no-such-command")[0] == 2


def test_no_index_exits_with_five(run: Run, tmp_path: Path) -> None:
    code, _, err = run("ask", "who?", "--index", tmp_path)

    assert code == 5
    assert err == f"rag: no index in {tmp_path}. Build one with: rag index\n"


def test_a_truncated_index_exits_with_six_and_can_be_built_anew(
    run: Run, seed_index: Path, docs: Path
) -> None:
    (dense,) = seed_index.glob("builds/*/dense.faiss")
    dense.write_bytes(dense.read_bytes()[:100])

    code, _, err = run("ask", "who?", "--index", seed_index)

    assert code == 6
    assert "dense.faiss: altered" in err
    assert run("index", docs, "--index", seed_index)[0] == 0
    assert run("ask", "who?", "--index", seed_index)[0] == 0


def test_an_index_of_another_model_exits_with_seven(run: Run, seed_index: Path) -> None:
    (folder,) = seed_index.glob("builds/*")
    manifest = read_manifest(folder)
    write_manifest(folder, replace(manifest, fingerprint="0" * 64))

    assert run("ask", "who?", "--index", seed_index)[0] == 7


def test_a_second_build_at_once_exits_with_75(run: Run, seed_index: Path, docs: Path) -> None:
    with (seed_index / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, _, err = run("index", docs, "--index", seed_index)

    assert (code, "another build is running" in err) == (75, True)


def test_skipped_files_are_named_and_fail_only_under_strict(
    run: Run, docs: Path, tmp_path: Path
) -> None:
    (docs / "empty.pdf").touch()
    (docs / "rows.jsonl").write_text('{"id": "a", "text": "One row."}\n{broken\n')
    where = ("--index", tmp_path / "index")

    code, out, err = run("index", docs, *where)
    assert code == 0
    assert "indexed 2 documents (2 skipped)" in out
    assert "empty.pdf: skipped: " in err
    assert "rows.jsonl:2: skipped: " in err

    assert run("index", docs, "--strict", *where)[0] == 3


def test_a_folder_that_is_missing_exits_with_an_error_that_names_it(
    run: Run, tmp_path: Path
) -> None:
    code, _, err = run("index", tmp_path / "nowhere", "--index", tmp_path / "index")

    assert code in (1, 2)
    assert "nowhere" in err


@pytest.fixture
def not_root() -> Iterator[None]:
    """Where the tests run as root, who may read everything, they go on as another user."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


@pytest.mark.parametrize("locked", ["docs", "docs/inner"])
def test_a_folder_that_cannot_be_read_exits_with_an_error_that_names_it(
    run: Run, locked: str, request: pytest.FixtureRequest
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        inner = Path(folder, "docs", "inner")
        inner.mkdir(parents=True)
        Path(folder, locked).chmod(0)
        request.getfixturevalue("not_root")
        code, _, err = run("index", inner, "--index", Path(folder, "index"))
        os.seteuid(os.getuid())
        Path(folder, "docs").chmod(0o755)
        inner.chmod(0o755)

    assert code == 1
    assert str(inner) in err
    assert "permissions" in err


def test_results_that_cannot_be_written_are_an_error_of_one_line(
    run: Run, seed_index: Path, tmp_path: Path
) -> None:
    row = {"question": "user assets", "gold": [{"doc_id": "binance-statement"}]}
    (tmp_path / "questions.jsonl").write_text(json.dumps(row))
    out = tmp_path / "missing" / "report.json"

    code, _, err = run("eval", tmp_path / "questions.jsonl", "--out", out, "--index", seed_index)

    assert (code, err) == (1, f"rag: {out}: cannot be written (No such file or directory).\n")


def test_rollback_makes_the_older_build_live(run: Run, seed_index: Path, docs: Path) -> None:
    first = (seed_index / "CURRENT").read_text()
    run("index", docs, "--index", seed_index)

    assert run("index", "--rollback", "--index", seed_index)[0] == 0
    assert (seed_index / "CURRENT").read_text() == first
    assert run("index", "--rollback", "--index", seed_index)[0] == 1


def test_control_characters_of_a_document_do_not_reach_the_terminal(
    run: Run, docs: Path, tmp_path: Path
) -> None:
    (docs / "evil.txt").write_text("Evil Corp. was fined $7 \x1b[31mred\x1b]0;title\x07 in Ohio.")
    run("index", docs, "--index", tmp_path / "index")

    _, out, _ = run("search", "Evil Corp. fined Ohio", "--index", tmp_path / "index")

    assert "Evil Corp." in out
    assert "\x1b" not in out
    assert "\x07" not in out


def test_help_imports_nothing_heavy_and_names_the_exit_codes() -> None:
    script = "import sys, rag.cli; print([m for m in sys.argv[1:] if m in sys.modules])"
    heavy = ["torch", "numpy", "faiss", "tantivy", "streamlit", "pydantic", "rich.progress"]
    done = subprocess.run(
        [sys.executable, "-c", script, *heavy], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

    shown = subprocess.run(
        [sys.executable, "-m", "rag", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("index", "ask", "search", "status", "eval", "chat"):
        assert f"  {command} " in shown.stdout
    assert "5 no index" in " ".join(shown.stdout.split())


@pytest.mark.parametrize("command", ["search", "ask"])
def test_a_question_by_words_alone_loads_no_model_and_no_vectors(
    command: str, seed_index: Path
) -> None:
    script = (
        "import sys, rag.cli\n"
        f"sys.argv = ['rag', '{command}', '--lexical', 'user assets', '--index', sys.argv[1]]\n"
        "try: rag.cli.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'faiss', 'openvino', 'tokenizers', 'torch', 'langchain_text_splitters'}\n"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, seed_index], capture_output=True, text=True, check=True
    )

    assert "user assets" in done.stdout
    assert done.stdout.splitlines()[-1] == "set()"


def test_interrupting_a_build_exits_with_130_and_leaves_no_build(tmp_path: Path) -> None:
    rows = tmp_path / "many.jsonl"
    with rows.open("w") as file:
        for number in range(3000):
            file.write(json.dumps({"id": str(number), "text": f"Order {number}. " * 30}) + "\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "rag", "index", rows, "--index", tmp_path / "index"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests themselves run in the background, SIGINT is ignored, and children inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 120
    while not _vectors(tmp_path / "index") and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)

    assert (process.returncode, "Traceback" in err) == (130, False), err
    assert not (tmp_path / "index" / "CURRENT").exists()


def _vectors(index: Path) -> int:
    """How many bytes of vectors a running build has kept so far."""
    return sum(path.stat().st_size for path in index.glob("cache/*.vectors"))


@pytest.mark.parametrize("suffix", [".md", ".html", ".docx"])
def test_a_saved_table_shows_its_total_and_its_scope(
    run: Run, docs: Path, tmp_path: Path, suffix: str
) -> None:
    where = ("--index", tmp_path / "index")
    saved = tmp_path / f"saved{suffix}"
    run("index", docs, *where)
    run("ask", "total of all penalties", "--save", saved, *where)

    shown, record = _read(saved)

    assert shown is not None
    assert "$5,000 is the sum of 1 amount in 1 document." in shown
    assert "Looked at 1 document" in shown
    assert record["table"]["lead"].startswith("$5,000")


def test_a_changed_sum_in_a_saved_table_is_found(run: Run, docs: Path, tmp_path: Path) -> None:
    where = ("--index", tmp_path / "index")
    saved = tmp_path / "saved.html"
    run("index", docs, *where)
    run("ask", "total of all penalties", "--save", saved, *where)
    page = saved.read_text()

    saved.write_text(page.replace("$5,000, penalty", "$9,000, penalty", 1))
    assert "row 1: the text shown is not that of the record" in run("verify", saved)[1]

    saved.write_text(page.replace("$5,000 is the sum", "$9,000 is the sum", 1))
    assert "table: the text shown is not that of the record" in run("verify", saved)[1]


def test_a_file_that_only_looks_like_word_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "saved.docx").write_bytes(b"PK")

    code, _, error = run("verify", tmp_path / "saved.docx")
    assert code == 2
    assert "not a Word file" in error


def test_a_summary_stands_below_the_quotes_and_its_withheld_text_in_json_alone(
    run: Run, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "what penalty was Example Corp. ordered to pay?"
    where = ("--index", tmp_path / "index")
    run("index", docs, *where)
    _, without, _ = run("ask", question, *where)
    with LanguageModel() as model:
        monkeypatch.setenv("RAG_GENERATOR_URL", model.url)
        monkeypatch.setenv("RAG_GENERATOR_MODEL", "tiny")
        model.reply = streamed("Example Corp. must pay $5,000. [1]\nIt paid \x1b[2J$7. [1]\n")

        code, out, err = run("ask", question, *where)
        assert code == 0
        assert out.startswith(without)
        assert "In the words of a language model (tiny on 127.0.0.1):" in out
        assert "Example Corp. must pay $5,000. [1]" in out
        assert "1 sentence of the language model withheld." in out
        assert "$7" not in out
        assert "sent to" not in err
        found = json.loads(run("ask", question, "--json", *where)[1])
        assert "$7" in found["summary"]["withheld"][0]["text"]
        saved = tmp_path / "a.md"
        run("ask", question, "--save", saved, *where)
        code, out, _ = run("verify", saved)
        assert (code, out.splitlines()) == (
            0,
            [
                "every quote stands in its source",
                "summary, sentence 1: in a model's words, not checked",
            ],
        )
        model.reply = streamed("ready")
        assert "tiny on 127.0.0.1 replied in" in run("status", "--model", *where)[1]
        model.status, model.reply = 404, b'{"error": "model not found, try pulling it"}'
        assert "try pulling it" in run("status", "--model", *where)[1]


def test_another_host_is_named_before_the_question_is_sent(
    run: Run, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", docs, "--index", tmp_path / "index")
    monkeypatch.setenv("RAG_GENERATOR_URL", "http://model.invalid/v1")
    monkeypatch.setenv("RAG_GENERATOR_MODEL", "tiny")

    code, out, err = run(
        "ask", "what penalty must Example Corp. pay?", "--index", tmp_path / "index"
    )

    assert code == 0
    assert err.splitlines()[0] == "the question and the quotes are sent to model.invalid"
    assert "No summary: http://model.invalid/v1/chat/completions cannot be reached." in out


def test_without_a_model_status_says_that_there_is_none(run: Run, seed_index: Path) -> None:
    assert "no language model" in run("status", "--model", "--index", seed_index)[1]
