"""`ackd init`: from nothing to a configuration that works. Each question is an option too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ackd.cli import init_graph
from ackd.cli import init_options as options
from ackd.cli import init_readers as readers
from ackd.cli.init_about import choose, tell
from ackd.cli.init_access import Password, asked, confirm_of, kind_of, sign_in
from ackd.cli.init_trust import Trust
from ackd.cli.options import ClockOption, ConfigOption, ConfirmOption, config_path
from ackd.cli.questions import Questions

if TYPE_CHECKING:
    from ackd.config.secrets import Secret
    from ackd.model.access import Access
    from ackd.runtime.onboarding import Found


def init(
    context: typer.Context,
    address: options.AddressOption = None,
    alias: options.AliasOption = None,
    endpoint: options.EndpointOption = None,
    kind: options.KindOption = None,
    authority: options.AuthorityOption = None,
    client_id: options.ClientOption = None,
    sign_in_by: options.SignInOption = None,
    certificate: options.CertificateOption = None,
    shared: options.SharedOption = False,
    auth: options.AuthOption = None,
    username: options.UserOption = None,
    password_stdin: options.StdinOption = False,
    password_from: options.FromOption = None,
    keep: options.KeepOption = None,
    confirm_host: ConfirmOption = None,
    ca_bundle: options.CaOption = None,
    trust_certificate: options.TrustOption = None,
    proxy: options.ProxyOption = None,
    name: options.NameOption = None,
    greeted: options.GreetedOption = None,
    domain: options.DomainOption = None,
    authenticated_by_tenant: options.TenantOption = None,
    time_zone: options.ZoneOption = None,
    working_hours: options.HoursOption = None,
    country: options.CountryOption = None,
    subdivision: options.PartOption = None,
    language: options.LanguageOption = None,
    state: options.StateOption = None,
    config: ConfigOption = None,
    yes: options.YesOption = False,
    anew: options.AnewOption = False,
    force: options.ForceOption = False,
    clock: ClockOption = None,
) -> None:
    """Set ackd up: find your server, sign in, write a configuration in preview mode.

    Nothing is written to the mailbox. Each question is an option, too; --yes asks nothing. Each answer is
    checked at once, and what you answered is proposed again where a try comes to no end. A host that
    autodiscover leads to gets your sign-in only if it asks for it and you confirm it.
    """
    path = config_path(config)
    _may_write(path, silent=yes, force=force)
    with _asking(path, _given(context), silent=yes, anew=anew) as questions:
        trust = Trust(questions, path, _bundle(ca_bundle, path), trust_certificate or [])
        secret = _place_of(password_from, path)
        _set_up(_Way(questions, path, trust, password_stdin, secret, confirm_host, clock), shared=shared)
    _finish(path, config, clock)


@dataclass(frozen=True, slots=True)
class _Way:
    """What both ways need: where the secret is (or that it comes by the input), which hosts may have it, …"""

    questions: Questions
    path: Path
    trust: Trust
    stdin: bool
    secret: Secret | None
    hosts: list[str] | None
    clock: Path | None


def _set_up(way: _Way, *, shared: bool) -> None:
    """Ask, sign in, and write."""
    from ackd.model.access import MailboxKind
    from ackd.runtime import onboarding

    questions = way.questions
    own = questions.ask("--address", "Your mail address", None, readers.address)
    words = "Your mail server (its name or its address; autodiscover finds it)"
    server = questions.ask("--endpoint", words, "autodiscover", readers.endpoint)
    via = _proxy(questions)
    if kind_of(questions, own, server, way.trust, via) is MailboxKind.GRAPH:
        access, found, place = _by_graph(way, own, server, via, shared=shared)
    else:
        access, found, place = _by_ews(way, own, server, via)
    tell(access, found)
    chosen = choose(questions, access, found, place)
    kept = way.secret or _keep(access, questions, way.path) if access.password else None
    _write(way.path, onboarding.values(access, kept, chosen), tells=questions.silent)


def _by_ews(way: _Way, address: str, server: str, proxy: str | None) -> tuple[Access, Found, Path | None]:
    access = replace(asked(way.questions, address, server), proxy=proxy)
    place = _state(way.questions)
    password = Password(access, way.secret, way.questions, way.stdin)
    confirm = confirm_of(way.questions, way.hosts)
    return *sign_in(access, password, confirm, way.questions, way.trust, _folder(place), way.clock), place


def _by_graph(
    way: _Way, address: str, server: str, proxy: str | None, *, shared: bool
) -> tuple[Access, Found, Path | None]:
    from ackd.runtime.ledgers import clock_of

    place = _state(way.questions)
    access, oauth = init_graph.asked(way.questions, address, server, _folder(place))
    words = init_graph.secret_words(oauth)
    if oauth.way.is_app and (words or way.secret or way.stdin):
        access = replace(access, password=Password(access, way.secret, way.questions, way.stdin, words)())
    access = replace(access, proxy=proxy)
    return *init_graph.sign_in(access, oauth, way.trust, clock_of(way.clock), shared=shared), place


def _given(context: typer.Context) -> dict[str, str]:
    """What was answered by options, by their names."""
    found: dict[str, str] = {}
    for option in context.command.params:
        name, value = option.opts[0], context.params.get(option.name or "")
        if isinstance(value, list | tuple):
            value = ", ".join(value) or None
        if value is not None and name in (*readers.BY_OPTION, *readers.LATER):
            found[name] = str(value)
    return found


@contextmanager
def _asking(path: Path, given: Mapping[str, str], *, silent: bool, anew: bool) -> Iterator[Questions]:
    """Questions whose answers are kept for the next try where this one comes to no end."""
    from ackd.runtime.kept_answers import KeptAnswers

    kept = KeptAnswers(path)
    known = {} if silent or anew else kept.read()
    if known:
        typer.echo("What you answered last time is proposed again (--anew begins afresh).")
    questions = Questions(silent, given, known)
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


def _write(path: Path, values: Mapping[str, Any], *, tells: bool) -> None:
    """Write the configuration; `tells` what is in it, where nobody was asked."""
    from ackd.config import loads
    from ackd.config.store_secret import store_in_file
    from ackd.config.writer import written

    text = written(values)
    loads(text.encode(), path)
    store_in_file(path, text)
    typer.echo(f"\nWritten: {path} (mode preview: nothing is written to the mailbox).")
    if tells:
        typer.echo("".join(f"  {line}\n" for line in said(text)), nl=False)
    typer.echo("Checking it:")


def said(text: str) -> list[str]:
    """What a configuration says: its lines without comments, and without sections that say nothing."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    depths = [len(line) - len(line.lstrip()) for line in lines]
    return [
        line
        for line, depth, below in zip(lines, depths, [*depths[1:], 0], strict=True)
        if not line.endswith(":") or below > depth
    ]


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
    from ackd.cli.check import examine, owner_zone, show
    from ackd.model.hosts import nobody

    with _credentials_as_systemd_gives_them(path.parent.absolute()):
        worst = show(examine(path, clock, nobody), owner_zone(path))
    option = f" -c {path}" if given else ""
    typer.echo(
        f"\nNext:\n  ackd once{option}            notes where your mailbox stands; older mail is history\n"
        f"  ackd replay --since 30d{option}   what ackd would have done in the last month\n"
        f"  ackd service install{option}  runs ackd from your sign-in on (Linux with systemd)\n"
        f"When you trust it: mode: draft or mode: send in {path}"
    )
    if worst:
        raise typer.Exit(worst)
