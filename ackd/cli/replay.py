"""`ackd replay`: what today's configuration would have made of the past, or another one beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.moments import moment
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.progress import progress
from ackd.cli.render import dumped
from ackd.cli.replayed import REFERRED, cells, iso, mail_as_json

if TYPE_CHECKING:
    from rich.console import Console

    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.replay import Replayed, Report


def replay(
    since: Annotated[
        str,
        typer.Option(metavar="WHEN", help="From when on: a span back (12h, 30d, 8w), a date or a moment."),
    ] = "30d",
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="At most so many mails, the newest.", show_default="all"),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            metavar="OTHER.yaml",
            help="Judge by this configuration, too, and show which mails it would change.",
            show_default=False,
        ),
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

    With --compare each mail is read once and judged by both, the changed configuration and today's: what
    differs is shown with the reason on each side, before the change is saved.

    Nothing is sent, changed or recorded. With --json one object with counts and all mails (of --compare
    those that change).
    """
    from ackd.cli import rehearsal
    from ackd.runtime.read_only_app import ReadOnlyApp

    with ReadOnlyApp(config_path(config), clock) as look:
        look.learn()
        now = look.clock.now()
        begin = moment(since, now, look.settings.calendar.zone, "--since")
        if begin >= now:
            raise typer.BadParameter(f"{since} isn't over yet", param_hint="--since")
        if compare is not None:
            rehearsal.show(look, compare, (begin, now), limit, as_json=as_json)
            return
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
        "since": iso(begin, look),
        "until": iso(now, look),
        "seen": len(report.mails),
        "acknowledged": len(report.of(Outcome.ACKNOWLEDGED)),
        "answered_in_time": len(report.of(Outcome.IN_TIME)),
        "left": len(report.of(Outcome.LEFT)),
        "referred": report.referred,
        "by_rule": dict(report.by_rule()),
        "sending_stopped": [{"at": local(at).isoformat(), "why": why} for at, why in report.holds],
        "mails": [mail_as_json(mail, look) for mail in report.mails],
    }


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
            typer.echo("  " + "  ".join(cells(mail, look)))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", expand=True)
    table.add_column("received", no_wrap=True)
    table.add_column("from", ratio=2, overflow="fold")
    table.add_column("subject", ratio=3)
    table.add_column("what and why", ratio=4)
    for mail in mails:
        table.add_row(*(Text(cell) for cell in cells(mail, look)))
    console.print(table)
