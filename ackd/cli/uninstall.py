"""`ackd uninstall`: close what is open, and go."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, config_path
from ackd.cli.render import shown
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.engine.leaving import Step
    from ackd.runtime.leaving import Found


@exits(ExitStatus.DONE, failed="you said no", try_again="something isn't done")
def uninstall(
    config: ConfigOption = None,
    clock: ClockOption = None,
    tasks: Annotated[
        str | None, typer.Option("--tasks", metavar="keep|remove", help="Tasks and calendar entries.")
    ] = None,
    categories: Annotated[
        str | None,
        typer.Option("--categories", metavar="keep|remove", help="The category of promised questions."),
    ] = None,
    ledger: Annotated[
        str | None, typer.Option("--ledger", metavar="keep|remove", help="The record of what ackd did.")
    ] = None,
    skip_mailbox: Annotated[
        bool, typer.Option("--skip-mailbox", help="Leave the mailbox as it is, as where it can't be reached.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look and say what there is; change nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: what no option says is kept.")
    ] = False,
) -> None:
    """Close what is open and go: service, tasks, categories, the hidden folder, secrets, the ledger.

    Lists first the colleagues who wait for an answer: nobody writes to them. Each step is told once it was
    seen done; after a failure run it again. The configuration stays, and so do letters that went out.
    """
    from ackd.engine.leaving import Wishes
    from ackd.runtime import leaving

    path = config_path(config)
    given = {"--tasks": tasks, "--categories": categories, "--ledger": ledger}
    _check(given)
    found = leaving.look(path, clock, mailbox=not skip_mailbox)
    for line in _lines(found):
        typer.echo(line)
    if dry_run:
        typer.echo("nothing was changed")
        return
    if not yes and not (sys.stdin.isatty() or all(given.values())):
        raise typer.BadParameter("nobody can be asked: say --tasks, --categories and --ledger, or --yes")
    asks = not yes
    asks_box = asks and found.left is not None  # else there is nothing to be done there
    wishes = Wishes(
        tasks=_wished(tasks, "Remove the tasks and calendar entries?", asks=asks_box),
        categories=_wished(categories, "Remove the category from the questions?", asks=asks_box),
    )
    removes = _wished(ledger, "Delete the ledger, the record of what ackd did?", asks=asks)
    if asks and sys.stdin.isatty() and not typer.confirm("Go on?", default=False):
        raise typer.Exit(ExitStatus.FAILED)
    steps = leaving.close(path, clock, wishes, mailbox=not skip_mailbox, keeps_ledger=not removes)
    if not _told(steps):
        typer.echo("ackd: not all is done: mend what failed and run this again", err=True)
        raise typer.Exit(ExitStatus.TRY_AGAIN)
    box = "your mailbox is as it was" if skip_mailbox else "ackd is out of your mailbox"
    typer.echo(f"{box}; left to you: {path}, and the program (pipx uninstall ackd)")


def _told(steps: Iterator[Step]) -> bool:
    """Tell each step when it is done; whether all were."""
    is_done = True
    for step in steps:
        typer.echo(f"{'ok  ' if step.done else 'FAIL'} {step.words}")
        is_done &= step.done
    return is_done


def _check(given: dict[str, str | None]) -> None:
    for option, value in given.items():
        if value not in (None, "keep", "remove"):
            raise typer.BadParameter(f"{value!r} is neither keep nor remove", param_hint=option)


def _wished(given: str | None, question: str, *, asks: bool) -> bool:
    """Whether something is to be removed."""
    if given is not None or not asks:
        return given == "remove"
    return typer.confirm(question, default=False)


def _lines(found: Found) -> list[str]:
    lines = []
    if found.left is not None:
        left = found.left
        lines.append(f"open promises, which are yours to answer: {len(left.promises)}")
        for one in left.promises:
            due = f"{one.due.astimezone(found.zone):%a %d %b %H:%M}" if one.due else "no date known"
            lines.append(f"  {due}  {shown(one.asker)}{': ' * bool(one.subject)}{shown(one.subject)}")
        things = f"{len(left.tasks)} tasks, {len(left.entries)} calendar entries"
        things += f", {len(left.drafts)} letters in Drafts"
        lines.append(f"in the mailbox: {things}; {len(left.questions)} questions that may carry a category")
    return lines + [f"besides: {words}" for words in found.others]
