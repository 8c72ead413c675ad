"""The chat page: Streamlit over the public names of ``rag``, and nothing beneath them."""
