"""schemathesis compares the HTTP server with its own description (OpenAPI)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.config import Settings
from tests.served_http import serving_http

TOKEN = "a-token-of-the-tests"
PROGRAM = Path(sys.executable).with_name("schemathesis")


@pytest.fixture(scope="module")
def address(_seed_index: Path) -> Iterator[str]:
    """A running server that asks for a token; it searches by words alone, which is fast."""
    settings = Settings(index=_seed_index, serve_token=TOKEN, serve_rate=0)
    with serving_http(settings, lexical=True) as address:
        yield address


@pytest.mark.slow
def test_every_reply_is_as_described(address: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [
            *(
                PROGRAM,
                "run",
                f"{address}/openapi.json",
                "--header",
                f"Authorization:Bearer {TOKEN}",
            ),
            *("--max-examples", "6", "--seed", "1", "--no-color", "--warnings", "off"),
            *("--request-timeout", "60"),  # other tests may use the processors
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=240,
    )

    assert run.returncode == 0, run.stdout
    assert "11 selected / 11 total" in run.stdout
