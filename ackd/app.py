"""The composition root: from a configuration to a running ackd. The only place that names
concrete classes and reads settings."""

from __future__ import annotations

import hashlib
import logging
import platform
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from filelock import BaseFileLock, FileLock, Timeout

from ackd import config as configuration
from ackd import doctor, groups
from ackd.books import Books
from ackd.clock import FileClock, SystemClock
from ackd.config import Config
from ackd.config.read_secret import read_secret
from ackd.daemon import Daemon
from ackd.errors import AckdError, ConfigError, LedgerError, SignInRefused
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.judge.policy import Policy
from ackd.judge.request import THRESHOLDS
from ackd.judgement import Settings
from ackd.letters import Desk, Letters
from ackd.limits import Limits
from ackd.model import Command, DigestTimes, MailboxReport, Owner, Summary
from ackd.owner_settings import KEY as OWNER_SETTINGS
from ackd.owner_settings import Known, Reader, resolve, wanted_of
from ackd.owner_settings import load as load_known
from ackd.ports import Clock, Ledger, Mailbox
from ackd.promise.follow import FollowRules
from ackd.promise.plan import PromiseRules
from ackd.signin import SignInGuard
from ackd.troubles import CONFIG_TROUBLE, TROUBLE
from ackd.watch import Watch

if TYPE_CHECKING:
    from ackd.service import Service

log = logging.getLogger(__name__)


class InUse(AckdError):
    """Another ackd works with the same state."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class Assumed:
    """What stands in for values that come from the mailbox and aren't known."""

    words: tuple[str, ...] = ()


def clock_of(path: Path | None) -> Clock:
    """The machine's clock, or the one in a file."""
    clock = FileClock(path) if path else SystemClock()
    clock.now()  # a clock file that can't be read is told at once
    return clock


def owner_of(config: Config) -> Owner:
    """The owner; without a configured name, the one that the address shows."""
    local = config.mailbox.address.partition("@")[0]
    shown = " ".join(
        part.capitalize() + ("." if len(part) == 1 else "") for part in re.split(r"[._-]+", local) if part
    )
    return Owner(config.mailbox.address, config.letters.name or shown, config.mailbox.aliases)


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


def settings_of(config: Config, known: Known | None = None) -> tuple[Settings, Assumed]:
    """Everything that the daemon needs of the configuration, completed by what the mailbox said
    of its owner's time."""
    owner = owner_of(config)
    time = resolve(wanted_of(config.promise), known)
    promise, internal, questions = config.promise, config.internal, config.questions
    sensitivity = questions.sensitivity
    policy = Policy(
        owner=owner,
        domains=internal.domains,
        addresses=internal.addresses,
        except_=internal.except_,
        system_senders=internal.system_senders,
        require_authenticated=internal.require_authenticated,
        authenticated_by=internal.authenticated_by,
        threshold=THRESHOLDS[sensitivity] if isinstance(sensitivity, str) else sensitivity,
        languages=questions.languages,
        max_recipients=questions.max_recipients,
        also_when_in_cc=questions.also_when_in_cc,
    )
    rules = PromiseRules(
        within=promise.within,
        urgent=promise.urgent,
        no_rush=promise.no_rush,
        reminder=config.tasks.reminder,
        grace=None if promise.grace == "end of day" else promise.grace,
        grace_urgent=promise.grace_urgent,
        per_day=promise.per_day,
        calendar_entry=config.tasks.calendar_entry,
    )
    limits = config.limits
    language = "" if config.letters.language == "asker" else config.letters.language
    settings = Settings(
        owner=owner,
        mode=config.mode,
        policy=policy,
        calendar=time.calendar,
        absence=time.absence,
        rules=rules,
        letters=Letters(config.letters.directory, language),
        desk=Desk.beside(config.mailbox.endpoint, language),
        limits=Limits(
            limits.one_per_sender_within, limits.per_sender_per_day, limits.per_hour, limits.per_day
        ),
        max_age=questions.max_age,
        category=config.tasks.category,
        owner_rules=tuple(map(_owner_rule, config.rules)),
        holder=holder_of(config.state_directory),
        keep=config.keep.elapsed,
        follow=_follow_rules(config.follow_up),
        digest=_digest_times(config.follow_up),
        internal_groups=_lists(internal.groups),
        groups=_lists((*internal.groups, *config.named_groups)),
    )
    return settings, Assumed(time.assumed)


def _follow_rules(follow_up: configuration.FollowUp) -> FollowRules:
    names = follow_up.categories
    commands = {getattr(names, command.value): command for command in Command}
    return FollowRules(follow_up.moved, follow_up.settle, follow_up.overdue, commands)


def _digest_times(follow_up: configuration.FollowUp) -> DigestTimes | None:
    wanted = follow_up.digest
    return None if wanted == "never" else DigestTimes(wanted.days, wanted.at)


def _lists(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.lower() for address in addresses))


def _owner_rule(rule: configuration.Rule) -> OwnerRule:
    when, then = rule.when, rule.then
    return OwnerRule(
        name=rule.name,
        when=When(
            subject=when.subject,
            text=when.text,
            sender=when.from_,
            recipient=when.to,
            group=when.group,
            urgency=when.urgency,
            language=when.language,
            internal=when.internal,
            has_attachment=when.has_attachment,
            hours=when.hour,
            weekdays=when.weekday,
        ),
        then=Then(
            letter=then.letter or "",
            contact=then.contact,
            within=then.within,
            category=then.category or "",
            acknowledge=None if then.acknowledge is None else then.acknowledge == "always",
            task=then.task,
        ),
    )


def holder_of(state: Path) -> str:
    """How this ackd names itself in a lease: this machine and this state directory. A copied
    ledger does not carry it along."""
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        machine = ""
    place = f"{machine} {platform.node()} {state.resolve()}"
    return hashlib.sha256(place.encode()).hexdigest()[:32]


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
    if box.password is None:
        raise ConfigError(f"mailbox.password: sign-in by {box.auth} needs one")
    return read_secret(box.password, box.username)


def mailbox_of(config: Config, secret: str, zone: ZoneInfo, clock: Clock) -> Mailbox:
    """The mailbox on its server. Nothing is sent yet."""
    from ackd.mailbox.ews import Access, EwsMailbox

    box = config.mailbox
    access = Access(
        address=box.address,
        endpoint=box.endpoint,
        username=box.username,
        password=secret,
        auth=box.auth,
        ca_bundle=str(box.ca_bundle) if box.ca_bundle else None,
    )
    return EwsMailbox(access, zone=zone, clock=clock, watched=config.mailbox.folders)


class App:
    """One ackd, put together; a context manager that gives back what it holds.

    Raises ConfigError, LedgerError or InUse where it can't begin.
    """

    def __init__(self, config_path: Path, clock_path: Path | None = None) -> None:
        self._path = config_path
        self._watch = Watch(config_path)
        loaded = configuration.load(config_path)
        self.config = loaded.config
        self.not_supported = loaded.not_supported
        self.clock = clock_of(clock_path)
        self._lock = _lock(self.config.state_directory)
        try:
            self.ledger = ledger_of(self.config)
            self._owner = Reader(self.ledger, self.clock)
            settings, self.assumed = settings_of(self.config, self._owner.known)
            secret = secret_of(self.config)
            self.guard = SignInGuard(self.ledger, secret)
            self.mailbox = mailbox_of(self.config, secret, settings.calendar.zone, self.clock)
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
                mailbox = mailbox_of(config, secret, settings.calendar.zone, self.clock)
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
        _lock(config.state_directory).release()
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

    def ask() -> MailboxReport:
        mailbox = mailbox_of(config, secret_of(config), time.calendar.zone, clock)
        try:
            return mailbox.report()
        finally:
            mailbox.close()

    def ask_and_remember() -> MailboxReport:
        ledger = ledger_of(config)
        try:
            report = ask()
            SignInGuard(ledger, "").forget()
        finally:
            ledger.close()
        return report

    return doctor.examine(
        config_path=config_path,
        state=config.state_directory,
        not_supported=loaded.not_supported,
        notes=loaded.notes,
        assumed=time.assumed,
        ask=ask_and_remember,
        now=clock.now,
    )


def _lock(state: Path) -> BaseFileLock:
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
