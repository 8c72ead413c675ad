"""Speaker and status, on sentences of releases and of a respondent's own statement."""

import pytest

from rag.attribution.engine import attribute
from rag.types import Document


def release(text: str, *, agency: str = "SEC", kind: str = "litigation_release") -> Document:
    metadata = {"agency": agency, "type": kind}
    return Document("r", "A release", text, "r.txt", "0" * 64, metadata)


def statement(text: str) -> Document:
    return Document("s", "A statement", text, "s.txt", "0" * 64, {"speaker": "Acme"})


@pytest.mark.parametrize(
    ("sentence", "speaker", "status"),
    [
        ("The SEC alleges that Doe stole $3 million.", "SEC", "alleged"),
        ("Doe then spent the money on a boat.", "SEC", "alleged"),
        (
            "Without admitting or denying the allegations, Doe consented to a judgment.",
            "SEC",
            "settled",
        ),
        ("Acme has agreed to pay $2.2 million.", "SEC", "settled"),
        ("The court entered judgments by consent against Doe.", "the court", "settled"),
        ("It entered a final judgment against Doe, based on her consent.", "SEC", "settled"),
        (
            "The judge entered an Order of Injunction and Other Relief By Consent.",
            "the court",
            "settled",
        ),
        ("The SEC today finalized settlements with two dealers.", "SEC", "settled"),
        ("Acme offered to pay a reduced criminal fine of $14 million.", "SEC", "settled"),
        ("Roe offered to pay a fee to officials.", "SEC", "alleged"),
        ("After the appeal, that final judgment will remain in effect.", "SEC", "stated"),
        ("Fry has pleaded not guilty to wire fraud.", "the defendant", "denied"),
        ("It also orders him to pay disgorgement of $230,570.", "the court", "ordered"),
        ("The Default Judgments against Roe order her to pay $5.", "the court", "ordered"),
        ("It obtained a temporary restraining order to halt the site.", "the court", "ordered"),
        ("The Order resolves the SEC's case against Roe.", "the court", "ordered"),
        ("In so holding, the panel rejected the Second Circuit's view.", "the court", "found"),
        ("The judgment does not impose a penalty on Roe.", "the court", "ordered"),
        ("Roe and Poe will also be enjoined from violating the Act.", "the court", "ordered"),
        ("The reports were, according to Judge Poe, insufficient.", "the court", "found"),
        ("The SEC's request for disgorgement remains pending.", "SEC", "stated"),
        ("The settlement agreement provides that the court is asked to rule.", "SEC", "settled"),
        ("The settlements resolve the SEC's charges that both firms lied.", "SEC", "settled"),
        ("The settlements, which await approval, will restore $7 million.", "SEC", "settled"),
        ("The Findings state that Roe lied to investors.", "SEC", "found"),
        ("The litigation against Roe, its former chief, continues.", "SEC", "stated"),
        ("The SEC takes the position that courts should defer.", "SEC", "stated"),
        ("The SEC today announced the award of $1 million to an informant.", "SEC", "stated"),
        ("The court will determine the amount of disgorgement.", "SEC", "stated"),
        ("The final judgment orders him to pay $7,507.", "the court", "ordered"),
        ("On appeal, the Second Circuit reversed the decision.", "the court", "found"),
        ("The jury returned a verdict in favor of the defendants.", "the jury", "found"),
        ("Doe pleaded guilty to wire fraud.", "SEC", "convicted"),
        ("The court of appeals affirmed the conviction.", "the court", "convicted"),
        ("The SEC dismissed its claims against Roe.", "SEC", "dismissed"),
        ("Ashford indicated that no customer data had been exposed.", "Ashford", "stated"),
        ("Goldman acknowledges that the brochure was incomplete.", "Goldman", "admitted"),
        ("Doe agreed to settle by admitting the sale of notes.", "Doe", "admitted"),
        ("The SEC's investigation is continuing.", "SEC", "stated"),
        ("Roe agreed to pay $27 million in bribes to officials.", "SEC", "alleged"),
        ("Roe falsely told investors that the notes were insured.", "SEC", "alleged"),
        ("This is the second appeal by the Commission in the case.", "SEC", "stated"),
        ("The Commission filed a summary judgment motion.", "SEC", "stated"),
        ("The SEC today announced the resolution of its case against Roe.", "SEC", "stated"),
        ("In the Commission's view, the Act made no change.", "SEC", "stated"),
        ("United States v. Roe, No. 20-cr-0320 (S.D.N.Y. filed May 22, 2020)", "SEC", "stated"),
        ("The SECs judgment provided that Acme was liable for it.", "the court", "ordered"),
        (
            "On May 2, 2024, the SEC obtained a judgment against Roe, whom it charged with fraud.",
            "the court",
            "ordered",
        ),
        ("The judgment resolves the SEC's charges against Roe for fraud.", "the court", "ordered"),
        ("To settle the SEC's charges, Acme agreed to cease its program.", "SEC", "settled"),
        ("Three firms that settled the SEC's charges have paid investors.", "SEC", "settled"),
        ("Acme and the SEC have agreed that Acme will spend $100,000.", "SEC", "settled"),
        ("Acme satisfied the penalty judgment by transferring shares.", "SEC", "stated"),
        ("Acme's denied party screening produced no warning for the fraud.", "SEC", "alleged"),
        (
            "The Commission announced that Roe was enjoined from violating Commission orders "
            "pursuant to a final judgment entered by the District Court.",
            "the court",
            "ordered",
        ),
        ("The Commission issued an order suspending Doe.", "SEC", "ordered"),
        ("The Honorable Jane Roe issued an order naming a trustee.", "the court", "ordered"),
        ("The Commission voluntarily dismissed these charges.", "SEC", "dismissed"),
        ("In a CFTC Commission case, Doe and Roe were ordered to pay $2.", "the court", "ordered"),
        ("The Commission's action seeks a judgment ordering Doe to pay $7.", "SEC", "stated"),
        ("Doe and Roe to each pay a civil penalty of $460,928.", "the court", "ordered"),
        ("The penalty was waived because he could not pay.", "the court", "ordered"),
        ("He is in custody and awaiting trial.", "SEC", "stated"),
        ("The Commission announced the following judgments:", "the court", "ordered"),
        ("The settlement, if approved by the court, resolves the case.", "SEC", "settled"),
        ("The $28 million shall be distributed to investors.", "the court", "ordered"),
        ("After Acme announced that it would be sold, Doe profited.", "SEC", "alleged"),
    ],
)
def test_a_release_of_the_sec(sentence: str, speaker: str, status: str) -> None:
    found = attribute(release(sentence), 0, len(sentence))

    assert (found.speaker, found.status) == (speaker, status)


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("OFAC determi ned that the case was non -egregious.", "found"),
        ("Acme, Dallas, has remitted $136,500 to settle allegations of violations.", "settled"),
        ("Roe has been assessed a penalty of $9,000.", "ordered"),
        ("Acme has been assessed and has remitted $10,341 for its violation.", "ordered"),
        ("The base penalty for the alleged violations was $32,000.", "stated"),
    ],
)
def test_a_release_of_ofac(sentence: str, status: str) -> None:
    found = attribute(
        release(sentence, agency="OFAC", kind="enforcement_release"), 0, len(sentence)
    )

    assert (found.speaker, found.status) == ("OFAC", status)


def test_conduct_is_alleged_only_until_ofac_turns_to_the_factors() -> None:
    text = (
        "The apparent violations began in 2007. Acme sold pipes. Mitigating factors: it was small."
    )
    document = release(text, agency="OFAC", kind="enforcement_release")
    sold = text.index("Acme")
    small = text.index("it was")

    assert attribute(document, sold, sold + 16).status == "alleged"
    assert attribute(document, small, len(text)).status == "stated"


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("All user assets are safe.", "stated"),
        ("Any allegations that assets on Acme.US were ever at risk are false.", "denied"),
        ("We strongly deny the SEC's claims.", "denied"),
        ("We acknowledge that our controls were weak.", "admitted"),
        ("Acme told the SEC so.", "stated"),
    ],
)
def test_in_its_own_statement_the_speaker_is_the_respondent(sentence: str, status: str) -> None:
    found = attribute(statement(sentence), 0, len(sentence))

    assert (found.speaker, found.status) == ("Acme", status)


def test_without_any_metadata_nobody_is_named() -> None:
    document = Document("d", "D", "Prices rose.", "d.txt", "0" * 64)

    assert attribute(document, 0, 12).speaker is None
    assert attribute(document, 0, 12).status == "stated"


@pytest.mark.parametrize(
    "label",
    [
        *("Name of the firm complained of:", "Amount claimed:", "Broker complained of:"),
        *("Loss alleged:", "Police informed:", "Issue reported to:", "What the firm told you:"),
        *("Amount the firm said you would get:", "How the firm explained the loss:"),
        "Other party alleged to be at fault:",
    ],
)
def test_the_label_of_a_form_is_no_speaker(label: str) -> None:
    text = f"{label}\nMerlin Traders Ltd kept $420 of mine."
    document = Document("d", "D", text, "d.txt", "0" * 64, {"speaker": "Ann Roe"})

    assert attribute(document, 0, len(label)).speaker == "Ann Roe"
    assert attribute(document, len(label) + 1, len(text)).speaker == "Ann Roe"


def test_a_continuation_has_the_status_of_the_sentence_before() -> None:
    first = "Goldman acknowledges that the brochure was incomplete."
    text = f"{first} In particular, it was a mistake not to name Paulson."

    found = attribute(release(text), len(first) + 1, len(text))

    assert (found.speaker, found.status) == ("Goldman", "admitted")


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("The company kept two sets of books. The agency charged it with fraud.", "alleged"),
        ("The company kept two sets of books. The agency fined it after an inquiry.", "stated"),
    ],
)
def test_a_press_release_tells_conduct_as_alleged_only_where_it_speaks_of_charges(
    told: str, status: str
) -> None:
    release = Document(
        "d", "A", told, "d.txt", "0" * 64, {"agency": "EPA", "type": "press_release"}
    )

    assert attribute(release, 0, 35).status == status


@pytest.mark.parametrize(
    ("kind", "speaker", "status"),
    [("opinion", "the court", "convicted"), ("letter", "Acme Corp.", "stated")],
)
def test_an_opinion_tells_of_pleas_and_a_letter_speaks_for_itself(
    kind: str, speaker: str, status: str
) -> None:
    text = "Doe pleaded guilty to wire fraud in May 2019."
    of = {"type": kind, "speaker": "Acme Corp." if kind == "letter" else "the court"}
    found = attribute(Document("d", "A", text, "d.txt", "0" * 64, of), 0, len(text))

    assert (found.speaker, found.status) == (speaker, status)


DECISION = (
    "The Data Board decides under section 9.\n\nHollin Books submits that the notice was late. {}"
)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The fine for the breach described in the draft would be 9,000 euros.", "Data Board"),
        ("In its letter, ithas confirmed that the list is kept by hand.", "Hollin Books"),
        ("However, i i not accepted that the notice was late.", "Data Board"),
    ],
)
def test_neither_a_deed_nor_a_scan_s_letters_speak(sentence: str, speaker: str) -> None:
    metadata = {"agency": "Data Board", "type": "decision"}
    paper = Document("d", "A decision", DECISION.format(sentence), "d.txt", "0" * 64, metadata)
    start = paper.text.index(sentence)

    assert attribute(paper, start, start + len(sentence)).speaker == speaker
