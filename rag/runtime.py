"""OpenVINO without its usage reports, which it would send over the network when imported."""

import sys

# Its converter reports through this package if it can be imported, and to nobody if it cannot.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino  # noqa: E402
from openvino import opset13 as ops  # noqa: E402

__all__ = ["openvino", "ops"]
