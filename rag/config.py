"""Settings: a flag over the environment (``RAG_…``) over ``rag.toml`` over the default."""

import difflib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import UsageError

T = TypeVar("T")
_CHECKOUT = Path(__file__).resolve().parent.parent


def project_root() -> Path:
    """The checkout this package runs from, else (installed elsewhere) the current folder."""
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else Path.cwd()


class Settings(BaseSettings):
    """Every setting with its default. Sizes count characters unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    index: Path = Field(default_factory=lambda: project_root() / "index")
    """Folder of the index."""
    seeds: Path = Field(default_factory=lambda: project_root() / "seeds")
    """Folder of the documents that ``rag index`` reads when none are named."""
    model: str = "all-MiniLM-L6-v2"
    """Embedding model: a sentence-transformers name or folder."""
    passage_size: int = Field(default=500, ge=100, le=8000)
    """Upper limit of a passage; a single sentence may be a fifth longer."""
    rerank: bool = True
    """Whether the cross-encoder reorders the first candidates."""
    keep: int = Field(default=3, ge=2)
    """Builds kept on disk, the live one included; one older at least, for readers still on it."""
    max_question: int = Field(default=4000, ge=1)
    """Longest question accepted."""
    max_file_bytes: int = Field(default=200_000_000, ge=1)
    """Largest file that is loaded, unpacked."""
    max_pages: int = Field(default=5000, ge=1)
    """Longest PDF that is loaded."""
    ocr: bool = True
    """Whether pages without usable text are read by OCR."""
    workers: int = Field(default=0, ge=0, le=64)
    """Processes that read documents; 0 for one a core."""
    parse_seconds: int = Field(default=300, ge=1)
    """Longest time a file may take without finishing a page; then its process is ended."""
    parse_megabytes: int = Field(default=4096, ge=256)
    """Most memory that the process reading a file may take."""
    generator_url: str = ""
    """OpenAI-compatible server whose model words the answers, such as ``http://127.0.0.1:11434/v1``."""
    generator_model: str = ""
    """Its model; without a server, a GGUF file to run here. Empty for answers in quotes alone."""
    generator_key: SecretStr = SecretStr("")
    """Key that the server wants, if any; rather in the environment than in a file."""
    generator_seconds: int = Field(default=60, ge=1)
    """Longest wait for the language model; then the quotes answer without it."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags (as arguments), then environment, then ``rag.toml`` in the project root."""
        toml = TomlConfigSettingsSource(settings_cls, project_root() / "rag.toml")
        return init_settings, env_settings, toml


def load_settings(**overrides: Any) -> Settings:
    """The settings in force, ``overrides`` (those not None) on top.

    Raises
    ------
    UsageError
        For an unknown key (with the nearest known one) or a value out of range.
    """
    _refuse_unknown_environment()
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "?"
        if first["type"] == "extra_forbidden":
            raise UsageError(f"unknown setting {key!r} in rag.toml.{_nearest(key)}") from error
        raise UsageError(f"setting {key} = {first.get('input')!r}: {first['msg']}.") from error
    except ValueError as error:  # a rag.toml that is not TOML
        raise UsageError(f"rag.toml: {error}.") from error


@cache
def offline() -> None:
    """Keep the model libraries from waiting for a network; called before one is imported."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def cache_folder() -> Path:
    """Where things are kept that can be made again, whatever the index."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "enforcement-rag"


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
