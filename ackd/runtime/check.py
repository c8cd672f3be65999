"""The mailbox looked at and tried out by its owner's hand, for `ackd check`: a password that the server
refused before is tried once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from ackd import config as configuration
from ackd.config import Config
from ackd.config.addresses import AUTODISCOVER
from ackd.engine import groups, inspection, owner_settings, self_test
from ackd.engine.inspection import Inspection
from ackd.errors import Unreachable
from ackd.mailbox import open_mailbox, tenant_of
from ackd.mailbox.access import access_of
from ackd.model import OwnerSettings, SelfTestResult, ValueKey
from ackd.model.hosts import Confirm
from ackd.ports import Clock
from ackd.runtime import ledgers
from ackd.runtime.credentials import guard_of, secret_of
from ackd.runtime.settings import holder_of, settings_of, wanted_of


def inspect(config: Config, clock: Clock, confirm: Confirm) -> Inspection:
    """Sign in and look around; `confirm` decides on hosts that ask for it. Where autodiscover found the
    server and it doesn't answer, autodiscover is asked whether there is another one. Raises AckdError."""
    zone, holder = ledgers.owner_time(config).calendar.zone, holder_of(config.state_directory)
    with closing(ledgers.ledger_of(config)) as ledger:
        secret = secret_of(config)
        guard = guard_of(config, ledger, clock, secret)

        def look(*, is_lost: bool) -> Inspection:
            opened = open_mailbox(config, secret, zone, clock, confirm=confirm, is_lost=is_lost)
            with closing(opened) as mailbox:
                report = mailbox.report(ledger.value(ValueKey.SYNC_STATE))
                guard.accepted()
                settings, _ = groups.last_known(settings_of(config)[0], ledger, clock.now())
                tenant = partial(tenant_of, access_of(config, ""))
                return inspection.inspect(mailbox, report, ledger, settings.policy, holder, tenant)

        with guard.trying(by_hand=True):
            try:
                return look(is_lost=False)
            except Unreachable:
                if config.mailbox.endpoint != AUTODISCOVER:
                    raise
                return look(is_lost=True)


def assumed(config: Config, told: OwnerSettings | None) -> Iterator[str]:
    """What neither the configuration tells of the owner's time nor the mailbox, which told this just now
    (None: by what it said last)."""
    known = ledgers.last_known(config) if told is None else None
    return owner_settings.assumed(wanted_of(config), told or (known.settings if known else OwnerSettings()))


def self_test_of(
    config_path: Path, clock_path: Path | None, wait: Callable[[float], None]
) -> Iterator[SelfTestResult]:
    """The self-test on the owner's own server, while no service works on its state. Raises AckdError."""
    config, clock = configuration.load(config_path).config, ledgers.clock_of(clock_path)
    zone = ledgers.owner_time(config).calendar.zone
    lock = ledgers.lock(config.state_directory)
    try:
        with closing(ledgers.ledger_of(config)) as ledger:
            secret = secret_of(config)
            with (
                guard_of(config, ledger, clock, secret).trying(by_hand=True),
                closing(open_mailbox(config, secret, zone, clock)) as mailbox,
            ):
                yield from self_test.run(mailbox, ledger, config.mailbox.address, clock, wait)
    finally:
        lock.release()


def way_of(config_path: Path) -> tuple[dict[str, str], str]:
    """How the mailbox is reached and what is done there, in words of the configuration that come from fixed
    lists; and the endpoint. Raises ConfigError."""
    config = configuration.load(config_path).config
    box = config.mailbox
    way = {"kind": box.kind.value, "sign-in": box.sign_in.value if box.sign_in else box.auth}
    return {**way, "mode": config.mode.value}, box.endpoint
