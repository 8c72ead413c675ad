"""Labelled questions in, measures of retrieval out."""

from rag.evaluate.questions import Question, Span, read_questions
from rag.evaluate.report import Report, compare
from rag.evaluate.run import evaluate

__all__ = ["Question", "Report", "Span", "compare", "evaluate", "read_questions"]
