"""Whole small documents: argument and holding, dissent, quoted messages, lists, reversed orders."""

from rag.attribution.engine import attribute
from rag.text.sentences import sentences
from rag.types import Document

COURT = "U.S. Court of Appeals for the Fifth Circuit"


def told(
    text: str, *, turns: tuple[tuple[int, str], ...] = (), **metadata: object
) -> dict[str, tuple[str | None, str]]:
    """Speaker and status of each sentence, by its first words."""
    document = Document("d", "D", text, "d.txt", "0" * 64, metadata, speaker_starts=turns)
    found = {}
    for start, end in sentences(text, 0, len(text)):
        one = attribute(document, start, end)
        found[" ".join(text[start:end].split()[:3])] = (one.speaker, one.status)
    return found


def test_an_argument_is_its_partys_and_a_holding_the_courts() -> None:
    found = told(
        "On appeal, Marlow argues that the district court erred by ordering it to pay $2 million. "
        "We hold that the agency hid nothing. The judgment of the district court is AFFIRMED.",
        type="opinion",
        speaker=COURT,
        parties=["Marlow Gas Co", "Gas Board"],
    )

    assert found["On appeal, Marlow"] == ("Marlow Gas", "stated")
    assert found["We hold that"] == (COURT, "found")
    assert found["The judgment of"] == (COURT, "found")


def test_a_dissent_is_the_dissenters() -> None:
    who = "Commissioner Ida Moss (dissenting)"
    found = told(
        "I cannot support this rule. The rule is unlawful and will fail.",
        type="dissent",
        agency="CFTC",
        speaker=who,
    )

    assert set(found.values()) == {(who, "stated")}


def test_a_body_that_fines_is_not_made_a_court() -> None:
    found = told("Harrow Brokers was fined $12,000 by the Bourse of Lisbon for late filings.")

    assert found["Harrow Brokers was"] == ("Bourse of Lisbon", "ordered")


def test_quoted_messages_are_their_writers() -> None:
    text = "I never approved the transfer.\n\nWe moved the money in May.\n\nTell the board."
    second, third = text.index("We moved"), text.index("Tell")
    found = told(
        text,
        turns=((second, "Lea Orr (quoted by Tom Fay)"), (third, "Una Kerr (quoted by Tom Fay)")),
        speaker="Tom Fay",
    )

    assert found["I never approved"] == ("Tom Fay", "denied")
    assert found["We moved the"] == ("Lea Orr (quoted by Tom Fay)", "stated")
    assert found["Tell the board."] == ("Una Kerr (quoted by Tom Fay)", "stated")


def test_an_answer_in_a_deposition_is_the_witness() -> None:
    text = "Q. Did you sign the note?\n\nA. No, my brother did."
    found = told(
        text, turns=((0, "the questioner"), (text.index("A."), "Max Lund")), type="deposition"
    )

    assert found["Q. Did you"] == ("the questioner", "stated")
    assert found["A. No, my"] == ("Max Lund", "stated")


def test_a_reversal_is_the_courts_finding() -> None:
    found = told(
        "In 2020 the district court ordered Pell Capital to pay $4 million. "
        "On 2 May 2022 the court of appeals reversed that order and vacated the judgment."
    )

    assert found["In 2020 the"] == ("the court", "ordered")
    assert found["On 2 May"] == ("the court", "found")


def test_the_items_of_an_order_are_ordered() -> None:
    found = told(
        "The Commission orders that Marsh Holdings shall:\n\n(a) cease and desist;\n\n"
        "(b) pay disgorgement of $1,200,000; and\n\n(c) pay a civil penalty of $300,000.",
        agency="SEC",
        type="order",
    )

    assert {status for _, status in found.values()} == {"ordered"}


def test_what_somebody_told_or_refused_is_part_of_what_a_release_tells() -> None:
    found = told(
        "The chairman told Roe to burn the ledger. He refused to do so.",
        agency="SEC",
        type="litigation_release",
    )

    assert set(found.values()) == {("SEC", "alleged")}


def test_a_submission_told_only_to_be_answered_is_the_courts() -> None:
    found = told(
        "The State concedes this point and we agree that the order should be corrected. "
        "Ms Orr joined the board in May. She admitted that she had not read the accounts.",
        type="opinion",
        speaker=COURT,
    )

    assert found["The State concedes"] == (COURT, "found")
    assert found["She admitted that"] == ("Ms Orr", "admitted")


def test_what_is_only_weighed_is_not_found() -> None:
    found = told(
        "The Commissioner has considered the following: (a) the letters of Acme; "
        "(b) the report of its auditors.",
        agency="ICO",
        type="penalty_notice",
    )

    assert "found" not in {status for _, status in list(found.values())[1:]}


def test_who_writes_a_letter_says_so_in_it() -> None:
    text = "I am writing on behalf of Marlow Growers. We ask that the rule be withdrawn."

    assert told(text, type="letter")["We ask that"][0] == "Marlow Growers"


def test_an_office_of_a_department_signs_for_itself() -> None:
    text = "The Special Counsel's Office\n\nThe Office offers the following terms."
    found = told(text, agency="DOJ", type="letter")

    assert found["The Office offers"][0] == "the Special Counsel"


def test_what_an_unknown_author_found_is_no_finding() -> None:
    text = "We found that Tern Ltd hid the mistake in 2019."

    assert told(text)["We found that"] == (None, "stated")
    assert told(text, agency="FCA", type="final_notice")["We found that"] == ("FCA", "found")


_FERRIES = (
    "The {0} found that Halvard Ferries hid the accident. The {0} imposed a fine of NOK 4,200. "
    "Halvard Ferries denied that its crew was tired."
)


def test_an_authority_in_no_register_is_known_by_its_name_its_short_name_or_its_head() -> None:
    name = "Maritime Conduct Authority"
    text = _FERRIES.format("Authority")
    headed = f"MARITIME CONDUCT AUTHORITY OF NORVANIA\nDecision 7\n\n{text}"
    known = (
        (name, told(text, speaker=name, agency="MCA", type="decision")),
        (name, told(text, agency=name, type="decision")),
        ("MCA", told(text, agency="MCA", type="decision")),
        (f"{name} of Norvania", told(headed, type="decision")),
    )
    for speaker, found in known:
        assert found["The Authority found"] == (speaker, "found")
        assert found["The Authority imposed"] == (speaker, "ordered")
        assert found["Halvard Ferries denied"] == ("Halvard Ferries", "denied")


def test_a_body_that_only_sues_in_a_court_is_not_its_author() -> None:
    text = f"HARBOUR STANDARDS OFFICE\nv.\nElm Ltd\n\n{_FERRIES.format('Office')}"

    assert told(text, type="decision")["The Office imposed"][0] is None


def test_the_number_of_a_footnote_between_verb_and_that_hides_no_argument() -> None:
    text = (
        "Marlow Growers was inspected. It submitted   113 that the finding ignored its policy. "
        "Marlow Growers argues 7 that the fine is too high."
    )
    found = told(text, agency="DPC", type="decision", parties=["Marlow Growers"])

    assert found["It submitted 113"] == ("Marlow Growers", "stated")
    assert found["Marlow Growers argues"] == ("Marlow Growers", "stated")


def test_a_report_tells_of_a_sentence_as_the_courts_order() -> None:
    text = "On May 4, 2018, Roe was sentenced to six months and ordered to complete 100 hours."

    assert told(text, type="report", speaker="Ada Pell")["On May 4,"] == ("the court", "ordered")


def test_who_declines_to_offer_terms_finds_nothing() -> None:
    text = "The SEC declined to offer terms that would have let the company go on."

    assert told(text, type="faq")["The SEC declined"][1] == "stated"
