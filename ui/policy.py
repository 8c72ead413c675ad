"""The HTTP headers of the page: scripts, images and connections from this server only."""

import base64
import hashlib
from functools import cache
from pathlib import Path

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class ContentPolicy:
    """ASGI middleware that adds a content-security policy and related headers to every reply."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to the start of the reply."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_headers()]
            await send(message)

        await self.app(scope, receive, send_with_headers)


@cache
def _headers() -> tuple[tuple[bytes, bytes], ...]:
    headers = {
        "content-security-policy": content_policy(),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


def content_policy() -> str:
    """The policy: everything from this server, and Streamlit's inline scripts by their hashes.

    Returns
    -------
    str
        ``connect-src`` names no host: ``'self'`` includes the web socket of the page.
    """
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    scripts = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _inline_scripts(page.read_text(encoding="utf-8"))
    )
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {scripts}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _inline_scripts(page: str) -> list[str]:
    """The scripts that stand in the page; they begin with a tag without attributes."""
    parts = (part.partition("</script>") for part in page.split("<script>")[1:])
    return [script for script, end, _ in parts if end]
