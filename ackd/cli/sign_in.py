"""`ackd sign-in`: a person signs in once, and ackd keeps the sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, config_path
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.model.access import SignedIn, SignInWay


class AtTerminal:
    """Tells a person at a terminal what to do."""

    def open_page(self, url: str) -> None:
        """The address is shown too: the browser may be another one than the person wants."""
        import webbrowser

        typer.echo(f"Sign in in the browser that opens now, or open this address on this machine:\n{url}")
        try:
            webbrowser.open(url)
        except webbrowser.Error:
            typer.echo("No browser could be opened.", err=True)

    def enter_code(self, page: str, code: str, minutes: int) -> None:
        """On any device."""
        typer.echo(
            f"Open {page} on any device, within {minutes} minutes, and enter the code {code}\n"
            "Enter it only if you started this yourself. Waiting …"
        )


@exits(
    ExitStatus.REFUSED,
    ExitStatus.WRONG,
    done="all is well",
    unavailable="there is no browser here",
    try_again="the authority can't be reached",
)
def sign_in(
    config: ConfigOption = None,
    device: Annotated[
        bool, typer.Option("--device", help="With a code on another device, where there is no display here.")
    ] = False,
    browser: Annotated[
        bool, typer.Option("--browser", help="In this machine's browser, whatever the configuration says.")
    ] = False,
    shared: Annotated[
        bool,
        typer.Option(
            "--shared", help="The mailbox is another's, which was opened to you: sign in as yourself."
        ),
    ] = False,
    clock: ClockOption = None,
) -> None:
    """Sign in to a mailbox that is reached by tokens (kind: graph, or auth: oauth).

    You do it once: ackd looks whether you may open the mailbox, says what was granted, and keeps the sign-in;
    a running service goes on with it. With sign_in: certificate or secret nobody signs in: it is tried.
    """
    import os

    from ackd.runtime import sign_in as signing_in
    from ackd.runtime.ledgers import clock_of

    found = signing_in.configured(config_path(config))
    way = signing_in.way_of(found, _asked(device=device, browser=browser), os.environ)
    done = signing_in.sign_in(found, clock_of(clock), AtTerminal(), way, shared=shared)
    for line in told(done, found.mailbox.address, way):
        typer.echo(line)


def _asked(*, device: bool, browser: bool) -> SignInWay | None:
    from ackd.model.access import SignInWay

    if device and browser:
        raise typer.BadParameter("choose one of --device and --browser")
    return SignInWay.DEVICE if device else SignInWay.BROWSER if browser else None


def told(done: SignedIn, address: str, way: SignInWay) -> list[str]:
    """What came of it, in lines for its person."""
    if not done.person:
        return [f"The app's sign-in by its {way} is well, and opens {address}. Nobody has to sign in."]
    whose = "the mailbox's owner" if done.is_owner else f"who may open {address}"
    return [
        f"Signed in as {done.person}, {whose}.",
        f"Granted: {', '.join(done.scopes)}.",
        f"Kept in {done.place}. A running service goes on with it within a minute.",
        "It lasts while ackd runs. After 90 days without, or when your organisation ends it: once more.",
    ]
