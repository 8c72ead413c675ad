"""Models: embedders, the reranker, generators, and the runtimes that run them."""
