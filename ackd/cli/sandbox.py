"""`ackd sandbox`: an Exchange server for trying out, and mail for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from ackd.cli import sandbox_serving
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from exchange_sandbox import Fault, Limits, Quirks, Sandbox
    from exchange_sandbox.server.show import ShownFolder, ShownItem

app = typer.Typer(
    name="sandbox",
    help="An Exchange server (EWS and Graph) in one process, for trying out and for tests.",
    no_args_is_help=True,
)

_HostOption = Annotated[str, typer.Option(help="The address to serve on.")]
_PortOption = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")]
_MailboxOption = Annotated[
    list[str] | None,
    typer.Option(metavar="ADDRESS:PASSWORD", help="A mailbox to add, or to give a new password. Repeatable."),
]
_GroupOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ADDRESS=MEMBER,...",
        help="A distribution list to add, or to give other members. Repeatable.",
    ),
]
_ShareOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ADDRESS=PERSON:RIGHT,...",
        help="Let a person work in another's mailbox: full-access, send-as, send-on-behalf. Repeatable.",
    ),
]
_LanguageOption = Annotated[
    str, typer.Option(metavar="CODE", help="The language in which new mailboxes name their folders.")
]
_DataOption = Annotated[Path, typer.Option("--data", help="Its directory; made if it is not there.")]
_ServedOption = Annotated[Path, typer.Option("--data", help="Its directory, that of a sandbox which served.")]
_ClockOption = Annotated[
    Path | None, typer.Option("--clock", help="Take the time from this file (one ISO 8601 line); for tests.")
]

_LogOption = Annotated[Path | None, typer.Option(metavar="DIR", help="Write the traffic as files there.")]
_TlsOption = Annotated[bool, typer.Option("--tls", help="Serve by https, with a self-made certificate.")]
_TlsFilesOption = Annotated[
    tuple[Path, Path] | None,
    typer.Option(metavar="CERTIFICATE KEY", help="Serve by https, with these files (PEM)."),
]
_FaultOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OPERATION:KIND[=VALUE][:TIMES[:SKIP]]",
        help="Fail on purpose, such as SendItem:cut-after-commit:2. Repeatable. While it runs, more are"
        " read from the file FAULTS in the data directory.",
    ),
]
_QuirkOption = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Differ as a real server does. Repeatable.")
]
_ThrottleOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=NUMBER",
        help="Limit each user: connections, streams, subscriptions, requests (a minute), graph_connections,"
        " graph_requests (in ten minutes). Repeatable.",
    ),
]
_AppOption = Annotated[
    list[str] | None,
    typer.Option(
        "--app",
        metavar="CLIENT_ID:SECRET",
        help="An app that may reach all mailboxes, and proves itself by a secret. Repeatable.",
    ),
]
_AppCertificateOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CLIENT_ID:CERT.pem",
        help="An app that may reach all mailboxes, and proves itself by its certificate. Repeatable.",
    ),
]
_InClearOption = Annotated[
    bool,
    typer.Option(
        "--in-clear",
        help="Serve by http where other machines reach it: passwords and mail go there in clear.",
    ),
]
_CaFileOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="With --tls: write there the certificate that clients trust."),
]


@app.command()
def serve(
    data: _DataOption,
    host: _HostOption = "127.0.0.1",
    port: _PortOption = 8025,
    mailbox: _MailboxOption = None,
    group: _GroupOption = None,
    share: _ShareOption = None,
    clock: _ClockOption = None,
    fault: _FaultOption = None,
    quirk: _QuirkOption = None,
    log: _LogOption = None,
    tls: _TlsOption = False,
    tls_files: _TlsFilesOption = None,
    throttle: _ThrottleOption = None,
    language: _LanguageOption = "en",
    app_: _AppOption = None,
    app_certificate: _AppCertificateOption = None,
    ca_file: _CaFileOption = None,
    in_clear: _InClearOption = False,
) -> None:
    """Serve Exchange Web Services and Microsoft Graph until SIGTERM or Ctrl-C.

    On a --host that other machines reach wrong passwords are answered ever later.
    """
    from exchange_sandbox import ClockError, FileClock, Sandbox, SandboxError

    sandbox_serving.check_exposure(host, is_secure=tls or tls_files is not None, in_clear=in_clear)
    over = sandbox_serving.until_stopped()
    try:
        sandbox = Sandbox(
            data,
            dict(_mailbox(one) for one in mailbox or ()),
            groups=dict(_group(one) for one in group or ()),
            host=host,
            port=port,
            clock=FileClock(clock) if clock else None,
            quirks=_quirks(quirk or []),
            log=log,
            tls=tls_files or tls,
            limits=_limits(throttle or []),
            language=language,
            apps=dict(_app(one) for one in app_ or ()),
            app_certificates={
                client: Path(file) for client, file in map(_certificate, app_certificate or ())
            },
        )
        sandbox.faults.extend(_faults(fault or []))
        sandbox.start()
        for one in share or ():
            sandbox.share(*_share(one))
    except (SandboxError, ClockError) as error:
        _give_up(error)
    if ca_file is not None:
        _write_authority(sandbox, ca_file)
    typer.echo(f"listening on {sandbox.url}")
    typer.echo(f"graph on {sandbox.graph_url} authority {sandbox.sign_in_url}")
    if sandbox.authority:
        typer.echo(f"its certificate is signed by {sandbox.authority}")
    over.wait()
    sandbox.stop()


@app.command()
def deliver(
    data: _ServedOption,
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The mailbox or list of the sandbox that they go to.")
    ],
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE.eml]...", help="The mails.", exists=True, dir_okay=False),
    ] = None,
    sample: Annotated[
        bool,
        typer.Option("--sample", help="Deliver some mails that colleagues may write; no file is needed."),
    ] = False,
    from_outside: Annotated[
        bool,
        typer.Option(
            "--from-outside",
            help="They come from the internet: stamps of the organisation are stripped from them.",
        ),
    ] = False,
    clock: _ClockOption = None,
) -> None:
    """Deliver mails as transport does, also while the sandbox serves.

    A mail from an address in a domain of the sandbox's mailboxes gets the server's stamp of the inside
    (X-MS-Exchange-Organization-AuthAs), as if its author had sent it; one that has a stamp keeps it.
    """
    from exchange_sandbox import ClockError, FileClock, SandboxError
    from exchange_sandbox import deliver as deliver_mails
    from exchange_sandbox.clock import system_clock
    from exchange_sandbox.samples import samples
    from exchange_sandbox.server.show import check_is_sandbox

    if not (files or sample):
        raise typer.BadParameter("say which mails: files, or --sample", param_hint="FILES/--sample")
    try:
        time = FileClock(clock) if clock else system_clock
        mails = [file.read_bytes() for file in files or ()] + (samples(to, time()) if sample else [])
        check_is_sandbox(data)
        deliver_mails(data, mails, to, clock=time, from_outside=from_outside, signed_in=True)
    except (SandboxError, ClockError, OSError) as error:
        _give_up(error)
    typer.echo(f"delivered {len(mails)} to {to}")


@app.command()
def consent(
    code: Annotated[str, typer.Argument(help="The code that the device or app shows.")],
    data: _ServedOption,
    mailbox: Annotated[str, typer.Option(metavar="ADDRESS", help="The mailbox of the person who decides.")],
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse instead.")] = False,
    clock: _ClockOption = None,
) -> None:
    """Agree that a device or app with this code signs in as a person, or refuse it; also while it serves."""
    from exchange_sandbox import ClockError, FileClock, SandboxError
    from exchange_sandbox import consent as decide
    from exchange_sandbox.server.show import check_is_sandbox

    try:
        check_is_sandbox(data)
        decide(data, code, mailbox, clock=FileClock(clock) if clock else None, refused=refuse)
    except (SandboxError, ClockError) as error:
        _give_up(error)
    typer.echo(f"{'refused' if refuse else 'agreed'} as {mailbox}")


@app.command()
def show(
    data: _ServedOption,
    place: Annotated[
        str, typer.Argument(metavar="ADDRESS[/FOLDER]", help="A mailbox, or a folder of it.")
    ] = "",
    item: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Show all of this item; lists give the numbers.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, a line each.")] = False,
) -> None:
    """Show what is in the sandbox: mailboxes and folders, items, or one item; also while it serves."""
    from exchange_sandbox import SandboxError
    from exchange_sandbox.server.show import Shelf

    address, _, path = place.partition("/")
    try:
        with Shelf(data) as shelf:
            if item is not None:
                shown = shelf.item(item)
                _print([asdict(shown)] if as_json else _whole(shown), as_json)
                return
            rows: list[Any] = []
            found = shelf.folders(address, path)
            full = {folder.mailbox for folder in found if folder.total}
            if not (path or as_json):
                rows += [f"{_plain(name)}: empty" for name in sorted({f.mailbox for f in found} - full)]
            for folder in found:
                listed = shelf.items(folder) if address and folder.total else []
                if as_json:
                    rows += [asdict(one) for one in listed] if address else [asdict(folder)]
                elif folder.total or path:
                    rows += [_folder_line(folder), *map(_item_line, listed)]
            _print(rows, as_json)
    except SandboxError as error:
        _give_up(error)


def _print(rows: Iterable[Any], as_json: bool) -> None:
    for row in rows:
        typer.echo(json.dumps(row, ensure_ascii=True) if as_json else row)


def _folder_line(folder: ShownFolder) -> str:
    unread = f", {folder.unread} unread" if folder.unread else ""
    total = f"{folder.total} item{'s' if folder.total != 1 else ''}"
    return f"{_plain(folder.mailbox)}/{_plain(folder.path)}: {total}{unread}"


def _item_line(item: ShownItem) -> str:
    facts = ", ".join(f"{name} {_value(value)}" for name, value in item.glance.items())
    return f"  {item.number:>5}  {_plain(item.cls)}  {_plain(item.subject)!r}  {facts}"


def _whole(item: ShownItem) -> Iterator[str]:
    yield f"item {item.number} in {_plain(item.folder)}"
    for name, value in sorted(item.properties.items()):
        yield f"  {_plain(name)}: {_value(value)}"
    for name, text in item.texts.items():
        yield f"--- {_plain(name)}"
        yield from (_plain(line) for line in text.split("\n"))


def _value(value: Any) -> str:
    """A property's value on one line: names with addresses, lists with commas."""
    if isinstance(value, dict) and "address" in value:
        return _plain(f"{value.get('name') or ''} <{value['address']}>".strip())
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return _plain(value if isinstance(value, str) else json.dumps(value))


def _plain(text: str) -> str:
    """Without what a terminal would obey: mail may hold anything."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _app(text: str) -> tuple[str, str]:
    client, colon, secret = text.partition(":")
    if not (client and colon and secret):
        raise typer.BadParameter(f"{text!r} is not CLIENT_ID:SECRET", param_hint="--app")
    return client, secret


def _certificate(text: str) -> tuple[str, str]:
    client, colon, file = text.partition(":")
    if not (client and colon and file):
        raise typer.BadParameter(f"{text!r} is not CLIENT_ID:CERT.pem", param_hint="--app-certificate")
    return client, file


def _write_authority(sandbox: Sandbox, file: Path) -> None:
    if sandbox.authority is None:
        sandbox.stop()
        raise typer.BadParameter("it needs --tls: nothing is signed without", param_hint="--ca-file")
    try:
        file.write_bytes(sandbox.authority.read_bytes())
    except OSError as error:
        sandbox.stop()
        _give_up(error)


def _mailbox(text: str) -> tuple[str, str]:
    address, colon, password = text.partition(":")
    if not (address and colon and password):
        raise typer.BadParameter(f"{text!r} is not ADDRESS:PASSWORD", param_hint="--mailbox")
    return address, password


def _group(text: str) -> tuple[str, list[str]]:
    address, equals, members = text.partition("=")
    found = [member.strip() for member in members.split(",") if member.strip()]
    if not (address.strip() and equals and found):
        raise typer.BadParameter(f"{text!r} is not ADDRESS=MEMBER,MEMBER", param_hint="--group")
    return address.strip(), found


def _share(text: str) -> tuple[str, ...]:
    address, _, rest = text.partition("=")
    person, _, rights = rest.partition(":")
    found = tuple(right.strip() for right in rights.split(",") if right.strip())
    if not (address.strip() and person.strip() and found):
        raise typer.BadParameter(f"{text!r} is not ADDRESS=PERSON:RIGHT,RIGHT", param_hint="--share")
    return address.strip(), person.strip(), *found


def _faults(texts: list[str]) -> list[Fault]:
    from exchange_sandbox.faults import parse

    try:
        return [parse(text) for text in texts]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fault") from error


def _quirks(names: list[str]) -> Quirks:
    from exchange_sandbox import Quirks

    try:
        return Quirks.of(names)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--quirk") from error


def _limits(texts: list[str]) -> Limits:
    from exchange_sandbox import Limits

    try:
        return Limits.of(texts)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--throttle") from error


def _give_up(error: Exception) -> NoReturn:
    typer.echo(f"ackd: {error}", err=True)
    raise typer.Exit(ExitStatus.FAILED)
