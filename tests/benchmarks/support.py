"""Does a quote support a sentence? Compares the rule in use with the packaged models.

python tests/benchmarks/support.py [PAIRS.jsonl]

For each method it prints the share of passed sentences that are supported (precision) and the share
of supported sentences that pass (recall). A model uses the threshold with the best precision at a
recall of at least that of the rule.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.answer.facts import unfounded
from rag.answer.support import supports
from rag.models.cross_encoder import load_reranker
from rag.models.embedder import load_embedder

PAIRS = Path(__file__).with_name("data") / "support.jsonl"


def main() -> int:
    """Score every pair with every method; return 1 if the rule passes an unsupported sentence."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    true = np.array([pair["supported"] for pair in pairs])
    founded = np.array([not unfounded(pair["claim"], [pair["quote"]]) for pair in pairs])
    rule = np.array([supports([pair["quote"]], pair["claim"]) for pair in pairs]) & founded
    reranker, embedder = load_reranker(), load_embedder("all-MiniLM-L6-v2")
    claims = embedder.embed_passages([pair["claim"] for pair in pairs])
    quotes = embedder.embed_passages([pair["quote"] for pair in pairs])
    read = np.array([reranker.read(pair["claim"], [pair["quote"]]).relevance[0] for pair in pairs])
    least = rule[true].mean()
    print(f"{len(pairs)} pairs, {true.sum()} supported{'':10}precision  recall")
    _row("numbers, dates, names held", founded, true)
    _row("that, and cross-encoder", founded & _best(read, founded, true, least), true)
    cosine = (claims * quotes).sum(axis=1)
    _row("that, and embedder's cosine", founded & _best(cosine, founded, true, least), true)
    _row("the rule: a shortened quote", rule, true)
    held_out = np.array([pair.get("held_out", False) for pair in pairs])
    if held_out.any():
        _row("  on pairs written after it", rule & held_out, true, held_out)
    caught = Counter(pair["kind"] for pair, ok in zip(pairs, rule, strict=True) if not ok)
    kinds = Counter(pair["kind"] for pair in pairs)
    print("refused:", ", ".join(f"{kind} {caught[kind]}/{n}" for kind, n in kinds.items()))
    return int((rule & ~true).any())


def _best(
    score: NDArray[np.float32], founded: NDArray[np.bool_], true: NDArray[np.bool_], least: float
) -> NDArray[np.bool_]:
    """The score above the threshold of the best precision with at least this recall."""
    passed = [score >= threshold for threshold in np.unique(score)]
    enough = [ok for ok in passed if (ok & founded)[true].mean() >= least]
    return max(enough, key=lambda ok: float(true[ok & founded].mean()))


def _row(
    name: str,
    passed: NDArray[np.bool_],
    true: NDArray[np.bool_],
    among: NDArray[np.bool_] | None = None,
) -> None:
    wanted = true if among is None else true & among
    print(f"{name:34} {true[passed].mean():8.2f} {passed[wanted].mean():8.2f}")


if __name__ == "__main__":
    sys.exit(main())
