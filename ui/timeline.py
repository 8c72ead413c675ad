"""The documents of an answer in the order of their dates."""

from collections.abc import Mapping, Sequence
from typing import Any

from rag import date_in_words
from ui.render import Html, escape


def timeline(claims: Sequence[Mapping[str, Any]]) -> Html | None:
    """The dated documents with the numbers of their claims; None with fewer than two dates."""
    dated: dict[tuple[str, str], list[str]] = {}
    for number, claim in enumerate(claims, start=1):
        for citation in claim["citations"]:
            document = citation["document"]
            date = str(document["metadata"].get("date") or "")
            numbers = dated.setdefault((date, document["title"]), [])
            if date and str(number) not in numbers:
                numbers.append(str(number))
    known = sorted(item for item in dated.items() if item[0][0])
    if len({date for (date, _), _ in known}) < 2:
        return None
    rows = "".join(
        f"<li><time>{escape(date_in_words(date))}</time> <span>{escape(title)} "
        f'<span class="quiet">{escape(", ".join(numbers))}</span></span></li>'
        for (date, title), numbers in known
    )
    return Html(f'<ol class="timeline" aria-label="Documents by date">{rows}</ol>')
