"""Batches of a text model: every text once, similar lengths together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.models.inference import _BATCH_TOKENS, _batches


def test_texts_of_similar_length_share_a_batch() -> None:
    # 512 tokens go twice into 1,024; those of 16 and of 8 tokens fit the rest together.
    lengths = np.array([8, 512, 8, 16, 8, 512, 8, 512])

    batches = [batch.tolist() for batch in _batches(lengths, 1024)]

    assert batches == [[1, 5], [7], [3, 0, 2, 4, 6]]


def test_a_text_with_too_much_padding_begins_another_batch() -> None:
    # Rounded up to sixteens: 80, 80, 64, 48; the last wants 32 tokens more to join.
    assert [batch.tolist() for batch in _batches(np.array([66, 80, 64, 48]), 1024)] == [
        [1, 0, 2],
        [3],
    ]


@given(st.lists(st.integers(min_value=2, max_value=512)))
def test_every_text_is_in_one_batch_of_bounded_size(lengths: list[int]) -> None:
    batches = _batches(np.array(lengths, dtype=np.int64), 1024)

    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[row] for row in batch)
        assert len(batch) * longest <= _BATCH_TOKENS
