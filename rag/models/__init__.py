"""Models: what embeds, what reranks, what words an answer, and what runs them."""
