"""Where the asker's clock stands, from the Date header."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ackd.engine.triage import judge
from ackd.model import Thread
from ackd.text.headers import offset_of, zone_of
from tests.people import MONDAY, mail, settings

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("dates", "offset"),
    [
        (("Tue, 24 Nov 2026 10:02:00 +0100",), 60),
        (("Tue, 24 Nov 2026 10:02 -0530 (IST)",), -330),
        (("24 Nov 26 10:02:00 +1345",), 825),
        (("Tue, 24 Nov 2026 09:02:00 +0000",), None),  # Exchange's, for everyone
        (("Tue, 24 Nov 2026 09:02:00 -0000",), None),  # not known (RFC 5322 3.3)
        (("Tue, 24 Nov 2026 09:02:00 GMT",), None),
        (("Tue, 24 Nov 2026 10:02:00 +2300",), None),
        (("Tue, 24 Nov 2026 10:02:00 +0199",), None),
        (("x" * 100_000,), None),
        ((), None),
        (("Tue, 24 Nov 2026 10:02:00 +0100", "Tue, 24 Nov 2026 10:02:00 +0200"), None),
    ],
)
def test_the_offset_of_a_date_header(dates: tuple[str, ...], offset: int | None) -> None:
    assert offset_of(dates) == offset


@given(st.text(max_size=300))
def test_any_header_is_read(date: str) -> None:
    offset = offset_of((date,))
    assert offset is None or -720 <= offset <= 840


def test_a_clock_that_agrees_is_the_owners_zone_with_its_summer_time() -> None:
    winter = datetime(2026, 3, 20, 9, tzinfo=UTC)
    assert zone_of(60, winter, BERLIN) is BERLIN
    assert zone_of(None, winter, BERLIN) is BERLIN
    assert zone_of(120, winter, BERLIN) == timezone(timedelta(hours=2))


@pytest.mark.parametrize(("stamp", "noon"), [("+0100", 11), ("-0500", 17), ("+0000", 11)])
def test_a_deadline_is_meant_by_the_askers_clock(stamp: str, noon: int) -> None:
    question = mail("q", "Could you please send me the figures by Friday noon?")
    headers = [(n, v.replace("+0000", stamp) if n == "Date" else v) for n, v in question.headers or ()]
    question = replace(question, headers=tuple(headers))
    judged = judge(question, settings(), MONDAY, thread=Thread(), watermark=None)
    assert judged.stated is not None
    assert judged.stated.moment == datetime(2026, 11, 27, noon, tzinfo=UTC)
    assert judged.planned is not None
    assert judged.planned.promise.question.asker_offset == (
        None if stamp == "+0000" else int(stamp) // 100 * 60
    )
