"""Alarms: what keeps ackd from its work, told to the owner once a case and once when it is over.

An alarm holds no text, name or subject of a mail: it may go by ways that others read.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta


class AlarmKind(enum.StrEnum):
    """What can be the matter. The value is the key of its sentences in every language; it stands in the
    ledger and in what `ackd alarms --json` prints, so it never changes its meaning."""

    SIGNED_OUT = "signed-out"  # the server refuses the sign-in (401), and it isn't tried again by itself
    SIGN_IN_OVER = "sign-in-over"  # the authority gives no more tokens by the sign-in that there is
    BLOCKED = "blocked"  # the server doesn't let ackd in (403), for long
    SILENT = "silent"  # no pass has succeeded for long, for another reason than the other kinds
    HELD = "held"  # the circuit breaker holds what is to be sent
    PARKED = "parked"  # it can't be known whether something was done: a person decides
    CONFIG_BROKEN = "config-broken"  # a changed configuration can't be used, the old one is in force
    MAILBOX_FULL = "mailbox-full"  # a quota refuses letters, tasks or copies in Sent Items
    SEND_REFUSED = "send-refused"  # the account may not send
    BOUNCED = "bounced"  # a letter of ackd's couldn't be delivered
    CLOCK_OFF = "clock-off"  # this machine's clock isn't the server's
    DRAFT_WAITS = "draft-waits"  # an urgent letter waits in Drafts for the owner
    CERTIFICATE_ENDS = "certificate-ends"  # of the sign-in, or all that the server's is trusted by
    SECRET_ENDS = "secret-ends"  # a client's secret  # noqa: S105
    PASSWORD_ENDS = "password-ends"  # the mailbox's  # noqa: S105
    EWS_ENDS = "ews-ends"  # Exchange Online ends EWS
    CRASHED = "crashed"  # the service ended, and systemd doesn't start it again
    TEST = "test"  # the owner tries the ways

    @property
    def remedy(self) -> str:
        """The command to begin with; "" where no command helps."""
        return _REMEDIES.get(self, "")

    @property
    def stops_passes(self) -> bool:
        """Whether ackd can't work with the mailbox meanwhile."""
        return self in _STOPPING

    @property
    def stops_mail(self) -> bool:
        """Whether no mail goes out meanwhile: a mail can only tell that it is over."""
        return self.stops_passes or self in (self.MAILBOX_FULL, self.SEND_REFUSED)

    @property
    def stops_tasks(self) -> bool:
        """Whether no task can be made meanwhile."""
        return self.stops_passes or self is self.MAILBOX_FULL

    @property
    def has_own_mail(self) -> bool:
        """Whether another mail tells the owner of it: the notice of a hold, or of an urgent draft."""
        return self in (self.HELD, self.DRAFT_WAITS)


_STOPPING = (
    *(AlarmKind.SIGNED_OUT, AlarmKind.SIGN_IN_OVER, AlarmKind.BLOCKED),
    *(AlarmKind.SILENT, AlarmKind.CLOCK_OFF, AlarmKind.CRASHED),
)
_REMEDIES = {
    AlarmKind.SIGNED_OUT: "ackd check",
    AlarmKind.SIGN_IN_OVER: "ackd sign-in",
    AlarmKind.BLOCKED: "ackd check",
    AlarmKind.SILENT: "ackd status",
    AlarmKind.HELD: "ackd unanswered",
    AlarmKind.PARKED: "ackd parked",
    AlarmKind.CONFIG_BROKEN: "ackd config check",
    AlarmKind.SEND_REFUSED: "ackd check",
    AlarmKind.BOUNCED: "ackd status",
    AlarmKind.CLOCK_OFF: "timedatectl set-ntp true",
    AlarmKind.DRAFT_WAITS: "ackd status",
    AlarmKind.CERTIFICATE_ENDS: "ackd check",
    AlarmKind.SECRET_ENDS: "ackd check",
    AlarmKind.PASSWORD_ENDS: "ackd check",
    AlarmKind.CRASHED: "ackd service logs",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that the owner should know, open or over.

    `since` is when it was seen first, `over` when it was gone, None while it is there. `case` tells
    cases of a kind apart (a token, or ""); `count` is how many cases are told in one. Of what is about to
    end, `ends` is the moment at which it does, and `stage` grows as that comes nearer: a higher stage rings
    once more."""

    kind: AlarmKind
    since: datetime
    case: str = ""
    over: datetime | None = None
    ends: datetime | None = None
    stage: int = 0
    count: int = 1

    def lasted(self, now: datetime) -> timedelta:
        """For how long it is there, or was."""
        return max(timedelta(), (self.over or now) - self.since)

    @property
    def key(self) -> tuple[AlarmKind, str]:
        """Which case it is."""
        return self.kind, self.case


@dataclass(frozen=True, slots=True)
class AlarmRecord:
    """A case as the ledger keeps it, also before it rings and some time after it is over.

    `at` is when it was looked at last; `observed` and `quiet` are for how long it was seen, and since then
    not seen, by looks: a machine that slept saw nothing. `told` is when it rang last, None before that;
    `rings` counts how often it rang lately."""

    alarm: Alarm
    at: datetime
    observed: timedelta = field(default_factory=timedelta)
    quiet: timedelta = field(default_factory=timedelta)
    told: datetime | None = None
    rings: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it rang and isn't over."""
        return self.told is not None and self.alarm.over is None


class TellingState(enum.StrEnum):
    """What a way knows of a case."""

    OWED = "owed"  # it is to be told, as the alarm says
    TOLD = "told"
    GIVEN_UP = "given up"  # the way failed too often


@dataclass(frozen=True, slots=True)
class Telling:
    """What one way was told of one case, or is to be told: the alarm as it is told (`over`: that it is
    over). `knows`: the way took it that the case is open; `by` is the token of the mail or task that
    tells it."""

    way: str
    alarm: Alarm
    state: TellingState
    not_before: datetime
    tries: int = 0
    knows: bool = False
    by: str = ""

    @property
    def key(self) -> tuple[str, AlarmKind, str]:
        """Which way and which case."""
        return (self.way, *self.alarm.key)


@dataclass(frozen=True, slots=True)
class AlarmChange:
    """A case as it was seen, and as it is to be; None: it isn't kept."""

    key: tuple[AlarmKind, str]
    before: AlarmRecord | None
    after: AlarmRecord | None


@dataclass(frozen=True, slots=True)
class TellingChange:
    """A telling as it was seen, and as it is to be; None: it isn't kept."""

    key: tuple[str, AlarmKind, str]
    before: Telling | None
    after: Telling | None


@dataclass(frozen=True, slots=True)
class Ending:
    """When something ends that the way to the mailbox rests on."""

    kind: AlarmKind
    at: datetime
