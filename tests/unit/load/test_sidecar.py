"""The sidecar."""

import pytest

from rag.errors import LoadError
from rag.load.sidecar import Sidecar, read_sidecar, speaker_starts


def test_every_kind_of_value_is_read() -> None:
    sidecar = read_sidecar(
        b'id = "x"\ntitle = "T"\ndate = 2023-06-05\nparties = ["A", "B"]\n'
        b'[[speakers]]\nfrom = "We are"\nspeaker = "A"\n[columns]\ntext = "body"\n'
    )

    assert sidecar == Sidecar(
        values={"title": "T", "date": "2023-06-05", "parties": ["A", "B"]},
        doc_id="x",
        speakers=(("We are", "A"),),
        columns={"text": "body"},
    )


def test_agency_type_and_speaker_take_a_list_too() -> None:
    sidecar = read_sidecar(b'agency = ["SEC", "CFTC"]\ntype = "order"\nspeaker = ["A", "B"]')

    assert sidecar.values == {"agency": ["SEC", "CFTC"], "type": "order", "speaker": ["A", "B"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('titel = "T"', "unknown key 'titel'; nearest is 'title'"),
        ('[[speakers]]\nform = "We"\nspeaker = "A"', "nearest is 'from'"),
        ('[[speakers]]\nspeaker = "A"', "without from"),
        ('date = "June 2023"', "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ('date = "2023-02-30"', "is '2023-02-30', which is none"),
        ('date = "9999-12-31"', "is '9999-12-31', which is none"),
        ('date = "0001-01-01"', "is '0001-01-01', which is none"),
        ("title = " + "[" * 100_000, "nested too deeply"),
        ("title = 3", "title is 3; write a text in quotes"),
        ('parties = "A"', "write a list of texts"),
        ('agency = ["SEC", 3]', "write a list of texts"),
        ('docket = ["3-1", "3-2"]', "write a text in quotes"),
        ("title = ", "is not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_correction(text: str, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        read_sidecar(text.encode())


def test_a_speaker_begins_at_the_first_words_wherever_the_lines_break() -> None:
    sidecar = Sidecar(speakers=(("Intro by", "Odaily"), ("We are  sorry", "Binance")))

    starts = speaker_starts("\nIntro by us.\nWe are\nsorry. We are sorry.", sidecar)

    assert starts == ((1, "Odaily"), (14, "Binance"))


def test_words_that_do_not_occur_or_come_too_early_are_an_error() -> None:
    with pytest.raises(LoadError, match="do not occur in the text"):
        speaker_starts("One. Two.", Sidecar(speakers=(("Three", "A"),)))
    with pytest.raises(LoadError, match="do not come after the ones before it"):
        speaker_starts("One. Two.", Sidecar(speakers=(("Two", "A"), ("One", "B"))))
