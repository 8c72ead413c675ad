"""OpenVINO without its usage reports, which it would send over the network when imported.

And what it is good at on this processor.
"""

import sys
from functools import cache
from pathlib import Path

# Its converter reports through this package if it can be imported, and to nobody if it cannot.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino  # noqa: E402
from openvino import opset13 as ops  # noqa: E402

__all__ = ["has_amx", "openvino", "ops"]


@cache
def has_amx() -> bool:
    """Whether this processor has a unit that multiplies matrices in bfloat16 and in int8.

    Either is faster there than int8 is without one. Linux alone lets programs use it, and says so.
    """
    try:
        return {"amx_bf16", "amx_int8"} <= set(Path("/proc/cpuinfo").read_text("utf-8").split())
    except OSError:
        return False
