"""Sums of money in every currency that is written."""

from decimal import Decimal

import pytest

from rag.text.money import currency_of, may_have_money, money, money_as_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a fine of $ 66,212 and $1 ,234", ["$66,212", "$1,234"]),
        ("US$5 million, U.S. $3,000", ["$5,000,000", "$3,000"]),
        ("A$3.5 million, S$25,000, HK$7.2 million, C$450,000, NZ$ 900",
         ["A$3,500,000", "S$25,000", "HK$7,200,000", "C$450,000", "NZ$900"]),
        ("£18.4m, £1,250,000.00 and £90.50", ["£18,400,000", "£1,250,000", "£90.50"]),
        ("€530 million, €1.2bn, € 1.250.000 and EUR 7,348,035.00",
         ["€530,000,000", "€1,200,000,000", "€1,250,000", "€7,348,035"]),
        ("60 million euros, 100,000 euros, 290,000,000 EUR, 20 000 000 EUR",
         ["€60,000,000", "€100,000", "€290,000,000", "€20,000,000"]),
        ("CHF 1.5 million, 5 million Swiss francs", ["CHF 1,500,000", "CHF 5,000,000"]),
        ("¥310 million, 40,000 yen", ["¥310,000,000", "¥40,000"]),
        ("Rs 25 lakh, Rs. 1,00,000, ₹2 crore", ["Rs 2,500,000", "Rs 100,000", "Rs 20,000,000"]),
        ("500,000 pounds sterling, 3 million Australian dollars", ["£500,000", "A$3,000,000"]),
        ("a 10-million-euro fine", ["€10,000,000"]),
        ("NOK 4,200,000, 1.2 million zlotys, 5 million South African rand, NT$5,000, ₺ 300,000",
         ["NOK 4,200,000", "PLN 1,200,000", "ZAR 5,000,000", "TWD 5,000", "TRY 300,000"]),
        ("50,000 Mexican pesos, 7,500 Philippine pesos, RM 50,000 and 2 million TRY",
         ["MXN 50,000", "PHP 7,500", "MYR 50,000", "TRY 2,000,000"]),
    ],
)  # fmt: skip
def test_a_sum_is_read_with_its_currency(text: str, shown: list[str]) -> None:
    found = list(money(text))

    assert [money_as_text(one.value, one.currency) for one in found] == shown
    assert all(text[one.start : one.end].strip() for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "35% of it",
        "twelve pounds",
        "a $333,110 million penalty",
        "£90,00(ninety)",
        "Chf. 12, 2019",
        "$1\ufffd0",
        "1\ufffd0 dollars",
        "3,000 pesos",
        "SAR 2023 was filed after COP 26",
        "Room RM 101",
    ],
)
def test_what_is_no_sum_or_a_misprint_is_left_out(text: str) -> None:
    assert list(money(text)) == []


def test_a_bare_dollar_is_that_of_the_country() -> None:
    (found,) = money("a penalty of $58,000", dollar="SGD")

    assert (found.value, found.currency) == (Decimal(58000), "SGD")


@pytest.mark.parametrize(
    ("written", "code"),
    [("$", "$"), ("US$", "USD"), ("HK$", "HKD"), ("€", "EUR"), ("Rs.", "INR"), ("pounds", "GBP"),
     ("U.S. dollars", "USD"), ("South African rand", "ZAR"), ("pesos", "peso"), ("ounces", "")],
)  # fmt: skip
def test_a_currency_has_one_code_however_it_is_written(written: str, code: str) -> None:
    assert currency_of(written) == code


def test_a_quick_look_never_misses_a_sum() -> None:
    assert may_have_money("a fine of 1,200 kroner")
    assert may_have_money("SEK 5")
    assert not may_have_money("The Board met twice.")
