"""What ends that the way to the mailbox rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.ews.endings import EWS_ENDS, is_exchange_online
from ackd.model import AlarmKind, Ending
from exchange_sandbox import Quirks, Sandbox
from tests.clock import StepClock
from tests.people import MONDAY
from tests.tls import make_certificates

ALICE = "alice@corp.example"
AT = datetime(2026, 12, 24, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "host",
    [
        "outlook.office365.com",
        "Outlook.Office365.com.",
        "eur.outlook.office.com",
        "outlook.office365.us",
        "outlook-dod.office365.us",
        "webmail.apps.mil",
        "partner.outlook.cn",
    ],
)
def test_microsofts_own_servers_end_ews(host: str) -> None:
    assert is_exchange_online(f"https://{host}/EWS/Exchange.asmx")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://mail.corp.example/EWS/Exchange.asmx",
        "https://outlook.office365.com.corp.example/EWS/Exchange.asmx",
        "https://myoutlook.office365.com.evil.example/",
        "https://notoutlook.office.com/",
        "https://corp.example/outlook.office365.com",
        "nonsense",
    ],
)
def test_others_go_on(endpoint: str) -> None:
    assert not is_exchange_online(endpoint)


def test_ews_ends_on_the_first_of_april() -> None:
    assert EWS_ENDS.isoformat() == "2027-04-01T00:00:00+00:00"


def endings(
    folder: Path, ends: datetime | None, quirks: Quirks | None = None, ca: Path | None = None
) -> tuple[Ending, ...]:
    with Sandbox(
        folder / "exchange", {ALICE: "secret"}, clock=lambda: MONDAY, quirks=quirks or Quirks()
    ) as sandbox:
        sandbox.set_password_end(ALICE, ends)
        access = Access(ALICE, sandbox.url, ALICE, "secret", ca_bundle=str(ca) if ca else None)
        mailbox = EwsMailbox(access, zone=ZoneInfo("Europe/Berlin"), clock=StepClock(MONDAY))
        try:
            return mailbox.endings()
        finally:
            mailbox.close()


def test_the_server_says_when_the_password_ends(tmp_path: Path) -> None:
    assert endings(tmp_path, AT) == (Ending(AlarmKind.PASSWORD_ENDS, AT),)


def test_a_password_that_never_ends_is_none(tmp_path: Path) -> None:
    assert endings(tmp_path, None) == ()


def test_a_server_that_doesnt_know_the_question_says_nothing(tmp_path: Path) -> None:
    quirks = Quirks(unsupported=frozenset({"GetPasswordExpirationDate"}))
    assert endings(tmp_path, AT, quirks) == ()


def test_the_last_certificate_that_is_trusted_counts(tmp_path: Path) -> None:
    early, late = tmp_path / "early", tmp_path / "late"
    early.mkdir()
    late.mkdir()
    files = [make_certificates(folder, "mail.corp.example")[0] for folder in (early, late)]
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(b"".join(file.read_bytes() for file in files))
    (one,) = endings(tmp_path, None, ca=bundle)
    assert one.kind is AlarmKind.CERTIFICATE_ENDS
    assert timedelta(days=29) < one.at - datetime.now(UTC) < timedelta(days=31)
    bundle.write_text("no certificate")
    assert endings(tmp_path, None, ca=bundle) == ()
