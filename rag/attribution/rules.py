"""The data files of the room: for each family of authorities its standings and its rules."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Any, cast, get_args

from rag.attribution.literals import required
from rag.errors import UsageError
from rag.types import Status

OWN = "attribution.toml"
"""Name of the user's own rules, in the folder ``seeds``."""
_FOLDER = Path(__file__).parent / "families"
_METADATA = Path(__file__).parents[1] / "load" / "metadata"
_LONGEST_REPEAT = 400
"""The most that a quantifier may allow; without a limit a long sentence could hang a pattern."""
_MOST_STEPS = 40_000
"""The most that quantifiers inside one another may allow together."""
_STATUSES: tuple[str, ...] = get_args(Status)
_SPEAKERS = ("author", "court", "jury", "grand-jury", "defendant", "party", "subject", "agent")
_SCOPE = ("authorities", "families", "types", "voices", "stages", "sections")
_RULE_KEYS = frozenset(
    {"id", "status", "speaker", "match", "unless", "behind", "examples", "consent", *_SCOPE}
)
_FILE_KEYS = frozenset({"for", "self", "stage", "standing", "rule", "words", "verbs", "enclosure"})
_MACRO = re.compile(r"<([A-Z_]{1,30})>")


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents and places that a rule or a standing is for; an empty set is for all."""

    authorities: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()

    def holds(self, *place: str) -> bool:
        """Whether the place, given by its values for these fields in order, is within."""
        wanted = (
            self.authorities,
            self.families,
            self.types,
            self.voices,
            self.stages,
            self.sections,
        )
        return all(not among or value in among for among, value in zip(wanted, place, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A pattern over one sentence, and what it says of speaker and status.

    Attributes
    ----------
    speaker
        ``author``: whose place it is; ``court``, ``jury``, ``defendant``, ``party``;
        ``subject``: who speaks in the sentence; ``agent``: the group ``by`` of the pattern.
    unless
        The rule does not apply where this matches too.
    consent
        Whether what it takes for ordered is settled where a consent lies behind it.
    behind
        Nor where this matches first: what comes earlier in the sentence has it in its scope.
    match
        Each pattern with the words of which its matches hold one, in any case; None if nothing is
        known of them.
    """

    id: str
    status: Status
    speaker: str
    match: tuple[tuple[re.Pattern[str], frozenset[str] | None], ...]
    unless: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    scope: Scope
    examples: tuple[str, ...]
    consent: bool

    def words(self) -> frozenset[str]:
        """All the words that one of its patterns needs."""
        return frozenset[str]().union(*(words for _, words in self.match if words))

    def finds(self, sentence: str, there: Collection[str] | None = None) -> re.Match[str] | None:
        """The first match in a smoothed sentence; None if the rule does not apply.

        Parameters
        ----------
        there
            Those of its words that occur in the sentence; None to try every pattern.
        """
        hits = [
            hit
            for pattern, words in self.match
            if words is None or there is None or not words.isdisjoint(there)
            if (hit := pattern.search(sentence)) is not None
        ]
        if not hits or (self.unless and self.unless.search(sentence)):
            return None
        found = min(hits, key=lambda hit: hit.start())
        earlier = self.behind.search(sentence) if self.behind and found.start() > 0 else None
        return None if earlier and earlier.start() < found.end() - 12 else found


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What follows from speaker and verb ("party-deny"), or from the place alone ("place").

    Attributes
    ----------
    mentions
        It holds only in a document of which the beginning matches.
    after, until
        It holds only where the text before the sentence matches the one and not the other.
    since
        In place of ``after``: its last match, however far, must come after that of ``until``.
    """

    scope: Scope
    statuses: Mapping[str, Status]
    mentions: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    until: re.Pattern[str] | None = None
    since: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """How a paper of somebody else begins, and ends, that a document encloses.

    Attributes
    ----------
    section
        The kind of section that the whole of it is; "" where its headings decide.
    ends
        None if it goes on to the end of the document, or to the next one.
    """

    type: str
    section: str
    starts: re.Pattern[str]
    ends: re.Pattern[str] | None
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """All that the data files hold, the user's own file first.

    ``early`` rules come before the question who speaks in the sentence, ``late`` ones after it.
    """

    early: tuple[Rule, ...]
    late: tuple[Rule, ...]
    standings: tuple[Standing, ...]
    stages: Mapping[str, str]
    self_names: tuple[tuple[Scope, tuple[str, ...]], ...]
    verbs: re.Pattern[str]
    enclosures: tuple[Enclosure, ...]

    def stage_of(self, kind: str) -> str:
        """How far a document of this type has come: "" where its type is not known."""
        return self.stages.get(kind, "")


_in_use: ContextVar[Rules | None] = ContextVar("rules in use", default=None)


def read(path: Path) -> Rules:
    """The package's rules, with those of the user's file ``path`` before them if there is one.

    Raises
    ------
    UsageError
        If the file cannot be read, or an entry is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    return packaged(text)


@contextmanager
def in_use(rules: Rules) -> Iterator[None]:
    """Attribute by these rules in this block and thread: each index has rules of its own."""
    token = _in_use.set(rules)
    try:
        yield
    finally:
        _in_use.reset(token)


def current() -> Rules:
    """The rules in use: the package's, where no others are."""
    return _in_use.get() or packaged("")


@cache
def packaged(own: str = "") -> Rules:
    """The rules of this package, with those of a user's file before them.

    Parameters
    ----------
    own
        Text of the user's ``attribution.toml``; "" for none.

    Raises
    ------
    UsageError
        If it is not TOML, or an entry is wrong. The message names the entry.
    """
    words = _read(_FOLDER / "common.toml")["words"]
    files = [(path.name, _read(path)) for path in sorted(_FOLDER.glob("*.toml"))]
    # A family comes before what is common to all, so that it can say otherwise.
    files.sort(
        key=lambda file: (not file[1].get("for", {}).get("families"), file[0] == "common.toml")
    )
    if own:
        try:
            files.insert(0, (OWN, tomllib.loads(own)))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise UsageError(f"{OWN} is not TOML: {error}") from error
    early: list[Rule] = []
    late: list[Rule] = []
    standings: list[Standing] = []
    stages: dict[str, str] = {}
    names: list[tuple[Scope, tuple[str, ...]]] = []
    verbs: dict[str, str] = {}
    enclosures: list[Enclosure] = []
    for name, table in files:
        _known(name, table, _FILE_KEYS)
        scope = _scope(name, table.get("for", {}))
        for stage, kinds in table.get("stage", {}).items():
            for kind in kinds:
                stages.setdefault(kind, stage)
        if table.get("self"):
            names.append((scope, tuple(table["self"])))
        for entry in table.get("standing", ()):
            standings.append(_standing(name, entry, table.get("for", {}), words))
        for when, rules in (("first", early), ("then", late)):
            entries = table.get("rule", {})
            if not isinstance(entries, dict) or entries.keys() - {"first", "then"}:
                raise UsageError(f"{name}: a rule begins with [[rule.first]] or [[rule.then]]")
            for entry in entries.get(when, ()):
                rules.append(_rule(name, entry, table.get("for", {}), words))
        verbs |= {
            key: _pattern(name, key, one, words) for key, one in table.get("verbs", {}).items()
        }
        for entry in table.get("enclosure", ()):
            enclosures += _enclosure(name, entry, table.get("for", {}), words)
    ids = [rule.id for rule in (*early, *late)]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise UsageError(f"the rule {twice[0]!r} occurs twice; give one of them another id")
    return Rules(
        tuple(early),
        tuple(late),
        tuple(standings),
        stages,
        tuple(names),
        _forms(verbs),
        tuple(enclosures),
    )


@cache
def voices() -> Mapping[str, str]:
    """For each type of document whose words it holds: an authority's, a court's, a party's …"""
    return {
        entry["name"]: entry["voice"] for entry in _read(_METADATA / "document_types.toml")["type"]
    }


@cache
def authorities() -> Mapping[str, Mapping[str, Any]]:
    """The register of authorities, by the name that is stored as ``agency``."""
    return _read(_METADATA / "authorities.toml")


def _forms(verbs: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern of all framing verbs, in lower case, with a group for each class."""
    forms = "|".join(f"(?P<{key}>{one})" for key, one in verbs.items())
    return re.compile(rf"(?<![\w'-])(?:{forms})(?![\w'])")


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rule(name: str, entry: Any, everywhere: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise UsageError(f'{name}: a rule has no id; write id = "…"')
    where = f"{name}: rule {entry['id']!r}"
    _known(where, entry, _RULE_KEYS)
    for key, allowed in (("status", _STATUSES), ("speaker", _SPEAKERS)):
        if entry.get(key, "author" if key == "speaker" else None) not in allowed:
            raise UsageError(f"{where}: {key} is none of {', '.join(allowed)}")
    if not entry.get("match"):
        raise UsageError(f"{where} has no pattern; write match = ['…']")
    examples = tuple(map(str, entry.get("examples", ())))
    if len(examples) < 2:
        raise UsageError(f"{where} has {len(examples)} examples; write two sentences that it fits")
    scope = {key: entry[key] for key in _SCOPE if key in entry}
    patterns = [entry["match"]] if isinstance(entry["match"], str) else entry["match"]
    match = [re.compile(_pattern(where, "match", one, words), re.IGNORECASE) for one in patterns]
    rule = Rule(
        entry["id"],
        cast(Status, entry["status"]),
        entry.get("speaker", "author"),
        tuple((one, required(one)) for one in match),
        _compiled(where, "unless", entry, words),
        _compiled(where, "behind", entry, words),
        _scope(where, {**everywhere, **scope}),
        examples,
        bool(entry.get("consent", False)),
    )
    if rule.speaker == "agent" and not all("by" in one.groupindex for one in match):
        raise UsageError(f"{where}: the speaker is the agent, but no pattern has a group (?P<by>…)")
    return rule


def _standing(
    name: str, entry: Any, everywhere: Mapping[str, Any], words: Mapping[str, str]
) -> Standing:
    where = f"{name}: a standing"
    patterns = ("mentions", "after", "until", "since")
    statuses = {k: value for k, value in entry.items() if k not in (*_SCOPE, *patterns)}
    wrong = [one for one in statuses.values() if one not in _STATUSES]
    if wrong:
        raise UsageError(f"{where} has the status {wrong[0]!r}; known are {', '.join(_STATUSES)}")
    unknown = sorted(key for key in statuses if key != "place" and key.count("-") != 1)
    if unknown:
        raise UsageError(f"{where} has an unknown key {unknown[0]!r}; write place or party-deny")
    scope = {key: entry[key] for key in _SCOPE if key in entry}
    # These are tried on a document as it stands, where a blank may be the end of a line.
    over_lines = {
        key: [one.replace(" ", r"\s{1,20}") for one in entry[key]]
        for key in patterns
        if key in entry
    }
    return Standing(
        _scope(where, {**everywhere, **scope}),
        cast(Mapping[str, Status], statuses),
        *(_compiled(where, key, over_lines, words) for key in patterns),
    )


def _enclosure(
    name: str, entry: Mapping[str, Any], everywhere: Mapping[str, Any], words: Mapping[str, str]
) -> Iterator[Enclosure]:
    where = f"{name}: an enclosure"
    _known(where, entry, frozenset({"type", "section", "starts", "ends", *_SCOPE}))
    scope = {key: entry[key] for key in _SCOPE if key in entry}
    starts, ends = (_compiled(where, key, entry, words) for key in ("starts", "ends"))
    if starts is not None:
        kind, section = (str(entry.get(key, "")) for key in ("type", "section"))
        yield Enclosure(kind, section, starts, ends, _scope(where, {**everywhere, **scope}))


def _compiled(
    where: str, key: str, entry: Mapping[str, Any], words: Mapping[str, str]
) -> re.Pattern[str] | None:
    if key not in entry:
        return None
    return re.compile(_pattern(where, key, entry[key], words), re.IGNORECASE)


def _scope(where: str, entry: Mapping[str, Any]) -> Scope:
    _known(where, entry, frozenset(_SCOPE))
    for key, value in entry.items():
        if not isinstance(value, list):
            raise UsageError(f"{where}: {key} is not a list; write {key} = [{value!r}]")
    return Scope(**{key: frozenset(map(str, value)) for key, value in entry.items()})


def _known(where: str, entry: Mapping[str, Any], keys: frozenset[str]) -> None:
    unknown = sorted(entry.keys() - keys)
    if unknown:
        known = ", ".join(sorted(keys))
        raise UsageError(f"{where} has an unknown key {unknown[0]!r}; known are {known}")


def _pattern(where: str, key: str, patterns: Any, words: Mapping[str, str]) -> str:
    """The alternatives as one pattern, with ``<WORDS>`` filled in; refused if it could hang."""
    if isinstance(patterns, str):
        patterns = [patterns]
    filled = []
    for one in patterns:
        pattern = one
        while found := _MACRO.search(pattern):
            if found[1] not in words:
                raise UsageError(f"{where}: no words are named <{found[1]}>")
            pattern = _MACRO.sub(lambda m: f"(?:{words.get(m[1], m[0])})", pattern)
        try:
            tree = _parser.parse(pattern)
        except re.error as error:
            raise UsageError(f"{where}: {key} is no regular expression: {error}: {one}") from error
        longest = max(_repeats(tree), default=0)
        if longest > _MOST_STEPS:
            raise UsageError(
                f"{where}: {key} could take very long; write {{0,60}} in place of * and +: {one}"
            )
        filled.append(pattern)
    return "|".join(filled)


def _repeats(tree: Any, within: int = 1) -> Iterator[int]:
    """For each quantifier how often it may go, times those that it stands in; huge without end."""
    for operation, argument in tree:
        if str(operation) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, inner = argument
            times = within * int(most)
            yield times if int(most) <= _LONGEST_REPEAT else 10 * _MOST_STEPS
            yield from _repeats(inner, times)
        elif isinstance(argument, tuple):
            for part in argument:
                if isinstance(part, _parser.SubPattern):
                    yield from _repeats(part, within)
                elif isinstance(part, list):
                    for one in part:
                        if isinstance(one, _parser.SubPattern):
                            yield from _repeats(one, within)
        elif isinstance(argument, _parser.SubPattern):
            yield from _repeats(argument, within)
