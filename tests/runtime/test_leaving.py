"""`ackd uninstall` on this machine: the unit, the secrets and the ledger; no server is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner, Result

from ackd.cli import app
from ackd.config import load
from ackd.config.store_secret import delete_from_keyring
from ackd.errors import ConfigError
from ackd.mailbox.sign_in.kept import FILE, SignInPlace
from ackd.model.access import OAuth, SignInWay
from ackd.runtime.ledgers import ledger_of
from ackd.runtime.systemd import NAME
from tests.runtime.test_systemd import Machine

ALICE = "alice@corp.example"
CONFIG = """\
mailbox:
  address: alice@corp.example
  endpoint: https://mail.corp.example/EWS/Exchange.asmx
  password: {password}
internal: {{domains: [corp.example]}}
state: state
"""
LOCAL = ("--skip-mailbox", "--yes")
Keyring = dict[tuple[str, str], str]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    kept: Keyring = {}
    made, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    made.get_password = lambda service, account: kept.get((service, account))  # type: ignore[attr-defined]
    made.delete_password = lambda service, account: kept.pop((service, account))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", made)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return kept


Run = Callable[..., Result]


@pytest.fixture
def run(machine: Machine) -> Run:
    def done(*options: str, kept: str = "{env: ACKD_PASSWORD}") -> Result:
        machine.config.write_text(CONFIG.format(password=kept))
        machine.config.chmod(0o600)
        return CliRunner().invoke(app, ["uninstall", "--config", str(machine.config), *options])

    return done


def test_the_unit_goes_and_that_is_seen(machine: Machine, run: Run) -> None:
    machine.ackd("install")
    machine.tool("systemctl", 'test "$2" = show && echo ActiveState=inactive; true')
    found = run(*LOCAL)
    assert found.exit_code == 0, found.output
    assert "besides: a service of systemd's" in found.output
    assert "ok   the service is stopped, and its unit removed" in found.output
    assert not machine.place.unit.exists()
    assert f"disable --now {NAME}" in machine.said.read_text()
    again = run(*LOCAL).output
    assert "ok   no service is installed" in again
    assert "your mailbox is as it was" in again
    assert "ackd is out of your mailbox" not in again


def test_a_service_that_goes_on_ends_it(machine: Machine, run: Run, keyring: Keyring) -> None:
    machine.ackd("install", kept="{keyring: ackd}")
    machine.tool("systemctl", 'test "$2" = show && echo ActiveState=active; true')
    keyring["ackd", ALICE] = "secret"
    found = run(*LOCAL, kept="{keyring: ackd}")
    assert found.exit_code == 75
    assert "FAIL the service still runs" in found.output
    assert keyring == {("ackd", ALICE): "secret"}, "nothing after it is done"


def test_what_systemd_refuses_is_told(machine: Machine, run: Run) -> None:
    machine.ackd("install")
    machine.tool("systemctl", "echo no bus here >&2; exit 1")
    found = run(*LOCAL)
    assert found.exit_code == 75
    assert "FAIL the service: systemctl --user disable failed: no bus here" in found.output
    assert machine.place.unit.exists()


def test_the_keyrings_password_goes_once(run: Run, keyring: Keyring) -> None:
    keyring["ackd", ALICE], keyring["ackd", "bob"] = "secret", "his"
    assert "ok   the password in the keyring is deleted" in run(*LOCAL, kept="{keyring: ackd}").output
    assert keyring == {("ackd", "bob"): "his"}
    assert "keeps no password any more" in run(*LOCAL, kept="{keyring: ackd}").output


def test_a_keyring_that_keeps_it_all_the_same_is_told(keyring: Keyring) -> None:
    keyring["ackd", ALICE] = "secret"
    sys.modules["keyring"].delete_password = lambda service, account: None  # type: ignore[attr-defined]
    with pytest.raises(ConfigError, match="still keeps something"):
        delete_from_keyring("ackd", ALICE)


def test_a_file_of_inits_goes_and_one_of_the_owners_stays(machine: Machine, run: Run) -> None:
    own = machine.config.with_name("ackd-password")
    for file in (own, machine.config.with_name("mine")):
        file.write_text("secret")
        file.chmod(0o600)
    assert f"file {own} is deleted" in run(*LOCAL, kept="{file: ackd-password}").output
    assert not own.exists()
    told = run(*LOCAL, kept="{file: mine}").output
    assert "isn't ackd's to delete: that is left to you" in told
    assert machine.config.with_name("mine").exists()


def test_a_dry_run_changes_nothing(machine: Machine, run: Run, keyring: Keyring) -> None:
    machine.ackd("install", kept="{keyring: ackd}")
    keyring["ackd", ALICE] = "secret"
    found = run("--skip-mailbox", "--dry-run", kept="{keyring: ackd}")
    assert (found.exit_code, "nothing was changed" in found.output) == (0, True)
    assert keyring == {("ackd", ALICE): "secret"}
    assert machine.place.unit.exists()
    assert not (machine.config.parent / "state").exists()


@pytest.mark.parametrize("wish", ["keep", "remove"])
def test_the_ledger_as_wished(machine: Machine, run: Run, wish: str) -> None:
    run(*LOCAL)
    ledger_of(load(machine.config).config).close()
    state = machine.config.parent / "state"
    (state / "notes.txt").write_text("mine")
    found = run(*LOCAL, "--ledger", wish)
    assert found.exit_code == 0
    assert (state / "ledger.sqlite").exists() == (wish == "keep")
    assert (state / "notes.txt").exists()
    assert ("what isn't ackd's stays" in found.output) == (wish == "remove")


def test_a_ledger_at_its_own_url_is_left_with_the_words_that_delete_it(machine: Machine, run: Run) -> None:
    folder = machine.config.parent / "db"
    folder.mkdir(mode=0o700)
    place = f"sqlite:///{folder / 'shared.sqlite'}"
    found = run(*LOCAL, "--ledger", "remove", kept=f"{{env: ACKD_PASSWORD}}\nledger: {place}")
    assert "left to you: PRAGMA foreign_keys = ON; DELETE FROM mailboxes WHERE address =" in found.output
    assert "ledger and what stood beside it are deleted" not in found.output
    assert "what stood beside it is deleted" in found.output


def test_wrong_words_are_told_before_anything(run: Run) -> None:
    assert run("--tasks", "burn").exit_code == 2
    assert run("--skip-mailbox").exit_code == 2  # nobody is there to be asked


def test_a_sign_in_that_is_kept_is_forgotten(tmp_path: Path, keyring: Keyring) -> None:
    (tmp_path / FILE).write_text("{}")
    (tmp_path / FILE).chmod(0o600)
    place = SignInPlace(ALICE, OAuth("https://login.example/t", "c", SignInWay.BROWSER, tmp_path))
    assert [place.delete(), place.delete()] == [True, False]
    assert not (tmp_path / FILE).exists()
    keyring["ackd", f"sign-in of {ALICE}"] = "{}"
    kept = OAuth("https://login.example/t", "c", SignInWay.BROWSER, tmp_path, in_keyring=True)
    assert [SignInPlace(ALICE, kept).delete(), SignInPlace(ALICE, kept).delete()] == [True, False]
    assert keyring == {}
