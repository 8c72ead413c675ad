"""OpenVINO, imported without its usage reports over the network, and a check of the processor."""

import sys
from functools import cache
from pathlib import Path

# On import OpenVINO reports its use through this package. Without the package it reports nothing.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino  # noqa: E402
from openvino import opset13 as ops  # noqa: E402

__all__ = ["has_amx", "openvino", "ops"]


@cache
def has_amx() -> bool:
    """Whether this processor has AMX, which multiplies matrices in bfloat16 and in int8.

    Both are faster with AMX than int8 is without it. False outside Linux, which alone lets programs
    use AMX.
    """
    try:
        return {"amx_bf16", "amx_int8"} <= set(Path("/proc/cpuinfo").read_text("utf-8").split())
    except OSError:
        return False
