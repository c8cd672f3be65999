"""The composition root: from a configuration to a running ackd. The only place that names
concrete classes and reads settings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from filelock import BaseFileLock, FileLock, Timeout

from ackd import config as configuration
from ackd import doctor, endpoints, groups, proving
from ackd.assembly import holder_of, settings_of
from ackd.beginning import is_stamped
from ackd.books import Books
from ackd.clock import FileClock, SystemClock
from ackd.config import Config
from ackd.config.read_secret import read_secret
from ackd.daemon import Daemon
from ackd.errors import AckdError, ConfigError, LedgerError, SignInRefused
from ackd.model import Mail, Summary
from ackd.owner_settings import KEY as OWNER_SETTINGS
from ackd.owner_settings import Known, Reader, resolve, wanted_of
from ackd.owner_settings import load as load_known
from ackd.ports import Clock, Ledger, Mailbox
from ackd.signin import SignInGuard
from ackd.troubles import CONFIG_TROUBLE, TROUBLE
from ackd.watch import Watch

if TYPE_CHECKING:
    from ackd.mailbox.ews import Access
    from ackd.service import Service

log = logging.getLogger(__name__)

#: How many mails, and how old ones, `ackd check` looks at for the server's stamp.
STAMPS, LOOKED_AT = 50, timedelta(days=14)


class InUse(AckdError):
    """Another ackd works with the same state."""

    exit_code = 75


def clock_of(path: Path | None) -> Clock:
    """The machine's clock, or the one in a file."""
    clock = FileClock(path) if path else SystemClock()
    clock.now()  # a clock file that can't be read is told at once
    return clock


def last_known(config: Config) -> Known | None:
    """What the mailbox said last of its owner's time, where there is a ledger that can be read."""
    from ackd.ledger.opening import exists

    try:
        if not exists(ledger_url(config)):
            return None
        with closing(ledger_of(config)) as ledger:
            return load_known(ledger.value(OWNER_SETTINGS))
    except AckdError as error:
        log.warning("event=owner-settings: the last known ones can't be read: %s", error)
        return None


def ledger_url(config: Config) -> str:
    """Where the ledger is; by default an SQLite file in the state directory."""
    return config.ledger or f"sqlite:///{config.state_directory / 'ledger.sqlite'}"


def ledger_of(config: Config) -> Ledger:
    """The ledger at its URL."""
    from ackd.ledger import SqlLedger

    return SqlLedger(ledger_url(config), config.mailbox.address)


def secret_of(config: Config) -> str:
    """The password, from where the configuration says it is kept."""
    box = config.mailbox
    if box.auth == "kerberos":
        return ""
    if box.password is None:
        raise ConfigError(f"mailbox.password: sign-in by {box.auth} needs one")
    return read_secret(box.password, box.username)


def access_of(config: Config, secret: str) -> Access:
    """How the mailbox is reached, as the configuration says it."""
    from ackd.mailbox.ews import Access

    box = config.mailbox
    return Access(
        address=box.address,
        endpoint=box.endpoint,
        username=box.username,
        password=secret,
        auth=box.auth,
        ca_bundle=str(box.ca_bundle) if box.ca_bundle else None,
        proxy=box.proxy,
    )


def mailbox_of(
    config: Config, secret: str, zone: ZoneInfo, clock: Clock, *, commit_times: bool = True
) -> Mailbox:
    """The mailbox on its server. Nothing is sent yet, unless the server must be found first."""
    from ackd.mailbox.ews import EwsMailbox

    access = endpoints.reached(access_of(config, secret), config.state_directory, clock.now())
    return EwsMailbox(
        access, zone=zone, clock=clock, watched=config.mailbox.folders, commit_times=commit_times
    )


class App:
    """One ackd, put together; a context manager that gives back what it holds.

    Raises ConfigError, LedgerError or InUse where it can't begin.
    """

    def __init__(self, config_path: Path, clock_path: Path | None = None) -> None:
        self._path = config_path
        self._watch = Watch(config_path)
        loaded = configuration.load(config_path)
        self.config = loaded.config
        self.clock = clock_of(clock_path)
        self._lock = lock(self.config.state_directory)
        try:
            self.ledger = ledger_of(self.config)
            self._owner = Reader(self.ledger, self.clock)
            settings, self.assumed = settings_of(self.config, self._owner.known)
            secret = secret_of(self.config)
            self.guard = SignInGuard(self.ledger, secret)
            self.mailbox = self._mailbox_of(self.config, secret, settings.calendar.zone)
            self.daemon = Daemon(self.mailbox, self.ledger, self.clock, settings)
            self.daemon.before_judging = self._look_at_owner
        except BaseException:
            self._lock.release()
            raise

    def run_pass(self, should_stop: Callable[[], bool] = lambda: False) -> Summary:
        """A pass of the daemon, unless the server refused this very secret before; what stopped
        it is remembered for `ackd status`. Raises AckdError."""
        if self._watch.changed():
            self._take_up()
        self.guard.check()
        try:
            summary = self.daemon.run_pass(should_stop)
        except SignInRefused as error:
            self.guard.remember(self.clock.now())
            self._remember_trouble(str(error))
            raise
        except AckdError as error:
            self._remember_trouble(str(error))
            raise
        if self.ledger.value(TROUBLE) is not None:
            self.ledger.remember(TROUBLE, None)
        return summary

    def service(self) -> Service:
        """The running service on this app."""
        from ackd.service import Service

        return Service(
            self.run_pass,
            self.clock,
            lambda: self.config.poll.elapsed,
            on_hangup=self._watch.forget,
        )

    def _mailbox_of(self, config: Config, secret: str, zone: ZoneInfo) -> Mailbox:
        """The mailbox, by what was proved of its server."""
        proved = proving.known(self.ledger)
        trusted = proved is None or proved.commit_times
        return mailbox_of(config, secret, zone, self.clock, commit_times=trusted)

    def _look_at_owner(self) -> None:
        """Before mail is judged, and not more often than now and then: what the mailbox's own
        settings say of the owner's time. An idle poll asks nothing of it."""
        if wanted_of(self.config.promise).of_mailbox and self._owner.renew(self.mailbox):
            settings, self.assumed = settings_of(self.config, self._owner.known)
            self.mailbox.use_zone(settings.calendar.zone)
            self.daemon.use(settings)

    def _take_up(self) -> None:
        """Go on with a changed configuration if it is valid; if not, the old one stays, and the
        log and `ackd status` say why."""
        try:
            config = configuration.load(self._path).config
            settings, self.assumed = settings_of(config, self._owner.known)
            if _identity(config) != _identity(self.config):
                raise ConfigError(
                    f"{self._path}: another mailbox, state or ledger is taken up only by a restart"
                )
            if config.mailbox == self.config.mailbox:
                groups.check(settings, self.mailbox, self.ledger, self.clock.now())
            else:
                secret = secret_of(config)
                mailbox = self._mailbox_of(config, secret, settings.calendar.zone)
                self.mailbox.close()
                self.mailbox, self.guard = mailbox, SignInGuard(self.ledger, secret)
        except ConfigError as error:
            log.error("event=config-refused: the old configuration stays: %s", error)
            self.ledger.remember(CONFIG_TROUBLE, str(error))
            return
        self.config = config
        self.daemon.use(settings, self.mailbox)
        self.ledger.remember(CONFIG_TROUBLE, None)
        log.info("event=config-taken-up: mode %s", config.mode.value)

    def _remember_trouble(self, words: str) -> None:
        try:
            self.ledger.remember(TROUBLE, words)
        except LedgerError as error:  # the ledger itself may be the trouble
            log.warning("event=ledger: %s", error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.mailbox.close()
        self.ledger.close()
        self._lock.release()


def _identity(config: Config) -> tuple[str, Path, str | None]:
    """What a running ackd can't change: whose mailbox it is, and where the record lies."""
    return config.mailbox.address, config.state_directory, config.ledger


def open_books(config_path: Path, clock_path: Path | None = None) -> Books:
    """The ledger's books, beside a service that may be running."""
    config = configuration.load(config_path).config
    try:
        lock(config.state_directory).release()
        alive = False
    except InUse:
        alive = True
    return Books(ledger_of(config), clock_of(clock_path), alive=alive)


def examine(config_path: Path, clock_path: Path | None = None) -> Iterator[doctor.Finding]:
    """Look at everything for `ackd check`. A refused password is tried once more. Raises
    ConfigError where the configuration can't be used."""
    loaded = configuration.load(config_path)
    config, clock = loaded.config, clock_of(clock_path)
    time = resolve(wanted_of(config.promise), last_known(config))

    def ask() -> doctor.Seen:
        with closing(ledger_of(config)) as ledger:
            with closing(mailbox_of(config, secret_of(config), time.calendar.zone, clock)) as mailbox:
                report = mailbox.report()
                SignInGuard(ledger, "").forget()
                past = mailbox.past(clock.now() - LOOKED_AT, STAMPS)
                mails = [mail for mail in past if isinstance(mail, Mail)]
                settings = mailbox.settings()
            stamped, holder = sum(map(is_stamped, mails)), holder_of(config.state_directory)
            return doctor.Seen(
                report, settings, len(mails), stamped, proving.told(proving.known(ledger)), holder
            )

    return doctor.examine(
        config_path=config_path,
        state=config.state_directory,
        notes=loaded.notes,
        assumed=time.assumed,
        needs_stamps=config.internal.require_authenticated,
        is_said=lambda key: getattr(config.promise, key) not in ("mailbox", "calendar"),
        ask=ask,
        now=clock.now,
    )


def lock(state: Path) -> BaseFileLock:
    """One process a state directory: two would share a ledger and a lease."""
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(state / "lock", timeout=0, mode=0o600)
        lock.acquire()
    except Timeout:
        raise InUse(f"another ackd is at work with the state in {state}: stop it first") from None
    except OSError as error:
        raise ConfigError(f"state: {state} can't be used: {error.strerror or error}") from error
    return lock
