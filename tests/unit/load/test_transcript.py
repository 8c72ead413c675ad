"""Speakers of hearings and depositions."""

import time

from rag.load.transcript import transcript_speakers


def turns(text: str) -> list[tuple[str, str]]:
    """The first words of each turn with its speaker."""
    return [
        (text[offset:].split("\n")[0].strip(), who) for offset, who in transcript_speakers(text)
    ]


def test_an_answer_is_of_the_witness_and_a_question_of_who_examines() -> None:
    text = (
        "THE COURT: Call your witness.\n\nJANE B. ROE, PLAINTIFF'S WITNESS, SWORN\n"
        "DIRECT EXAMINATION\nBY MR. O'NEIL:\nQ.  Did you pay?\nA.  No, I\ndid not.\n"
        "Q   Who did?\nMS. PIKE: Objection.\nTHE COURT: Overruled.\nTHE WITNESS: Mr. Keel did.\n"
        "A   He told me."
    )

    assert turns(text) == [
        ("THE COURT: Call your witness.", "the court"),
        ("BY MR. O'NEIL:", "Mr. O'Neil"),
        ("A.  No, I", "Jane B. Roe"),
        ("Q   Who did?", "Mr. O'Neil"),
        ("MS. PIKE: Objection.", "Ms. Pike"),
        ("THE COURT: Overruled.", "the court"),
        ("THE WITNESS: Mr. Keel did.", "Jane B. Roe"),
    ]


def test_a_deposition_names_its_witness_in_its_title() -> None:
    text = "DEPOSITION OF ANNA FINCH, 3 May 2020\n\nQ. One?\n\nA. Yes.\n\nQ. Two?\n\nA. No."

    assert [who for _, who in transcript_speakers(text)] == [
        *("the questioner", "Anna Finch"),
        *("the questioner", "Anna Finch"),
    ]


def test_the_certificate_at_the_end_is_the_reporters() -> None:
    text = (
        "LORD JUSTICE FINCH: Yes.\nMS. DeLUCA: No.\nTHE TRIBUNAL: So be it.\nMS. DeLUCA: Thanks.\n"
        "REPORTER'S CERTIFICATE\nI certify that this is true.\n"
    )

    assert [who for _, who in transcript_speakers(text)] == [
        *("Lord Justice Finch", "Ms. DeLUCA", "the tribunal", "Ms. DeLUCA", "the court reporter")
    ]


def test_a_list_of_frequent_questions_and_a_form_are_no_transcripts() -> None:
    faq = "Frequent questions\n\nQ. May I pay late?\nA. No.\n\nQ. Why?\nA. The rule says so."
    form = "NAME: x\nDATE: y\nTHE COURT: z\nMR. DOE: w\n"
    outline = "A. Background\nThe witness was sworn.\nB. Law\nQ. Costs\n"

    for text in (faq, form, outline):
        assert transcript_speakers(text) == ()


def test_names_are_also_written_in_small_letters_and_with_what_follows_them() -> None:
    interview = (
        "Chair Pell: Is Mr. Rusk here?\n\nMr. Rusk: I am.\n\nChair Pell: Go on.\n\n"
        "Ms. Ada O'Neil-Doe (by telephone): I object.\n"
    )
    hearing = (
        "The CHAIRMAN. Go on.\nMs. PELL of Ohio. I will.\nMr. Rusk asked for it.\n"
        "The CHAIRMAN. Thanks.\nMr. RUSK. No.\n"
    )
    trial = "THE COURT: Yes?\nMR. O'NEIL, JR.: No.\nTHE COURT: No?\nMS. ROE (sworn): Yes.\n"

    assert [who for _, who in turns(interview)] == [
        *("Chair Pell", "Mr. Rusk", "Chair Pell", "Ms. Ada O'Neil-Doe")
    ]
    assert [who for _, who in turns(hearing)] == [
        *("the chairman", "Ms. Pell", "the chairman", "Mr. Rusk")
    ]
    assert [who for _, who in turns(trial)] == ["the court", "Mr. O'Neil", "the court", "Ms. Roe"]


def test_people_in_a_list_and_in_a_letter_are_no_speakers() -> None:
    letter = "Dear Mr. Rusk:\n\nMr. Pell:\nMs. Roe: x\nMr. Doe.\nMr. Rusk. He paid.\n"

    assert transcript_speakers(letter) == ()


def test_long_runs_take_linear_time() -> None:
    began = time.perf_counter()
    for unit in (
        "Q. ",
        " ",
        "A",
        "MR. A ",
        "THE COURT",
        "A. A. ",
        "Aa Aa, ",
        "\n",
        "Aa,\n",
        "BY MR. A",
        "Mr. Aa ",
        "Mr. AAA of ",
        "MR. AA (",
    ):
        text = unit * (40_000 // len(unit))
        transcript_speakers(text)
        transcript_speakers(f"Q. a\nA. b\nQ. c\nA. d\nsworn\n{text}")

    assert time.perf_counter() - began < 5
