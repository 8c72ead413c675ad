"""Readers who sign in with an identity provider: a real one on this machine, in a real browser."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import ask, serving

QUESTION = "what does Binance say about user asset safety?"
READERS = (
    User(sub="ann", claims={"email": "ann@example.org", "groups": ["legal"]}),
    User(sub="bob", claims={"email": "bob@example.org", "groups": ["press", "*"]}),
    User(sub="eve", claims={"email": "eve@example.org"}),
)


@contextmanager
def signing_in(index: Path, folder: Path, *, seconds: int = 3600, **settings: str) -> Iterator[str]:
    """Serve the page for signed-in readers; tokens last so many seconds."""
    secrets = folder / "secrets.toml"
    with run_server_in_thread(
        user_claims=READERS, access_token_max_age=timedelta(seconds=seconds)
    ) as provider:
        metadata = f"http://localhost:{provider.server_port}/.well-known/openid-configuration"

        def write(port: int) -> None:
            secrets.write_text(
                f"""
                [auth]
                redirect_uri = "http://localhost:{port}/oauth2callback"
                cookie_secret = "a secret of the tests, long enough"
                client_id = "page"
                client_secret = "secret"
                server_metadata_url = "{metadata}"
                """
            )

        options = [f"--secrets.files={secrets}"]
        with serving(index, options=options, told=write, **settings) as (address, _):
            yield address.replace("127.0.0.1", "localhost")


@pytest.fixture
def readers(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.route(re.compile(r"^https://"), lambda route: route.abort())  # the provider's styles
    yield context.new_page()
    context.close()


def sign_in(page: Page, address: str, who: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.get_by_text(f"Signed in as {who}@example.org").wait_for()


def collections(folder: Path, **indexes: tuple[Path, str]) -> Path:
    path = folder / "access.toml"
    path.write_text(
        "".join(
            f'[collections.{name}]\nindex = "{index}"\ngroups = ["{group}"]\n'
            for name, (index, group) in indexes.items()
        )
    )
    return path


@pytest.mark.browser
def test_readers_see_the_collections_of_their_groups_and_change_nothing(
    readers: Page, browser: Browser, seed_index: Path, tmp_path: Path
) -> None:
    access = collections(tmp_path, press=(seed_index, "press"), legal=(seed_index, "legal"))
    log = tmp_path / "audit.jsonl"
    with signing_in(
        tmp_path / "none",
        tmp_path,
        RAG_ACCESS=str(access),
        RAG_AUDIT_LOG=str(log),
        RAG_READ_ONLY="true",
    ) as address:
        readers.goto(address)
        expect(readers.get_by_role("heading", name="Sign in")).to_be_visible()
        expect(readers.get_by_test_id("stChatInputTextArea")).to_have_count(0)

        sign_in(readers, f"{address}/?in=press", "ann")
        ask(readers, QUESTION)
        expect(readers.get_by_text("Add documents")).to_have_count(0)
        readers.get_by_role("link", name="Library").click()
        readers.get_by_role("heading", name="Library").wait_for()
        expect(readers.get_by_text("Add documents")).to_have_count(0)

        upload = urllib.request.Request(
            f"{address}/_stcore/upload_file/a/b", data=b"x", method="PUT"
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(upload)
        assert refused.value.code == 404

        readers.get_by_role("button", name="Sign out").click()
        readers.wait_for_url("**/oauth2/end_session?*")
        readers.goto(address)
        readers.get_by_role("button", name="Sign in").click()
        readers.get_by_role("button", name="eve", exact=True).click()
        expect(readers.get_by_role("heading", name="No collection for you")).to_be_visible()

    (entry,) = [json.loads(line) for line in log.read_text().splitlines()]
    assert (entry["who"], entry["door"], entry["collection"], entry["outcome"]) == (
        "ann@example.org",
        "page",
        "legal",
        "answered",
    )
    assert entry["question"] == QUESTION
    assert entry["citations"]


@pytest.mark.browser
def test_a_sign_in_ends_with_its_token(readers: Page, tmp_path: Path) -> None:
    with signing_in(tmp_path / "none", tmp_path, seconds=2) as address:
        readers.goto(address)
        readers.get_by_role("button", name="Sign in").click()
        readers.get_by_role("button", name="ann", exact=True).click()
        readers.wait_for_url(f"{address}/**")
        readers.wait_for_timeout(2500)
        readers.reload()

        expect(readers.get_by_role("heading", name="Sign in again")).to_be_visible()
        expect(readers.get_by_text("ann@example.org")).to_have_count(0)


@pytest.mark.browser
def test_without_a_provider_a_page_for_signed_in_readers_shows_nothing(
    readers: Page, tmp_path: Path
) -> None:
    with serving(tmp_path / "none", RAG_SIGN_IN="true") as (address, _):
        readers.goto(address)

        expect(readers.get_by_role("heading", name="Nobody can sign in")).to_be_visible()
        expect(readers.get_by_text("There is no index yet")).to_have_count(0)
