"""What is written by one face is read by the other: random plays of both on one mailbox."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from exchange_sandbox import Sandbox
from tests.plays import play

from .. import stored
from ..conftest import ALICE, BOB, Time
from ..wire import Wire
from .faces import ByEws, ByGraph
from .graph_client import signed_in

FACES = st.sampled_from(("EWS", "Graph"))
WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), include_characters=" "),
    min_size=1,
    max_size=12,
).map(str.strip)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
DAYS = st.integers(1, 27).map(lambda day: f"2026-12-{day:02}T00:00:00Z")
HOURS = st.integers(8, 17).map(lambda hour: f"2026-12-01T{hour:02}:30:00Z")
COMMON = {
    "subject": WORDS,
    "body": TEXTS,
    "categories": st.lists(
        WORDS.filter(lambda one: one and "," not in one and ";" not in one),
        max_size=3,
        unique_by=str.casefold,
    ),
    "importance": st.sampled_from(("low", "normal", "high")),
}
FLAG = st.one_of(
    st.just(["notFlagged", ""]), st.just(["flagged", ""]), DAYS.map(lambda day: ["flagged", day])
)
MAIL = COMMON | {
    "answers": st.integers(1, 99).map(lambda number: f"<question-{number}@corp.example>"),
    "flag": FLAG,
    "to": st.lists(st.sampled_from((ALICE, BOB)), min_size=1, max_size=2, unique=True),
    "read": st.booleans(),
}
TASK = COMMON | {
    "due": st.one_of(st.just(""), DAYS),
    "status": st.sampled_from(("notStarted", "inProgress", "completed", "waitingOnOthers", "deferred")),
}
EVENT = COMMON | {"shown": st.sampled_from(("free", "tentative", "busy", "oof")), "place": WORDS}
KINDS = {"mail": MAIL, "task": TASK, "event": EVENT}
#: What only a draft lets change, at the Graph face.
OF_DRAFTS = ("subject", "body", "to", "answers")


def things(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(KINDS[kind])


def changes(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=KINDS[kind]).filter(bool)


class BothFaces(RuleBasedStateMachine):
    """Alice's mailbox, of which both faces tell the same: what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        people = {ALICE: "secret", BOB: "secret"}
        self.sandbox = sandbox = Sandbox(Path(self.folder.name), people, clock=Time()).start()
        graph = signed_in(sandbox, ALICE)
        self.ews, self.graph = ByEws(Wire(sandbox.url, ALICE)), ByGraph(graph)
        self.bob = Wire(sandbox.url, BOB)
        self.known: dict[str, tuple[str, dict[str, Any]]] = {}  # by EWS id: kind, and what was written
        self.folders = self.ews.folders()
        self.away: dict[str, str] | None = None
        self.binned: set[str] = set()  # what lies in Deleted Items
        self.drafts = self.received = 0

    def teardown(self) -> None:
        self.sandbox.stop()
        with self.folder as place:
            stored.check(Path(place))

    def face(self, name: str) -> Any:
        return self.ews if name == "EWS" else self.graph

    def some(self, data: st.DataObject, *, kind: str = "", draft: bool | None = None) -> str:
        return data.draw(st.sampled_from(self.among(kind, draft)))

    def among(self, kind: str = "", draft: bool | None = None) -> list[str]:
        return [
            number
            for number, (what, thing) in self.known.items()
            if (not kind or kind == what) and (draft is None or thing.get("draft") is draft)
        ]

    # writing

    @rule(face=FACES, thing=things("mail"))
    def draft(self, face: str, thing: dict[str, Any]) -> None:
        self.drafts += 1
        thing = {**thing, "token": f"t-{self.drafts}"}
        number = self.face(face).create("mail", thing)
        self.known[number] = ("mail", {**thing, "draft": True})

    @rule(face=FACES, thing=things("task"))
    def task(self, face: str, thing: dict[str, Any]) -> None:
        self.known[self.face(face).create("task", thing)] = ("task", thing)

    @rule(face=FACES, thing=things("event"), start=HOURS)
    def event(self, face: str, thing: dict[str, Any], start: str) -> None:
        thing = {**thing, "start": start, "end": start.replace(":30:", ":45:"), "token": "t-event"}
        self.known[self.face(face).create("event", thing)] = ("event", thing)

    @precondition(lambda self: self.known)
    @rule(face=FACES, data=st.data())
    def change(self, face: str, data: st.DataObject) -> None:
        number = self.some(data)
        kind, thing = self.known[number]
        changed = data.draw(changes(kind))
        if thing.get("draft") is False:
            changed = {name: value for name, value in changed.items() if name not in OF_DRAFTS}
        if changed:
            assert self.face(face).update(kind, number, changed) == number
            self.known[number] = (kind, {**thing, **changed})

    @precondition(lambda self: self.among("mail"))
    @rule(face=FACES, data=st.data(), folder=st.sampled_from(("drafts", "inbox", "junkemail")))
    def move(self, face: str, data: st.DataObject, folder: str) -> None:
        number = self.some(data, kind="mail")
        before = self.graph.translated(number, "ewsId", "restImmutableEntryId")
        moved = self.face(face).move(number, folder)
        assert self.graph.translated(moved, "ewsId", "restImmutableEntryId") == before
        self.known[moved] = self.known.pop(number)

    @precondition(lambda self: self.among("mail"))
    @rule(face=FACES, data=st.data())
    def delete(self, face: str, data: st.DataObject) -> None:
        number = self.some(data, kind="mail")
        self.face(face).delete(number)
        _, thing = self.known.pop(number)
        found = self.graph.by_token(thing["token"])
        is_gone = face == "Graph" and number in self.binned  # EWS asks to move it there, and there it is
        assert len(found) == (not is_gone), "in Deleted Items, and from there to nowhere"
        self.binned |= {there for there, _ in found}
        self.known |= {there: ("mail", thing) for there, _ in found}

    @precondition(lambda self: self.among("mail", draft=True))
    @rule(face=FACES, data=st.data())
    def send(self, face: str, data: st.DataObject) -> None:
        number = self.some(data, kind="mail", draft=True)
        self.face(face).send(number)
        _, thing = self.known.pop(number)
        found = self.graph.by_token(thing["token"])
        assert [is_draft for _, is_draft in found] == [False], "one copy, which is sent"
        self.received += BOB in thing["to"]
        kept = {name: value for name, value in thing.items() if name not in ("read", "flag")}
        self.known[found[0][0]] = ("mail", {**kept, "draft": False, "read": True})

    @rule(face=FACES, name=st.sampled_from(("ackd", "ACKD", "ackd-lease", "größer")), hidden=st.booleans())
    def make_folder(self, face: str, name: str, hidden: bool) -> None:
        free = name.casefold() not in {one.casefold() for one in self.folders}
        assert self.face(face).folder(name, hidden=hidden) is free
        if free:
            self.folders[name] = hidden

    @rule(
        face=FACES,
        status=st.sampled_from(("disabled", "alwaysEnabled", "scheduled")),
        audience=st.sampled_from(("none", "all")),
        text=WORDS,
        day=DAYS,
    )
    def go_away(self, face: str, status: str, audience: str, text: str, day: str) -> None:
        end = day.replace("2026-12", "2027-01")
        away = {
            "status": status,
            "audience": audience,
            "internal": text,
            "external": f"{text}!",
            "start": day,
            "end": end,
        }
        self.face(face).set_away(away)
        self.away = away

    # reading

    @invariant()
    def both_tell_what_was_written(self) -> None:
        for number, (kind, thing) in self.known.items():
            told = [plain(face.read(kind, number)) for face in (self.ews, self.graph)]
            assert told[0] == told[1]
            assert {name: told[0][name] for name in thing} == plain(thing)

    @invariant()
    def both_tell_of_the_folders(self) -> None:
        assert self.ews.folders() == self.graph.folders() == self.folders

    @invariant()
    def both_tell_of_the_absence(self) -> None:
        told = self.ews.away()
        assert told == self.graph.away()
        assert self.away is None or told == self.away

    @invariant()
    def bob_has_what_was_sent(self) -> None:
        found = [
            one for one in self.bob.find("inbox", "item:Subject").texts("t:Subject") if "Automatic" not in one
        ]
        assert len(found) == self.received


def plain(thing: dict[str, Any]) -> dict[str, Any]:
    """Line ends, and blanks at the end of a text, are nobody's."""
    body = "\n".join(line.rstrip() for line in thing["body"].splitlines()).strip()
    return {**thing, "body": body}


@pytest.mark.parametrize(
    ("examples", "steps"),
    [(2, 12), pytest.param(4, 25, marks=[pytest.mark.long, pytest.mark.timeout(1200)])],
)
def test_each_face_tells_what_the_other_wrote(examples: int, steps: int) -> None:
    play(BothFaces, examples=examples, steps=steps)
