"""`ackd demo`: try ackd without an Exchange server."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.exits import exits
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from ackd.demo.stage import Afternoon, Outcome, Stage

#: Columns that every terminal has.
WIDTH = 80
HOURS = (
    "Spans count in Alice's working hours (Mon-Fri 09:00-12:30 and 13:15-17:30) and are rounded up to a "
    "quarter of an hour."
)
NEXT = """
[italic]What to do next[/italic]

   [bold]ackd demo --keep[/bold]  the same, and the sandbox stays for you to look around
   [bold]ackd sandbox[/bold]      an office of your own (docs/tutorial.md, without a mailbox)
   [bold]ackd init[/bold]         set up your own mailbox; it begins in preview mode, which
                     writes nothing into it
"""


@exits(
    done="exactly what should be acknowledged was, and every promise was followed",
    failed="something went wrong",
)
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the sandbox running until Ctrl-C, to look around.")
    ] = False,
    graph: Annotated[
        bool,
        typer.Option("--graph", help="Reach Alice's mailbox by Microsoft Graph, over TLS."),
    ] = False,
) -> None:
    """Show ackd at work in an embedded sandbox Exchange; needs no server and no account."""
    from rich.console import Console

    from ackd.cli.options import start_logging
    from ackd.demo.stage import Stage

    start_logging("warning")
    console = Console(highlight=False, soft_wrap=False)
    console.width = min(console.width, WIDTH)
    tell = teller(console)
    folder = Path(tempfile.mkdtemp(prefix="ackd-demo-"))
    try:
        with Stage(folder, graph=graph) as stage:
            console.print("[bold]A Monday morning at corp.example[/bold], in a sandbox on this machine\n")
            outcome = stage.play(tell)
            show(console, outcome)
            afternoon = stage.go_on(tell)
            show_afternoon(console, afternoon)
            if not (keep or outcome.wrong or afternoon.wrong):
                console.print(NEXT, end="")
            if keep:
                _keep(console, stage)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if outcome.wrong or afternoon.wrong:
        raise typer.Exit(ExitStatus.FAILED)


def teller(console: Console) -> Callable[[str], None]:
    """Tells the story's lines: what doesn't fit goes on below the words, beside the time."""
    import textwrap

    from rich.markup import escape

    def tell(words: str) -> None:
        lines = textwrap.wrap(words, console.width, subsequent_indent=" " * 7)
        console.print(escape("\n".join(lines)))

    return tell


def show(console: Console, outcome: Outcome) -> None:
    """The questions and the decisions, the dates, a letter as a colleague gets it, and the tasks."""
    from rich.markup import escape
    from rich.panel import Panel
    from rich.table import Table

    from ackd.demo.story import ZONE, asked, name_of

    console.print("\n[italic]What they wrote, and what ackd made of it[/italic]")
    for row, subject in outcome.judged:
        word = "[green]acknowledge[/green]" if row.verdict.acknowledge else "leave"
        if row.closed:
            word = "[yellow]cancelled[/yellow]"
        console.print(f"\n[bold]{escape(name_of(row.sender))}[/bold]: {escape(subject)}")
        _indented(console, f"[cyan]{escape(asked(subject))}[/cyan]")
        _indented(console, f"{word}: {escape(row.closed or row.verdict.reason)}")
    console.print("\n[italic]How the dates come about[/italic]\n")
    console.print(HOURS)
    for words in outcome.dates:
        _indented(console, escape(words))
    console.print()
    for address, mails in outcome.letters.items():
        for mail in mails:
            sender, name = mail.sender.email if mail.sender else "", name_of(address)
            head = f"From: {name_of(sender)} <{sender}>\nTo: {name} <{address}>\nSubject: {mail.subject}"
            letter = escape(f"{head}\n\n{mail.text.strip()}")
            console.print(Panel(letter, title=f"In {name}'s inbox", width=WIDTH))
            break
        if mails:
            break
    console.print(f"[dim]… and {sum(map(len, outcome.letters.values())) - 1} more letters like it.[/dim]\n")
    tasks = Table(title="Alice's tasks in Outlook", title_justify="left", expand=True)
    for name in ("due", "reminder"):
        tasks.add_column(name, no_wrap=True)
    tasks.add_column("subject", ratio=1)
    tasks.add_column("category")
    for task in outcome.tasks:
        reminder = f"{task.reminder.astimezone(ZONE):%a %d %b %H:%M}" if task.reminder else ""
        due = f"{task.due:%a %d %b}" if task.due else ""
        tasks.add_row(due, reminder, escape(task.subject), escape(", ".join(task.categories)))
    console.print(tasks)
    if outcome.wrong:
        console.print("[red]Not as it should be:[/red] " + escape("; ".join(outcome.wrong)))
    else:
        console.print("\nExactly what should be acknowledged was, and nothing else.\n")


def _indented(console: Console, words: str) -> None:
    from rich.padding import Padding

    console.print(Padding(words, (0, 0, 0, 3), expand=False))


def show_afternoon(console: Console, afternoon: Afternoon) -> None:
    """What became of the promises."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="What became of the promises", title_justify="left", expand=True)
    table.add_column("done", justify="center")
    table.add_column("due", no_wrap=True)
    table.add_column("task", ratio=2)
    table.add_column("promise", ratio=2)
    for task, words in afternoon.tasks:
        due = f"{task.due:%a %d %b}" if task.due else ""
        table.add_row(
            "[green]✓[/green]" if task.is_complete else "", due, escape(task.subject), escape(words)
        )
    console.print()
    console.print(table)
    if afternoon.wrong:
        console.print("[red]Not as it should be:[/red] " + escape("; ".join(afternoon.wrong)))
    else:
        console.print("\nEvery promise was followed, in Outlook alone.")


def _graph_place(stage: Stage) -> str:
    """Where a client of Graph finds the sandbox, if the demo is played there."""
    from ackd.demo import story

    if not stage.is_graph:
        return ""
    return (
        f"Graph: {stage.sandbox.graph_url}  authority: {stage.sandbox.sign_in_url}\n"
        f"App: {story.APP}  secret: {story.PASSWORD}  certificate to trust: {stage.sandbox.authority}\n"
    )


def _keep(console: Console, stage: Stage) -> None:
    """Wait, with the sandbox running, until the person has seen enough."""
    import signal
    import threading

    from ackd.demo import story

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    people = ", ".join([story.ALICE, *story.COLLEAGUES])
    console.print(
        f"\nThe sandbox keeps running at {stage.sandbox.url}\n"
        f"Sign in with any EWS client as one of: {people}\nPassword: {story.PASSWORD}\n{_graph_place(stage)}"
        f"Let ackd look again:  ackd once --config {stage.config_file} --clock {stage.clock_file}\n"
        f"Deliver a mail:       ackd sandbox deliver --data {stage.folder / 'sandbox'} "
        f"--clock {stage.clock_file} --to {story.ALICE} FILE.eml\n"
        "Ctrl-C ends it and removes everything.",
        soft_wrap=True,
    )
    stop.wait()
