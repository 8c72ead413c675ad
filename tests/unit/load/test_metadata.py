"""Metadata inferred from the first lines of a document."""

from rag.load.metadata import infer, infer_row, is_no_title

RELEASE = """UNITED STATES SECURITIES AND EXCHANGE COMMISSION

Litigation Release No. 26231 / January 22, 2025

Securities and Exchange Commission v. Acme Corp., et al., No. 1:25-cv-00123 (S.D.N.Y. filed ...)

On January 3, 2025, the Commission obtained a final judgment against Acme Corp."""

COMPLAINT = """IN THE UNITED STATES DISTRICT COURT

FOR THE DISTRICT OF COLUMBIA

KALSHIEX LLC,
594 Broadway, New York, NY 10012,

Plaintiff, v.

COMMODITY FUTURES TRADING COMMISSION,
Defendant.

COMPLAINT

1. Plaintiff KalshiEX LLC challenges an order. Comments were due on or before July 9, 2023."""


def test_a_release_tells_its_agency_type_date_numbers_and_parties() -> None:
    assert infer(RELEASE, "", {}) == {
        "type": "litigation_release",
        "agency": "SEC",
        "date": "2025-01-22",
        "release": "26231",
        "docket": "1:25-cv-00123",
        "court": "S.D.N.Y.",
        "parties": ["Securities and Exchange Commission", "Acme Corp"],
        "title": "Securities and Exchange Commission v. Acme Corp: litigation release",
    }


def test_a_complaint_against_an_agency_speaks_for_the_plaintiff() -> None:
    found = infer(COMPLAINT, "", {})

    assert found["speaker"] == "KalshiEX LLC"
    assert found["agency"] == "CFTC"
    assert found["type"] == "complaint"
    assert found["court"] == "U.S. District Court for the District of Columbia"
    assert "date" not in found  # a deadline is not the date of the document


def test_given_metadata_is_not_inferred_and_a_row_gets_only_what_its_columns_lack() -> None:
    known = {"type": "order", "date": "2024", "agency": "SEC"}

    assert not known.keys() & infer(RELEASE, "A title of its own", known).keys()
    assert infer_row(RELEASE, "Acme Corp.", {"agency": "SEC"}) == {
        "date": "2025-01-22",
        "release": "26231",
    }


def test_a_letter_is_called_after_its_subject_and_names_no_agency_as_its_voice() -> None:
    letter = "August 8, 2024\n\nThe Honorable Rostin Behnam\n\nRe: Event Contracts\n\nDear Chair,\n"

    found = infer(letter, "letter.docx", {})

    assert found == {"type": "letter", "date": "2024-08-08", "title": "Event Contracts"}


def test_titles_that_programs_make_up_are_none() -> None:
    assert is_no_title("Microsoft Word - Draft 3")
    assert is_no_title("letter 8-8-2024.docx")
    assert is_no_title("ocr_pdf_test")
    assert not is_no_title("In re Acme Corp.")


def test_letter_spaced_words_are_recognised() -> None:
    found = infer("OFFICE OF FOREIGN ASSETS C ONTROL\nENFORCEMENT INFORMAT ION FOR MAY 4", "", {})

    assert (found["agency"], found["type"]) == ("OFAC", "enforcement_release")


def test_a_row_with_an_empty_title_is_named_after_its_text() -> None:
    assert infer_row(RELEASE, "None", {})["title"] == (
        "Securities and Exchange Commission v. Acme Corp: litigation release"
    )
    assert "title" not in infer_row(RELEASE, "Nonesuch", {})


def test_a_day_that_no_calendar_has_is_not_the_date() -> None:
    assert infer(RELEASE.replace("January 22", "February 30"), "", {}).get("date") != "2025-02-30"
    assert "date" not in infer("# Notice\n\nDated: 31 February 2023\n\nBolt pays $5.", "", {})
