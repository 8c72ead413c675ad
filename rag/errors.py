"""The errors that a user can fix: one tree, each class with its exit code on the command line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


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


class ServerError(RagError):
    """The server of the index cannot be reached, or refuses what is asked of it."""

    exit_code = 69


class DamagedIndexError(RagError):
    """A file of the build is missing, truncated or altered."""

    exit_code = 6


class ModelMismatchError(RagError):
    """The settings name another embedding model than the index was built with."""

    exit_code = 7


class BusyError(RagError):
    """Another build is running in the index folder."""

    exit_code = 75


def reason_of(error: Exception) -> str:
    """What a disk or a database says, with the file at fault and what to do."""
    said = str(error)
    if isinstance(error, OSError) and error.strerror:
        said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return f"{said}. Check the disk, its free space and the permissions, then try again."


@contextmanager
def told_of_disk(what: object) -> Iterator[None]:
    """Within it, an error of the disk or of SQLite becomes a ``RagError`` that names ``what``.

    Raises
    ------
    RagError
        Chained to the error.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise RagError(f"{what} cannot be written: {reason_of(error)}") from error
