"""ackd as a per-user service of systemd's: the unit, what is special to this machine, and the
commands that put them in force. The packaged `systemd/` is what is installed, to the letter."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ackd.config import Config
from ackd.config.secrets import SecretSource
from ackd.errors import ExitStatus, UsageError
from ackd.runtime.credentials import in_keyring

NAME, FAILED = "ackd.service", "ackd-failed.service"
DROP_IN = "10-this-machine.conf"
USUAL = ".local/bin/ackd"  # below the home directory, where pipx and uv put commands

#: What the service's last end means, by its exit status.
ENDS: Mapping[ExitStatus, str] = {
    ExitStatus.TRY_AGAIN: "the server couldn't be reached",
    ExitStatus.REFUSED: "the sign-in was refused: `ackd check`, then start it again",
    ExitStatus.WRONG: "the configuration is wrong, or others may change ackd's files: `ackd config check`, "
    "then start it again",
}


def packaged() -> Traversable:
    """The directory `systemd` in the installed package, or beside it in a source tree."""
    inside = files("ackd") / "systemd"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "systemd"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the owner's units are, by the environment (systemd.unit(5))."""

    folder: Path
    home: Path

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Place:
        home = Path(env.get("HOME") or Path.home())
        return cls(Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "systemd" / "user", home)

    @property
    def unit(self) -> Path:
        return self.folder / NAME

    @property
    def drop_in(self) -> Path:
        return self.drop_in_of(NAME)

    def drop_in_of(self, unit: str) -> Path:
        return self.folder / f"{unit}.d" / DROP_IN

    def config(self) -> Path | None:
        """The configuration that the installed service goes by; None: the usual one."""
        try:
            text = self.drop_in.read_text(encoding="utf-8")
        except OSError:
            return None
        starts = [line for line in text.splitlines() if line.startswith("ExecStart=")]
        words = shlex.split(starts[-1].replace("%%", "%").replace("$$", "$")) if starts else []
        return Path(words[words.index("--config") + 1]) if "--config" in words[:-1] else None


#: What each unit has ackd do.
DOES = {NAME: ("run",), FAILED: ("alarms", "failed")}


def drop_in(
    command: Sequence[str],
    config: Path | None,
    credentials: Mapping[str, Path],
    place: Place,
    unit: str = NAME,
) -> str:
    """What a unit doesn't say: which command, if it isn't where pipx puts it; which configuration, if it
    isn't the usual one; which files hold the credentials, by name. "" where nothing is special."""
    lines = []
    if list(command) != [str(place.home / USUAL)] or config is not None:
        words = [*command, *DOES[unit], *(["--config", str(config)] if config else [])]
        lines += ["ExecStart=", f"ExecStart={' '.join(map(_quoted, words))}"]
    for name, path in credentials.items():
        lines.append(f"LoadCredential={name}:{_escaped(str(path))}")
    return "\n".join(["# written by `ackd service install`", "[Service]", *lines, ""]) if lines else ""


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """A word of a command line (systemd.service(5), Command lines)."""
    inner = _escaped(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{inner}"' if not word.replace("/", "").replace(".", "").replace("-", "").isalnum() else inner


def command() -> list[str]:
    """How this very ackd is started: its own command, or the interpreter's `-m ackd`."""
    called = Path(sys.argv[0])
    found = shutil.which(called) if called.name == "ackd" else None
    return [str(Path(found).absolute())] if found else [sys.executable, "-m", "ackd"]


def install(config: Config, config_path: Path | None, *, start: bool) -> list[str]:
    """Write the unit, and start it now and at each sign-in. Returns what the owner should know.
    Raises UsageError where there is no systemd, or the service couldn't see the password."""
    _need("systemctl")
    place = Place.of(os.environ)
    beside = config_path or place.folder.parents[1] / "ackd" / "config.yaml"
    credentials = {name: beside.with_name(name) for name in _credentials(config)}
    systemctl("show-environment")  # where no session answers, nothing is written
    for unit in (FAILED, NAME):
        _write(place.folder / unit, (packaged() / unit).read_text(encoding="utf-8"))
        special = drop_in(command(), config_path, credentials, place, unit)
        if special:
            _write(place.drop_in_of(unit), special)
        else:
            place.drop_in_of(unit).unlink(missing_ok=True)
    systemctl("daemon-reload")
    if start:
        systemctl("enable", NAME)
        systemctl("restart", NAME)
    return _remarks(config, place)


def uninstall() -> list[str]:
    """Stop the service and take its files away; configuration, ledger and mailbox stay."""
    _need("systemctl")
    place = Place.of(os.environ)
    if not place.unit.exists():
        raise UsageError(f"{place.unit} isn't there: nothing is installed")
    systemctl("disable", "--now", NAME)
    for unit in (NAME, FAILED):
        special = place.drop_in_of(unit)
        for file in (special, place.folder / unit):
            file.unlink(missing_ok=True)
        if special.parent.is_dir() and not any(special.parent.iterdir()):
            special.parent.rmdir()
    systemctl("daemon-reload")
    return ["removed; your configuration, the ledger and the mailbox are as they were"]


def _credentials(config: Config) -> list[str]:
    """The names of credentials that secrets are kept in. Raises UsageError for a secret that a service
    couldn't see."""
    password = config.mailbox.secret
    secrets = [*([("mailbox.password", password)] if password else []), *config.alarms.secrets]
    for key, secret in secrets:
        if secret.source is SecretSource.ENV:
            what = "password" if key == "mailbox.password" else "address"
            raise UsageError(
                f"{key}: a service doesn't see the variable {secret.name} of your shell: keep the "
                f"{what} in {{file: PATH}} (mode 0600), {{keyring: NAME}} or {{credential: NAME}}"
            )
    return [secret.name for _, secret in secrets if secret.source is SecretSource.CREDENTIAL]


def starts_again() -> bool:
    """Whether systemd starts the service again by itself, or did."""
    return _shown("ActiveState").get("ActiveState") in ("active", "activating", "reloading")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the service stands by systemd's word: whether it runs, and what there is to say, in words."""

    is_alive: bool
    words: tuple[str, ...]


def status() -> Standing:
    """How the service stands."""
    _need("systemctl")
    place = Place.of(os.environ)
    wanted = ("ActiveState", "SubState", "UnitFileState", "ExecMainStatus", "NRestarts", "StatusText")
    found = _shown(*wanted)
    is_alive = found.get("ActiveState") in ("active", "reloading")
    words = [
        f"unit: {place.unit if place.unit.exists() else 'not installed: ackd service install'}",
        f"state: {found.get('ActiveState', '?')} ({found.get('SubState', '?')})",
        f"starts by itself: {'yes' if found.get('UnitFileState') == 'enabled' else 'no'}",
        f"stays when you sign out (lingering): {'yes' if lingers() else 'no: loginctl enable-linger'}",
    ]
    if found.get("StatusText") and is_alive:  # systemd keeps the last words of a service that is dead
        words.append(f"says: {found['StatusText']}")
    if (end := int(found.get("ExecMainStatus") or 0)) in ENDS and found.get("ActiveState") != "active":
        words.append(f"ended with {end}: {ENDS[ExitStatus(end)]}")
    if found.get("NRestarts", "0") != "0":
        words.append(f"restarted {found['NRestarts']} times: ackd service logs")
    return Standing(is_alive, tuple(words))


def _shown(*properties: str) -> dict[str, str]:
    shown = systemctl("show", NAME, f"--property={','.join(properties)}")
    return dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)


def logs(lines: int, *, follow: bool) -> int:
    """Show the service's log by journalctl; returns its exit status."""
    tool = _need("journalctl")
    words = [tool, "--user", f"--unit={NAME}", f"--lines={lines}", "--output=cat"]
    return subprocess.call([*words, "--follow"] if follow else [*words, "--no-pager"])  # noqa: S603


def lingers() -> bool:
    """Whether the owner's services run while the owner isn't signed in."""
    tool = shutil.which("loginctl")
    if tool is None:
        return False
    asked = [tool, "show-user", str(os.getuid()), "--property=Linger"]
    return _run(asked).stdout.strip() == "Linger=yes"


def systemctl(*words: str) -> str:
    """What `systemctl --user` says. Raises UsageError with its own words where it fails."""
    done = _run([_need("systemctl"), "--user", *words])
    if done.returncode:
        said = done.stderr.strip().partition("\n")[0]
        raise UsageError(f"systemctl --user {words[0]} failed: {said or done.returncode}{_no_bus(said)}")
    return done.stdout


def _no_bus(said: str) -> str:
    """What to do where systemd has no session of this user's, as after su."""
    if "bus" not in said:
        return ""
    return (
        ". There is no session of yours: sign in as yourself (not by su or sudo), or run: loginctl "
        "enable-linger; export XDG_RUNTIME_DIR=/run/user/$(id -u)"
    )


def _remarks(config: Config, place: Place) -> list[str]:
    remarks = [
        f"installed: {place.unit}",
        "follow it: ackd service logs --follow; stop it: ackd service uninstall",
    ]
    if lingers():
        if in_keyring(config):
            remarks.append("while nobody is signed in the keyring is locked: a file works there, too")
    else:
        remarks.append(
            "it runs while you are signed in; to run at all times: loginctl enable-linger (then keep the "
            "password in a file or credential, since no keyring is unlocked without you)"
        )
    return remarks


def _need(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        raise UsageError(f"there is no {tool} here: docs/service.md tells how to start ackd without systemd")
    return found


def _run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
