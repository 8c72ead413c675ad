"""Synonyms: the words of enforcement documents for the everyday words of questions."""

import re

# Pairs: a regular expression for the words of a question in lower case, the words of documents.
_ASKED_AND_WRITTEN = (
    (r"fine[ds]?", "civil penalty, penalty"),
    (r"penalt(?:y|ies)|penali[sz]ed?", "civil penalty, fine, assessed"),
    (
        r"jail(?:ed)?|prison|locked up|behind bars|time (?:he|she|they) served",
        "sentenced, months, imprisonment",
    ),
    (r"got off|cleared|walked free|not guilty|acquit\w*", "acquitted, not guilty, dismissed"),
    (r"guilty|crimes?|criminal\w*|convict\w*", "convicted, pleaded guilty, verdict, criminal"),
    (r"won|wins?|los[et]s?|trial|tried|jury", "jury, verdict, liable, trial"),
    (
        r"admit\w*|admission|confess\w*|deny\w*|denie[sd]",
        "without admitting or denying, admitted, consented",
    ),
    (r"settle\w*", "consented, agreed to pay, settled, without admitting or denying"),
    (r"only alleg\w*|ruled|proven|proved", "final judgment, verdict, found liable, alleges"),
    (r"bans?|banned|bar|barred|kicked out", "barred, enjoined, prohibited"),
    (r"sued?|suing|accus\w*|charg\w*", "complaint, charged, alleges"),
    (r"appeal\w*", "affirmed, court of appeals, appeal"),
    (r"boss|head of|ceo", "chief executive officer, ceo"),
    (r"cfo|finance (?:chief|head|boss)", "chief financial officer, cfo"),
    (r"coo", "chief operating officer"),
    (r"vps?", "vice president"),
    (r"execs?", "executive, officer"),
    (r"crypto\w*", "cryptocurrency, crypto asset, digital asset, virtual currency"),
    (r"tip(?:s|ped|ping|per|pee)?", "tipped, material nonpublic information"),
    (r"spoof\w*", "spoofing, spoofed"),
    (r"scams?|con", "scheme, fraud, fraudulent"),
    (r"bogus|fake[ds]?|phon(?:e)?y|made up", "false, fictitious, fraudulent"),
    (r"lie[sd]?|lying", "false, misleading, misrepresented"),
    (r"stole|stolen|steal\w*|pocketed", "misappropriated"),
    (r"give back|pay back|paid back|hand(?:ed)? over|money back", "disgorgement, restitution"),
    (r"gain\w*|profit\w*|made from|earn\w*", "profits, ill-gotten gains, disgorgement"),
    (r"lost|loss(?:es)?", "losses, avoided losses"),
    (
        r"came forward|own up|owned up|self-report\w*|on its own",
        "voluntarily self-disclosed, voluntary",
    ),
    (r"sanctions regulator|treasury", "ofac"),
    (r"securities regulator|wall street regulator", "sec"),
)
_WRITTEN = [
    (re.compile(rf"\b(?:{asked})\b"), tuple(written.split(", ")))
    for asked, written in _ASKED_AND_WRITTEN
]


def synonyms(text: str) -> list[str]:
    """Words and phrases, in lower case, that documents may use for words of ``text``.

    Without those in ``text`` itself. Each occurs once, in a fixed order.
    """
    question = text.lower()
    found = [term for pattern, written in _WRITTEN if pattern.search(question) for term in written]
    return [term for term in dict.fromkeys(found) if not re.search(rf"\b{term}\b", question)]
