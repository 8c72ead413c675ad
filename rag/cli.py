"""The command line: parse, one call, print. Data on stdout, progress and messages on stderr."""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.errors import RagError, UsageError
from rag.types import dollars

if TYPE_CHECKING:
    from rag import Answer, Hit, Index, Settings, SumsTable

app = typer.Typer(
    name="rag",
    help="Ask enforcement documents questions; every answer is quoted and cited.",
    epilog=(
        "Exit codes: 0 done, 1 failed, 2 bad usage, 3 done with skipped files under --strict, "
        "5 no index, 6 index damaged, 7 index of another model, 75 another build is running, "
        "130 interrupted."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_SKIPPED_UNDER_STRICT = 3
_SECONDS_BETWEEN_LINES = 10
_ROWS = 10
"""Rows of a table of sums that are printed."""

IndexFolder = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="Folder of the index.")
]
Model = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Embedding model: a sentence-transformers name or folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Question = Annotated[
    list[str], typer.Argument(metavar="QUESTION", help="The question; - reads it from stdin.")
]
Agency = Annotated[list[str] | None, typer.Option(help="Only this agency; may be repeated.")]
Type = Annotated[
    list[str] | None, typer.Option("--type", metavar="TYPE", help="Only this document type.")
]
DocumentId = Annotated[
    list[str] | None, typer.Option("--document", metavar="ID", help="Only this document.")
]
DateFrom = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="Not before 2019, 2019-06, 2019-06-30.")
]
DateTo = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Not after this date.")]
History = Annotated[
    list[str] | None,
    typer.Option("--after", metavar="QUESTION", help="An earlier question; oldest first."),
]


Lexical = Annotated[
    bool, typer.Option("--lexical", help="By words alone: at once, and without a model.")
]


def main() -> None:
    """Run the command line; errors a person can mend become one line and an exit code."""
    try:
        app()
    except RagError as error:
        print(f"rag: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of a pipe has closed it, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    finally:
        gc.freeze()  # at exit Python looks through all there is, .15 s, to free what exit frees


@app.command("index")
def index_command(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE|FOLDER]…", help="What to index; seeds/ where none is named."),
    ] = None,
    index: IndexFolder = None,
    model: Model = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Embed everything anew, changed or not.")
    ] = False,
    keep: Annotated[
        int | None, typer.Option(metavar="N", help="Builds to keep, the live one included.")
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Make the build before the live one live again.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 if a file was skipped.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build the index from documents; the old one serves until the new one is whole."""
    from rag.index.builds import Builds
    from rag.ingest import build_index

    settings = _settings(index=index, model=model, keep=keep)
    if rollback:
        build = Builds(settings.index).rollback()
        print(json.dumps({"build": build}) if as_json else f"live again: {build}")
        return
    with _progress() as on_progress:
        report = build_index(
            sources or None, settings=settings, rebuild=rebuild, on_progress=on_progress
        )
    for skipped in report.skipped:
        print(skipped, file=sys.stderr)
    if as_json:
        _print_json(report.to_dict())
    else:
        print(report.summary)
    if strict and report.skipped:
        raise typer.Exit(_SKIPPED_UNDER_STRICT)


@app.command("ask")
def ask_command(
    question: Question,
    after: History = None,
    agency: Agency = None,
    type_: Type = None,
    document: DocumentId = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the answer as .json, .md, .html or .docx."),
    ] = None,
    lexical: Lexical = False,
    index: IndexFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question in verified quotes, each with its speaker and its place."""
    opened = _open(index, model, lexical=lexical, ahead=not lexical)
    filters = _filters(agency, type_, document, date_from, date_to)
    answer = opened.ask(_question(question), history=tuple(after or ()), filters=filters)
    if save:
        from rag.answer.export import save as save_answer

        save_answer(answer, save)
    if as_json:
        _print_json(answer.to_dict())
    else:
        _print_answer(answer)


@app.command("search")
def search_command(
    question: Question,
    k: Annotated[int, typer.Option("-k", help="How many passages.")] = 8,
    after: History = None,
    agency: Agency = None,
    type_: Type = None,
    document: DocumentId = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    lexical: Lexical = False,
    index: IndexFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """List the passages that bear on a question, best first."""
    opened = _open(index, model, lexical=lexical, ahead=not lexical)
    filters = _filters(agency, type_, document, date_from, date_to)
    hits = opened.retrieve(_question(question), k, filters, tuple(after or ()))
    if opened.without_reranker and not lexical:
        print(opened.without_reranker, file=sys.stderr)
    if as_json:
        _print_json({"build": opened.build, "hits": [hit.to_dict() for hit in hits]})
        return
    for hit in hits:
        _print_hit(hit)
    if not hits:
        print("no passages pass the filters", file=sys.stderr)


@app.command("verify")
def verify_command(
    answer: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file that rag ask --save wrote.")
    ],
    seeds: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the sources are now.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a saved answer against its sources; exit with 1 if a quote no longer stands."""
    from rag.answer.evidence import verify_file

    problems = verify_file(answer, seeds)
    if as_json:
        _print_json({"file": str(answer), "problems": problems})
    else:
        print("\n".join(problems) or "every quote stands in its source")
    if problems:
        raise typer.Exit(1)


@app.command("status")
def status_command(
    documents: Annotated[
        bool, typer.Option("--documents", help="List every document with what is known of it.")
    ] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="List what the live build changed of the one before.")
    ] = False,
    index: IndexFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Say what is in the index, whether it is sound, and what has changed in its sources."""
    from rag.status import status

    folder = _settings(index=index).index
    report = status(_open(index, model), folder, documents=documents, changes=changes)
    if as_json:
        _print_json(report.to_dict())
    else:
        print(report.text)


@app.command("eval")
def eval_command(
    questions: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Labelled questions, JSON lines.")
    ],
    stages: Annotated[
        bool, typer.Option("--stages", help="One row for each idea: what it is worth.")
    ] = False,
    compare: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Name what was won and lost since --out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the results for a later --compare.")
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="Judge the answers instead of the passages.")
    ] = False,
    leave_out: Annotated[
        bool,
        typer.Option("--leave-out", help="With --answers: ask again without the right documents."),
    ] = False,
    index: IndexFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval, or answers, on labelled questions: what is found, how early, how fast."""
    from rag.evaluate import compare as compared
    from rag.evaluate import (
        evaluate,
        evaluate_answers,
        figures_table,
        read_questions,
        read_report,
    )
    from rag.retrieval.retriever import ABLATION

    asked = read_questions(questions)
    before = read_report(compare) if compare else None
    opened = _open(index, model)
    if answers:
        with _progress() as on_progress:
            judged = evaluate_answers(
                opened, asked, leave_out=leave_out, progress=partial(on_progress, "ask")
            )
        if out:
            out.write_text(json.dumps(judged.to_dict(), ensure_ascii=False, indent=1))
        if as_json:
            _print_json(judged.to_dict())
        else:
            print(judged.table())
        return
    settings = _settings(index=index, model=model).model_dump(mode="json")
    wanted: dict[str, Sequence[str] | None] = {**(ABLATION if stages else {}), "all": None}
    with _progress() as on_progress:
        reports = {
            name: evaluate(
                opened,
                asked,
                stages=chosen,
                settings=settings,
                progress=partial(on_progress, name),
            )
            for name, chosen in wanted.items()
        }
    whole = reports["all"]
    if out:
        out.write_text(json.dumps(whole.to_dict(), ensure_ascii=False, indent=1))
    if as_json:
        _print_json({name: report.to_dict() for name, report in reports.items()})
        return
    if stages:
        rows = [(name, len(report.results), report.figures()) for name, report in reports.items()]
        print(figures_table(rows), end="\n\n")
    print(whole.table())
    if before is not None:
        print("\n" + compared(before, whole))


@app.command("chat")
def chat_command(
    port: Annotated[int, typer.Option(help="Port to serve at.")] = 8501,
) -> None:
    """Serve the chat page at 127.0.0.1 until interrupted."""
    page = Path(__file__).resolve().parent.parent / "ui" / "app.py"
    print(f"the chat is at http://127.0.0.1:{port} (Ctrl+C ends it)", file=sys.stderr)
    os.chdir(page.parent.parent)
    os.execv(
        sys.executable,
        [sys.executable, "-m", "streamlit", "run", str(page), f"--server.port={port}"],
    )


def _settings(**flags: Any) -> "Settings":
    from rag.config import load_settings

    return load_settings(**flags)


def _open(
    index: Path | None, model: str | None, *, lexical: bool = False, ahead: bool = False
) -> "Index":
    """The index; where a question is sure to come, its models are read in the meantime."""
    settings = _settings(index=index, model=model)
    if ahead:
        from rag.models.preload import read_ahead

        read_ahead(settings)
    from rag.api import Index

    return Index.open(settings=settings, lexical=lexical)


def _question(words: list[str]) -> str:
    if words != ["-"]:
        return " ".join(words)
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"the question on stdin is not UTF-8 (byte {error.start}).") from error


def _filters(
    agency: list[str] | None,
    type_: list[str] | None,
    document: list[str] | None,
    date_from: str | None,
    date_to: str | None,
) -> dict[str, Any]:
    given = {
        "agency": agency,
        "type": type_,
        "document": document,
        "date_from": date_from,
        "date_to": date_to,
    }
    return {key: value for key, value in given.items() if value}


def _print_json(record: dict[str, Any]) -> None:
    print(json.dumps(record, ensure_ascii=False, indent=2))


def _print_answer(answer: "Answer") -> None:
    lead, *rest = _plain(answer.text).split("\n")
    print(lead)
    if answer.table is not None:
        _print_table(answer.table)
    if rest:
        print("\n".join(rest))
    if answer.claims:
        print()
        for number, claim in enumerate(answer.claims, start=1):
            for citation in claim.citations:
                print(f"[{number}] {_place(citation.document, citation.start, citation.end)}")
                if not claim.verbatim:
                    print(f"    “{_plain(' '.join(citation.quote.split()))}”")
        return
    if answer.outcome == "not_found" and answer.hits:
        print("\nNearest passages, which do not answer:")
        for hit in answer.hits[:3]:
            _print_hit(hit)


def _print_table(table: "SumsTable") -> None:
    """The largest sums of a table, each with its quote and its place, and what was looked at."""
    for number, row in enumerate(table.rows[:_ROWS], start=1):
        citation = row.citation
        print(f"{number}. {dollars(row.dollars)}, {row.kind}")
        print(f"   “{_plain(' '.join(citation.quote.split()))}”")
        print(f"   {_place(citation.document, citation.start, citation.end)}")
    if len(table.rows) > _ROWS:
        print(f"{len(table.rows) - _ROWS} further rows: --json or --save FILE")
    print(table.scope, end="\n\n" if table.rows else "\n")


def _print_hit(hit: "Hit") -> None:
    passage = hit.passage
    print(f"{hit.rank}. {_place(passage.document, passage.start, passage.end)}")
    print(f"   {_plain(' '.join(passage.text.split()))}\n")


def _place(document: Any, start: int, end: int) -> str:
    """Title, date, page and characters: where a reader finds the words."""
    date = document.metadata.get("date")
    page = document.page_at(start)
    parts = [
        _plain(document.title) + (f" ({date})" if date else ""),
        *([f"p. {page}"] if page else []),
        f"{_plain(document.doc_id)}, characters {start:,}–{end:,}",
    ]
    return ", ".join(parts)


def _plain(text: str) -> str:
    """Without the control characters with which a document could drive a terminal."""
    return "".join(c if c == "\n" or c.isprintable() else " " for c in text)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Report progress on stderr: a bar with the time left on a terminal, else a line at times."""
    if not sys.stderr.isatty():
        yield _progress_lines()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:>6}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def _progress_lines() -> Callable[[str, int, int], None]:
    began: dict[str, float] = {}
    spoke = time.monotonic()

    def show(stage: str, done: int, total: int) -> None:
        nonlocal spoke
        now = time.monotonic()
        began.setdefault(stage, now)
        if now - spoke < _SECONDS_BETWEEN_LINES or not done:
            return
        spoke = now
        left = (now - began[stage]) / done * (total - done)
        print(f"{stage} {done:,} of {total:,}, about {left:.0f} s left", file=sys.stderr)

    return show
