"""`ackd explain`: what ackd would make of mails, in files or in the mailbox, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import (
    as_plain,
    dumped,
    entry_as_json,
    finding_lines,
    findings_as_json,
    shown,
    verdict_word,
)
from ackd.clock import in_zone
from ackd.errors import ExitStatus
from ackd.text.signs import are_written

if TYPE_CHECKING:
    from ackd.engine.triage import Settings
    from ackd.model import Mail
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.explain import Explanation
    from ackd.views.log import Entry

LARGEST = 100 * 1024 * 1024  # bytes of a file that are read
MOST = 20  # mails of the mailbox that are explained at once


@exits(ExitStatus.DONE, ExitStatus.NO_INPUT)
def explain(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE.eml|FOLDER", help="Mails, or folders with *.eml below."),
    ] = None,
    message_id: Annotated[
        str | None,
        typer.Option("--message-id", metavar="ID", help="The mail in the mailbox with this Message-ID."),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(
            "--subject", metavar="WORDS", help=f"Mails in the mailbox with these words; the newest {MOST}."
        ),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    now: Annotated[
        str | None,
        typer.Option(
            "--now", metavar="MOMENT", help="Judge as at this moment (ISO 8601), not at each mail's own."
        ),
    ] = None,
    clock: ClockOption = None,
) -> None:
    """Judge mails and say why: mails in files, or mails in the mailbox.

    Files are judged without a server, as if they had just arrived, and also where there is no
    configuration yet: for whom they are to. Mails in the mailbox (the
    watched folders) are read from the server, and beside each verdict of today stands what was
    decided and done at the time. Nothing is sent or changed.

    With --json one object a line.
    """
    from ackd.runtime.read_only_app import ReadOnlyApp

    _check_choice(files, message_id, subject)
    moment = _moment(now) if now else None
    if files and config is None and not config_path(config).exists():
        if not _explain_files(files, _NoConfiguration(), moment or _by(clock), as_json):
            raise typer.Exit(ExitStatus.NO_INPUT)
        return
    with ReadOnlyApp(config_path(config), clock) as look:
        look.learn()
        for words in look.assumed.words:
            typer.echo(f"ackd: assumed: {words}", err=True)
        if files:
            known = look.settings
            is_well = _explain_files(files, lambda mail: known, moment or _by(clock), as_json)
        else:
            is_well = _explain_mailbox(look, _angled(message_id), subject or "", moment, as_json)
    if not is_well:
        raise typer.Exit(ExitStatus.NO_INPUT)


def _check_choice(files: list[Path] | None, message_id: str | None, subject: str | None) -> None:
    if sum((bool(files), message_id is not None, subject is not None)) != 1:
        raise typer.BadParameter(
            "say which mails: files, or --message-id '<…>', or --subject 'words'",
            param_hint="FILES/--message-id/--subject",
        )
    for hint, text in (("--message-id", message_id), ("--subject", subject)):
        if text is not None and (not text.strip() or not are_written(text)):
            raise typer.BadParameter(
                f"{text!r} has nothing to look for, or signs that none has", param_hint=hint
            )


def _angled(message_id: str | None) -> str:
    """A Message-ID as mails write it, also where its angle brackets were left out."""
    return f"<{message_id.strip().strip('<>')}>" if message_id else ""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no moment: write it like 2026-11-23T09:00:00+01:00", param_hint="--now"
        ) from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no offset: write {text}+00:00", param_hint="--now")
    return moment.astimezone(UTC)


# --- files ------------------------------------------------------------------------------------


class _NoConfiguration:
    """The settings for a mail: whom it is to is its owner. What is assumed is told once for each."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def __call__(self, mail: Mail) -> Settings:
        from ackd.errors import ConfigError
        from ackd.runtime.settings import settings_without

        if not mail.to:
            raise ConfigError("it is to nobody by name: for whom it is to be judged, a configuration tells")
        settings, assumed = settings_without(mail.to[0].email)
        for words in assumed.words:
            if words not in self._told:
                typer.echo(f"ackd: assumed: {words}", err=True)
        self._told |= set(assumed.words)
        return settings


def _by(clock: Path | None) -> datetime | None:
    """The moment of a clock that was given."""
    from ackd.runtime.ledgers import clock_of

    return clock_of(clock).now() if clock else None


def _explain_files(
    given: list[Path], settings: Callable[[Mail], Settings], now: datetime | None, as_json: bool
) -> bool:
    """Returns whether all could be read."""
    from ackd.errors import ConfigError
    from ackd.text import eml
    from ackd.views.explain import explain_file

    is_well = True
    for file in _files(given):
        name = str(file).encode("utf-8", "replace").decode("utf-8")
        try:
            with file.open("rb") as source:
                raw = source.read(LARGEST)
        except OSError as error:
            typer.echo(f"ackd: {name}: can't be read: {error.strerror or error}", err=True)
            is_well = False
            continue
        try:
            known = settings(eml.read(raw))
        except ConfigError as error:
            typer.echo(f"ackd: {name}: {str(error).splitlines()[0]}", err=True)
            is_well = False
            continue
        found = explain_file(raw, known, now)
        typer.echo(dumped({"file": name, **_as_json(found)}) if as_json else as_text(name, found))
    return is_well


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(path.rglob("*.eml"))
        else:
            yield path


# --- the mailbox ------------------------------------------------------------------------------


def _explain_mailbox(
    look: ReadOnlyApp, message_id: str, subject: str, now: datetime | None, as_json: bool
) -> bool:
    """Returns whether there was a mail to explain."""
    from ackd.engine.colleagues import Rehearsal

    with look.mailbox() as mailbox:
        mails = mailbox.search(message_id=message_id, subject=subject, limit=MOST)
        directory = Rehearsal(mailbox, look.clock.now())
        for mail in mails:
            look.settings = directory.looked_up(look.settings, mail)
    for mail in mails:
        typer.echo(_explained(mail, look, now or mail.received, as_json))
    if not mails:
        what = f"the Message-ID {message_id}" if message_id else f"the words {subject!r} in its subject"
        where = ", ".join(look.config.mailbox.folders)
        typer.echo(f"ackd: no mail with {what} lies in the watched folders ({where})", err=True)
    return bool(mails)


def _explained(mail: Mail, look: ReadOnlyApp, at: datetime, as_json: bool) -> str:
    from ackd.views.explain import explain_mail
    from ackd.views.explain import shown as shown_mail

    found = explain_mail(mail, look.ledger, look.settings, at)
    if not as_json:
        return f"{as_text(_title(mail), found)}\n{_recorded(found.recorded)}"
    return dumped(
        {
            "file": None,
            **_as_json(found),
            "mail": as_plain(shown_mail(mail, look.settings.calendar.local), "seconds"),
            "recorded": entry_as_json(found.recorded) if found.recorded else None,
        }
    )


# --- as text and as JSON ----------------------------------------------------------------------


def _as_json(found: Explanation) -> dict[str, Any]:
    return {
        "verdict": verdict_word(found.acknowledge),
        "request": round(found.request, 4),
        "language": found.language,
        "urgency": found.urgency.value,
        "deadline": as_plain(found.deadline),
        "proof": found.proof or None,
        "findings": findings_as_json(found.findings),
        "promise": {"due": as_plain(found.due, "seconds")} if found.due else None,
        "task_alone": found.is_task_alone,
    }


def as_text(name: str, found: Explanation) -> str:
    """What ackd would make of a mail."""
    head = (
        f"judged as at {found.at:%Y-%m-%d %H:%M %Z}, "
        f"language {found.language or 'unknown'}, {found.stated.value.replace('_', ' ')}, "
        f"probability of a request {found.request:.2f}"
    )
    lines = [f"{name}: {'ACKNOWLEDGE' if found.acknowledge else 'leave'}", f"  {head}"]
    if found.proof:
        lines.append(f"  sender proved to be inside by {shown(found.proof)}")
    lines += [f"  {line}" for line in finding_lines(found.findings, found.at.tzinfo)]
    if found.deadline:
        lines.append(f"  asked by {found.deadline:%A %d %B %Y %H:%M}")
    if found.due and found.is_task_alone:
        why = "the mailbox's own out-of-office reply is on: " if found.acknowledge else ""
        lines.append(f"  {why}the task alone, no letter: due {found.due:%A %d %B %Y %H:%M}")
    elif found.due and found.acknowledge:
        lines.append(f"  promise: an answer by {found.due:%A %d %B %Y %H:%M}")
    return "\n".join(lines)


def _title(mail: Mail) -> str:
    sender = mail.sender.email if mail.sender else "an unknown sender"
    return f'"{shown(mail.subject, 120)}" from {shown(sender, 120)} {shown(mail.message_id)}'.rstrip()


def _recorded(entry: Entry | None) -> str:
    """What ackd decided at the time, below the verdict as it would be today."""
    if entry is None:
        return "  recorded: nothing, ackd hasn't judged this mail"
    word = "ACKNOWLEDGE" if entry.acknowledge else "leave"
    lines = [f"  recorded: {word}, decided {entry.decided:%Y-%m-%d %H:%M %Z} in mode {entry.mode}"]
    lines += [f"    {line}" for line in finding_lines(entry.findings, entry.decided.tzinfo)]
    if entry.became:
        lines.append(f"    {in_zone(shown(entry.became), entry.decided.tzinfo)}")
    return "\n".join(lines)
