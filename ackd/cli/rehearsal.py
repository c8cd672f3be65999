"""`ackd replay --compare`: what a changed configuration would change."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ackd.cli.config import told
from ackd.cli.progress import progress
from ackd.cli.render import dumped, findings_as_json
from ackd.cli.replayed import iso, judged_as_json, mail_cells, shown_as_json, words

if TYPE_CHECKING:
    from ackd.config import Config
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.rehearsal import Changed, Comparison
    from ackd.views.replay import Replayed, Report

Span = tuple[datetime, datetime]


def show(look: ReadOnlyApp, other: Path, span: Span, limit: int | None, *, as_json: bool) -> None:
    """Judge by both configurations, and print what differs. The other one's problems end the command as they
    end `ackd config check`."""
    from ackd.views.rehearsal import rehearse

    with look.beside(_usable(other)) as both, progress(*span) as tell:
        found = rehearse(both.mailbox, both.ledgers, both.settings, span, limit, tell)
    for note in both.notes:
        typer.echo(f"{other}: note: {note}", err=True)
    if as_json:
        typer.echo(dumped(_as_json(found, span, look)))
    else:
        _print(found, span, look, other)


def _usable(path: Path) -> Config:
    from ackd.config.read_file import read_bytes
    from ackd.runtime.config_check import check

    with told():
        return check(read_bytes(path), path).usable().config


def _as_json(found: Comparison, span: Span, look: ReadOnlyApp) -> dict[str, Any]:
    from ackd.views.rehearsal import Change

    return {
        "since": iso(span[0], look),
        "until": iso(span[1], look),
        "seen": found.seen,
        "unchanged": found.seen - len(found.mails),
        **{change.value: found.count(change) for change in Change},
        "today": _side(found.today, look),
        "changed": _side(found.then, look),
        "mails": [_mail(mail, look) for mail in found.mails],
    }


def _side(report: Report, look: ReadOnlyApp) -> dict[str, Any]:
    from ackd.views.replay import Outcome

    return {
        "acknowledged": len(report.of(Outcome.ACKNOWLEDGED)),
        "answered_in_time": len(report.of(Outcome.IN_TIME)),
        "left": len(report.of(Outcome.LEFT)),
        "sending_stopped": [{"at": iso(at, look), "why": why} for at, why in report.holds],
    }


def _mail(changed: Changed, look: ReadOnlyApp) -> dict[str, Any]:
    return {
        **shown_as_json(changed.today.mail, look),
        "changes": [change.value for change in changed.changes],
        "today": _judged(changed.today, look),
        "changed": _judged(changed.then, look),
    }


def _judged(found: Replayed, look: ReadOnlyApp) -> dict[str, Any]:
    judged = judged_as_json(found, look)
    reasons = {"why": found.why or None, "findings": findings_as_json(found.verdict.findings)}
    return {**judged, "task": found.has_task, **reasons}


def _print(found: Comparison, span: Span, look: ReadOnlyApp, other: Path) -> None:
    from ackd.views.rehearsal import Change

    local = look.settings.calendar.local
    typer.echo(
        f"{found.seen} mails from {local(span[0]):%Y-%m-%d %H:%M} to {local(span[1]):%Y-%m-%d %H:%M %Z}, "
        f"judged by today's configuration and by {other}"
    )
    for change in Change:
        if count := found.count(change):
            typer.echo(f"{count:6} {change.words}")
    typer.echo(f"{found.seen - len(found.mails):6} wouldn't change")
    for name, report in (("today's", found.today), ("the changed", found.then)):
        for at, why in report.holds:
            typer.echo(
                f"\nby {name} configuration letters would have been held from {iso(at, look)} on: {why}"
            )
    for change in Change:
        # each mail is listed once, under the first that it changes
        mails = [mail for mail in found.mails if mail.changes[0] is change]
        if mails:
            typer.echo(f"\n{change.words}:")
        for mail in mails:
            typer.echo("  " + "  ".join(mail_cells(mail.today.mail, look)))
            typer.echo(f"    today:   {_words(mail.today, look)}\n    changed: {_words(mail.then, look)}")
    typer.echo("\nnothing was sent, changed or recorded")


def _words(found: Replayed, look: ReadOnlyApp) -> str:
    from ackd.views.replay import Outcome

    alone = found.has_task and found.outcome is Outcome.LEFT
    return f"{words(found, look)}{'; the task alone is made' if alone else ''}"
