"""The composition root: from a configuration to a running ackd. The only place that names
concrete classes and reads settings."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ackd import config as configuration
from ackd.config import Config
from ackd.engine import groups, observations, self_test, unanswered
from ackd.engine.context import PassContext
from ackd.engine.daemon import Daemon, run_pass
from ackd.engine.owner_settings import Reader
from ackd.engine.triage import Settings
from ackd.errors import AckdError, ConfigError, KeyringShut, LedgerError, SignInRefused, Unreachable
from ackd.mailbox import open_mailbox, sign_in_mark
from ackd.model import EffectState, Summary, ValueKey
from ackd.ports import Mailbox
from ackd.runtime.alarms import Alarms
from ackd.runtime.credentials import guard_of, in_keyring, secret_of
from ackd.runtime.file_watch import Watch
from ackd.runtime.heartbeat import Heartbeat
from ackd.runtime.ledgers import clock_of, ledger_of, lock
from ackd.runtime.lost_server import LostServer
from ackd.runtime.settings import settings_of, wanted_of

if TYPE_CHECKING:
    from ackd.runtime.scheduler import Service

log = logging.getLogger(__name__)

#: Seconds between looks into a keyring for another password: each may ask its owner to unlock it.
KEYRING_AGAIN = 300.0


class App:
    """One ackd, put together; a context manager that gives back what it holds.

    Raises ConfigError, LedgerError or InUse where it can't begin.
    """

    def __init__(self, config_path: Path, clock_path: Path | None = None) -> None:
        self._path = config_path
        self._watch = Watch(config_path)
        loaded = configuration.load(config_path)
        _warn_of_old_names(loaded)
        self.config = loaded.config
        self.clock = clock_of(clock_path)
        self._lock = lock(self.config.state_directory)
        try:
            self.ledger = ledger_of(self.config, is_ours=True)
            self._owner = Reader(self.ledger, self.clock)
            self._settings, self.assumed = settings_of(self.config, self._owner.known)
            _warn_of_letters(self._settings)
            self._lost = LostServer()
            self._mailbox: Mailbox | None = None  # opened by the first pass: the server may be away
            self._pass: PassContext | None = None  # the last one
            self._secret: str | None = None
            with suppress(KeyringShut):  # as at boot, before its owner signs in: each pass looks again
                self._use_secret(secret_of(self.config))
            if self.ledger.value(ValueKey.LEFT_MAILBOX) is not None:
                self.ledger.remember(ValueKey.LEFT_MAILBOX, None)  # where the owner had it go, it begins anew
            self._note_config(None)  # what is wrong with an earlier one is past
            self.alarms = Alarms(self.ledger, self.clock, lambda: self.config, lambda: self._settings)
            self._heartbeat = self._heart()
        except BaseException:
            self._lock.release()
            raise

    def run_pass(self, should_stop: Callable[[], bool] = lambda: False) -> Summary:
        """A pass of the daemon, unless the server refused this very secret before and it isn't time
        to try it again; what stopped it is remembered for `ackd status`. Raises AckdError."""
        self._heartbeat.begun()
        if self._pass is not None:
            _leave_what_lasts()
        well = False
        try:
            if self._watch.is_gone():
                self._note_config(f"{self._path}: the file isn't there any more")
            elif self._watch.changed():
                self._take_up()
            if self._secret is None:
                self._use_secret(secret_of(self.config))
            self._look_for_secret()
            with self.guard.trying():
                summary = self._pass_anywhere(should_stop)
            well = True
        except Exception as error:
            self._remember_trouble(error)
            raise
        finally:
            self._heartbeat.ended(well=well)
        observations.pass_succeeded(self.ledger)
        return summary

    def summary(self) -> Summary:
        """What the last pass did, and how things stand; also where no server was found."""
        if self._pass is not None:
            return Daemon.of(self._pass).summary()
        count = self.ledger.count_effects
        return Summary(
            parked=count(EffectState.PARKED),
            open_promises=self.ledger.count_open(),
            drafts=count(EffectState.DRAFTED),
        )

    def local(self, moment: datetime) -> datetime:
        """A moment by the owner's clock."""
        return self._settings.calendar.local(moment)

    def judged(self) -> tuple[str, ...]:
        """The Message-IDs of what the last pass judged."""
        return tuple(self._pass.tally.judged) if self._pass is not None else ()

    def unfinished(self) -> str:
        """In words, what is due and wasn't done; "" if nothing, or where no server was found."""
        return Daemon.of(self._pass).unfinished() if self._pass is not None else ""

    def without_letter(self) -> tuple[tuple[str, datetime], ...]:
        """Who asked within `max_age` and got no letter, and when, the oldest first."""
        settings = self._settings
        left = unanswered.candidates(self.ledger, settings, self.clock.now())
        return tuple((one.sender, settings.calendar.local(one.received)) for one in left)

    def service(self) -> Service:
        """The running service on this app."""
        from ackd.runtime.scheduler import Service

        return Service(
            self.run_pass,
            self.clock,
            lambda: self.config.poll.elapsed,
            on_hangup=self._watch.forget,
            alarms=self.alarms.look,
        )

    def context(self, should_stop: Callable[[], bool] = lambda: False) -> PassContext:
        """For a pass on the open mailbox, opened by what was tried on its server. Raises AckdError where
        the server must be found first and can't be."""
        if self._mailbox is None:
            assert self._secret is not None, "a pass reads it first"
            tried, zone = self_test.known(self.ledger), self._settings.calendar.zone
            refuted = tried.refuted if tried else ()
            self._mailbox = open_mailbox(
                self.config, self._secret, zone, self.clock, refuted=refuted, is_lost=self._lost.look_anew
            )
            self._lost.look_anew = False
        return PassContext(
            self._mailbox, self.ledger, self.clock, self._settings, should_stop, self._look_at_owner
        )

    def _use_secret(self, secret: str) -> None:
        """Sign in with this secret from the next pass on."""
        self._close_mailbox()
        self._secret, self._mark = secret, sign_in_mark(self.config, secret)
        self._secret_read = self.clock.ticks()
        self.guard = guard_of(self.config, self.ledger, self.clock, secret)

    def _pass_anywhere(self, should_stop: Callable[[], bool]) -> Summary:
        """A pass; where the server counts as lost now, another one on the server that autodiscover names."""
        lost, endpoint = self._lost, self.config.mailbox.endpoint
        try:
            self._pass = self.context(should_stop)
            summary = run_pass(self._pass)
        except AckdError as error:
            if not lost.ended(error, endpoint, self.clock.ticks()):
                raise
            self._close_mailbox()
            return self._pass_anywhere(should_stop)
        lost.ended(None, endpoint, self.clock.ticks())
        return summary

    def _close_mailbox(self) -> None:
        """The next pass opens it."""
        if self._mailbox is not None:
            self._mailbox.close()
            self._mailbox = None

    def _look_for_secret(self) -> None:
        """Once the server refused the secret: has its owner set another one meanwhile, or signed in anew?
        One that can't be read now (a file that is just being written, a locked keyring) changes nothing."""
        if not self.guard.is_refused():
            return
        ticks = self.clock.ticks()
        if in_keyring(self.config) and 0 <= ticks - self._secret_read < KEYRING_AGAIN:
            return
        self._secret_read = ticks
        try:
            secret = secret_of(self.config)
            is_same = sign_in_mark(self.config, secret) == self._mark
        except (ConfigError, KeyringShut) as error:
            log.debug("event=secret-unread: %s", error)
            return
        if not is_same:
            log.info("event=secret-changed: there is another password or sign-in: ackd tries it")
            self._use_secret(secret)

    def _look_at_owner(self) -> Settings | None:
        """Before mail is judged, and not more often than now and then: what the mailbox's own
        settings say of the owner's time. An idle poll asks nothing of it."""
        if self._mailbox is None or not wanted_of(self.config).of_mailbox:
            return None
        if not self._owner.renew(self._mailbox):
            return None
        before = self.assumed
        self._settings, self.assumed = settings_of(self.config, self._owner.known)
        if (
            self.assumed.words and self.assumed != before
        ):  # without the server's own words, which are in `ackd check`
            zone = self._settings.calendar.zone.key
            log.warning("event=assumed: what the mailbox doesn't tell is assumed, %s: see `ackd check`", zone)
        self._mailbox.use_zone(self._settings.calendar.zone)
        return self._settings

    def _take_up(self) -> None:
        """Go on with a changed configuration if it is valid; if not, the old one stays, and the
        log and `ackd status` say why."""
        try:
            loaded = configuration.load(self._path)
            config = loaded.config
            settings, self.assumed = settings_of(config, self._owner.known)
            if _identity(config) != _identity(self.config):
                raise ConfigError(
                    f"{self._path}: another mailbox, state or ledger is taken up only by a restart"
                )
            is_other = config.mailbox != self.config.mailbox
            secret = secret_of(config) if is_other else self._secret
            if settings.groups and not is_other and self._secret is not None and not self.guard.is_refused():
                self._check_groups(settings)
        except ConfigError as error:
            log.error("event=config-refused: the old configuration stays: %s", error)
            self._note_config(str(error))
            return
        except (SignInRefused, KeyringShut):
            self._watch.forget()  # it is taken up when the server, or the keyring, can be asked
            raise
        is_other_heart = config.alarms.heartbeat != self.config.alarms.heartbeat
        self.config, self._settings = config, settings
        _warn_of_old_names(loaded)
        _warn_of_letters(settings)
        if is_other and secret is not None:
            self._use_secret(secret)
        if is_other_heart:
            self._heartbeat.let_go()
            self._heartbeat = self._heart()
        self._note_config(None)
        log.info("event=config-taken-up: mode %s", config.mode.value)

    def _check_groups(self, settings: Settings) -> None:
        """Whether the server knows the lists of a changed configuration; where it can't be found, the
        pass that follows meets that too."""
        with self.guard.trying():
            try:
                mailbox = self.context().mailbox
            except Unreachable as error:
                log.warning("event=groups-unasked: %s", error)
                return
            groups.check(settings, mailbox, self.ledger, self.clock.now())

    def _note_config(self, words: str | None) -> None:
        """Why the configuration's file can't be used while the old one goes on; None: it can."""
        if self.ledger.value(ValueKey.CONFIG_TROUBLE) != words:
            self.ledger.remember(ValueKey.CONFIG_TROUBLE, words)

    def _heart(self) -> Heartbeat:
        return Heartbeat(self.config.alarms.heartbeat, self.config.mailbox.username, self.clock.ticks)

    def _remember_trouble(self, error: Exception) -> None:
        """Why a pass ended; of a bug only its kind, since its words may be a mail's."""
        words = str(error) if isinstance(error, AckdError) else "a mistake of ackd's own: see the log"
        try:
            if self.ledger.value(ValueKey.TROUBLE) != words:
                self.ledger.remember(ValueKey.TROUBLE, words)
            observations.pass_stopped(self.ledger, error, self.clock.now())
        except LedgerError as lost:  # the ledger itself may be the trouble
            log.warning("event=ledger: %s", lost)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._heartbeat.close()
        self._close_mailbox()
        self.ledger.close()
        self._lock.release()


def _identity(config: Config) -> tuple[str, Path, str | None]:
    """What a running ackd can't change: whose mailbox it is, and where the record lies."""
    return config.mailbox.address, config.state_directory, config.ledger


@cache
def _leave_what_lasts() -> None:
    """Once a process, when a second pass shows that it goes on: what it holds by now (libraries, phrases, the
    settings) stays, and the garbage collector needn't walk through it again and again."""
    gc.collect()
    gc.freeze()


def _warn_of_letters(settings: Settings) -> None:
    for words in settings.letters.warnings():
        log.warning("event=letters: letters.directory: %s", words)


def _warn_of_old_names(loaded: configuration.Loaded) -> None:
    for words in loaded.old_names:
        log.warning("event=config-old-name: %s: %s", loaded.path, words)
