"""A service by tokens, over both faces of a sandbox: tokens that are refused, sign-ins that end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ackd.config import Config
from ackd.errors import AckdError, SignInOver
from ackd.model.access import SignInWay
from ackd.runtime import sign_in
from ackd.runtime.alarm_ways import Way
from ackd.runtime.alarms import Alarms
from ackd.runtime.app import App
from ackd.runtime.ledgers import clock_of
from exchange_sandbox import FileClock, Sandbox
from tests.mailbox.sign_in.people import Person, asked
from tests.people import MONDAY, raw
from tests.runtime.test_alarm_stories import Bell
from tests.system.commands import APP, APP_SECRET, HEAD, REST, in_process, set_clock

ALICE, BOB = "alice@corp.example", "bob@corp.example"
#: Each story by one kind, and by the other when long.
GRAPH_FIRST = pytest.mark.parametrize("kind", ["graph", "ews"])
EWS_FIRST = pytest.mark.parametrize("kind", ["ews", "graph"])
SECTION = """\
  kind: {kind}
  endpoint: {endpoint}
  auth: oauth
  authority: {authority}
  client_id: {client}
  sign_in: {way}
  password: {{file: secret}}
  ca_bundle: {trusted}
"""


@dataclass
class World:
    """A sandbox, an ackd on it that signs in by tokens, and a clock for both."""

    folder: Path
    kind: str
    way: SignInWay = SignInWay.DEVICE
    now: datetime = MONDAY
    bell: Bell = field(default_factory=Bell)

    def __post_init__(self) -> None:
        self.clock = self.folder / "clock"
        set_clock(self.clock, self.now)
        people = dict.fromkeys((ALICE, BOB), "secret")
        time = FileClock(self.clock)
        self.sandbox = Sandbox(
            self.folder / "x", people, clock=time, tls=True, apps={APP: APP_SECRET}
        ).start()
        self.file = self.folder / "config.yaml"
        section = SECTION.format(
            kind=self.kind,
            endpoint={"graph": self.sandbox.graph_url, "ews": self.sandbox.url}[self.kind],
            authority=self.sandbox.sign_in_url,
            client=APP,
            way=self.way,
            trusted=self.sandbox.authority,
        )
        rest = REST.format(state=self.folder / "state", mode="send", more="alarms: {command: ['true']}")
        self.file.write_text(HEAD + section + rest, encoding="utf-8")
        self.file.chmod(0o600)
        self.set_secret(APP_SECRET)
        if not self.way.is_app:
            self.sign_in()
        self.start()

    def set_secret(self, text: str) -> None:
        path = self.folder / "secret"
        path.touch(mode=0o600)
        path.write_text(text)

    def sign_in(self) -> None:
        config = sign_in.configured(self.file)
        sign_in.sign_in(config, clock_of(self.clock), Person(self.sandbox), SignInWay.DEVICE)

    def start(self) -> None:
        self.app = App(self.file, self.clock)
        app = self.app
        self.alarms = Alarms(app.ledger, app.clock, lambda: app.config, lambda: app._settings, self.ways)

    def ways(self, _: Config) -> list[Way]:
        return [self.bell]

    def stop(self) -> None:
        self.app.__exit__(None, None, None)

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        with suppress(Exception):
            self.stop()
        self.sandbox.stop()

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        set_clock(self.clock, self.now)

    def go(self, steps: int = 1, minutes: float = 1) -> AckdError | None:
        """Passes with looks for alarms; what ended the last one."""
        ended: AckdError | None = None
        for _ in range(steps):
            self.later(minutes=minutes)
            try:
                self.app.run_pass()
                ended = None
            except AckdError as error:
                ended = error
            self.alarms.look()
        return ended

    def ask(self, name: str) -> None:
        mail = raw(name, "Could you please send me the figures?", sender=BOB, at=self.now)
        self.sandbox.deliver(mail, ALICE)

    def told(self) -> list[str]:
        """What Bob got."""
        got = in_process("sandbox", "show", f"{BOB}/Inbox", "--data", str(self.sandbox.data))
        return [line for line in got.stdout.splitlines() if "IPM.Note" in line]

    def command(self, *words: str) -> tuple[int, str]:
        done = in_process(*words, "--config", str(self.file), "--clock", str(self.clock))
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., World]]:
    worlds: list[World] = []

    def make(kind: str, way: SignInWay = SignInWay.DEVICE) -> World:
        worlds.append(World(tmp_path, kind, way))
        return worlds[-1]

    yield make
    for world in worlds:
        world.close()


@pytest.mark.every(2)
@GRAPH_FIRST
def test_a_sign_in_that_ends_is_told_once_and_nobody_asks_again(
    made: Callable[..., World], kind: str
) -> None:
    world = made(kind)
    assert world.go(2) is None
    world.sandbox.revoke_sign_ins(ALICE)
    world.later(hours=2)  # the token that is held ends, too
    world.ask("q1")
    error = world.go()
    assert isinstance(error, SignInOver)
    assert "AADSTS50173" in str(error)
    count = asked(world.sandbox)
    world.go(3)
    world.restart()
    assert isinstance(world.go(3, 60), SignInOver)
    assert asked(world.sandbox) == count
    assert world.bell.heard == ["+sign-in-over"]
    assert "ackd sign-in" in world.bell.said[0]
    code, said = world.command("status")
    assert (code, "trouble: the authority gives ackd no token" in said) == (0, True)
    assert "run: ackd sign-in" in said
    code, said = world.command("check")
    assert code == 77
    assert "remedy: ackd sign-in" in said
    assert asked(world.sandbox) == count + 1, "by hand it is asked once more"
    world.sign_in()
    assert world.go(2) is None
    assert len(world.told()) == 1
    world.go(2, 15)
    assert world.bell.heard == ["+sign-in-over", "-sign-in-over"]


@pytest.mark.every(2)
@EWS_FIRST
def test_an_app_whose_secret_ends_goes_on_with_another(made: Callable[..., World], kind: str) -> None:
    world = made(kind, SignInWay.SECRET)
    world.ask("early")
    assert world.go(2) is None
    world.sandbox.faults.add("token", "secret-expired", times=-1)
    world.later(hours=2)
    error = world.go()
    assert isinstance(error, SignInOver)
    assert "AADSTS7000222: the app's secret has ended" in str(error)
    assert "where mailbox.password says" in str(error)
    world.sandbox.faults.clear()
    count = asked(world.sandbox)
    assert isinstance(world.go(3), SignInOver)
    assert asked(world.sandbox) == count
    code, said = world.command("sign-in")
    assert code == 0, said
    assert "well" in said
    assert world.go() is None, "what was tried by hand and is well counts"
    world.sandbox.faults.add("token", "secret-expired")
    world.later(hours=2)
    assert isinstance(world.go(), SignInOver)
    world.set_secret(f"{APP_SECRET} ")
    world.set_secret(APP_SECRET)
    assert isinstance(world.go(), SignInOver), "the same one is the same one"


WRITES = {"graph": ["messages.create", "messages.send", "tasks.create"], "ews": ["CreateItem"]}
READS = {"graph": ("messages.get", "401-claims"), "ews": ("SyncFolderItems", "401")}


@pytest.mark.every(2)
@EWS_FIRST
def test_a_refused_token_is_renewed_once_and_reads_go_on(made: Callable[..., World], kind: str) -> None:
    world = made(kind)
    assert world.go() is None
    count = asked(world.sandbox)
    world.ask("q1")
    world.sandbox.faults.add(*READS[kind])
    assert world.go(2) is None
    assert asked(world.sandbox) == count + 1
    assert len(world.told()) == 1


@pytest.mark.every(2)
@GRAPH_FIRST
def test_a_write_whose_token_was_refused_wasnt_done_and_is_done_once(
    made: Callable[..., World], kind: str
) -> None:
    world = made(kind)
    assert world.go() is None
    for number, operation in enumerate(WRITES[kind], 1):
        world.sandbox.faults.add(operation, "401")
        world.ask(f"q{number}")
        count = asked(world.sandbox)
        world.go(4, 4)  # what is in doubt is waited for
        assert world.go() is None
        assert len(world.told()) == number
        assert asked(world.sandbox) == count + 1
        status = world.app.summary()
        assert (status.parked, status.open_promises) == (0, number)


@pytest.mark.every(2)
@EWS_FIRST
def test_a_server_that_takes_no_token_is_asked_seldom(made: Callable[..., World], kind: str) -> None:
    """The authority is well, and the server refuses what it gives: the guard's pauses hold."""
    world = made(kind)
    assert world.go() is None
    world.sandbox.faults.add("*", "401", times=-1)
    count = asked(world.sandbox)
    errors = [world.go() for _ in range(20)]
    assert all(error is not None and error.exit_code in (75, 77) for error in errors)
    assert "`ackd check`" in str(errors[-1])
    assert asked(world.sandbox) - count <= 4


def test_a_token_of_another_authority_opens_nothing(
    made: Callable[..., World], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = made("ews", SignInWay.SECRET)
    elsewhere = tmp_path_factory.mktemp("other")
    people = {ALICE: "secret"}
    with Sandbox(elsewhere, people, tls=True, apps={APP: APP_SECRET}) as other:
        trusted = world.folder / "both.pem"
        assert other.authority
        assert world.sandbox.authority
        trusted.write_bytes(world.sandbox.authority.read_bytes() + other.authority.read_bytes())
        text = world.file.read_text().replace(world.sandbox.sign_in_url, other.sign_in_url)
        world.file.write_text(text.replace(str(world.sandbox.authority), str(trusted)))
        world.restart()
        error = world.go()
        assert error is not None
        assert "401" in str(error)
