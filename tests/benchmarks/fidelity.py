"""Compares retrieval with the vectors of the fast runtime and with those of float32.

    python tests/benchmarks/fidelity.py CORPUS.jsonl.gz QUESTIONS.jsonl [--documents 1500]

The sample contains all gold documents of the questions. The first index is built as usual. The
second one has the float32 vectors of sentence-transformers, for passages and questions.
"""

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from rag import Index, Settings, build_index
from rag.evaluate import evaluate, figures_table, read_questions
from rag.index.builds import Builds
from rag.index.vector_cache import VectorCache, key_of
from rag.models.embedder import load_embedder
from rag.models.packaged import PACKAGED
from rag.text.split import embedded_texts

MODEL = "all-MiniLM-L6-v2"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ROWS = {"dense": ("dense",), "all but the reranker": None}


class Float32:
    """The packaged model, run by sentence-transformers in float32."""

    name = MODEL
    fingerprint = PACKAGED[MODEL].fingerprint
    dimension = PACKAGED[MODEL].dimension

    def __init__(self) -> None:
        self._model = SentenceTransformer(str(PACKAGED[MODEL].folder), device="cpu")

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``rag.models.embedder.Embedder``."""
        return np.asarray(self._model.encode(list(texts), normalize_embeddings=True))

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """See ``rag.models.embedder.Embedder``."""
        return self.embed_passages([text])[0]


def main() -> None:
    """Build and evaluate both indexes, print their figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, help="gzipped JSON lines with id and text")
    parser.add_argument("questions", type=Path, help="labelled questions, JSON lines")
    parser.add_argument("--documents", type=int, default=1500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_sample(options.corpus, options.questions, options.documents, folder / "documents")
        settings = {"seeds": folder / "documents", "model": MODEL, "rerank": False}
        plain = Settings(index=folder / "fast", **settings)
        build_index([plain.seeds, SEEDS], settings=plain)
        exact, float32 = Settings(index=folder / "float32", **settings), Float32()
        build = Builds(plain.index).open()
        of_documents = (
            embedded_texts(build.documents.passages(build.documents.rows_of(document)))
            for document in range(build.manifest.documents)
        )
        texts = {key_of(text): text for pairs in of_documents for pair in pairs for text in pair}
        kept = VectorCache(Builds(exact.index).cache, float32.fingerprint, float32.dimension)
        kept.put(list(texts), float32.embed_passages(list(texts.values())))
        build_index([exact.seeds, SEEDS], settings=exact)
        used = VectorCache(Builds(plain.index).cache, float32.fingerprint, float32.dimension)
        cosines = np.sum(kept.get(list(texts)) * used.get(list(texts)), axis=1)
        indexes = {
            "fast": Index(build, load_embedder(MODEL), plain),
            "float32": Index(Builds(exact.index).open(), float32, exact),
        }
        asked = read_questions([options.questions])
        rows = []
        for row, stages in ROWS.items():
            for kind, index in indexes.items():
                report = evaluate(index, asked, stages=stages)
                rows.append((f"{row}, {kind}", len(report.results), report.figures()))
    print(f"{len(texts):,} texts, cosine {cosines.min():.4f} at least, {cosines.mean():.4f} mean")
    print(figures_table(rows))


def _write_sample(corpus: Path, questions: Path, count: int, folder: Path) -> None:
    lines = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    right = {span["doc_id"] for line in lines for span in line.get("gold") or []}
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    others = [row["id"] for row in rows if row["id"] not in right]
    right.update(random.Random(1).sample(others, max(0, count - len(right))))
    folder.mkdir()
    with (folder / "sample.jsonl").open("w", encoding="utf-8") as file:
        chosen = (row for row in rows if row["id"] in right)
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in chosen)


if __name__ == "__main__":
    main()
