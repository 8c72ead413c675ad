"""Adds documents from the page: the files, their preview, their folder and the build."""

import hashlib
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from rag import Document, Index, Skipped, counted, read
from ui import building, opening, state
from ui.formatting import type_in_words
from ui.render import Html, escape, join, show

_FOLDER = "uploaded"
_SHOWN = 3
"""Documents of a file in its preview."""
_START = 300
"""Characters of each document in the preview."""


def add_documents(index: Index) -> None:
    """Draw the file chooser, the preview and the button that builds.

    The chat answers from the old build until the new one is complete.
    """
    folder = state.settings().seeds / _FOLDER
    with st.expander("Add documents", icon=":material/upload_file:"):
        chosen = st.file_uploader(
            "Files",
            type=None,  # the bytes tell the format, as for ``rag index``
            accept_multiple_files=True,
            key=f"upload-{st.session_state.setdefault('uploads', 0)}",
        )
        files = {safe_name(file.name): file.getvalue() for file in chosen or []}
        if files:
            _preview(files, index)
            st.button(
                f"Add {counted(len(files), 'file')} and build",
                key="add",
                type="primary",
                on_click=_add,
                args=(files, folder, index),
            )
        show(Html(f'<p class="quiet">They are kept in {escape(folder)}.</p>'))
    before = st.session_state.get("before")
    ended = building.ended()
    if before is not None and ended is not None and ended.report is not None:
        _changed(before, index.manifest.sources)
    opening.outcome()
    opening.progress()


def safe_name(name: str) -> str:
    """The name without folders, leading dots and characters that some file systems reject.

    >>> safe_name("../../etc/.evil<1>.pdf")
    'evil_1_.pdf'
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).lstrip(". ").rstrip(". ")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:120]}{dot}{suffix[:10]}" if dot and stem else f"{plain[:120] or 'document'}.txt"


def keep(name: str, data: bytes, folder: Path) -> Path:
    """Write the bytes under this name, or under the next free name.

    Equal bytes under one of these names are not written again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    number = 2
    while path.exists():
        if path.read_bytes() == data:
            return path
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    with path.open("xb") as file:
        file.write(data)
    return path


def _preview(files: Mapping[str, bytes], index: Index) -> None:
    known = set(index.manifest.sources.values())
    rows = join(preview(name, data, known) for name, data in files.items())
    show(Html(f'<ul class="files">{rows}</ul>'))


def preview(name: str, data: bytes, known: Collection[str] = ()) -> Html:
    """A list item with the documents that a build will make of the file, or why it makes none.

    Parameters
    ----------
    name, data
        The file.
    known
        SHA-256 of the files in the index.
    """
    digest = hashlib.sha256(data).hexdigest()
    size = f"{len(data):,} bytes{', already in the index' if digest in known else ''}"
    first, further = _read(name, digest, data)
    shown = join(map(_document, first))
    more = f'<p class="quiet">and {counted(further, "further document")}</p>' if further else ""
    return Html(f'<li>{escape(name)} <span class="quiet">{size}</span>{shown}{more}</li>')


@st.cache_data(show_spinner="Reading …", max_entries=32)
def _read(name: str, digest: str, _data: bytes) -> tuple[list[Document | Skipped], int]:
    """The first documents as a build reads them, and the number of further ones.

    The digest stands for the bytes in the cache key. Only the shown documents stay in memory.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(_data)
        items = read([path], settings=state.settings())
    return items[:_SHOWN], len(items[_SHOWN:])


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


def _add(files: Mapping[str, bytes], folder: Path, index: Index) -> None:
    for name, data in files.items():
        keep(name, data, folder)
    st.session_state["uploads"] += 1
    st.session_state["before"] = dict(index.manifest.sources)
    given = [Path(path) for path in index.manifest.given]
    covered = any(folder.is_relative_to(path) for path in given)
    building.start(state.settings(), given if covered else [*given, folder], rebuild=False)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Show the files that the last build added, changed and removed."""
    lists = {
        "Added": sorted(after.keys() - before.keys()),
        "Changed": sorted(n for n in after.keys() & before.keys() if after[n] != before[n]),
        "Removed": sorted(before.keys() - after.keys()),
    }
    body = "".join(
        f"<p><strong>{name}:</strong> {escape(', '.join(names[:20]))}"
        f"{' …' if len(names) > 20 else ''}</p>"
        for name, names in lists.items()
        if names
    )
    show(Html(f'<div class="notice changed">{body or "The last build changed nothing."}</div>'))
