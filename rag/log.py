"""The log: JSON lines in a file of this machine, without text of questions or documents."""

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from rag.config import Settings
from rag.errors import UsageError

P = ParamSpec("P")
T = TypeVar("T")

_logger = logging.getLogger("rag")
_logger.propagate = False
_logger.addHandler(logging.NullHandler())


class JsonLine(logging.Formatter):
    """A record as one JSON object on one line.

    Parameters
    ----------
    texts
        Whether to write texts of questions and documents, and messages of errors, which may hold
        them.
    """

    def __init__(self, *, texts: bool) -> None:
        super().__init__()
        self.texts = texts

    def format(self, record: logging.LogRecord) -> str:
        """Time, level and event, then the fields of the event."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": moment, "level": record.levelname.lower(), "event": record.getMessage()}
        line |= getattr(record, "fields", {})
        if self.texts:
            line |= getattr(record, "texts", {})
        return json.dumps(line, ensure_ascii=True, default=str)


def log_to(settings: Settings) -> None:
    """Log to the file that the settings name; without one, only failures, on stderr.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    wanted = str(Path(settings.log).resolve()) if settings.log else ""
    for handler in list(_logger.handlers):
        named = getattr(handler, "baseFilename", "")
        formatter = handler.formatter
        if named and named == wanted and getattr(formatter, "texts", None) == settings.log_texts:
            return
        _logger.removeHandler(handler)
        handler.close()
    try:
        made = logging.FileHandler(wanted) if wanted else logging.StreamHandler(sys.stderr)
    except OSError as error:
        raise UsageError(f"log = {wanted}: cannot be written ({error.strerror}).") from error
    made.setFormatter(JsonLine(texts=settings.log_texts))
    made.setLevel(logging.INFO if wanted else logging.ERROR)
    _logger.addHandler(made)
    _logger.setLevel(logging.INFO)


def note(event: str, *, texts: Mapping[str, Any] | None = None, **fields: Any) -> None:
    """Log an event. ``fields`` are numbers, kinds and names of builds; ``texts`` is all else."""
    _logger.info(event, extra={"fields": fields, "texts": dict(texts or {})})


def log_failure(event: str, error: BaseException) -> None:
    """Log an error that nobody expected: its kind and where it was raised.

    Its message may hold text of a document: it is logged only where texts are.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    _logger.error(
        event,
        extra={
            "fields": {"error": type(error).__name__, "where": where},
            "texts": {"message": str(error)},
        },
    )


def timed(
    event: str, fields: Callable[[Any], dict[str, Any]]
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Log each call of a function, with its seconds and ``fields`` of its result.

    A call that raises is logged with the kind of the error. The first text that is given is a text
    of the event, named ``question``.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def logged(*args: P.args, **options: P.kwargs) -> T:
            began = time.monotonic()
            question = next((one for one in args if isinstance(one, str)), "")
            texts = {"question": question}
            try:
                result = function(*args, **options)
            except Exception as error:
                seconds = round(time.monotonic() - began, 3)
                note(event, texts=texts, seconds=seconds, error=type(error).__name__)
                raise
            note(event, texts=texts, seconds=round(time.monotonic() - began, 3), **fields(result))
            return result

        return logged

    return decorate
