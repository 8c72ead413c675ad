"""Adds documents from the page: the files, their preview, their folder and the build."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from rag import Document, Index, Skipped, counted, read_ahead
from ui import building, state
from ui.formatting import type_in_words
from ui.render import Html, escape, join, show
from ui.storage import write

_FOLDER = "uploaded"
_SIDECAR = ".toml"
_NO_TEXT = Skipped("", "no text")
_LISTED = 20
"""Names of documents in a list of changes."""
_SHOWN = 3
"""Documents of a file in its preview."""
_START = 300
"""Characters of each document in the preview."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build reads, once uploaded files are in ``folder``.

    ``root`` is the one of ``sources`` that contains ``folder``.
    """

    folder: Path
    root: Path
    sources: tuple[Path, ...]


def plan(index: Index | None) -> Plan:
    """The folder of uploaded files, and what the next build reads: the same as the last, and it."""
    seeds = state.settings().seeds.resolve()
    folder = seeds / _FOLDER
    given = tuple(Path(path) for path in index.manifest.given) if index else (seeds,)
    root = next((path for path in given if folder.is_relative_to(path)), folder)
    return Plan(folder, root, given if root in given else (*given, folder))


def add_documents(index: Index | None, *, key: str) -> None:
    """Draw the file chooser, the preview and the button that builds.

    The chat answers from the old build until the new one is complete.

    Parameters
    ----------
    index
        None before the first build.
    key
        Distinguishes the choosers of several pages.
    """
    planned = plan(index)
    chosen = st.file_uploader(
        "Files",
        type=None,  # the bytes tell the format, as for ``rag index``
        accept_multiple_files=True,
        key=f"upload-{key}-{st.session_state.setdefault('uploads', 0)}",
        help="PDF, Word, web pages, e-mail, text, CSV or JSON lines, and ZIP archives of these",
    )
    files = named([(file.name, file.getvalue()) for file in chosen or []], planned.folder)
    if files:
        given = read_files(files, planned)
        known = set(index.manifest.sources.values()) if index else set()
        show(preview(files, given, known))
        st.button(
            f"Add {counted(len(given), 'file')} and build",
            key=f"add-{key}",
            type="primary",
            disabled=not given,
            on_click=_add,
            args=(files, tuple(given), planned, index),
        )
    show(Html(f'<p class="quiet">They are kept in {escape(planned.folder)}.</p>'))


def what_changed() -> None:
    """Show the documents that the last build of this session added, changed and removed."""
    ended = building.ended()
    if ended is None or ended.report is None or ended.report.changes is None:
        return
    changes = ended.report.changes
    lists = {"Added": changes.added, "Changed": changes.changed, "Removed": changes.gone}
    body = "".join(
        f"<p><strong>{name}:</strong> {escape(', '.join(ids[:_LISTED]))}"
        f"{' …' if len(ids) > _LISTED else ''}</p>"
        for name, ids in lists.items()
        if ids
    )
    body += "".join(f"<p>{escape(line)}</p>" for line in ended.told)
    show(Html(f'<div class="notice changed">{body or "The last build changed nothing."}</div>'))


def safe_name(name: str) -> str:
    """The name without folders, leading dots and characters that some file systems reject.

    >>> safe_name("../../etc/.evil<1>.pdf")
    'evil_1_.pdf'
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).lstrip(". ").rstrip(". ")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:120]}{dot}{suffix[:10]}" if dot and stem else f"{plain[:120] or 'document'}.txt"


def named(files: Sequence[tuple[str, bytes]], folder: Path) -> dict[str, bytes]:
    """The files under the names that they will have in ``folder``.

    Of two different files with one name, in the folder or among ``files``, the later one gets the
    next free name. Equal bytes are one file. A sidecar follows its document, and replaces an older
    sidecar of it.
    """
    safe = [(safe_name(name), data) for name, data in files]
    sent = {name for name, _ in safe}
    beside = [(name, data) for name, data in safe if name.removesuffix(_SIDECAR) in sent - {name}]
    placed: dict[str, bytes] = {}
    now_called: dict[str, str] = {}
    for name, data in safe:
        if (name, data) in beside:
            continue
        free = _free(name, data, folder, placed)
        placed[free] = data
        now_called[name] = free
    for name, data in beside:
        placed[now_called[name.removesuffix(_SIDECAR)] + _SIDECAR] = data
    return placed


def _free(name: str, data: bytes, folder: Path, placed: Mapping[str, bytes]) -> str:
    free, number = name, 2
    while placed.get(free, data) != data or (
        (folder / free).exists() and (folder / free).read_bytes() != data
    ):
        free = f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return free


def read_files(files: Mapping[str, bytes], planned: Plan) -> dict[str, list[Document | Skipped]]:
    """What a build will make of each file; those that it leaves out are missing.

    Each set of files is read once: a second call of the session returns the same, and the build
    takes what was slow to read from the cache.
    """
    digest = hashlib.sha256(
        repr([(n, hashlib.sha256(data).hexdigest()) for n, data in files.items()]).encode()
    ).hexdigest()
    last = st.session_state.get("upload-read")
    if last and last[0] == digest:
        given: dict[str, list[Document | Skipped]] = last[1]
        return given
    progress = st.progress(0.0, "Reading the files")

    def report(done: int, total: int) -> None:
        progress.progress(done / total, f"Reading the files: {done:,} of {total:,}")

    with TemporaryDirectory() as staged:
        for name, data in files.items():
            (Path(staged) / name).write_bytes(data)
        given = read_ahead(
            Path(staged).resolve(),
            planned.folder,
            planned.root,
            settings=state.settings(),
            cache=state.settings().folder / "cache" / "read",
            on_progress=report,
        )
    progress.empty()
    st.session_state["upload-read"] = digest, given
    return given


def preview(
    files: Mapping[str, bytes],
    given: Mapping[str, Sequence[Document | Skipped]],
    known: Collection[str] = (),
) -> Html:
    """A list with the documents that a build will make of each file, or why it makes none.

    Parameters
    ----------
    files
        The bytes of each file.
    given
        What a build makes of it, as `read_files` returns it.
    known
        SHA-256 of the files in the index.
    """
    rows = join(_file(name, data, given.get(name), files, known) for name, data in files.items())
    return Html(f'<ul class="files">{rows}</ul>')


def _file(
    name: str,
    data: bytes,
    items: Sequence[Document | Skipped] | None,
    files: Collection[str],
    known: Collection[str],
) -> Html:
    there = hashlib.sha256(data).hexdigest() in known
    size = f"{len(data):,} bytes{', already in the index' if there else ''}"
    if items is None:
        document = name.removesuffix(_SIDECAR)
        why = (
            f"Describes {document}."
            if document != name and document in files
            else "Will be left out: a file of this name describes its folder. Rename it to have it "
            "read."
        )
        shown = Html(f'<p class="quiet">{escape(why)}</p>')
    else:
        shown = join(map(_document, items[:_SHOWN])) if items else _document(_NO_TEXT)
        further = len(items) - _SHOWN
        if further > 0:
            more = f"and {counted(further, 'further document')}"
            shown = Html(f'{shown}<p class="quiet">{more}</p>')
    return Html(f'<li>{escape(name)} <span class="quiet">{size}</span>{shown}</li>')


def _document(item: Document | Skipped) -> Html:
    """The metadata of a document and its first words."""
    if isinstance(item, Skipped):
        return Html(f'<p class="quiet">Will be skipped: {escape(item.reason)}.</p>')
    metadata = item.metadata
    facts = [
        item.title,
        ", ".join(item.texts("agency")),
        str(metadata.get("date") or ""),
        type_in_words(metadata.get("type")),
    ]
    facts = [fact for fact in facts if fact]
    if item.page_starts:
        facts.append(counted(len(item.page_starts), "page"))
    if metadata.get("ocr_pages"):
        facts.append(f"{len(metadata['ocr_pages'])} by OCR")
    facts.append(counted(len(item.text), "character"))
    start = " ".join(item.text[:_START].split())
    return Html(
        f'<p class="quiet">{escape(" · ".join(facts))}</p>'
        f"<blockquote>{escape(start)}{'…' if len(item.text) > _START else ''}</blockquote>"
    )


def _add(
    files: Mapping[str, bytes], read: Sequence[str], planned: Plan, index: Index | None
) -> None:
    planned.folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write(planned.folder / name, data)
    st.session_state["uploads"] += 1
    building.start(state.settings(), planned.sources, rebuild=False, reading=read)
