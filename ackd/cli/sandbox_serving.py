"""How long, and to whom, `ackd sandbox serve` serves."""

from __future__ import annotations

import re
import signal
import socket
import threading

import typer

_NAME = re.compile(r"[\w.:%-]+")  # of a host, or an address


def check_exposure(host: str, *, is_secure: bool, in_clear: bool) -> None:
    """The host is one, and passwords go over a network in clear only by the person's own word."""
    from exchange_sandbox.server.slowing import is_loopback

    _check_host(host)
    if in_clear and is_secure:
        raise typer.BadParameter("it says http, and --tls says https: leave one out", param_hint="--in-clear")
    if not (is_secure or in_clear or is_loopback(host)):
        told = (
            f"other machines may reach {host or 'all addresses'}, and passwords and mail would go there in "
            "clear: add --tls (or --tls-files), or say --in-clear; 127.0.0.1 is this machine alone"
        )
        raise typer.BadParameter(told, param_hint="--host")


def _check_host(host: str) -> None:
    """Whether a host is an address, or a name that this machine can look up; "" is all addresses."""
    if host and not (_NAME.fullmatch(host) and _is_known(host)):
        told = f"{host!r} is no address, and no name that is known here: write one such as 127.0.0.1"
        raise typer.BadParameter(told, param_hint="--host")


def _is_known(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):  # UnicodeError: no label of a name is so long, or empty
        return False


def until_stopped() -> threading.Event:
    """What SIGTERM or Ctrl-C set."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    return over
