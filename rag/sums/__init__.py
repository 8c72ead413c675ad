"""Amounts of money, in one document and over many."""
