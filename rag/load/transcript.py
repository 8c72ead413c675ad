"""Who speaks in a transcript of a hearing or a deposition."""

import re

_TITLE = (
    r"(?:MR|MRS|MS|MISS|DR|PROF|JUDGE|JUSTICE|COMMISSIONER|CHAIRMAN|CHAIRWOMAN|CHAIR|SENATOR|LORD"
    r"|LADY|SIR|DAME)\.?[ \t]"
)
_ROLE = (
    r"THE (?:COURT REPORTER|COURT|WITNESS|DEPONENT|CLERK|REPORTER|DEFENDANT|ACCUSED|PLAINTIFF"
    r"|BAILIFF|MARSHAL|INTERPRETER|DEPUTY CLERK|COURTROOM DEPUTY|FOREPERSON|FOREMAN|CHAIRMAN"
    r"|CHAIRWOMAN|CHAIRPERSON|CHAIR|PRESIDENT|PRESIDING MEMBER|MEMBER|TRIBUNAL|ARBITRATOR"
    r"|HEARING OFFICER|EXAMINER|MODERATOR|OPERATOR|VIDEOGRAPHER)"
)
_LATER = r"(?:,?[ \t](?:JR|SR|II|III|IV|ESQ|QC|KC|SC)\.?)?(?:[ \t]\([^()\n]{1,40}\))?"
"""What may follow a name: "MR. DOE, JR.:", "MS. ROE (by telephone):"."""
_MIXED = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Judge|Justice|Commissioner|Chair|Chairman|Chairwoman"
    r"|Senator|Representative|Lord|Lady|Sir|Dame)\.?[ \t]"
)
_TURN = re.compile(
    rf"[ \t]*(?:(?P<name>{_ROLE}|{_TITLE}(?:[A-Z][A-Za-z'’.-]{{0,30}}[ \t]){{0,3}}"
    rf"[A-Z][A-Za-z'’-]{{0,29}}[A-Z]){_LATER}[ \t]?:(?=\s|$)"
    # "Ms. Roe: I do.", as in an interview.
    rf"|(?P<mixed>{_MIXED}(?:[A-Z][\w'’-]{{0,30}}\.?[ \t]){{0,2}}[A-Z][\w'’-]{{1,30}}){_LATER}"
    r":(?=[ \t]+\S)"
    # "Mr. DOE. I do.", as in hearings of the Congress.
    rf"|(?P<stopped>{_MIXED}[A-Z][A-Z'’-]{{2,30}}|The (?:CHAIRMAN|CHAIRWOMAN|CHAIR|CLERK))"
    r"(?:[ \t]of[ \t][A-Z][a-z]{2,20})?\.(?=[ \t]+[A-Z“\"]))"
)
_CERTIFICATE = re.compile(
    r"[ \t]*(?:(?:COURT )?REPORTER['’]?S?['’]? )?CERTIFICAT(?:E|ION)(?: OF [A-Z ]{3,40})?[ \t]*$"
)
_LETTER = re.compile(
    r"[ \t]*(?P<letter>[QA])(?:[.:](?=\s)|[ \t]{2,}(?=\S)|[ \t](?=[A-Z0-9“\"‘\[(-]))"
)
_EXAMINER = re.compile(
    r"[ \t]*(?:Q\.?[ \t]{1,9}\(?|[A-Z -]{0,40}EXAMINATION )?BY "
    rf"(?P<name>{_TITLE}[A-Z][A-Za-z'’ .-]{{1,60}}?)[ \t]?\)?:?[ \t]*$"
)
_NAME = r"[A-Z][A-Za-z'’-]{1,30}\.?(?:[ \t](?:[A-Z]\.|[A-Z][A-Za-z'’-]{1,30}\.?)){1,4}"
_WITNESS = re.compile(
    rf"^[ \t]*(?:[\w-]{{1,20}}[ \t])?(?i:deposition|testimony|examination|interview)"
    rf"[ \t](?i:of):?[ \t]{{1,20}}(?P<a>{_NAME})"
    rf"|^[ \t]*(?:THE )?WITNESS:[ \t]{{1,20}}(?P<c>{_NAME})[ \t]*$"
    rf"|^[ \t]*(?P<d>{_NAME}),[^\n]{{0,80}}\b(?i:sworn|affirmed)\b"
    rf"|^[ \t]*(?P<e>{_NAME}),[ \t]*\n[^\n]{{0,90}}\n?[^\n]{{0,90}}\b(?i:sworn|affirmed)\b",
    re.MULTILINE,
)
_TESTIMONY = re.compile(
    r"\b(?:deposition|sworn|transcript of|testimony of|(?:direct|cross)[- ]?examination"
    r"|examination by|interview of)\b",
    re.IGNORECASE,
)
_HEAD = 3000
"""Characters at the start, where a transcript says that it is one."""
_FEWEST_TURNS, _FEWEST_LETTERS = 4, 2
"""Turns that name the speaker, of at least two speakers; questions, and answers, by letter. Fewer
are not a transcript."""
_SMALL = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof)\b(?!\.)")


def transcript_speakers(text: str) -> tuple[tuple[int, str], ...]:
    """``(offset, speaker)`` of each turn of a transcript; empty for any other text.

    A turn is a line that begins with "THE COURT:", "MR. DOE:", "Mr. Doe: I do", "Mr. DOE. I do",
    "Q." or "A.". An answer is that of
    the witness whom the text names last ("DEPOSITION OF RALPH ODOM", "RALPH ODOM, sworn"); a
    question is that of the last "BY MR. DOE:". Names in capitals become "Mr. Doe", "the court".

    Questions and answers by letter count only in a text that speaks of testimony: answers to
    frequent questions of an authority are marked the same way.
    """
    turns = _turns(text)
    named = {speaker for _, kind, speaker in turns if kind == "name"}
    letters = [kind for _, kind, _ in turns if kind in "QA"]
    testimony = min(letters.count("Q"), letters.count("A")) >= _FEWEST_LETTERS and (
        len(letters) < len(turns) or _TESTIMONY.search(text[:_HEAD]) is not None
    )
    colloquy = len(named) > 1 and sum(k == "name" for _, k, _ in turns) >= _FEWEST_TURNS
    if not testimony and not colloquy:
        return ()
    return tuple(_speakers(text, turns, by_letter=testimony))


def names_speaker(line: str) -> bool:
    """Whether ``line`` begins with the name of a speaker ("THE COURT:", "MR. DOE:")."""
    return _TURN.match(line) is not None


def _turns(text: str) -> list[tuple[int, str, str]]:
    """Offset, kind (name, Q, A, by) and speaker of each line that begins a turn."""
    turns = []
    offset = 0
    for line in text.splitlines(keepends=True):
        if match := _EXAMINER.match(line):
            turns.append((offset, "by", _written(match["name"])))
        elif match := _TURN.match(line):
            name = match["name"] or match["mixed"] or match["stopped"]
            turns.append((offset, "name", _written(name)))
        elif match := _LETTER.match(line):
            turns.append((offset, match["letter"], ""))
        elif turns and _CERTIFICATE.match(line):
            turns.append((offset, "end", "the court reporter"))
        offset += len(line)
    return turns


def _speakers(
    text: str, turns: list[tuple[int, str, str]], *, by_letter: bool
) -> list[tuple[int, str]]:
    found = [
        (match.start(), _written(next(name for name in match.groups() if name)))
        for match in _WITNESS.finditer(text)
    ]
    witness, examiner = (found[0][1] if found else "the witness"), "the questioner"
    starts: list[tuple[int, str]] = []
    for offset, kind, speaker in turns:
        while found and found[0][0] <= offset:
            witness = found.pop(0)[1]
        if kind == "by":
            examiner = speaker
        if kind in "QA" and not by_letter:
            continue
        said = {"Q": examiner, "A": witness, "the witness": witness}
        who = said.get(kind) or said.get(speaker, speaker)
        if not starts or starts[-1][1] != who:
            starts.append((offset, who))
    return starts


def _written(name: str) -> str:
    """``MR. DOE`` as ``Mr. Doe``, ``THE COURT`` as ``the court``."""
    words = " ".join(name.split())
    if words.startswith(("THE ", "The ")):
        return words.lower()
    spelled = " ".join(word.title() if word.isupper() else word for word in words.split())
    return _SMALL.sub(lambda match: f"{match[0]}.", spelled.replace("’S", "’s"))
