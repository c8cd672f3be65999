"""`ackd report`: what became of the promises of a period."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.exits import exits
from ackd.cli.moments import moment
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import dumped, shown
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.views.report import Figures, Report

DEFAULT_SINCE = "30d"
#: How a report's file begins.
_BEGIN = b"<!doctype html"
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


_Html = Annotated[
    str | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="Write it as one HTML file to keep, with pictures and tables; - for standard output.",
        show_default=False,
    ),
]


@exits(lost="the file can't be written there: what was there before stands")
def report(
    since: _Since = DEFAULT_SINCE,
    until: _Until = None,
    by_colleague: _ByColleague = False,
    html: _Html = None,
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what became of your promises: kept in time or late, moved, dropped, withdrawn, and how
    long colleagues waited for your answers, in working hours. Letters that refer elsewhere promise
    nothing and are counted apart.

    With --html also what lies ahead, as a file without scripts, which fetches nothing and can be printed."""
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.report import report as counted

    with ReadOnlyApp(config_path(config), clock) as look:
        now, calendar = look.clock.now(), look.settings.calendar
        if html is not None and as_json:
            raise typer.BadParameter("there is one output: take --html or --json", param_hint="--html")
        begin = moment(since, now, calendar.zone, "--since")
        # what was made this very second is of the period that ends now
        end = moment(until, now, calendar.zone, "--until", end_of_day=True) if until else now + _A_SECOND
        if end <= begin:
            raise typer.BadParameter("the period is empty: it ends before it begins", param_hint="--since")
        if html is not None:
            from ackd.views.report_page import report_page

            span = (begin, end)
            page = report_page(look.ledger, look.settings, span, now, by_colleague=by_colleague)
            _write(html, page.html)
            return
        made = look.ledger.courses(begin, end) if look.ledger else ()
        span = calendar.local(begin), calendar.local(end)
        found = counted(made, calendar, *span, now, by_colleague=by_colleague)
    if as_json:
        typer.echo(dumped(_as_json(found)))
        return
    _print(found)


def _write(place: str, text: str) -> None:
    """To a file, whole or not at all, for the user alone; a link's target is replaced, and the link stays."""
    from ackd.own_files import write_whole

    if place == "-":
        # whatever encoding the output has
        typer.echo(text.encode("ascii", "xmlcharrefreplace").decode("ascii"), nl=False)
        return
    path = Path(place)
    try:
        if path.exists() and not path.is_file():
            raise typer.BadParameter(
                f"{shown(place)} is no file: name one, or - for standard output", param_hint="--html"
            )
        if not _may_be_replaced(path):
            raise typer.BadParameter(
                f"{shown(place)} is there, and is no report: name another file", param_hint="--html"
            )
        write_whole(path.resolve(), text.encode("utf-8", "replace"))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or "the path is no path"
        typer.echo(f"ackd: {shown(place)} can't be written: {reason}", err=True)
        raise typer.Exit(ExitStatus.LOST) from None
    typer.echo(f"written to {shown(place)}", err=True)


def _may_be_replaced(path: Path) -> bool:
    """Whether nothing is lost: no configuration, no ledger, nobody's work."""
    if not path.exists():
        return True
    with path.open("rb") as file:
        begins = file.read(len(_BEGIN))
    return begins.lower() in (b"", _BEGIN)


def _as_json(found: Report) -> dict[str, Any]:
    plain = {
        "since": found.since.isoformat(timespec="seconds"),
        "until": found.until.isoformat(timespec="seconds"),
        **_figures(found.total),
        "referred": found.referred,
        "untold": found.untold,
        "answers": {pace.value: count for pace, count in found.paces},
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
