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

__all__ = ["multiplies_bfloat16", "openvino", "ops"]


@cache
def multiplies_bfloat16() -> bool:
    """Whether this processor has a unit (AMX) that multiplies matrices in bfloat16.

    It is faster there than int8 is without one. Linux alone lets programs use it, and says so.
    """
    try:
        return "amx_bf16" in Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:
        return False
