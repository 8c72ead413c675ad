"""Text: sentences, passages, words and what repeats."""
