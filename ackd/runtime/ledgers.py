"""The ledger of a configuration, for the service and for commands beside it: where it is, who may have it."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from filelock import BaseFileLock, FileLock, Timeout

from ackd import config as configuration
from ackd import own_files
from ackd.clock import FileClock, SystemClock
from ackd.config import Config
from ackd.config.remains import Remains, remains
from ackd.engine.owner_settings import Known, Resolved, resolve
from ackd.engine.owner_settings import load as load_known
from ackd.errors import AckdError, ConfigError, ExitStatus, LedgerError, SchemaMismatch
from ackd.model import ValueKey
from ackd.ports import Clock, Ledger
from ackd.runtime.settings import wanted_of

if TYPE_CHECKING:
    from ackd.ledger import SharedDatabase as SharedDatabase  # noqa: PLC0414 - for annotations of the fleet
    from ackd.ledger import SqlLedger as SqlLedger  # noqa: PLC0414 - the same

log = logging.getLogger(__name__)

#: What a disk says for which nobody's configuration is to blame; it may pass.
_OF_THE_DISK = (errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO)
#: Seconds between looks into a keyring for another password: each may ask its owner to unlock it.
KEYRING_AGAIN = 300.0


class InUse(AckdError):
    """Another ackd works with the same state."""

    exit_code = ExitStatus.TRY_AGAIN


def clock_of(path: Path | None) -> Clock:
    """The machine's clock, or the one in a file."""
    clock = FileClock(path) if path else SystemClock()
    clock.now()  # a clock file that can't be read is told at once
    return clock


def last_known(config: Config) -> Known | None:
    """What the mailbox said last of its owner's time, where there is a ledger that can be read."""
    try:
        if not has_ledger(config):
            return None
        with closing(ledger_of(config)) as ledger:
            return load_known(ledger.value(ValueKey.OWNER_SETTINGS))
    except AckdError as error:
        log.warning("event=owner-settings: the last known ones can't be read: %s", error)
        return None


def owner_time(config: Config) -> Resolved:
    """The owner's time, by the configuration and what the mailbox said of it last."""
    return resolve(wanted_of(config), last_known(config))


def ledger_url(config: Config) -> str:
    """Where the ledger is; by default an SQLite file in the state directory."""
    return config.ledger or f"sqlite:///{config.state_directory / 'ledger.sqlite'}"


def shared_database(url: str, connections: int) -> SharedDatabase:
    """The database of a fleet, and at most so many connections to it. Raises ConfigError."""
    from ackd.ledger import SharedDatabase

    return SharedDatabase(url, connections=connections)


def has_ledger(config: Config) -> bool:
    """Whether anything was ever recorded."""
    from ackd.ledger.database import exists

    return exists(ledger_url(config))


def ledger_of(config: Config, *, is_ours: bool = False) -> Ledger:
    """The ledger at its URL. One that an earlier ackd left is brought up to date, unless that ackd may still
    be at work: `is_ours` says that the caller holds the state's lock. Raises SchemaMismatch where it can't be
    read."""
    address = config.mailbox.address
    try:
        return _opened(config, address, upgrade=is_ours)
    except SchemaMismatch as error:
        try:
            with _locked(config.state_directory):
                return _opened(config, address, upgrade=True)
        except InUse:
            raise error from None


def _opened(config: Config, address: str | None, *, upgrade: bool = False) -> Ledger:
    from ackd.ledger import SqlLedger

    is_shared = config.ledger is not None  # the file in a state directory is one mailbox's
    return SqlLedger(ledger_url(config), address, many=is_shared, upgrade=upgrade)


@dataclass(frozen=True, slots=True)
class SharedLedger:
    """The ledger beside a service that may be running; `is_alive` says whether one is, `zone` is the owner's.
    `problem`: why the configuration's file can't be used, or the state can't be written."""

    ledger: Ledger
    clock: Clock
    is_alive: bool
    zone: ZoneInfo
    problem: AckdError | None = None


@contextmanager
def shared_ledger(config_path: Path, clock_path: Path | None = None) -> Iterator[SharedLedger]:
    """For commands that look at the ledger or write the owner's word into it while a service is at work:
    every look and every word is a transaction of its own."""
    config = configuration.load(config_path).config
    with _beside(config, clock_path, config.mailbox.address, None) as shared:
        yield shared


@contextmanager
def any_ledger(config_path: Path, clock_path: Path | None = None) -> Iterator[SharedLedger]:
    """The same for commands that only tell how things stand, also while the configuration's file is broken:
    by what of it can be read. Where the state can't be written, and of a ledger that an earlier ackd left,
    they look at a copy. Raises ConfigError where there is no ledger."""
    problem: AckdError | None
    try:
        config, address, problem = configuration.load(config_path).config, None, None
    except ConfigError as error:
        left = remains(config_path)
        config, address, problem = left.config, left.address, error
        if not has_ledger(config):
            raise
    address, state = address if problem else config.mailbox.address, config.state_directory
    with ExitStack() as stack:
        try:
            if state.is_dir() and not os.access(state, os.W_OK):
                raise _unwritable(state, "it is read-only")
            shared = stack.enter_context(_beside(config, clock_path, address, problem, upgrade=False))
        except (LedgerError, SchemaMismatch) as error:
            if config.ledger or not has_ledger(config):
                raise
            if isinstance(error, LedgerError):
                problem = problem or error
            try:
                shared = stack.enter_context(_copied(config, clock_path, address, problem))
            except (LedgerError, SchemaMismatch) as again:
                raise (error if type(again) is type(error) else again) from None  # not of the copy's place
        yield shared


def ledger_left(left: Remains) -> Ledger:
    """The ledger that a broken configuration leads to. Raises LedgerError where there is none."""
    if not has_ledger(left.config):
        raise LedgerError("there is no ledger where the configuration says")
    return _opened(left.config, left.address)


@contextmanager
def _beside(
    config: Config,
    clock_path: Path | None,
    address: str | None,
    problem: AckdError | None,
    *,
    upgrade: bool = True,
) -> Iterator[SharedLedger]:
    is_alive = False
    try:
        with _locked(config.state_directory):
            opened = _opened(config, address, upgrade=upgrade)
    except InUse:
        is_alive = True
        opened = _opened(config, address)
    with closing(opened) as ledger:
        zone = resolve(wanted_of(config), load_known(ledger.value(ValueKey.OWNER_SETTINGS))).calendar.zone
        yield SharedLedger(ledger, clock_of(clock_path), is_alive, zone, problem)


@contextmanager
def _copied(
    config: Config, clock_path: Path | None, address: str | None, problem: AckdError | None
) -> Iterator[SharedLedger]:
    """A look at a copy, which SQLite can open: of a ledger that can't be written it may not even read."""
    state = config.state_directory
    with tempfile.TemporaryDirectory(prefix="ackd-") as folder:
        for file in state.glob("ledger.sqlite*"):
            shutil.copyfile(file, Path(folder) / file.name)
        copy = config.model_copy(update={"state": Path(folder)})
        with _beside(copy, clock_path, address, problem) as shared:
            yield replace(shared, is_alive=_is_held(state / "lock"))


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    held = lock(state)
    try:
        yield
    finally:
        held.release()


def _is_held(lock: Path) -> bool:
    """Whether a service is at work, asked by a lock that can't be written."""
    import fcntl

    with suppress(FileNotFoundError), lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _unwritable(state: Path, cause: str) -> LedgerError:
    remedy = "nothing was lost, ackd goes on when it can write there"
    return LedgerError(f"state: {state} can't be written: {cause}; {remedy}")


def lock(state: Path) -> BaseFileLock:
    """One process a state directory: two would share a ledger and a lease. Raises InUse where there is
    another one, LedgerError where the disk can't be written, ConfigError where only a person can help."""
    try:
        own_files.own_folder(state, "state")
        own_files.own_file(state / "lock", "state")
        lock = FileLock(state / "lock", timeout=0, mode=0o600)
        lock.acquire()
    except Timeout:
        raise InUse(f"another ackd is at work with the state in {state}: stop it first") from None
    except OSError as error:
        if error.errno in _OF_THE_DISK:
            raise _unwritable(state, str(error.strerror)) from error
        raise ConfigError(f"state: {state} can't be used: {error.strerror or error}") from error
    return lock
