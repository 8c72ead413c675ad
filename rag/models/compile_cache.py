"""Compiled models kept on disk: read in a fraction of the time it takes to make them."""

import hashlib
import os
from collections.abc import Callable

import numpy as np

from rag.config import cache_folder
from rag.hashing import sha256_of
from rag.models.runtime import openvino

# The models of the last versions of this program, of the runtime, of the processor.
_KEPT = 4


def compiled(
    make: Callable[[], openvino.Model], key: str, options: dict[str, str | int]
) -> openvino.CompiledModel:
    """The model that ``make`` gives, compiled for this processor.

    Kept beside others in the user's cache folder, its checksum in its name, because the runtime
    trusts what it reads; one that does not fit is made anew. The latest few are kept, the others
    removed. Where nothing can be written, nothing is kept.

    Parameters
    ----------
    make
        Called if it is not known.
    key
        Says which model it is: equal keys, equal models.
    options
        Of the runtime.
    """
    core = openvino.Core()
    processor = core.get_property("CPU", "FULL_DEVICE_NAME")
    parts = (key, openvino.__version__, processor, sorted(options.items()))
    name = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    for path in cache_folder().glob(f"{name}-*.model"):
        try:
            if sha256_of(path) == path.stem.partition("-")[2]:
                mapped = openvino.Tensor(np.memmap(path, np.uint8, mode="c"), shared_memory=True)
                model = core.import_model(mapped, "CPU", options)
                model.weights = mapped  # it reads them there as long as it lives
                return model
        except (OSError, RuntimeError):
            continue  # gone in the meantime, or of another runtime after all
    model = core.compile_model(make(), "CPU", options)
    _keep(name, model.export_model().getvalue())
    return model


def _keep(name: str, model: bytes) -> None:
    folder = cache_folder()
    temporary = folder / f"{name}.{os.getpid()}"
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
        if temporary.exists():
            temporary.unlink()
