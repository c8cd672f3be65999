"""How quick the sandbox's Graph face is: a request, a delta of 10,000 mails, 50 mailboxes at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from statistics import median

from bench.parts.graph_line import GraphLine, token
from bench.parts.mails import COLLEAGUES, OWNER, mixed
from bench.parts.office import Office, office
from bench.parts.processes import elsewhere
from bench.parts.rows import SECONDS, Broken, Row
from bench.parts.soap import Constant, Line
from bench.sandbox import ITEMS, MAILBOXES, PEER, PEOPLE, POLLS, ROUNDS, first_sync

NAME = "graph"

_LOOK = "/me/mailFolders/inbox?$select=id"
_INBOX = "/me/mailFolders/inbox/messages"
_DELTA = f"{_INBOX}/delta?$select=subject"
_PAGES = {"Prefer": 'odata.maxpagesize=500, IdType="ImmutableId"'}
_EWS = "the same store's EWS face"
_SEARCHES = {
    "a subject": "subject eq 'number 2345'",
    "the time it came": "receivedDateTime ge 2026-11-23T08:30:00Z",
    "a word of the subject": "contains(subject,'number 5')",
    "the read flag": "isRead eq false",
}


def run() -> list[Row]:
    """Medians; the sandbox and its peer in a process of their own each."""
    with office(owners=(OWNER, *PEOPLE)) as place:
        bearer = token(place.host.sign_in_url(), OWNER)
        with GraphLine(place.host.graph_url(), bearer) as line:
            with elsewhere(Constant, line.ask("GET", _LOOK)) as constant:
                rows = [*_requests(line, constant.url()), *_at_once(place, constant.url())]
            place.host.deliver(mixed(ITEMS))
            rows.append(_delta(line, place))
            return [*rows, *(_search(line, name) for name in _SEARCHES)]


def _requests(line: GraphLine, peer: str) -> list[Row]:
    """Each kind of request by turns with the constant answer."""
    draft = line.json("POST", "/me/messages", {"subject": "Hello", "body": {"content": "Hello"}})["id"]
    kinds: dict[str, Callable[[], object]] = {
        "a folder is read": lambda: line.ask("GET", _LOOK),
        "a mail is read": lambda: line.ask("GET", f"/me/messages/{draft}"),
        "a draft is made": lambda: line.ask("POST", "/me/messages", {"subject": "Hello"}),
        "a mail is changed": lambda: line.ask("PATCH", f"/me/messages/{draft}", {"categories": ["Red"]}),
        "a mail is sought by its id": lambda: line.ask(
            "GET", "/me/messages?$filter=internetMessageId eq '<a@b>'"
        ),
    }
    with GraphLine(peer, "") as other:
        times = {
            name: [(_timed(ask), _timed(lambda: other.ask("GET", "/"))) for _ in range(ROUNDS)]
            for name, ask in kinds.items()
        }
    rows, all_times = [], [one for found in times.values() for one in found]
    for name, found in {"a request, all kinds": all_times, **times}.items():
        ours, theirs = (median(each) for each in zip(*found, strict=True))
        limit = 0.002 if found is all_times else None
        rows.append(Row(f"{name}, in s", ours, SECONDS, theirs, PEER, at_most=limit))
    return rows


def _at_once(place: Office, peer: str) -> list[Row]:
    """Everybody looks into the own mailbox, all at the same time."""
    bearers = [token(place.host.sign_in_url(), user) for user in (OWNER, *COLLEAGUES, *PEOPLE)]
    failed, spent = _polled(place.host.graph_url(), bearers)
    _, constant = _polled(peer, bearers)
    total, what = MAILBOXES * POLLS, f"{MAILBOXES} mailboxes polled at once"
    return [
        Row(f"{what}: failed of {total:,}", failed, "requests", at_most=0),
        Row(what, total / spent, "requests/s", total / constant, PEER, more_is_better=True),
    ]


def _polled(url: str, bearers: list[str]) -> tuple[int, float]:
    begin, failures = threading.Barrier(len(bearers) + 1), []

    def poll(bearer: str) -> None:
        with GraphLine(url, bearer) as line:
            begin.wait()
            for _ in range(POLLS):
                try:
                    line.ask("GET", _LOOK)
                except (Broken, OSError) as error:
                    failures.append(error)

    threads = [threading.Thread(target=poll, args=(bearer,)) for bearer in bearers]
    for thread in threads:
        thread.start()
    begin.wait()
    spent = _timed(lambda: [thread.join() for thread in threads])
    return len(failures), spent


def _delta(line: GraphLine, place: Office) -> Row:
    found, begun, link = 0, time.perf_counter(), _DELTA
    while link:
        page = line.json("GET", link, **_PAGES)
        found += len(page["value"])
        link = page.get("@odata.nextLink", "")
    spent = time.perf_counter() - begun
    if found != ITEMS:
        raise Broken(f"the delta told of {found} of {ITEMS} mails")
    with Line(place.host.url(), OWNER) as ews:
        theirs = first_sync(ews)
    return Row(f"a delta of {ITEMS:,} mails, in s", spent, SECONDS, theirs, _EWS, at_most=10)


def _search(line: GraphLine, name: str) -> Row:
    path = f"{_INBOX}?$top=100&$select=subject&$filter={_SEARCHES[name]}"
    times = [_timed(lambda: line.ask("GET", path)) for _ in range(15)]
    return Row(f"a page of 100 among {ITEMS:,}, filtered by {name}, in s", median(times), SECONDS)


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
