"""Generators: a real server on 127.0.0.1 that is honest, slow, broken or hostile."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.config import Settings
from rag.errors import GeneratorError, UsageError
from rag.models.generator import Served, load_generator
from tests.language_model import LanguageModel, chat_completion

SCHEMA = {"type": "object"}


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with LanguageModel() as model:
        yield model


def test_the_request_follows_the_protocol(model: LanguageModel) -> None:
    model.reply = chat_completion("{}")

    assert (
        Served(model.url, "tiny", key="secret", seconds=5).complete("Do.", "Data.", SCHEMA) == "{}"
    )
    assert model.paths == ["/v1/chat/completions"]
    assert model.keys == ["Bearer secret"]
    request = model.requests[0]
    assert request["model"] == "tiny"
    assert request["messages"] == [
        {"role": "system", "content": "Do."},
        {"role": "user", "content": "Data."},
    ]
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize(
    ("status", "reply", "says"),
    [
        (500, b"\x1b[2J<b>crash</b>", "status 500"),
        (302, b"", "status 302"),
        (200, b"not json", "other than a chat completion"),
        (200, b'{"choices": []}', "other than a chat completion"),
        (200, b'{"choices": [{"message": {"content": null}}]}', "without a text"),
        (200, b"[" * 100_000, "other than a chat completion"),
        (200, b" " * 1_000_001, "more than 1 MB"),
    ],
)
def test_an_error_of_the_server_is_one_line(
    model: LanguageModel, status: int, reply: bytes, says: str
) -> None:
    model.status, model.reply = status, reply

    with pytest.raises(GeneratorError, match=says) as caught:
        Served(model.url, "tiny", seconds=5).complete("", "", SCHEMA)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("pause", [0.2, 3.0])
def test_a_server_that_is_slow_or_sends_slowly_is_given_up(
    model: LanguageModel, pause: float
) -> None:
    model.reply, model.pause = chat_completion("{}"), pause
    started = time.monotonic()

    with pytest.raises(GeneratorError, match="did not reply within 1 seconds"):
        Served(model.url, "tiny", seconds=1).complete("", "", SCHEMA)
    assert time.monotonic() - started < 2.5


def test_a_missing_server_and_a_bad_address_are_generator_errors(model: LanguageModel) -> None:
    gone = "http://127.0.0.1:1/v1"

    with pytest.raises(GeneratorError, match="cannot be reached"):
        Served(gone, "tiny", seconds=1).complete("", "", SCHEMA)
    with pytest.raises(GeneratorError, match="cannot be reached"):
        Served("http://[nowhere/v1", "tiny", seconds=1).complete("", "", SCHEMA)


def test_the_settings_name_a_server_a_file_or_none(tmp_path: Path) -> None:
    assert load_generator(Settings()) is None
    served = load_generator(Settings(generator_url="http://127.0.0.1:1/v1", generator_model="m"))
    assert isinstance(served, Served)
    with pytest.raises(UsageError, match="and a model"):
        load_generator(Settings(generator_url="http://127.0.0.1:1/v1"))
    with pytest.raises(UsageError, match="name a server"):
        load_generator(Settings(generator_url="file:///etc/passwd", generator_model="m"))
    with pytest.raises(UsageError, match="no such file"):
        load_generator(Settings(generator_model=str(tmp_path / "no.gguf")))


def test_a_file_that_is_no_model_is_a_usage_error(tmp_path: Path) -> None:
    pytest.importorskip("openvino_genai", reason="the extra 'llm' is not installed")
    (tmp_path / "bad.gguf").write_bytes(b"GGUF and then nothing")

    with pytest.raises(UsageError, match="cannot run it"):
        load_generator(Settings(generator_model=str(tmp_path / "bad.gguf")))


def test_the_key_is_not_printed() -> None:
    settings = Settings(generator_key="secret")  # type: ignore[arg-type]

    assert "secret" not in repr(settings) + json.dumps(settings.model_dump(mode="json"))
