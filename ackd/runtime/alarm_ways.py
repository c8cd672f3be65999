"""Ways by which alarms leave: Apprise, a command, the desktop. Each has a time limit, none tries twice by
itself, and no error of theirs shows an address.

The mail and the task to the owner go through the outbox (`engine/alarms.py`).
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Protocol

from ackd.config import Config, read_secret
from ackd.config.alarm_urls import AlarmUrl, is_url
from ackd.config.secrets import Secret, SecretSource
from ackd.errors import ConfigError, KeyringShut, with_extra
from ackd.letters.alarms import title, words
from ackd.model import Alarm

log = logging.getLogger(__name__)

LIMIT = 30.0  # seconds that a way may take


class WayFailed(Exception):
    """A way didn't take an alarm: why, and what to do; never where it leads."""


@dataclass(frozen=True, slots=True)
class Message:
    """An alarm as it is told: in words and in values, without anything of a mail."""

    alarm: Alarm
    title: str
    text: str

    @classmethod
    def of(cls, alarm: Alarm, now: datetime, zone: tzinfo) -> Message:
        return cls(alarm, title(alarm), words(alarm, now, zone))

    def json(self) -> str:
        """As a command gets it: moments in ISO 8601."""
        alarm = self.alarm
        return json.dumps(
            {
                "kind": alarm.kind.value,
                "open": alarm.over is None,
                "since": alarm.since.isoformat(timespec="seconds"),
                "over": alarm.over.isoformat(timespec="seconds") if alarm.over else None,
                "ends": alarm.ends.isoformat(timespec="seconds") if alarm.ends else None,
                "count": alarm.count,
                "remedy": alarm.kind.remedy,
                "title": self.title,
                "text": self.text,
            },
            ensure_ascii=False,
        )


class Way(Protocol):
    """How alarms reach the owner. `name` is stable, and shows no secret."""

    @property
    def name(self) -> str: ...

    def tell(self, message: Message) -> None:
        """Hand a message over. Raises WayFailed."""
        ...


def ways_of(config: Config, env: Mapping[str, str] | None = None) -> list[Way]:
    """What the configuration names; where it names neither addresses nor a command, the desktop."""
    env, alarms = os.environ if env is None else env, config.alarms
    account = config.mailbox.username
    ways: list[Way] = [AppriseWay(f"urls[{number}]", url, account) for number, url in enumerate(alarms.urls)]
    if alarms.command:
        ways.append(CommandWay(alarms.command, _without_secrets(config, env)))
    if not ways and (desktop := DesktopWay.found(env)):
        ways.append(desktop)
    return ways


def tells_by_mail(config: Config) -> bool:
    """Whether the owner is told by mail and task: where no other way is named."""
    return not config.alarms.urls and not config.alarms.command


def resolved(url: AlarmUrl | Secret, account: str) -> str:
    """An address from where it is kept. Raises ConfigError, without it."""
    if isinstance(url, AlarmUrl):
        return url.text
    found = read_secret(url, account).strip()
    if not is_url(found):
        raise ConfigError(f"what is kept in {url} is no address of the form scheme://…")
    return found


@dataclass(frozen=True, slots=True)
class AppriseWay:
    """One address of Apprise's."""

    name: str
    url: AlarmUrl | Secret
    account: str

    def tell(self, message: Message) -> None:
        """See `Way`."""
        try:
            address = resolved(self.url, self.account)
        except (ConfigError, KeyringShut) as error:
            raise WayFailed(str(error)) from None
        limited(lambda: self._notify(address, message))

    def _notify(self, address: str, message: Message) -> None:
        try:
            import apprise
        except ImportError:
            raise WayFailed(f"it needs the package apprise: {with_extra('alarms')}") from None
        sender = apprise.Apprise()
        if not sender.add(address):
            raise WayFailed("Apprise doesn't know such an address: see its list of services")
        kind = apprise.NotifyType.SUCCESS if message.alarm.over else apprise.NotifyType.FAILURE
        if not sender.notify(body=message.text, title=message.title, notify_type=kind):
            raise WayFailed(
                "the service behind the address didn't take it: check the address, and the network"
            )


@dataclass(frozen=True, slots=True)
class CommandWay:
    """A program with the alarm as JSON on its standard input. What it prints isn't kept."""

    argv: Sequence[str]
    env: Mapping[str, str]
    limit: float = LIMIT
    name: str = "command"

    def tell(self, message: Message) -> None:
        """See `Way`. A program that takes too long is killed with all that it started."""
        status = _run(
            self.argv, message.json(), {**self.env, "ACKD_ALARM": message.alarm.kind.value}, self.limit
        )
        if status:
            raise WayFailed(f"alarms.command ended with the status {status}: run it by hand")


@dataclass(frozen=True, slots=True)
class DesktopWay:
    """A notification on the owner's desktop (freedesktop.org, by notify-send)."""

    tool: str
    env: Mapping[str, str]
    name: str = "desktop"

    @classmethod
    def found(cls, env: Mapping[str, str]) -> DesktopWay | None:
        """Where there is the tool, and a session to show it in."""
        tool = shutil.which("notify-send", path=env.get("PATH"))
        bus = Path(env.get("XDG_RUNTIME_DIR") or "/nowhere") / "bus"
        has_session = bool(env.get("DBUS_SESSION_BUS_ADDRESS")) or bus.exists()
        return cls(tool, env) if tool and has_session else None

    def tell(self, message: Message) -> None:
        """See `Way`."""
        urgency = "normal" if message.alarm.over else "critical"
        words = [self.tool, "--app-name=ackd", f"--urgency={urgency}", "--", message.title, message.text]
        if status := _run(words, "", self.env, LIMIT):
            raise WayFailed(f"notify-send ended with the status {status}: is anybody signed in to a desktop?")


def limited(work: Callable[[], None], limit: float = LIMIT) -> None:
    """Do something that may hang; what takes too long is left behind. Raises WayFailed."""
    failures: list[WayFailed] = []
    over = threading.Event()

    def run() -> None:
        try:
            work()
        except WayFailed as error:
            failures.append(error)
        except Exception as error:  # noqa: BLE001 - the edge to other people's code: its words may hold the address
            log.debug("event=alarm-way-failed: %s", type(error).__name__)
            failures.append(WayFailed("it failed: check the address, and the network"))
        finally:
            over.set()

    threading.Thread(target=run, name="ackd alarm", daemon=True).start()
    if not over.wait(limit):
        raise WayFailed(f"it took longer than {limit:g} s")
    if failures:
        raise failures[0]


def _run(argv: Sequence[str], text: str, env: Mapping[str, str], limit: float) -> int:
    """Run a program to its end, without a shell; its exit status. Raises WayFailed."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the owner's own words, no shell
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(env),
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is none"
        raise WayFailed(f"{Path(argv[0]).name} can't be started: {reason}") from None
    try:
        process.communicate(text, timeout=limit)
    except subprocess.TimeoutExpired:
        _kill(process)
        raise WayFailed(f"{Path(argv[0]).name} took longer than {limit:g} s and was stopped") from None
    return process.returncode


def _kill(process: subprocess.Popen[str]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):  # it ended just now, or there are no groups of processes
        process.kill()
    process.wait()
    if process.stdin:
        process.stdin.close()


def _without_secrets(config: Config, env: Mapping[str, str]) -> dict[str, str]:
    """The environment without what ackd's own secrets are kept in."""
    secrets = [config.mailbox.password, *(secret for _, secret in config.alarms.secrets)]
    hidden = {one.name for one in secrets if one and one.source is SecretSource.ENV}
    return {name: value for name, value in env.items() if name not in (*hidden, "CREDENTIALS_DIRECTORY")}
