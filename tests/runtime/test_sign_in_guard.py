"""A refused sign-in: not the end of a service, and never more than a few tries."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ackd.cli import app as commands
from ackd.errors import AccessBlocked, AckdError, SignInRefused
from ackd.ledger import SqlLedger
from ackd.model import ValueKey
from ackd.model.access import Auth
from ackd.runtime.app import App
from ackd.runtime.ledgers import shared_ledger
from ackd.runtime.scheduler import Service
from ackd.runtime.sign_in_guard import LATER, SOON, WINDOW, Refusal, SignInGuard, next_try
from ackd.views.status import status
from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.people import MONDAY, raw

ALICE = "alice@corp.example"
RIGHT, WRONG = "secret", "wr0ng-pw"
CONFIG = """\
mailbox:
  address: alice@corp.example
  endpoint: {endpoint}
  username: {username}
  password: {{file: {password}}}
state: {state}
mode: send
poll: {poll}
internal: {{domains: [corp.example]}}
promise: {{time_zone: Europe/Berlin, grace: 0 min, grace_urgent: 0 min, within: {within}}}
"""


class Desk:
    """A sandbox, and an ackd with its password in a file, on one clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, MONDAY
        self.clock, self.config, self.password = folder / "clock", folder / "config.yaml", folder / "pw"
        self.sandbox = Sandbox(folder / "sandbox", {ALICE: RIGHT}, clock=lambda: self.now).start()
        self.later()
        self.set_password(RIGHT)
        self.configure()

    def configure(
        self,
        *,
        username: str = ALICE,
        endpoint: str = "",
        within: str = "2 business days",
        poll: str = "1 min",
    ) -> None:
        text = CONFIG.format(
            endpoint=endpoint or self.sandbox.url,
            username=username,
            password=self.password,
            state=self.folder / "state",
            poll=poll,
            within=within,
        )
        fresh = self.config.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(self.config)

    def set_password(self, text: str) -> None:
        self.password.touch(mode=0o600)
        self.password.write_text(text)

    def later(self, by: timedelta = timedelta()) -> None:
        self.now += by
        self.clock.write_text(self.now.isoformat())

    def app(self) -> App:
        return App(self.config, self.clock)

    def refused(self) -> int:
        """How many sign-ins the server refused."""
        return sum(one.status == 401 for one in self.sandbox.requests)

    def command(self, *words: str) -> tuple[int, str]:
        where = ["--config", str(self.config), "--clock", str(self.clock)]
        done = CliRunner().invoke(commands, [*words, *where])
        said = done.exception if isinstance(done.exception, AckdError) else None
        return (said.exit_code, str(said)) if said else (done.exit_code, done.output)

    def trouble(self) -> str:
        with shared_ledger(self.config, self.clock) as shared:
            return str(status(shared.ledger, shared.clock, is_alive=False).trouble)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.sandbox.stop()


def refused_pass(app: App) -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        app.run_pass()
    return caught.value


def test_one_stray_401_is_over_soon(desk: Desk) -> None:
    with desk.app() as app:
        app.run_pass()
        desk.sandbox.faults.add("*", "401")
        error = refused_pass(app)
        assert error.wait == SOON
        assert "tries again at" in str(error)
        before = desk.sandbox.requests.count()
        refused_pass(app)  # not yet
        assert desk.sandbox.requests.count() == before
        desk.later(SOON)
        desk.sandbox.deliver(raw("q1"), ALICE)
        assert app.run_pass().acknowledged == 1
        assert not app.guard.is_refused()
        assert "401" not in desk.trouble()


def test_a_secret_that_never_worked_is_tried_once_more_after_minutes(desk: Desk) -> None:
    desk.set_password(WRONG)
    with desk.app() as app:
        assert refused_pass(app).wait == LATER
        for _ in range(4):
            desk.later(timedelta(minutes=1))
            refused_pass(app)
        assert desk.refused() == 1
        desk.later(timedelta(minutes=1))
        assert refused_pass(app).wait is None
        assert desk.refused() == 2
        for _ in range(50):
            desk.later(timedelta(hours=1))
            refused_pass(app)
        assert desk.refused() == 2
        assert "2 times" in desk.trouble()
        assert "doesn't try it again" in desk.trouble()


def test_it_goes_on_when_the_password_file_changes(desk: Desk) -> None:
    desk.set_password(WRONG)
    with desk.app() as app:
        for _ in range(3):
            refused_pass(app)
            desk.later(LATER)
        for broken in ("", "two\nlines\n"):  # as while it is being written
            desk.set_password(broken)
            refused_pass(app)
        desk.set_password("also wrong")
        assert refused_pass(app).wait == LATER
        assert desk.refused() == 3
        desk.set_password(WRONG)  # the first wrong one isn't a new one
        refused_pass(app)
        assert desk.refused() == 3
        desk.set_password(RIGHT)
        app.run_pass()
        assert "401" not in desk.trouble()


def test_a_password_file_that_is_away_changes_nothing(desk: Desk) -> None:
    desk.set_password(WRONG)
    with desk.app() as app:
        refused_pass(app)
        desk.password.unlink()
        refused_pass(app)
        desk.set_password(RIGHT)
        desk.password.chmod(0o644)
        refused_pass(app)
        desk.password.chmod(0o600)
        app.run_pass()


def test_it_goes_on_when_the_keyring_has_another(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, asked = [WRONG], []

    def read(service: str, account: str) -> str:
        asked.append((service, account))
        return kept[-1]

    monkeypatch.setattr(sys.modules["ackd.config.read_secret"], "_from_keyring", read)
    text = desk.config.read_text().replace(f"file: {desk.password}", "keyring: ackd")
    desk.config.write_text(text)
    with desk.app() as app:
        for _ in range(20):
            refused_pass(app)
            desk.later(timedelta(seconds=30))
        assert len(asked) == 2  # a locked keyring would ask its owner each time
        kept.append(RIGHT)
        desk.later(timedelta(minutes=5))
        app.run_pass()


def test_it_goes_on_when_the_configuration_names_another_user(desk: Desk) -> None:
    desk.configure(username="alcie@corp.example")
    with desk.app() as app:
        for _ in range(3):
            refused_pass(app)
            desk.later(LATER)
        assert desk.refused() == 2
        desk.configure(within="4 business days")  # and the name put right, with the same password
        app.run_pass()


def test_a_changed_configuration_is_taken_up_while_the_sign_in_is_refused(desk: Desk) -> None:
    desk.set_password(WRONG)
    with desk.app() as app:
        refused_pass(app)
        desk.configure(within="4 business days", poll="7 min")
        refused_pass(app)
        assert app.config.poll.elapsed == timedelta(minutes=7)
        assert desk.refused() == 1


def test_check_beside_the_service_lets_it_go_on(desk: Desk) -> None:
    desk.sandbox.faults.add("*", "401", times=2)
    with desk.app() as app:
        for _ in range(3):
            refused_pass(app)
            desk.later(LATER)
        status, _ = desk.command("check")
        assert status in (0, 78)
        app.run_pass()


def test_never_more_than_a_few_tries_whatever_is_run(desk: Desk) -> None:
    desk.set_password(WRONG)
    for _ in range(3):
        for words in (["once"], ["check"], ["explain", "--subject", "refund"], ["check"]):
            status, said = desk.command(*words)
            assert status == 77, said
        with desk.app() as app:
            refused_pass(app)
        desk.later(timedelta(seconds=10))
    assert desk.refused() <= 4
    status, said = desk.command("check")
    assert "doesn't try it again before" in said
    desk.later(WINDOW)
    desk.set_password(RIGHT)
    assert desk.command("once")[0] == 0


def test_a_first_look_without_a_ledger_counts(desk: Desk) -> None:
    desk.set_password(WRONG)
    for _ in range(5):
        assert desk.command("explain", "--subject", "refund")[0] == 77
    assert desk.refused() == 1


def test_a_mark_of_an_earlier_ackd_is_no_end(desk: Desk) -> None:
    with desk.app() as app:
        app.ledger.remember(
            ValueKey.REFUSED_SIGN_IN, json.dumps({"salt": "00" * 16, "hash": "ab", "at": MONDAY.isoformat()})
        )
        app.run_pass()


@pytest.mark.parametrize("kept", ["{", "[]", '{"salt": 1}', '{"salt":"00","refused":[{"hash":"x"}]}', "null"])
def test_a_mark_that_cannot_be_read_is_none(tmp_path: Path, kept: str) -> None:
    ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", ALICE)
    ledger.remember(ValueKey.REFUSED_SIGN_IN, kept)
    SignInGuard(ledger, StepClock(MONDAY), "secret").check()
    ledger.close()


@pytest.mark.parametrize("status", ["401", "403"])
@pytest.mark.parametrize("operation", ["CreateItem", "CreateFolder", "SyncFolderItems", "UpdateItem"])
def test_refused_in_the_middle_of_a_pass_one_letter_goes_out(desk: Desk, status: str, operation: str) -> None:
    with desk.app() as app:
        app.run_pass()
        desk.sandbox.deliver(raw("q1"), ALICE)
        desk.sandbox.faults.add(operation, status)
        sent, refused = 0, 0
        for _ in range(6):
            desk.later(LATER)
            try:
                sent += app.run_pass().acknowledged
            except (SignInRefused, AccessBlocked):
                refused += 1
                sent += app.summary().acknowledged
        assert refused <= 1
        assert desk.refused() <= (status == "401")
        assert sent == 1
        assert app.summary().parked == 0


def test_a_403_is_no_sign_in_that_counts(desk: Desk) -> None:
    with desk.app() as app:
        desk.sandbox.faults.add("*", "403", times=3)
        for _ in range(3):
            with pytest.raises(AccessBlocked):
                app.run_pass()
        app.run_pass()


def test_a_server_that_is_found_nowhere_is_no_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from ackd.errors import Unreachable
    from ackd.mailbox.ews import endpoint_cache
    from ackd.mailbox.ews.discovery import Door

    answers: list[Callable[[], Door]] = []

    def discover(*_: object) -> Door:
        return answers.pop(0)()

    def away() -> Door:
        raise Unreachable("autodiscover found no server")

    def no() -> Door:
        raise SignInRefused("autodiscover.corp.example refused the sign-in (401)")

    monkeypatch.setattr(endpoint_cache, "discover", discover)
    desk.configure(endpoint="autodiscover")
    with desk.app() as app:
        answers += [away, no]
        with pytest.raises(Unreachable):
            app.run_pass()
        assert app.summary().seen == 0
        assert app.unfinished() == ""
        assert refused_pass(app).wait == LATER
        refused_pass(app)  # no host is asked meanwhile
        desk.later(LATER)
        answers.append(lambda: Door(desk.sandbox.url, Auth.BASIC))
        app.run_pass()


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "worked", "by_hand", "after"),
    [
        (1, False, False, LATER),
        (2, False, False, None),
        (1, True, False, SOON),
        (2, True, False, LATER),
        (3, True, False, None),
        (3, False, True, timedelta()),
        (4, False, True, WINDOW),
        (40, True, True, WINDOW),
    ],
)
def test_when_a_refused_secret_is_tried_again(
    times: int, worked: bool, by_hand: bool, after: timedelta | None
) -> None:
    refusal = Refusal("", times, NOON, worked)
    wanted = None if after is None else NOON + after
    assert next_try(refusal, NOON + timedelta(seconds=1), by_hand=by_hand) == wanted


def test_a_clock_that_was_set_back_ends_the_wait() -> None:
    moment = next_try(Refusal("", 1, NOON), NOON - timedelta(days=300))
    assert moment is not None
    assert moment <= NOON - timedelta(days=300)


def test_the_service_lives_and_says_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("ackd.runtime.scheduler.notify", told.append)
    desk.configure(poll="1 s")
    desk.set_password(WRONG)
    with desk.app() as app:
        passes = 0

        def run_pass(stop: Callable[[], bool]) -> object:
            nonlocal passes
            passes += 1
            if passes == 3:
                desk.set_password(RIGHT)
            if passes == 5:
                service.stop()
            return app.run_pass(stop)

        service = Service(run_pass, app.clock, lambda: timedelta(milliseconds=20))  # type: ignore[arg-type]
        assert service.run() == 0
    assert desk.refused() == 1
    assert any(word.startswith("STATUS=waiting: the server refused") for word in told)
    assert told[-2:] == ["STATUS=polled", "STOPPING=1"] or "STATUS=polled" in told
