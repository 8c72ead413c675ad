"""Standings that the place gives, and subjects that are nobody who speaks."""

import pytest

from rag.attribution.engine import attribute
from rag.types import Document


def at(text: str, sentence: str, **metadata: object) -> tuple[str | None, str]:
    start = text.index(sentence)
    document = Document("d", "D", text, "d.txt", "0" * 64, metadata)
    found = attribute(document, start, start + len(sentence))
    return found.speaker, found.status


ORDER = """CONSENT ORDER

I. JURISDICTION

Orvane Bank is a bank in Delaware.

II. STATEMENT OF FACTS

The queue was closed each evening at six, whatever stood in it.

III. ORDER

The clerk keeps the original.
"""


def test_facts_that_an_authority_sets_out_under_their_heading_are_found() -> None:
    told = {"agency": "FinCEN", "type": "consent_order"}

    assert at(ORDER, "The queue was closed each evening at six", **told) == ("FinCEN", "found")
    assert at(ORDER, "The clerk keeps the original.", **told) == ("FinCEN", "stated")


def test_what_a_tribunal_directs_by_consent_is_settled() -> None:
    text = "THE TRIBUNAL DIRECTS BY CONSENT THAT:\n\n1. Access remains with the parties.\n"

    _, status = at(text, "1. Access remains", speaker="Trade Tribunal", type="order")

    assert status == "settled"


@pytest.mark.parametrize(
    ("sentence", "agency", "kind", "speaker", "status"),
    [
        (
            "Information received by the ACCC indicates that trucks wait an hour.",
            "ACCC",
            "determination",
            "ACCC",
            "stated",
        ),
        (
            "Finally, having found that the form was old, the Commission determined that it fell.",
            "ACCC",
            "determination",
            "ACCC",
            "found",
        ),
        (
            "Brill gave an update in May stating that its servers were up.",
            "ICO",
            "penalty_notice",
            "ICO",
            "stated",
        ),
        (
            "Brill provided an update in May stating that its servers were up.",
            "ICO",
            "penalty_notice",
            "Brill",
            "stated",
        ),
        (
            "The Commissioner makes clear that he accepts the point.",
            "ICO",
            "penalty_notice",
            "ICO",
            "found",
        ),
        (
            "Roe was arrested in Miami, where he sits after the court held him in contempt.",
            "SEC",
            "litigation_release",
            "SEC",
            "stated",
        ),
        (
            "Both withoutadmitting or denying it, Roe and Poe eachconsented to a Final Judgment "
            "permanentlyenjoining them and ordering them to pay $5.",
            "SEC",
            "litigation_release",
            "court",
            "settled",
        ),
        (
            "Your Zelta capsules are also adulterated under section 402.",
            "FDA",
            "warning_letter",
            "FDA",
            "alleged",
        ),
        (
            "Its controls were deficient and the lapse was willful.",
            "FinCEN",
            "consent_order",
            "FinCEN",
            "found",
        ),
    ],
)
def test_who_speaks_and_with_what_standing(
    sentence: str, agency: str, kind: str, speaker: str, status: str
) -> None:
    said, standing = at(sentence, sentence, agency=agency, type=kind)

    assert standing == status
    assert speaker in (said or "")


def test_a_year_is_no_part_of_a_name() -> None:
    sentence = "In 2009 Marlow said that the fund was safe."

    said, _ = at(sentence, sentence, agency="ICO", type="penalty_notice")

    assert said == "Marlow"


def test_a_paper_of_an_unknown_author_concedes_against_its_author() -> None:
    sentence = "We do accept that one statement was wrong."

    assert at(sentence, sentence)[1] == "admitted"


@pytest.mark.parametrize(("between", "own"), [("", False), ("Appendix D\n\n", True)])
def test_a_new_part_ends_the_account_of_a_party(between: str, own: bool) -> None:
    heading = "RESPONSES OF ADA PELL\n\n"
    last = "The other matter was sent to the county."
    text = heading + "I do not recall the call.\n\n" + between + last
    sections = ((0, len(text), "other_side", "RESPONSES OF ADA PELL"),)
    metadata = {"speaker": "Special Counsel Ida Moss", "type": "report"}
    document = Document("d", "D", text, "d.txt", "0" * 64, metadata, sections=sections)

    said = attribute(document, text.index(last), len(text)).speaker

    assert (said == "Special Counsel Ida Moss") is own


DECISION = {"agency": "DPC", "type": "decision"}
OPINION = {"speaker": "Court of Appeals of Ruritania", "type": "opinion"}


@pytest.mark.parametrize(
    ("text", "sentence", "metadata", "speaker", "status"),
    [
        (
            "Dkt. 81, Ex. C. The government concedes that the search came too late.",
            "Dkt. 81, Ex. C. The government concedes that the search came too late.",
            OPINION,
            "the government",
            "stated",
        ),
        (
            "Orla Finch was heard in May. She brings this petition arguing that the rule is void.",
            "She brings this petition arguing that the rule is void.",
            OPINION,
            "Orla Finch",
            "stated",
        ),
        (
            "Brill lodged its reply in June, in which it also accepted that the log was lost.",
            "Brill lodged its reply in June, in which it also accepted that the log was lost.",
            DECISION,
            "Brill",
            "admitted",
        ),
        (
            "Boeing denied that the logs were kept.",
            "Boeing denied that the logs were kept.",
            DECISION,
            "Boeing",
            "denied",
        ),
        (
            "The General Court was seized of it in 2011. The Court held that the list was void.",
            "The Court held that the list was void.",
            DECISION,
            "the General Court",
            "found",
        ),
        (
            "On 3 May Vane emailed Orla:\n\nThe trucks are late. Nobody is to hear of it.\n\nNext.",
            "Nobody is to hear of it.",
            {"speaker": "Inspector Roe", "type": "report"},
            "Vane",
            "stated",
        ),
        (
            "In June Vane emailed Orla. The email stated:\n\nDear Orla\n\nThe trucks are late.\n\n",
            "The trucks are late.",
            {"speaker": "Inspector Roe", "type": "report"},
            "Vane",
            "stated",
        ),
        (
            "The Commissioner proposes the following:\n\n• Brill keeps the log for a year",
            "• Brill keeps the log for a year",
            {"agency": "ICO", "type": "report"},
            "ICO",
            "stated",
        ),
    ],
)
def test_who_speaks_in_papers_messages_and_courts_told_of(
    text: str, sentence: str, metadata: dict[str, object], speaker: str, status: str
) -> None:
    assert at(text, sentence, **metadata) == (speaker, status)


def test_a_judge_within_an_authority_decides_by_name() -> None:
    text = "Before: Administrative Law Judge Nora Quill\n\nDECISION\n\nThe crane stood on sand.\n"

    speaker, _ = at(text, "The crane stood on sand.", agency="OSHRC", type="order")

    assert speaker == "Judge Nora Quill (OSHRC)"


def test_the_companies_are_called_by_the_name_they_share() -> None:
    parties = ["Quorra LLC", "Quorra Ireland Ltd"]
    text = "The company boards argued that the banner was clear."

    assert at(text, text, **DECISION, parties=parties) == ("Quorra", "stated")


def test_what_a_party_found_out_is_told_by_the_authority() -> None:
    text = "On 4 May Brill determined that its files had been copied."

    assert at(text, text, agency="ICO", type="penalty_notice", parties=["Brill Ltd"])[0] == "ICO"


def test_the_pages_of_a_company_speak_for_it_by_the_name_of_their_file() -> None:
    text = "Quorra keeps its keys. " * 12 + "We do not think that the coin is a security."
    document = Document("Quorra-FAQ.md", "Questions", text, "q", "0" * 64, {"type": "faq"})

    assert attribute(document, 0, 22).speaker == "Quorra"


@pytest.mark.parametrize(("who", "speaker"), [("We", "Quorra Labs"), ("They", None)])
def test_a_page_that_a_company_heads_speaks_for_it(who: str, speaker: str | None) -> None:
    text = f"{who} keep the keys of all accounts in a vault. " * 12
    document = Document("post.txt", "Quorra Labs, Inc.", text, "p", "0" * 64, {})

    assert attribute(document, 0, text.index(".") + 1).speaker == speaker


def test_the_denial_of_a_company_on_its_own_page_is_its_own() -> None:
    text = "We keep our keys. " * 12 + "We deny that the coin is a security."
    document = Document("post.txt", "Quorra Labs, Inc.", text, "p", "0" * 64, {})

    found = attribute(document, text.index("We deny"), len(text))

    assert (found.speaker, found.status) == ("Quorra Labs", "denied")


@pytest.mark.parametrize(
    ("text", "metadata", "speaker", "status"),
    [
        (
            "Although Brill looked at two sites, it submitted that it has no plans there.",
            {"agency": "ACCC", "type": "determination"},
            "Brill",
            "stated",
        ),
        (
            "3 May 2018: Brill reported eleven more cards.",
            {"agency": "ICO", "type": "penalty_notice"},
            "Brill",
            "stated",
        ),
        (
            "Vane sent a letter to Congress falsely stating that he knew nothing of it.",
            {"agency": "ICO", "type": "penalty_notice"},
            "ICO",
            "stated",
        ),
        (
            "A listener told that the two are at one would not think of a quarrel.",
            {"agency": "ICO", "type": "penalty_notice"},
            "ICO",
            "stated",
        ),
        (
            "Each purchase agreement said that the coin conveyed no vote.",
            {"speaker": "Quorra Labs", "type": "statement"},
            "Quorra Labs",
            "stated",
        ),
        (
            "4. The OAG found that nine hundred borrowers had paid twice.",
            {"agency": "NYAG", "type": "settlement_agreement"},
            "NYAG",
            "found",
        ),
        (
            "The letter regretted that staff could log in for weeks.",
            {"agency": "ICO", "type": "penalty_notice"},
            None,
            "",
        ),
    ],
)
def test_subjects_that_speak_and_things_that_do_not(
    text: str, metadata: dict[str, object], speaker: str | None, status: str
) -> None:
    found = at(text, text, **metadata)

    if speaker is None:
        assert found[1] != "found"
    else:
        assert found == (speaker, status)


ASSURANCE = """ASSURANCE OF DISCONTINUANCE

The parties have come to terms.

OAG FINDINGS

A. Sales

1. Corvo Gyms kept charging 900 members who had left.

2. Respondents' position is that a vendor made the error.

3. The OAG acknowledges the refunds made in May.

RELIEF

4. Corvo Gyms shall refund every member charged.
"""


@pytest.mark.parametrize(
    ("sentence", "speaker", "status"),
    [
        ("1. Corvo Gyms kept charging 900 members who had left.", "NYAG", "found"),
        ("2. Respondents' position is that a vendor made the error.", "Respondents", "stated"),
        ("3. The OAG acknowledges the refunds made in May.", "NYAG", "stated"),
        ("4. Corvo Gyms shall refund every member charged.", "the parties", "settled"),
    ],
)
def test_an_agreement_sets_out_what_the_authority_found(
    sentence: str, speaker: str, status: str
) -> None:
    told = {"agency": "NYAG", "type": "settlement_agreement"}

    assert at(ASSURANCE, sentence, **told) == (speaker, status)


DECISION_WITH_STATEMENT = """DECISION

We find that the label was misleading.

VIII. SEPARATE STATEMENT

Commissioner Quennell, concurring in part and dissenting in part: I join most of it. The penalty was
inadequate.

By the Commission.

The label was also misleading in Spanish.
"""


def test_a_member_who_dissents_within_a_decision_speaks_there_and_no_further() -> None:
    told = {"agency": "FTC", "type": "decision"}

    own = at(DECISION_WITH_STATEMENT, "The penalty was\ninadequate.", **told)
    after = at(DECISION_WITH_STATEMENT, "The label was also misleading in Spanish.", **told)

    assert own == ("Commissioner Quennell", "stated")
    assert after == ("FTC", "found")


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("BOARD\nDIVISION OF JUDGES\n\nDECISION\n\nIt paid less.", "the administrative law judge"),
        (
            "INITIAL DECISION\n\nIt paid less.\n\nMaud Kessing\nAdministrative Law Judge\n",
            "Judge Maud Kessing",
        ),
    ],
)
def test_a_judge_within_an_authority_decides_by_name_if_one_signs(text: str, speaker: str) -> None:
    found = at(text, "It paid less.", agency="NLRB", type="decision")

    assert found == (f"{speaker} (NLRB)", "found")


def test_an_authority_that_is_a_party_decides_nothing_before_the_court() -> None:
    text = "QUILL, Judge: The Internal Revenue Service determined a deficiency for 2008."
    told = {"type": "opinion", "speaker": "U.S. Tax Court"}

    parties = ["Ada Pell", "Commissioner of Internal Revenue"]
    assert at(text, text, **told, parties=parties) == ("IRS", "stated")


@pytest.mark.parametrize(
    ("text", "sentence", "speaker", "status"),
    [
        (
            "The board wrote to Mr. Stane in May. He says that he never opened it.",
            "He says that he never opened it.",
            "Mr. Stane",
            "denied",
        ),
        (
            "Ms Odell had met Mr. Stane. Later she explained that the files were old.",
            "Later she explained that the files were old.",
            "Ms Odell",
            "stated",
        ),
    ],
)
def test_a_pronoun_is_the_person_last_named_with_a_title(
    text: str, sentence: str, speaker: str, status: str
) -> None:
    assert at(text, sentence, speaker="Quorra Labs", type="statement") == (speaker, status)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        (
            "Harbor Safety: Hearing Before the Committee, 115th Cong. 13 (testimony of Ada Pell, "
            'Treasurer) ("We estimate that 90 ships were late.',
            "Ada Pell",
        ),
        ("Brill's main argument on appeal is that the file was empty.", "Brill"),
        ("Quorra attributes the delay to a flood.", "Quorra"),
        ("Quorra submits 396that the form was clear.", "Quorra"),
        ("⁵Quorra argues that the form was clear.", "Quorra"),
        ("The two firms say that the notice came late.", "the two firms"),
        ("Each agreement said that coins carry no vote.", "FTC"),
        ("The linked page stated that the price was $9.", "FTC"),
        ("In some 340 instances the account held nothing.", "FTC"),
        ("Federal rules that protect buyers apply to the lender.", "FTC"),
        ("Brill recommended the fund to 22 retirees.", "FTC"),
        ("WHEREAS the Commission held a hearing on May 3;", "FTC"),
    ],
)
def test_people_speak_and_things_do_not(sentence: str, speaker: str) -> None:
    told = {"agency": "FTC", "type": "decision", "parties": ["Brill Ltd"]}

    assert at(sentence, sentence, **told)[0] == speaker


RELEASE = """The FTC sued Dovetail over its app.

The FTC alleged that Dovetail shared photos.

The buyer asked Dovetail for three million of them.

Under the proposed settlement, Dovetail may not mislead users.

The app has nine million users.

{more}
"""


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("The buyer asked Dovetail for three million of them.", "alleged"),
        ("The app has nine million users.", "stated"),
    ],
)
def test_what_follows_on_an_allegation_is_alleged_until_something_else_begins(
    sentence: str, status: str
) -> None:
    text = RELEASE.format(more="The complaint was filed in Texas.")

    assert at(text, sentence, agency="FTC", type="press_release")[1] == status


def test_directions_by_consent_go_on_to_their_annexure() -> None:
    text = (
        "THE TRIBUNAL DIRECTS BY CONSENT THAT:\n\n" + "1. The file is closed to others.\n\n" * 200
    )
    text += "2. The bundle is served in May.\n\nAnnexure 1\n\nLetters of the company\n"
    told = {"speaker": "Trade Tribunal", "type": "order"}

    assert at(text, "2. The bundle is served in May.", **told)[1] == "settled"
    assert at(text, "Letters of the company", **told)[1] == "stated"


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("It is not the loss of a rival that is relevant, but the loss of rivalry.", "stated"),
        ("The ACCC therefore considered the potential for Brill to refuse supply.", "stated"),
        ("The Conditions address the concern about the quarry.", "found"),
        ("This argument cannot succeed.", "found"),
        ("The ACCC came to the view that the rival would leave.", "found"),
        ("The only means of ending the loan was payment, which we do not find.", "found"),
    ],
)
def test_law_and_steps_are_stated_and_what_is_judged_is_found(sentence: str, status: str) -> None:
    assert at(sentence, sentence, agency="ACCC", type="determination")[1] == status


@pytest.mark.parametrize(
    ("parties", "speaker"),
    [(["Ada Pell"], "Ada Pell"), (["Ada Pell", "Bo Rusk"], "the defendant")],
)
def test_the_only_defendant_is_called_by_name(parties: list[str], speaker: str) -> None:
    text = "The defendant has pleaded not guilty to wire fraud."

    assert at(text, text, agency="SEC", type="litigation_release", parties=parties) == (
        speaker,
        "denied",
    )


def test_a_judge_imposes_in_a_hearing() -> None:
    text = "I want Probation to attend each speech and to report back to me."
    start = ((0, "the court"),)
    document = Document("d", "D", text, "d", "", {"type": "transcript"}, speaker_starts=start)

    found = attribute(document, 0, len(text))

    assert (found.speaker, found.status) == ("the court", "ordered")
