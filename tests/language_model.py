"""A server that speaks the protocol of language models on 127.0.0.1 and says what a test wants."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


def chat_completion(content: str) -> bytes:
    """The body of a reply whose text is ``content``."""
    message = {"role": "assistant", "content": content}
    return json.dumps({"object": "chat.completion", "choices": [{"message": message}]}).encode()


def streamed(content: str, *, finish: str | None = "stop", step: int = 9) -> bytes:
    """The body of a streamed reply whose text is ``content``, ``step`` characters a part."""
    parts = [content[at : at + step] for at in range(0, len(content), step)]
    records: list[Any] = [{"choices": [{"delta": {"content": part}}]} for part in parts]
    if finish is not None:
        records.append({"choices": [{"delta": {}, "finish_reason": finish}]})
    lines = [f"data: {json.dumps(record)}\n\n" for record in records]
    return "".join([*lines, "data: [DONE]\n\n" if finish is not None else ""]).encode()


class LanguageModel:
    """A server for one test; it notes what it is asked.

    ``pause`` seconds pass before each twentieth part of the reply is sent. ``refuses`` holds a name
    of a parameter that the server does not take. ``left`` tells that a client left before the end.
    """

    def __init__(self) -> None:
        self.status = 200
        self.reply = chat_completion("")
        self.pause = 0.0
        self.refuses = ""
        self.left = threading.Event()
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str | None] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "LanguageModel":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                model.requests.append(json.loads(body))
                model.paths.append(self.path)
                model.keys.append(self.headers["Authorization"])
                status, reply = model.status, model.reply
                if model.refuses and model.refuses in model.requests[-1]:
                    said = f"Unsupported parameter: '{model.refuses}' is not supported."
                    status, reply = 400, json.dumps({"error": {"message": said}}).encode()
                try:
                    self._send(status, reply)
                except OSError:
                    model.left.set()

            def _send(self, status: int, reply: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                step = max(1, len(reply) // 20)
                for at in range(0, len(reply), step):
                    time.sleep(model.pause)
                    self.wfile.write(reply[at : at + step])
                    self.wfile.flush()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
