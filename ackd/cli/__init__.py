"""The commands: they parse arguments, call the app and print. No decisions here.

Everything heavy is imported inside the functions, so that `ackd --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

import typer

from ackd import __version__
from ackd.cli import (
    alarms,
    calibrate,
    check,
    config,
    demo,
    explain,
    fleet,
    init,
    lessons,
    letter,
    log,
    migrate,
    promises,
    replay,
    report,
    review,
    rule,
    run,
    sandbox,
    service,
    sign_in,
    status,
    unanswered,
    uninstall,
)
from ackd.cli.value_names import name_values

app = typer.Typer(
    name="ackd",
    help="No colleague who asks is left in silence: ackd acknowledges questions in your Exchange "
    "mailbox, promises a date that can be kept and puts it on your desk as a task.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"ackd {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """Global options."""


app.command("init")(init.init)
app.command("sign-in")(sign_in.sign_in)
app.command("run")(run.run)
app.command("once")(run.once)
app.command("status")(status.status)
app.command("promises")(promises.promises)
app.command("unanswered")(unanswered.unanswered)
app.command("pause")(status.pause)
app.command("resume")(status.resume)
app.add_typer(status.parked_app, name="parked")
app.add_typer(alarms.app, name="alarms")
app.command("check")(check.check)
app.command("migrate")(migrate.migrate)
app.add_typer(lessons.app, name="lessons")
app.command("explain")(explain.explain)
app.command("log")(log.log)
app.command("replay")(replay.replay)
app.command("report")(report.report)
app.command("review")(review.review)
app.command("calibrate")(calibrate.calibrate)
app.command("demo")(demo.demo)
app.command("uninstall")(uninstall.uninstall)
app.add_typer(letter.app, name="letter")
app.add_typer(config.app, name="config")
app.add_typer(rule.app, name="rule")
app.add_typer(service.app, name="service")
app.add_typer(fleet.app, name="fleet")
app.add_typer(sandbox.app, name="sandbox")


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point of the command `ackd`."""
    import os

    from ackd.cli.output import watched

    os.umask(0o077)  # what any command writes is its user's alone
    with watched():
        _run(list(arguments) if arguments is not None else None)


def _run(arguments: list[str] | None) -> None:
    from ackd.clock import in_zone
    from ackd.errors import AckdError

    command = typer.main.get_command(app)
    name_values(command)
    try:
        command(args=arguments, prog_name="ackd")
    except AckdError as error:
        with suppress(OSError):  # its status tells where its words can't
            typer.echo(in_zone(f"ackd: {error}"), err=True)
        sys.exit(error.exit_code)
