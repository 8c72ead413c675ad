"""Dates of exports."""

import time

import pytest

from rag.load.dates import is_ambiguous, iso_date, order_of


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024", "2024"),
        (2024, "2024"),
        ("2024-03", "2024-03"),
        ("2024-3-5", "2024-03-05"),
        ("2024/03/05", "2024-03-05"),
        ("20240305", "2024-03-05"),
        (1709510400000, "2024-03-04"),
        ("2024-03-05T23:30:00-05:00", "2024-03-05"),
        ("2024-03-05 10:00:00.123456", "2024-03-05"),
        ("2024-03-05T10:00:00Z", "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("3/5/24", "2024-03-05"),
        ("12/31/99", "1999-12-31"),
        ("05.03.24", "2024-03-05"),
        ("MARCH 5 2024", "2024-03-05"),
        ("Tuesday, Mar. 5th, 2024 at 4:05 p.m. EST", "2024-03-05"),
        ("Tue, 05 Mar 2024 10:00:00 +0000 (UTC)", "2024-03-05"),
        ("5 March 2024", "2024-03-05"),
        ("5th day of March, 2024", "2024-03-05"),
        ("05-Mar-24", "2024-03-05"),
        ("05-MAR-1999", "1999-03-05"),
        ("5. März 2024", "2024-03-05"),
        ("1er février 2024", "2024-02-01"),
        ("5 de marzo de 2024", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("05.03.2024", "2024-03-05"),
        ("March 2024", "2024-03"),
        ("3/5/2024", "2024-03-05"),
        ("13/5/2024", "2024-05-13"),
        ("5-13-2024", "2024-05-13"),
        ("3/5/2024 10:00 AM", "2024-03-05"),
    ],
)
def test_dates_as_people_write_them(written: object, date: str) -> None:
    assert iso_date(written) == date


@pytest.mark.parametrize(
    "written",
    [
        *("next week", "May", "5", "", "Q3 2024", "31 February 2024", "2024-13-01", "13/13/2024"),
        *("about 2024", "FY 2024", "45355", "2024-03-05 to 2024-03-09", "x" * 100, "Order 2024"),
        *("04-03-24", "3/5/245", "1.2.3"),
        *("9999-99-99", "9999-12-31", "0001-01-01", "253402300799000", "30 February 2024", "9999"),
    ],
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert iso_date(written) == ""


def test_a_column_tells_whether_the_day_comes_first() -> None:
    assert order_of(["3/5/2024", "14/2/2023", "x"]) == "day first"
    assert order_of(["3/5/2024", "2/14/2023"]) == "month first"
    assert order_of(["3/5/2024"]) is None
    assert order_of(["3/5/24", "14/2/23"]) == "day first"
    assert order_of(["14/2/2023", "2/14/2023"]) is None
    assert iso_date("3/5/2024", "day first") == "2024-05-03"
    assert [is_ambiguous(d) for d in ("3/5/2024", "5/5/2024", "13/5/2024", "05.03.2024")] == [
        *(True, False, False, False)
    ]


def test_long_cells_take_no_time() -> None:
    began = time.perf_counter()
    for unit in (" ", "1", "a", "1.", "mon ", "年", "1:00", "é"):
        assert iso_date(unit * 40_000) == ""

    assert time.perf_counter() - began < 2
