"""`ackd explain`: what ackd would make of mails, in files or in the mailbox, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path

if TYPE_CHECKING:
    from ackd.engine.triage import Settings, Triage
    from ackd.model import Mail
    from ackd.runtime.read_only import ReadOnlyApp

LARGEST = 100 * 1024 * 1024  # bytes of a file that are read
MOST = 20  # mails of the mailbox that are explained at once
NO_INPUT = 66  # EX_NOINPUT


def explain(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE.eml|FOLDER]...", help="Mails, or folders with *.eml below."),
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

    Files are judged without a server, as if they had just arrived. Mails in the mailbox (the
    watched folders) are read from the server, and beside each judgement of today stands what was
    decided and done at the time. Nothing is sent or changed.

    With --json one object a line. Exit status 66 when a file can't be read or no mail is found.
    """
    from ackd.runtime.read_only import ReadOnlyApp

    _check_choice(files, message_id, subject)
    moment = _moment(now) if now else None
    with ReadOnlyApp(config_path(config), clock) as look:
        for words in look.assumed.words:
            typer.echo(f"ackd: assumed: {words}", err=True)
        if files:
            is_well = _explain_files(files, look, moment or (look.clock.now() if clock else None), as_json)
        else:
            is_well = _explain_mailbox(look, _angled(message_id), subject or "", moment, as_json)
    if not is_well:
        raise typer.Exit(NO_INPUT)


def _check_choice(files: list[Path] | None, message_id: str | None, subject: str | None) -> None:
    if sum((bool(files), message_id is not None, subject is not None)) != 1:
        raise typer.BadParameter(
            "say which mails: files, or --message-id '<…>', or --subject 'words'",
            param_hint="FILES/--message-id/--subject",
        )
    for hint, text in (("--message-id", message_id), ("--subject", subject)):
        if text is not None and (not text.strip() or not text.isprintable()):
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


def _explain_files(given: list[Path], look: ReadOnlyApp, now: datetime | None, as_json: bool) -> bool:
    """Returns whether all could be read."""
    from ackd.views import explain

    is_well = True
    for file in _files(given):
        name = str(file).encode("utf-8", "replace").decode("utf-8")
        try:
            triage, at = _judge(file, look.settings, now)
        except OSError as error:
            typer.echo(f"ackd: {name}: can't be read: {error.strerror or error}", err=True)
            is_well = False
            continue
        if as_json:
            found = {"file": name, **explain.judgement_as_json(triage, look.settings)}
            typer.echo(explain.dumped(found))
        else:
            typer.echo(explain.judgement_as_text(name, triage, look.settings, at))
    return is_well


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(path.rglob("*.eml"))
        else:
            yield path


def _judge(file: Path, settings: Settings, now: datetime | None) -> tuple[Triage, datetime]:
    """Judge a file as at its own Date: as if it had just arrived."""
    from dataclasses import replace

    from ackd.engine.triage import judge
    from ackd.model import Thread
    from ackd.text import eml

    with file.open("rb") as source:
        mail = eml.read(source.read(LARGEST))
    at = now or mail.sent or mail.received
    mail = replace(mail, received=at if now is None else mail.sent or mail.received)
    return judge(mail, settings, at, thread=Thread(), watermark=None, thorough=True), at


# --- the mailbox ------------------------------------------------------------------------------


def _explain_mailbox(
    look: ReadOnlyApp, message_id: str, subject: str, now: datetime | None, as_json: bool
) -> bool:
    """Returns whether there was a mail to explain."""
    with look.mailbox() as mailbox:
        mails = mailbox.search(message_id=message_id, subject=subject, limit=MOST)
    for mail in mails:
        typer.echo(_explained(mail, look, now or mail.received, as_json))
    if not mails:
        what = f"the Message-ID {message_id}" if message_id else f"the words {subject!r} in its subject"
        where = ", ".join(look.config.mailbox.folders)
        typer.echo(f"ackd: no mail with {what} lies in the watched folders ({where})", err=True)
    return bool(mails)


def _explained(mail: Mail, look: ReadOnlyApp, at: datetime, as_json: bool) -> str:
    from ackd.engine.triage import judge
    from ackd.model import Thread
    from ackd.model.log import LogFilter
    from ackd.views import explain

    ledger, settings, local = look.ledger, look.settings, look.settings.calendar.local
    entry = next(iter(ledger.log(LogFilter(message_ids=(mail.message_id,)))), None) if ledger else None
    # a mail that has a promise would be found to belong to a conversation with one: its own
    thread = ledger.thread(mail) if ledger and not (entry and entry.promise) else Thread()
    triage = judge(mail, settings, at, thread=thread, watermark=None, thorough=True)
    if not as_json:
        today = explain.judgement_as_text(explain.mail_title(mail), triage, settings, at)
        return f"{today}\n{explain.entry_as_text(entry, local)}"
    found = {"file": None, **explain.judgement_as_json(triage, settings)}
    found["mail"] = explain.mail_as_json(mail, local)
    found["recorded"] = explain.entry_as_json(entry, local) if entry else None
    return explain.dumped(found)
