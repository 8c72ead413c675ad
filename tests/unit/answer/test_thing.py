"""The thing asked for, marked in the first quote that gives it."""

import pytest

from rag.answer.thing import thing
from rag.question.understanding import understand
from rag.types import Citation, Claim
from tests.records import document

SETTLED = (
    "Acme was ordered to pay disgorgement of $234,803 plus prejudgment interest of $52,656, and a "
    "civil penalty of $70,441."
)


def claims(*texts: str) -> list[Claim]:
    found = []
    for text in texts:
        citation = Citation(document(text, "SEC v. Acme"), 0, len(text), text)
        found.append(Claim(text, (citation,), "SEC", "ordered"))
    return found


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What civil penalty was Acme ordered to pay?", SETTLED, "$70,441"),
        ("How much disgorgement was Acme ordered to pay?", SETTLED, "$234,803"),
        ("How much was Acme ordered to pay?", SETTLED, None),
        ("What penalty was Acme ordered to pay?", "Acme gained $9 from fraud.", None),
        ("What penalty did Acme pay?", "Acme may pay a penalty of up to $9,000.", None),
        ("What penalty did Acme pay?", "Acme agreed to pay an $80,000 civil penalty.", "$80,000"),
        ("What penalty did Egret pay?", "Roe paid a penalty of $8,000.", None),
        ("What penalty did Acme pay and why?", "Acme paid a penalty of $8,000.", None),
        ("How many shares did Acme sell?", "Acme sold 5,000 shares to 12 people.", "5,000"),
        ("How long was Roe of Acme barred?", "Roe was barred for five years.", "five years"),
        (
            "Which court heard the case against Acme?",
            "The case against Acme was heard in the U.S. District Court for the District of Utah.",
            "U.S. District Court for the District of Utah",
        ),
        (
            "Which section did Acme violate?",
            "Acme violated Section 17(a) of the Securities Act.",
            "Section 17(a) of the Securities Act",
        ),
        (
            "Which judge sentenced Roe of Acme?",
            "Judge Ann Poe sentenced Roe.",
            "Judge Ann Poe",
        ),
        ("Did Acme pay a penalty?", "Acme paid a penalty of $8,000.", None),
    ],
)
def test_the_thing_is_given_only_where_it_is_certain(
    question: str, text: str, expected: str | None
) -> None:
    found = thing(understand(question), claims(text))

    assert (found.text if found else None) == expected


def test_offsets_count_the_quote_of_the_claim_that_gives_it() -> None:
    quotes = claims("Acme was sued in May.", f"It is over. {SETTLED}")

    found = thing(understand("What civil penalty was Acme ordered to pay?"), quotes)

    assert found is not None
    assert found.claim == 2
    assert quotes[1].citations[0].quote[found.start : found.end] == found.text == "$70,441"
