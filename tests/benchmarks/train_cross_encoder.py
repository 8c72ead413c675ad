"""Makes cross_encoder.safetensors anew: what the reranker learnt from marked sentences.

    python tests/benchmarks/train_cross_encoder.py --index DIR [--device cuda] [--sample N]

``data/taught.jsonl.gz`` has questions over documents of the corpus, each with sentences that the
system read for it and a reader's mark: 2 for one that holds the answer or a part of it, 1 for one
that states of the same party in the same matter what a careful reader needs to judge the answer,
0 for any other. No document behind another set of questions is among theirs. What the accused say
for themselves is hardly in the corpus; ``data/taught_statements.jsonl`` has statements made up for
this, with questions and marks.

To every matrix of the encoder two narrow ones are added (LoRA, rank 16), the layer that pools and
the last one are learnt whole: from a sentence alone, from a sentence in its place (what stands
before it, then "»"), and from passages, marked as the best of their sentences. The last layer puts
out how relevant a text is, held to what it was before, whether it answers, and whether it bears.

Three passes take three minutes on an accelerator and a day on two cores (``--sample`` takes so many
questions at random). The file in the repository was made in steps: three passes over 3,596 of the
questions on an accelerator; one, at .3 of the rate, over 3,868 sentences for the other 378, which
describe a case without naming it, and 1,520 of the first; one, at .25, over 2,072 sentences of the
statements and 1,655 of both. Afterwards run calibrate_ranges.py, calibrate_relevance.py and
calibrate_answers.py: they rest on it.
"""

import argparse
import gzip
import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors.numpy import save_file
from tokenizers import Encoding, Tokenizer
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from rag import Index
from rag.api import ANSWER_PASSAGES
from rag.models.bert import read_weights
from rag.models.cross_encoder import ADAPTER, weights_folder
from rag.models.reranker_input import reading, reading_in_place
from rag.question.understanding import understand

_DATA = Path(__file__).with_name("data")
TAUGHT, STATEMENTS = _DATA / "taught.jsonl.gz", _DATA / "taught_statements.jsonl"
_RANK, _SCALE = 16, 2.0
_PASSES, _RATE, _BATCH_TOKENS = 3, 1e-3, 24576
_MOST_TOKENS = 384
_HELD_ON = 0.03
"""Weight of what the last layer put out before, beside what it is taught."""
_SURE = 0.02
"""Marks are not believed beyond this."""
_SEED = 1


class Pair(NamedTuple):
    """A question and a text with its mark (None: not known) and what the mark weighs."""

    question: str
    text: str
    mark: int | None
    weight: float


def main() -> None:
    """Read the marks, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--sample", type=int, default=None)
    parser.add_argument("--out", type=Path, default=ADAPTER)
    options = parser.parse_args()
    torch.manual_seed(_SEED)
    chance = random.Random(_SEED)
    rows = list(map(json.loads, gzip.decompress(TAUGHT.read_bytes()).decode().splitlines()))
    if options.sample is not None:
        rows = chance.sample(rows, min(options.sample, len(rows)))
    index = Index.open(options.index)
    pairs = [pair for row in rows for pair in _pairs(index, row)]
    pairs += [
        pair for line in STATEMENTS.open(encoding="utf-8") for pair in _said(json.loads(line))
    ]
    print(f"{len(rows):,} questions, {len(pairs):,} pairs", flush=True)
    folder = weights_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    texts = tokenizer.encode_batch([(pair.question, pair.text) for pair in pairs])
    reader = Reader(folder).to(options.device)
    before = _read(reader, texts, options.device)
    _learn(reader, pairs, texts, before, chance, options.device)
    save_file(reader.adapter(), options.out)
    print(f"wrote {options.out}")


def _pairs(index: Index, row: Mapping[str, Any]) -> Iterator[Pair]:
    question = understand(row["question"], row["history"]).context
    marks: dict[tuple[str, int], int] = {}
    for doc_id, start, end, mark in row["sentences"]:
        document = index.document(doc_id)
        marks[doc_id, start] = mark
        yield Pair(question, reading(document, start, end), mark, 1.0)
        yield Pair(question, reading_in_place(document, start, end), mark, 1.0)
    for hit in index.retrieve(question, ANSWER_PASSAGES):
        passage = hit.passage
        inside = [
            mark
            for (doc_id, start), mark in marks.items()
            if doc_id == passage.document.doc_id and passage.start <= start < passage.end
        ]
        text = reading(passage.document, passage.start, passage.end)
        # None of the first sentences is in it: it is none that answers, most likely.
        unmarked = 0 if hit.rank > 4 else None
        yield Pair(question, text, max(inside, default=unmarked), 0.5 if inside else 0.2)


def _said(statement: Mapping[str, Any]) -> Iterator[Pair]:
    """Every sentence of a statement with each of its questions, as `reading` has it."""
    head = f"{statement['title']}. {statement['speaker']}: "
    for row in statement["questions"]:
        question = understand(row["question"], row["history"]).context
        for sentence, mark in zip(statement["sentences"], row["marks"], strict=True):
            yield Pair(question, head + sentence, mark, 1.0)


class _Added(nn.Module):
    """A linear layer with two narrow matrices beside its own, which stays as it is."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        down = torch.randn(_RANK, linear.in_features) / math.sqrt(linear.in_features)
        self.down = nn.Parameter(down)
        self.up = nn.Parameter(torch.zeros(linear.out_features, _RANK))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        matrix = self.linear.weight + _SCALE * (self.up @ self.down)
        return functional.linear(tokens, matrix, self.linear.bias)


class Reader(nn.Module):
    """The reranker with what is added to it; puts out what it did, and two logits more."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        weights = {
            name: torch.tensor(np.array(array, np.float32))
            for name, array in read_weights(folder).items()
        }
        self.bert = BertModel(
            BertConfig(
                hidden_size=384,
                num_hidden_layers=12,
                num_attention_heads=12,
                intermediate_size=1536,
                attention_probs_dropout_prob=0.0,
            )
        )
        classifier = {name: weights.pop(f"classifier.{name}")[0] for name in ("weight", "bias")}
        self.bert.load_state_dict(weights, strict=False)
        self.bert.requires_grad_(False)
        self.bert.pooler.requires_grad_(True)
        for layer in self.bert.encoder.layer:
            for holder, name in (
                (layer.attention.self, "query"),
                (layer.attention.self, "key"),
                (layer.attention.self, "value"),
                (layer.attention.output, "dense"),
                (layer.intermediate, "dense"),
                (layer.output, "dense"),
            ):
                setattr(holder, name, _Added(getattr(holder, name)))
        self.classifier = nn.Linear(384, 3)
        # A logit of relevance is about three times one of an answer.
        shares = torch.tensor([[1.0], [0.35], [0.35]])
        self.classifier.weight.data = shares * classifier["weight"]
        self.classifier.bias.data = shares[:, 0] * classifier["bias"]

    def forward(self, ids: torch.Tensor, kinds: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        found = self.bert(input_ids=ids, token_type_ids=kinds, attention_mask=mask)
        return self.classifier(found.pooler_output)

    def adapter(self) -> dict[str, np.ndarray]:
        """What `rag.models.bert.adapted` adds to the packaged weights, in float16."""
        learnt = {}
        for name, parameter in self.named_parameters():
            if parameter.requires_grad:
                array = parameter.detach().float().cpu().numpy()
                plain = name.removeprefix("bert.")
                if plain.endswith((".up", ".down")):
                    module, _, side = plain.rpartition(".")
                    plain = f"{module}.weight.{side}"
                    array = array * (_SCALE if side == "up" else 1.0)
                learnt[plain] = array
        return {name: array.astype(np.float16) for name, array in learnt.items()}


def _learn(
    reader: Reader,
    pairs: Sequence[Pair],
    texts: Sequence[Encoding],
    before: torch.Tensor,
    chance: random.Random,
    device: str,
) -> None:
    learnt = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=_RATE, weight_decay=0.01)
    rounds = [_batches(texts, chance) for _ in range(_PASSES)]
    steps = sum(map(len, rounds))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _RATE, total_steps=steps + 1, pct_start=0.1
    )
    known = torch.tensor([pair.mark is not None for pair in pairs])
    mark = torch.tensor([pair.mark or 0 for pair in pairs])
    weight = torch.tensor([pair.weight for pair in pairs]) * known
    target = torch.stack([mark == 2, mark >= 1], 1) * (1 - 2 * _SURE) + _SURE
    reader.train()
    for number, batch in enumerate((batch for found in rounds for batch in found), start=1):
        with torch.autocast(device, torch.bfloat16):
            logits = reader(*_padded(texts, batch, device)).float()
        share = weight[batch].to(device)
        loss = functional.binary_cross_entropy_with_logits(
            logits[:, 1:], target[batch].to(device), reduction="none"
        )
        taught = (loss.sum(1) * share).sum() / share.sum().clamp(min=1)
        held = functional.mse_loss(logits[:, 0], before[batch].to(device))
        optimizer.zero_grad()
        (taught + _HELD_ON * held).backward()
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        schedule.step()
        if number % 50 == 0:
            print(f"{number:,} of {steps:,} batches, loss {float(taught):.3f}", flush=True)


@torch.no_grad()
def _read(reader: Reader, texts: Sequence[Encoding], device: str) -> torch.Tensor:
    """The relevance of each text, of shape ``(texts,)``."""
    reader.eval()
    found = torch.zeros(len(texts))
    for batch in _batches(texts, None):
        with torch.autocast(device, torch.bfloat16):
            found[batch] = reader(*_padded(texts, batch, device))[:, 0].float().cpu()
    return found


def _batches(texts: Sequence[Encoding], chance: random.Random | None) -> list[list[int]]:
    """Texts of like length together, in any order if there is ``chance``."""
    order = list(range(len(texts)))
    if chance is not None:
        chance.shuffle(order)
    batches: list[list[int]] = []
    for first in range(0, len(order), 4096):
        batch: list[int] = []
        for number in sorted(order[first : first + 4096], key=lambda i: len(texts[i].ids)):
            if (len(batch) + 1) * len(texts[number].ids) > _BATCH_TOKENS:
                batches.append(batch)
                batch = []
            batch.append(number)
        batches.append(batch)
    if chance is not None:
        chance.shuffle(batches)
    return batches


def _padded(
    texts: Sequence[Encoding], batch: Sequence[int], device: str
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    longest = max(len(texts[number].ids) for number in batch)
    ids, kinds, mask = torch.zeros(3, len(batch), longest, dtype=torch.long)
    for row, number in enumerate(batch):
        length = len(texts[number].ids)
        ids[row, :length] = torch.tensor(texts[number].ids)
        kinds[row, :length] = torch.tensor(texts[number].type_ids)
        mask[row, :length] = 1
    return ids.to(device), kinds.to(device), mask.to(device)


if __name__ == "__main__":
    main()
