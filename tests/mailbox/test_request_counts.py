"""How often the server is asked, counted in its own log. Counts alone: time is for `python -m bench`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from ackd.mailbox.graph.pace import LANES, PARTS
from ackd.mailbox.graph.ways import REPLY_HEADERS
from bench import backends
from bench.parts.clients import Ackd
from bench.parts.mails import mixed
from bench.parts.office import Office, office
from bench.parts.scenarios import idle, load, start_up
from bench.request_counts import (
    KINDS,
    MOST_AT_START,
    MOST_FOR_A_LOAD,
    MOST_FOR_ABSENCES,
    MOST_FOR_CATEGORIES,
    MOST_FOR_KEPT,
    MOST_FOR_LIST,
    Kind,
    idle_by_promises,
)
from tests.statements import MOST_COMMITS, MOST_STATEMENTS, counted


@pytest.fixture(params=KINDS, ids=lambda kind: kind.title)
def kind(request: pytest.FixtureRequest) -> Kind:
    """A server that gives commit times, and one that doesn't."""
    found: Kind = request.param
    return found


@pytest.fixture
def place(kind: Kind) -> Iterator[Office]:
    with office(kind.quirks, here=True) as made:
        yield made


@pytest.fixture
def ackd(place: Office) -> Iterator[Ackd]:
    with closing(Ackd(place.config(), place.clock)) as made:
        yield made


def test_a_start_and_a_load_of_mail_ask_little(place: Office, ackd: Ackd) -> None:
    assert start_up(place, ackd) <= MOST_AT_START + MOST_FOR_LIST
    with counted() as counts:
        loaded = load(
            place, ackd, mixed(100), questions=50
        )  # Broken unless 50 letters and 50 tasks were made
    assert counts["statements"] <= MOST_STATEMENTS
    assert counts["commits"] <= MOST_COMMITS
    most = MOST_FOR_A_LOAD + MOST_FOR_ABSENCES + MOST_FOR_CATEGORIES + MOST_FOR_KEPT
    assert loaded.requests <= most


@pytest.mark.long
def test_a_start_that_reads_no_absences_asks_less(place: Office) -> None:
    with closing(Ackd(place.config(absences="none"), place.clock)) as ackd:
        assert start_up(place, ackd) <= MOST_AT_START + MOST_FOR_LIST


@pytest.mark.long
@pytest.mark.every(2)
def test_an_idle_poll_asks_the_same_however_many_promises_are_open(
    kind: Kind, place: Office, ackd: Ackd
) -> None:
    start_up(place, ackd)
    counts = idle_by_promises(place, ackd)
    assert ackd.open_promises() == max(counts)
    assert set(counts.values()) == {kind.idle}


@pytest.mark.long
def test_an_idle_poll_right_after_the_start_is_idle_too(kind: Kind, place: Office, ackd: Ackd) -> None:
    start_up(place, ackd)
    ackd.work()  # within the same second
    assert place.host.traffic().count == kind.idle
    assert idle(place, ackd) == kind.idle


# --- Graph ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_mime", [False, pytest.param(True, marks=pytest.mark.long)])
def test_graph_is_asked_little_and_four_at_a_time(by_mime: bool) -> None:
    """On a server that answers four requests about a mailbox at once and no more."""
    quirks, refuted = ((backends.BY_MIME,), (REPLY_HEADERS,)) if by_mime else ((), ())
    with office(quirks, here=True, tls=True) as place, ExitStack() as stack:
        ackd = Ackd(place.config(kind="graph"), place.clock, *refuted)
        stack.callback(ackd.close)
        assert start_up(place, ackd) <= backends.MOST_AT_START
        assert idle(place, ackd) == 1
        with counted() as counts:
            loaded = load(place, ackd, mixed(100), questions=50)
        assert counts["statements"] <= MOST_STATEMENTS
        assert counts["commits"] <= MOST_COMMITS
        assert loaded.requests <= backends.MOST_FOR_A_LOAD
        idle(place, ackd)  # it sees what was just written
        assert idle(place, ackd) == 1, "however many promises are open"
        pace = ackd._app._mailbox._wire.pace  # type: ignore[union-attr]
        assert (pace.lanes, pace.parts) == (LANES, PARTS), "nothing was too much"
