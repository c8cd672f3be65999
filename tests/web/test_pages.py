"""What the pages show, on a mailbox with a morning behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from ackd.engine import hold
from ackd.runtime.ledgers import shared_ledger
from tests.web.office import HOSTILE, NEWS, REFUND, THANKS, Office, Written
from tests.web.served import Served


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("office")) as office:
        office.work()
        office.write(REFUND, NEWS, THANKS, HOSTILE)
        office.work(minutes=5)
        office.work(minutes=5)
        yield office


@pytest.fixture(name="page", scope="module")
def _page(office: Office) -> Iterator[Served]:
    with Served(office.config, office.clock) as served:
        yield served.enter()


def place(mail: Written) -> str:
    return f"/decisions/{quote(mail.message_id, safe='')}"


def test_today_shows_what_is_promised_by_day_and_how_ackd_is(page: Served) -> None:
    answer = page.get("/")
    assert answer.status == 200
    assert "2 open promises; the next one is due Wed 25 Nov" in answer.words
    assert "Refund for order 4711 Bob Brown" in answer.words
    assert "doesn’t run" in answer.words
    assert "Mode send" in answer.words
    assert f'href="{place(REFUND)}"' in answer.text


def test_decisions_tell_who_what_and_why(page: Served) -> None:
    words = page.get("/decisions").words
    assert "left What's new" in words
    assert "Corp News news@corp.example" in words
    assert "mailing list" in words
    assert "acknowledged Refund for order 4711" in words
    assert "letter received answer by Wed 25 Nov" in words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("show=acknowledged", [HOSTILE, REFUND]),
        ("show=left", [NEWS, THANKS]),
        ("show=near", []),
        ("rule=mailing%20list", [NEWS]),
        ("q=carol", [THANKS]),
        ("q=order", [REFUND]),
        ("q=ORDER+refund", [REFUND]),
        ("q=nobody", []),
        ("day=2026-11-23&show=left", [NEWS, THANKS]),
        ("day=2026-11-22", []),
        ("before=2026-11-23T08:00:00%2B00:00", []),
    ],
)
def test_decisions_can_be_looked_for(page: Served, query: str, expected: list[Written]) -> None:
    text = page.get(f"/decisions?{query}").text
    shown = [mail for mail in (HOSTILE, NEWS, REFUND, THANKS) if f'href="{place(mail)}"' in text]
    assert shown == expected


def test_a_decision_is_taken_apart(page: Served) -> None:
    answer = page.get(place(REFUND))
    assert answer.status == 200
    assert "<mark>Can you tell me whether the refund for order 4711 has been processed?</mark>" in answer.text
    assert "Bob Brown bob@corp.example" in answer.words
    assert "request speaks for : asks for an answer or an action" in answer.words
    assert "Answer by Wednesday, 25 November" in answer.words
    left = page.get(place(NEWS)).words
    assert "mailing list forbids a letter" in left


def test_hostile_mail_is_text(page: Served) -> None:
    for path in ("/", "/decisions", place(HOSTILE), "/decisions?q=%3Cscript%3E"):
        answer = page.get(path)
        assert answer.status == 200
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert "onerror" not in answer.text.replace("&lt;img src=x onerror=alert(1)&gt;", "")
    assert "alert(1)</script>/../../settings" in page.get(place(HOSTILE)).words


def test_a_mails_html_stands_in_a_frame_where_nothing_runs_or_loads(page: Served) -> None:
    frame = f"/mail/{quote(REFUND.message_id, safe='')}"
    shown = page.get(place(REFUND)).text
    assert 'sandbox loading="lazy" src="/mail/' in shown
    answer = page.get(frame)
    assert answer.status == 200
    policy = answer.headers["content-security-policy"].split("; ")
    assert "sandbox" in policy, "no script, no form, an origin of its own"
    assert "default-src 'none'" in policy
    assert "img-src data:" in policy
    assert not any(part.startswith("script-src") for part in policy)
    assert page.get(frame, cookie="").status == 403


def test_a_mail_that_isnt_in_the_record_is_told(page: Served) -> None:
    answer = page.get("/decisions/%3Cnobody@corp.example%3E")
    assert answer.status == 404
    assert "the record has no decision on this mail" in answer.words


def test_pause_and_resume_are_the_commands_words(page: Served, office: Office) -> None:
    paused = page.post("/pause", {})
    assert (paused.status, paused.headers["location"]) == (303, "/?did=paused")
    words = page.get("/?did=paused").words
    assert "held : paused by you" in words
    with shared_ledger(office.config, office.clock) as shared:
        held = hold.current(shared.ledger)
        assert held is not None
        assert held.is_owners
    page.post("/resume", {})
    with shared_ledger(office.config, office.clock) as shared:
        assert hold.current(shared.ledger) is None


def test_the_report_is_the_commands(page: Served) -> None:
    shown = page.get("/report")
    assert "2 promises: 0 kept in time" in shown.words
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in shown.text
    assert "bob@corp.example" not in shown.words, "nobody is named unless that is asked for"
    assert "bob@corp.example" in page.get("/report?by=colleague").words
    kept = page.get("/report/file?days=365")
    assert kept.headers["content-disposition"] == 'attachment; filename="ackd-report-2026-11-23.html"'
    assert "2 promises: 0 kept in time" in kept.words
    assert "<script" not in kept.text
    assert page.get("/report?days=x&by=%3Cb%3E").status == 200


@pytest.mark.parametrize(
    ("form", "status"),
    [({}, 404), ({"number": "x", "word": "sent"}, 404), ({"number": "99", "word": "send"}, 404)],
)
def test_a_case_that_isnt_parked_is_told(page: Served, form: dict[str, str], status: int) -> None:
    assert page.post("/parked", form).status == status


def test_a_form_leads_back_to_this_page_alone(page: Served) -> None:
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", ""):
        location = page.post("/resume", {"back": back}).headers["location"]
        assert location.startswith("/?did="), back


def test_pages_are_light(page: Served) -> None:
    scripts = len(page.get("/static/htmx.min.js").text) + len(page.get("/static/ackd.css").text)
    for path in ("/", "/decisions", place(REFUND), "/unanswered", "/settings", "/letters", "/report"):
        answer = page.get(path)
        assert len(answer.text.encode()) + scripts < 150_000, path
        assert "style=" not in answer.text
        assert " onclick=" not in answer.text
        assert not re.search(r"(?:src|href|action)=\"(?!/|#)", answer.text), "nothing is from elsewhere"


def test_the_mailbox_may_be_away(page: Served, office: Office) -> None:
    office.sandbox.stop()
    try:
        page.site.reader.forget()
        listed, one = page.get("/decisions"), page.get(place(REFUND))
        assert (listed.status, one.status, page.get("/").status) == (200, 200, 200)
        for answer in (listed, one):
            assert "The mailbox can't be read now" in answer.words
        assert "Mail of news@corp.example" in listed.words, "the record keeps no subject of what was left"
        assert "asks for an answer or an action" in one.words
    finally:
        office.sandbox.start()
