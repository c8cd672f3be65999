"""The watched folders as people name them, rename them, delete them and find them in their language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from exchangelib import Folder

from ackd.mailbox import folder_names
from ackd.mailbox.ews import EwsMailbox
from ackd.mailbox.tree import Tree
from ackd.model import CategoryChange, Done, FolderNote, Refused
from exchange_sandbox import Quirks, Sandbox
from exchange_sandbox.server.server import SandboxError
from exchange_sandbox.store import standard_names
from tests.mailbox.contract.mailbox_contract import NOW, OWNER, named, raw_mail
from tests.mailbox.contract.test_ews import ZONE, EwsWorld

LOCALISED = {
    "de": "Posteingang",
    "fr": "Boîte de réception",
    "es": "Bandeja de entrada",
    "nl": "Postvak IN",
    "it": "Posta in arrivo",
    "pt": "Caixa de Entrada",
}


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., EwsWorld]]:
    made: list[EwsWorld] = []

    def start(quirks: Quirks | None = None, language: str = "en") -> EwsWorld:
        made.append(EwsWorld(tmp_path, quirks or Quirks(), language))
        return made[-1]

    yield start
    for world in made:
        world.close()


def keys(world: EwsWorld, *names: str) -> list[str]:
    """The watched folders that are found."""
    world.watch(*names)
    return list(world.mailbox.syncing.watched.elements())


def read(world: EwsWorld, sync_state: str | None) -> tuple[list[str], tuple[FolderNote, ...], str]:
    """One page of changes, a while later."""
    world.tick(5)
    page = world.mailbox.changes(sync_state, NOW)
    assert page.complete
    return named(page), page.notes, page.sync_state


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.every(8)
@pytest.mark.parametrize("language", LOCALISED)
def test_the_inbox_is_meant_in_every_language(make: Callable[..., EwsWorld], language: str) -> None:
    world = make(language=language)
    world.owner_makes_folder("Inbox/Team")
    own, count = LOCALISED[language], 0
    for inbox in ("Inbox", "INBOX", "/inbox/", own, own.upper(), *LOCALISED.values()):
        for name in (inbox, f"{inbox}/Team", f"{inbox}/tEAM"):
            world.watch(name)
            _, notes, sync_state = read(world, None)
            assert notes == (), name
            count += 1
            world.arrive_in("Inbox/Team" if "/t" in name.lower() else "Inbox", raw_mail(f"q{count}"))
            assert read(world, sync_state)[0] == [f"q{count}"]


def test_inbox_alone_asks_nothing_more(make: Callable[..., EwsWorld]) -> None:
    world = make(language="de")
    world.watch("INBOX")
    read(world, None)
    assert world.sandbox.requests.count("FindFolder") == 0
    world.watch("Posteingang")
    read(world, None)
    assert world.sandbox.requests.count("FindFolder") == 1


def test_other_folders_that_every_mailbox_has(make: Callable[..., EwsWorld]) -> None:
    world = make(language="fr")
    for name in (
        "Junk Email",
        "Junk-E-Mail",
        "courrier indesirable",
        "Lixo Eletrônico",
        "Posta indesiderata",
    ):
        assert keys(world, name) == [name]
        assert list(world.mailbox.syncing.inboxes()) == [f"Junk Email/{name}"]  # the judge knows it by that
    for name in ("Sent Items", "Gesendete Objekte", "Drafts", "Corbeille/x", "Postvak UIT"):
        assert keys(world, name) == ([] if name == "Corbeille/x" else [name])


TREE = {
    "in": ("Posteingang", "root"),
    "team": ("Team", "in"),
    "ac": ("AC", "in"),
    "dc": ("DC", "ac"),
    "acdc": ("AC/DC", "in"),
    "slash": ("Q1/Q2", "root"),
    "own": ("Inbox", "root"),
    "old": ("Team", "own"),
    "only": ("Legacy", "own"),
    "notes": ("Archiv", "root"),
    "wide": ("Büro  Köln", "root"),
    "bin": ("Gelöschte Elemente", "root"),
    "gone": ("Projects", "bin"),
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Inbox", "in"),  # a folder of the owner's with that name doesn't take its place
        ("inbox/team", "team"),
        ("Inbox/Legacy", "only"),  # but what is in it is found
        ("Posteingang/Team", "team"),
        ("Posta in arrivo/Team", "team"),
        ("Inbox/AC/DC", "dc"),
        (r"Inbox/AC\/DC", "acdc"),
        ("Q1/Q2", "slash"),
        (r"q1\/q2", "slash"),
        (r"Inbox\Team", "team"),
        ("büro köln", "wide"),
        ("Bu\u0308ro Köln", "wide"),
        ("Deleted Items/Projects", "gone"),
        ("Projects", None),
        ("Team", None),
        ("Archive", None),
        ("/", None),
        ("", None),
    ],
)
def test_paths(path: str, found: str | None) -> None:
    tree = Tree(TREE, {"inbox": "in", "deleteditems": "bin"})
    assert tree.find(path) == found
    if found:
        assert tree.find(tree.path(found)) in (found, "team", "in")  # "Inbox" that isn't the inbox


def test_a_slash_in_a_name_over_the_wire(make: Callable[..., EwsWorld]) -> None:
    world = make()
    Folder(parent=world.outlook.account.inbox, name="AC/DC").save()
    assert keys(world, "Inbox/AC/DC", r"Inbox/ac\/dc") == ["Inbox/AC/DC"]  # one folder, read once


def test_names_that_mean_one_folder_are_read_once(make: Callable[..., EwsWorld]) -> None:
    world = make(language="de")
    assert keys(world, "Inbox", "Posteingang", "inbox") == ["Inbox"]


def test_a_mailbox_with_more_folders_than_a_page_has(
    make: Callable[..., EwsWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ackd.mailbox.ews.requests.FOLDERS_PAGE", 7)
    world = make()
    world.owner_makes_folder("Zzz")
    assert keys(world, "Zzz") == ["Zzz"]


def test_every_name_that_the_sandbox_gives_is_known() -> None:
    for language in standard_names.LANGUAGES:
        for own, name in standard_names.of(language).items():
            if own in folder_names.EVERY_MAILBOX_HAS:
                assert folder_names.meant(name) == own, name


# --- what becomes of folders ------------------------------------------------------------------------


def test_a_rename_is_seen_by_the_idle_poll_and_told_once(
    make: Callable[..., EwsWorld], caplog: pytest.LogCaptureFixture
) -> None:
    world = make()
    world.owner_makes_folder("Inbox/Team")
    world.watch("Inbox", "Inbox/Team")
    _, notes, sync_state = read(world, None)
    _, notes, sync_state = read(world, sync_state)
    before = world.sandbox.requests.count()
    _, notes, sync_state = read(world, sync_state)
    assert (notes, world.sandbox.requests.count() - before) == ((), 1)
    world.owner_renames_folder("Inbox/Team", "Inbox/Crew")
    for _ in range(3):
        _, notes, sync_state = read(world, sync_state)
        assert [note.is_read for note in notes] == [True]
    assert caplog.text.count("is called 'Inbox/Crew' now") == 1


def test_a_folder_is_followed_wherever_it_goes_but_into_the_bin(make: Callable[..., EwsWorld]) -> None:
    world = make(language="de")
    world.owner_makes_folder("Inbox/Team")
    world.owner_makes_folder("Work")
    world.watch("Inbox", "Inbox/Team")
    _, _, sync_state = read(world, None)
    team = world._folder("Inbox/Team")
    team.move(world._folder("Work"))
    world.arrive_in("Work/Team", raw_mail("q1"))
    mails, (note,), sync_state = read(world, sync_state)
    assert (mails, note.is_read) == (["q1"], True)
    assert "'Work/Team'" in note.words
    world._folder("Work/Team").move(world.outlook.account.trash)
    world.arrive(raw_mail("q2"))
    mails, (note,), sync_state = read(world, sync_state)
    assert (mails, note.is_read) == (["q2"], False)
    world._folder("Gelöschte Elemente/Team").move(
        world.outlook.account.inbox
    )  # the owner thought better of it
    world.arrive_in("Inbox/Team", raw_mail("q3"))
    world.tick(600)
    assert read(world, sync_state)[:2] == (["q3"], ())


def test_a_folder_above_that_is_renamed_is_told_within_the_hour(make: Callable[..., EwsWorld]) -> None:
    world = make()
    world.owner_makes_folder("Work")
    world.owner_makes_folder("Work/Team")
    world.watch("Inbox", "Work/Team")
    _, _, sync_state = read(world, None)
    world.owner_renames_folder("Work", "Old work")
    world.arrive_in("Old work/Team", raw_mail("q1"))
    mails, _, sync_state = read(world, sync_state)
    assert mails == ["q1"]
    world.tick(3600)
    _, (note,), sync_state = read(world, sync_state)
    assert "'Old work/Team'" in note.words


def test_the_name_counts_where_there_is_a_new_folder_of_it(make: Callable[..., EwsWorld]) -> None:
    """Last year's folder put aside, a new one of the same name."""
    world = make()
    world.owner_makes_folder("Inbox/Team")
    world.watch("Inbox", "Inbox/Team")
    _, _, sync_state = read(world, None)
    world.owner_renames_folder("Inbox/Team", "Inbox/Team 2025")
    world.owner_makes_folder("Inbox/Team")
    world.arrive_in("Inbox/Team", raw_mail("q1"))
    assert read(world, sync_state)[:2] == (["q1"], ())


@pytest.mark.long
@pytest.mark.parametrize("quirks", [Quirks(), Quirks.of(["all"])], ids=["exchange", "quirks"])
def test_nothing_is_looked_for_without_end(make: Callable[..., EwsWorld], quirks: Quirks) -> None:
    world = make(quirks)
    world.watch("Inbox", "Inbox/Team")
    _, _, sync_state = read(world, None)
    world.tick(3600)
    _, _, sync_state = read(world, sync_state)
    before = world.sandbox.requests.count("FindFolder")
    for _ in range(720):  # an hour of polls
        _, notes, sync_state = read(world, sync_state)
        assert len(notes) == 1
    assert 12 <= world.sandbox.requests.count("FindFolder") - before <= 24


def test_a_folder_that_cannot_be_read_is_told_and_read_later(make: Callable[..., EwsWorld]) -> None:
    world = make(Quirks(no_commit_time=True))
    world.owner_makes_folder("Inbox/Team")
    world.watch("Inbox", "Inbox/Team")
    _, _, sync_state = read(world, None)
    world.arrive(raw_mail("q1"))
    syncing: Any = world.mailbox.syncing
    syncing.watched.lose("Inbox/Team", "ErrorAccessDenied")
    page = world.mailbox.changes(sync_state, NOW)  # at once: it isn't tried again yet
    (note,), sync_state = page.notes, page.sync_state
    assert (named(page), note.is_read) == (["q1"], False)
    assert "ErrorAccessDenied" in note.words
    world.tick(600)
    world.arrive_in("Inbox/Team", raw_mail("q2"))
    assert read(world, sync_state)[:2] == (["q2"], ())


def test_a_cursor_of_an_earlier_version_goes_on(make: Callable[..., EwsWorld]) -> None:
    world = make()
    world.owner_makes_folder("Inbox/Team")
    world.watch("Inbox", "Inbox/Team")
    _, _, sync_state = read(world, None)
    old = {
        key: {k: v for k, v in mark.items() if k != "folder"} for key, mark in json.loads(sync_state).items()
    }
    world.arrive_in("Inbox/Team", raw_mail("q1"))
    world.tick(5)
    page = world.mailbox.changes(json.dumps(old), NOW)
    assert (named(page), page.relisted) == (["q1"], False)
    assert "folder" in json.loads(page.sync_state)["Inbox/Team"]


def test_searches_and_the_past_do_without_a_folder_that_is_gone(make: Callable[..., EwsWorld]) -> None:
    world = make()
    world.owner_makes_folder("Inbox/Team")
    world.watch("Inbox", "Inbox/Team")
    read(world, None)
    world.arrive(raw_mail("q1"))
    world.owner_deletes_folder("Inbox/Team")
    assert [m.message_id for m in world.mailbox.search(subject="figures")] == ["<q1@corp.example>"]
    assert len(list(world.mailbox.past(NOW - timedelta(days=1)))) == 1
    assert not world.mailbox.signs({"<q1@corp.example>": ""}).answered
    gone = EwsMailbox(world.access, zone=ZONE, clock=world.clock, watched=("Inbox/Nobody",))
    assert gone.search(subject="figures") == ()
    assert list(gone.past(NOW)) == []
    assert gone.changes(None, NOW).complete
    gone.close()


def test_a_category_reaches_a_mail_that_was_filed_but_none_that_was_thrown_away(
    make: Callable[..., EwsWorld],
) -> None:
    world = make()
    for path in ("Projects", "Projects/North"):
        world.owner_makes_folder(path)
    changes = []
    for place in ("Projects/North", "Inbox", "Deleted Items"):
        name = place.partition("/")[0]
        sync_state = world.mailbox.changes(None, NOW).sync_state
        world.arrive_in("Inbox", raw_mail(name.lower().replace(" ", "-")))
        world.tick(5)
        (mail,) = world.mailbox.changes(sync_state, NOW).mails
        if place != "Inbox":
            world.outlook.account.inbox.get(message_id=mail.message_id).move(world._folder(place))
        changes.append(CategoryChange(mail.message_id, mail.item, add=("Promised",)))
    outcomes = world.mailbox.categorize(changes)
    assert [type(one) for one in outcomes] == [Done, Done, Refused]
    (filed,) = world._folder("Projects/North").all()
    assert filed.categories == ["Promised"]
    before = world.sandbox.requests.count("FindFolder")
    again = [replace(change, item="") for change in changes * 3]
    world.mailbox.categorize(again)
    assert world.sandbox.requests.count("FindFolder") - before == 1


def test_a_language_that_is_not_known_is_told(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="en, de, fr"):
        Sandbox(tmp_path / "x", {OWNER: "secret"}, language="xx").start()
