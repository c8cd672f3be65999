"""`ackd lessons`: what the owner's corrections taught, and the owner's word on that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import as_plain, dumped, shown
from ackd.text.signs import are_written

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ackd.runtime.ledgers import SharedLedger
    from ackd.views.lessons import LessonShown, LessonsShown

app = typer.Typer(
    name="lessons",
    help="What your corrections taught ackd: list lessons, take some back, add one, switch them off.",
    invoke_without_command=True,
)


@app.callback()
def lessons(
    context: typer.Context,
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what your corrections taught: each with its number, what you did, and what it does.

    You correct ackd by your categories, by the drafts that you send or delete, and by `ackd lessons say`. No
    text of these mails is kept: only hashes, kinds and numbers.
    """
    context.obj = (config, clock)
    if context.invoked_subcommand is not None:
        return
    from ackd.views.lessons import find

    with _shared(context, None, None) as shared:
        zone = shared.zone
        found = find(shared.ledger, shared.clock.now(), lambda moment: moment.astimezone(zone))
    if as_json:
        typer.echo(dumped(as_plain(found, "seconds") | {"count": found.count}))
        return
    for one in found.lessons:
        typer.echo(_line(one))
    for line in _ending(found):
        typer.echo(line)


@app.command("undo")
def undo(
    context: typer.Context,
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="NUMBER", help="Their numbers in `ackd lessons`.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    config: ConfigOption = None,
    clock: ClockOption = None,
) -> None:
    """Take lessons back: they are forgotten, and count no more from the next mail on."""
    if every == bool(numbers):
        raise typer.BadParameter("say either which, by number, or --all", param_hint="NUMBER/--all")
    from ackd.engine import lessons as engine

    with _shared(context, config, clock) as shared:
        count = engine.forget(shared.ledger, None if every else numbers)
    typer.echo(f"{count} {'lesson is' if count == 1 else 'lessons are'} taken back")


@app.command("say")
def say(
    context: typer.Context,
    message_id: Annotated[str, typer.Argument(metavar="MESSAGE-ID", help="As `ackd log --json` shows it.")],
    asks: Annotated[
        bool | None,
        typer.Option(
            "--question/--no-question", help="Whether the mail asks something of you.", show_default=False
        ),
    ] = None,
    config: ConfigOption = None,
    clock: ClockOption = None,
) -> None:
    """Say of a mail that it is a question, or none. No letter goes out by it.

    The next pass makes a lesson of it. Where a promise is open for the mail, --no-question withdraws it, as
    the category does.
    """
    if asks is None:
        raise typer.BadParameter("say which it is", param_hint="--question/--no-question")
    name = f"<{message_id.strip().strip('<>')}>"
    if name == "<>" or not are_written(name) or " " in name:
        raise typer.BadParameter(f"{message_id!r} is no Message-ID", param_hint="MESSAGE-ID")
    from ackd.engine import lessons as engine
    from ackd.errors import UsageError

    with _shared(context, config, clock) as shared:
        if not shared.ledger.known([name]):
            raise UsageError(f"no mail {name} was judged: `ackd log --json` shows those that were")
        engine.say(shared.ledger, name, asks=asks)
    typer.echo("the next pass takes it in: that of the service, or now by `ackd once`")


@app.command("off")
def off(context: typer.Context, config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Keep no lessons from now on, and let none count. Those that there are stay (`ackd lessons undo`)."""
    _switch(context, config, clock, on=False)
    typer.echo("lessons are off: none is kept, and none counts. On again by: ackd lessons on")


@app.command("on")
def on(context: typer.Context, config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Keep lessons again, and let them count."""
    _switch(context, config, clock, on=True)
    typer.echo("lessons are on")


def _switch(context: typer.Context, config: Any, clock: Any, *, on: bool) -> None:
    from ackd.engine import lessons as engine

    with _shared(context, config, clock) as shared:
        engine.switch(shared.ledger, shared.clock.now(), on=on)


def _shared(context: typer.Context, config: Any, clock: Any) -> AbstractContextManager[SharedLedger]:
    from ackd.runtime.ledgers import shared_ledger

    outer_config, outer_clock = context.obj
    return shared_ledger(config_path(config or outer_config), clock or outer_clock)


def _line(one: LessonShown) -> str:
    asks = "asks" if one.asks else "asks nothing"
    return (
        f"{one.number}: {one.at:%Y-%m-%d %H:%M}, you {one.act.words} ({asks}): {shown(one.message_id)}\n"
        f"   it asks with probability {one.chance:.2f}, with your lessons {one.now:.2f}"
    )


def _ending(found: LessonsShown) -> list[str]:
    count = len(found.lessons)
    lines = [f"{count} {'lesson' if count == 1 else 'lessons'}" if count else "no lessons yet"]
    if found.off_since:
        lines[0] += f"; they are off since {found.off_since:%Y-%m-%d %H:%M}: ackd lessons on"
    elif found.helps is False:
        lines[0] += "; they don't count at present: without them your latest words were foretold better"
    elif count:
        lines[0] += "; to take some back: ackd lessons undo NUMBER"
    if found.waiting:
        lines.append(f"the next pass takes in what you said of {found.waiting} more")
    return lines
