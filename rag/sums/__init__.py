"""Sums of money over many documents."""
