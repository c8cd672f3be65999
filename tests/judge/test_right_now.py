"""What is over, or nearly, before a letter would help, in every language: told, and told from near misses."""

from __future__ import annotations

import pytest

from ackd.judge.classifier.model import THRESHOLDS
from ackd.model import Facts
from ackd.text.languages import LANGUAGES
from tests.judge import golden

SAID: dict[str, dict[str, list[str]]] = golden.load(golden.FOLDER / "right_now.yaml")
GROUPS = {f"{prefix}{group}" for prefix in ("", "fresh_") for group in ("now", "task", "later")}
#: Too short for their language to be told, or taken for another's: left all the same.
UNREAD = {
    "Kaffee um zehn?",
    "¡Feliz cumpleaños! ¿Habrá tarta?",
    "¿Te conectas? Acabamos de empezar.",
    "Vais entrar? Acabámos de começar.",
}


def read(text: str, subject: str = "Figures", date: str = "Mon, 23 Nov 2026 09:12:00 +0100") -> Facts:
    return golden.read({"text": text, "headers": {"Date": date, "Subject": subject}})


def said(code: str, group: str) -> list[tuple[str, Facts]]:
    return [(text, read(text)) for name in (group, f"fresh_{group}") for text in SAID[code][name]]


def test_every_language_is_here_and_nearly_half_are_near_misses() -> None:
    assert set(SAID) == set(LANGUAGES)
    for groups in SAID.values():
        assert set(groups) == GROUPS
        near = len(groups["later"]) + len(groups["fresh_later"])
        assert sum(map(len, groups.values())) - near >= 20
        assert near >= 18


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_over_soon_is_told(code: str) -> None:
    for text, facts in said(code, "now"):
        assert (facts.fleeting is not None) is (text not in UNREAD), text
        assert facts.fleeting is not None or facts.request.probability < THRESHOLDS["cautious"], text
        assert not golden.decided(facts).task_alone, text


@pytest.mark.parametrize("code", LANGUAGES)
def test_real_work_at_once_gets_its_task(code: str) -> None:
    for text, facts in said(code, "task"):
        if "9" not in text or "30" not in text:  # a deadline: the plan sees to it
            assert facts.fleeting is not None, text
            assert golden.decided(facts).task_alone, text


@pytest.mark.parametrize("code", LANGUAGES)
def test_near_misses_are_left_to_the_other_rules(code: str) -> None:
    assert [(text, facts.fleeting) for text, facts in said(code, "later") if facts.fleeting] == []


@pytest.mark.parametrize(
    ("text", "date", "is_over_soon"),
    [
        ("Can you take over at 15:00?", "Mon, 23 Nov 2026 09:12:00 +0100", True),
        ("Can you take over at 15:00?", "Mon, 23 Nov 2026 14:59:00 +0100", True),
        ("Can you tell me what went wrong at 8:30?", "Mon, 23 Nov 2026 09:12:00 +0100", False),  # past
        ("Can you take over at 15:00 on Tuesday?", "Mon, 23 Nov 2026 09:12:00 +0100", False),
        ("Can you take over on 23 November at 15:00?", "Mon, 23 Nov 2026 09:12:00 +0100", True),
        ("Can you take over on 24 November at 15:00?", "Mon, 23 Nov 2026 09:12:00 +0100", False),
        ("Can you send it by 15:00?", "Mon, 23 Nov 2026 09:12:00 +0100", False),  # a deadline
        ("Does the backup always run at 22:00?", "Mon, 23 Nov 2026 09:12:00 +0100", False),
    ],
)
def test_an_hour_of_today_by_the_senders_clock(text: str, date: str, *, is_over_soon: bool) -> None:
    assert (read(text, date=date).fleeting is not None) is is_over_soon


@pytest.mark.parametrize(
    ("text", "date", "is_over_soon"),
    [
        (
            "Can you take over at 15:00?",
            "Mon, 23 Nov 2026 09:12:00 -0500",
            True,
        ),  # 21:00 in Berlin, and to come
        (
            "Can you take over at 11:00?",
            "Mon, 23 Nov 2026 15:12:00 +0530",
            False,
        ),  # over, and not 11:00 in Berlin
        ("Kannst du um 15:00 übernehmen?", "Mon, 23 Nov 2026 09:12:00 -0500", True),
        ("Kannst du um 11:00 übernehmen?", "Mon, 23 Nov 2026 15:12:00 +0530", False),
        ("Are you free for lunch at 12?", "Mon, 23 Nov 2026 09:12:00 -0800", True),  # 21:00 in Berlin
    ],
)
def test_an_hour_is_the_senders_and_not_the_owners(text: str, date: str, *, is_over_soon: bool) -> None:
    assert (read(text, date=date).fleeting is not None) is is_over_soon


def test_a_long_mail_is_read_as_a_letter() -> None:
    assert read("Got a minute?").fleeting
    assert read("Got a minute? " + "We had a look at the numbers. " * 20).fleeting is None
