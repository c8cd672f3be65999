"""`ackd log`: what was decided, why, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.moments import moment
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import dumped, entry_as_json, shown, verdict_word

if TYPE_CHECKING:
    from rich.console import Console

    from ackd.model.log import LogFilter
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.log import Entry

DEFAULT_SINCE = "7d"


_Since = Annotated[
    str | None,
    typer.Option(
        metavar="WHEN",
        help="Decided since: a span back (12h, 7d, 2w), a date or a moment.",
        show_default=DEFAULT_SINCE,
    ),
]
_Until = Annotated[
    str | None,
    typer.Option(metavar="WHEN", help="Decided until: likewise; a date means its end.", show_default="now"),
]
_Acknowledged = Annotated[
    bool, typer.Option("--acknowledged", help="Only mails that were to be acknowledged.")
]
_Left = Annotated[bool, typer.Option("--left", help="Only mails that were left.")]
_Rule = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME", help="Only where this rule had its say (or this rule of yours). Repeatable: any."
    ),
]
_Sender = Annotated[
    str | None, typer.Option(metavar="GLOB", help="Only from senders like this: bob@*, *@corp.example.")
]
_Limit = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="At most so many, the newest.", show_default="all")
]


def log(
    since: _Since = None,
    until: _Until = None,
    acknowledged: _Acknowledged = False,
    left: _Left = False,
    rule: _Rule = None,
    sender: _Sender = None,
    limit: _Limit = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    clock: ClockOption = None,
) -> None:
    """List what ackd decided, why, and what became of it; the newest last.

    Reads the record alone: no server is contacted. With --json one object a line.
    """
    from ackd.model.log import LogFilter
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views import log as view

    if acknowledged and left:
        raise typer.BadParameter("no mail is both: say one of them", param_hint="--acknowledged/--left")
    with ReadOnlyApp(config_path(config), clock) as look:
        begin, end = _span(look, since, until)
        wanted = LogFilter(
            since=begin,
            until=end,
            acknowledged=(True if acknowledged else False if left else None),
            rules=tuple(rule or ()),
            sender=sender or "",
            limit=limit,
        )
        entries = view.log(look.ledger, wanted, look.settings.calendar.local)
        if not entries:
            _check_names(wanted.rules, look)
        for entry in entries if as_json else ():
            typer.echo(dumped(entry_as_json(entry)))
        if not as_json:
            _show(entries, wanted, look)


def _span(look: ReadOnlyApp, since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    now, zone = look.clock.now(), look.settings.calendar.zone
    end = moment(until, now, zone, "--until", end_of_day=True) if until else None
    default = None if until else DEFAULT_SINCE
    begin = moment(since or default or "", now, zone, "--since") if since or default else None
    if begin and end and begin >= end:
        raise typer.BadParameter(f"nothing lies between {since} and {until}", param_hint="--since/--until")
    return begin, end


def _check_names(names: Sequence[str], look: ReadOnlyApp) -> None:
    """Where nothing was found: a name that no rule has is a mistake, and not silence."""
    from ackd.config.value_error import nearest
    from ackd.views.log import rule_names

    known = rule_names(look.settings)
    for name in names:
        if name not in known:
            near = nearest(name, known)
            said = f"did you mean {near!r}?" if near else f"there are: {', '.join(sorted(known))}"
            raise typer.BadParameter(f"no rule is called {name!r}: {said}", param_hint="--rule")


def _show(entries: Sequence[Entry], wanted: LogFilter, look: ReadOnlyApp) -> None:
    from rich.console import Console

    local = look.settings.calendar.local
    if not entries:
        since = f" since {local(wanted.since):%Y-%m-%d %H:%M}" if wanted.since else ""
        typer.echo(f"no such decision is recorded{since}" if look.ledger else "nothing is recorded yet")
        return
    console = Console()
    if console.is_terminal:
        _table(console, entries)
        return
    for entry in entries:
        typer.echo("  ".join(cell for cell in _cells(entry) if cell))


def _cells(entry: Entry) -> tuple[str, str, str, str, str, str]:
    word = verdict_word(entry.acknowledge)
    if entry.mode != "send":
        word += f" ({entry.mode})"
    return (
        f"{entry.decided:%Y-%m-%d %H:%M}",
        word,
        shown(entry.sender, 120) or "-",
        shown(entry.reason) or "-",
        shown(entry.became),
        shown(entry.message_id),
    )


def _table(console: Console, entries: Sequence[Entry]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(expand=True)
    table.add_column("decided", no_wrap=True)
    table.add_column("verdict")
    table.add_column("from, message id", ratio=2, overflow="fold")
    table.add_column("why, and what became of it", ratio=3)
    for entry in entries:
        decided, word, sender, why, became, message_id = _cells(entry)
        who = Text(sender).append(f"\n{message_id}", style="dim")
        said = Text(why).append(f"\n{became}" if became else "", style="bold")
        style = "green" if entry.acknowledge else ""
        table.add_row(decided, Text(word, style=style), who, said)
    console.print(table)
