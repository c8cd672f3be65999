"""`ackd report`: what became of the promises of a period."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.moments import moment
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import dumped, shown

if TYPE_CHECKING:
    from ackd.views.report import Figures, Report

DEFAULT_SINCE = "30d"
_A_SECOND = timedelta(seconds=1)

_Since = Annotated[
    str,
    typer.Option(metavar="WHEN", help="Promises made since: a span back (7d, 4w), a date or a moment."),
]
_Until = Annotated[
    str | None,
    typer.Option(metavar="WHEN", help="Made before: likewise; a date means its end.", show_default="now"),
]


_ByColleague = Annotated[
    bool, typer.Option("--by-colleague", help="Also by the asker's address; never shown unless you ask.")
]


def report(
    since: _Since = DEFAULT_SINCE,
    until: _Until = None,
    by_colleague: _ByColleague = False,
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what became of your promises: kept in time or late, moved, dropped, withdrawn, and how
    long colleagues waited for your answers, in working hours. Letters that refer elsewhere promise
    nothing and are counted apart."""
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.report import report as counted

    with ReadOnlyApp(config_path(config), clock) as look:
        now, calendar = look.clock.now(), look.settings.calendar
        begin = moment(since, now, calendar.zone, "--since")
        # what was made this very second is of the period that ends now
        end = moment(until, now, calendar.zone, "--until", end_of_day=True) if until else now + _A_SECOND
        if end <= begin:
            raise typer.BadParameter("the period is empty: it ends before it begins", param_hint="--since")
        made = look.ledger.courses(begin, end) if look.ledger else ()
        span = calendar.local(begin), calendar.local(end)
        found = counted(made, calendar, *span, now, by_colleague=by_colleague)
    if as_json:
        typer.echo(dumped(_as_json(found)))
        return
    _print(found)


def _as_json(found: Report) -> dict[str, Any]:
    plain = {
        "since": found.since.isoformat(timespec="seconds"),
        "until": found.until.isoformat(timespec="seconds"),
        **_figures(found.total),
        "referred": found.referred,
        "untold": found.untold,
        "by_week": {name: _figures(figures) for name, figures in found.by_week},
    }
    if found.by_colleague is not None:
        plain["by_colleague"] = {name: _figures(figures) for name, figures in found.by_colleague}
    return plain


def _figures(figures: Figures) -> dict[str, Any]:
    """The counts; the median in working hours."""
    values = asdict(figures)
    answer = values.pop("median_answer")
    return {
        **values,
        "median_answer_hours": None if answer is None else round(answer / timedelta(hours=1), 2),
    }


def _print(found: Report) -> None:
    typer.echo(f"Promises made from {found.since:%d %b %Y %H:%M} to {found.until:%d %b %Y %H:%M}")
    if found.total.made:
        _print_table("", [("all", found.total)])
        _print_table("By week", found.by_week)
        if found.by_colleague is not None:
            _print_table("By colleague", found.by_colleague)
    else:
        typer.echo("None.")
    if found.untold:
        typer.echo(f"\n{found.untold} of them: no date is known to have been told to the colleague")
    if found.referred:
        letters = f"{found.referred} letter{'s' * (found.referred != 1)}"
        typer.echo(f"\n{letters} referred elsewhere, or said that you can't help: nothing was promised")


def _print_table(title: str, rows: Any) -> None:
    heads = ("made", "in time", "late", "open", "overdue", "moved", "dropped", "withdrawn", "answer")
    width = max(12, *(len(name) for name, _ in rows))
    typer.echo(f"\n{title:<{width}}" + "".join(f"{head:>10}" for head in heads))
    for name, f in rows:
        counts = (f.made, f.kept_in_time, f.kept_late, f.open, f.overdue, f.moved, f.dropped, f.withdrawn)
        answer = "-" if f.median_answer is None else f"{f.median_answer / timedelta(hours=1):.1f} h"
        typer.echo(f"{shown(name):<{width}}" + "".join(f"{count:>10}" for count in counts) + f"{answer:>10}")
