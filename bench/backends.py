"""ackd by Graph and by EWS on the same server, side by side, and beside a plain Graph script: requests, time,
memory. Both by TLS, as servers have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from ackd.mailbox.graph.ways import REPLY_HEADERS
from bench.memory import after
from bench.parts.clients import Ackd, PlainGraph
from bench.parts.host import APP, PASSWORD
from bench.parts.mails import OWNER, mixed
from bench.parts.office import Office, office
from bench.parts.processes import elsewhere
from bench.parts.rows import SECONDS, Row
from bench.parts.scenarios import Worker, idle, idle_cpu, load, start_up
from bench.request_counts import MAILS, ROUNDS, WHAT

NAME = "backends"

BY_EWS, SCRIPT = "ackd by EWS", "plain Graph script"
MOST_AT_START, MOST_FOR_A_LOAD = 14, 90
#: A mailbox where letters say whom they answer only if they are made as MIME, each by a request of its own.
BY_MIME = "graph_reply_headers_ignored"

_ACKD = (
    "from pathlib import Path\nfrom ackd.runtime.app import App\n"
    "app = App(Path({config!r}), Path({clock!r}))\napp.run_pass()\napp.run_pass()"
)
_PLAIN = (
    "from bench.parts.plain_graph import PlainGraphScript\n"
    "script = PlainGraphScript({url!r}, {authority!r}, {trusted!r}, {owner!r}, {app!r}, {secret!r})\n"
    "script.poll()\nscript.poll()"
)


@dataclass(slots=True)
class Counted:
    """What one of them asked and took: requests at start, at an idle poll, for a load, and at the first poll
    after it; seconds for an idle poll and for a later load."""

    start: int
    idle: int
    load: int
    after: int
    idle_cpu: float
    cpu: float = 0.0
    wall: float = 0.0


def run() -> list[Row]:
    """The counts, the times of later loads by turns, and the memory at rest."""
    with ExitStack() as stack:
        pairs = [stack.enter_context(each) for each in (_ackd("graph"), _ackd("ews"), _plain())]
        graph, ews, plain = (_counted(*pair) for pair in pairs)
        _time(pairs, (graph, ews, plain))
    with _ackd("graph", (BY_MIME,), REPLY_HEADERS) as pair:
        by_mime = _counted(*pair)
    return [*_requests(graph, ews, plain, by_mime), *_seconds(graph, ews, plain), *_memory()]


@contextmanager
def _ackd(kind: str, quirks: tuple[str, ...] = (), *refuted: str) -> Iterator[tuple[Office, Worker]]:
    with office(quirks, tls=True) as place, ExitStack() as stack:
        config = place.config(kind=kind)
        yield place, stack.enter_context(elsewhere(Ackd, config, place.clock, *refuted))


@contextmanager
def _plain() -> Iterator[tuple[Office, Worker]]:
    with office(tls=True) as place:
        host = place.host
        where = (host.graph_url(), host.sign_in_url(), host.trusted(), OWNER)
        with elsewhere(PlainGraph, *where) as plain:
            yield place, plain


def _counted(place: Office, worker: Worker) -> Counted:
    start, first = start_up(place, worker), idle(place, worker)
    loaded = load(place, worker, mixed(MAILS), MAILS // 2).requests
    return Counted(start, first, loaded, idle(place, worker), idle_cpu(place, worker))


def _time(pairs: list[tuple[Office, Worker]], counted: tuple[Counted, ...]) -> None:
    """The best of some later loads: what else the machine does can only make them slower."""
    for number in range(1, 1 + ROUNDS):
        for (place, worker), one in zip(pairs, counted, strict=True):
            cost = load(place, worker, mixed(MAILS, number * MAILS), MAILS // 2).cost
            one.cpu = min(cost.cpu, one.cpu or cost.cpu)
            one.wall = min(cost.wall, one.wall or cost.wall)


def _requests(graph: Counted, ews: Counted, plain: Counted, by_mime: Counted) -> Iterator[Row]:
    for peer, name in ((ews, BY_EWS), (plain, SCRIPT)):
        yield Row("start-up", graph.start, "requests", peer.start, name, at_most=MOST_AT_START)
        yield Row("idle poll", graph.idle, "requests", peer.idle, name, at_most=1)
        yield Row(WHAT, graph.load, "requests", peer.load, name, at_most=MOST_FOR_A_LOAD)
    yield Row("the first poll after it", graph.after, "requests", ews.after, BY_EWS)
    what = f"{WHAT}, letters as MIME"
    yield Row(what, by_mime.load, "requests", plain.load, SCRIPT, at_most=MOST_FOR_A_LOAD)


def _seconds(graph: Counted, ews: Counted, plain: Counted) -> Iterator[Row]:
    for peer, name in ((ews, BY_EWS), (plain, SCRIPT)):
        yield Row("idle poll: CPU time", graph.idle_cpu, SECONDS, peer.idle_cpu, name)
        yield Row(f"{WHAT}: CPU time", graph.cpu, SECONDS, peer.cpu, name)
        yield Row(f"{WHAT}: wall time", graph.wall, SECONDS, peer.wall, name)


def _memory() -> Iterator[Row]:
    with office(tls=True) as place:
        clock = str(place.clock)
        rest = {
            kind: after(_ACKD.format(config=str(place.config(kind=kind, state=kind)), clock=clock))
            for kind in ("graph", "ews")
        }
        host = place.host
        where = {"url": host.graph_url(), "authority": host.sign_in_url(), "trusted": host.trusted()}
        script = after(_PLAIN.format(**where, owner=OWNER, app=APP, secret=PASSWORD))
    yield Row("ackd with a Graph mailbox at rest", rest["graph"], "MB", rest["ews"], BY_EWS)
    yield Row("ackd with a Graph mailbox at rest", rest["graph"], "MB", script, f"{SCRIPT} after a poll")
    library = after("import msal, requests")
    yield Row("ackd with a Graph mailbox at rest", rest["graph"], "MB", library, "import msal, requests")
