"""Adding documents from the page: chosen, looked over, kept, and built into the index."""

import hashlib
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import streamlit as st

from rag import Index
from ui import building, opening, state
from ui.render import Html, escape, show
from ui.words import count

_TYPES = ["txt", "md", "html", "htm", "pdf", "docx", "eml", "jsonl"]
_FOLDER = "uploaded"


def add_documents(index: Index) -> None:
    """Choose files, see what will be indexed, and build; the chat goes on with the old build."""
    folder = state.settings().seeds / _FOLDER
    with st.expander("Add documents", icon=":material/upload_file:"):
        chosen = st.file_uploader(
            "Files",
            type=_TYPES,
            accept_multiple_files=True,
            key=f"upload-{st.session_state.setdefault('uploads', 0)}",
        )
        files = {safe_name(file.name): file.getvalue() for file in chosen or []}
        if files:
            _preview(files, index)
            st.button(
                f"Add {count(len(files), 'file')} and build",
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
    """The name without folders, leading dots and characters that file systems dislike.

    >>> safe_name("../../etc/.evil<1>.pdf")
    'evil_1_.pdf'
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).lstrip(". ").rstrip(". ")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:120]}{dot}{suffix[:10]}" if dot and stem else f"{plain[:120] or 'document'}.txt"


def keep(name: str, data: bytes, folder: Path) -> Path:
    """Write the bytes under this name, or the next free one; the same bytes are kept once."""
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
    rows = "".join(
        f"<li>{escape(name)} <span class='quiet'>{_said(data, known)}</span></li>"
        for name, data in files.items()
    )
    show(Html(f'<ul class="files">{rows}</ul>'))


def _said(data: bytes, known: Collection[str]) -> str:
    """How large a file is, and why it will add nothing if that is sure before it is read."""
    if not data:
        return "empty, will be skipped"
    seen = hashlib.sha256(data).hexdigest() in known
    return f"{len(data):,} bytes{', already in the index' if seen else ''}"


def _add(files: Mapping[str, bytes], folder: Path, index: Index) -> None:
    for name, data in files.items():
        keep(name, data, folder)
    st.session_state["uploads"] += 1
    st.session_state["before"] = dict(index.manifest.sources)
    given = [Path(path) for path in index.manifest.given]
    covered = any(folder.is_relative_to(path) for path in given)
    building.start(state.settings(), given if covered else [*given, folder], rebuild=False)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """What the last build added, changed and removed."""
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
