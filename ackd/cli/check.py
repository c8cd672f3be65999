"""`ackd check`: the doctor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, ConfirmOption, JsonOption, config_path
from ackd.clock import in_zone
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from datetime import tzinfo

    from ackd.model.hosts import Asking, Confirm
    from ackd.views.doctor import Finding


@exits(ExitStatus.TRY_AGAIN, ExitStatus.REFUSED, ExitStatus.WRONG, done="all is well")
def check(
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    confirm_host: ConfirmOption = None,
    send_to_self: Annotated[
        bool,
        typer.Option(
            "--send-to-self",
            help="Also try on your server what ackd relies on, by one mail to yourself, one task and one "
            "folder; all are removed again, as far as the server deletes for good.",
        ),
    ] = False,
    form: Annotated[
        bool,
        typer.Option("--form", help="Print a pilot's form instead, to fill in; nothing in it names anybody."),
    ] = False,
) -> None:
    """Check configuration, sign-in and folders; writes nothing to the mailbox unless told to.

    Also tries a password again that the server refused before; a service that waits for it goes on.
    With endpoint: autodiscover it asks you, at a terminal, whether the sign-in may go to a host that
    wasn't confirmed yet. Of several findings the status is the gravest's.
    """
    import json
    from dataclasses import asdict

    from ackd.errors import AckdError
    from ackd.views.doctor import Finding

    if form and as_json:
        raise typer.BadParameter("give --form or --json, and not both")
    path = config_path(config)
    findings = list(examine(path, clock, _confirm(confirm_host, silent=as_json or form)))
    if send_to_self and not any(finding.exit_code for finding in findings):
        findings = [one for one in findings if one.what != "self-test"]  # of the last one: this run's follows
        try:
            findings += _prove(path, clock)
        except AckdError as error:
            findings.append(Finding("self-test", False, str(error), "", error.exit_code))
    if form:
        typer.echo(_form(path, clock, findings), nl=False)
    elif as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        show(findings, owner_zone(path))
    worst = max((finding.exit_code for finding in findings), default=0)
    if worst:
        raise typer.Exit(worst)


def _confirm(given: list[str] | None, *, silent: bool) -> Confirm:
    """The hosts of the option, and those that a person at the terminal confirms."""
    import sys

    from ackd.model.hosts import among

    try:
        by_option = among(given or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--confirm-host") from None

    def confirm(asking: Asking) -> bool:
        if by_option(asking):
            return True
        if silent or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        typer.echo(asking.words)
        return typer.confirm("Sign in there?", default=asking.is_own)

    return confirm


def examine(path: Path, clock_path: Path | None, confirm: Confirm) -> Iterator[Finding]:
    """Look at everything. Raises ConfigError where the configuration can't be used. One that others may
    change is told and not gone by: it may name another's server."""
    from ackd import config as configuration
    from ackd.config.days import CALENDAR
    from ackd.config.hours import MAILBOX
    from ackd.own_files import OpenToOthers
    from ackd.runtime import ledgers
    from ackd.runtime.check import assumed, inspect
    from ackd.runtime.config_check import letter_notes
    from ackd.views import doctor

    try:
        loaded = configuration.load(path)
    except OpenToOthers as error:
        yield doctor.Finding("permissions", False, error.words, error.remedy, error.exit_code)
        return
    config, clock = loaded.config, ledgers.clock_of(clock_path)
    yield from doctor.examine(
        config_path=path,
        state=config.state_directory,
        notes=(*loaded.old_names, *loaded.notes, *letter_notes(config)),
        assumed=lambda told: assumed(config, told),
        is_said=lambda key: getattr(config.promise, key) not in (MAILBOX, CALENDAR),
        inspect=lambda: inspect(config, clock, confirm),
        now=clock.now,
    )


def owner_zone(path: Path) -> tzinfo | None:
    """The owner's zone; None where the configuration can't be used."""
    from ackd import config as configuration
    from ackd.errors import AckdError
    from ackd.runtime import ledgers

    try:
        return ledgers.owner_time(configuration.load(path).config).calendar.zone
    except AckdError:
        return None


def _prove(path: Path, clock: Path | None) -> list[Finding]:
    import threading

    from ackd.runtime.check import self_test_of
    from ackd.views.doctor import tried

    def wait(seconds: float) -> None:
        threading.Event().wait(seconds)

    return [tried(result) for result in self_test_of(path, clock, wait)]


def _form(path: Path, clock: Path | None, findings: list[Finding]) -> str:
    """What was found, the last self-test and the last week's counts, as a form."""
    import platform
    from datetime import timedelta
    from importlib.metadata import version

    from ackd import __version__
    from ackd.engine import self_test
    from ackd.runtime.check import way_of
    from ackd.runtime.ledgers import shared_ledger
    from ackd.views import pilot

    build = {"ackd": __version__, "Python": platform.python_version(), "on": platform.system()}
    build |= {name: version(name) for name in ("exchangelib", "msal", "requests")}
    way, endpoint = way_of(path)
    if is_graph := way["kind"] == "graph":
        way["cloud"] = pilot.cloud(endpoint)
    with shared_ledger(path, clock) as shared:
        ledger, now = shared.ledger, shared.clock.now()
        counted = pilot.counts(ledger, now - timedelta(days=7), now)
        return pilot.form(build, way, findings, self_test.known(ledger), counted, is_graph=is_graph)


def show(findings: Iterable[Finding], zone: tzinfo | None) -> int:
    """A line for each finding, with its remedy, by a clock in the zone (None: this machine's); returns the
    exit status of the worst."""
    worst = 0
    for finding in findings:
        typer.echo(in_zone(f"{'ok  ' if finding.well else 'FAIL'} {finding.what}: {finding.found}", zone))
        if finding.remedy:
            typer.echo(f"     remedy: {finding.remedy}")
        worst = max(worst, finding.exit_code)
    return worst
