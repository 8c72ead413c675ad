"""A cache of compiled models on disk: reading one takes a fraction of the time to compile it."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from rag.config import cache_folder
from rag.hashing import sha256_of
from rag.models.runtime import openvino
from rag.unfinished import sweep, unfinished

# Compiled models kept on disk: the embedder and both rerankers, each for the current and one
# earlier version.
_KEPT = 6


def compiled(
    make: Callable[[], openvino.Model], key: str, options: dict[str, str | int]
) -> openvino.CompiledModel:
    """Compile the model that ``make`` returns for this processor, or read it from the cache.

    The cache is the user's cache folder and keeps the six latest models. A file's name holds its
    SHA-256, because OpenVINO does not check what it reads. A file with another digest is compiled
    again. If the folder cannot be written, nothing is cached.

    Parameters
    ----------
    make
        Builds the model; called only if it is not in the cache.
    key
        Identifies the model: equal keys mean equal models.
    options
        Compile options of OpenVINO.
    """
    sweep(cache_folder().glob("*.[0-9]*"))
    core = openvino.Core()
    processor = core.get_property("CPU", "FULL_DEVICE_NAME")
    parts = (key, openvino.__version__, processor, sorted(options.items()))
    name = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    for path in cache_folder().glob(f"{name}-*.model"):
        try:
            digest = path.stem.partition("-")[2]
            if sha256_of(path, expected=digest) == digest:
                mapped = openvino.Tensor(np.memmap(path, np.uint8, mode="c"), shared_memory=True)
                model = core.import_model(mapped, "CPU", options)
                model.weights = mapped  # the compiled model reads this memory as long as it exists
                return model
        except (OSError, RuntimeError):
            continue  # removed in the meantime, or written by another version of OpenVINO
    model = core.compile_model(make(), "CPU", options)
    _keep(name, model.export_model().getvalue())
    return model


def _keep(name: str, model: bytes) -> None:
    folder = cache_folder()
    temporary = unfinished(folder / name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(model)
        for old in folder.glob(f"{name}-*.model"):
            old.unlink(missing_ok=True)
        os.replace(temporary, folder / f"{name}-{hashlib.sha256(model).hexdigest()}.model")
        kept = sorted(folder.glob("*.model"), key=lambda path: path.stat().st_mtime_ns)
        for old in kept[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
