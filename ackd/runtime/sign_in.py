"""A person signs in for the mailbox of a configuration, or an app's sign-in is tried; beside a running
service, which goes on with it by itself."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from ackd import config as configuration
from ackd.config import Config
from ackd.errors import ConfigError, UsageError
from ackd.mailbox import sign_in_person
from ackd.mailbox.access import access_of
from ackd.model.access import SignedIn, SignInWay, Talk
from ackd.ports import Clock
from ackd.runtime import ledgers
from ackd.runtime.credentials import guard_of, secret_of


def configured(path: Path) -> Config:
    """The configuration, for a mailbox that is signed in to by tokens. Raises ConfigError."""
    config = configuration.load(path).config
    if config.mailbox.sign_in is None:
        how = config.mailbox.auth
        raise ConfigError(f"{path}: with mailbox.auth: {how} nobody signs in beforehand: run: ackd check")
    return config


def way_of(config: Config, asked: SignInWay | None, env: Mapping[str, str]) -> SignInWay:
    """How the person is asked: as they want, else as the configuration says. Raises UsageError for a browser
    where there is none to be seen."""
    own = config.mailbox.sign_in or SignInWay.BROWSER
    if own.is_app and asked is not None:
        raise UsageError(f"mailbox.sign_in is {own}: an app signs in by itself, and nobody is asked")
    way = asked or own
    if way is SignInWay.BROWSER and asked is None and not has_display(env):
        raise UsageError(
            "there is no display here for a browser. With a code on another device: run: "
            "ackd sign-in --device"
        )
    return way


def has_display(env: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a browser that is opened can be seen by whoever asked for it."""
    if env.get("BROWSER"):
        return True
    if platform in ("win32", "darwin"):
        return not env.get("SSH_CONNECTION")
    return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def sign_in(config: Config, clock: Clock, talk: Talk, way: SignInWay, *, shared: bool = False) -> SignedIn:
    """See `mailbox.sign_in_person`. A sign-in that was refused before counts as well again."""
    secret = secret_of(config)
    done = sign_in_person(access_of(config, secret), clock, talk, way=way, shared=shared)
    if ledgers.has_ledger(config):
        with closing(ledgers.ledger_of(config)) as ledger:
            guard_of(config, ledger, clock, secret).accepted()
    return done
