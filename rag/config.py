"""Settings from flags, the environment (``RAG_…``), ``rag.toml`` and defaults, in this order."""

import difflib
import hashlib
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, PlainSerializer, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.address import IndexAddress, ServerAddress, index_address
from rag.errors import UsageError

T = TypeVar("T")
_CHECKOUT = Path(__file__).resolve().parent.parent


def project_root() -> Path:
    """Folder of the checkout; the current folder if the package is installed without one."""
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else Path.cwd()


class Settings(BaseSettings):
    """All settings with their defaults. Sizes count characters unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_",
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        arbitrary_types_allowed=True,
    )

    index: Annotated[
        IndexAddress, BeforeValidator(index_address), PlainSerializer(str, return_type=str)
    ] = Field(default_factory=lambda: project_root() / "index")
    """Folder of the index, or a database: ``postgresql://USER@HOST/DATABASE``."""
    seeds: Path = Field(default_factory=lambda: project_root() / "seeds")
    """Folder of documents that ``rag index`` reads if the command names none."""
    model: str = "all-MiniLM-L6-v2"
    """Embedding model: the name or the folder of a sentence-transformers model."""
    passage_size: int = Field(default=500, ge=100, le=8000)
    """Longest passage; a passage of one sentence may be a fifth longer."""
    rerank: bool = True
    """Whether the cross-encoder reranks the first candidates."""
    keep: int = Field(default=3, ge=2)
    """Builds kept on disk, the live one included; at least 2, as readers may use the older one."""
    max_question: int = Field(default=4000, ge=1)
    """Longest question."""
    max_file_bytes: int = Field(default=200_000_000, ge=1)
    """Largest file that is loaded; of an archive, the size of all that lies in it, unpacked."""
    max_pages: int = Field(default=5000, ge=1)
    """Longest PDF that is loaded, in pages."""
    ocr: bool = True
    """Whether OCR reads pages without usable text."""
    workers: int = Field(default=0, ge=0, le=64)
    """Number of processes that read documents; 0 for one for each core."""
    parse_seconds: int = Field(default=300, ge=1)
    """Longest time for one page, or for a file without pages; after it, the file is skipped."""
    parse_megabytes: int = Field(default=4096, ge=256)
    """Most memory of a process that reads files; a file that needs more is skipped."""
    shared_desk: bool = False
    """Whether all browsers see the same conversations on the page; otherwise each has its own."""
    generator_url: str = ""
    """OpenAI-compatible server of the language model, such as ``http://127.0.0.1:11434/v1``."""
    generator_model: str = ""
    """Model of the server; without a server, a GGUF file. Empty for answers in quotes alone."""
    generator_key: SecretStr = SecretStr("")
    """API key of the server, if it needs one; the environment is a safer place than a file."""
    generator_seconds: int = Field(default=60, ge=1)
    """Longest wait for the language model; after it, the answer has quotes alone."""
    generator_search: bool = False
    """Whether the language model also rewords questions for the search; quotes may then differ."""
    log: str = ""
    """File that a JSON line is added to for each build and each question; else failures only."""
    log_texts: bool = False
    """Whether the log also holds the text of questions and the messages of errors."""
    serve_token: SecretStr = SecretStr("")
    """Token that clients of ``rag serve`` send; the environment is a safer place than a file."""
    serve_names: str = "127.0.0.1, localhost"
    """Names under which ``rag serve`` answers; ``*.example.org`` for every name that ends so."""
    serve_asks: int = Field(default=0, ge=0, le=256)
    """Answers that ``rag serve`` makes at once; 0 for one for each core."""
    serve_waiting: int = Field(default=100, ge=0)
    """Questions that may wait in ``rag serve``; one more is refused with 503."""
    serve_rate: int = Field(default=600, ge=0)
    """Most requests a minute of one token; 0 for no limit."""
    access: Path | None = None
    """File with collections, and the groups and tokens that may read each; none for one index."""
    sign_in: bool = False
    """Whether the page is for signed-in readers alone; ``[auth]`` in secrets.toml says so too."""
    read_only: bool = False
    """Whether the page changes nothing: no build, no upload, no correction, no removal."""
    audit_log: Path | None = None
    """File to which each question is appended, with who asked and what was cited; none for none."""

    @property
    def folder(self) -> Path:
        """Folder on this machine for what belongs to the index: that of the index, if it has one.

        Conversations, feedback and caches are kept here. For a database it is a folder of its own
        in the user's data, named after the address without the password.
        """
        return local_folder(self.index)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then ``rag.toml`` in the project root."""
        toml = TomlConfigSettingsSource(settings_cls, project_root() / "rag.toml")
        return init_settings, env_settings, toml


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; ``overrides`` win, except those that are None.

    Raises
    ------
    UsageError
        For an unknown key (the message names the nearest known one), a value out of range, or a
        ``rag.toml`` that is not TOML.
    """
    _refuse_unknown_environment()
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "?"
        if first["type"] == "extra_forbidden":
            raise UsageError(f"unknown setting {key!r} in rag.toml.{_nearest(key)}") from error
        if key == "generator_key":  # its value is shown nowhere
            raise UsageError(f"setting {key}: {first['msg']}.") from None
        raise UsageError(f"setting {key} = {first.get('input')!r}: {first['msg']}.") from error
    except (ValueError, RecursionError) as error:  # a rag.toml that is not TOML
        raise UsageError(f"rag.toml: {error}.") from error


@cache
def offline() -> None:
    """Switch off network access of the model libraries; call it before importing one of them."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def cache_folder() -> Path:
    """Folder of the user's caches, which all indexes share and which may be deleted at any time."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "enforcement-rag"


def local_folder(index: IndexAddress) -> Path:
    """Folder on this machine for what belongs to an index."""
    if not isinstance(index, ServerAddress):
        return index
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    name = re.sub(r"[^\w-]+", "-", index.place).strip("-")
    digest = hashlib.sha256(str(index).encode()).hexdigest()
    return data / "enforcement-rag" / f"{name[:40]}-{digest[:8]}"


def _refuse_unknown_environment() -> None:
    for name in os.environ:
        key = name.removeprefix("RAG_").lower()
        if name.startswith("RAG_") and key not in Settings.model_fields:
            raise UsageError(f"unknown setting {name} in the environment.{_nearest(key)}")


def _nearest(key: str) -> str:
    near = difflib.get_close_matches(key, Settings.model_fields, n=1)
    known = near or sorted(Settings.model_fields)
    return f" {'Nearest' if near else 'Known'}: {', '.join(known)}."


def read_weights(record: type[T], path: Path) -> T:
    """The constants of a room, kept in a file that a command can write: a field for each key.

    Raises
    ------
    TypeError
        If a field is missing or unknown.
    """
    return record(**json.loads(path.read_text(encoding="utf-8")))
