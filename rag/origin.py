"""Which requests a server answers: those sent to a name of its own, and from its own pages."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from urllib.parse import urlsplit


def refusal(
    headers: Iterable[tuple[bytes, bytes]], names: Iterable[str], *, setting: str
) -> str | None:
    """Why a request with these headers is refused; None if it is answered.

    Parameters
    ----------
    headers
        Names in lower case, with their values.
    names
        Names of this server; ``*.example.org`` stands for every name that ends so.
    setting
        The setting that holds them, for the message.
    """
    sent: dict[bytes, list[str]] = {}
    for name, value in headers:
        sent.setdefault(name, []).append(value.decode("latin-1").lower())
    hosts, origins = sent.get(b"host", []), sent.get(b"origin", [])
    if len(hosts) != 1 or not _is_own(hosts[0], names):
        return f"Not a name of this server (setting {setting})."
    if len(origins) > 1 or any(_place(origin) != hosts[0] for origin in origins):
        return "From another page than that of this server."
    visits = sent.get(b"sec-fetch-mode") == ["navigate"]
    if not visits and set(sent.get(b"sec-fetch-site", [])) & {"cross-site", "same-site"}:
        return "From another page than that of this server."
    return None


def _is_own(host: str, names: Iterable[str]) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if name is None or parts.netloc != host or "@" in host:
        return False
    return any(fnmatchcase(name.rstrip("."), own.strip().lower()) for own in names)


def _place(origin: str) -> str | None:
    """Name and port of an origin; None if it has none ("null")."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
