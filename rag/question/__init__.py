"""Questions: what is asked, understood once."""
