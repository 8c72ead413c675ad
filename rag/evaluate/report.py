"""The report of an evaluation of retrieval: figures by kind, and a comparison of two reports."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

import ir_measures

from rag.errors import UsageError

BUDGETS = (1000, 4500, 9000)
"""Coverage is measured after each of these numbers of characters retrieved."""

# Standard measures over documents. A document is ranked where its first passage is.
_STANDARD = {"recall@10": ir_measures.R @ 10, "map@10": ir_measures.AP @ 10}
_HEADS = (
    *(f"cover@{budget}" for budget in BUDGETS),
    *("top1", "top5", "mrr", "wrong", *_STANDARD),
)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one question.

    Attributes
    ----------
    coverage
        For each budget of characters the share of gold spans covered, 0 to 1.
    place
        Place, from 1, of the first passage of a right document; None without one.
    wrong
        Share of the first 4,500 characters that come from other documents.
    seconds
        Time of the retrieval.
    right, documents
        Ids of the right documents, sorted; ids of the retrieved ones, best first.
    absent
        Gold documents or spans that the index does not contain. They count as not found.
    """

    qid: str
    kind: str
    question: str
    coverage: Mapping[int, float]
    place: int | None
    wrong: float
    seconds: float
    right: tuple[str, ...]
    documents: tuple[str, ...]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The results of one evaluation, with the commit, build and settings that were measured."""

    results: tuple[Result, ...]
    about: Mapping[str, Any]

    def figures(self, kind: str | None = None) -> dict[str, float]:
        """Means over the questions of a kind; None for all. Every question weighs the same."""
        results = [result for result in self.results if kind in (None, result.kind)]
        places = [result.place for result in results]
        figures = {
            **{f"cover@{b}": fmean(result.coverage[b] for result in results) for b in BUDGETS},
            "top1": fmean(place == 1 for place in places),
            "top5": fmean(place is not None and place <= 5 for place in places),
            "mrr": fmean(1 / place if place else 0.0 for place in places),
            "wrong": fmean(result.wrong for result in results),
        }
        return figures | _standard(results)

    def seconds(self) -> dict[str, float]:
        """Median and 95th percentile of the time of one question, without the first question."""
        times = [result.seconds for result in self.results[1:] or self.results]
        if len(times) == 1:
            return {"median": times[0], "p95": times[0]}
        percentiles = quantiles(times, n=100, method="inclusive")
        return {"median": percentiles[49], "p95": percentiles[94]}

    def table(self) -> str:
        """Plain text: a row for each kind, a row for all, the time, and the absent gold spans."""
        kinds = sorted({result.kind for result in self.results})
        rows = [(kind, self._count(kind), self.figures(kind)) for kind in kinds]
        rows.append(("all", len(self.results), self.figures()))
        time = self.seconds()
        lines = [
            figures_table(rows),
            f"one question: {time['median'] * 1000:.0f} ms at the median, "
            f"{time['p95'] * 1000:.0f} ms at the 95th percentile",
        ]
        absent = [
            f"{result.qid}: {', '.join(result.absent)}" for result in self.results if result.absent
        ]
        if absent:
            lines.append(f"not in the index, counted as not found ({len(absent)} questions):")
            lines.extend(f"  {line}" for line in absent[:20])
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; read it with :func:`read_report`."""
        kinds = sorted({result.kind for result in self.results})
        return {
            "about": dict(self.about),
            "questions": len(self.results),
            "all": self.figures(),
            "kinds": {
                kind: {"questions": self._count(kind)} | self.figures(kind) for kind in kinds
            },
            "seconds": self.seconds(),
            "results": [asdict(result) for result in self.results],
        }

    def _count(self, kind: str) -> int:
        return sum(result.kind == kind for result in self.results)


def figures_table(rows: Sequence[tuple[str, int, Mapping[str, float]]]) -> str:
    """Plain text: a row for each (name, number of questions, figures)."""
    width = max(len("kind"), *(len(name) for name, _, _ in rows))
    head = f"{'':{width}} {'n':>5} " + " ".join(f"{name:>10}" for name in _HEADS)
    lines = [
        f"{name:{width}} {count:>5} " + " ".join(f"{figures[key]:>10.3f}" for key in _HEADS)
        for name, count, figures in rows
    ]
    return "\n".join([head, *lines])


def read_report(path: Path | str) -> Report:
    """The report in a file that ``rag eval --out`` wrote.

    Raises
    ------
    UsageError
        If the file cannot be read or contains no report.
    """
    try:
        raw = json.loads(Path(path).read_text(encoding="utf-8"))
        results = tuple(
            Result(
                **row
                | {"coverage": {int(budget): share for budget, share in row["coverage"].items()}}
                | {key: tuple(row[key]) for key in ("right", "documents", "absent")}
            )
            for row in raw["results"]
        )
        return Report(results, raw["about"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{path}: not a report ({error}). Write one with: rag eval QUESTIONS --out FILE"
        ) from error


def compare(before: Report, after: Report, *, budget: int = 4500) -> str:
    """Plain text: the figures of both reports, then every question won or lost.

    Only questions in both reports count. A question is won if ``after`` covers more of its gold
    spans with the first ``budget`` characters. At equal coverage it is won if only ``after`` has a
    right document among the first five passages.
    """
    then = {result.qid: result for result in before.results}
    both = [(then[result.qid], result) for result in after.results if result.qid in then]
    if not both:
        return "no question is in both reports"
    old = Report(tuple(pair[0] for pair in both), before.about)
    new = Report(tuple(pair[1] for pair in both), after.about)
    lines = [
        figures_table([("before", len(both), old.figures()), ("after", len(both), new.figures())])
    ]
    for name, sign in (("won", 1), ("lost", -1)):
        changed = [
            (was, now)
            for was, now in both
            if sign * _compared(now, budget) > sign * _compared(was, budget)
        ]
        lines.append(f"{name}: {len(changed)}")
        lines.extend(
            f"  {now.qid} ({now.kind}) cover@{budget} {was.coverage[budget]:.2f} to "
            f"{now.coverage[budget]:.2f}, first right passage {was.place or '-'} to "
            f"{now.place or '-'}: {now.question}"
            for was, now in changed
        )
    return "\n".join(lines)


def _compared(result: Result, budget: int) -> float:
    in_five = result.place is not None and result.place <= 5
    return result.coverage[budget] + (0.001 if in_five else 0.0)


def _standard(results: Sequence[Result]) -> dict[str, float]:
    relevant = {str(n): dict.fromkeys(result.right, 1) for n, result in enumerate(results)}
    run = {
        str(n): {doc_id: -float(place) for place, doc_id in enumerate(result.documents)}
        for n, result in enumerate(results)
    }
    found = ir_measures.calc_aggregate(_STANDARD.values(), relevant, run)
    return {name: float(found[measure]) for name, measure in _STANDARD.items()}
