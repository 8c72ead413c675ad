"""Questions: the parsed question, its filters, and the patterns that parse it."""
