"""Who may read which collection."""

from hashlib import sha256
from pathlib import Path

import pytest

from rag.access import DEFAULT, Access, Caller, groups_in, load_access, parse_access
from rag.config import Settings
from rag.errors import UsageError

DIGEST = sha256(b"secret").hexdigest()
FILE = f"""
groups_claim = "roles"
[collections.public]
index = "public"
groups = ["*"]
[collections.legal]
index = "/srv/legal"
title = "Legal"
groups = ["lawyers", "board"]
[collections.served]
index = "postgresql://db/rag"
groups = ["board"]
[[tokens]]
name = "bot"
sha256 = "{DIGEST}"
groups = ["board"]
"""


def names(access: Access, *groups: str) -> list[str]:
    return [one.name for one in access.readable(Caller("x", frozenset(groups)))]


def test_groups_open_their_collections_and_everyone_the_public_ones() -> None:
    access = parse_access(FILE, Path("/etc/rag"))

    assert names(access) == ["public"]
    assert names(access, "lawyers") == ["public", "legal"]
    assert names(access, "board", "other") == ["public", "legal", "served"]
    assert [str(one.index) for one in access.collections.values()] == [
        "/etc/rag/public",
        "/srv/legal",
        "postgresql://db/rag",
    ]
    assert access.groups_claim == "roles"


def test_a_collection_that_is_not_for_the_caller_does_not_exist() -> None:
    access = parse_access(FILE)

    assert access.collection(Caller(), "legal") is None
    assert access.collection(Caller(), "nothing") is None
    found = access.collection(Caller("x", frozenset({"lawyers"})), "legal")
    assert found is not None
    assert found.title == "Legal"
    assert access.collection(Caller()) == access.collections["public"]


def test_a_token_stands_for_its_caller() -> None:
    access = parse_access(FILE)

    assert access.caller("secret") == Caller("bot", frozenset({"board"}))
    assert [access.caller(token) for token in (None, "", "Secret", DIGEST, "\ud800")] == [None] * 5


def test_without_a_file_there_is_one_collection_for_everyone(tmp_path: Path) -> None:
    access = load_access(Settings(index=tmp_path))
    guarded = load_access(Settings(index=tmp_path, serve_token="secret"))

    assert names(access) == [DEFAULT]
    assert access.caller(None) == Caller()
    assert (guarded.caller(None), guarded.caller("secret")) == (None, Caller("token"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "collections is missing"),
        ("[collections]", "names no collection"),
        ("collections = 1", "collections is missing or has no table"),
        ('[collections.a]\nindex = "x"', r"\[collections.a\]: groups is missing"),
        ('[collections.a]\nindex = ""\ngroups = ["b"]', "index is missing or has no text"),
        ('[collections.a]\nindex = "x"\ngroups = [""]', "groups is not a list of texts"),
        ('[collections.A]\nindex = "x"\ngroups = ["b"]', "a name has a-z"),
        ('[collections.a]\nindex = "x"\ngroups = ["b"]\ngroup = 1', "unknown group. Known: index"),
        ('[collections.a]\nindex = "x"\ngroups = ["b"]\n[[tokens]]\nname="c"\nsha256="d"\n'
         'groups=["b"]', "not the hex SHA-256"),
        ("[", "Invalid|Expected"),
    ],
)  # fmt: skip
def test_a_file_with_a_fault_is_refused_with_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    (tmp_path / "access.toml").write_text(text)

    with pytest.raises(UsageError, match=reason):
        load_access(Settings(access=tmp_path / "access.toml"))


def test_a_missing_file_and_a_second_place_for_tokens_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        load_access(Settings(access=tmp_path / "none.toml"))
    with pytest.raises(UsageError, match="both set"):
        load_access(Settings(access=tmp_path / "none.toml", serve_token="x"))


def test_the_groups_of_a_claim() -> None:
    assert groups_in(["a", 1, "b", "*"]) == {"a", "b"}
    assert groups_in("a") == {"a"}
    assert groups_in(None) == groups_in({"a": 1}) == frozenset()
