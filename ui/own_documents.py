"""Corrects the metadata of a document in its sidecar, and removes a document from the index."""

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from rag import Document, Index, RagError, correct, file_of
from ui import building, state
from ui.render import Html, escape, say_error, show
from ui.upload import plan

_FIELDS = {
    "title": "Title",
    "agency": "Agency",
    "type": "Type",
    "speaker": "Speaker",
    "date": "Date",
}
_LISTS = {"agency", "type", "speaker"}
_SIDECAR = ".toml"


def draw(index: Index, document: Document) -> None:
    """Draw the form for corrections and the button that removes the document."""
    file = file_of(document)
    if file is None:
        show(
            Html(
                f'<p class="quiet">A part of {escape(document.source)}: it is corrected or removed '
                "in that file.</p>"
            )
        )
        return
    with st.expander("Correct what is known about it", icon=":material/edit_note:"):
        _form(index, document)
    if st.session_state.get("removing") != document.doc_id:
        st.button(
            "Remove …",
            icon=":material/delete:",
            key="remove",
            type="tertiary",
            disabled=index.manifest.documents < 2,
            on_click=st.session_state.update,
            args=({"removing": document.doc_id},),
        )
        return
    show(
        Html(
            f"<p>Remove this document from the index? {escape(file.name)} is moved to "
            f"{escape(_folder())}, and the index is built without it.</p>"
        )
    )
    with st.container(horizontal=True):
        st.button("Remove it", key="remove-yes", on_click=_remove, args=(index, document, file))
        st.button("Keep it", key="remove-no", on_click=st.session_state.pop, args=("removing",))


def removed(index: Index) -> None:
    """Say which document was removed last, with a button that brings it back."""
    gone: tuple[Path, Path] | None = st.session_state.get("removed")
    if gone is None:
        return
    kept, file = gone
    with st.container(horizontal=True, vertical_alignment="center"):
        show(Html(f'<p class="notice">Removed: {escape(file.name)}</p>'), width="content")
        st.button(
            "Bring it back",
            icon=":material/undo:",
            key="remove-undo",
            on_click=_restore,
            args=(index, kept, file),
        )


def _form(index: Index, document: Document) -> None:
    inferred = set(document.metadata.get("inferred") or ())
    with st.form("correct", border=False):
        typed = {
            key: st.text_input(
                name,
                value=shown(document, key),
                key=f"correct-{key}-{document.doc_id}",
                help="Read from the document" if key in inferred else None,
                placeholder="YYYY-MM-DD" if key == "date" else "several: A; B",
            )
            for key, name in _FIELDS.items()
        }
        if st.form_submit_button("Save and build"):
            _correct(index, document, typed)


def shown(document: Document, key: str) -> str:
    """The value of a field as the form shows it; several agencies with semicolons."""
    if key == "title":
        return document.title
    if key in _LISTS:
        return "; ".join(document.texts(key))
    return str(document.metadata.get(key) or "")


def differences(document: Document, typed: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The fields that were changed in the form, each with its old and its new value."""
    pairs = {key: (shown(document, key), " ".join(words.split())) for key, words in typed.items()}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _correct(index: Index, document: Document, typed: Mapping[str, str]) -> None:
    changed = differences(document, typed)
    if not changed:
        show(Html('<p class="quiet">Nothing is changed.</p>'))
        return
    try:
        correct(document, {key: _value(key, now) for key, (_, now) in changed.items()})
    except RagError as error:
        say_error(error)
        return
    told = [
        f"{document.title}: {_FIELDS[key].lower()} {before or 'none'} → {now or 'as it is read'}"
        for key, (before, now) in changed.items()
    ]
    building.start(state.settings(), plan(index).sources, rebuild=False, told=told)
    st.rerun()


def _value(key: str, words: str) -> Any:
    """The value for the sidecar: a list of two or more, a text, or None."""
    if key not in _LISTS:
        return words or None
    several = [one.strip() for one in words.split(";") if one.strip()]
    return several if len(several) > 1 else (several[0] if several else None)


def _folder() -> Path:
    return state.settings().folder / "removed"


def _remove(index: Index, document: Document, file: Path) -> None:
    st.session_state.pop("removing", None)
    kept = _folder() / f"{time.time_ns()}" / file.name
    try:
        kept.parent.mkdir(parents=True)
        _move(file, kept)
    except OSError as error:
        st.session_state["not-removed"] = f"{file}: cannot be moved ({error.strerror})."
        return
    st.session_state["removed"] = kept, file
    sources = tuple(path for path in plan(index).sources if path != file)
    building.start(state.settings(), sources, rebuild=False)


def _restore(index: Index, kept: Path, file: Path) -> None:
    st.session_state.pop("removed")
    _move(kept, file)
    sources = plan(index).sources
    if not any(file.is_relative_to(path) for path in sources):
        sources = (*sources, file)
    building.start(state.settings(), sources, rebuild=False, reading=[file.name])


def _move(file: Path, to: Path) -> None:
    """Move a file, also to another file system, and its sidecar."""
    for suffix in ("", _SIDECAR):
        source, target = (path.with_name(path.name + suffix) for path in (file, to))
        if source.exists():
            shutil.move(os.fspath(source), os.fspath(target))
