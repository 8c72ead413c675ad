"""Makes cross_encoder.safetensors: fine-tunes the reranker on marked sentences.

    python tests/benchmarks/train_cross_encoder.py --index DIR [--device cuda] [--sample N]
    python tests/benchmarks/train_cross_encoder.py --index DIR --go-on [--rate SHARE] [--sample N]

``data/taught.jsonl.gz`` has questions over documents of the corpus. Each has sentences that the
system read for it, with the mark of a person: 2 if the sentence contains the answer or a part of
it; 1 if it states facts about the same party and matter that a careful reader needs to judge the
answer; 0 otherwise. Its documents are in no other set of questions. Statements of the accused are
rare in the corpus, so ``data/taught_statements.jsonl`` adds invented statements with questions and
marks.

``data/taught_long.jsonl.gz`` has questions over long documents of many authorities. Its rows hold
the texts themselves: a sentence alone, the sentence in its place, and passages, with marks.

``--go-on`` starts from that adapter, with one pass at a share of the learning rate over the long
documents and a sample of the rest. It writes cross_encoder_long.safetensors, the adapter of the
reranker for long documents, and its state beside ``--out`` every few minutes: a second run goes on
from there.

Each matrix of the encoder gets two narrow matrices (LoRA, rank 16). The pooling layer and the last
layer are trained completely. Inputs are a sentence alone, a sentence in its place (the text before
it, then "»"), and a passage with the mark of its best sentence. The last layer has three outputs:
the relevance, kept close to its earlier value; whether the text answers; whether it bears on the
question.

Three epochs take three minutes on a GPU and a day on two cores (``--sample`` draws N questions).
The file in the repository was made in three steps:

1. Three epochs over 3,596 of the questions, on a GPU.
2. One epoch at 0.3 of the learning rate, over 3,868 sentences of the other 378 questions, which
   describe a case without its name, and 1,520 sentences of the first questions.
3. One epoch at 0.25 of the learning rate, over 2,072 sentences of the statements and 1,655 of both
   groups of questions.

Then run calibrate_ranges.py, calibrate_relevance.py and calibrate_answers.py: they depend on it.
"""

import argparse
import gzip
import json
import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from tokenizers import Encoding, Tokenizer
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from rag import Index
from rag.api import ANSWER_PASSAGES
from rag.models.bert import read_weights
from rag.models.cross_encoder import ADAPTER, LONG_ADAPTER, weights_folder
from rag.models.reranker_input import reading, reading_in_place
from rag.question.understanding import understand

_DATA = Path(__file__).with_name("data")
TAUGHT, STATEMENTS = _DATA / "taught.jsonl.gz", _DATA / "taught_statements.jsonl"
LONG = _DATA / "taught_long.jsonl.gz"
_RANK, _SCALE = 16, 2.0
_PASSES, _RATE, _BATCH_TOKENS = 3, 1e-3, 24576
_AT_ONCE = 6144
"""Tokens of a batch that are read at once; on a processor more of them is slower."""
_MOST_TOKENS = 384
_GO_ON_RATE = 0.25
_SAVED_EVERY = 240.0
"""Seconds between two writings of the state of the training."""
_HELD_ON = 0.03
"""Weight of the earlier output of the last layer, beside the weight of the marks."""
_SURE = 0.02
"""Label smoothing: targets are 0.02 and 0.98, because some marks are wrong."""
_SEED = 1


class Pair(NamedTuple):
    """A question and a text, with its mark (None if unknown) and the weight of the mark."""

    question: str
    text: str
    mark: int | None
    weight: float


def main() -> None:
    """Read the marks, train, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--sample", type=int, default=None)
    parser.add_argument("--go-on", action="store_true", help="start from the adapter as it is")
    parser.add_argument("--rate", type=float, default=None, help="share of the learning rate")
    parser.add_argument("--passes", type=int, default=None)
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    out = options.out or (LONG_ADAPTER if options.go_on else ADAPTER)
    rate = options.rate or (_GO_ON_RATE if options.go_on else 1.0)
    passes = options.passes or (1 if options.go_on else _PASSES)
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
    long = gzip.decompress(LONG.read_bytes()).decode().splitlines()
    pairs += [pair for line in long for pair in _of_long(json.loads(line))]
    print(f"{len(rows) + len(long):,} questions, {len(pairs):,} pairs", flush=True)
    folder = weights_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    texts = tokenizer.encode_batch([(pair.question, pair.text) for pair in pairs])
    reader = Reader(folder).to(options.device)
    if options.go_on:
        reader.take_up(load_file(ADAPTER))
    before = _read(reader, texts, options.device)
    _learn(
        reader,
        pairs,
        texts,
        before,
        chance,
        options.device,
        rate * _RATE,
        passes,
        out.with_suffix(".state"),
    )
    save_file(reader.adapter(), out)
    print(f"wrote {out}")


def _of_long(row: Mapping[str, Any]) -> Iterator[Pair]:
    """The marked sentences of a question, alone and in their places, and its marked passages."""
    for alone, placed, mark in row["sentences"]:
        yield Pair(row["context"], alone, mark, 1.0)
        yield Pair(row["context"], placed, mark, 1.0)
    for passage, mark in row["passages"]:
        yield Pair(row["context"], passage, mark, 0.5)


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
        # The passage has none of the first sentences, so most likely it does not answer.
        unmarked = 0 if hit.rank > 4 else None
        yield Pair(question, text, max(inside, default=unmarked), 0.5 if inside else 0.2)


def _said(statement: Mapping[str, Any]) -> Iterator[Pair]:
    """Every sentence of a statement with each of its questions, in the text of `reading`."""
    head = f"{statement['title']}. {statement['speaker']}: "
    for row in statement["questions"]:
        question = understand(row["question"], row["history"]).context
        for sentence, mark in zip(statement["sentences"], row["marks"], strict=True):
            yield Pair(question, head + sentence, mark, 1.0)


class _Added(nn.Module):
    """A linear layer with two narrow matrices beside its own matrix, which is not trained."""

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
    """The reranker with the added matrices; it has two additional output logits."""

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
                # On a processor the fused attention is two to four times slower in bfloat16.
                attn_implementation="eager",
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
        # Logits of relevance are about three times as large as logits of an answer.
        shares = torch.tensor([[1.0], [0.35], [0.35]])
        self.classifier.weight.data = shares * classifier["weight"]
        self.classifier.bias.data = shares[:, 0] * classifier["bias"]

    def forward(self, ids: torch.Tensor, kinds: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        found = self.bert(input_ids=ids, token_type_ids=kinds, attention_mask=mask)
        return self.classifier(found.pooler_output)

    def take_up(self, learnt: Mapping[str, np.ndarray]) -> None:
        """Start from an adapter that `adapter` gave."""
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if not parameter.requires_grad:
                    continue
                plain = name.removeprefix("bert.")
                share = 1.0
                if plain.endswith((".up", ".down")):
                    module, _, side = plain.rpartition(".")
                    plain = f"{module}.weight.{side}"
                    share = 1 / _SCALE if side == "up" else 1.0
                parameter.copy_(torch.tensor(learnt[plain].astype(np.float32)) * share)

    def adapter(self) -> dict[str, np.ndarray]:
        """The matrices that `rag.models.bert.adapted` adds to the packaged weights, in float16."""
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
    rate: float,
    passes: int,
    state: Path,
) -> None:
    learnt = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=rate, weight_decay=0.01)
    rounds = [_batches(texts, chance) for _ in range(passes)]
    steps = sum(map(len, rounds))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, total_steps=steps + 1, pct_start=0.1
    )
    known = torch.tensor([pair.mark is not None for pair in pairs])
    mark = torch.tensor([pair.mark or 0 for pair in pairs])
    weight = torch.tensor([pair.weight for pair in pairs]) * known
    target = torch.stack([mark == 2, mark >= 1], 1) * (1 - 2 * _SURE) + _SURE
    reader.train()
    done, saved = 0, time.monotonic()
    if state.exists():
        kept = torch.load(state, weights_only=True)
        reader.load_state_dict(kept["reader"], strict=False)
        optimizer.load_state_dict(kept["optimizer"])
        schedule.load_state_dict(kept["schedule"])
        done = kept["done"]
    for number, batch in enumerate((batch for found in rounds for batch in found), start=1):
        if number <= done:
            continue
        optimizer.zero_grad()
        taught = 0.0
        shares = weight[batch].sum().clamp(min=1).to(device)
        for part in _parts(texts, batch):
            with torch.autocast(device, torch.bfloat16):
                logits = reader(*_padded(texts, part, device)).float()
            share = weight[part].to(device)
            loss = functional.binary_cross_entropy_with_logits(
                logits[:, 1:], target[part].to(device), reduction="none"
            )
            of_marks = (loss.sum(1) * share).sum() / shares
            held = functional.mse_loss(logits[:, 0], before[part].to(device), reduction="sum")
            (of_marks + _HELD_ON * held / len(batch)).backward()
            taught += float(of_marks.detach())
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        schedule.step()
        if number % 10 == 0:
            print(f"{number:,} of {steps:,} batches, loss {taught:.3f}", flush=True)
        if time.monotonic() - saved > _SAVED_EVERY:
            saved = time.monotonic()
            own = {
                name: parameter
                for name, parameter in reader.named_parameters()
                if parameter.requires_grad
            }
            kept = {
                "reader": own,
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "done": number,
            }
            torch.save(kept, state.with_suffix(".new"))
            state.with_suffix(".new").replace(state)
    state.unlink(missing_ok=True)


@torch.no_grad()
def _read(reader: Reader, texts: Sequence[Encoding], device: str) -> torch.Tensor:
    """The relevance of each text, of shape ``(texts,)``."""
    reader.eval()
    found = torch.zeros(len(texts))
    for batch in (part for one in _batches(texts, None) for part in _parts(texts, one)):
        with torch.autocast(device, torch.bfloat16):
            found[batch] = reader(*_padded(texts, batch, device))[:, 0].float().cpu()
    return found


def _batches(texts: Sequence[Encoding], chance: random.Random | None) -> list[list[int]]:
    """Batches of texts of similar length, in random order with ``chance``."""
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


def _parts(texts: Sequence[Encoding], batch: Sequence[int]) -> list[list[int]]:
    """The batch in parts of at most ``_AT_ONCE`` tokens, or of one text."""
    longest = max(len(texts[number].ids) for number in batch)
    size = max(1, _AT_ONCE // longest)
    return [list(batch[first : first + size]) for first in range(0, len(batch), size)]


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
