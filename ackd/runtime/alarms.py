"""Alarms in the running process: looked for once a minute beside the passes, told by the owner's ways, and
tried again where a way failed. Nothing here blocks or ends a pass."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from ackd.config import Config
from ackd.engine import alarms, alerts
from ackd.engine.alerts import MAIL
from ackd.engine.triage import Settings
from ackd.errors import AckdError, LedgerError
from ackd.model import Alarm, AlarmKind, Telling, TellingState, ValueKey
from ackd.ports import Clock, Ledger
from ackd.runtime.alarm_ways import Message, Way, WayFailed, ways_of
from ackd.runtime.heartbeat import Heartbeat

log = logging.getLogger(__name__)


class Alarms:
    """The alarms of one mailbox. `config` and `settings` are asked at each look: they may change."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        config: Callable[[], Config],
        settings: Callable[[], Settings],
        find_ways: Callable[[Config], list[Way]] = ways_of,
    ) -> None:
        self._ledger, self._clock = ledger, clock
        self._config, self._settings, self._find_ways = config, settings, find_ways
        self._silence = Silence()

    def look(self) -> None:
        """See what is the matter, and tell what is due. Raises nothing that a way or the ledger does."""
        config, now = self._config(), self._clock.now()
        ways = self._find_ways(config)
        try:
            alarms.look(
                self._ledger,
                now,
                poll=config.poll.elapsed,
                silent_after=config.alarms.silent_after.elapsed,
                ways=[*(way.name for way in ways), *alarms.ways(self._settings())],
            )
            for way in ways:
                self._tell(way)
        except LedgerError as error:
            log.warning("event=alarms: %s", error)
            lost = self._silence.goes_on(self._clock, config.alarms.silent_after.elapsed.total_seconds())
        else:
            lost = self._silence.ends(self._clock)
        for way in ways if lost else ():
            self._hand_over(way, lost)

    def _tell(self, way: Way) -> None:
        """What a way is to be told now. After the first failure the rest waits."""
        due = alerts.due(self._ledger.tellings(), way.name, self._clock.now())
        for alarm, told in alerts.together(due):
            took = self._hand_over(way, alarm)
            alarms.settle(self._ledger, told, self._clock.now(), took=took)
            if not took:
                return

    def _hand_over(self, way: Way, alarm: Alarm | None) -> bool:
        if alarm is None:
            return False
        zone = self._settings().calendar.zone
        try:
            way.tell(Message.of(alarm, self._clock.now(), zone))
        except WayFailed as error:
            log.warning("event=alarm-failed way=%s kind=%s: %s", way.name, alarm.kind.value, error)
            return False
        log.info("event=alarm way=%s kind=%s open=%s", way.name, alarm.kind.value, alarm.over is None)
        return True


class Silence:
    """The one alarm that the ledger can't keep: that itself can't be written to. Kept in the process, by a
    clock that nobody sets."""

    def __init__(self) -> None:
        self._since: tuple[float, Alarm] | None = None
        self._told = False

    def goes_on(self, clock: Clock, patience: float) -> Alarm | None:
        """It can't be written to; returns the alarm where that is to be told."""
        if self._since is None:
            self._since = clock.ticks(), Alarm(AlarmKind.SILENT, clock.now())
        since, alarm = self._since
        if self._told or clock.ticks() - since < patience:
            return None
        self._told = True
        return alarm

    def ends(self, clock: Clock) -> Alarm | None:
        """It can; returns that it is over, where the alarm was told."""
        since, told, self._since, self._told = self._since, self._told, None, False
        if since is None or not told:
            return None
        alarm = since[1]
        return Alarm(alarm.kind, alarm.since, over=clock.now())


# --- after the service ended ----------------------------------------------------------------------


def service_failed(
    config: Config, settings: Settings, clock: Clock, open_ledger: Callable[[], Ledger]
) -> bool:
    """Tell that the service ended and isn't started again, also where the ledger can't be written to.
    Returns whether each way took it, or had taken it before."""
    heartbeat = Heartbeat(config.alarms.heartbeat, config.mailbox.username, clock.ticks)
    heartbeat.ended(well=False)
    heartbeat.close()
    try:
        with closing(open_ledger()) as ledger:
            if ledger.value(ValueKey.CRASHED) is None:
                ledger.remember(ValueKey.CRASHED, clock.now().isoformat())
            Alarms(ledger, clock, lambda: config, lambda: settings).look()
            owed = (one for one in ledger.tellings() if one.state is TellingState.OWED)
            return not any(one.alarm.kind is AlarmKind.CRASHED and one.way != MAIL for one in owed)
    except AckdError as error:
        log.warning("event=alarms: %s", error)
    message = Message.of(Alarm(AlarmKind.CRASHED, clock.now()), clock.now(), settings.calendar.zone)
    tried = [_tried(way.name, partial(way.tell, message)) for way in ways_of(config)]
    return all(one.took for one in tried)


# --- trying it out --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tried:
    """How a way took a test: in words, and whether it was handed over."""

    way: str
    took: bool
    words: str


def test(config: Config, settings: Settings, clock: Clock, ledger: Callable[[], Ledger]) -> Iterator[Tried]:
    """Hand a test to each way, one after the other. A mail goes out with the next pass."""
    alarm = Alarm(AlarmKind.TEST, clock.now(), case=clock.now().isoformat())
    message = Message.of(alarm, clock.now(), settings.calendar.zone)
    for way in ways_of(config):
        yield _tried(way.name, partial(way.tell, message))
    if config.alarms.heartbeat is not None:
        heartbeat = Heartbeat(config.alarms.heartbeat, config.mailbox.username, clock.ticks)
        yield _tried("heartbeat", heartbeat.try_out)
    if settings.tells_alarms:
        yield _tried_mail(settings, alarm, ledger)


def _tried(name: str, work: Callable[[], None]) -> Tried:
    try:
        work()
    except WayFailed as error:
        return Tried(name, False, str(error))
    return Tried(name, True, "handed over")


def _tried_mail(settings: Settings, alarm: Alarm, ledger: Callable[[], Ledger]) -> Tried:
    if MAIL not in alarms.ways(settings):
        return Tried(MAIL, True, "none in mode preview: nothing is written to the mailbox")
    telling = Telling(MAIL, alarm, TellingState.OWED, alarm.since)
    with closing(ledger()) as opened:
        alarms.plan_test(opened, telling)
    return Tried(MAIL, True, "goes out with the next pass")
