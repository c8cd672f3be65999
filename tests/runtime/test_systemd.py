"""The per-user service: what is installed is what `systemd/` holds, and systemd can read it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ackd.cli import app
from ackd.config import load
from ackd.errors import UsageError
from ackd.model import Alarm, AlarmChange, AlarmKind, AlarmRecord, ValueKey
from ackd.runtime import systemd
from ackd.runtime.ledgers import ledger_of
from ackd.runtime.systemd import NAME, Place
from tests.people import MONDAY

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """\
mailbox:
  address: alice@corp.example
  endpoint: https://mail.corp.example/EWS/Exchange.asmx
  password: {password}
internal: {{domains: [corp.example]}}
"""


class Machine:
    """A home directory with stand-ins for systemd's commands that write down what they are told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.tools, self.said = folder / "home", folder / "bin", folder / "said"
        self.config = self.home / ".config" / "ackd" / "config.yaml"
        self.config.parent.mkdir(parents=True)
        self.tools.mkdir()
        self.said.touch()
        self.tool("systemctl")
        self.tool("loginctl", "echo Linger=no")
        for name, value in {"HOME": self.home, "PATH": f"{self.tools}:/usr/bin:/bin"}.items():
            monkeypatch.setenv(name, str(value))
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        self.place = Place.of(os.environ)

    def tool(self, name: str, does: str = "true") -> None:
        file = self.tools / name
        file.write_text(f'#!/bin/sh\necho {name} "$@" >> {self.said}\n{does}\n')
        file.chmod(0o755)

    def ackd(self, *words: str, kept: str = "{file: pw}") -> str:
        self.config.write_text(CONFIG.format(password=kept))
        done = CliRunner().invoke(app, ["service", *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_what_is_installed_is_what_the_repository_holds(machine: Machine) -> None:
    told = machine.ackd("install")
    assert machine.place.unit.read_bytes() == (ROOT / "systemd" / NAME).read_bytes()
    said = [line.removeprefix("systemctl --user ") for line in machine.said.read_text().splitlines()]
    assert said[:4] == ["show-environment", "daemon-reload", f"enable {NAME}", f"restart {NAME}"]
    assert "loginctl enable-linger" in told
    assert "-m ackd run" in machine.place.drop_in.read_text()  # the tests' ackd isn't where pipx puts it
    machine.ackd("uninstall")
    assert not machine.place.unit.exists()
    assert not machine.place.drop_in.parent.exists()
    assert f"systemctl --user disable --now {NAME}" in machine.said.read_text()
    with pytest.raises(UsageError, match="nothing is installed"):
        machine.ackd("uninstall")


def test_only_what_is_special_is_said_beside_the_unit(tmp_path: Path) -> None:
    place = Place(tmp_path / "units", Path("/home/alice"))
    usual = ["/home/alice/.local/bin/ackd"]
    assert systemd.drop_in(usual, None, {}, place) == ""
    text = systemd.drop_in(
        ['/opt/my "tools"/100%/ackd'],
        Path("/etc/a$b.yaml"),
        {"ackd-password": Path("/home/alice/secret")},
        place,
    )
    assert text.splitlines()[1:] == [
        "[Service]",
        "ExecStart=",
        'ExecStart="/opt/my \\"tools\\"/100%%/ackd" run --config "/etc/a$$b.yaml"',
        "LoadCredential=ackd-password:/home/alice/secret",
    ]


def test_a_credential_lies_beside_the_configuration(machine: Machine) -> None:
    machine.ackd("install", "--no-start", kept="{credential: ackd-password}")
    file = machine.config.with_name("ackd-password")
    assert f"LoadCredential=ackd-password:{file}\n" in machine.place.drop_in.read_text()
    assert "restart" not in machine.said.read_text()


def test_a_password_that_a_service_cannot_see_is_refused(machine: Machine) -> None:
    with pytest.raises(UsageError, match="ACKD_PASSWORD of your shell"):
        machine.ackd("install", kept="{env: ACKD_PASSWORD}")
    assert not machine.place.unit.exists()


def test_status_says_why_it_ended(machine: Machine) -> None:
    ended = "ActiveState=failed\\nSubState=failed\\nUnitFileState=enabled\\nExecMainStatus=77\\nNRestarts=0"
    machine.tool("systemctl", f"printf '{ended}\\n'")
    told = machine.ackd("status")
    assert "ended with 77: the sign-in was refused" in told
    assert "starts by itself: yes" in told


def test_what_a_dead_service_said_last_isnt_what_it_says(machine: Machine) -> None:
    ended = "ActiveState=failed\\nSubState=failed\\nExecMainStatus=1\\nStatusText=polled"
    machine.tool("systemctl", f"printf '{ended}\\n'")
    machine.config.write_text(CONFIG.format(password="{file: pw}"))
    done = CliRunner().invoke(app, ["service", "status"])
    assert done.exit_code == 3
    assert "polled" not in done.output


@pytest.mark.parametrize(("trouble", "status"), [(None, 0), ("no connection to the server", 1)])
def test_a_service_that_runs_and_cant_work_says_so(
    machine: Machine, trouble: str | None, status: int
) -> None:
    machine.tool("systemctl", "printf 'ActiveState=active\\nStatusText=polled\\n'")
    machine.config.write_text(CONFIG.format(password="{file: pw}") + f"state: {machine.home}/state\n")
    ledger = ledger_of(load(machine.config).config)
    ledger.remember(ValueKey.TROUBLE, trouble)
    alarm = Alarm(AlarmKind.BLOCKED, MONDAY)
    record = AlarmRecord(alarm, MONDAY, told=MONDAY, rings=1)
    ledger.record_alarms([AlarmChange(alarm.key, None, record)] if trouble else [])
    ledger.close()
    done = CliRunner().invoke(app, ["service", "status"])
    assert done.exit_code == status
    assert "says: polled" in done.output
    assert (trouble or "state:") in done.output
    assert done.output.startswith("ALARM blocked: ") is bool(trouble)


def test_the_alarm_goes_by_the_installed_configuration(machine: Machine, tmp_path: Path) -> None:
    other = tmp_path / "my $own 100%.yaml"
    other.write_text(CONFIG.format(password="{file: pw}") + "alarms: {urls: [{credential: phone}]}\n")
    done = CliRunner().invoke(app, ["service", "install", "--config", str(other)])
    assert done.exit_code == 0, done.output
    assert machine.place.config() == other
    for unit, does in {NAME: "run", systemd.FAILED: "alarms failed"}.items():
        text = machine.place.drop_in_of(unit).read_text()
        assert f" {does} --config " in text
        assert f"LoadCredential=phone:{tmp_path}/phone" in text
    assert CliRunner().invoke(app, ["service", "uninstall"]).exit_code == 0
    assert list(machine.place.folder.iterdir()) == []


def test_an_address_that_a_service_cannot_see_is_refused(machine: Machine) -> None:
    machine.config.write_text(CONFIG.format(password="{file: pw}") + "alarms: {heartbeat: {env: PING}}\n")
    with pytest.raises(UsageError, match=r"alarms\.heartbeat: .*PING"):
        raise CliRunner().invoke(app, ["service", "install"]).exception or AssertionError


def test_without_systemd_it_says_where_to_read_on(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(machine.home))
    with pytest.raises(UsageError, match=r"docs/service\.md"):
        machine.ackd("install")


def test_systemd_itself_finds_nothing_to_say_of_the_unit(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("there is no systemd-analyze here: the unit isn't verified")
    place = Place(tmp_path, Path("/home/alice"))
    for unit in systemd.DOES:
        (tmp_path / unit).write_bytes((ROOT / "systemd" / unit).read_bytes())
        special = systemd.drop_in(["/bin/true"], Path("/etc/hosts"), {"x": Path("/etc/hosts")}, place, unit)
        place.drop_in_of(unit).parent.mkdir()
        place.drop_in_of(unit).write_text(special)
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    env = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "SYSTEMD_LOG_LEVEL": "warning"}
    done = subprocess.run(
        [tool, "--user", "verify", *(str(tmp_path / unit) for unit in systemd.DOES)],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    if "XDG_RUNTIME_DIR" in done.stderr or "Failed to initialize manager" in done.stderr:
        pytest.skip(f"systemd-analyze can't verify user units here: {done.stderr.strip()}")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_must_not_be_started_again_is_not() -> None:
    lines = (ROOT / "systemd" / NAME).read_text().splitlines()
    assert {"Type=notify", "RestartPreventExitStatus=78", "Restart=on-failure", "UMask=0077"} <= set(lines)


#: What a user's manager can do for a service without privileges, and ackd works with.
KEPT = {
    *("NoNewPrivileges=yes", "LimitCORE=0", "KeyringMode=private", "LockPersonality=yes", "UMask=0077"),
    *("RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6", "RestrictNamespaces=yes", "RestrictRealtime=yes"),
    *("RestrictSUIDSGID=yes", "SystemCallArchitectures=native", "SystemCallFilter=@system-service"),
    *("SystemCallFilter=~@privileged @resources", "SystemCallErrorNumber=EPERM", "MemoryMax=512M"),
}
#: What keeps it from starting, breaks what it needs, or is without effect: docs/service.md says which.
LEFT_OUT = (
    *("CapabilityBoundingSet", "SecureBits", "ProtectClock", "ProtectKernelLogs", "ProtectKernelModules"),
    *(
        "PrivateDevices",
        "MemoryDenyWriteExecute",
        "ProtectSystem",
        "ProtectHome",
        "PrivateTmp",
        "ProtectProc",
    ),
    *("ProcSubset", "PrivateMounts", "ProtectKernelTunables", "ProtectControlGroups", "NoExecPaths"),
    *("ProtectHostname", "PrivateUsers", "IPAddressDeny", "DevicePolicy", "RestrictFileSystems"),
    *("PrivateNetwork", "RootDirectory", "User", "DynamicUser"),
)


@pytest.mark.parametrize("unit", sorted(systemd.DOES))
def test_a_unit_has_what_an_unprivileged_manager_can_do_and_nothing_else(unit: str) -> None:
    lines = (ROOT / "systemd" / unit).read_text().splitlines()
    assert set(lines) >= KEPT
    assert not {line.partition("=")[0] for line in lines} & set(LEFT_OUT)
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    for name in (*LEFT_OUT, *(one.partition("=")[0] for one in KEPT)):
        assert f"`{name}" in page, f"docs/service.md doesn't tell of {name}"


@pytest.mark.parametrize("unit", sorted(systemd.DOES))
def test_the_exposure_that_systemd_finds_is_the_one_that_is_told(unit: str, tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("there is no systemd-analyze here: the exposure isn't measured")
    tmp_path.chmod(0o700)
    done = subprocess.run(
        [tool, "--user", "security", "--offline=yes", "--no-pager", str(ROOT / "systemd" / unit)],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "LC_ALL": "C.UTF-8"},
        check=False,
    )
    if "Overall exposure" not in done.stdout:
        pytest.skip(f"systemd-analyze can't look at user units here: {done.stderr.strip()}")
    found = float(done.stdout.rpartition(": ")[2].split()[0])
    assert found < 7  # versions weigh a little otherwise
    version = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    if version.startswith("systemd 252 "):
        row = f"| `{unit}` | {9.1 if 'failed' in unit else 7.3} | {found} |"
        assert row in (ROOT / "docs" / "service.md").read_text(encoding="utf-8")


def test_without_a_session_nothing_is_written(machine: Machine) -> None:
    machine.tool("systemctl", "echo 'Failed to connect to bus: No medium found' >&2; exit 1")
    with pytest.raises(UsageError, match="enable-linger"):
        machine.ackd("install")
    assert not machine.place.unit.exists()


def test_a_person_s_sign_in_by_tokens_needs_no_password(machine: Machine) -> None:
    """A password that is left in the configuration is none of the service's business."""
    lines = (
        "kind: graph",
        "address: alice@corp.example",
        "authority: https://login.microsoftonline.com/corp.example",
        "client_id: 12345678-9abc-def0-1234-56789abcdef0",
        "password: {env: ACKD_PASSWORD}",
        "tokens: keyring",
    )
    machine.config.write_text("mailbox:\n" + "".join(f"  {line}\n" for line in lines))
    machine.tool("loginctl", "echo Linger=yes")
    done = CliRunner().invoke(app, ["service", "install"])
    assert done.exit_code == 0, done.exception
    assert "while nobody is signed in the keyring is locked" in done.output
