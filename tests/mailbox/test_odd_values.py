"""Moments, numbers and words of a server's as nobody would write them; each has siblings in tests/fuzz.py."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ackd.errors import AckdError
from ackd.judge.origin import AuthAs, stamp_of
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.ews.connect import LONGEST_WAIT, Policy
from ackd.mailbox.graph.answers import Answer, checked
from ackd.mailbox.server_clock import ServerClock
from ackd.mailbox.sign_in.answers import seconds_of
from ackd.mailbox.values import count, message_ids, moment, one_message_id
from ackd.text import eml
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import NOW
from tests.mailbox.ews.scripted import Scripted, ScriptedServer
from tests.people import raw

CANARY = "Canary-of-a-colleague"


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "4501-01-01T00:00:00Z",
        "1600-12-31T23:59:59Z",
        "1601-01-01T00:00:00+01:00",
        "2026-13-01T00:00:00Z",
        "9" * 5000,
        "²026-11-23T08:30:00Z",
        "",
    ],
)
def test_a_moment_from_which_nothing_can_be_reckoned_is_none(text: str) -> None:
    assert moment(text) is None


def test_other_moments_are_told_in_utc() -> None:
    assert moment("2026-11-23T08:30:00.1234567+01:00") == datetime(2026, 11, 23, 7, 30, 0, 123456, tzinfo=UTC)
    assert moment("4500-12-31T23:00:00Z") == datetime(4500, 12, 31, 23, tzinfo=UTC)


def test_numbers_are_those_of_ascii() -> None:
    assert [count(one) for one in ("12", " 7 ", "0", "²", "٣", "-1", "1e3", "9" * 5000, "", None)] == [
        *(12, 7, 0),
        *([None] * 7),
    ]


@pytest.mark.parametrize(
    "told",
    ["²", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 01 Jan 0001 00:00:00 +1200", "%s", "-5"],
)
def test_no_server_asks_for_more_than_a_day(told: str) -> None:
    heads = {"Retry-After": told, "Date": "Mon, 01 Jan 2026 00:00:00 GMT"}
    for status in (429, 503):
        with pytest.raises(AckdError) as caught:
            Policy().raise_response_errors(SimpleNamespace(headers=heads, status_code=status, content=b""))
        assert caught.value.wait is None or timedelta() <= caught.value.wait <= LONGEST_WAIT


def test_no_date_and_age_of_an_answer_are_too_much() -> None:
    clock = ServerClock(lambda: 0.0)
    for date in (
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 23 Nov 2026 08:30:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 +1200",
    ):
        for age in ("9" * 5000, "999999999", "²", "-1", "1.5", ""):
            clock.saw_date(date, age)
    now = clock.now()
    assert now is None or now.year < 2100


def test_how_long_a_token_is_good_may_be_told_in_any_way() -> None:
    told = [3600, "3600", 3600.5, "abc", "²", float("nan"), float("inf"), 10**400, -1, None, [], "9" * 5000]
    assert [seconds_of(one, 900) for one in told[:3]] == [3600.0, 3600.0, 3600.5]
    assert all(0 <= seconds_of(one, 900) <= 3.2e8 for one in told)


@pytest.mark.parametrize("year", ["9999 23:59:59 -1200", "1600 00:00:00 +0000"])
def test_a_mail_of_another_age_has_no_date(year: str) -> None:
    found = eml.read(raw("q").replace(b"23 Nov 2026 08:30:00 +0000", f"31 Dec {year}".encode()))
    assert found.sent is None


@pytest.mark.parametrize(
    "value", ["=?utf-8?q?Internal?=", "=?utf-8?b?SW50ZXJuYWw=?=", "Inter\0nal", "In%74ernal"]
)
@pytest.mark.parametrize("name", ["X-MS-Exchange-Organization-AuthAs", "x-ms-exchange-organization-authas"])
def test_a_stamp_in_other_letters_is_none_of_the_servers(name: str, value: str) -> None:
    found = eml.read(raw("q", stamp="").replace(b"\r\n\r\n", f"\r\n{name}: {value}\r\n\r\n".encode(), 1))
    assert stamp_of(found.headers) is not AuthAs.INTERNAL


FAULTS = {
    "a fault": f"<s:Fault><faultcode>s:Client</faultcode><faultstring>{CANARY}</faultstring></s:Fault>",
    "a fault with one of Exchange's codes": (
        f"<s:Fault><faultcode>a:ErrorAccessDenied</faultcode><faultstring>{CANARY}</faultstring><detail>"
        f"<e:ResponseCode>ErrorAccessDenied</e:ResponseCode><e:Message>{CANARY}</e:Message></detail></s:Fault>"
    ),
    "a fault without a code": f"<s:Fault><faultstring>{CANARY}</faultstring></s:Fault>",
    "a fault whose code is a text": (
        f"<s:Fault><faultcode>{CANARY}</faultcode><detail><e:ResponseCode>{CANARY} said</e:ResponseCode>"
        "</detail></s:Fault>"
    ),
    "an error of a folder": (
        "<m:FindFolderResponse><m:ResponseMessages><m:FindFolderResponseMessage ResponseClass='Error'>"
        f"<m:MessageText>{CANARY}</m:MessageText><m:ResponseCode>Error {CANARY}</m:ResponseCode>"
        "</m:FindFolderResponseMessage></m:ResponseMessages></m:FindFolderResponse>"
    ),
    "another answer": f"<m:{CANARY}><m:A>{CANARY}</m:A></m:{CANARY}>",
    "no answer": CANARY,
}
ACTS: tuple[Callable[[EwsMailbox], Any], ...] = (
    lambda box: box.changes(None, None),
    lambda box: box.settings(),
    lambda box: box.expand(["all@corp.example"]),
    lambda box: box.tasks(),
)


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_word_of_a_fault_is_repeated(fault: str, status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = []
    with ScriptedServer(Scripted.soap(fault, status)) as server:
        box = EwsMailbox(
            Access("a@corp.example", server.url, "a", "secret"),
            zone=ZoneInfo("Europe/Berlin"),
            clock=StepClock(NOW),
        )
        for act in ACTS:
            try:
                act(box)
            except AckdError as error:
                said.append(str(error))
        box.close()
    assert said
    assert CANARY not in " ".join(said) + caplog.text


def test_no_word_of_graphs_errors_is_repeated() -> None:
    for code in (f"{CANARY} said", "a b", f"x{'y' * 90}", 7, None, [CANARY]):
        with pytest.raises(AckdError) as caught:
            checked(Answer(400, {"error": {"code": code, "message": CANARY}}))
        assert str(caught.value) in ("the server answered 400", "the server answered 400 (7)")
    assert Answer(400, {"error": {"code": "ErrorItemNotFound"}}).code == "ErrorItemNotFound"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" <a@corp.example>\r\n", "<a@corp.example>"),
        ("<" + "x" * 996 + ">", "<" + "x" * 996 + ">"),
        ("<" + "x" * 997 + ">", ""),
        ("<" + "\U0001f600" * 249 + ">", "<" + "\U0001f600" * 249 + ">"),
        ("<" + "\U0001f600" * 250 + ">", ""),
        ("<" + "x" * 10_000_000 + ">", ""),
        ("", ""),
    ],
)
def test_a_message_id_is_no_longer_than_a_line(text: str, found: str) -> None:
    assert one_message_id(text) == found
    assert message_ids(f"<b@corp.example> {text}")[0] == "<b@corp.example>"
