"""The server answers its own page alone, and makes no connection."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import refusal
from tests.ui.conftest import serving

OWN = ("127.0.0.1", "localhost")


def refused(*names: str, **headers: str) -> bool:
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    pairs = [(key.encode(), value.encode("latin-1")) for key, value in sent.items()]
    return refusal(pairs, names or OWN, setting="hosts") is not None


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "LOCALHOST", "localhost.:80"])
def test_the_own_names_are_answered_with_any_port(host: str) -> None:
    assert not refused(host=host)
    assert not refused(host=host, origin=f"http://{host}")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.test", "127.0.0.1.evil.test", "evil.test:8501", "localhost@evil.test"),
        *("evil.test@localhost", "localhost/evil", "localhost:port", "localhost:99999", "[", ""),
        *("localhost?a", "localhost#a", "127.0.0.2", "0.0.0.0", "xlocalhost", "localhost\\a", "é"),
    ],
)
def test_other_names_are_refused(host: str) -> None:
    assert refused(host=host)


def test_a_request_without_a_name_or_with_two_is_refused() -> None:
    assert refusal([], OWN, setting="hosts")
    assert refusal([(b"host", b"localhost"), (b"host", b"evil.test")], OWN, setting="hosts")


@pytest.mark.parametrize(
    "origin",
    [
        *("http://evil.test", "null", "", "http://localhost", "http://localhost:8502", "localhost"),
        *("http://127.0.0.1:8501", "http://localhost:8501.evil.test", "http://a@localhost:8501"),
        *("file://", "http://[", "https://localhost:8501:8501"),
    ],
)
def test_other_origins_are_refused_also_those_of_other_ports(origin: str) -> None:
    assert refused(host="localhost:8501", origin=origin)


def test_another_site_may_link_to_the_page_and_no_more() -> None:
    for site in ("cross-site", "same-site"):  # another port of this machine is the "same site"
        assert refused(host="localhost", sec_fetch_site=site, sec_fetch_mode="no-cors")
        assert refused(host="localhost", sec_fetch_site=site, sec_fetch_mode="websocket")
        assert not refused(host="localhost", sec_fetch_site=site, sec_fetch_mode="navigate")
    for site in ("same-origin", "none"):
        assert not refused(host="localhost", sec_fetch_site=site, sec_fetch_mode="no-cors")


def test_the_names_of_the_settings_are_the_servers() -> None:
    assert not refused("*.example.org", host="rag.example.org")
    assert refused("*.example.org", host="example.org.evil.test")
    assert refused("rag.example.org", host="localhost")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Name and port of a server without an index, and the file with its connections."""
    folder = tmp_path_factory.mktemp("server")
    watched = folder / "connections"
    watched.touch()
    with serving(folder / "index", watched=watched) as (address, _):
        yield address.removeprefix("http://"), watched


def status(place: str, path: str, **headers: str) -> int:
    """The status of the reply to a GET; ``Host`` is ``place`` unless it is given."""
    connection = http.client.HTTPConnection(place, timeout=20)
    connection.request(
        "GET", path, headers={key.replace("_", "-"): value for key, value in headers.items()}
    )
    found = connection.getresponse().status
    connection.close()
    return found


def socket_status(place: str, **headers: str) -> int:
    """The status of a web socket's handshake: 101 if it is accepted."""
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Sec-WebSocket-Protocol": "streamlit",
    }
    return status(place, "/_stcore/stream", **handshake, **headers)


def test_a_running_server_answers_its_own_page_alone_and_connects_to_nothing(
    server: tuple[str, Path],
) -> None:
    place, watched = server
    port = int(place.rpartition(":")[2])
    own = f"http://{place}"
    paths = ("/", "/keys.js", "/_stcore/health", "/_stcore/host-config", "/library")

    assert [status(place, path) for path in paths] == [200] * 5
    assert [status(place, path, Origin=own) for path in paths] == [200] * 5
    assert [status(place, path, Host="evil.test") for path in paths] == [403] * 5
    assert [status(place, path, Origin="http://evil.test") for path in paths] == [403] * 5
    assert socket_status(place) == 101
    assert socket_status(place, Origin=own) == 101
    local = f"localhost:{port}"
    assert socket_status(place, Host=local, Origin=f"http://{local}") == 101
    foreign = ("http://evil.test", "null", f"http://127.0.0.1:{port + 1}", f"http://{local}")
    assert [socket_status(place, Origin=origin) for origin in foreign] == [403] * 4
    assert socket_status(place, Host="evil.test", Origin="http://evil.test") == 403
    closed = ("metrics", "metrics/", "agent/mcp", "agent/openapi.json", "agent/interact")
    assert [status(place, f"/_stcore/{path}") for path in closed] == [404] * 5
    assert [status(place, path) for path in ("/auth/login", "/oauth2callback")] == [404] * 2

    connections = [
        line for line in watched.read_text().splitlines() if "('127.0.0.1', " not in line
    ]
    assert connections == []
