"""The filters in force: a menu to choose them, and a chip for each that removes it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from rag import Index, counted, day_range
from ui.catalogue import Catalogue, catalogue
from ui.formatting import type_in_words
from ui.render import Html, escape, label, show

_LISTED = 8
"""Check boxes of one filter before one has to find more by letters."""


def current() -> dict[str, Any]:
    """The filters in force, as `rag.Index.ask` takes them."""
    filters: dict[str, Any] = st.session_state.setdefault("filters", {})
    return filters


def only(*doc_ids: str) -> None:
    """Limit all questions to these documents until the filter is removed."""
    _reset_menu()
    current()["document"] = list(doc_ids)


def bar(index: Index) -> None:
    """Draw the button that opens the menu, and one chip for each filter in force."""
    if index.manifest.documents < 2 and not current():
        return
    contents = catalogue(index)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="filters"):
        with st.popover("Filter", icon=":material/filter_list:", type="tertiary"):
            _menu(contents)
        for name, value in _chips():
            st.button(
                f"{_NAMES[name]} {label(_title(contents, name, value), longest=40)}",
                icon=":material/close:",
                icon_position="right",
                key=f"chip-{name}-{value}",
                help="Remove this filter",
                on_click=_remove,
                args=(name, value),
            )
        if not current():
            everything = counted(index.manifest.documents, "document")
            show(Html(f'<span class="quiet">all {everything}</span>'), width="content")


_NAMES = {
    "agency": "Agency:",
    "type": "Type:",
    "date_from": "From",
    "date_to": "Until",
    "document": "Only",
}


def _chips() -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in current().items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _title(contents: Catalogue, name: str, value: str) -> str:
    if name != "document":
        return type_in_words(value)
    return next((entry.title for entry in contents.entries if entry.doc_id == value), value)


def _remove(name: str, value: str) -> None:
    _reset_menu()
    values = current().get(name)
    if isinstance(values, list) and len(values) > 1:
        current()[name] = [other for other in values if other != value]
    else:
        current().pop(name, None)


def _reset_menu() -> None:
    """Give the widgets of the menu new keys: a closed popover sends its old choice again."""
    st.session_state["choices"] = st.session_state.get("choices", 0) + 1


def _key(name: str) -> str:
    return f"choose-{name}-{st.session_state.get('choices', 0)}"


def _clear() -> None:
    _reset_menu()
    current().clear()


def _menu(contents: Catalogue) -> None:
    _values("agency", "Agency", contents.agencies)
    _values("type", "Type of document", contents.types)
    if contents.years:
        with st.container(horizontal=True):
            _date("date_from", "From", f"{contents.years[0]}")
            _date("date_to", "Until", f"{contents.years[1]}-12-31")
    _documents(contents)
    if current():
        st.button("Remove all filters", on_click=_clear)


def _values(name: str, title: str, values: Sequence[tuple[str, int]]) -> None:
    """A check box for each value; of many, those with the typed letters, and those chosen."""
    if len(values) < 2 and name not in current():
        return
    show(Html(f'<h2 class="quiet label">{escape(title)}</h2>'))
    chosen = _chosen(name)
    letters = ""
    if len(values) > _LISTED:
        letters = st.text_input(
            f"Find: {title.lower()}",
            key=_key(f"find-{name}"),
            label_visibility="collapsed",
            placeholder=f"find among {len(values):,}",
        )
    fit = [
        (value, count)
        for value, count in values
        if value in chosen or letters.casefold() in type_in_words(value).casefold()
    ]
    first = sorted(fit, key=lambda pair: pair[0] not in chosen)[: max(_LISTED, len(chosen))]
    with st.container(gap=None, key=f"boxes-{name}"):
        for value, count in first:
            _box(name, value, f"{label(type_in_words(value))} ({count:,})")
    if len(fit) > len(first):
        show(Html(f'<p class="quiet">and {len(fit) - len(first):,} more</p>'))


def _documents(contents: Catalogue) -> None:
    """Check boxes for the documents whose titles hold the typed words, and for those chosen."""
    show(Html('<h2 class="quiet label">Documents</h2>'))
    chosen = _chosen("document")
    words = st.text_input(
        "Find: documents",
        key=_key("find-document"),
        label_visibility="collapsed",
        placeholder="words of a title",
    )
    wanted = words.casefold().split()
    fit = [
        entry
        for entry in contents.entries
        if entry.doc_id in chosen
        or (wanted and all(word in entry.title.casefold() for word in wanted))
    ]
    with st.container(gap=None, key="boxes-document"):
        for entry in fit[: _LISTED + len(chosen)]:
            _box("document", entry.doc_id, label(entry.title))
    if len(fit) > _LISTED + len(chosen):
        show(Html(f'<p class="quiet">and {len(fit) - _LISTED - len(chosen):,} more</p>'))


def _box(name: str, value: str, words: str) -> None:
    key = _key(f"{name}-{value}")
    st.checkbox(
        words,
        value=value in _chosen(name),
        key=key,
        on_change=_choose,
        args=(name, value, key),
    )


def _chosen(name: str) -> list[str]:
    values = current().get(name, [])
    return [values] if isinstance(values, str) else list(values)


def _choose(name: str, value: str, key: str) -> None:
    others = [one for one in _chosen(name) if one != value]
    values = [*others, value] if st.session_state[key] else others
    if values:
        current()[name] = values
    else:
        current().pop(name, None)


def _date(name: str, title: str, example: str) -> None:
    """A date as text: it applies at Enter, and no calendar covers the other fields."""
    key = _key(name)
    typed = st.text_input(
        title,
        value=current().get(name, ""),
        key=key,
        placeholder=example,
        help="2019, 2019-06 or 2019-06-30",
        on_change=_set_date,
        args=(name, key),
    )
    if typed and day_range(typed) is None:
        show(Html(f'<p class="quiet" role="alert">{escape(typed)} is not a date.</p>'))


def _set_date(name: str, key: str) -> None:
    typed = st.session_state[key].strip()
    if day_range(typed) is not None:
        current()[name] = typed
    else:
        current().pop(name, None)
