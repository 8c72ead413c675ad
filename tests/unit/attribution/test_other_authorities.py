"""Invented sentences in the forms of authorities without documents here, marked by the guideline.

The marks were written before the rules were tried on them.
"""

import pytest

from rag.attribution.engine import attribute
from rag.types import Document

# Authority, type, kind of section ("" for none), the text before, the sentence, speaker, status.
CASES = [
    # FCA: final notice, warning notice, decision notice, Upper Tribunal
    ("FCA", "final_notice", "facts", "", "Between May 2016 and June 2018 Pellham opened accounts for 431 customers without asking where their money came from.", "FCA", "found"),
    ("FCA", "final_notice", "sanction", "", "The Authority hereby imposes on Pellham a financial penalty of £4,218,000.", "FCA", "ordered"),
    ("FCA", "final_notice", "", "", "Principle 3 requires a firm to take reasonable care to organise and control its affairs responsibly and effectively.", "FCA", "stated"),
    ("FCA", "final_notice", "other_side", "", "Its monitoring was in line with what other small firms did at the time.", "Pellham", "stated"),
    ("FCA", "final_notice", "sanction", "", "Were it not for this discount, the Authority would have imposed a financial penalty of £6,026,000.", "FCA", "stated"),
    ("FCA", "final_notice", "", "", "Mr Osric Vane accepts that he did not read the compliance reports.", "Osric Vane", "admitted"),
    ("FCA", "warning_notice", "", "", "The Authority considers that Ms Tarn acted without integrity when she backdated the forms.", "FCA", "alleged"),
    ("FCA", "warning_notice", "", "", "The Authority proposes to impose on Ms Tarn a financial penalty of £120,000.", "FCA", "alleged"),
    ("FCA", "decision_notice", "", "", "Any person who is given this notice may refer the matter to the Upper Tribunal within 28 days.", "FCA", "stated"),
    # PRA, FRC, SRA
    ("FRC", "press_release", "", "", "The FRC has fined Quill & Marsh LLP £1.9 million for failings in its audit of Rookery Homes plc.", "FRC", "ordered"),
    ("FRC", "press_release", "", "", "Quill & Marsh admitted that it had not tested the revenue of two subsidiaries.", "Quill & Marsh", "admitted"),
    ("SRA", "decision", "", "", "Mr Bede Harrow is rebuked and ordered to pay costs of £1,350.", "SRA", "ordered"),
    ("SRA", "decision", "", "", "By keeping the deposit in the office account he breached Rule 2.3 of the Accounts Rules.", "SRA", "found"),
    ("SRA", "decision", "", "", "Mr Harrow says that his bookkeeper made the transfers without telling him.", "Bede Harrow", "stated"),
    # MAS, SFC, HKMA, ASIC, BaFin
    ("MAS", "press_release", "", "", "MAS has imposed a civil penalty of S$450,000 on Lim Bo Hay for insider trading in the shares of Kestrel Marine.", "MAS", "ordered"),
    ("MAS", "press_release", "", "", "Mr Lim admitted to contravening section 219 of the Securities and Futures Act and paid the penalty without court action.", "Mr Lim", "admitted"),
    ("ASIC", "press_release", "", "", "ASIC alleges that Corbett Super charged fees to the accounts of 2,100 members who had died.", "ASIC", "alleged"),
    ("ASIC", "press_release", "", "", "The maximum penalty for each contravention is $555,000.", "ASIC", "stated"),
    ("ASIC", "press_release", "", "", "The Federal Court ordered Corbett Super to pay a penalty of $8.2 million.", "the court", "ordered"),
    ("ASIC", "press_release", "", "", "The matter is listed for a case management hearing on 4 August.", "ASIC", "stated"),
    ("BaFin", "press_release", "", "", "BaFin set an administrative fine of €180,000 against Lindgraf AG because it had published its half-year report too late.", "BaFin", "ordered"),
    ("BaFin", "press_release", "", "", "Lindgraf AG may appeal against the fine.", "BaFin", "stated"),
    ("SFC", "press_release", "", "", "The SFC found that Golden Harp failed to keep client money in segregated accounts on 63 days.", "SFC", "found"),
    # CMA, EC, CCPC
    ("CMA", "press_release", "", "", "The CMA has provisionally found that five housebuilders exchanged details of their sales.", "CMA", "alleged"),
    ("CMA", "press_release", "", "", "No conclusion should be drawn at this stage that the law has been broken.", "CMA", "stated"),
    ("CMA", "decision", "findings", "", "The CMA finds that the agreement had as its object the restriction of competition.", "CMA", "found"),
    ("CMA", "decision", "", "", "Drayton denies that its director attended the meeting in Leeds.", "Drayton", "denied"),
    ("European Commission", "press_release", "", "", "If the preliminary view is confirmed, the conduct would infringe Article 102 of the Treaty.", "European Commission", "stated"),
    ("European Commission", "press_release", "", "", "The Commission has sent a Statement of Objections to Hexa alleging that it shared markets with two rivals.", "European Commission", "alleged"),
    ("European Commission", "press_release", "", "", "The Commission has made legally binding the commitments that Hexa offered.", "European Commission", "settled"),
    # State attorneys general, CFTC, FinCEN, NYDFS
    ("NYAG", "press_release", "", "", "As part of the settlement, Brightway Dental will pay $710,000 and delete the records.", "NYAG", "settled"),
    ("NYAG", "press_release", "", "", "The lawsuit asks the court to bar Norwick from selling the devices in New York.", "NYAG", "stated"),
    ("Texas AG", "press_release", "", "", "The law allows civil penalties of up to $7,500 per violation.", "Texas AG", "stated"),
    ("CFTC", "press_release", "", "", "The complaint charges Sable Ridge with taking $14 million from 90 people for a pool that never traded.", "CFTC", "alleged"),
    ("CFTC", "press_release", "", "", "The order finds that Moreland's traders entered thousands of orders which they meant to cancel.", "CFTC", "found"),
    ("CFTC", "press_release", "", "", "Continuing its litigation, the CFTC seeks restitution and a permanent ban.", "CFTC", "stated"),
    ("FinCEN", "consent_order", "facts", "", "From 2015 to 2019 Cardinal Trust filed no report on 1,200 wire transfers to shell companies.", "FinCEN", "found"),
    ("FinCEN", "consent_order", "sanction", "", "Cardinal Trust shall pay a civil money penalty of $3 million to the Treasury.", "FinCEN", "settled"),
    ("NYDFS", "consent_order", "", "", "The Department has not found that any customer lost money.", "NYDFS", "stated"),
    # Courts, pleas, counsel
    (None, "opinion", "", "", "The prosecution alleged that Tolland had paid the inspector twice.", "the prosecution", "alleged"),
    (None, "opinion", "", "", "Counsel for Tolland submitted that no reasonable tribunal could have found dishonesty.", "counsel for Tolland", "stated"),
    (None, "judgment", "", "", "A court may order a disqualified director to pay compensation.", "the court", "stated"),
    (None, "judgment", "", "", "I do not find that Mr Tolland lied to the auditors.", "the court", "found"),
    # A second draw, of sentences that decide nothing or tell of another's decision
    ("FCA", "final_notice", "", "", "If the Tribunal finds that the firm acted recklessly, it may direct the Authority to impose a larger penalty.", "FCA", "stated"),
    ("FCA", "final_notice", "", "", "On 4 May 2019 the Dutch regulator fined Pellham €300,000 for the same conduct.", "Dutch regulator", "ordered"),
    ("FCA", "warning_notice", "", "", "Ms Tarn failed to disclose the loan to her employer.", "FCA", "alleged"),
    ("ASIC", "press_release", "", "", "ASIC will ask the Federal Court to order Corbett Super to pay a civil penalty.", "ASIC", "stated"),
    ("ASIC", "press_release", "", "", "Mr Yeo has pleaded guilty to two counts of market manipulation.", "", "convicted"),
    ("ASIC", "press_release", "", "", "If convicted, Mr Yeo faces up to 15 years in prison.", "ASIC", "stated"),
    ("MAS", "press_release", "", "", "Under the Act, a person who is convicted may be fined up to S$250,000.", "MAS", "stated"),
    ("CMA", "press_release", "", "", "The CMA could fine Drayton up to 10% of its turnover if it finds an infringement.", "CMA", "stated"),
    ("European Commission", "press_release", "", "", "The sending of a statement of objections does not prejudge the outcome of the investigation.", "European Commission", "stated"),
    ("Bundeskartellamt", "press_release", "", "", "The Bundeskartellamt has imposed fines totalling €21 million on four makers of roof tiles.", "Bundeskartellamt", "ordered"),
    ("SRA", "decision", "", "", "Mr Harrow admits that he left the account unreconciled for fourteen months.", "Harrow", "admitted"),
    ("SRA", "decision", "", "", "The Tribunal has power to strike a solicitor off the roll.", "SRA", "stated"),
    ("Ofcom", "decision", "", "", "We therefore find that Wavelink contravened General Condition C5.", "Ofcom", "found"),
    ("NYDFS", "consent_order", "sanction", "", "Cardinal Trust shall not claim a tax deduction for the penalty.", "NYDFS", "settled"),
    ("CFTC", "press_release", "", "", "A federal court entered a default judgment that orders Sable Ridge to pay $9 million.", "the court", "ordered"),
    ("CFTC", "press_release", "", "", "The trial is set to begin on 9 March before Judge Amos Lind.", "CFTC", "stated"),
    ("Texas AG", "press_release", "", "", "Attorney General Hale sued Norwick today for selling the data of drivers without their consent.", "Texas AG", "alleged"),
    ("NYAG", "press_release", "", "", "The investigation found that Brightway kept the X-rays of 400 children on an open server.", "NYAG", "found"),
    (None, "opinion", "", "", "The trial judge did not err in refusing the adjournment.", "the court", "found"),
    (None, "opinion", "", "", "Should the minister order a recall, the maker may appeal within ten days.", "the court", "stated"),
]

PARTIES = {"FCA": ["Pellham Bank plc"], "SRA": ["Bede Harrow"], "CMA": ["Drayton Homes Ltd"]}
HEADINGS = {"other_side": "Pellham's representations"}


@pytest.mark.parametrize(
    ("agency", "kind", "section", "before", "sentence", "speaker", "status"),
    CASES,
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_a_sentence_of_another_authority(
    agency: str | None,
    kind: str,
    section: str,
    before: str,
    sentence: str,
    speaker: str,
    status: str,
) -> None:
    text = before + sentence
    metadata = {"agency": agency, "type": kind, "parties": PARTIES.get(agency or "", [])}
    if agency is None:
        metadata["speaker"] = "High Court"
    sections = ((0, len(text), section, HEADINGS.get(section, "")),) if section else ()
    document = Document("d", "D", text, "d.txt", "0" * 64, metadata, sections=sections)

    found = attribute(document, len(before), len(text))

    assert found.status == status, found.rule
    assert speaker.casefold().removeprefix("the ") in (found.speaker or "").casefold(), found.rule
