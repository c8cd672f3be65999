"""What was decided, why, and what became of it, by the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ackd.engine import limits
from ackd.engine.triage import Settings
from ackd.judge.decide import all_rules
from ackd.model import EffectKind, EffectState, Finding, PromiseState
from ackd.model.log import LogEntry, LogFilter
from ackd.ports import Ledger

#: A moment by the owner's clock.
Local = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise that was made: its moment, how it stands, and `why` it isn't open any more."""

    due: datetime
    state: PromiseState
    why: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """An effect and how it stands."""

    kind: EffectKind
    state: EffectState


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision. `reason` is the verdict's in words, `mode` that in which it was taken."""

    message_id: str
    sender: str
    received: datetime
    decided: datetime
    mode: str
    acknowledge: bool
    reason: str
    findings: tuple[Finding, ...]
    promise: Promised | None
    effects: tuple[Written, ...]

    @property
    def became(self) -> str:
        """What became of it, in words; "" where nothing was promised."""
        if self.promise is None:
            return ""
        why = f" ({self.promise.why})" if self.promise.why else ""
        said = f"answer by {self.promise.due:%Y-%m-%d %H:%M}: {self.promise.state.value}{why}"
        effects = ", ".join(f"{effect.kind.value} {effect.state.value}" for effect in self.effects)
        return f"{said}; {effects}" if effects else said


def log(ledger: Ledger | None, wanted: LogFilter, local: Local) -> tuple[Entry, ...]:
    """The decisions that are meant, the newest last; none where nothing was ever recorded."""
    return tuple(entry_of(entry, local) for entry in ledger.log(wanted)) if ledger else ()


def rule_names(settings: Settings) -> list[str]:
    """The rules by whose names decisions can be asked for."""
    return [*all_rules(), limits.RULE, *(rule.name for rule in settings.owner_rules)]


def entry_of(entry: LogEntry, local: Local) -> Entry:
    """A decision of the ledger, by the owner's clock."""
    judged, promise = entry.judged, entry.promise
    return Entry(
        message_id=judged.message_id,
        sender=judged.sender,
        received=local(judged.received),
        decided=local(judged.decided),
        mode=judged.mode,
        acknowledge=judged.verdict.acknowledge,
        reason=judged.verdict.reason,
        findings=judged.verdict.findings,
        promise=Promised(local(promise.due), promise.state, judged.closed) if promise else None,
        effects=tuple(Written(effect.kind, effect.state) for effect in entry.effects),
    )
