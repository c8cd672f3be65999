"""What ackd knows stands in one place: names of rules, letters, values and states are enumerations, and
nothing compares with a text of its own."""

from __future__ import annotations

import ast
import enum
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from ackd import model
from ackd.config.schema import base as schema
from ackd.mailbox import own_properties
from ackd.mailbox.sync_keys import SyncKey
from ackd.model import ValueKey
from ackd.model.access import Auth, MailboxKind, SignInWay
from ackd.text.headers import INSIDE_STAMP
from ackd.text.languages import LANGUAGES
from ackd.views.replay import Outcome
from tests.kept import FOLDER, MODES

ROOT = Path(__file__).resolve().parent.parent
ENUMS = [
    *(one for one in vars(model).values() if isinstance(one, type) and issubclass(one, enum.StrEnum)),
    *(SyncKey, own_properties.Stage, Outcome, Auth, MailboxKind, SignInWay),
]
#: The modules in which each value stands as what it is.
HOMES: dict[str, set[str]] = {}
for _enum in ENUMS:
    for _member in _enum:
        HOMES.setdefault(_member.value, set()).add(_enum.__module__)
#: Texts that are like a value and mean something else, by module.
OTHERS = {
    ("ackd.cli.migrate", "open promise"): "words for a person",
    ("ackd.engine.digest", "config_trouble"): "what the digest calls it in its own fields",
    ("ackd.engine.digest", "template_trouble"): "the same",
    ("ackd.judge.reading", "no_rush"): "a kind of phrases",
    ("ackd.promise.asker_reply", "no_rush"): "a kind of phrases",
    ("ackd.text.languages", "no_rush"): "a kind of phrases",
    ("ackd.views.calibrate", "no_rush"): "a key of the configuration",
}
#: Fields that hold a member of an enumeration, wherever they are.
TYPED = {
    "rule",
    "letter",
    "mode",
    "state",
    "outcome",
    "moved",
    "overdue",
    "over",
    "when_away",
    "acknowledge",
    "auth",
}


#: Values that are no common words, and what both ways to a mailbox share.
NAMES = [value for value in HOMES if re.search(r"[ _/-]", value)]
SHARED = [value for value in vars(own_properties).values() if str(value).startswith("ackd-")]
SHARED += [own_properties.PROPERTY_SET, INSIDE_STAMP]
#: What else there may be to look at, in modules that have it: they are many, and parsing takes a while.
_FIELD = rf"\.(?:{'|'.join(sorted(TYPED))}|value)\b"
MARKS = re.compile(rf"""{_FIELD}\)?\s+(?:[=!]=|not\b|in\b)|["')]\s+(?:[=!]=|(?:not )?in)\s[^"\n]*{_FIELD}""")
QUOTED = re.compile(
    rf"""["'](?:{"|".join(map(re.escape, (*NAMES, *SHARED, *map(str.lower, SHARED))))})["']"""
)
CALLS = re.compile(r"ledger\.(?:value|values|remember|swap)\(|\b(?:Veto|Evidence)\(")
Nodes = tuple[ast.AST, ...]


def walked(code: str) -> Nodes:
    """Of the code what is looked at here; it is large, and walked once."""
    looked_at = (ast.Expr, ast.JoinedStr, ast.Constant, ast.Compare, ast.Call)
    return tuple(node for node in ast.walk(ast.parse(code)) if isinstance(node, looked_at))


def is_worth_a_look(code: str) -> bool:
    return bool(QUOTED.search(code) or CALLS.search(code) or MARKS.search(code))


@cache
def modules() -> dict[str, Nodes]:
    files = sorted((ROOT / "ackd").rglob("*.py"))
    codes = {file: file.read_text(encoding="utf-8") for file in files}
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): walked(code)
        for file, code in codes.items()
        if is_worth_a_look(code)
    }


@cache
def texts() -> tuple[tuple[str, int, str], ...]:
    """The whole texts in code, by module and line, without what describes it."""
    found = []
    for module, nodes in modules().items():
        told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        told |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                found.append((module, node.lineno, node.value))
    return tuple(found)


def compared_texts(nodes: Nodes) -> Iterator[tuple[int, str]]:
    """Texts that are compared with a typed field, or with the text of a member."""
    for node in nodes:
        if not isinstance(node, ast.Compare):
            continue
        sides = [one for side in (node.left, *node.comparators) for one in getattr(side, "elts", [side])]
        fields = [one.attr for one in sides if isinstance(one, ast.Attribute)]
        for one in sides:
            is_text = isinstance(one, ast.Constant) and isinstance(one.value, str)
            if is_text and any(name in TYPED or (name == "value" and one.value in HOMES) for name in fields):
                yield node.lineno, one.value


def bare_keys(nodes: Nodes) -> Iterator[tuple[int, str]]:
    """Single values of a ledger that are asked for by a text."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_asked = node.func.attr in ("value", "values", "remember", "swap")
            is_ledger = is_asked and ast.unparse(node.func.value).endswith("ledger")
            given = [one for one in node.args[:1] if isinstance(one, ast.Constant)] if is_ledger else []
            yield from ((node.lineno, str(one.value)) for one in given)


def findings_made(nodes: Nodes) -> Iterator[int]:
    for node in nodes:
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if is_call and node.func.id in ("Veto", "Evidence"):
            yield node.lineno


def test_no_text_stands_for_a_member_of_an_enumeration() -> None:
    """Of values that are no common words: whoever needs one takes the member."""
    found = {
        (module, text, line) for module, line, text in texts() if text in NAMES and module not in HOMES[text]
    }
    assert not {one for one in found if one[:2] not in OTHERS}
    assert set(OTHERS) == {one[:2] for one in found}, "an exception isn't needed any more"


def test_nothing_is_compared_with_a_text_where_there_is_a_member() -> None:
    assert not [(module, *one) for module, nodes in modules().items() for one in compared_texts(nodes)]


def test_no_single_value_is_asked_for_by_a_text() -> None:
    assert not [(module, *one) for module, nodes in modules().items() for one in bare_keys(nodes)]


def test_findings_are_made_by_their_rules() -> None:
    """So that each has the name and the meaning of its rule; the ledger reads them back."""
    homes = ("ackd.model.verdict", "ackd.ledger.codec")
    made = {module: list(findings_made(nodes)) for module, nodes in modules().items()}
    assert {module for module, lines in made.items() if lines} == set(homes)


@pytest.mark.parametrize(
    ("code", "looks"),
    [
        ('if finding.rule == "age": pass', compared_texts),
        ('if "age" in (one.rule, x): pass', compared_texts),
        ('x = [f for f in y if f.letter not in ("redirect", "absent")]', compared_texts),
        ('if mode.value == "preview": pass', compared_texts),
        ('self.ledger.remember("mode", mode)', bare_keys),
        ('x = ledger.values("mode", "hold")', bare_keys),
        ('x = Veto("age", "too old")', findings_made),
    ],
)
def test_what_is_looked_for_is_found(code: str, looks: Callable[[Nodes], Iterator[object]]) -> None:
    assert is_worth_a_look(code)
    assert list(looks(walked(code)))


def test_what_both_ways_share_stands_once() -> None:
    assert len(SHARED) == 11
    for text in SHARED:
        found = [module for module, _, one in texts() if one.lower() == text.lower()]
        assert len(found) == 1, (text, found)


def test_no_two_members_of_an_enumeration_are_one() -> None:
    for one in ENUMS:
        assert len(one.__members__) == len(one), one


@pytest.mark.parametrize("mode", MODES)
def test_the_single_values_of_a_ledger_that_somebody_has_are_known(mode: str) -> None:
    """None was renamed: a later ackd would read it as if it had never been there."""
    text = (FOLDER / f"{mode}.sql").read_text(encoding="utf-8")
    found = Counter(re.findall(r"""INSERT INTO "meta" VALUES\('(\w+)',""", text))
    assert len(found) > 12
    assert set(found) <= {key.value for key in ValueKey}


def test_the_schema_names_the_languages_that_there_are() -> None:
    """The one line that a new language needs beside its folder."""
    assert sorted(schema.LANGUAGES) == sorted(LANGUAGES)
