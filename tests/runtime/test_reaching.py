"""Reaching a server: autodiscover, an in-house certificate, a proxy, a Kerberos ticket."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from exchangelib.transport import AUTH_TYPE_MAP

from ackd.clock import SystemClock
from ackd.config import load
from ackd.errors import ConfigError, SignInRefused, Unreachable
from ackd.mailbox.ews import Access, EwsMailbox, endpoint_cache
from ackd.mailbox.ews.connect import VERSION, open_account
from ackd.model.access import Auth
from ackd.runtime.app import App
from ackd.runtime.check import inspect
from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.system.commands import CONFIG
from tests.tls import Proxy, make_certificates

ALICE = "alice@corp.example"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class House:
    """A sandbox by https under its domain's names, behind a proxy, its certificate in-house."""

    def __init__(self, folder: Path, *names: str) -> None:
        ca, certificate, key = make_certificates(folder, *names)
        self.sandbox = Sandbox(folder / "data", {ALICE: "secret"}, tls=(certificate, key)).start()
        self.proxy = Proxy(urlsplit(self.sandbox.url).port or 0, *names)
        self.access = Access(ALICE, "autodiscover", ALICE, "secret", ca_bundle=str(ca), proxy=self.proxy.url)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, "autodiscover.corp.example")
    with house.proxy:
        yield house
    house.sandbox.stop()


def reached(access: Access, state: Path, now: datetime, *, anew: bool = False) -> Access:
    """With an owner who confirms every host, and no SRV records."""
    return endpoint_cache.reached(
        access, state, now, anew=anew, confirm=lambda asking: True, srv=lambda name: []
    )


def test_the_server_is_found_remembered_and_used(house: House, tmp_path: Path) -> None:
    state = tmp_path / "state"
    found = reached(house.access, state, NOW)
    assert found.endpoint == "https://autodiscover.corp.example/EWS/Exchange.asmx"
    assert set(house.proxy.asked) == {"CONNECT autodiscover.corp.example:443"}
    box = EwsMailbox(found, zone=ZoneInfo("Europe/Berlin"), clock=StepClock(NOW))
    assert box.report().address == ALICE
    box.close()
    asked = len(house.proxy.asked)
    assert reached(house.access, state, NOW + timedelta(hours=23)) == found
    assert len(house.proxy.asked) == asked
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in state.iterdir()} == {
        "endpoint.json": 0o600,
        "hosts.json": 0o600,
    }
    assert b"secret" not in b"".join(file.read_bytes() for file in state.rglob("*") if file.is_file())
    house.proxy.known = ()
    with pytest.raises(Unreachable):  # it isn't another mailbox's
        reached(replace(house.access, address="bob@corp.example"), state, NOW)


def test_what_exchangelib_would_guess_is_not_kept(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that names only its inside address, and a version that the library doesn't know."""
    from exchange_sandbox.ews import autodiscover

    known = autodiscover._settings

    def odd(user: Any, ews: str) -> dict[str, str]:
        told = {**known(user, ews), "EwsSupportedSchemas": "Exchange2031"}
        del told["ExternalEwsUrl"]
        return told

    monkeypatch.setattr(autodiscover, "_settings", odd)
    access = replace(house.access, username="CORP\\alice")  # a name that no other test signs in with
    found = reached(access, tmp_path / "state", NOW)
    account, policy = open_account(found, ZoneInfo("UTC"))
    assert account.protocol.config.auth_type == "basic"
    assert account.protocol.config.version == VERSION
    assert account.protocol.config.retry_policy is policy
    account.protocol.close()


def test_an_old_answer_serves_while_nobody_can_be_asked(house: House, tmp_path: Path) -> None:
    found = reached(house.access, tmp_path / "state", NOW)
    house.proxy.known = ()
    later = NOW + timedelta(days=3)
    assert reached(house.access, tmp_path / "state", later) == found
    with pytest.raises(Unreachable, match="found no server for alice"):
        reached(house.access, tmp_path / "state", later, anew=True)


def test_a_server_that_was_left_is_looked_for_anew(house: House, tmp_path: Path) -> None:
    """A new host is confirmed as ever; where nobody tells of one, the old one stays."""
    state, now = tmp_path / "state", datetime.now(UTC)
    reached(house.access, state, now)
    left = "https://mail1.corp.example/EWS/Exchange.asmx"
    told = {"address": ALICE, "url": left, "host": "mail1.corp.example", "at": now.isoformat()}

    def lost(confirmed: list[str]) -> Access:
        (state / "hosts.json").write_text(json.dumps({"address": told["address"], "hosts": confirmed}))
        (state / "endpoint.json").write_text(json.dumps(told))
        return endpoint_cache.reached(house.access, state, now, is_lost=True, srv=lambda name: [])

    both = ["autodiscover.corp.example", "mail1.corp.example"]
    assert lost(both).endpoint == "https://autodiscover.corp.example/EWS/Exchange.asmx"
    with pytest.raises(Unreachable, match=r"mail1\.corp\.example/EWS.* --confirm-host autodiscover"):
        lost(["mail1.corp.example"])
    house.access, told["address"] = (
        replace(house.access, address="nobody@corp.example"),
        "nobody@corp.example",
    )
    assert lost(both).endpoint == left, "what is told there now is no reason to end"
    house.access, told["address"] = replace(house.access, address=ALICE), ALICE
    house.proxy.known = ()
    assert lost(both).endpoint == left


def moved(house: House, folder: Path, monkeypatch: pytest.MonkeyPatch, *confirmed: str) -> Path:
    """A configuration whose mailbox was moved to another server; the hosts that the owner confirmed."""
    state, now = folder / "state", datetime.now(UTC)
    reached(house.access, state, now)
    url = "https://mail1.corp.example/EWS/Exchange.asmx"
    told = {"address": ALICE, "url": url, "host": "mail1.corp.example", "at": now.isoformat()}
    (state / "endpoint.json").write_text(json.dumps(told))
    (state / "hosts.json").write_text(json.dumps({"address": ALICE, "hosts": confirmed}))
    monkeypatch.setattr("ackd.mailbox.ews.endpoint_cache.look_up_srv", lambda name: [])
    monkeypatch.setenv("ACKD_PASSWORD", "secret")
    text = CONFIG.format(endpoint="autodiscover", state=state, mode="send", more="")
    where = f"  ca_bundle: {house.access.ca_bundle}\n  proxy: {house.proxy.url}\n"
    config = folder / "config.yaml"
    config.write_text(text.replace("mailbox:\n", f"mailbox:\n{where}"))
    return config


def test_the_service_notices_that_its_mailbox_was_moved(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = moved(house, tmp_path, monkeypatch, "autodiscover.corp.example", "mail1.corp.example")
    with App(config) as app:
        app.clock = StepClock(datetime.now(UTC))
        for seconds in (0, 30):
            app.clock.move(timedelta(seconds=seconds))
            with pytest.raises(Unreachable):
                app.run_pass()
        app.clock.move(timedelta(seconds=31))
        app.run_pass()
        assert app.summary().parked == 0
    assert "autodiscover.corp.example" in (tmp_path / "state" / "endpoint.json").read_text()


def test_the_command_that_confirms_the_new_server_does(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the old one is still remembered, and doesn't answer."""
    config = load(moved(house, tmp_path, monkeypatch, "mail1.corp.example")).config
    with pytest.raises(Unreachable, match="--confirm-host autodiscover"):
        inspect(config, SystemClock(), lambda asking: False)
    assert inspect(config, SystemClock(), lambda asking: True).report.address == ALICE
    assert inspect(config, SystemClock(), lambda asking: False).report.address == ALICE


def test_a_refused_password_ends_the_search(house: House, tmp_path: Path) -> None:
    wrong = replace(house.access, password="wrong-one")
    with pytest.raises(SignInRefused, match=r"^autodiscover\.corp\.example refused") as caught:
        reached(wrong, tmp_path / "state", NOW)
    assert "wrong-one" not in str(caught.value)
    assert len(house.proxy.asked) == 2  # without the password, and once with it


def test_an_unknown_address_is_told(house: House, tmp_path: Path) -> None:
    nobody = replace(house.access, address="nobody@corp.example")
    with pytest.raises(ConfigError, match=r"no mailbox nobody@corp\.example"):
        reached(nobody, tmp_path / "state", NOW)


def test_another_authority_isnt_trusted(house: House, tmp_path: Path) -> None:
    found = reached(house.access, tmp_path / "state", NOW)
    box = EwsMailbox(replace(found, ca_bundle=None), zone=ZoneInfo("UTC"), clock=StepClock(NOW))
    with pytest.raises(Unreachable, match="certificate"):
        box.report()
    box.close()


class Ticket:
    """Stands in for requests_gssapi, which needs a ticket of a real domain."""

    def __call__(self, request: object) -> object:
        request.headers["Authorization"] = "Negotiate YWNrZA=="  # type: ignore[attr-defined]
        return request


def test_kerberos_sends_the_ticket_and_never_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox(tmp_path, {ALICE: "secret"}) as sandbox:
        access = Access(ALICE, sandbox.url, ALICE, "", auth=Auth.KERBEROS)
        monkeypatch.delitem(AUTH_TYPE_MAP, "gssapi", raising=False)
        with pytest.raises(ConfigError, match=r"\.\[kerberos\]"):
            EwsMailbox(access, zone=ZoneInfo("UTC"), clock=StepClock(NOW))
        monkeypatch.setitem(AUTH_TYPE_MAP, "gssapi", Ticket)
        box = EwsMailbox(access, zone=ZoneInfo("UTC"), clock=StepClock(NOW))
        with pytest.raises(Unreachable, match="kinit"):
            box.report()  # the sandbox knows no tickets, so it refuses this one
        box.close()
