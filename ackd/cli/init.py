"""`ackd init`: from nothing to a configuration that works. Each question is an option too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.init_access import Password, Questions, checked, confirm_of, sign_in
from ackd.cli.options import ClockOption, ConfigOption, ConfirmOption, config_path

if TYPE_CHECKING:
    from ackd.config.secrets import Secret
    from ackd.model.access import Access
    from ackd.runtime.onboarding import Found

_Text = str | None
AddressOption = Annotated[_Text, typer.Option("--address", help="Your mail address.")]
EndpointOption = Annotated[_Text, typer.Option("--endpoint", help="The address of EWS, or autodiscover.")]
AuthOption = Annotated[
    _Text, typer.Option("--auth", help="auto (the safest that the server offers), basic, ntlm or kerberos.")
]
UserOption = Annotated[_Text, typer.Option("--username", help="The name to sign in with.")]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of the input.")
]
FromOption = Annotated[
    _Text,
    typer.Option(
        "--password-from",
        metavar="env:NAME|file:PATH|keyring:NAME",
        help="Where the password is kept already; nothing is stored then.",
    ),
]
KeepOption = Annotated[
    _Text, typer.Option("--keep", help="Where to keep the password: keyring, file or credential (systemd's).")
]
CaOption = Annotated[Path | None, typer.Option("--ca-bundle", help="In-house certificates to trust (PEM).")]
ProxyOption = Annotated[_Text, typer.Option("--proxy", help="An HTTP proxy's address, or direct.")]
NameOption = Annotated[_Text, typer.Option("--name", help="How you sign letters.")]
DomainOption = Annotated[list[str] | None, typer.Option("--domain", help="Colleagues' domain. Repeatable.")]
ZoneOption = Annotated[_Text, typer.Option("--time-zone", help="mailbox, or an IANA name.")]
HoursOption = Annotated[
    _Text, typer.Option("--working-hours", help="mailbox, or such as 'mon-thu 09:00-17:30; fri 09:00-15:00'.")
]
CountryOption = Annotated[_Text, typer.Option("--country", help="Whose holidays you keep, such as DE; none.")]
PartOption = Annotated[_Text, typer.Option("--subdivision", help="Its part, such as BY.")]
LanguageOption = Annotated[_Text, typer.Option("--language", help="Letters in: asker, en, de, fr, es, …")]
StateOption = Annotated[Path | None, typer.Option("--state", help="The directory of ledger and caches.")]
YesOption = Annotated[
    bool,
    typer.Option(
        "--yes",
        "-y",
        help="Ask nothing: take what was found; sign in only at hosts below your address's domain.",
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a configuration that is there.")]


def init(
    address: AddressOption = None,
    endpoint: EndpointOption = None,
    auth: AuthOption = None,
    username: UserOption = None,
    password_stdin: StdinOption = False,
    password_from: FromOption = None,
    keep: KeepOption = None,
    confirm_host: ConfirmOption = None,
    ca_bundle: CaOption = None,
    proxy: ProxyOption = None,
    name: NameOption = None,
    domain: DomainOption = None,
    time_zone: ZoneOption = None,
    working_hours: HoursOption = None,
    country: CountryOption = None,
    subdivision: PartOption = None,
    language: LanguageOption = None,
    state: StateOption = None,
    config: ConfigOption = None,
    yes: YesOption = False,
    force: ForceOption = False,
    clock: ClockOption = None,
) -> None:
    """Set ackd up: find your server, sign in, write a configuration in preview mode.

    Nothing is written to the mailbox. Each question is an option, too; --yes asks nothing. A host that
    autodiscover leads to gets your sign-in only if it asks for it and you confirm it.
    """
    from ackd.runtime import onboarding

    path, questions = config_path(config), Questions(silent=yes)
    _may_write(path, questions, force=force)
    access = _access(questions, address, endpoint, auth, username)
    bundle, way = str(ca_bundle.resolve()) if ca_bundle else None, proxy and checked("mailbox.proxy", proxy)
    access = replace(access, ca_bundle=bundle, proxy=way)
    secret = _place_of(password_from, path)
    confirm = confirm_of(questions, confirm_host)
    password = Password(access, secret, questions, password_stdin)
    access, found = sign_in(access, password, confirm, questions, state, clock)
    _tell(access, found)
    zone, likely = _zone(found, questions, time_zone)
    land = questions.ask("Country whose holidays you keep (or none)", country, likely or "none")
    values = onboarding.values(
        access,
        None if access.auth == "kerberos" else secret or _keep(access, questions, keep, path),
        name=questions.ask("Your name below letters", name, found.card.name or ""),
        domains=domain or _domains(questions, found),
        zone=zone,
        hours=_hours(found, questions, working_hours),
        country="" if land == "none" else land,
        subdivision=subdivision or "",
        language=questions.ask("Letters in (asker: the mail's own language)", language, "asker"),
        state=state.resolve() if state else None,
    )
    _write(path, values)
    _finish(path, config, clock)


_AUTH_WORDS = "Sign in by (auto: the safest that the server offers; basic, ntlm, kerberos)"
_AUTHS = ("auto", "basic", "ntlm", "kerberos")


def _access(
    questions: Questions, address: str | None, endpoint: str | None, auth: str | None, username: str | None
) -> Access:
    """Whose mailbox it is, where, and how to sign in; the password comes later."""
    from ackd.model.access import Access

    own = checked("mailbox.address", questions.ask("Your mail address", address))
    place = questions.ask("EWS address of your server (autodiscover finds it)", endpoint, "autodiscover")
    how = _one_of("--auth", questions.ask(_AUTH_WORDS, auth, "auto"), _AUTHS)
    user = own if how == "kerberos" else questions.ask("User name", username, own)
    return Access(own, checked("mailbox.endpoint", place), user, "", how)


def _may_write(path: Path, questions: Questions, *, force: bool) -> None:
    from ackd.errors import UsageError

    if not path.exists() or force:
        return
    if questions.silent:
        raise UsageError(f"{path} is there already: --force replaces it")
    typer.confirm(f"{path} is there already. Replace it?", abort=True)


def _one_of(option: str, answer: str, allowed: tuple[str, ...]) -> str:
    if answer not in allowed:
        raise typer.BadParameter(f"{answer!r} is none of {', '.join(allowed)}", param_hint=option)
    return answer


def _place_of(given: str | None, path: Path) -> Secret | None:
    if given is None:
        return None
    from ackd.config.field_types import Base
    from ackd.config.secrets import read_secret_place
    from ackd.config.value_error import Wrong

    source, _, name = given.partition(":")
    try:
        return read_secret_place({source: name}, Base(path.parent.absolute(), Path.home()))
    except Wrong:
        raise typer.BadParameter(
            "it is none of env:NAME, file:PATH, keyring:NAME", param_hint="--password-from"
        ) from None


def _tell(access: Access, found: Found) -> None:
    from ackd.runtime.onboarding import hours_words
    from ackd.views.stamps import numbers

    settings, card = found.settings, found.card
    typer.echo(f"Signed in by {access.auth}: {access.endpoint}, {found.version}. The mailbox says:")
    for what, value in (
        ("name", card.name),
        ("language", card.language),
        ("time zone", settings.zone),
        ("working hours", hours_words(settings)),
    ):
        typer.echo(f"  {what}: {value or 'nothing (set it in Outlook, or in the configuration)'}")
    typer.echo(f"  {numbers(found.stamps(access.address, found.domains))}")


def _zone(found: Found, questions: Questions, given: str | None) -> tuple[str, str]:
    """The time zone to write down ("" leaves it to the mailbox), and the country that it is in."""
    from ackd.engine.owner_settings import machine_zone
    from ackd.runtime.onboarding import likely_country

    told = found.settings.zone
    zone = given or ("mailbox" if told else questions.ask("Your time zone", None, machine_zone().key))
    return ("" if zone == "mailbox" else zone), likely_country(told if zone == "mailbox" else zone)


def _hours(found: Found, questions: Questions, given: str | None) -> dict[str, str] | None:
    """The working hours to write down; None leaves them to the mailbox."""
    told = given or ("mailbox" if found.settings.hours else None)
    answer = questions.ask("Your working hours", told, "mon-fri 09:00-17:00")
    if answer == "mailbox":
        return None
    days = (part.strip().partition(" ") for part in answer.split(";") if part.strip())
    return {day: spans.strip() for day, _, spans in days}


def _domains(questions: Questions, found: Found) -> list[str]:
    answer = questions.ask("Colleagues' domains, with commas", None, ", ".join(found.domains))
    return [one.strip() for one in answer.split(",") if one.strip()]


def _keep(access: Access, questions: Questions, given: str | None, path: Path) -> Secret | None:
    """Store the password; returns its place."""
    from ackd.config import store_secret
    from ackd.config.secrets import Secret, SecretSource

    if access.auth == "kerberos":
        return None
    default = given or ("keyring" if store_secret.keyring_works() else "file")
    words = "Keep the password in (keyring; file, of mode 0600; credential, for a systemd service)"
    answer = _one_of("--keep", questions.ask(words, given, default), ("keyring", "file", "credential"))
    if answer == "keyring":
        store_secret.store_in_keyring(access.username, access.password)
        return Secret(SecretSource.KEYRING, store_secret.SERVICE)
    file = path.parent.absolute() / store_secret.FILE
    store_secret.store_in_file(file, f"{access.password}\n")
    typer.echo(f"The password is in {file}, which you alone may read.")
    if answer == "file":
        return Secret(SecretSource.FILE, str(file))
    return Secret(SecretSource.CREDENTIAL, store_secret.FILE)


def _write(path: Path, values: Any) -> None:
    from ackd.config import loads
    from ackd.config.store_secret import store_in_file
    from ackd.config.writer import written

    text = written(values)
    loads(text.encode(), path)  # an answer that can't be used is told now, with its place
    store_in_file(path, text)
    typer.echo(f"\nWritten: {path} (mode preview: nothing is written to the mailbox). Checking it:")


@contextmanager
def _credentials_as_systemd_gives_them(folder: Path) -> Iterator[None]:
    import os

    name = "CREDENTIALS_DIRECTORY"
    if name in os.environ:
        yield
        return
    os.environ[name] = str(folder)
    try:
        yield
    finally:
        del os.environ[name]


def _finish(path: Path, given: Path | None, clock: Path | None) -> None:
    from ackd.cli.check import examine, show
    from ackd.model.hosts import nobody

    with _credentials_as_systemd_gives_them(path.parent.absolute()):
        worst = show(examine(path, clock, nobody))
    option = f" -c {path}" if given else ""
    typer.echo(
        f"\nNext:\n  ackd once{option}            notes where your mailbox stands; older mail is history\n"
        f"  ackd replay --since 30d{option}   what ackd would have done in the last month\n"
        f"  ackd service install{option}  runs ackd from your sign-in on (Linux with systemd)\n"
        f"When you trust it: mode: draft or mode: send in {path}"
    )
    if worst:
        raise typer.Exit(worst)
