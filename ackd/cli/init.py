"""`ackd init`: from nothing to a configuration that works. Each question is an option too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli import init_readers as readers
from ackd.cli.init_about import choose, tell
from ackd.cli.init_access import Password, asked, confirm_of, sign_in
from ackd.cli.init_trust import Trust
from ackd.cli.options import ClockOption, ConfigOption, ConfirmOption, config_path
from ackd.cli.questions import Questions

if TYPE_CHECKING:
    from ackd.config.secrets import Secret
    from ackd.model.access import Access

_Text = str | None
_Texts = list[str] | None
AddressOption = Annotated[_Text, typer.Option("--address", help="Your mail address.")]
AliasOption = Annotated[_Texts, typer.Option("--alias", help="Another address of yours. Repeatable.")]
EndpointOption = Annotated[
    _Text, typer.Option("--endpoint", help="Your mail server, its address of EWS, or autodiscover.")
]
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
TrustOption = Annotated[
    _Texts,
    typer.Option(
        "--trust-certificate",
        metavar="SHA256",
        help="Trust the server's certificate with this SHA-256, though nobody vouches for it. Repeatable.",
    ),
]
ProxyOption = Annotated[_Text, typer.Option("--proxy", help="An HTTP proxy's address, or direct.")]
NameOption = Annotated[_Text, typer.Option("--name", help="How you sign letters.")]
GreetedOption = Annotated[
    _Texts, typer.Option("--greeted", help="A given name or nickname that colleagues greet. Repeatable.")
]
DomainOption = Annotated[_Texts, typer.Option("--domain", help="Colleagues' domain. Repeatable.")]
TenantOption = Annotated[
    _Text,
    typer.Option(
        "--authenticated-by-tenant",
        metavar="ID",
        help="The tenant whose marks prove a sender where the server sets no stamp. It has a risk.",
    ),
]
ZoneOption = Annotated[_Text, typer.Option("--time-zone", help="mailbox, or an IANA name.")]
HoursOption = Annotated[
    _Text, typer.Option("--working-hours", help="mailbox, or such as 'mon-thu 09:00-17:00; fri 09:00-15:00'.")
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
AnewOption = Annotated[
    bool, typer.Option("--anew", help="Don't propose what was answered in an earlier try.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a configuration that is there.")]


def init(
    address: AddressOption = None,
    alias: AliasOption = None,
    endpoint: EndpointOption = None,
    auth: AuthOption = None,
    username: UserOption = None,
    password_stdin: StdinOption = False,
    password_from: FromOption = None,
    keep: KeepOption = None,
    confirm_host: ConfirmOption = None,
    ca_bundle: CaOption = None,
    trust_certificate: TrustOption = None,
    proxy: ProxyOption = None,
    name: NameOption = None,
    greeted: GreetedOption = None,
    domain: DomainOption = None,
    authenticated_by_tenant: TenantOption = None,
    time_zone: ZoneOption = None,
    working_hours: HoursOption = None,
    country: CountryOption = None,
    subdivision: PartOption = None,
    language: LanguageOption = None,
    state: StateOption = None,
    config: ConfigOption = None,
    yes: YesOption = False,
    anew: AnewOption = False,
    force: ForceOption = False,
    clock: ClockOption = None,
) -> None:
    """Set ackd up: find your server, sign in, write a configuration in preview mode.

    Nothing is written to the mailbox. Each question is an option, too; --yes asks nothing. Each answer is
    checked at once, and what you answered is proposed again where a try comes to no end. A host that
    autodiscover leads to gets your sign-in only if it asks for it and you confirm it.
    """
    from ackd.runtime import onboarding

    path = config_path(config)
    _may_write(path, silent=yes, force=force)
    given = {
        "--address": address, "--alias": _joined(alias), "--endpoint": endpoint, "--auth": auth,
        "--username": username, "--proxy": proxy, "--keep": keep, "--name": name,
        "--greeted": _joined(greeted), "--domain": _joined(domain),
        "--authenticated-by-tenant": authenticated_by_tenant, "--time-zone": time_zone,
        "--working-hours": working_hours, "--country": country, "--subdivision": subdivision,
        "--language": language, "--state": str(state) if state else None,
    }  # fmt: skip
    with _asking(path, given, silent=yes, anew=anew) as questions:
        own = questions.ask("--address", "Your mail address", None, readers.address)
        access = replace(asked(questions, own), proxy=_proxy(questions))
        place = _state(questions)
        trust = Trust(questions, path, _bundle(ca_bundle, path), trust_certificate or [])
        secret = _place_of(password_from, path)
        password = Password(access, secret, questions, password_stdin)
        confirm = confirm_of(questions, confirm_host)
        access, found = sign_in(access, password, confirm, questions, trust, _folder(place), clock)
        tell(access, found)
        chosen = choose(questions, access, found, place)
        kept = None if access.auth == "kerberos" else secret or _keep(access, questions, path)
        _write(path, onboarding.values(access, kept, chosen))
    _finish(path, config, clock)


def _joined(given: list[str] | None) -> str | None:
    return None if given is None else ", ".join(given)


@contextmanager
def _asking(path: Path, given: Mapping[str, str | None], *, silent: bool, anew: bool) -> Iterator[Questions]:
    """Questions whose answers are kept for the next try where this one comes to no end."""
    from ackd.runtime.kept_answers import KeptAnswers

    kept = KeptAnswers(path)
    known = {} if silent or anew else kept.read()
    if known:
        typer.echo("What you answered last time is proposed again (--anew begins afresh).")
    options = {option: answer for option, answer in given.items() if answer is not None}
    questions = Questions(silent, options, known)
    questions.check(readers.BY_OPTION)
    try:
        yield questions
    except BaseException:
        answers = {**known, **questions.answers}
        if not silent and answers and kept.keep(answers):
            typer.echo(f"\nWhat you answered, but for secrets, is in {kept.path} for the next try.", err=True)
        raise
    kept.forget()


def _may_write(path: Path, *, silent: bool, force: bool) -> None:
    from ackd.errors import UsageError

    if not path.exists() or force:
        return
    if silent:
        raise UsageError(f"{path} is there already: --force replaces it")
    typer.confirm(f"{path} is there already. Replace it?", abort=True)


def _state(questions: Questions) -> Path | None:
    """The directory of the ledger and caches; None: the platform's."""
    usual = str(_folder(None))

    def read(answer: str) -> Path | None:
        from ackd import own_files
        from ackd.config.field_types import Base
        from ackd.config.one_value import read_value
        from ackd.config.value_error import Wrong
        from ackd.errors import ConfigError

        found = Path(read_value("state", answer, Base(Path.cwd(), Path.home())))
        try:
            own_files.own_folder(found, "state")
        except (ConfigError, OSError) as error:
            words = str(error) if isinstance(error, ConfigError) else error.strerror or "it can't be made"
            raise Wrong(words, allowed="a directory of your own") from None
        return None if answer == usual else found

    return questions.ask("--state", "Directory of the record and caches", usual, read)


def _folder(state: Path | None) -> Path:
    import platformdirs

    return state or platformdirs.user_state_path("ackd")


def _bundle(given: Path | None, path: Path) -> str | None:
    if given is None:
        return None
    from ackd.config.field_types import Base
    from ackd.config.one_value import read_value
    from ackd.config.value_error import Wrong

    try:
        return str(read_value("mailbox.ca_bundle", str(given.absolute()), Base(path.parent, Path.home())))
    except Wrong as wrong:
        raise typer.BadParameter(f"{given}: {wrong.detail}", param_hint="--ca-bundle") from None


def _proxy(questions: Questions) -> str | None:
    """By its option alone: most need none."""
    if "--proxy" not in questions.given:
        return None
    return questions.ask("--proxy", "Proxy", None, readers.proxy)


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


def _keep(access: Access, questions: Questions, path: Path) -> Secret | None:
    """Store the password; returns its place."""
    from ackd.config import store_secret
    from ackd.config.secrets import Secret, SecretSource

    works = "--keep" not in questions.given and store_secret.keyring_works()
    words = "Keep the password in (keyring; file, of mode 0600; credential, for a systemd service)"
    answer = questions.ask("--keep", words, "keyring" if works else "file", readers.keep)
    if answer == "keyring":
        store_secret.store_in_keyring(access.username, access.password)
        return Secret(SecretSource.KEYRING, store_secret.SERVICE)
    file = path.parent.absolute() / store_secret.FILE
    store_secret.store_in_file(file, f"{access.password}\n")
    typer.echo(f"The password is in {file}, which you alone may read.")
    if answer == "file":
        return Secret(SecretSource.FILE, str(file))
    return Secret(SecretSource.CREDENTIAL, store_secret.FILE)


def _write(path: Path, values: Mapping[str, Any]) -> None:
    from ackd.config import loads
    from ackd.config.store_secret import store_in_file
    from ackd.config.writer import written

    text = written(values)
    loads(text.encode(), path)
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
