"""What another way to the mailbox left, looked at or carried over by its owner's hand (`ackd migrate`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ackd.engine import migration
from ackd.errors import ConfigError
from ackd.model import Migration, Mode
from ackd.promise.calendar import Calendar
from ackd.runtime.app import App
from ackd.runtime.read_only_app import ReadOnlyApp


@dataclass(frozen=True, slots=True)
class Carried:
    """From which kind of backend to which, and what; `plan` is None where there is nothing. `calendar` is the
    owner's."""

    before: str
    after: str
    calendar: Calendar
    plan: Migration | None = None


def look(config_path: Path, clock_path: Path | None) -> Carried:
    """What would be carried over; also beside a service. Raises AckdError."""
    with ReadOnlyApp(config_path, clock_path) as app:
        kind, calendar = app.config.mailbox.kind.value, app.settings.calendar
        if app.ledger is None or not migration.is_due(kind, app.ledger):
            return Carried(kind, kind, calendar)
        with app.mailbox() as mailbox:
            now = app.clock.now()
            plan = migration.look(mailbox, app.ledger, app.settings, now, thorough=True)
        return Carried(plan.before, plan.after, calendar, plan)


def carry_over(config_path: Path, clock_path: Path | None) -> Carried:
    """Carry it over, as the first pass by the new way would. Raises AckdError, also while a service runs."""
    with App(config_path, clock_path) as app:
        kind = app.config.mailbox.kind.value
        with app.guard.trying():
            context = app.context()
            settings, ledger = context.settings, context.ledger
            if not migration.is_due(kind, ledger):
                return Carried(kind, kind, settings.calendar)
            if settings.mode is Mode.PREVIEW and ledger.tracked():
                raise ConfigError(
                    "mode: in preview nothing is written to the mailbox, so that no task can be marked: set "
                    "mode: draft or send, or only look: ackd migrate --dry-run"
                )
            plan = migration.carry_over(context.mailbox, ledger, context.clock, settings, thorough=True)
        return Carried(plan.before, plan.after, settings.calendar, plan)
