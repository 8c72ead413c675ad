"""The messages of a thread in one body."""

import time

import pytest

from rag.load.thread import messages_of, name_of


def said(body: str) -> list[tuple[str, str]]:
    """Each line of the body with its speaker; those without words are left out."""
    thread = messages_of(body, "Bo Rusk")
    lines, offset = [], 0
    for line in thread.text.split("\n"):
        who = "Bo Rusk"
        for start, speaker in thread.speakers:
            who = speaker if start <= offset else who
        if line.strip():
            lines.append((line.strip(), who.removesuffix(" (quoted by Bo Rusk)")))
        offset += len(line) + 1
    return lines


def test_marks_part_the_messages_and_are_not_text() -> None:
    body = (
        "No.\n\nOn Tue, Mar 5, 2024 at 9:01 AM Ada Pell\n<ada@pell.test> wrote:\n\n"
        "> Did we\n> pay?\n>\n> On 4 March 2024 at 10:00, Cy Dorn <cy@dorn.test> wrote:\n"
        ">> They know.\n>> On Mon, Bo Rusk wrote:\n>>> Keep it.\n> Answer me.\n\nNever.\n"
        ">50 % of it is mine."
    )

    assert said(body) == [
        ("No.", "Bo Rusk"),
        ("On Tue, Mar 5, 2024 at 9:01 AM Ada Pell", "Ada Pell"),
        ("<ada@pell.test> wrote:", "Ada Pell"),
        ("Did we", "Ada Pell"),
        ("pay?", "Ada Pell"),
        ("On 4 March 2024 at 10:00, Cy Dorn <cy@dorn.test> wrote:", "Cy Dorn"),
        ("They know.", "Cy Dorn"),
        ("On Mon, Bo Rusk wrote:", "Bo Rusk"),
        ("Keep it.", "Bo Rusk"),
        ("Answer me.", "Ada Pell"),
        ("Never.", "Bo Rusk"),
        (">50 % of it is mine.", "Bo Rusk"),
    ]
    dated = [words for _, _, words in messages_of(body, "Bo Rusk").messages]
    assert dated[:2] == ["Ada Pell, 2024-03-05", "Cy Dorn, 2024-03-04"]


@pytest.mark.parametrize(
    "opening",
    [
        "-----Original Message-----\nFrom: Pell, Ada [mailto:ada@pell.test]\nSent: 4 March 2024\n",
        "---------- Forwarded message ---------\nFrom: Pell, Ada <ada@pell.test>\n"
        "Date: Mon, Mar 4, 2024 at 9:00 AM\nSubject: x\nTo: <bo@rusk.test>\n",
        "Begin forwarded message:\n\n> From: Pell, Ada <ada@pell.test>\n> Date: March 4, 2024\n>\n",
        "From: Pell, Ada\n\nSent: Monday, March 4, 2024\n\nTo: Bo\n",
        "Begin forwarded message:\n\nFrom: Pell, Ada <ada@pell.test>\nDate: March 4, 2024\n",
        "*From:* Pell, Ada <a@pell.test>\n*Sent:* Monday, March 4, 2024 9:00 AM\n*To:* Bo\n",
        "Von: Pell, Ada <a@pell.test>\nGesendet: Montag, 4. März 2024 09:00\nAn: Bo\nBetreff: x\n",
        "> From: Pell, Ada <a@pell.test>\n> Date: 4 March 2024\n> To: Bo\n>\n",
    ],
)
def test_a_forwarded_message_is_that_of_its_sender(opening: str) -> None:
    thread = messages_of(f"See below.\n\n{opening}\nWe cut it.\n", "Bo Rusk")

    (start, speaker), *_ = thread.speakers
    assert speaker == "Pell, Ada (quoted by Bo Rusk)"
    assert thread.text[:start] == "See below.\n\n"
    assert thread.messages[0][2] == "Pell, Ada, 2024-03-04"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("On 2024-03-04 10:00, Ada Pell wrote:", "Ada Pell"),
        ("On Mon, 4 Mar 2024 10:00:00 +0000, ada@pell.test wrote:", "ada@pell.test"),
        ("Am 04.03.24 um 10:00 schrieb Ada Pell:", "Ada Pell"),
        ("Le lun. 4 mars 2024 à 10:00, Ada Pell <a@p.test> a écrit :", "Ada Pell"),
        ("El 4 de marzo de 2024 10:00, Ada Pell escribió:", "Ada Pell"),
        ("Ada Pell wrote:", "Ada Pell"),
    ],
)
def test_the_name_is_found_in_what_leads_a_quotation(line: str, name: str) -> None:
    thread = messages_of(f"x\n{line}\n> We cut it.", "Bo Rusk")

    assert thread.speakers == ((2, f"{name} (quoted by Bo Rusk)"),)


def test_answers_between_quoted_lines_keep_the_speakers_apart() -> None:
    body = "On 4 March 2024, Ada Pell wrote:\n> Is it gone?\n\nYes.\n\n> All of it?\n\nNo."

    assert said(body)[1:] == [
        *(("Is it gone?", "Ada Pell"), ("Yes.", "Bo Rusk")),
        *(("All of it?", "Ada Pell"), ("No.", "Bo Rusk")),
    ]


def test_quoted_words_without_a_name_are_not_the_senders() -> None:
    assert said("> We cut it.\n> All.\nNo.") == [
        *(("We cut it.", "someone not named"), ("All.", "someone not named"), ("No.", "Bo Rusk"))
    ]


def test_prose_that_tells_of_letters_stays_the_senders() -> None:
    body = "On March 4 the Board wrote:\n\nDear all.\n\nFrom: here\nTo: there\nI deny it."

    assert messages_of(body, "Bo Rusk").speakers == ()


def test_a_name_is_taken_from_an_address_line() -> None:
    assert name_of('"Ada Pell" <ada@pell.test>') == "Ada Pell"
    assert name_of("<ada@pell.test>") == "ada@pell.test"
    assert name_of("ada@pell.test (Ada Pell)") == "Ada Pell"


def test_long_lines_and_many_marks_take_linear_time() -> None:
    began = time.perf_counter()
    for unit in (
        "> ",
        ">",
        "On ",
        "From: a\n",
        "a:\n",
        "wrote:\n",
        "- ",
        "<",
        "a@",
        " ",
        "\n",
        "1:00",
    ):
        messages_of(unit * (40_000 // len(unit)), "Bo Rusk")
        messages_of("On " + unit * (40_000 // len(unit)) + " wrote:", "Bo Rusk")
        name_of(unit * (40_000 // len(unit)))

    assert time.perf_counter() - began < 10
