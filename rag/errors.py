"""The errors a person can mend: one tree, each with the exit code the command line gives it."""


class RagError(Exception):
    """What happened, the value at fault, and what to do next, in one message."""

    exit_code = 1


class UsageError(RagError, ValueError):
    """A question, option or setting that cannot be used as given."""

    exit_code = 2


class LoadError(RagError):
    """A file that cannot be read as a document; it is skipped with this reason."""


class MissingModelError(RagError):
    """The package with the weights of a model is not installed."""


class GeneratorError(RagError):
    """The language model gave no reply that can be used; the quotes answer without it."""


class NoIndexError(RagError):
    """There is no build to open."""

    exit_code = 5


class DamagedIndexError(RagError):
    """A file of the build is missing, truncated or altered."""

    exit_code = 6


class ModelMismatchError(RagError):
    """The index was built with another embedding model than the settings name."""

    exit_code = 7


class BusyError(RagError):
    """Another build holds the index folder."""

    exit_code = 75
