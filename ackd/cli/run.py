"""`ackd run` and `ackd once`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from ackd.cli.exits import exits
from ackd.cli.options import (
    ClockOption,
    ConfigOption,
    JsonOption,
    LogFormatOption,
    LogLevelOption,
    config_path,
    start_logging,
)
from ackd.cli.render import shown
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.model import Mode, Summary
    from ackd.runtime.app import App

#: Decisions that `once` shows at most.
MOST_SHOWN = 50
#: So near to its own begin a first pass finds the mark that it set itself.
AT_ONCE = timedelta(minutes=10)


def run(
    config: ConfigOption = None,
    clock: ClockOption = None,
    log_format: LogFormatOption = "plain",
    log_level: LogLevelOption = "info",
) -> None:
    """Run the service: poll the mailbox until SIGTERM."""
    from ackd.runtime.app import App

    start_logging(log_level, log_format)
    with App(config_path(config), clock) as app:
        status = app.service().run()
    raise typer.Exit(status)


@exits(ExitStatus.DONE, ExitStatus.TRY_AGAIN, ExitStatus.REFUSED, ExitStatus.WRONG)
def once(
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    log_format: LogFormatOption = "plain",
    log_level: LogLevelOption = "warning",
) -> None:
    """Do one pass over the mailbox, then exit."""
    import json

    from ackd.errors import AckdError, Reach
    from ackd.model import Mode, ValueKey
    from ackd.runtime.app import App

    start_logging(log_level, log_format)
    with App(config_path(config), clock) as app:
        problem: AckdError | None = None
        is_first, now = app.ledger.value(ValueKey.WATERMARK) is None, app.clock.now()
        was_preview = app.ledger.value(ValueKey.MODE) == Mode.PREVIEW.value
        try:
            summary = app.run_pass()
        except AckdError as error:
            if error.reach is Reach.CONFIG:
                raise
            problem, summary = error, app.summary()
        app.alarms.look()
        unfinished = app.unfinished()
        begun = _begun(app, now) if is_first else None
        decided = _decided(app)
        words = _told(summary, app.config.mode)
        left = app.without_letter() if was_preview and app.config.mode is not Mode.PREVIEW else ()
    if as_json:
        typer.echo(json.dumps(asdict(summary)))
    else:
        if begun is not None and problem is None:
            typer.echo(begun)
        typer.echo(words)
        for line in decided:
            typer.echo(line)
        for sender, received in left:
            typer.echo(f"  no letter, since the mode was preview: {shown(sender)}, {received:%a %d %b %H:%M}")
        if left:
            typer.echo("  to see them, and send some: ackd unanswered --send")
    if problem is not None:
        raise problem
    if unfinished:
        typer.echo(f"ackd: work was cut short: {unfinished}", err=True)
        raise typer.Exit(ExitStatus.TRY_AGAIN)


def _begun(app: App, now: datetime) -> str | None:
    """What a first pass begins with: from now on, or from when an earlier record of this mailbox began."""
    from ackd.model import ValueKey

    mark = datetime.fromisoformat(app.ledger.value(ValueKey.WATERMARK) or now.isoformat())
    if now - mark < AT_ONCE:
        return "the first pass: what was there before now is never acknowledged"
    since = f"{app.local(mark):%a %d %b %H:%M}"
    return (
        f"a new record, rebuilt from the mailbox: what came since {since} and has neither letter nor task is "
        "judged anew; a pause and the limits' counts are forgotten"
    )


def _decided(app: App) -> list[str]:
    """What the pass decided, as `ackd log` shows it."""
    from ackd.cli.log import line
    from ackd.model.log import LogFilter
    from ackd.views.log import log

    wanted = LogFilter(message_ids=app.judged(), own=False)
    entries = log(app.ledger, wanted, app.local)
    lines = [line(entry) for entry in entries[:MOST_SHOWN]]
    left = len(entries) - len(lines)
    return [*lines, f"and {left} more: ackd log"] if left else lines


def _told(summary: Summary, mode: Mode) -> str:
    """What a pass did, for people."""
    from ackd.model import Mode

    wanted = summary.seen - summary.left
    mails = f"{_count(summary.seen, 'new mail')}: {summary.left} left"
    has_drafts = summary.drafts or mode is Mode.DRAFT
    waiting = f"{_count(summary.drafts, 'draft')} waiting for you, " if has_drafts else ""
    if mode is Mode.PREVIEW:
        return (
            f"{mails}, {waiting}{wanted} would be acknowledged "
            "(mode preview: nothing is written to the mailbox)"
        )
    return (
        f"{mails}, {wanted} to be acknowledged in time; {_count(summary.acknowledged, 'letter')} went out, "
        f"{waiting}{summary.parked} parked, {_count(summary.open_promises, 'promise')} open"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
