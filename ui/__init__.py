"""The page, made with Streamlit. It imports only the public names of ``rag``."""
