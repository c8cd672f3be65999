"""Passwords as people have them, by Basic in UTF-8 (RFC 7617), and for NTLM behind a proxy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.errors import SignInRefused
from ackd.mailbox.ews import Access, EwsMailbox, sign_in_offers
from ackd.model.access import Auth
from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.hosts import Hosts, door, passes_on

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ODD = (
    "pässwörd",
    "geheim€2026",
    "п@роль",
    "Ñandú¿sí?",
    "mot de passe à œuf",
    "zażółć gęślą",
    "co:lon",
    "p%41ss",
    "quo\"te's",
    "😀smile",
    "密码",
)


def name_of(access: Access) -> str:
    box = EwsMailbox(access, zone=ZoneInfo("UTC"), clock=StepClock(NOW))
    try:
        return box.report().address
    finally:
        box.close()


def test_a_password_in_any_letters(tmp_path: Path) -> None:
    people = {f"p{number}@corp.example": odd for number, odd in enumerate(ODD)}
    with Sandbox(tmp_path, people) as sandbox:
        for address, password in people.items():
            access = Access(address, sandbox.url, address, password)
            assert name_of(access) == address
            answer = sign_in_offers.enter(access, sandbox.url, b"", lambda password=password: password)
            assert answer.status != 401
        with pytest.raises(SignInRefused):
            name_of(Access("p0@corp.example", sandbox.url, "p0@corp.example", "passwörd"))


def test_ntlm_goes_through_a_proxy_and_checks_the_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users, alice, odd = tmp_path / "users", "alice@corp.example", "geheim€2026"
    users.write_text(f"CORP:alice:{odd}\n", encoding="utf-8")
    monkeypatch.setenv("NTLM_USER_FILE", str(users))
    data, names = tmp_path / "data", ("mail.corp.example",)
    with Sandbox(data, {alice: "secret"}) as sandbox, Hosts(tmp_path / "web", *names) as web:
        web.rules["mail.corp.example"] = door(passes_on(sandbox.url, alice, "secret"), "NTLM")
        url = "https://mail.corp.example/EWS/Exchange.asmx"
        access = Access(
            alice, url, "CORP\\alice", odd, auth=Auth.NTLM, ca_bundle=str(web.ca), proxy=web.proxy.url
        )
        assert name_of(access) == alice
        assert web.signed_in() == ["mail.corp.example"]
        assert set(web.proxy.asked) == {"CONNECT mail.corp.example:443"}
        assert not any("uthorization" in head for head in web.proxy.heads), "the proxy reads nothing of it"
        with pytest.raises(SignInRefused):
            name_of(replace(access, password="wrong"))
