"""Every kind of alarm over a sandbox: it rings once, also across a restart, and once when it is over; and
nothing of a mail is in it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ackd.config import Config
from ackd.engine import hold
from ackd.engine import parked as cases
from ackd.errors import AckdError, ConfigError, LedgerError
from ackd.model import AlarmKind, EffectState, ValueKey
from ackd.runtime import alarms as runtime
from ackd.runtime.alarm_ways import Message, Way
from ackd.runtime.alarms import Alarms
from ackd.runtime.app import App
from ackd.runtime.ledgers import ledger_of
from exchange_sandbox import FileClock, Sandbox
from tests.followup.outlook import Outlook
from tests.people import MONDAY, raw
from tests.system.commands import CONFIG
from tests.tls import make_certificates

ALICE, BOB = "alice@corp.example", "bob@corp.example"
CANARY = "zebra4711"
URGENT = f"Please send me the {CANARY} today, it is urgent."
QUESTION = f"Could you please send me the {CANARY} figures?"
_MINUTES = timedelta(minutes=1)


@dataclass
class Bell:
    """A way that writes down what it is told."""

    heard: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    name: str = "bell"

    def tell(self, message: Message) -> None:
        self.said.append(message.json() + message.title + message.text)
        self.heard.append(("-" if message.alarm.over else "+") + message.alarm.kind.value)


@dataclass
class World:
    """A sandbox, an ackd on it, and a clock for both."""

    folder: Path
    mode: str = "send"
    more: str = "alarms: {command: ['true']}"
    box: str = ""
    now: datetime = MONDAY
    bell: Bell = field(default_factory=Bell)

    def __post_init__(self) -> None:
        self.clock = self.folder / "clock"
        self.later(0)
        people = dict.fromkeys((ALICE, BOB), "secret")
        self.sandbox = Sandbox(self.folder / "exchange", people, clock=FileClock(self.clock)).start()
        self.file = self.folder / "config.yaml"
        text = CONFIG.format(
            endpoint=self.sandbox.url, state=self.folder / "state", mode=self.mode, more=self.more
        )
        text = text.replace("state:", f"{self.box}state:", 1).replace("poll: 1 s", "poll: 5 min")
        self.text = text.replace("{env: ACKD_PASSWORD}", "{file: pw}")
        self.write(self.text)
        (self.folder / "pw").write_text("secret")
        (self.folder / "pw").chmod(0o600)
        self.start()
        self.go(1)

    def write(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")
        self.file.chmod(0o600)

    def start(self) -> None:
        self.app = App(self.file, self.clock)
        self.alarms = Alarms(
            self.app.ledger,
            self.app.clock,
            lambda: self.app.config,
            lambda: self.app.context().settings,
            self.ways,
        )

    def ways(self, _: Config) -> list[Way]:
        return [self.bell]

    def restart(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        self.app.__exit__(None, None, None)

    def close(self) -> None:
        with suppress(Exception):
            self.stop()
        self.sandbox.stop()

    def later(self, minutes: float) -> None:
        self.now += minutes * _MINUTES
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(self.now.isoformat())
        fresh.replace(self.clock)

    def go(self, steps: int, minutes: float = 5) -> None:
        for _ in range(steps):
            self.later(minutes)
            with suppress(AckdError):
                self.app.run_pass()
            self.alarms.look()

    def ask(self, name: str, text: str = QUESTION, sender: str = BOB) -> None:
        self.sandbox.deliver(raw(name, text, sender=sender, at=self.now), ALICE)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., World]]:
    worlds: list[World] = []

    def make(**how: str) -> World:
        worlds.append(World(tmp_path, **how))  # type: ignore[arg-type]
        return worlds[-1]

    yield make
    for world in worlds:
        world.close()


# --- how each comes, and goes ---------------------------------------------------------------------


def fails(fault: str, world: World) -> None:
    world.sandbox.faults.add("*", fault, times=-1)


def fails_at(operation: str, fault: str, world: World) -> None:
    world.ask("q1")
    world.sandbox.faults.add(operation, fault, times=-1)


def is_well(world: World) -> None:
    world.sandbox.faults.clear()
    world.app.guard.accepted()  # as `ackd check` says


def clock_is_off(world: World) -> None:
    world.sandbox.faults.add("*", "wrong-date", -7200, times=-1)


def too_many(world: World) -> None:
    for number in range(6):
        world.ask(f"q{number}")


def resumes(world: World) -> None:
    hold.resume(world.app.ledger, world.now)


def parks(world: World) -> None:
    world.ask("q1")
    world.sandbox.faults.add("CreateItem", "refused-with-copy", 1)


def resolves(world: World) -> None:
    for pending in world.app.ledger.in_state(EffectState.PARKED):
        cases.resolve(world.app.ledger, world.app.clock, pending.effect.number, send=False)


def breaks(world: World) -> None:
    world.write(world.text + "nonsense: 1\n")


def disappears(world: World) -> None:
    world.file.unlink()


def mends(world: World) -> None:
    world.write(world.text)


def fills(operation: str, world: World) -> None:
    fails_at(operation, "quota-exceeded", world)


def refuses(world: World) -> None:
    fails_at("CreateItem", "send-as-denied", world)


def asks_again(world: World) -> None:
    world.sandbox.faults.clear()
    world.ask("q2")


def bounces(world: World) -> None:
    world.ask("q1", sender="gone@corp.example")


def answers(world: World) -> None:
    alice = Outlook(world.sandbox.url, ALICE, "Europe/Berlin")
    alice.answer("<q1@corp.example>")
    alice.close()


def is_urgent(world: World) -> None:
    world.ask("q1", URGENT)


def throws_away(world: World) -> None:
    from ackd.engine import promises

    drafted = [pending.effect.token for pending in world.app.ledger.in_state(EffectState.DRAFTED)]
    promises.put_all(world.app.ledger, drafted, EffectState.CANCELLED, "thrown away")


def password_ends(world: World) -> None:
    world.sandbox.set_password_end(ALICE, world.now + timedelta(days=20))
    world.later(24 * 60)


def password_is_new(world: World) -> None:
    world.sandbox.set_password_end(ALICE, world.now + timedelta(days=90))
    world.later(24 * 60)


def ews_ends(world: World) -> None:
    world.app.ledger.remember(ValueKey.ENDINGS_ASKED, world.now.isoformat())  # not by this server's word
    world.app.ledger.remember(ValueKey.ENDINGS, json.dumps([["ews-ends", "2027-04-01T00:00:00+00:00"]]))


def is_moved(world: World) -> None:
    world.app.ledger.remember(ValueKey.ENDINGS, None)


def dies(world: World) -> None:
    world.stop()
    _, settings = world.app.config, world.app.context().settings
    open_ledger = partial(ledger_of, world.app.config)
    patched = pytest.MonkeyPatch()
    patched.setattr(runtime, "ways_of", world.ways)
    patched.setattr(Alarms.__init__, "__defaults__", (world.ways,))
    try:
        for _ in range(2):  # systemd starts it once more
            assert runtime.service_failed(world.app.config, settings, world.app.clock, open_ledger)
    finally:
        patched.undo()


def is_started(world: World) -> None:
    world.start()


NOTHING: Callable[[World], None] = lambda _: None  # noqa: E731
STORIES: dict[str, tuple[AlarmKind, Callable[[World], None], Callable[[World], None]]] = {
    "401": (AlarmKind.SIGNED_OUT, partial(fails, "401"), is_well),
    "403": (AlarmKind.BLOCKED, partial(fails, "403"), is_well),
    "503": (AlarmKind.SILENT, partial(fails, "503"), is_well),
    "cut": (AlarmKind.SILENT, partial(fails, "cut-before-commit"), is_well),
    "clock": (AlarmKind.CLOCK_OFF, clock_is_off, is_well),
    "breaker": (AlarmKind.HELD, too_many, resumes),
    "parked": (AlarmKind.PARKED, parks, resolves),
    "broken file": (AlarmKind.CONFIG_BROKEN, breaks, mends),
    "no file": (AlarmKind.CONFIG_BROKEN, disappears, mends),
    "full": (AlarmKind.MAILBOX_FULL, partial(fills, "CreateItem"), is_well),
    "full for the lease": (AlarmKind.MAILBOX_FULL, partial(fills, "CreateFolder"), is_well),
    "send as": (AlarmKind.SEND_REFUSED, refuses, asks_again),
    "bounce": (AlarmKind.BOUNCED, bounces, answers),
    "draft": (AlarmKind.DRAFT_WAITS, is_urgent, throws_away),
    "password": (AlarmKind.PASSWORD_ENDS, password_ends, password_is_new),
    "EWS": (AlarmKind.EWS_ENDS, ews_ends, is_moved),
    "crash": (AlarmKind.CRASHED, dies, is_started),
}


@pytest.mark.every(8)
@pytest.mark.parametrize("name", STORIES)
def test_it_rings_once_and_once_when_it_is_over(name: str, made: Callable[..., World]) -> None:
    kind, begin, end = STORIES[name]
    world = made(mode="draft" if name == "draft" else "send")
    if name == "breaker":
        world.text = world.text.replace(" per_day: 1000", " per_day: 2")
        world.write(world.text)
        world.restart()
    begin(world)
    if name != "crash":
        world.go(16, 10)
        with suppress(ConfigError):  # with a broken file nothing starts
            world.restart()
        world.go(3, 10)
    own = [word for word in world.bell.heard if word[1:] == kind.value]
    assert own == [f"+{kind.value}"], world.bell.heard
    end(world)
    world.go(6)
    world.restart()
    world.go(6)
    own = [word for word in world.bell.heard if word[1:] == kind.value]
    assert own == [f"+{kind.value}", f"-{kind.value}"], world.bell.heard
    others = {word[1:] for word in world.bell.heard} - {kind.value}
    assert others <= {"parked"}, others  # what isn't sent again is a person's case, too
    for secret in (CANARY, "About q", "bob", "Bob", "gone@", "alice", "Alice"):
        assert not any(secret in said for said in world.bell.said), secret


def test_a_certificate_that_ends_is_told(made: Callable[..., World], tmp_path: Path) -> None:
    ca, _, _ = make_certificates(tmp_path, "mail.corp.example")
    world = made(box=f"  ca_bundle: {ca}\n")
    world.sandbox.set_password_end(ALICE, None)
    world.now = datetime.now(UTC) + timedelta(days=1)
    world.go(20)
    assert world.bell.heard == ["+certificate-ends"]


def test_in_preview_nothing_is_written(made: Callable[..., World]) -> None:
    world = made(mode="preview", more="")
    world.bell.name = "desktop"
    ews_ends(world)
    breaks(world)
    world.go(4)
    assert world.bell.heard == ["+ews-ends", "+config-broken"]
    alice = Outlook(world.sandbox.url, ALICE, "Europe/Berlin")
    assert list(alice.account.sent.all()) == list(alice.account.tasks.all()) == []
    assert [one for one in alice.account.inbox.all() if "ackd" in (one.subject or "")] == []
    alice.close()


@pytest.mark.parametrize("mode", ["draft", "send"])
def test_without_another_way_a_mail_and_a_task_tell_it(made: Callable[..., World], mode: str) -> None:
    world = made(mode=mode, more="")
    ews_ends(world)
    world.go(3)
    alice = Outlook(world.sandbox.url, ALICE, "Europe/Berlin")
    (mail,), (task,) = list(alice.account.inbox.all()), list(alice.account.tasks.all())
    assert mail.subject == "ackd needs you"
    assert "Thursday, 1 April 2027" in mail.text_body
    assert "Thursday, 1 April 2027" in task.body
    assert not task.is_complete
    is_moved(world)
    world.go(6)
    first, second = sorted(alice.account.inbox.all(), key=lambda one: one.datetime_received)
    assert (first.subject, second.subject) == ("ackd needs you", "ackd: this is over")
    (task,) = list(alice.account.tasks.all())
    assert task.is_complete
    alice.close()


def test_with_another_way_no_mail_comes(made: Callable[..., World]) -> None:
    world = made()
    ews_ends(world)
    world.go(3)
    alice = Outlook(world.sandbox.url, ALICE, "Europe/Berlin")
    assert list(alice.account.inbox.all()) == list(alice.account.tasks.all()) == []
    alice.close()


def test_a_server_that_was_away_is_told_by_one_mail_afterwards(made: Callable[..., World]) -> None:
    world = made(more="")
    fails("503", world)
    world.go(16, 10)
    is_well(world)
    world.go(6)
    alice = Outlook(world.sandbox.url, ALICE, "Europe/Berlin")
    (mail,) = list(alice.account.inbox.all())
    assert "It is over" in mail.text_body
    assert list(alice.account.tasks.all()) == []
    alice.close()


def test_a_ledger_that_cant_be_written_to_is_told_all_the_same(made: Callable[..., World]) -> None:
    world = made()
    held, app = Held(world.app.ledger), world.app
    settings = app.context().settings
    alarms = Alarms(held, app.clock, lambda: app.config, lambda: settings, world.ways)  # type: ignore[arg-type]
    for _ in range(15):
        world.later(10)
        alarms.look()
    assert world.bell.heard == ["+silent"]
    held.is_held = False
    alarms.look()
    assert world.bell.heard == ["+silent", "-silent"]


class Held:
    """The ledger while another program holds it."""

    def __init__(self, ledger: object) -> None:
        self._ledger, self.is_held = ledger, True

    def __getattr__(self, name: str) -> object:
        def refuse(*_: object) -> None:
            raise LedgerError("database is locked")

        return refuse if self.is_held else getattr(self._ledger, name)


def test_a_pass_goes_on_while_a_way_hangs(made: Callable[..., World]) -> None:
    """The service's own look has a thread of its own."""
    import threading

    world, over = made(), threading.Event()
    world.bell.tell = lambda _: over.wait(60)  # type: ignore[method-assign,assignment]
    ews_ends(world)
    look = threading.Thread(target=world.alarms.look)
    look.start()
    begun = time.monotonic()
    world.later(5)
    world.app.run_pass()
    assert look.is_alive() or time.monotonic() - begun > 60
    over.set()
    look.join()
