"""Retrieval: the passages of a build that bear on a question, best first."""
