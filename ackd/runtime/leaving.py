"""`ackd uninstall`: what there is to close, and closing it, in an order in which a failure loses nothing: the
service first, the mailbox, what opens the mailbox, and the ledger last."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from ackd import config as configuration
from ackd.config import Config, store_secret
from ackd.config.secrets import SecretSource
from ackd.engine import hold, leaving
from ackd.engine.leaving import Left, Step, Wishes
from ackd.errors import AckdError, ConfigError, UsageError
from ackd.mailbox import forget_sign_in, open_mailbox
from ackd.model import ValueKey
from ackd.ports import Clock, Ledger
from ackd.runtime import ledgers, systemd
from ackd.runtime.credentials import guard_of, secret_of
from ackd.runtime.read_only_app import IN_MEMORY
from ackd.runtime.settings import settings_of

_STATE_FILES = ("endpoint.json", "hosts.json", "sign-in.json", "sign-in.old", "sign-in.lock")


@dataclass(frozen=True, slots=True)
class Found:
    """What there is; `left` is None where the mailbox is done already or isn't to be looked at."""

    left: Left | None
    zone: ZoneInfo
    others: tuple[str, ...]


def look(config_path: Path, clock_path: Path | None, *, mailbox: bool = True) -> Found:
    """Only looks. Raises AckdError."""
    config, clock = configuration.load(config_path).config, ledgers.clock_of(clock_path)
    with closing(_ledger(config)) as ledger:
        zone = ledgers.owner_time(config).calendar.zone
        left = None
        if mailbox and ledger.value(ValueKey.LEFT_MAILBOX) is None:
            left = _seen(config, ledger, clock)
        return Found(left, zone, tuple(_others(config)))


def close(
    config_path: Path,
    clock_path: Path | None,
    wishes: Wishes,
    *,
    mailbox: bool = True,
    keeps_ledger: bool = True,
) -> Iterator[Step]:
    """Do it, step by step; it ends with the first that wasn't seen done. Raises AckdError before anything is
    done."""
    config, clock = configuration.load(config_path).config, ledgers.clock_of(clock_path)
    yield (stopped := _service())
    if not stopped.done:
        return
    try:
        lock = ledgers.lock(config.state_directory)
    except ledgers.InUse as error:
        yield Step(str(error), done=False)
        return
    try:
        with closing(_ledger(config)) as ledger:
            hold.pause(ledger, clock.now())
            for step in _mailbox(config, ledger, clock, wishes) if mailbox else ():
                yield step
                if not step.done:
                    return
            for step in _secrets(config, config_path):
                yield step
                if not step.done:
                    return
            hold.resume(ledger, clock.now())  # what was left unsent is withdrawn, should it ever begin again
    finally:
        lock.release()
    yield from _ledger_steps(config, keeps=keeps_ledger)


def _ledger(config: Config) -> Ledger:
    """The ledger; where there is none, an empty one that nobody keeps."""
    there = ledgers.has_ledger(config)
    return ledgers.ledger_of(config if there else config.model_copy(update={"ledger": IN_MEMORY}))


def _seen(config: Config, ledger: Ledger, clock: Clock) -> Left:
    settings, _ = settings_of(config, ledgers.last_known(config))
    secret = secret_of(config)
    with (
        guard_of(config, ledger, clock, secret).trying(),
        closing(open_mailbox(config, secret, settings.calendar.zone, clock)) as mailbox,
    ):
        return leaving.look(mailbox, ledger, settings)


def _mailbox(config: Config, ledger: Ledger, clock: Clock, wishes: Wishes) -> Iterator[Step]:
    if ledger.value(ValueKey.LEFT_MAILBOX) is not None:
        yield Step("the mailbox was done before")
        return
    settings, _ = settings_of(config, ledgers.last_known(config))
    try:
        secret = secret_of(config)
        with (
            guard_of(config, ledger, clock, secret).trying(),
            closing(open_mailbox(config, secret, settings.calendar.zone, clock)) as mailbox,
        ):
            for step in leaving.clear(mailbox, ledger, clock, settings, wishes):
                yield step
                if not step.done:
                    return
    except AckdError as error:
        yield Step(f"the mailbox: {error}", done=False)
        return
    ledger.remember(ValueKey.LEFT_MAILBOX, clock.now().isoformat())


def _service() -> Step:
    place = systemd.Place.of(os.environ)
    if not place.unit.exists():
        return Step("no service is installed")
    try:
        systemd.uninstall()
        is_alive = systemd.starts_again()
    except UsageError as error:
        return Step(f"the service: {error}", done=False)
    if is_alive or place.unit.exists():
        return Step("the service still runs: ackd service status", done=False)
    return Step("the service is stopped, and its unit removed")


def _secrets(config: Config, config_path: Path) -> Iterator[Step]:
    """What opens the mailbox, as far as ackd keeps it."""
    try:
        if place := forget_sign_in(config):
            yield Step(f"the sign-in in {place} is deleted")
        yield _password(config, config_path)
    except ConfigError as error:
        yield Step(f"the secrets: {error}", done=False)


def _password(config: Config, config_path: Path) -> Step:
    secret = config.mailbox.secret
    if secret is None:
        return Step("no password is kept")
    if secret.source is SecretSource.KEYRING:
        if store_secret.delete_from_keyring(secret.name, config.mailbox.username):
            return Step("the password in the keyring is deleted")
        return Step("the keyring keeps no password any more")
    file = _own_file(config, config_path)
    if file is None:
        return Step(f"the password in {secret} isn't ackd's to delete: that is left to you")
    with suppress(FileNotFoundError):
        file.unlink()
    return Step(f"the password's file {file} is deleted", done=not file.exists())


def _own_file(config: Config, config_path: Path) -> Path | None:
    """The password's file where `ackd init` made it."""
    secret, own = config.mailbox.secret, config_path.absolute().with_name(store_secret.FILE)
    if secret is None:
        return None
    named = secret.source is SecretSource.FILE and Path(secret.name) == own
    is_credential = secret.source is SecretSource.CREDENTIAL and secret.name == store_secret.FILE
    return own if named or is_credential else None


def _ledger_steps(config: Config, *, keeps: bool) -> Iterator[Step]:
    state = config.state_directory
    if keeps:
        yield Step(f"the ledger stays ({state if config.ledger is None else 'at its URL'})")
        return
    if config.ledger is not None:
        yield Step(f"the ledger at its own URL is left to you: {_deletion(config)}")
    names = (
        [f"ledger.sqlite{end}" for end in ("", "-wal", "-shm", "-journal")] if config.ledger is None else []
    )
    files = [state / name for name in (*names, *_STATE_FILES, "lock")]
    files += state.glob("ledger.schema-*.sqlite*") if config.ledger is None else ()
    try:
        for file in files:
            file.unlink(missing_ok=True)
        rest = sorted(one.name for one in state.iterdir()) if state.is_dir() else []
        if state.is_dir() and not rest:
            state.rmdir()
    except OSError as error:
        yield Step(f"{state} can't be cleared: {error.strerror or 'no reason told'}", done=False)
        return
    kept = f"; what isn't ackd's stays in {state}: {', '.join(rest[:5])}" if rest else ""
    gone = "the ledger and what stood beside it are" if config.ledger is None else "what stood beside it is"
    yield Step(f"{gone} deleted{kept}")


def _deletion(config: Config) -> str:
    """The statements that delete a mailbox's rows where others may stand beside them (docs/ledger.md)."""
    address = config.mailbox.address.lower().replace("'", "''")
    keys = "PRAGMA foreign_keys = ON; " if ledgers.ledger_url(config).startswith("sqlite") else ""
    return f"{keys}DELETE FROM mailboxes WHERE address = '{address}'"  # noqa: S608 - told, not run


def _others(config: Config) -> Iterator[str]:
    """What else there is, in words."""
    if systemd.Place.of(os.environ).unit.exists():
        yield "a service of systemd's, which is stopped and removed"
    box = config.mailbox
    if box.secret is not None:
        yield f"the password in {box.secret}"
    if box.sign_in is not None and not box.sign_in.is_app:
        yield "the sign-in by tokens, which is deleted"
    if ledgers.has_ledger(config):
        yield f"the ledger in {config.state_directory if config.ledger is None else 'its own place'}"
