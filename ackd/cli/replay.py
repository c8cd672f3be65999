"""`ackd replay`: what today's configuration would have made of the past."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.moments import moment
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.progress import progress
from ackd.cli.render import as_plain, dumped, findings_as_json, shown

if TYPE_CHECKING:
    from rich.console import Console

    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.replay import Replayed, Report

REFERRED = "referred elsewhere: nothing promised"


def replay(
    since: Annotated[
        str,
        typer.Option(metavar="WHEN", help="From when on: a span back (12h, 30d, 8w), a date or a moment."),
    ] = "30d",
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="At most so many mails, the newest.", show_default="all"),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    clock: ClockOption = None,
) -> None:
    """Judge your mailbox's past as if today's configuration had been in force.

    Each mail in the watched folders is judged as at its own arrival, by a service that would have
    been sending all the time: with your answers in Sent Items, the grace period, one
    open promise an asker and conversation, and the limits (of what a limit holds you order nothing).
    Mails that you moved elsewhere or deleted aren't seen.

    Nothing is sent, changed or recorded. With --json one object with counts and all mails.
    """
    from ackd.runtime.read_only_app import ReadOnlyApp

    with ReadOnlyApp(config_path(config), clock) as look:
        look.learn()
        now = look.clock.now()
        begin = moment(since, now, look.settings.calendar.zone, "--since")
        if begin >= now:
            raise typer.BadParameter(f"{since} isn't over yet", param_hint="--since")
        report = _replayed(look, begin, now, limit)
        if as_json:
            typer.echo(dumped(_as_json(report, begin, now, look)))
        else:
            _show(report, begin, now, look)


def _replayed(look: ReadOnlyApp, begin: datetime, now: datetime, limit: int | None) -> Report:
    from ackd.views.replay import replay

    with look.empty_ledger() as ledger, look.mailbox() as mailbox, progress(begin, now) as tell:
        return replay(mailbox, ledger, look.settings, (begin, now), limit, tell)


# --- what it found ----------------------------------------------------------------------------


def _as_json(report: Report, begin: datetime, now: datetime, look: ReadOnlyApp) -> dict[str, Any]:
    from ackd.views.replay import Outcome

    local = look.settings.calendar.local
    return {
        "since": _iso(begin, look),
        "until": _iso(now, look),
        "seen": len(report.mails),
        "acknowledged": len(report.of(Outcome.ACKNOWLEDGED)),
        "answered_in_time": len(report.of(Outcome.IN_TIME)),
        "left": len(report.of(Outcome.LEFT)),
        "referred": report.referred,
        "by_rule": dict(report.by_rule()),
        "sending_stopped": [{"at": local(at).isoformat(), "why": why} for at, why in report.holds],
        "mails": [_mail_as_json(mail, look) for mail in report.mails],
    }


def _mail_as_json(found: Replayed, look: ReadOnlyApp) -> dict[str, Any]:
    from ackd.views.explain import shown as shown_mail
    from ackd.views.replay import Outcome

    return {
        **as_plain(shown_mail(found.mail, look.settings.calendar.local), "seconds"),
        "outcome": found.outcome.value,
        "acknowledged_at": _iso(found.leaves, look) if found.outcome is Outcome.ACKNOWLEDGED else None,
        "rules": list(found.rules),
        "letter": found.letter or None,
        "promise": {"due": _iso(found.due, look)} if found.due else None,
        "answered": _iso(found.answered, look),
        "reply_mark": found.is_marked_answered,
        "findings": findings_as_json(found.verdict.findings),
    }


def _iso(at: datetime | None, look: ReadOnlyApp) -> str | None:
    return look.settings.calendar.local(at).isoformat(timespec="seconds") if at else None


def _show(report: Report, begin: datetime, now: datetime, look: ReadOnlyApp) -> None:
    from rich.console import Console

    from ackd.views.replay import Outcome

    local = look.settings.calendar.local
    typer.echo(
        f"{len(report.mails)} mails from {local(begin):%Y-%m-%d %H:%M} to {local(now):%Y-%m-%d %H:%M %Z}"
    )
    for outcome in Outcome:
        typer.echo(f"{len(report.of(outcome)):6} {outcome.words}")
    if report.referred:
        typer.echo(f"       {report.referred} of those to be acknowledged would have been {REFERRED}")
    if rules := report.by_rule():
        typer.echo("\nwhy mails were left (there may be several reasons for one):")
    for rule, count in rules:
        typer.echo(f"{count:6} {rule}")
    for at, why in report.holds:
        typer.echo(f"\nletters would have been held from {local(at):%Y-%m-%d %H:%M} on: {why}")
    if report.doubtful:
        typer.echo(
            f"\n{report.doubtful} of those to be acknowledged carry the mark of a reply, but no answer "
            "lies in Sent Items: perhaps you had answered them in time"
        )
    console = Console()
    for outcome in Outcome:
        if found := report.of(outcome):
            _list(console, outcome.words, found, look)
    typer.echo("\nnothing was sent, changed or recorded")


def _list(console: Console, title: str, mails: tuple[Replayed, ...], look: ReadOnlyApp) -> None:
    if not console.is_terminal:
        typer.echo(f"\n{title}:")
        for mail in mails:
            typer.echo("  " + "  ".join(_cells(mail, look)))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", expand=True)
    table.add_column("received", no_wrap=True)
    table.add_column("from", ratio=2, overflow="fold")
    table.add_column("subject", ratio=3)
    table.add_column("what and why", ratio=4)
    for mail in mails:
        table.add_row(*(Text(cell) for cell in _cells(mail, look)))
    console.print(table)


def _cells(found: Replayed, look: ReadOnlyApp) -> tuple[str, str, str, str]:
    local, mail = look.settings.calendar.local, found.mail
    return (
        f"{local(mail.received):%Y-%m-%d %H:%M}",
        shown(mail.sender.email, 120) if mail.sender else "-",
        shown(mail.subject, 120) or "-",
        _words(found, look),
    )


def _words(found: Replayed, look: ReadOnlyApp) -> str:
    from ackd.views.replay import Outcome

    def said(at: datetime | None) -> str:
        return f"{look.settings.calendar.local(at):%Y-%m-%d %H:%M}" if at else "-"

    rule = f"rule {shown(', '.join(found.rules))}"
    if found.outcome is Outcome.LEFT:
        return f"{rule}: {shown(found.why)}"
    if found.outcome is Outcome.IN_TIME:
        return f"{rule}; you answered on {said(found.answered)}"
    promised = f"an answer by {said(found.due)}" if found.due else REFERRED
    answered = f"; you answered on {said(found.answered)}" if found.answered else ""
    return f"{rule}, letter {found.letter} on {said(found.leaves)}: {promised}{answered}"
