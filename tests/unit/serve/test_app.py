"""The HTTP server: a real one on 127.0.0.1, over the index of the seeds, with the real models."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from rag.api import Index
from rag.config import Settings
from rag.errors import RagError, UsageError
from rag.ingest import build_index
from rag.schema import AnswerRecord, DocumentsRecord, HitsRecord, TextRecord
from rag.serve.server import is_local, serve
from tests.language_model import LanguageModel, streamed
from tests.served_http import serving_http

QUESTION = "what does Binance say about user asset safety?"
UNKNOWN = "How much did Goldman Sachs pay in 1987?"


@pytest.fixture(scope="module")
def server(_seed_index: Path) -> Iterator[str]:
    with serving_http(Settings(index=_seed_index)) as address:
        yield address


@pytest.fixture(scope="module")
def index(_seed_index: Path) -> Index:
    return Index.open(_seed_index)


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream; comments are left out."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line[:1] not in ("", ":"))
        if lines and lines["data"] != "[DONE]":
            found.append((lines.get("event", ""), json.loads(lines["data"])))
    return found


def places(answer: Any) -> list[tuple[str, int, int, str]]:
    return [
        (c["document"]["doc_id"], c["start"], c["end"], c["quote"])
        for claim in answer["claims"]
        for c in claim["citations"]
    ]


def test_an_answer_is_the_record_that_python_gives(server: str, index: Index) -> None:
    reply = httpx.post(f"{server}/ask", json={"question": QUESTION}, timeout=60)

    assert reply.status_code == 200
    AnswerRecord.model_validate(reply.json())
    assert reply.json() == json.loads(json.dumps(index.ask(QUESTION).to_dict()))


def test_events_are_stages_then_claims_then_the_answer(server: str, index: Index) -> None:
    reply = httpx.post(
        f"{server}/ask",
        json={"question": QUESTION},
        headers={"Accept": "text/event-stream"},
        timeout=60,
    )
    told = events(reply.text)

    names = [name for name, _ in told]
    claims = index.ask(QUESTION).claims
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert names == ["stage"] * 3 + ["claim"] * len(claims) + ["answer"]
    assert [data["stage"] for name, data in told if name == "stage"] == [
        "search",
        "read",
        "checked",
    ]
    assert [data["number"] for name, data in told if name == "claim"] == [
        number for number, _ in enumerate(claims, start=1)
    ]
    assert told[-1][1]["claims"] == [data["claim"] for name, data in told if name == "claim"]


def test_what_the_documents_do_not_say_is_not_found_by_every_route(server: str) -> None:
    plain = httpx.post(f"{server}/ask", json={"question": UNKNOWN}, timeout=60).json()
    chat = httpx.post(
        f"{server}/v1/chat/completions",
        json={"model": "enforcement-rag", "messages": [{"role": "user", "content": UNKNOWN}]},
        timeout=60,
    ).json()

    assert (plain["outcome"], plain["claims"]) == ("not_found", [])
    assert (chat["outcome"], chat["quotes"]) == ("not_found", [])
    assert chat["choices"][0]["message"]["content"].startswith("**Not found.**")
    assert "> " not in chat["choices"][0]["message"]["content"]


def test_passages_documents_and_sums(server: str, index: Index) -> None:
    hits = httpx.post(f"{server}/retrieve", json={"question": QUESTION, "k": 2}, timeout=60).json()
    listed = httpx.get(f"{server}/documents", params={"limit": 1}).json()
    doc_id = listed["documents"][0]["doc_id"]
    part = httpx.get(f"{server}/documents/{doc_id}", params={"start": 10, "length": 20}).json()
    last = httpx.get(f"{server}/documents/{doc_id}", params={"start": 10**6}).json()
    none = httpx.post(f"{server}/sums", json={"question": QUESTION}, timeout=60).json()

    HitsRecord.model_validate(hits)
    assert [hit["rank"] for hit in hits["hits"]] == [1, 2]
    DocumentsRecord.model_validate(listed)
    assert listed["total"] == len(index.documents())
    TextRecord.model_validate(part)
    assert part["text"] == index.document(doc_id).text[10:30]
    assert (part["next"], last["text"], last["next"]) == (30, "", None)
    assert none["table"] is None


def test_the_real_client_of_openai_shows_the_quotes_with_their_places(
    server: str, index: Index
) -> None:
    client = openai.OpenAI(base_url=f"{server}/v1", api_key="none")
    messages: Any = [
        {"role": "system", "content": "You are helpful."},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]

    (model,) = client.models.list().data
    whole = client.chat.completions.create(model=model.id, messages=messages)
    pieces = list(
        client.chat.completions.create(
            model=model.id,
            messages=messages,
            stream=True,
            stream_options={"include_usage": True},
        )
    )

    content = whole.choices[0].message.content
    assert content is not None
    streamed_content = "".join(
        piece.choices[0].delta.content or "" for piece in pieces if piece.choices
    )
    assert streamed_content.strip() == content.strip()
    assert pieces[-1].usage is not None
    for claim in index.ask(QUESTION).claims:
        assert f"characters {claim.citations[0].start}–{claim.citations[0].end}" in content
    assert "**1. Binance says:**" in content
    with pytest.raises(openai.NotFoundError, match="no collection 'gpt-9'"):
        client.chat.completions.create(model="gpt-9", messages=messages)


def test_earlier_messages_of_the_user_are_the_conversation(server: str, index: Index) -> None:
    follow_up = "does that cover the US platform too?"
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": "…"},
        {"role": "user", "content": follow_up},
    ]
    reply = httpx.post(
        f"{server}/v1/chat/completions",
        json={"model": "enforcement-rag", "messages": messages},
        timeout=60,
    ).json()

    claims = index.ask(follow_up, [QUESTION]).claims
    assert [quote["quote"] for quote in reply["quotes"]] == [c.citations[0].quote for c in claims]


def test_a_name_or_a_page_that_is_not_the_servers_own_is_refused(server: str) -> None:
    for headers in ({"Host": "evil.test"}, {"Origin": "http://evil.test"}):
        reply = httpx.get(f"{server}/status", headers=headers)
        assert reply.status_code == 403
        assert reply.json()["error"]["request_id"] == reply.headers["x-request-id"]


def test_the_id_of_a_request_comes_back(server: str) -> None:
    own = httpx.get(f"{server}/health/live", headers={"X-Request-ID": "abc-1"})
    bad = httpx.get(f"{server}/health/live", headers={"X-Request-ID": "a b\t<"})

    assert own.headers["x-request-id"] == "abc-1"
    assert len(bad.headers["x-request-id"]) == 16


def test_errors_say_what_to_do(server: str) -> None:
    long = httpx.post(f"{server}/ask", json={"question": "x" * 5000})
    wrong = httpx.post(f"{server}/ask", json={"question": QUESTION, "filter": {}})
    huge = httpx.post(f"{server}/ask", content=b"x" * 1_000_001)
    lone = httpx.post(f"{server}/ask", content=b'{"question": "\\ud800"}')

    assert (long.status_code, "Shorten it" in long.text) == (422, True)
    assert (wrong.status_code, "filter" in wrong.json()["error"]["message"]) == (422, True)
    assert (huge.status_code, lone.status_code) == (413, 422)


def test_figures_name_no_question(server: str) -> None:
    httpx.post(f"{server}/ask", json={"question": QUESTION}, timeout=60)

    figures = httpx.get(f"{server}/metrics").text

    assert 'rag_asks_total{outcome="answered"}' in figures
    assert 'rag_requests_total{method="POST",route="/ask",status="200"}' in figures
    assert "Binance" not in figures


def test_tokens_open_the_collections_of_their_groups_alone(
    seed_index: Path, tmp_path: Path
) -> None:
    access = tmp_path / "access.toml"
    access.write_text(
        f"""
        [collections.open]
        index = "{seed_index}"
        groups = ["*"]
        [collections.closed]
        index = "{seed_index}"
        groups = ["legal"]
        [[tokens]]
        name = "bot"
        sha256 = "{sha256(b"one").hexdigest()}"
        groups = ["press"]
        [[tokens]]
        name = "lawyer"
        sha256 = "{sha256(b"two").hexdigest()}"
        groups = ["legal"]
        """
    )
    log = tmp_path / "audit.jsonl"
    settings = Settings(index=tmp_path, access=access, audit_log=log, serve_rate=24)

    with serving_http(settings, lexical=True) as address:
        client = httpx.Client(base_url=address, timeout=60)

        def ask(token: str, collection: str | None) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            body = {"question": QUESTION, "collection": collection}
            return client.post("/ask", json=body, headers=headers)

        for token in ("", "three", "one1"):
            refused = ask(token, "open")
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert ask("one", "open").status_code == 200
        hidden, missing = ask("one", "closed"), ask("one", "nothing")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert (
            hidden.json()["error"]["message"].replace("closed", "nothing")
            == (missing.json()["error"]["message"])
        )
        assert ask("two", "closed").status_code == 200
        models = client.get("/v1/models", headers={"Authorization": "Bearer two"}).json()
        assert [model["id"] for model in models["data"]] == ["open", "closed"]
        limited = [ask("two", "nothing") for _ in range(4)][-1]
        assert (limited.status_code, int(limited.headers["retry-after"]) > 0) == (429, True)
        assert client.get("/health/live").status_code == 200

    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(one["who"], one["door"], one["collection"], one["outcome"]) for one in entries] == [
        ("bot", "http", "open", "answered"),
        ("lawyer", "http", "closed", "answered"),
    ]
    assert entries[0]["question"] == QUESTION
    assert entries[0]["citations"][0].keys() == {"doc_id", "start", "end"}
    assert log.stat().st_mode & 0o777 == 0o600


def test_without_a_line_in_the_audit_log_nothing_is_shown(seed_index: Path, tmp_path: Path) -> None:
    settings = Settings(index=seed_index, audit_log=tmp_path / "no-such-folder" / "log")

    with serving_http(settings, lexical=True) as address:
        reply = httpx.post(f"{address}/ask", json={"question": QUESTION}, timeout=60)

    assert reply.status_code == 503
    assert "audit log" in reply.json()["error"]["message"]
    assert "Binance" not in reply.text


@pytest.mark.parametrize(
    ("raised", "told"),
    [(ValueError("a secret path"), "The server failed"), (RagError("the disk is full"), "disk")],
)
def test_a_failure_while_events_are_sent_is_an_event(
    server: str, monkeypatch: pytest.MonkeyPatch, raised: Exception, told: str
) -> None:
    def ask(*args: object, **options: Any) -> None:
        options["on_stage"]("search", 1)
        raise raised

    monkeypatch.setattr(Index, "ask", ask)
    body, accept = {"question": QUESTION}, {"Accept": "text/event-stream"}
    reply = httpx.post(f"{server}/ask", json=body, headers=accept, timeout=60)
    chat = {"model": "enforcement-rag", "messages": [{"role": "user", "content": QUESTION}]}
    streamed_chat = httpx.post(
        f"{server}/v1/chat/completions", json={**chat, "stream": True}, timeout=60
    )

    (stage, _), (name, data) = events(reply.text)
    assert (stage, name) == ("stage", "error")
    assert told in data["error"]["message"]
    assert "a secret path" not in reply.text + streamed_chat.text
    assert told in events(streamed_chat.text)[-1][1]["error"]["message"]


def test_a_new_build_answers_without_a_restart(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "order.txt").write_text("Example Corp. was ordered to pay a penalty of $5,000.")
    settings = Settings(index=tmp_path / "index", seeds=docs)

    with serving_http(settings, lexical=True) as address:
        client = httpx.Client(base_url=address, timeout=60)
        assert client.get("/health/ready").status_code == 503
        missing = client.post("/ask", json={"question": "who paid?"})
        assert (missing.status_code, "rag index" in missing.text) == (503, True)
        first = build_index([docs], settings=settings).build
        assert client.get("/status").json()["collections"][0]["build"] == first
        assert client.get("/health/ready").status_code == 200
        (docs / "order.txt").write_text("Example Corp. was ordered to pay a penalty of $6,000.")
        build_index([docs], settings=settings)
        client.post("/ask", json={"question": "what penalty must Example Corp. pay?"})
        found = client.post("/ask", json={"question": "what penalty must Example Corp. pay?"})
        assert "$6,000" in found.json()["claims"][0]["text"]


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_client_that_leaves_ends_its_question(
    seed_index: Path, tmp_path: Path, accept: str
) -> None:
    log = tmp_path / "audit.jsonl"
    with LanguageModel() as model:
        model.reply = streamed("Binance says that all user assets are safe [1]. " * 40)
        model.pause = 1.0
        settings = Settings(
            index=seed_index,
            generator_url=model.url,
            generator_model="m",
            audit_log=log,
            serve_asks=1,
            serve_waiting=0,
        )
        with serving_http(settings) as address:
            url = f"{address}/ask"
            body, headers = {"question": QUESTION}, {"Accept": accept}
            if accept == "text/event-stream":
                with httpx.stream("POST", url, json=body, headers=headers, timeout=60) as reply:
                    lines = reply.iter_lines()
                    while next(lines) != "event: claim":
                        pass
                    full = httpx.post(url, json=body, timeout=60)
                    assert (full.status_code, full.headers["retry-after"]) == (503, "5")
            else:
                with pytest.raises(httpx.ReadTimeout):
                    httpx.post(url, json=body, headers=headers, timeout=3)

            for _ in range(300):
                if 'rag_asks_total{outcome="stopped"} 1.0' in httpx.get(f"{address}/metrics").text:
                    break
                time.sleep(0.1)
            else:
                pytest.fail("the question was not stopped")
            assert model.left.wait(30) or not model.requests
    assert "stopped" in log.read_text()


def test_an_answer_that_runs_is_finished_when_the_server_stops(
    seed_index: Path, tmp_path: Path
) -> None:
    with LanguageModel() as model:
        model.reply = streamed("Binance says that all user assets are safe [1].")
        model.pause = 0.2
        environment = {
            **os.environ,
            "RAG_INDEX": str(seed_index),
            "RAG_GENERATOR_URL": model.url,
            "RAG_GENERATOR_MODEL": "m",
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "rag", "serve", "--port", "0"],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert server.stderr is not None
        address = next(
            line.split()[2] for line in server.stderr if line.startswith("listening at ")
        )
        answers: list[httpx.Response] = []

        def ask() -> None:
            answers.append(httpx.post(f"{address}/ask", json={"question": QUESTION}, timeout=90))

        asking = threading.Thread(target=ask)
        asking.start()
        for _ in range(600):
            if model.requests:
                break
            time.sleep(0.1)
        server.send_signal(signal.SIGTERM)
        asking.join(timeout=60)
        server.wait(timeout=60)
        server.stderr.close()

    assert [answer.status_code for answer in answers] == [200]
    assert answers[0].json()["summary"]["state"] == "shown"


def test_another_address_needs_a_token(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"0\.0\.0\.0 can be reached .* --without-token"):
        serve(Settings(index=tmp_path), host="0.0.0.0")


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.4", False), ("rag.example.org", False)],
)  # fmt: skip
def test_local_addresses_are_those_of_this_machine(host: str, local: bool) -> None:
    assert is_local(host) is local
