"""Servers that never come to an end: every loop of ackd's ends, and the rest is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path

import pytest

from ackd.errors import ConfigError
from ackd.mailbox import expansion
from ackd.mailbox.ews import past
from ackd.mailbox.expansion import Level
from ackd.mailbox.sync_rounds import FEWEST, PAGES, TOLD_AFTER, Rounds
from ackd.model import Changes
from exchange_sandbox import Quirks
from tests.mailbox.contract.mailbox_contract import BOB, NOW, named, raw_mail, task
from tests.mailbox.contract.test_ews import EwsWorld


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., EwsWorld]]:
    made: list[EwsWorld] = []

    def start(**quirks: object) -> EwsWorld:
        made.append(EwsWorld(tmp_path, replace(Quirks(), **quirks)))  # type: ignore[arg-type]
        return made[-1]

    yield start
    for world in made:
        world.close()


def poll(world: EwsWorld, sync_state: str | None) -> list[Changes]:
    """The pages of one poll."""
    world.tick(5)
    pages: list[Changes] = []
    while not pages or not pages[-1].complete:
        pages.append(world.mailbox.changes(sync_state, NOW))
        sync_state = pages[-1].sync_state
        assert len(pages) <= 5
    return pages


# --- changes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("quirk", ["endless_sync", "restless_sync"])
@pytest.mark.parametrize("folder", ["tasks", "sentitems", "inbox", "Team"])
@pytest.mark.parametrize("commit_times", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_folder_without_an_end_keeps_no_other_waiting(
    make: Callable[..., EwsWorld], quirk: str, folder: str, commit_times: bool
) -> None:
    world = make(**{quirk: frozenset({folder})}, no_commit_time=not commit_times)
    world.owner_makes_folder("Team")
    world.owner_makes_folder("Crew")
    world.watch("Inbox", "Team", "Crew")
    world.mailbox.create_tasks([task()])
    for place in ("Inbox", "Team", "Crew"):
        world.arrive_in(place, raw_mail(f"old-{place}"))
    world.owner_answers("<old-Inbox@corp.example>", BOB)
    sync_state = poll(world, None)[-1].sync_state
    for number in range(TOLD_AFTER + 1):
        for place in ("Inbox", "Team", "Crew"):
            world.arrive_in(place, raw_mail(f"{number}-{place}"))
        before = world.sandbox.requests.count("SyncFolderItems")
        pages = poll(world, sync_state)
        sync_state = pages[-1].sync_state
        found = {name for page in pages for name in named(page)}
        assert found >= {f"{number}-{place}" for place in ("Inbox", "Team", "Crew")}
        assert world.sandbox.requests.count("SyncFolderItems") - before <= 12
    name = {"tasks": "Tasks", "sentitems": "Sent Items", "inbox": "Inbox"}.get(folder, folder)
    (note,) = pages[-1].notes
    assert (f"'{name}'" in note.words, note.is_read) == (True, True)


def test_a_server_that_mends_itself_is_no_more_told_of(make: Callable[..., EwsWorld]) -> None:
    world = make(endless_sync=frozenset({"tasks"}))
    sync_state = poll(world, None)[-1].sync_state
    (page,) = poll(world, sync_state)
    assert [note.folder for note in page.notes] == ["Tasks"]
    world.mailbox.syncing._rounds.has_more("/tasks", "a", "b", [], complete=True)
    assert world.mailbox.syncing.notes() == ()


def test_a_state_that_is_never_known_again_ends_too(make: Callable[..., EwsWorld]) -> None:
    for kind in ("stale-sync-state", "full-resync"):
        world = make()
        for number in range(3):
            world.arrive(raw_mail(f"n{number}"))
        sync_state = poll(world, None)[-1].sync_state
        world.sandbox.faults.add("SyncFolderItems", kind, times=-1)
        world.arrive(raw_mail("q1"))
        assert "q1" in {name for page in poll(world, sync_state) for name in named(page)}
        world.close()


def steps(rounds: Rounds, states: Iterator[str], changes: Iterator[list[str]]) -> int:
    """The pages of one round of a folder that never says that it is at its end."""
    before, pages = "", 0
    while rounds.goes_on("Inbox"):
        state = next(states)
        rounds.has_more("Inbox", before, state, next(changes), complete=False)
        before, pages = state, pages + 1
    rounds.end()
    return pages


def test_pages_that_bring_nothing_new_are_the_last() -> None:
    new = (f"state {n}" for n in count())
    fresh = ([f"item {n}"] for n in count())
    assert steps(Rounds(), cycle(["a"]), fresh) == 2  # the same state
    assert steps(Rounds(), cycle(["a", "b"]), fresh) == 3  # states by turns
    assert steps(Rounds(), new, cycle([["x", "y"]])) == 2  # the same items
    assert steps(Rounds(), new, cycle([["x"], ["y"]])) == 3  # the same items by turns
    assert steps(Rounds(), new, cycle([[]])) == 1  # nothing at all


def test_a_folder_that_always_has_more_is_read_bit_by_bit() -> None:
    """A large folder's listing needs some rounds of many pages; what never ends gets few."""
    rounds, new = Rounds(), (f"state {n}" for n in count())
    fresh = ([f"item {n}"] for n in count())
    lengths = [steps(rounds, new, fresh) for _ in range(20)]
    assert lengths[:5] == [PAGES] * 5
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == FEWEST
    assert rounds.notes({})
    rounds.has_more("Inbox", "x", "y", ["z"], complete=True)
    assert not rounds.notes({})
    assert steps(rounds, new, fresh) == PAGES


# --- searches and listings ------------------------------------------------------------------------


def test_a_listing_that_stays_on_its_first_page_ends(
    make: Callable[..., EwsWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "LISTING", 3)
    world = make()
    for number in range(8):
        world.arrive(raw_mail(f"n{number}"))
        world.tick(1)
    world.sandbox.faults.add("FindItem", "same-page", times=-1)
    found = list(world.mailbox.past(NOW - timedelta(days=1)))
    assert len(found) == 3
    assert world.sandbox.requests.count("FindItem") <= 4
    assert [mail.message_id for mail in world.mailbox.search(subject="n7")] == ["<n7@corp.example>"]


def test_a_search_for_tasks_that_stays_on_its_first_page_ends(make: Callable[..., EwsWorld]) -> None:
    world = make()
    world.mailbox.create_tasks([task(f"{n:032}") for n in range(5)])
    assert len(world.mailbox.tasks()) == 5
    world.sandbox.faults.add("FindItem", "same-page", times=-1)
    before = world.sandbox.requests.count("FindItem")
    assert len(world.mailbox.tasks()) == 5
    assert world.sandbox.requests.count("FindItem") - before <= 6


# --- lists ----------------------------------------------------------------------------------------


def test_lists_that_contain_each_other_are_asked_for_once(make: Callable[..., EwsWorld]) -> None:
    world = make()
    names = [f"list{n}@corp.example" for n in range(10)]
    for name in names:
        world.group(name, [*names, BOB])
    assert world.mailbox.expand([names[0]]) == {BOB}
    assert world.sandbox.requests.count("ExpandDL") == 10


@pytest.mark.parametrize("width", [1, 3, 1000])
def test_lists_without_an_end_are_told(width: int) -> None:
    asked, numbers = [], count()

    def level(address: str) -> Level:
        asked.append(address)
        return Level(("bob@corp.example",), tuple(f"list{next(numbers)}@corp.example" for _ in range(width)))

    with pytest.raises(ConfigError, match=r"internal\.groups"):
        expansion.expand(["all@corp.example"], level)
    assert len(asked) <= expansion.MOST_LISTS + 1
