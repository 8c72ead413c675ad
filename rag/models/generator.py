"""Generators: a language model behind an OpenAI-compatible server, or in a local GGUF file."""

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from rag.config import Settings
from rag.errors import GeneratorError, UsageError

_MOST_BYTES = 1_000_000
"""Longest reply that is read; a reply has a few thousand bytes."""
_MOST_TOKENS = 400
"""Longest reply that is requested: several sentences with their citations as JSON."""


class Generator(Protocol):
    """Writes a reply as JSON of a given schema."""

    def complete(self, instruction: str, material: str, schema: Mapping[str, Any]) -> str:
        """The reply of the model to ``instruction`` (system) and ``material`` (user).

        The model is told to write JSON of ``schema``, a JSON schema. The caller checks the reply.

        Raises
        ------
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
        OpenVINO cannot run.
    """
    url, model = settings.generator_url, settings.generator_model
    if not url and not model:
        return None
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


class Served:
    """A model behind an OpenAI-compatible server, such as Ollama, llama.cpp or vLLM."""

    def __init__(self, url: str, model: str, *, key: str = "", seconds: float) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._seconds = seconds

    def complete(self, instruction: str, material: str, schema: Mapping[str, Any]) -> str:
        """The reply at temperature 0; the whole request takes at most ``seconds``."""
        request = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": instruction},
                {"role": "user", "content": material},
            ],
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": schema},
            },
        }
        try:
            reply = json.loads(self._post(request))
            content = reply["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise GeneratorError(
                f"{self._url} replied with something other than a chat completion."
            ) from error
        if not isinstance(content, str):
            raise GeneratorError(f"{self._url} replied without a text.")
        return content

    def _post(self, request: Mapping[str, Any]) -> bytes:
        """The body of the reply, at most ``_MOST_BYTES`` long and within ``seconds``."""
        import httpx  # takes 0.1 s, which an answer without a generator need not wait for

        deadline = time.monotonic() + self._seconds
        body = bytearray()
        try:
            with httpx.stream(
                "POST", self._url, json=request, headers=self._headers, timeout=self._seconds
            ) as reply:
                if reply.status_code != httpx.codes.OK:
                    raise GeneratorError(f"{self._url} replied with status {reply.status_code}.")
                for piece in reply.iter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise GeneratorError(f"{self._url} replied with more than 1 MB.")
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("the reply came too slowly")
        except httpx.TimeoutException as error:
            raise GeneratorError(
                f"{self._url} did not reply within {self._seconds:g} seconds "
                "(setting generator_seconds)."
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise GeneratorError(f"{self._url} cannot be reached.") from error
        return bytes(body)


class LocalModel:
    """A GGUF file run by OpenVINO in this process, one reply at a time."""

    def __init__(self, path: Path, *, seconds: float) -> None:
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

    def complete(self, instruction: str, material: str, schema: Mapping[str, Any]) -> str:
        """The reply, which always fits ``schema`` unless it is cut off after ``seconds``."""
        config = self._library.GenerationConfig()
        config.max_new_tokens = _MOST_TOKENS
        config.do_sample = False
        config.structured_output_config = self._library.StructuredOutputConfig(
            json_schema=json.dumps(schema)
        )
        history = self._library.ChatHistory(
            [{"role": "system", "content": instruction}, {"role": "user", "content": material}]
        )
        with self._busy:
            deadline = time.monotonic() + self._seconds
            late = self._library.StreamingStatus.STOP
            going = self._library.StreamingStatus.RUNNING
            reply = self._pipeline.generate(
                history, config, lambda _: late if time.monotonic() > deadline else going
            )
        return str(reply.texts[0])
