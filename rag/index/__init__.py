"""The index on disk: immutable builds, one of them live, and the caches they share."""
