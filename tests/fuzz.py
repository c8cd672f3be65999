"""Mails and answers as nobody would write them, spoiled at random: what ackd makes of them is its own error
or none, and no text of theirs stands in an error or in the log.

    nice .venv/bin/python -m tests.fuzz 3600

plays other ones for an hour, in as many turns by each property as fit, and tells how many they were.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from ackd.errors import AckdError
from ackd.mailbox import transport
from tests.backends import OverGraph, OverHttp
from tests.people import raw
from tests.scenario import FOLLOWING, Scenario

#: Stands in what is spoiled, and nowhere else.
CANARY = "Canary-of-a-colleague"
MOMENTS = (
    "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "4501-01-01T00:00:00Z",
    "1601-01-01T00:00:00Z",
    "2026-02-30T25:61:61Z",
    "2026-11-23T08:30:00.12345678901234567890Z",
    "Fri, 31 Dec 9999 23:59:59 -1200",
    "Mon, 01 Jan 0001 00:00:00 +1200",
    "Mon, 23 Nov 2026 08:30:00 +99999999",
    "Mon, 23 Nov 2026 24:00:60 EST",
)
NASTY = (
    *MOMENTS,
    "",
    " ",
    "%",
    "%s%n%(x)d%",
    "a%b@corp.example",
    "²",
    "٣",
    "-1",
    "1e999",
    "NaN",
    "9" * 5000,
    "0x" + "f" * 40,
    "true",
    "null",
    "\u202egnp.exe",
    "\ufeff\u200b",
    "e\u0301" * 50,
    "😀" * 300,
    "=?utf-8?q?Internal?=",
    "=?utf-16?b?2AA=?=",
    "=?x-unknown?b?####?=",
    "a\tb\r\nX-Injected: yes",
    "(((((((" * 50,
    '"' * 99,
    "<" * 99,
    "IPM.Note",
    "IPM.Schedule.Meeting.Request",
    "ErrorServerBusy",
    "NoError",
    f"{CANARY} said no",
    CANARY * 400,
)
HEADERS = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Received",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-MS-Exchange-Organization-AuthAs",
    "X-MS-Exchange-CrossTenant-AuthAs",
    "Authentication-Results",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Language",
    "Importance",
    "Sensitivity",
    "Thread-Index",
    "Return-Path",
    "Sender",
    "List-Id",
    "X-%s",
    "X-\0",
    "",
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")
_BYTES = (
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\x1b[31m",
    b"\r",
    b"\n",
    b"\x85",
    b"%",
    b"]]>",
    b"&#0;",
    b"<a>",
)


# --- what is spoiled ------------------------------------------------------------------------------


def mail(chance: Random, name: str) -> bytes:
    """A question of Bob's, spoiled."""
    head, _, body = raw(name).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    for _ in range(chance.randint(1, 6)):
        value = chance.choice(NASTY).encode("utf-8")
        field = chance.choice(HEADERS)
        line = field.encode() + b": " + value.replace(b"\r\n", b" ")
        place = chance.randrange(len(lines) + 1)
        same = [n for n, one in enumerate(lines) if one.lower().startswith(field.lower().encode() + b":")]
        if same and field and chance.random() < 0.7:
            lines[same[0]] = line
        else:
            lines.insert(place, line)
    if chance.random() < 0.3:
        body += b"\r\n" + chance.choice(NASTY).encode("utf-8") * chance.randint(1, 3)
    return _bytes_spoiled(chance, b"\r\n".join(lines) + b"\r\n\r\n" + body, often=0.3)


def _bytes_spoiled(chance: Random, data: bytes, often: float) -> bytes:
    if chance.random() < often:
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(3)
        if kind == 0:
            return data[:at] + chance.choice(_BYTES) + data[at:]
        return data[:at] if kind == 1 else data[:at] + data[at + chance.randint(1, 40) :]
    return data


def xml(chance: Random, data: bytes) -> bytes:
    """An answer by EWS, spoiled."""
    root = etree.fromstring(data)
    if chance.random() < 0.05:
        fault = "<s:Fault><faultcode>%s</faultcode><faultstring>%s</faultstring></s:Fault>"
        space = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
        inner = fault % (chance.choice(("a:ErrorAccessDenied", "s:Client", CANARY)), CANARY)
        return f"<s:Envelope {space}><s:Body>{inner}</s:Body></s:Envelope>".encode()
    for _ in range(chance.randint(1, 4)):
        kinds: dict[str, list[Any]] = {}
        for one in root.iter():
            if isinstance(one.tag, str):
                kinds.setdefault(one.tag, []).append(one)
        one = chance.choice(kinds[chance.choice(list(kinds))])  # a kind of element first: most are dull
        parent = one.getparent()
        kind = chance.randrange(8)
        if kind <= 4:
            one.text = _xml_text(_instead(chance, one.text or ""))
        elif kind == 5 and one.attrib:
            one.set(chance.choice(list(one.attrib)), _xml_text(_instead(chance, "")))
        elif kind == 6 and parent is not None:
            parent.remove(one)
        elif parent is not None:
            parent.append(etree.fromstring(etree.tostring(one)))
    return _bytes_spoiled(chance, etree.tostring(root, encoding="utf-8"), often=0.1)


def _instead(chance: Random, text: str) -> str:
    """What stands in the place of a text: of a moment mostly another moment."""
    is_moment = _MOMENT.match(text) is not None
    return chance.choice(MOMENTS if is_moment and chance.random() < 0.7 else NASTY)


def _xml_text(text: str) -> str:
    return "".join(one for one in text if one >= " " or one in "\t\r\n")


def json_answer(chance: Random, data: bytes) -> bytes:
    """An answer by Graph, spoiled."""
    value = json.loads(data)
    if chance.random() < 0.05:
        value = {"error": {"code": chance.choice(("ErrorAccessDenied", CANARY)), "message": CANARY}}
    for _ in range(chance.randint(1, 4)):
        places: dict[object, list[tuple[Any, Any]]] = {}
        for whole, key in _places(value):
            places.setdefault(key if isinstance(key, str) else "[]", []).append((whole, key))
        if not places:
            break
        whole, key = chance.choice(places[chance.choice(list(places))])
        kind = chance.randrange(6)
        if kind == 0:
            del whole[key]
        elif kind == 1:
            whole[key] = chance.choice((None, True, -1, 10**30, 1e308, [], {}, [None], {"value": 7}))
        else:
            whole[key] = _instead(chance, whole[key] if isinstance(whole[key], str) else "")
    return _bytes_spoiled(chance, json.dumps(value).encode(), often=0.1)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each thing with each key, or number, that leads to something in it."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from _places(inner)


def _spoil_head(chance: Random, answer: Any) -> None:
    if chance.random() < 0.2:
        answer.headers[chance.choice(("Date", "Retry-After", "Age", "WWW-Authenticate"))] = chance.choice(
            NASTY
        )
    if chance.random() < 0.1:
        answer.status_code = chance.choice((200, 201, 204, 302, 400, 403, 404, 410, 429, 500, 503, 507))


# --- what follows from it -------------------------------------------------------------------------


class Heard(logging.Handler):
    """What ackd logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def listening() -> Iterator[Heard]:
    """Whoever works in here says nothing of what it read."""
    heard, log = Heard(), logging.getLogger("ackd")
    log.addHandler(heard)
    before, log.level = log.level, logging.DEBUG
    try:
        yield heard
    finally:
        log.removeHandler(heard)
        log.level = before
    assert not [line for line in heard.lines if CANARY in line]


def tried(act: Callable[[], object]) -> None:
    """Do something; only an error of ackd's may come of it, which repeats nothing of what it read."""
    try:
        act()
    except AckdError as error:
        if CANARY in str(error):
            raise AssertionError(f"an error repeats what was read: {error}") from error


def judged(chance: Random) -> None:
    """Spoiled mails, from the inbox to the letter and the task."""
    with listening(), Scenario(follow=_FOLLOW).begin() as office:
        for number in range(MAILS):
            office.backend.deliver(mail(chance, f"q{number}"))
            tried(office.work)


MAILS = 5  # of a play
_FOLLOW = {name: getattr(FOLLOWING, name) for name in ("moved", "commands")}
_ASKED: tuple[Callable[[Any], object], ...] = (
    lambda box: box.settings(),
    lambda box: box.card(),
    lambda box: box.expand(["all@corp.example"]),
    lambda box: list(box.search(subject="About", limit=5)),
    lambda box: box.tasks(),
)


class World:
    """A sandbox whose answers are spoiled on their way; each play is of a new ackd with an empty ledger."""

    PLAYS = 150  # on one mailbox, which fills

    def __init__(self, kind: type[OverHttp], spoil: Callable[[Random, bytes], bytes]) -> None:
        self._kind, self._spoil = kind, spoil
        self._office: Scenario | None = None
        self._plays = 0
        self._real = transport.body
        self.chance: Random | None = None
        self.spoiled = 0

    def play(self, chance: Random) -> None:
        office = self._open()
        self._plays += 1
        office.start_on(f"m{self._plays}")
        tried(office.work)  # whole, so that there is something to go on with
        office.backend.deliver(
            raw(f"q{self._plays}", at=office.clock.now(), text=f"Could you send {CANARY}?")
        )
        self.chance, transport.body = chance, self._body
        try:
            with listening():
                for _ in range(3):
                    tried(office.work)
                tried(lambda: chance.choice(_ASKED)(office.here.mailbox))
        finally:
            transport.body = self._real

    def close(self) -> None:
        if self._office is not None:
            self._office.close()

    def _open(self) -> Scenario:
        if self._office is None or self._plays % self.PLAYS == 0:
            self.close()
            folder = Path(tempfile.mkdtemp(prefix="ackd-fuzz-"))
            self._office = Scenario(None, self._kind(folder), follow=_FOLLOW).begin()
        return self._office

    def _body(self, answer: Any, *others: Any, **how: Any) -> bytes:
        data = self._real(answer, *others, **how)
        chance = self.chance
        if chance is None or not data or chance.random() < 0.6:
            return data
        _spoil_head(chance, answer)
        self.spoiled += 1
        try:
            return self._spoil(chance, data)
        except (ValueError, etree.LxmlError):  # nothing that could be spoiled so
            return data


def _place(error: BaseException) -> str:
    """What went wrong, and where in ackd."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "/ackd/" in one.filename]
    where = f"{frames[-1].filename.rpartition('/ackd/')[2]}:{frames[-1].lineno}" if frames else "here"
    return f"{type(error).__name__} at {where}: {str(error)[:200]}"


def turns(act: Callable[[Random], None], examples: int, **how: Any) -> Callable[[], None]:
    """A property: so many plays."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), **how)
    @given(st.integers(0, 2**64))
    def turn(number: int) -> None:
        act(Random(number))

    return turn


def main() -> None:
    """Play on until the time is over, whatever is found."""
    began, seconds = time.monotonic(), float(sys.argv[1]) if len(sys.argv) > 1 else 3600.0
    worlds = {"EWS": World(OverHttp, xml), "Graph": World(OverGraph, json_answer)}
    acts = {"mails": judged, **{name: world.play for name, world in worlds.items()}}
    counts, found = Counter[str](), Counter[str]()

    def counted(name: str) -> Callable[[Random], None]:
        def act(chance: Random) -> None:
            counts[name] += 1
            try:
                acts[name](chance)
            except Exception as error:  # noqa: BLE001 - what is looked for
                found[_place(error)] += 1

        return act

    plays = {
        name: turns(counted(name), 10, database=None, derandomize=False, phases=(Phase.generate,))
        for name in acts
    }
    while time.monotonic() - began < seconds:
        for play in plays.values():
            play()
            print(
                f"{time.monotonic() - began:6.0f} s: {dict(counts)}; {len(found)} kinds of fault", flush=True
            )
    for world in worlds.values():
        world.close()
    spoiled = ", ".join(f"{world.spoiled} answers by {one}" for one, world in worlds.items())
    print(f"{time.monotonic() - began:.0f} s; plays: {dict(counts)}; spoiled: {spoiled}")
    for what, times in found.most_common():
        print(f"{times:6} × {what}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
