"""The address of an index: a folder, or a PostgreSQL server whose password is never printed."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_SCHEMES = ("postgresql:", "postgres:")
_SECRETS = re.compile(r"(?<=[?&])((?:ssl)?password)=[^&#]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class ServerAddress:
    """A database that holds an index, as ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE``.

    As text it has ``***`` for the password.
    """

    url: str

    def __str__(self) -> str:
        scheme, _, rest = self.url.partition("//")
        path = re.search(r"[/?#]", rest.rpartition("@")[2])
        names, at, where = rest.rpartition("@")
        if at and path is not None and "?" in names:  # the sign stands in a parameter
            names, at, where = "", "", rest
        user, colon, _ = names.partition(":")
        shown = f"{user}:***" if colon else user
        return _SECRETS.sub(r"\1=***", f"{scheme}//{shown}{at}{where}")

    __repr__ = __str__

    @property
    def place(self) -> str:
        """Host, port and database, for messages: ``db.example:5432/cases``."""
        return str(self).partition("//")[2].rpartition("@")[2].partition("?")[0]

    @property
    def secret(self) -> str:
        """The password in the address, so that messages can be searched for it; or empty."""
        parts = urlsplit(self.url)
        names = parts.netloc.rpartition("@")[0]
        return names.partition(":")[2] or parse_qs(parts.query).get("password", [""])[0]

    @property
    def database(self) -> str:
        """Name of the database; empty where the address names none."""
        parts = urlsplit(self.url)
        return parts.path.strip("/") or parse_qs(parts.query).get("dbname", [""])[0]


IndexAddress = Path | ServerAddress
"""Where an index is."""


def index_address(index: str | Path | ServerAddress) -> Path | ServerAddress:
    """The folder or the server that a text names.

    >>> index_address("index")
    PosixPath('index')
    >>> index_address("postgresql://ann:secret@db/cases")
    postgresql://ann:***@db/cases
    """
    if isinstance(index, str):
        return ServerAddress(index) if index.startswith(_SCHEMES) else Path(index)
    return index
