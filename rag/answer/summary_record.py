"""The summary of a language model in a saved answer: its lines, and its check without the model."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rag.answer.checks import ruling
from rag.types import MARKS, STATUSES, Citation, Claim, Document

Find = Callable[[Mapping[str, Any]], Document | None]
"""Finds the document of a recorded citation; None if its source is missing."""


def summary_lines(record: Mapping[str, Any]) -> list[str]:
    """The lines that show the summary of an answer; empty without one. Withheld text is left out.

    Parameters
    ----------
    record
        An answer as `rag.Answer.to_dict` or a saved record gives it.
    """
    found = record.get("summary")
    if not found:
        return []
    where = f"{found['model']} on {found['host']}"
    lines = [f"In the words of a language model ({where}):"] * bool(found["sentences"])
    lines += [sentence_line(record, sentence) for sentence in found["sentences"]]
    claims = _claims(record)
    lines += [
        f"The summary leaves out: {who(claims[number - 1])} [{number}]."
        for number in found["omitted"]
        if 1 <= number <= len(claims)
    ]
    if found["reason"]:
        empty = "" if found["sentences"] else "No summary: "
        lines.append(_one_line(f"{empty}{found['reason']}"))
    if found["withheld"]:
        number = len(found["withheld"])
        lines.append(
            f"{number} {'sentence' if number == 1 else 'sentences'} of the language model withheld."
        )
    return lines


def sentence_line(record: Mapping[str, Any], sentence: Mapping[str, Any]) -> str:
    """A sentence with its markers, who says it with which standing, and its mark."""
    claims = _claims(record)
    text = _one_line(sentence["text"])
    shown = f"“{text}”" if sentence["mark"] == "quoted" else text
    markers = "".join(f"[{number}]" for number in sentence["cites"])
    cited = [claims[number - 1] for number in sentence["cites"] if 1 <= number <= len(claims)]
    standings = "; ".join(dict.fromkeys(map(who, cited)))
    return f"{shown} {markers} ({standings}; {MARKS[sentence['mark']].badge})"


def who(claim: Mapping[str, Any]) -> str:
    """The speaker and the standing of a claim: "SEC alleges"."""
    speaker = _one_line(claim["speaker"] or "the document")
    return STATUSES[claim["status"]].sentence.format(speaker=speaker)


def faults(record: Mapping[str, Any], find: Find) -> Iterator[str]:
    """What the checks that need no model say against the summary of a saved answer.

    The marks of sentences that a model was asked about rest on it: see `rests_on_model`.
    """
    found = record.get("summary")
    if not found:
        return
    claims = [_claim(claim, find) for claim in _claims(record)]
    asked = " ".join((*record["searched"]["queries"], record["question"]))
    for number, sentence in enumerate(found["sentences"], start=1):
        name = f"summary, sentence {number}"
        if not all(1 <= cite <= len(claims) for cite in sentence["cites"]):
            yield f"{name}: it cites a quote that the record does not have"
            continue
        cited = [claims[cite - 1] for cite in sentence["cites"]]
        mark, why = ruling(sentence["text"], cited, asked, support=lambda quotes, text: 1.0)
        if mark is None or (mark == "unchecked" and sentence["mark"] == "checked"):
            yield f"{name}: {why}"
        elif sentence["mark"] == "quoted" and mark != "quoted":
            yield f"{name}: it is no whole sentence of its quote"


def rests_on_model(record: Mapping[str, Any]) -> list[str]:
    """For each sentence of the summary that is no quotation, what its mark rests on, in words."""
    found = record.get("summary")
    lines = []
    for number, sentence in enumerate(found["sentences"] if found else (), start=1):
        if sentence["mark"] == "checked":
            lines.append(f"summary, sentence {number}: “checked” rests on a model, not run again")
        elif sentence["mark"] == "unchecked":
            lines.append(f"summary, sentence {number}: in a model's words, not checked")
    return lines


def _claims(record: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The claims that the summary can cite, in the order of their numbers."""
    return [*record["claims"], *record["summary"]["added"]]


def _claim(record: Mapping[str, Any], find: Find) -> Claim:
    citations = []
    for cited in record["citations"]:
        document = find(cited) or Document(
            cited["doc_id"], cited["title"], cited["quote"], cited["source"], cited["sha256"]
        )
        citations.append(Citation(document, cited["start"], cited["end"], cited["quote"]))
    return Claim(record["text"], tuple(citations), record["speaker"], record["status"])


def _one_line(text: str) -> str:
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())
