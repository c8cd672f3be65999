"""`ackd migrate`: from one way to the mailbox to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import as_plain, dumped, shown
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.views.migration import Case, Item, Told


@exits(
    ExitStatus.TRY_AGAIN,
    ExitStatus.REFUSED,
    ExitStatus.WRONG,
    done="all was done, or there was nothing to do",
)
def migrate(
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look and say what would be carried over; write nothing.")
    ] = False,
) -> None:
    """Carry promises, drafts, tasks and calendar entries over to another way to the mailbox.

    For after a change of mailbox.kind, also where the mailbox went to the cloud. The service and `ackd once`
    do the same by themselves at their first pass; nothing is sent here. Works while no service runs, with
    --dry-run also beside one.
    """
    from ackd.runtime import migrating
    from ackd.views.migration import told

    act = migrating.look if dry_run else migrating.carry_over
    carried = act(config_path(config), clock)
    found = told(carried.before, carried.after, carried.plan, carried.calendar, is_done=not dry_run)
    if as_json:
        typer.echo(dumped(as_plain(found, "seconds")))
        return
    for line in _lines(found):
        typer.echo(line)


def _lines(found: Told) -> list[str]:
    """For people."""
    if not found.is_due:
        return [f"nothing to carry over: this mailbox is known by {found.after} already"]
    verb = "carried over" if found.is_done else "would be carried over"
    since = f"; the watermark stays {found.watermark:%d %b %Y %H:%M}" if found.watermark else ""
    count = len(found.promises)
    lines = [f"{verb} from {found.before} to {found.after}: {_count(count, 'open promise')}{since}"]
    lines += map(_item, found.promises)
    if found.other_tasks:
        lines.append(f"also followed on: {_count(found.other_tasks, 'task')} of closed promises and alarms")
    if found.cases:
        lines.append(f"{_count(len(found.cases), 'case')} for you (ackd parked):")
        lines += map(_case, found.cases)
    return lines if found.is_done else [*lines, "nothing was written"]


def _item(one: Item) -> str:
    from ackd.model import How, Place

    letters = {
        None: "no letter there",
        Place.SENT: "letter sent",
        Place.TRASH: "letter sent",
        Place.UNSENT: "letter made and not sent",
        Place.DRAFTS: "draft found",
        Place.THROWN_AWAY: "draft thrown away",
    }
    who = shown(f"{one.name or one.asker}{': ' if one.subject else ''}{one.subject}")
    how = {
        How.MARK: "carries its mark",
        How.NAME: "known by its name",
        How.WORDS: "known by its words",
        How.DELETED: "deleted by you: the promise is withdrawn",
        How.NOT_FOUND: "not found for certain",
        How.NONE: "none yet",
    }[one.task]
    parts = [f"task {how}", letters[one.letter]]
    parts += ["calendar entry found"] if one.calendar_entry else []
    return f"  {one.due:%a %d %b %H:%M}  {who}  ({', '.join(parts)})"


def _case(one: Case) -> str:
    about = f" about {shown(one.subject)!r}" if one.subject else ""
    return f"  {one.what} for {one.asker}{about}: {one.why}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
