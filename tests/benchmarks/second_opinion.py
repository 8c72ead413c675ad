"""A taught second opinion on sentences that no rule decides: is it found, or only stated?

python tests/benchmarks/second_opinion.py INDEXES

INDEXES is a folder with one index for each collection, as for ``statements.py``. Where a rule
reaches its default, a logistic layer over a sentence in its place ("authority, type, heading »
sentence") says how likely a reader marks it as found. The embedding is that of the packaged model,
or words and pairs of words are counted. It is taught on the marks that may be looked at, and judged
twice: on documents left out of teaching in turn, and on the part ``held``. A row tells, for each
likelihood from which the opinion is taken, how many sentences it turns to found, how many of these
are right by any label, and how many are graver than every label.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from rag.config import load_settings
from rag.models.embedder import load_embedder
from tests.benchmarks.statements import DECIDED, Judged, documents_of, of_dev, of_marks

_FOLDS = 5
_TAKEN_FROM = (0.5, 0.7, 0.8, 0.9)


def main() -> None:
    """Teach and judge both kinds of opinion."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("indexes", type=Path)
    documents = dict(documents_of(parser.parse_args().indexes))
    marks = [one for one in of_marks(documents) if _undecided(one)]
    looked = [one for one in marks if one.row["part"] == "look"]
    looked += [one for one in of_dev(documents) if _undecided(one)]
    held = [one for one in marks if one.row["part"] == "held"]
    embedder = load_embedder(load_settings().model)
    embedded = FunctionTransformer(lambda texts: np.stack(list(embedder.embed_passages(texts))))
    counted = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    for name, features in (("embedded", embedded), ("words", counted)):
        model = make_pipeline(
            features, LogisticRegression(C=10, class_weight="balanced", max_iter=2000)
        )
        texts, found = [_in_place(one) for one in looked], [_is_found(one) for one in looked]
        groups = [one.row["doc_id"] for one in looked]
        left_out = cross_val_predict(
            model, texts, found, groups=groups, cv=GroupKFold(_FOLDS), method="predict_proba"
        )[:, 1]
        _print(f"{name}, left out", looked, left_out)
        model.fit(texts, found)
        _print(f"{name}, held", held, model.predict_proba([_in_place(one) for one in held])[:, 1])


def _undecided(one: Judged) -> bool:
    rule = one.found.rule
    return one.found.status == "stated" and (rule.startswith("place") or "own words" in rule)


def _is_found(one: Judged) -> bool:
    return one.row["status"] == "found"


def _in_place(one: Judged) -> str:
    row = one.row
    heading = (row.get("headings") or [row.get("heading") or ""])[-1]
    agency, kind = row.get("agency") or "", row.get("type") or ""
    known = [*([agency] if isinstance(agency, str) else agency)]
    known += [kind] if isinstance(kind, str) else kind
    return f"{', '.join(filter(None, [*known, heading]))} » {' '.join(row['sentence'].split())}"


def _print(name: str, judged: list[Judged], likely: Any) -> None:
    right = sum(one.any_status for one in judged)
    print(f"{name}: {len(judged)} sentences, {right} right as stated")
    for least in _TAKEN_FROM:
        turned = [one for one, p in zip(judged, likely, strict=True) if p >= least]
        labels = [{one.row["status"], *one.row.get("also_status", ())} for one in turned]
        now = sum("found" in one for one in labels)
        graver = sum(one.isdisjoint(DECIDED) for one in labels)
        change = now - sum("stated" in one for one in labels)
        print(f"  from {least}: {len(turned)} turned, {now} right, {graver} graver, {change:+}")


if __name__ == "__main__":
    main()
