"""Who speaks in the transcript of a hearing or a deposition."""

import re

_TITLE = r"(?:MR|MRS|MS|MISS|DR|PROF|JUSTICE|JUDGE|CHAIRMAN|COMMISSIONER)"
_NAME = r"[A-Z][A-Z'’-]{1,30}"
_LABEL = re.compile(
    rf"^(?P<label>THE(?: [A-Z]{{3,20}}){{1,3}}|{_TITLE}\.?(?: {_NAME}){{1,3}})"
    r"(?: \([A-Z ]{1,20}\))?: ?",
    re.MULTILINE,
)
_QUESTION = re.compile(r"^(?P<letter>[QA])(?:\. ?| )(?=[A-Z0-9“\"‘\[(-])", re.MULTILINE)
_EXAMINER = re.compile(
    rf"^(?:.{{0,60}}EXAMINATION )?BY (?P<name>{_TITLE}\.?(?: {_NAME}){{1,2}}):?$", re.MULTILINE
)
_PERSON = r"[A-Z][A-Za-z.'’-]{0,30}(?: [A-Z][A-Za-z.'’-]{0,30}){1,3}"
_WITNESS = (
    re.compile(
        rf"^(?P<name>{_PERSON}),? ?\n{{0,2}}(?:called|having|sworn|being|a witness|the witness"
        r"|(?:PLAINTIFF|DEFENDANT|DEFENSE|GOVERNMENT)['’]?S?['’]? WITNESS)",
        re.MULTILINE,
    ),
    re.compile(
        r"\b(?:DEPOSITION|TESTIMONY|EXAMINATION|Deposition|Testimony|Examination)"
        rf"(?: OF| of):?\s{{1,4}}(?P<name>{_PERSON})"
    ),
)
_END = re.compile(
    r"^(?:(?:REPORTER['’]?S |COURT )?CERTIFICATE\b|C E R T I F I C A T E"
    r"|I(?:,|\b).{0,120}\bcertify that\b)",
    re.MULTILINE,
)
_FEWEST_LABELS = 5
"""A text with fewer labels of speakers quotes a transcript."""
_FEWEST_QUESTIONS = 3
"""Questions and answers at least, each: "A." alone begins a list."""


def speakers_of(text: str) -> tuple[tuple[int, str], ...]:
    """``(offset, speaker)`` of each stretch of a transcript, ascending; empty for other texts.

    A speaker is named as the transcript names him ("The Court", "Mr. Nolan"). After ``Q.`` and
    ``A.`` it is the attorney named by the last heading ("BY MR. NOLAN") and the last witness named,
    else "The examiner" and "The witness".
    """
    labels = list(_LABEL.finditer(text))
    questions = list(_QUESTION.finditer(text))
    asked = sum(match["letter"] == "Q" for match in questions)
    if min(asked, len(questions) - asked) < _FEWEST_QUESTIONS:
        questions = []
    if len(labels) < _FEWEST_LABELS or len({match["label"] for match in labels}) < 2:
        labels = []
    if not labels and not questions:
        return ()
    found: list[tuple[int, str, str]] = [
        *((match.start(), "label", match["label"]) for match in labels),
        *((match.start(), match["letter"], "") for match in questions),
        *((match.start(), "examiner", match["name"]) for match in _EXAMINER.finditer(text)),
        *(
            (m.start(), "witness", m["name"])
            for pattern in _WITNESS
            for m in pattern.finditer(text)
        ),
    ]
    starts: list[tuple[int, str]] = []
    examiner, witness = "The examiner", "The witness"
    for offset, kind, name in sorted(found):
        if kind == "examiner":
            examiner = _named(name)
        elif kind == "witness":
            witness = _named(name)
        else:
            speaker = {"Q": examiner, "A": witness}.get(kind) or _named(name)
            if speaker == "The Witness":
                speaker = witness
            if not starts or starts[-1][1] != speaker:
                starts.append((offset, speaker))
    end = _END.search(text, starts[-1][0])
    if end:
        starts.append((end.start(), "The court reporter"))
    return tuple(starts)


def is_label(line: str) -> bool:
    """Whether ``line`` begins with the label of a speaker ("THE COURT:", "MR. DOE:")."""
    return _LABEL.match(line) is not None


def _named(label: str) -> str:
    """A name in capitals as it is written in running text."""
    if not label.isupper():
        return label
    return re.sub(r"(MC(?=[A-Z]{3}))?([A-Z])([A-Z]*)", _capitalised, label)


def _capitalised(match: re.Match[str]) -> str:
    return f"{(match[1] or '').capitalize()}{match[2]}{match[3].lower()}"
