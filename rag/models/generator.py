"""Generators: a language model behind an OpenAI-compatible server, or in a local GGUF file."""

import codecs
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from rag.config import Settings
from rag.errors import CutReplyError, GeneratorError, LateReplyError, UsageError
from rag.models.http_stream import ConnectionFailedError, StatusError, post

_MOST_BYTES = 1_000_000
"""Longest reply that is read; a reply has a few thousand bytes."""
_MOST_TOKENS = 1000
"""Longest reply that is requested: some sentences, and the thinking before them."""
_MESSAGE = 200
"""Characters of a server's own message that are shown, at most."""
_HERE = re.compile(r"localhost|127(?:\.\d+){3}|::1|0\.0\.0\.0")
_REFUSABLE = re.compile(r"temperature|max_tokens|max_completion_tokens", re.IGNORECASE)
_TRIAL = "Reply with one word: ready"
_CANNOT_READ = "{url} replied with something other than a chat completion."


def _nothing() -> None:
    """Wait on."""


class Generator(Protocol):
    """A language model that writes a reply."""

    @property
    def model(self) -> str:
        """Its name, as in the settings."""
        ...

    @property
    def host(self) -> str:
        """The machine that it runs on."""
        ...

    def stream(
        self,
        instruction: str,
        material: str,
        *,
        seconds: float | None = None,
        waiting: Callable[[], None] = _nothing,
    ) -> Iterator[str]:
        """The pieces of the reply to ``instruction`` (system) and ``material`` (user), in order.

        Parameters
        ----------
        seconds
            Longest time of the whole reply, if it is shorter than that of the settings.
        waiting
            Called often while the model works. An exception that it raises ends the request.

        Raises
        ------
        LateReplyError
            If the reply is not complete in time.
        CutReplyError
            At the end, if the reply was cut off. What came before may be used.
        GeneratorError
            If there is no reply, or none that can be read.
        """
        ...


def load_generator(settings: Settings) -> Generator | None:
    """The language model that the settings name; None if they name neither server nor model.

    Raises
    ------
    UsageError
        If the settings name a server without a model, a file that does not exist, or a file that
        OpenVINO cannot run; or if the address of the server holds a user or a password.
    """
    url, model = settings.generator_url, settings.generator_model
    if not url and not model:
        return None
    if "@" in urlsplit(url).netloc:
        raise UsageError(
            "generator_url names a user or a password, and the address is shown and logged. "
            "Give the key in the environment: RAG_GENERATOR_KEY."
        )
    if url:
        if urlsplit(url).scheme not in ("http", "https") or not model:
            raise UsageError(
                f"generator_url = {url!r}, generator_model = {model!r}: name a server, such as "
                "http://127.0.0.1:11434/v1, and a model that it has."
            )
        key = settings.generator_key.get_secret_value()
        return Served(url, model, key=key, seconds=settings.generator_seconds)
    if not Path(model).is_file():
        raise UsageError(
            f"generator_model = {model!r}: no such file. Name a GGUF file, or the model of a "
            "server with generator_url."
        )
    return LocalModel(Path(model), seconds=settings.generator_seconds)


def tried(generator: Generator) -> str:
    """What came of one short request to the model, in words. No document or question is sent."""
    began = time.monotonic()
    try:
        reply = "".join(generator.stream(_TRIAL, "ready?"))
    except GeneratorError as error:
        return f"{generator.model}: {error}"
    took = time.monotonic() - began
    said = "replied" if reply.strip() else "replied without a text"
    return f"{generator.model} on {generator.host} {said} in {took:.1f} s"


def is_here(host: str) -> bool:
    """Whether ``host`` is this machine."""
    return _HERE.fullmatch(host) is not None


class Served:
    """A model behind an OpenAI-compatible server, such as Ollama, llama.cpp or vLLM."""

    def __init__(self, url: str, model: str, *, key: str = "", seconds: float) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._seconds = seconds
        self._plain = False  # whether the server has refused the first form of a request

    @property
    def model(self) -> str:
        """The name that the server knows it by."""
        return self._model

    @property
    def host(self) -> str:
        """The host in the address of the server."""
        try:
            return urlsplit(self._url).hostname or ""
        except ValueError:
            return self._url

    def stream(
        self,
        instruction: str,
        material: str,
        *,
        seconds: float | None = None,
        waiting: Callable[[], None] = _nothing,
    ) -> Iterator[str]:
        """See `Generator.stream`. The request asks for temperature 0.

        A server that refuses ``temperature`` or ``max_tokens`` is asked once more: without a
        temperature, and with ``max_completion_tokens``. All later requests have this form.
        """
        seconds = min(self._seconds, seconds or self._seconds)
        deadline = time.monotonic() + seconds
        messages = [
            {"role": "system", "content": instruction},
            {"role": "user", "content": material},
        ]
        while True:
            left = max(0.1, deadline - time.monotonic())
            plain = self._plain
            try:
                yield from self._pieces(self._request(messages, plain), left, seconds, waiting)
                return
            except StatusError as error:
                said = _own_message(error.body, self._key)
                if not plain and error.status in (400, 422) and _REFUSABLE.search(said):
                    self._plain = True
                    continue
                raise GeneratorError(
                    f"{self._url} replied with status {error.status}"
                    + (f": {said}" if said else ".")
                ) from error

    def _request(self, messages: list[dict[str, str]], plain: bool) -> dict[str, Any]:
        limits = (
            {"max_completion_tokens": _MOST_TOKENS}
            if plain
            else {"temperature": 0, "max_tokens": _MOST_TOKENS}
        )
        return {"model": self._model, "messages": messages, "stream": True, **limits}

    def _pieces(
        self,
        request: Mapping[str, Any],
        left: float,
        seconds: float,
        waiting: Callable[[], None],
    ) -> Iterator[str]:
        body = post(self._url, request, headers=self._headers, seconds=left, waiting=waiting)
        lines = _lines(body, self._url)
        ended = False
        whole: list[str] = []
        try:
            for line in lines:
                if line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                    if data == "[DONE]":
                        ended = True
                        break
                    text, finish = self._delta(data)
                    if text:
                        yield text
                    if finish == "length":
                        raise CutReplyError("the reply was cut off at its longest length.")
                    ended = ended or finish is not None
                elif not line.startswith(("event:", "id:", "retry:", ":")):
                    whole.append(line)
        except TimeoutError as error:
            raise LateReplyError(
                f"{self._url} did not reply within {seconds:g} seconds (setting generator_seconds)."
            ) from error
        except ConnectionFailedError as error:
            raise GeneratorError(f"{self._url} cannot be reached.") from error
        finally:
            body.close()  # type: ignore[attr-defined]
        if any(line.strip() for line in whole):  # a server that does not stream
            text, finish = self._delta("\n".join(whole))
            yield text
            if finish == "length":
                raise CutReplyError("the reply was cut off at its longest length.")
        elif not ended:
            raise CutReplyError("the reply broke off.")

    def _delta(self, data: str) -> tuple[str, str | None]:
        """The text of a part of the reply, and why the reply ends here, if it does."""
        try:
            record = json.loads(data)
            if isinstance(record, dict) and record.get("error"):
                said = _own_message(data.encode(), self._key)
                raise GeneratorError(f"{self._url} replied with an error: {said}")
            if not record["choices"] and "usage" in record:
                return "", None
            choice = record["choices"][0]
            part = choice.get("delta") or choice.get("message") or {}
            text, finish = part.get("content"), choice.get("finish_reason")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise GeneratorError(_CANNOT_READ.format(url=self._url)) from error
        if not isinstance(text, str | None) or not isinstance(finish, str | None):
            raise GeneratorError(_CANNOT_READ.format(url=self._url))
        return text or "", finish


class LocalModel:
    """A GGUF file run by OpenVINO in this process, one reply at a time."""

    def __init__(self, path: Path, *, seconds: float) -> None:
        self._path = path
        self._seconds = seconds
        self._busy = threading.Lock()
        import rag.models.runtime  # noqa: F401  before anything else imports OpenVINO

        try:
            import openvino_genai
        except ImportError as error:
            raise UsageError(
                f"generator_model = {str(path)!r}: openvino-genai, which runs such a file, is not "
                "installed. Install it with: pip install 'enforcement-rag[llm]'"
            ) from error
        self._library = openvino_genai
        try:
            self._pipeline = openvino_genai.LLMPipeline(str(path), "CPU")
        except RuntimeError as error:
            raise UsageError(
                f"generator_model = {str(path)!r}: OpenVINO cannot run it. It runs GGUF files of "
                "the Llama and Qwen families; another model can be served: set generator_url."
            ) from error

    @property
    def model(self) -> str:
        """The name of the file."""
        return self._path.name

    @property
    def host(self) -> str:
        """This machine."""
        return "localhost"

    def stream(
        self,
        instruction: str,
        material: str,
        *,
        seconds: float | None = None,
        waiting: Callable[[], None] = _nothing,
    ) -> Iterator[str]:
        """See `Generator.stream`. The reply comes in one piece, at its end."""
        config = self._library.GenerationConfig()
        config.max_new_tokens = _MOST_TOKENS
        config.do_sample = False
        history = self._library.ChatHistory(
            [{"role": "system", "content": instruction}, {"role": "user", "content": material}]
        )
        seconds = min(self._seconds, seconds or self._seconds)
        status = self._library.StreamingStatus
        stopped: list[BaseException] = []

        def goes_on(_: str) -> Any:
            try:
                waiting()
            except BaseException as error:  # noqa: BLE001 - it must not pass through OpenVINO
                stopped.append(error)
            late = time.monotonic() > deadline
            return status.STOP if late or stopped else status.RUNNING

        with self._busy:
            deadline = time.monotonic() + seconds
            reply = self._pipeline.generate(history, config, goes_on)
        if stopped:
            raise stopped[0]
        yield str(reply.texts[0])
        if time.monotonic() > deadline:
            raise LateReplyError(f"{self.model} did not reply within {seconds:g} seconds.")


def _lines(pieces: Iterator[bytes], url: str) -> Iterator[str]:
    """The lines of a reply, each as soon as it is complete.

    Raises
    ------
    GeneratorError
        If the reply is longer than 1 MB.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    held, size = "", 0
    for piece in pieces:
        size += len(piece)
        if size > _MOST_BYTES:
            raise GeneratorError(f"{url} replied with more than 1 MB.")
        *complete, held = re.split(r"\r\n|\n", held + decoder.decode(piece))
        yield from complete
    if held:
        yield held


def _own_message(body: bytes, secret: str) -> str:
    """The server's own message on one line, at most 200 characters, without the secret."""
    text = body.decode("utf-8", "replace")
    try:
        said = json.loads(text)
        for key in ("error", "message", "detail"):
            if isinstance(said, dict) and said.get(key):
                said = said[key]
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = re.sub(r"<[^<>]*>", " ", text)
    kept = "".join(c if c.isprintable() else " " for c in text)
    if secret:
        kept = kept.replace(secret, "…")  # before the cut, which would leave a part of it
    return " ".join(kept.split())[:_MESSAGE]
