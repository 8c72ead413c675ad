"""Every regular expression of the project, collected by program, and strings that are hard for it.

A pattern is found in three ways, so that a new one is covered without being listed: it is the
argument of a call of ``re`` in a module; it is reachable from the names of a module (in a table, a
record, or what a cached function without parameters reads from a data file); or it is a text of a
TOML file.
"""

import ast
import importlib
import inspect
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_CALLS = frozenset("compile search match fullmatch sub subn split findall finditer".split())
_AT_START = frozenset(("match", "fullmatch"))
_REPEATED = re.compile(r"(?<!\\)[*+?}]")
"""A pattern without one of these signs takes one step for each character."""
_LONG = 30
"""Repetitions from which on a part of a pattern counts as unbounded."""
_WITNESSES = " \n1aA.-\t,\"(x_\r'\xa0é“0:;[<=|"


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and the method it is tried with."""

    name: str
    pattern: "re.Pattern[Any]"
    method: str

    def run(self, text: str) -> None:
        """Look for the pattern in the whole of ``text``, as the project does."""
        given: Any = text if isinstance(self.pattern.pattern, str) else text.encode()
        if self.method == "finditer":
            for _ in self.pattern.finditer(given):
                pass
        else:
            getattr(self.pattern, self.method)(given)


class _Unknown(dict[str, Any]):
    """Local names in a pattern that is made in a function: each stands for a word."""

    def __missing__(self, name: str) -> Any:
        if name in dir(__builtins__) or name in __builtins__:  # type: ignore[operator]
            raise KeyError(name)
        return "word"


def all_patterns() -> list[Found]:
    """Each pattern once for each method, in the order of the modules and their lines."""
    modules = sorted(
        path.relative_to(ROOT).with_suffix("")
        for room in ("rag", "ui")
        for path in (ROOT / room).rglob("*.py")
        if path.name not in ("__main__.py", "app.py", "page.py")
    )
    names = [".".join(part for part in path.parts if part != "__init__") for path in modules]
    trees = {
        name: ast.parse((ROOT / path.with_suffix(".py")).read_text())
        for name, path in zip(names, modules, strict=True)
    }
    uses = _uses(trees)
    found: dict[tuple[Any, int, str], Found] = {}
    for name, tree in trees.items():
        module = importlib.import_module(name)
        for where, pattern, method in _in_source(name, tree, vars(module)):
            _add(found, where, pattern, method, uses)
    seen: set[int] = set()
    for name in trees:
        for key, value in list(vars(importlib.import_module(name)).items()):
            for pattern in _reachable(value, seen):
                _add(found, f"{name}.{key}", pattern, "", uses)
    for where, text in _texts():
        try:
            pattern = re.compile(text, re.IGNORECASE)
        except re.error:
            continue  # a text, or a part of a pattern
        _add(found, where, pattern, "", uses)
    return list(found.values())


def _add(
    found: dict[tuple[Any, int, str], Found],
    where: str,
    pattern: "re.Pattern[Any]",
    method: str,
    uses: Mapping[str, set[str]],
) -> None:
    methods = {method} if method else uses.get(_place(where), set())
    how = methods & _AT_START if methods and methods <= _AT_START else {"finditer"}
    for one in how:
        found.setdefault((pattern.pattern, pattern.flags, one), Found(where, pattern, one))


def _place(where: str) -> str:
    """A private name belongs to its module, another one to all."""
    name = where.rpartition(".")[2]
    return where if name.startswith("_") else name


def _uses(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """The methods called on each name; one that is passed on or looped over has "" too."""
    uses: dict[str, set[str]] = defaultdict(set)
    for module, tree in trees.items():
        called = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                uses[_place(f"{module}.{node.value.id}")].add(node.attr)
                called.add(id(node.value))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Load)
                and id(node) not in called
            ):
                uses[_place(f"{module}.{node.id}")].add("")
    return uses


def _in_source(
    name: str, tree: ast.Module, known: dict[str, Any]
) -> Iterator[tuple[str, "re.Pattern[Any]", str]]:
    """The patterns of the calls of ``re``; one that is assigned to a name has its name."""
    assigned = {
        id(node.value): node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _CALLS
            and node.args
        ):
            continue
        flags = [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
        position = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(node.func.attr, 2)
        flags = flags or list(node.args[position : position + 1])
        pattern, options = _value(node.args[0], known), _value(flags[0], known) if flags else 0
        if not isinstance(pattern, str | bytes):
            continue
        try:
            compiled = re.compile(pattern, options if isinstance(options, int) else 0)
        except re.error:
            continue
        where = assigned.get(id(node), f"line {node.lineno}")
        method = "" if node.func.attr == "compile" else node.func.attr
        yield f"{name}.{where}", compiled, method


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    code = compile(ast.Expression(node), "pattern", "eval")
    locals_ = _Unknown(known)
    try:
        return eval(code, {}, locals_)
    except (NameError, TypeError, AttributeError, ValueError, LookupError):
        return None


def _reachable(value: Any, seen: set[int]) -> Iterator["re.Pattern[Any]"]:
    """The patterns in a table, a record, or what a cached function without parameters gives."""
    if isinstance(value, str | bytes | int | float | type(None)) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for one in (*value.keys(), *value.values()):
            yield from _reachable(one, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _reachable(one, seen)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _reachable(getattr(value, field.name), seen)
    elif (
        hasattr(value, "cache_parameters")
        and str(getattr(value, "__module__", "")).startswith(("rag.", "ui."))
        and not inspect.signature(value).parameters
    ):
        yield from _reachable(value(), seen)


def _texts() -> Iterator[tuple[str, str]]:
    for path in sorted((*(ROOT / "rag").rglob("*.toml"), *(ROOT / "ui").rglob("*.toml"))):
        for text in _strings(tomllib.loads(path.read_text())):
            if _REPEATED.search(text):
                yield path.relative_to(ROOT).as_posix(), text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


@dataclass(frozen=True)
class Attack:
    """A text that is hard for a pattern, of any length."""

    before: str
    repeated: str

    def text(self, size: int) -> str:
        """``size`` characters; the last one is one that nothing matches."""
        times = size // len(self.repeated) + 1
        return (self.before + self.repeated * times)[: size - 1] + "\x01"


def attacks(found: Found) -> list[Attack]:
    """Texts that are hard for a pattern; the same for each call.

    One character or word repeated, and for each part of the pattern that repeats without a bound:
    what comes before it, then the part repeated; the same behind one more letter; and both repeated
    together. Last the pattern's own shortest match, repeated with and without its end.
    """
    tree = _parser.parse(found.pattern.pattern, found.pattern.flags & ~re.DEBUG)
    made = [Attack("", word) for word in COMMON]
    for prefix, pump in _pumps(tree, ""):
        made += [Attack("", pump), Attack("", prefix + pump), Attack(prefix, pump)]
        if pump.isspace():
            made.append(Attack(f"{prefix}a", pump))
    shortest = _shortest(tree)
    made += [Attack("", word) for word in (shortest, shortest[:-1]) if word]
    return list(dict.fromkeys(made))


COMMON = (" ", "\n", "a", "A", "1", "word ", "Aa. ", "a \n")
"""Characters and words of which strings for every pattern are made."""


def _pumps(tree: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """What comes before each repeated part, and what the part may consist of."""
    for kind, value in tree:
        name = str(kind)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, body = value
            if int(high) >= _LONG:
                for pump in _bodies(body):
                    yield prefix, pump
            yield from _pumps(body, prefix)
            prefix += _shortest(body) * min(int(low), 40)
        elif name == "SUBPATTERN":
            yield from _pumps(value[3], prefix)
            prefix += _shortest(value[3])
        elif name == "ATOMIC_GROUP":
            yield from _pumps(value, prefix)
            prefix += _shortest(value)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _pumps(branch, prefix)
            prefix += _shortest(value[1][0])
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from _pumps(value[1], prefix)
        else:
            prefix += _one(kind, value)


def _bodies(body: Any) -> list[str]:
    """Up to three texts that a repeated part matches."""
    if len(body) == 1 and str(body[0][0]) in ("IN", "ANY", "NOT_LITERAL", "CATEGORY"):
        return _characters(*body[0])[:3]
    if len(body) == 1 and str(body[0][0]) == "SUBPATTERN":
        return _bodies(body[0][1][3])
    if len(body) == 1 and str(body[0][0]) == "BRANCH":
        return [text for branch in body[0][1][1] if (text := _shortest(branch))][:3]
    fuller = "".join(_shortest([part], most=1) for part in body)
    return [text for text in dict.fromkeys((_shortest(body), fuller)) if text]


def _shortest(tree: Any, most: int = 0) -> str:
    """A short text that the part matches; a part that may be left out is there ``most`` times."""
    made = ""
    for kind, value in tree:
        name = str(kind)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            made += _shortest(value[2]) * min(max(int(value[0]), most), 40)
        elif name == "SUBPATTERN":
            made += _shortest(value[3], most)
        elif name == "ATOMIC_GROUP":
            made += _shortest(value, most)
        elif name == "BRANCH":
            made += _shortest(value[1][0], most)
        else:
            made += _one(kind, value)
    return made


def _one(kind: Any, value: Any) -> str:
    if str(kind) in ("LITERAL", "IN", "ANY", "NOT_LITERAL", "CATEGORY"):
        return _characters(kind, value)[0]
    return ""


def _characters(kind: Any, value: Any) -> list[str]:
    """The characters that one place in a pattern takes, of those that are tried; at least one."""
    name = str(kind)
    if name == "LITERAL":
        return [chr(value)]
    if name == "ANY":
        return [c for c in _WITNESSES if c != "\n"]
    if name == "NOT_LITERAL":
        return [c for c in _WITNESSES if ord(c) != value]
    items = value if name == "IN" else [(kind, value)]
    literal = [chr(what) for how, what in items if str(how) == "LITERAL"]
    literal += [chr(what[0]) for how, what in items if str(how) == "RANGE"]
    tried = [c for c in dict.fromkeys((*_WITNESSES, *literal)) if _is_in(c, items)]
    return tried or ["\x02"]


def _is_in(character: str, items: Any) -> bool:
    inside = negated = False
    for how, what in items:
        name = str(how)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            inside |= ord(character) == what
        elif name == "RANGE":
            inside |= what[0] <= ord(character) <= what[1]
        elif name == "CATEGORY":
            sign = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[str(what).rpartition("_")[2]]
            is_not = "_NOT_" in str(what)
            inside |= (re.fullmatch(sign, character) is not None) != is_not
    return inside != negated
