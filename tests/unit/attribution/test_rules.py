"""The data files: each rule fits its examples, none can hang, and a bad file of a user is named."""

import time
from pathlib import Path

import pytest

from rag import Index
from rag.attribution.engine import attribute
from rag.attribution.rules import Rule, authorities, current, in_use, packaged, read, voices
from rag.attribution.smooth import smooth
from rag.config import Settings
from rag.errors import UsageError
from rag.ingest import build_index
from rag.types import Document

RULES = [*packaged().early, *packaged().late]
OWN = """
[for]
authorities = ["Stock Exchange of Malta"]

[[rule.first]]
id = "malta-fines"
status = "ordered"
match = ['\\bthe Exchange (?:has )?fined\\b']
examples = ["The Exchange fined Roe.", "In May the Exchange has fined Acme."]
"""


def place(rule: Rule, text: str) -> Document:
    """A document in which the rule applies."""
    scope = rule.scope
    kinds = sorted(scope.types) or [
        kind for kind, stage in packaged().stages.items() if stage in scope.stages
    ]
    if scope.voices:
        kinds = [kind for kind in kinds if voices().get(kind) in scope.voices] or kinds
    known = sorted(scope.authorities) or [
        key for key, entry in authorities().items() if entry.get("family") in scope.families
    ]
    metadata = {"type": kinds[0] if kinds else "", "agency": known[0] if known else None}
    if not known and (not scope.voices or "authority" in scope.voices):
        metadata["agency"] = "SEC"
    elif not known:
        metadata["speaker"] = "the court"
    return Document("d", "D", text, "d.txt", "0" * 64, metadata)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_fits_its_examples(rule: Rule) -> None:
    for example in rule.examples:
        assert rule.finds(smooth(example)), example


@pytest.mark.parametrize("rule", packaged().early, ids=lambda rule: rule.id)
def test_an_early_rule_decides_its_examples(rule: Rule) -> None:
    for example in rule.examples:
        assert attribute(place(rule, example), 0, len(example)).status == rule.status, example


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_pattern_hangs(rule: Rule) -> None:
    runs = ("a ", "A", "the court ", "alleged ", "1.00 ", ", and ", "( ", '" ', "not ", "was ")
    started = time.process_time()

    for run in runs:
        rule.finds(run * (2000 // len(run)))

    assert time.process_time() - started < 1.0


def test_every_example_stands_in_a_rule_of_its_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES) > 40


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[rule.first]\n", "is not TOML"),
        ('[[rule.first]]\nstatus = "found"\n', "has no id"),
        (OWN.replace("ordered", "guilty"), "'malta-fines': status is none of"),
        (OWN.replace("match =", "pattern ="), "unknown key 'pattern'"),
        (OWN.replace('"The Exchange fined Roe.", ', ""), "has 1 examples; write two"),
        (OWN.replace("(?:has )?", "(?:has )*"), r"write \{0,60\} in place of"),
        (OWN.replace("(?:has )?", "(?:has "), "is no regular expression"),
        (OWN.replace("[for]", "[about]"), "unknown key 'about'"),
        (OWN.replace("malta-fines", "sought"), "'sought' occurs twice"),
        (OWN.replace('["Stock Exchange of Malta"]', '"Malta"'), "authorities is not a list"),
        ('[[standing]]\nplace = "guilty"\n', "has the status 'guilty'"),
        ('[[standing]]\nparty = "denied"\n', "unknown key 'party'"),
    ],
)
def test_a_bad_file_is_an_error_that_names_the_entry(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        packaged(text)


def test_the_rules_of_a_user_come_first(tmp_path: Path) -> None:
    own = tmp_path / "attribution.toml"
    own.write_text(OWN, encoding="utf-8")
    sentence = "The Exchange fined Roe."
    of = {"agency": "Stock Exchange of Malta", "type": "decision"}
    document = Document("d", "D", sentence, "d.txt", "0" * 64, of)
    with in_use(read(own)):
        found = attribute(document, 0, len(sentence))

    assert (found.speaker, found.status, found.rule) == (
        "Stock Exchange of Malta",
        "ordered",
        "malta fines",
    )
    assert current() is packaged("")


def test_two_indexes_in_one_process_keep_their_own_rules(tmp_path: Path) -> None:
    text = "Roe Bank was struck from the list of members."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    build_index([tmp_path / "a.txt"], settings=Settings(index=tmp_path / "index"))
    found = []
    for exchange, status in (("Exchange of Lisbon", "ordered"), ("Exchange of Porto", "alleged")):
        seeds = tmp_path / exchange
        seeds.mkdir()
        rule = f"""
            [[rule.first]]
            id = "struck"
            status = "{status}"
            match = ['struck from the list']
            examples = ["Roe was struck from the list.", "Poe Ltd is struck from the list."]
        """
        (seeds / "attribution.toml").write_text(rule, encoding="utf-8")
        settings = Settings(index=tmp_path / "index", seeds=seeds)
        found.append(Index.open(settings=settings, lexical=True))

    said = [one.ask("What happened to Roe Bank?").claims[0].status for one in (*found, *found)]

    assert said == ["ordered", "alleged", "ordered", "alleged"]
