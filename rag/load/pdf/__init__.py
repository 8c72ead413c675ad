"""PDF: text in reading order, with page and place of every character."""

from rag.load.pdf.page_image import page_picture, quote_boxes
from rag.load.pdf.read import read_pdf

__all__ = ["page_picture", "quote_boxes", "read_pdf"]
