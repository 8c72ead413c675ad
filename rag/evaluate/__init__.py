"""Labelled questions in, measures of retrieval out."""

from rag.evaluate.questions import Question, Span, read_questions
from rag.evaluate.report import Report, compare, figures_table, read_report
from rag.evaluate.run import evaluate

__all__ = [
    "Question",
    "Report",
    "Span",
    "compare",
    "evaluate",
    "figures_table",
    "read_questions",
    "read_report",
]
