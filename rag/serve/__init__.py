"""The HTTP server: questions, passages and documents for other programs."""
