"""`ackd init`: from nothing to a configuration that works, asked and unasked."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from typer.testing import CliRunner, Result

from ackd import config as configuration
from ackd.cli import app
from ackd.config.writer import written
from ackd.errors import SignInRefused, UsageError
from ackd.runtime.onboarding import likely_country, propose_domains
from exchange_sandbox import Period, Sandbox, WorkHours
from tests.people import mail, raw

ALICE = "alice@corp.example"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "sandbox", {ALICE: "hunter2"}) as sandbox:
        hours = WorkHours("W. Europe Standard Time", (Period(time(9), time(17, 30)),))
        sandbox.set_work_hours(ALICE, hours)
        now = datetime.now(UTC)
        for number in range(3):
            at = now - timedelta(days=1)
            sandbox.deliver(raw(f"a{number}", sender="ann@sub.example", at=at), ALICE)
            sandbox.deliver(raw(f"b{number}", sender="bob@out.example", stamp="Anonymous", at=at), ALICE)
        yield sandbox


def init(folder: Path, *options: str, answers: str = "") -> Result:
    paths = ["--config", str(folder / "etc" / "config.yaml"), "--state", str(folder / "state")]
    return CliRunner().invoke(app, ["init", *paths, *options], input=answers)


def test_questions_with_good_defaults(tmp_path: Path, sandbox: Sandbox) -> None:
    answers = [ALICE, sandbox.url, "", "", "hunter2", "a.smith@corp.example", "", "Alice, Ali", *[""] * 5]
    done = init(tmp_path, answers="\n".join(answers) + "\n")
    assert done.exit_code == 0, (done.output, done.exception)
    assert "hunter2" not in done.output
    path = tmp_path / "etc" / "config.yaml"
    password = tmp_path / "etc" / "ackd-password"
    assert {stat.S_IMODE(file.stat().st_mode) for file in (path, password)} == {0o600}
    loaded = configuration.load(path)
    config = loaded.config
    assert config.mode.value == "preview"
    assert config.internal.domains == ("corp.example", "sub.example")
    assert config.letters.name == "Alice"
    assert config.mailbox.aliases == ("a.smith@corp.example",)
    assert config.mailbox.names == ("Alice", "Ali")
    assert config.promise.time_zone == config.promise.working_hours == "mailbox"
    assert config.promise.holidays is not None
    assert config.promise.holidays.country == "DE"
    assert configuration.read_secret(config.mailbox.password, ALICE) == "hunter2"  # type: ignore[arg-type]
    assert "time zone: Europe/Berlin" in done.output
    assert "ok   sign-in" in done.output
    assert "ackd once" in done.output


def test_scripts_ask_nothing(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SECRET", "hunter2")
    options = ["--yes", "--address", ALICE, "--endpoint", sandbox.url, "--password-from", "env:MY_SECRET"]
    more = ["--domain", "corp.example", "--domain", "*.corp.example", "--country", "none", "--language", "de"]
    done = init(
        tmp_path,
        *options,
        *more,
        "--name",
        "A. Smith",
        "--time-zone",
        "Europe/Vienna",
        "--working-hours",
        "mon-thu 8:00-16:00; fri 8-12",
    )
    assert done.exit_code == 0, (done.output, done.exception)
    config = configuration.load(tmp_path / "etc" / "config.yaml").config
    assert config.internal.domains == ("corp.example", "*.corp.example")
    assert (config.letters.language, config.letters.name) == ("de", "A. Smith")
    assert str(config.promise.time_zone) == "Europe/Vienna"
    assert config.promise.holidays is None
    assert config.promise.working_hours != "mailbox"
    assert config.mailbox.names == ()
    assert sorted(file.name for file in (tmp_path / "etc").iterdir()) == ["config.yaml"]
    for line in (
        "mode: preview",
        "domains: [corp.example, '*.corp.example']",
        "env: MY_SECRET",
        "language: de",
    ):
        assert line in done.output
    assert "hunter2" not in done.output
    assert "#" not in done.output.partition("Written:")[2].partition("Checking it:")[0]
    again = init(tmp_path, *options)
    assert isinstance(again.exception, UsageError)


def test_a_credential_is_kept_for_systemd(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    options = ["--address", ALICE, "--endpoint", sandbox.url, "--yes", "--password-stdin"]
    done = init(tmp_path, *options, "--keep", "credential", answers="hunter2\n")
    assert "CREDENTIALS_DIRECTORY" not in os.environ
    assert done.exit_code == 0, (done.output, done.exception)
    secret = configuration.load(tmp_path / "etc" / "config.yaml").config.mailbox.password
    assert str(secret) == "{credential: ackd-password}"
    assert stat.S_IMODE((tmp_path / "etc" / "ackd-password").stat().st_mode) == 0o600


def test_a_password_is_tried_twice_at_most(tmp_path: Path, sandbox: Sandbox) -> None:
    answers = "\n".join([ALICE, sandbox.url, "", "", "wrong-1", "wrong-2", "wrong-3"]) + "\n"
    done = init(tmp_path, answers=answers)
    assert isinstance(done.exception, SignInRefused)
    sandbox.stop()  # a request is noted after its answer
    refused = [one for one in sandbox.requests.all() if one.status == 401]
    assert len(refused) == 4  # each time the server is asked without the password first
    assert [file.name for file in (tmp_path / "etc").iterdir()] == ["ackd-init.json"]


class Keyring(ModuleType):
    """A platform's keyring that keeps what it gets."""

    priority = 5

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}

    def get_keyring(self) -> Keyring:
        return self

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def test_the_platforms_keyring_keeps_the_password_where_one_works(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring, errors = Keyring(), ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    options = ["--address", ALICE, "--endpoint", sandbox.url, "--yes", "--password-stdin"]
    done = init(tmp_path, *options, answers="hunter2\n")
    assert done.exit_code == 0, (done.output, done.exception)
    assert keyring.kept == {("ackd", ALICE): "hunter2"}
    assert [file.name for file in (tmp_path / "etc").iterdir()] == ["config.yaml"]


def test_every_commented_default_is_one() -> None:
    wanted = {"mailbox.address": ALICE, "mailbox.endpoint": "autodiscover", "mailbox.password": {"env": "X"}}
    text = written(wanted)
    given = configuration.loads(text.encode(), Path("/etc/ackd/config.yaml")).config
    lines = [re.sub(r"^( *)#(?! )", r"\1", line) for line in text.splitlines()]
    changed = yaml.safe_load("\n".join(lines))
    assert changed["poll"] == "60 s"
    for key in ("rules", "letters"):
        changed.pop(key)  # shown by an example, since their default is nothing
    changed["mailbox"].pop("username")
    changed["mailbox"].pop("aliases")
    again = configuration.loads(yaml.safe_dump(changed).encode(), Path("/etc/ackd/config.yaml")).config
    assert again.model_dump(exclude={"promise": {"holidays"}}) == given.model_dump(
        exclude={"promise": {"holidays"}}
    )


def test_only_the_servers_stamp_makes_a_domain_a_colleagues() -> None:
    mails = [mail(f"q{n}", sender="x@evil.example", stamp="Anonymous") for n in range(9)]
    mails += [mail(f"r{n}", sender="y@lab.example") for n in range(2)] + [mail("s", sender="z@once.example")]
    assert propose_domains(ALICE, mails) == ("corp.example", "lab.example")
    assert likely_country("Europe/Berlin") == "DE"
    assert likely_country("UTC") == likely_country(None) == ""
