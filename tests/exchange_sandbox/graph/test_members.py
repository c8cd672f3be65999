"""Members that the published metadata gives a type may be named by clients, and be null in what is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange_sandbox import Sandbox

from .graph_client import Graph
from .graph_model import Model
from .test_every_fault import DAY, Place

NULLS = {
    "message": ("/me/messages", {}),
    "event": ("/me/events", {"start": DAY, "end": DAY}),
    "todoTask": ("{list}/tasks", {"title": "x"}),
}


@pytest.fixture
def model(shared: Path) -> Model:
    return Model(shared / "graph")


def test_all_members_can_be_selected(model: Model, sandbox: Sandbox) -> None:
    place = Place(sandbox)
    draft, task = place.draft(), place.task()
    places = {
        "user": "/me",
        "message": draft,
        "mailFolder": place.folder(),
        "event": place.event(),
        "calendar": place.calendar(),
        "todoTaskList": place.list(),
        "todoTask": task,
        "outlookCategory": place.category(),
        "attachment": place.attachment(draft),
        "mailboxSettings": "/me/mailboxSettings",
    }
    for kind, path in places.items():
        for name in model.plain(kind):
            got = place.alice.get(path, params={"$select": name})
            assert got.status == 200, (kind, name, got)
    whole = place.alice.get("/me", params={"$select": "mailboxSettings"}).json["mailboxSettings"]
    assert whole == {
        name: value
        for name, value in place.alice.get("/me/mailboxSettings").json.items()
        if not name.startswith("@")
    }


def test_the_settings_of_others_are_not_shown(bob: Graph) -> None:
    got = bob.get("/users/alice@corp.example", params={"$select": "displayName,mailboxSettings"})
    assert got.json["mailboxSettings"] is None


@pytest.mark.parametrize("kind", NULLS)
def test_null_is_as_if_it_were_not_said(model: Model, sandbox: Sandbox, kind: str) -> None:
    place = Place(sandbox)
    path, base = NULLS[kind]
    path = path.format(list=place.list())
    for name in set(model.plain(kind)) - set(base):
        if {"type": "null"} in model.properties(kind)[name].get("anyOf", ()):
            got = place.alice.post(path, {**base, name: None})
            assert got.status == 201, (name, got)
