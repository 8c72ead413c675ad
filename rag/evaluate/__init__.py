"""Evaluation of retrieval and of answers on labelled questions."""

from rag.evaluate.answers import AnswerReport, evaluate_answers
from rag.evaluate.questions import LabelledQuestion, Span, read_questions
from rag.evaluate.report import Report, compare, figures_table, read_report
from rag.evaluate.run import evaluate

__all__ = [
    "AnswerReport",
    "LabelledQuestion",
    "Report",
    "Span",
    "compare",
    "evaluate",
    "evaluate_answers",
    "figures_table",
    "read_questions",
    "read_report",
]
