"""The errors that a user can fix: one tree, each class with its exit code on the command line."""


class RagError(Exception):
    """Base class. The message says what happened, the value at fault, and what to do next."""

    exit_code = 1


class UsageError(RagError, ValueError):
    """A question, option or setting is not valid."""

    exit_code = 2


class LoadError(RagError):
    """A file cannot be read as a document; it is skipped, and the message is the reason."""


class MissingModelError(RagError):
    """The package with the weights of a model is not installed."""


class GeneratorError(RagError):
    """The language model gave no usable reply; the answer has quotes alone."""


class LateReplyError(GeneratorError):
    """The language model did not reply in time."""


class CutReplyError(GeneratorError):
    """The reply of the language model was cut off; its last line is not complete."""


class NoIndexError(RagError):
    """The index has no build."""

    exit_code = 5


class DamagedIndexError(RagError):
    """A file of the build is missing, truncated or altered."""

    exit_code = 6


class ModelMismatchError(RagError):
    """The settings name another embedding model than the index was built with."""

    exit_code = 7


class BusyError(RagError):
    """Another build is running in the index folder."""

    exit_code = 75
