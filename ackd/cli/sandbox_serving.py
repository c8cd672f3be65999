"""How long, and to whom, `ackd sandbox serve` serves."""

from __future__ import annotations

import signal
import threading

import typer


def check_exposure(host: str, *, is_secure: bool, in_clear: bool) -> None:
    """Passwords go over a network in clear only by the person's own word."""
    from exchange_sandbox.server.slowing import is_loopback

    if in_clear and is_secure:
        raise typer.BadParameter("it says http, and --tls says https: leave one out", param_hint="--in-clear")
    if not (is_secure or in_clear or is_loopback(host)):
        told = (
            f"other machines may reach {host or 'all addresses'}, and passwords and mail would go there in "
            "clear: add --tls (or --tls-files), or say --in-clear; 127.0.0.1 is this machine alone"
        )
        raise typer.BadParameter(told, param_hint="--host")


def until_stopped() -> threading.Event:
    """What SIGTERM or Ctrl-C set."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    return over
