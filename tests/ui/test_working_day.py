"""A short working day by script: nothing is lost, nothing is mixed."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.ui.working_day import Contexts, day

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_day_of_three_people_loses_and_mixes_nothing(browser: Browser, tmp_path: Path) -> None:
    with ExitStack() as stack:
        figures = day(tmp_path, questions=6, context_of=Contexts(stack, browser))

    assert figures["good"], figures
