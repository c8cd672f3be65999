"""What was decided, why, and what became of it, by the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ackd.engine import intake, limits
from ackd.engine.triage import Settings
from ackd.judge import owner_rules
from ackd.judge.decide import all_rules
from ackd.model import (
    EffectKind,
    EffectState,
    Evidence,
    Finding,
    LetterName,
    Mail,
    PromiseState,
    Rule,
    RuleName,
    Verdict,
)
from ackd.model.log import LogEntry, LogFilter
from ackd.ports import Ledger

#: A moment by the owner's clock.
Local = Callable[[datetime], datetime]
#: What stands in place of a subject: the mail is private or confidential, or can't be found to be read.
SECRET, GONE = "(private or confidential)", "(not in the watched folders any more)"


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
    """One decision. `reason` is the verdict's in words, `rules` those that decided, `mode` that in which it
    was taken. `letter` is the one that it chose, None for none; one that refers elsewhere promises
    nothing. `forecast` is the date that preview mode would have promised. `subject` is empty where nobody
    asked for it."""

    message_id: str
    sender: str
    received: datetime
    decided: datetime
    mode: str
    acknowledge: bool
    reason: str
    rules: tuple[str, ...]
    findings: tuple[Finding, ...]
    letter: LetterName | None
    promise: Promised | None
    forecast: datetime | None
    effects: tuple[Written, ...]
    why: str = ""
    subject: str = ""

    @property
    def became(self) -> str:
        """What became of it, in words; "" where nothing was to become of it."""
        effects = ", ".join(f"{effect.kind.value} {effect.state.value}" for effect in self.effects)
        return "; ".join(filter(None, (self._promised(), effects)))

    def _promised(self) -> str:
        if self.letter and self.letter.refers:
            return f"nothing promised{f' ({self.why})' if self.why else ''}"
        if self.promise:
            what = "answer by" if self.letter else "no letter, its task alone, due"
            why = f" ({self.promise.why})" if self.promise.why else ""
            return f"{what} {self.promise.due:%Y-%m-%d %H:%M}: {self.promise.state.value}{why}"
        if self.forecast:
            what = "would be: answer by" if self.letter else "would be: no letter, its task alone, due"
            return f"{what} {self.forecast:%Y-%m-%d %H:%M}"
        return ""


def log(ledger: Ledger | None, wanted: LogFilter, local: Local) -> tuple[Entry, ...]:
    """The decisions that are meant, in the order in which they were taken; none where nothing was ever
    recorded."""
    return tuple(entry_of(entry, local) for entry in ledger.log(wanted)) if ledger else ()


def rules() -> tuple[Rule, ...]:
    """All that has its say of a mail, by name."""
    others = (intake.COMMAND, intake.UNJUDGED, limits.RULE, owner_rules.RULE)
    return tuple(sorted((*all_rules().values(), *others), key=lambda rule: rule.name))


def consequences(rule: Rule) -> tuple[str, ...]:
    """What it means that a rule has its say, in words."""
    if not rule.forbids:
        return ("it forbids nothing",)
    return (
        "no letter",
        "your order for the very mail goes before it" if rule.overridable else "nor by your order",
        "an open promise hears nothing of it" if rule.mutes_follow_ups else "an open promise hears of it",
        "nor a task by a rule of yours" if rule.blocks_task else "a rule of yours may make a task",
    )


def rule_names(settings: Settings) -> list[str]:
    """The rules by whose names decisions can be asked for."""
    return [*(rule.name.value for rule in rules()), *(rule.name for rule in settings.owner_rules)]


def deciding_rules(verdict: Verdict) -> tuple[str, ...]:
    """The rules that decided, the owner's own as the record calls them: those that forbade the letter; else
    the owner's command or rule that applies, else the one that weighs the request."""
    found = verdict.findings
    if vetoes := verdict.vetoes:
        return tuple(dict.fromkeys(map(_named, vetoes)))
    said = [f for f in found if isinstance(f, Evidence) and f.rule in (RuleName.COMMAND, RuleName.OWN_RULES)]
    return tuple(dict.fromkeys(map(_named, said))) or ((RuleName.REQUEST,) if found else ())


def _named(finding: Finding) -> str:
    if finding.rule != RuleName.OWN_RULES:
        return finding.rule
    return finding.reason.partition(" says: ")[0].removesuffix(" applies")


def entry_of(entry: LogEntry, local: Local) -> Entry:
    """A decision of the ledger, by the owner's clock."""
    judged, promise, forecast = entry.judged, entry.promise, entry.forecast
    is_given = promise is not None and promise.is_of_answer
    refers = forecast is not None and forecast.letter is not None and forecast.letter.refers
    promises_later = forecast is not None and promise is None and not refers
    return Entry(
        message_id=judged.message_id,
        sender=judged.sender,
        received=local(judged.received),
        decided=local(judged.decided),
        mode=judged.mode,
        acknowledge=judged.verdict.acknowledge,
        reason=judged.verdict.reason,
        rules=deciding_rules(judged.verdict),
        findings=judged.verdict.findings,
        letter=_letter(entry),
        promise=Promised(local(promise.due), promise.state, judged.closed) if promise and is_given else None,
        forecast=local(forecast.due) if forecast and promises_later else None,
        effects=tuple(Written(effect.kind, effect.state) for effect in entry.effects),
        why=judged.closed,
    )


def _letter(entry: LogEntry) -> LetterName | None:
    """The letter that was chosen; None for a task alone."""
    if entry.promise is None:
        return entry.forecast.letter if entry.forecast else None
    has_letter = any(effect.kind is EffectKind.ACKNOWLEDGEMENT for effect in entry.effects)
    return entry.promise.question.letter if has_letter else None


# --- subjects -------------------------------------------------------------------------------------


def with_subjects(entries: Sequence[Entry], found: Mapping[str, Mail], ledger: Ledger) -> tuple[Entry, ...]:
    """The same with the subjects as the mailbox shows them now, which `found` these mails; of a mail that
    isn't in the watched folders any more the one that the ledger keeps with its promise, if there is any."""
    names = [entry.message_id for entry in entries]
    asked = (one.promise.question for one in ledger.snapshots(names).values())
    subjects = {one.message_id: _open(one.subject, one.sensitivity.is_secret) for one in asked}
    subjects |= {name: _open(mail.subject, mail.sensitivity.is_secret) for name, mail in found.items()}
    return tuple(replace(entry, subject=subjects.get(entry.message_id, GONE)) for entry in entries)


def _open(subject: str, is_secret: bool) -> str:
    return SECRET if is_secret else subject or "(no subject)"
