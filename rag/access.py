"""Who may read which collection: a TOML file that maps groups and tokens to collections."""

import hashlib
import hmac
import re
import secrets
import tomllib
from collections.abc import Collection as Several
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.address import IndexAddress, index_address
from rag.config import Settings
from rag.errors import UsageError

DEFAULT = "enforcement-rag"
"""Name of the only collection where no file names collections."""
EVERYONE = "*"
"""The group that everyone is in."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Collection:
    """An index with a name, and the groups whose members may read it."""

    name: str
    title: str
    index: IndexAddress
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or a program that reads, with its groups. ``name`` is empty if it is not known."""

    name: str = ""
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Access:
    """The collections, and the callers that a token stands for.

    Attributes
    ----------
    collections
        By name, in the order of the file.
    tokens
        The SHA-256 of each token, with its caller.
    groups_claim
        The claim of an identity token that holds the groups of a person.
    """

    collections: Mapping[str, Collection]
    tokens: tuple[tuple[str, Caller], ...] = ()
    groups_claim: str = "groups"

    def readable(self, caller: Caller) -> list[Collection]:
        """The collections that the caller may read."""
        groups = caller.groups | {EVERYONE}
        return [one for one in self.collections.values() if one.groups & groups]

    def collection(self, caller: Caller, name: str | None = None) -> Collection | None:
        """The collection of this name, or the first one; None if the caller may not read it.

        A collection that does not exist and one that the caller may not read look the same.
        """
        readable = self.readable(caller)
        if name is None:
            return readable[0] if readable else None
        return next((one for one in readable if one.name == name), None)

    def caller(self, token: str | None) -> Caller | None:
        """The caller with this token; None if the token is not known, or missing but needed."""
        if not self.tokens:
            return Caller()
        digest = hashlib.sha256((token or "").encode("utf-8", "replace")).hexdigest()
        found = None
        for known, caller in self.tokens:  # all are compared: the time tells nothing
            if hmac.compare_digest(known, digest):
                found = caller
        return found


def load_access(settings: Settings, *, tokens: bool = True) -> Access:
    """The collections of the settings: those of the file ``access``, else the index alone.

    Without ``tokens``, the setting ``serve_token`` is passed over: it is for programs.

    Raises
    ------
    UsageError
        If the file cannot be read, or has an unknown key or a value of the wrong type.
    """
    token = settings.serve_token.get_secret_value() if tokens else ""
    if settings.access is None:
        only = Collection(DEFAULT, "", settings.index, frozenset({EVERYONE}))
        digest = hashlib.sha256(token.encode()).hexdigest()
        return Access({DEFAULT: only}, ((digest, Caller("token")),) if token else ())
    if token:
        raise UsageError(
            "serve_token and access are both set. Name the tokens in the access file alone: "
            "a [[tokens]] with the name, the sha256 and the groups of each."
        )
    path = settings.access
    try:
        return parse_access(path.read_text(encoding="utf-8"), path.parent)
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path}: {reason}") from error


def parse_access(text: str, folder: Path = Path()) -> Access:
    """The collections and tokens of a file with this text; paths in it count from ``folder``.

    Raises
    ------
    ValueError
        If it is not TOML, or has an unknown key or a value of the wrong type.
    """
    given = _Table("the file", tomllib.loads(text))
    collections = {}
    for name, value in given.take("collections", dict).items():
        one = _Table(f"[collections.{name}]", value)
        if not _NAME.fullmatch(name):
            raise ValueError(f"{one.name}: a name has a-z, 0-9, ., _ and -, and at most 63 of them")
        index = one.take("index", str)
        collections[name] = Collection(
            name=name,
            title=one.take("title", str, ""),
            index=index_address(index) if "://" in index else folder / index,
            groups=frozenset(one.texts("groups")),
        )
        one.end()
    if not collections:
        raise ValueError("it names no collection; add a [collections.NAME] with index and groups")
    tokens = []
    for number, value in enumerate(given.take("tokens", list, []), start=1):
        one = _Table(f"[[tokens]] {number}", value)
        digest = one.take("sha256", str)
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{one.name}: sha256 is not the hex SHA-256 of a token")
        caller = Caller(one.take("name", str), frozenset(one.texts("groups")))
        tokens.append((digest, caller))
        one.end()
    claim = given.take("groups_claim", str, "groups")
    given.end()
    return Access(collections, tuple(tokens), claim)


def new_token() -> tuple[str, str]:
    """A token that nobody can guess, and its SHA-256 for the access file."""
    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


def groups_in(claim: Any) -> frozenset[str]:
    """The groups in the claim of an identity token: a list of texts, or one text."""
    if isinstance(claim, str):
        return frozenset({claim})
    if isinstance(claim, list | tuple):
        return frozenset(one for one in claim if isinstance(one, str)) - {EVERYONE}
    return frozenset()


@dataclass(slots=True)
class _Table:
    """A table of the file; each key is taken once, and a key that is left is unknown."""

    name: str
    given: Any
    _known: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not isinstance(self.given, dict):
            raise ValueError(f"{self.name} is not a table")
        self.given = dict(self.given)

    def take(self, key: str, kind: type, *default: Any) -> Any:
        self._known.append(key)
        if key not in self.given and default:
            return default[0]
        value = self.given.pop(key, None)
        if not isinstance(value, kind) or (kind is str and not default and not value):
            raise ValueError(f"{self.name}: {key} is missing or has no {_KINDS[kind]}")
        return value

    def texts(self, key: str) -> Several[str]:
        values: list[Any] = self.take(key, list)
        if not values or not all(isinstance(value, str) and value for value in values):
            raise ValueError(f"{self.name}: {key} is not a list of texts")
        return values

    def end(self) -> None:
        if self.given:
            unknown = ", ".join(self.given)
            raise ValueError(f"{self.name}: unknown {unknown}. Known: {', '.join(self._known)}")


_KINDS: Mapping[type, str] = {str: "text", list: "list", dict: "table"}
