"""The command line: parse, one call, print. Data on stdout, progress and messages on stderr."""

import gc
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.errors import RagError, UsageError, reason_of
from rag.text.visible import visible, visible_json

if TYPE_CHECKING:
    from rag import Answer, Hit, Index, IndexAddress, Mention, Settings, SumsTable

app = typer.Typer(
    name="rag",
    help="Answer questions from enforcement documents, with a cited quote for every statement.",
    epilog=(
        "Exit codes: 0 done, 1 failed, 2 bad usage, 3 done with skipped files under --strict, "
        "5 no index, 6 index damaged, 7 index of another model, 69 database not reached, "
        "75 another build is running, 130 interrupted."
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
"""At most this many rows of a table are printed."""
_TITLE = 100
"""Characters of a title in a line, at most."""
_NEAREST = 3
"""At most this many of the nearest passages are printed with ``not_found``."""

IndexFolder = Annotated[
    str | None,
    typer.Option("--index", metavar="DIR|URL", help="Folder of the index, or postgresql://…"),
]
Model = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Embedding model: its name or its folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Question = Annotated[
    list[str], typer.Argument(metavar="QUESTION", help="The question, or - to read it from stdin.")
]
Agency = Annotated[
    list[str] | None, typer.Option(help="Only documents of this agency; may be repeated.")
]
Type = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="Only documents of this type; may be repeated."),
]
DocumentId = Annotated[
    list[str] | None,
    typer.Option("--document", metavar="ID", help="Only this document; may be repeated."),
]
DateFrom = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DATE",
        help="Only documents of this date or later: 2019, 2019-06 or 2019-06-30.",
    ),
]
DateTo = Annotated[
    str | None,
    typer.Option("--to", metavar="DATE", help="Only documents of this date or earlier."),
]
History = Annotated[
    list[str] | None,
    typer.Option(
        "--after",
        metavar="QUESTION",
        help="An earlier question of the conversation; repeat it, oldest first.",
    ),
]
Lexical = Annotated[
    bool, typer.Option("--lexical", help="Search by words alone: fast, no model is loaded.")
]


def main() -> None:
    """Run the command line. What a person can mend is told on stderr, with an exit code."""
    try:
        app()
    except RagError as error:
        _complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the program that reads the pipe has ended, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (OSError, sqlite3.Error) as error:
        _complain(visible(reason_of(error)))
        sys.exit(RagError.exit_code)
    finally:
        gc.freeze()  # saves .15 s: at exit Python would search all objects for garbage


@app.command("index")
def index_command(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE|FOLDER]…", help="Files and folders to index; else seeds/."),
    ] = None,
    index: IndexFolder = None,
    model: Model = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Embed every passage again, even unchanged ones.")
    ] = False,
    keep: Annotated[
        int | None, typer.Option(metavar="N", help="Number of builds to keep, with the live one.")
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Return to the build before the live one.")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Make shard I of N, from 0/N to N-1/N; needs --shards."),
    ] = None,
    merge: Annotated[
        int | None,
        typer.Option(metavar="N", help="Make the build of N shards; needs --shards."),
    ] = None,
    shards: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Folder or URL (s3://…) where all machines keep shards."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 if a file was skipped.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build the index from documents. The old build stays in use until the new one is complete."""
    from rag.index.store import open_store
    from rag.ingest import build_index

    settings = _settings(index=index, model=model, keep=keep)
    make: Callable[..., Any] = partial(build_index, rebuild=rebuild)
    if shard is not None or merge is not None or shards is not None:
        make = _wide(shard, merge, shards, alone=not (rebuild or rollback))
    if rollback:
        build = open_store(settings.index).rollback()
        _print({"build": build}, f"live again: {build}", as_json=as_json)
        return
    with _progress() as on_progress:
        report = make(sources or None, settings=settings, on_progress=on_progress)
    for skipped in report.skipped:
        print(visible(str(skipped)), file=sys.stderr)
    _print(report.to_dict(), report.summary, as_json=as_json)
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
        typer.Option(metavar="FILE", help="Save the answer as .json, .md, .html or .docx."),
    ] = None,
    lexical: Lexical = False,
    index: IndexFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question in verified quotes. Each has its speaker and its place."""
    settings = _settings(index=index, model=model)
    opened = _open(settings, lexical=lexical, preload=not lexical)
    from rag.question.filters import given_filters

    filters = given_filters(
        agency=agency, type=type_, document=document, date_from=date_from, date_to=date_to
    )
    if opened.sends_to:
        print(f"the question and the quotes are sent to {opened.sends_to}", file=sys.stderr)
    printed: list[str] = []

    def on_answer(found: "Answer") -> None:
        if not printed and not as_json:  # the quotes, before a language model begins
            printed.extend(_answer_lines(found))
            print("\n".join(printed), flush=True)

    history = tuple(after or ())
    answer = opened.ask(_question(question), history, filters, on_answer=on_answer)
    if save:
        from rag.answer.export import save as save_answer

        save_answer(answer, save)
    lines = [*([] if printed else _answer_lines(answer)), *_summary_lines(answer)]
    _print(answer.to_dict(), "\n".join(lines), as_json=as_json)


@app.command("search")
def search_command(
    question: Question,
    k: Annotated[int, typer.Option("-k", help="Number of passages, at most.")] = 8,
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
    """List the most relevant passages for a question, best first."""
    settings = _settings(index=index, model=model)
    opened = _open(settings, lexical=lexical, preload=not lexical)
    from rag.question.filters import given_filters

    filters = given_filters(
        agency=agency, type=type_, document=document, date_from=date_from, date_to=date_to
    )
    hits = opened.retrieve(_question(question), k, filters, tuple(after or ()))
    if opened.without_reranker and not lexical:
        print(opened.without_reranker, file=sys.stderr)
    record = {"build": opened.build, "hits": [hit.to_dict() for hit in hits]}
    _print(record, "\n".join(line for hit in hits for line in _hit_lines(hit)), as_json=as_json)
    if not hits and not as_json:
        print("no passages pass the filters", file=sys.stderr)


@app.command("verify")
def verify_command(
    answer: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file from rag ask --save or from the chat.")
    ],
    seeds: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with the sources, if they moved.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare a saved answer with its sources. Exit with 1 if anything differs."""
    from rag.answer.evidence import marks_of_models, verify_file

    problems, marks = verify_file(answer, seeds), marks_of_models(answer)
    text = "\n".join((*(problems or ["every quote stands in its source"]), *marks))
    record = {"file": str(answer), "problems": problems, "marks": marks}
    _print(record, text, as_json=as_json)
    if problems:
        raise typer.Exit(1)


@app.command("status")
def status_command(
    documents: Annotated[
        bool, typer.Option("--documents", help="List every document with its metadata.")
    ] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="List the changes since the build before.")
    ] = False,
    model: Annotated[
        bool,
        typer.Option("--model", help="Try the language model of the settings: a short request."),
    ] = False,
    index: IndexFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the contents of the index. Check its files, and list changes of its sources."""
    from rag.status import status

    settings = _settings(index=index)
    opened = _open(settings)
    report = status(opened, settings.index, documents=documents, changes=changes, model=model)
    _print(report.to_dict(), report.text, as_json=as_json)


@app.command("eval")
def eval_command(
    questions: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Labelled questions, JSON lines.")
    ],
    stages: Annotated[
        bool, typer.Option("--stages", help="Add a table with a row for each set of stages.")
    ] = False,
    compare: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="List the questions won and lost since FILE (--out)."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Save the results for a later --compare.")
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="Measure the answers instead of the passages.")
    ] = False,
    leave_out: Annotated[
        bool,
        typer.Option(
            "--leave-out", help="With --answers: also ask without the documents that answer."
        ),
    ] = False,
    index: IndexFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval or answers on labelled questions."""
    from rag.evaluate import compare as compared
    from rag.evaluate import (
        evaluate,
        evaluate_answers,
        figures_table,
        read_questions,
        read_report,
    )
    from rag.retrieval.retriever import ABLATION

    labelled = read_questions(questions)
    before = read_report(compare) if compare else None
    settings = _settings(index=index, model=model)
    opened = _open(settings)
    if opened.without_reranker:
        print(opened.without_reranker, file=sys.stderr)
    if answers:
        with _progress() as on_progress:
            judged = evaluate_answers(
                opened, labelled, leave_out=leave_out, progress=partial(on_progress, "ask")
            )
        _save(judged.to_dict(), out)
        _print(judged.to_dict(), judged.table(), as_json=as_json)
        return
    wanted: dict[str, Sequence[str] | None] = {**(ABLATION if stages else {}), "all": None}
    with _progress() as on_progress:
        reports = {
            name: evaluate(
                opened,
                labelled,
                stages=chosen,
                settings=settings.model_dump(mode="json"),
                progress=partial(on_progress, name),
            )
            for name, chosen in wanted.items()
        }
    whole = reports["all"]
    _save(whole.to_dict(), out)
    parts = [whole.table()]
    if stages:
        rows = [(name, len(report.results), report.figures()) for name, report in reports.items()]
        parts.insert(0, figures_table(rows))
    if before is not None:
        parts.append(compared(before, whole))
    records = {name: report.to_dict() for name, report in reports.items()}
    _print(records, "\n\n".join(parts), as_json=as_json)


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


def _wide(
    shard: str | None, merge: int | None, shards: str | None, *, alone: bool
) -> Callable[..., Any]:
    """What makes one shard or merges all, of the options for it."""
    from rag.shards import merge_shards, write_shard

    if not alone:
        raise UsageError("--shard and --merge do not go with --rebuild or --rollback.")
    if shards is None or (shard is None) == (merge is None):
        raise UsageError(
            "building wide needs --shards DIR and either --shard I/N or --merge N. "
            "Example: rag index documents/ --shards /shared/shards --shard 0/4"
        )
    if merge is not None:
        return partial(merge_shards, of=merge, shards=shards)
    number, slash, of = str(shard).partition("/")
    if not (slash and number.isdecimal() and of.isdecimal()):
        raise UsageError(f"--shard {shard}: not of the form I/N, such as 0/4.")
    return partial(write_shard, shard=int(number), of=int(of), shards=shards)


@app.command("serve")
def serve_command(
    port: Annotated[int, typer.Option(help="Port to serve at.")] = 8502,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen at.")
    ] = "127.0.0.1",
    without_token: Annotated[
        bool,
        typer.Option("--without-token", help="Listen at any address without asking for a token."),
    ] = False,
    new_token: Annotated[
        bool, typer.Option("--new-token", help="Print a new token with its SHA-256, and end.")
    ] = False,
    lexical: Lexical = False,
    index: IndexFolder = None,
    model: Model = None,
) -> None:
    """Serve questions over HTTP until interrupted. Needs the extra `serve`."""
    if new_token:
        from rag.access import new_token as made

        token, digest = made()
        print(f"token   {token}\nsha256  {digest}")
        return
    with _extra("serve"):
        from rag.serve.server import serve
    settings = _settings(index=index, model=model)
    serve(settings, host=host, port=port, without_token=without_token, lexical=lexical)


@app.command("mcp")
def mcp_command(lexical: Lexical = False, index: IndexFolder = None, model: Model = None) -> None:
    """Serve tools for language models (MCP) over stdin and stdout. Needs the extra `mcp`."""
    with _extra("mcp"):
        from rag.mcp import run
    run(_settings(index=index, model=model), lexical=lexical)


@contextmanager
def _extra(name: str) -> Iterator[None]:
    """Within it, a package that is not installed is told with the extra that has it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("rag", "ui"):
            raise
        raise UsageError(
            f"the package {error.name} is not installed. Install it with: "
            f"pip install 'enforcement-rag[{name}]'"
        ) from error


def _settings(**flags: Any) -> "Settings":
    from rag.config import load_settings

    return load_settings(**flags)


def _open(settings: "Settings", *, lexical: bool = False, preload: bool = False) -> "Index":
    """Open the index; with ``preload``, a thread reads the models in the meantime."""
    if preload:
        from rag.models.preload import read_ahead

        read_ahead(settings, long=lambda: _has_long_documents(settings.index))
    from rag.api import Index

    return Index.open(settings=settings, lexical=lexical)


def _has_long_documents(address: "IndexAddress") -> bool:
    """Whether the live build at this address is one of long documents."""
    from rag.index.store import open_store
    from rag.retrieval.weights import WEIGHTS

    builds = open_store(address)
    manifest = builds.manifest(builds.current() or "")
    return WEIGHTS.is_of_long(manifest.passages, manifest.documents)


def _question(words: list[str]) -> str:
    if words != ["-"]:
        return " ".join(words)
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"the question on stdin is not UTF-8 (byte {error.start}).") from error


def _print(record: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """Print a result as one JSON object or as text; nothing for an empty text.

    What could control the terminal is printed as a code.
    """
    if as_json:
        print(visible_json(record))
    elif text:
        print(visible(text, keep="\n"))


def _complain(message: str) -> None:
    print(f"rag: {visible(message, keep=chr(10))}", file=sys.stderr)


def _save(record: Mapping[str, Any], path: Path | None) -> None:
    """Write the results of an evaluation as JSON; nothing without a path."""
    if path is None:
        return
    try:
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise RagError(f"{path}: cannot be written ({error.strerror}).") from error


def _answer_lines(answer: "Answer") -> Iterator[str]:
    """The answer, its table, and the place of each citation or the nearest passages.

    The table follows the first line, which is its lead.
    """
    lines = visible(answer.text, keep="\n").split("\n")
    # A table stands behind its lead; without rows, what was looked at stands at the end.
    behind = 1 if answer.table and answer.table.rows else len(lines)
    yield from lines[:behind]
    if answer.table is not None:
        yield from _table_lines(answer.table)
    yield from lines[behind:]
    if answer.claims:
        yield ""
    for number, claim in enumerate(answer.claims, start=1):
        for citation in claim.citations:
            yield f"[{number}] {_place(citation.document, citation.start, citation.end)}"
    yield from _way_on_lines(answer)
    if answer.outcome == "not_found" and answer.hits:
        yield "\nNearest passages, which do not answer:"
        for hit in answer.hits[:_NEAREST]:
            yield from _hit_lines(hit)


def _summary_lines(answer: "Answer") -> Iterator[str]:
    """The summary of a language model, and the quotes that it alone cites; nothing without one."""
    from rag.answer.summary_record import summary_lines

    if answer.summary is None:
        return
    yield ""
    yield from map(visible, summary_lines(answer.to_dict()))
    for number, claim in enumerate(answer.summary.added, start=len(answer.claims) + 1):
        (citation,) = claim.citations
        yield f"[{number}] “{visible(' '.join(claim.text.split()))}”"
        yield f"    {_place(citation.document, citation.start, citation.end)}"


def _way_on_lines(answer: "Answer") -> Iterator[str]:
    """Close spellings of unknown names, and the documents that mention the known ones."""
    if answer.way_on is None:
        return
    for spelling in answer.way_on.spellings:
        yield f"Did you mean “{visible(spelling)}”?"
    for mention in answer.way_on.mentions:
        yield f"“{visible(mention.name)}” is mentioned in: {visible(_place_of_mention(mention))}"


def _place_of_mention(mention: "Mention") -> str:
    return f"{shorten(mention.title, _TITLE, placeholder=' …')} ({mention.doc_id})"


def _table_lines(table: "SumsTable") -> Iterator[str]:
    """The first rows of a table, each with its quote and its place, and the scope."""
    from rag.answer.evidence import row_lines

    for number, row in enumerate(table.rows[:_ROWS], start=1):
        citation = row.citation
        heading, *_ = row_lines(row.to_dict())
        yield f"{number}. {visible(heading)}"
        yield f"   “{visible(' '.join(citation.quote.split()))}”"
        yield f"   {_place(citation.document, citation.start, citation.end)}"
    rest = len(table.rows) - _ROWS
    if rest > 0:
        yield f"{rest:,} more of {table.sums:,}: see all with --json or --save FILE"
    yield table.scope
    if table.rows:
        yield ""


def _hit_lines(hit: "Hit") -> Iterator[str]:
    passage = hit.passage
    yield f"{hit.rank}. {_place(passage.document, passage.start, passage.end)}"
    yield f"   {visible(' '.join(passage.text.split()))}\n"


def _place(document: Any, start: int, end: int) -> str:
    """Title, date, page, document id and characters of a quote or a passage."""
    date = document.metadata.get("date")
    page = document.page_at(start)
    parts = [
        visible(document.title) + (f" ({visible(str(date))})" if date else ""),
        *([f"p. {page}"] if page else []),
        f"{visible(document.doc_id)}, characters {start:,}–{end:,}",
    ]
    return ", ".join(parts)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Report progress on stderr: a bar on a terminal, else one line about every 10 s."""
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
    printed = time.monotonic()

    def show(stage: str, done: int, total: int) -> None:
        nonlocal printed
        now = time.monotonic()
        began.setdefault(stage, now)
        if now - printed < _SECONDS_BETWEEN_LINES or not done:
            return
        printed = now
        left = (now - began[stage]) / done * (total - done)
        print(f"{stage} {done:,} of {total:,}, about {left:.0f} s left", file=sys.stderr)

    return show
