"""Witnesses: small cases that come out right with the weights in use, and wrong with one at 0."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

Witness = Callable[[Any], object]
"""Takes the weights of a room and returns what comes of them."""


def came_of(witness: Witness, weights: Any, **changed: float) -> object:
    """The outcome with these fields changed; the error where there is one."""
    try:
        return witness(replace(weights, **changed))
    except (ValueError, IndexError) as error:
        return repr(error)
