"""How quick the sandbox Exchange is: a request, a folder of 10,000 items, 50 mailboxes at once."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from statistics import median

from bench.parts.mails import COLLEAGUES, OWNER, mixed
from bench.parts.office import Office, office
from bench.parts.processes import elsewhere
from bench.parts.rows import SECONDS, Broken, Row
from bench.parts.soap import LOOK, Constant, Line, find, sync

NAME = "sandbox"

PEER = "http.server with one answer for all"
ITEMS, MAILBOXES, ROUNDS, POLLS = 10_000, 50, 300, 20
PEOPLE = tuple(f"user{number}@corp.example" for number in range(MAILBOXES - 1 - len(COLLEAGUES)))
_STATE = re.compile(rb"<m:SyncState>([^<]+)<")


def _is(field: str, value: str) -> str:
    constant = f'<t:FieldURIOrConstant><t:Constant Value="{value}"/></t:FieldURIOrConstant>'
    return f'<t:IsEqualTo><t:FieldURI FieldURI="{field}"/>{constant}</t:IsEqualTo>'


SEARCHES = {
    "a subject": _is("item:Subject", "number 2345"),
    "the read flag": _is("message:IsRead", "false"),
    "the importance": _is("item:Importance", "High"),
    "a sender": _is("message:From", COLLEAGUES[0]),
    "a word of the subject": (
        '<t:Contains ContainmentMode="Substring" ContainmentComparison="IgnoreCase">'
        '<t:FieldURI FieldURI="item:Subject"/><t:Constant Value="NUMBER 5"/></t:Contains>'
    ),
}


def run() -> list[Row]:
    """Medians; the sandbox and its peer in a process of their own each."""
    with office(owners=(OWNER, *PEOPLE)) as place, Line(place.host.url(), OWNER) as line:
        with elsewhere(Constant, line.ask(LOOK)) as constant:
            rows = [_request(line, constant.url()), *_at_once(place, constant.url())]
        place.host.deliver(mixed(ITEMS))
        return [*rows, _first_sync(line), *(_search(line, name) for name in SEARCHES)]


def _request(line: Line, peer: str) -> Row:
    with Line(peer, OWNER) as other:
        times = [(_timed(lambda: line.ask(LOOK)), _timed(lambda: other.ask(LOOK))) for _ in range(ROUNDS)]
    ours, theirs = (median(each) for each in zip(*times, strict=True))
    return Row("a request (GetFolder), in s", ours, SECONDS, theirs, PEER, at_most=0.003)


def _at_once(place: Office, peer: str) -> list[Row]:
    """Everybody looks into the own mailbox, all at the same time."""
    failed, spent = _polled(place.host.url())
    _, constant = _polled(peer)
    total = MAILBOXES * POLLS
    what = f"{MAILBOXES} mailboxes polled at once"
    return [
        Row(f"{what}: failed of {total:,}", failed, "requests", at_most=0),
        Row(what, total / spent, "requests/s", total / constant, PEER, more_is_better=True),
    ]


def _polled(url: str) -> tuple[int, float]:
    begin, failures = threading.Barrier(MAILBOXES + 1), []

    def poll(user: str) -> None:
        with Line(url, user) as line:
            begin.wait()
            for _ in range(POLLS):
                try:
                    line.ask(LOOK)
                except (Broken, OSError) as error:
                    failures.append(error)

    threads = [threading.Thread(target=poll, args=(user,)) for user in (OWNER, *COLLEAGUES, *PEOPLE)]
    for thread in threads:
        thread.start()
    begin.wait()
    spent = _timed(lambda: [thread.join() for thread in threads])
    return len(failures), spent


def _first_sync(line: Line) -> Row:
    return Row(f"first sync of {ITEMS:,} items, in s", first_sync(line), SECONDS, at_most=10)


def first_sync(line: Line) -> float:
    """The seconds of a first sync; raises Broken unless it finds all."""
    found, begun, state = 0, time.perf_counter(), ""
    while True:
        answer = line.ask(sync(state))
        found += answer.count(b"<t:Create>")
        state = _STATE.search(answer)[1].decode()  # type: ignore[index] # an answer without one is Broken
        if b"<m:IncludesLastItemInRange>true" in answer:
            break
    if found != ITEMS:
        raise Broken(f"the first sync found {found} of {ITEMS} items")
    return time.perf_counter() - begun


def _search(line: Line, name: str) -> Row:
    times = [_timed(lambda: line.ask(find(SEARCHES[name]))) for _ in range(15)]
    figure = f"a page of FindItem among {ITEMS:,}, restricted by {name}, in s"
    return Row(figure, median(times), SECONDS, at_most=0.05)


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
