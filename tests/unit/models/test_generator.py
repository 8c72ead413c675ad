"""Generators: a real server on 127.0.0.1 that is honest, slow, broken or hostile."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.config import Settings
from rag.errors import CutReplyError, GeneratorError, LateReplyError, UsageError
from rag.models.generator import Served, is_here, load_generator
from tests.language_model import LanguageModel, chat_completion, streamed


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with LanguageModel() as model:
        yield model


def asked(model: LanguageModel, *, key: str = "", seconds: float = 5) -> str:
    served = Served(model.url, "tiny", key=key, seconds=seconds)
    return "".join(served.stream("Do.", "Data."))


def test_the_request_follows_the_protocol(model: LanguageModel) -> None:
    model.reply = streamed("A penalty. [1]\nÉmile paid. [2]")

    assert asked(model, key="secret") == "A penalty. [1]\nÉmile paid. [2]"
    assert model.paths == ["/v1/chat/completions"]
    assert model.keys == ["Bearer secret"]
    assert model.requests[0] == {
        "model": "tiny",
        "messages": [
            {"role": "system", "content": "Do."},
            {"role": "user", "content": "Data."},
        ],
        "stream": True,
        "temperature": 0,
        "max_tokens": 1000,
    }


@pytest.mark.parametrize(
    "reply",
    [
        chat_completion("Hi. [1]"),
        b": keep-alive\r\n\r\nevent: x\r\n" + streamed("Hi. [1]").replace(b"\n", b"\r\n"),
        streamed("Hi. [1]").replace(b"data: ", b"data:"),
        streamed("Hi. [1]") + b'data: {"choices": [], "usage": {}}\n\n',
        b'data: {"choices": [{"delta": {"role": "assistant", "reasoning_content": "hm"}}]}\n\n'
        + streamed("Hi. [1]"),
    ],
)
def test_a_reply_may_have_the_forms_that_servers_use(model: LanguageModel, reply: bytes) -> None:
    model.reply = reply

    assert asked(model) == "Hi. [1]"


@pytest.mark.parametrize("refused", ["temperature", "max_tokens"])
def test_a_server_that_refuses_a_parameter_is_asked_again_without_it(
    model: LanguageModel, refused: str
) -> None:
    model.refuses, model.reply = refused, streamed("Hi.")
    served = Served(model.url, "tiny", seconds=5)

    assert "".join(served.stream("", "")) == "".join(served.stream("", "")) == "Hi."
    assert ["temperature" in request for request in model.requests] == [True, False, False]
    assert model.requests[1]["max_completion_tokens"] == 1000


@pytest.mark.parametrize(
    ("status", "reply", "says"),
    [
        (500, b"\x1b[2J<b>out of\n memory</b>", "status 500: .*out of memory"),
        (401, b'{"error": {"message": "Wrong key secret."}}', "status 401: Wrong key …"),
        (404, b'{"error": "model \\"tiny\\" not found, try pulling it"}', "not found, try"),
        (400, b'{"detail": "too many tokens"}', "too many tokens"),
        (302, b"", "status 302"),
        (200, b"not json", "other than a chat completion"),
        (200, b'{"choices": []}', "other than a chat completion"),
        (200, b'{"choices": [{"message": {"content": 3}}]}', "other than a chat completion"),
        (200, b"[" * 100_000, "other than a chat completion"),
        (200, b" " * 1_000_001, "more than 1 MB"),
        (200, b'data: {"error": {"message": "overloaded"}}\n\n', "overloaded"),
    ],
)
def test_an_error_of_the_server_is_one_line_with_its_own_message(
    model: LanguageModel, status: int, reply: bytes, says: str
) -> None:
    model.status, model.reply = status, reply

    with pytest.raises(GeneratorError, match=says) as caught:
        asked(model, key="secret")
    assert str(caught.value).isprintable()
    assert "secret" not in str(caught.value)
    assert len(str(caught.value)) < 320


@pytest.mark.parametrize(
    "reply", [streamed("A. [1]\nB.", finish="length"), streamed("A. [1]\nB.", finish=None)]
)
def test_a_reply_that_is_cut_off_says_so_at_its_end(model: LanguageModel, reply: bytes) -> None:
    model.reply = reply
    pieces: list[str] = []

    with pytest.raises(CutReplyError):
        pieces.extend(Served(model.url, "tiny", seconds=5).stream("", ""))
    assert "".join(pieces) == "A. [1]\nB."


@pytest.mark.parametrize("pause", [0.2, 3.0])
def test_a_server_that_is_slow_or_sends_slowly_is_given_up(
    model: LanguageModel, pause: float
) -> None:
    model.reply, model.pause = streamed("Hello there. [1]\n" * 9), pause
    started = time.monotonic()

    with pytest.raises(LateReplyError, match="did not reply within 1 seconds"):
        asked(model, seconds=1)
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("pause", [0.1, 30.0])
def test_a_reader_who_stops_ends_the_request(model: LanguageModel, pause: float) -> None:
    model.reply, model.pause = streamed("Hello there. [1]\n" * 200), pause
    began, stopped = time.monotonic(), threading.Event()

    def waiting() -> None:
        if time.monotonic() - began > 0.3:
            stopped.set()
            raise KeyError("stop")

    served = Served(model.url, "tiny", seconds=60)
    with pytest.raises(KeyError):
        list(served.stream("", "", waiting=waiting))
    assert stopped.is_set()
    assert time.monotonic() - began < 3
    if pause < 1:  # a sleeping server cannot notice
        assert model.left.wait(5)


def test_a_missing_server_and_a_bad_address_are_generator_errors(model: LanguageModel) -> None:
    for url in ("http://127.0.0.1:1/v1", "http://[nowhere/v1"):
        with pytest.raises(GeneratorError, match="cannot be reached"):
            "".join(Served(url, "tiny", seconds=1).stream("", ""))


def test_the_settings_name_a_server_a_file_or_none(tmp_path: Path) -> None:
    assert load_generator(Settings()) is None
    served = load_generator(Settings(generator_url="http://127.0.0.1:1/v1", generator_model="m"))
    assert isinstance(served, Served)
    assert (served.model, served.host) == ("m", "127.0.0.1")
    with pytest.raises(UsageError, match="and a model"):
        load_generator(Settings(generator_url="http://127.0.0.1:1/v1"))
    with pytest.raises(UsageError, match="name a server"):
        load_generator(Settings(generator_url="file:///etc/passwd", generator_model="m"))
    with pytest.raises(UsageError, match="no such file"):
        load_generator(Settings(generator_model=str(tmp_path / "no.gguf")))


def test_this_machine_is_told_from_others() -> None:
    assert all(map(is_here, ("localhost", "127.0.0.1", "127.8.0.1", "::1")))
    assert not any(map(is_here, ("api.example.com", "127.example.com", "10.0.0.2", "")))


def test_a_file_that_is_no_model_is_a_usage_error(tmp_path: Path) -> None:
    pytest.importorskip("openvino_genai", reason="the extra 'llm' is not installed")
    (tmp_path / "bad.gguf").write_bytes(b"GGUF and then nothing")

    with pytest.raises(UsageError, match="cannot run it"):
        load_generator(Settings(generator_model=str(tmp_path / "bad.gguf")))


def test_the_key_is_not_printed() -> None:
    settings = Settings(generator_key="secret")  # type: ignore[arg-type]

    assert "secret" not in repr(settings) + json.dumps(settings.model_dump(mode="json"))


@pytest.mark.parametrize("before", [0, 190, 195])
def test_the_key_is_not_in_what_the_server_says_nor_a_part_of_it(
    model: LanguageModel, before: int
) -> None:
    model.status = 401
    model.reply = json.dumps({"error": {"message": "x" * before + "sk-0123456789"}}).encode()

    with pytest.raises(GeneratorError) as caught:
        asked(model, key="sk-0123456789")

    assert "sk-" not in str(caught.value)


def test_a_password_in_the_address_is_refused_and_not_shown() -> None:
    settings = Settings(generator_url="http://me:secret@127.0.0.1/v1", generator_model="tiny")

    with pytest.raises(UsageError, match="RAG_GENERATOR_KEY") as caught:
        load_generator(settings)

    assert "secret" not in str(caught.value)
