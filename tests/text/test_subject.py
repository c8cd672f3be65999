"""The prefixes of answers and forwards, in whatever language a mail program writes them."""

from __future__ import annotations

import pytest

from ackd.text.subject import is_forward, is_of_another, is_reply, without_reply

REPLIES = (
    *("Re:", "RE:", "re :", "AW:", "Antw:", "Antwort:", "SV:", "R:", "RIF:", "Ref:", "RES:", "VS:", "Odp:"),
    *("Vá:", "YNT:", "Răsp:", "Απ:", "Отв:", "回复：", "答复:", "RE[2]:", "Re^3:", "AW(4):", "Re: AW: SV:"),
    *("[EXTERN] RE:", "[EXT] Antw:", "[External] Re: [EXTERN] AW:", "  Re:"),
)
FORWARDS = ("Fw:", "FWD:", "WG:", "TR:", "RV:", "I:", "ENC:", "Doorst:", "VL:", "VB:", "转发：", "[EXT] Fwd:")
OWN = ("Budget", "Research: results", "Antwerp: trip", "R2: plan", "Interim: figures", "[EXTERN] Budget")
OWN += ("Resources: who?", "Treffen: Freitag", "Encore: tickets", "12:30 call", "Re-planning: Friday", "")


@pytest.mark.parametrize("prefix", REPLIES)
def test_what_answers(prefix: str) -> None:
    assert is_reply(f"{prefix} Budget")
    assert is_of_another(f"{prefix} Budget")
    assert without_reply(f"{prefix} Budget") == "Budget"


@pytest.mark.parametrize("prefix", FORWARDS)
def test_what_forwards(prefix: str) -> None:
    subject = f"{prefix} Budget"
    assert is_forward(subject)
    assert is_of_another(subject)
    assert not is_reply(subject)
    assert without_reply(subject) == subject
    assert without_reply(f"Re: {subject}") == subject


@pytest.mark.parametrize("subject", OWN)
def test_what_is_the_senders_own(subject: str) -> None:
    assert not is_of_another(subject)
    assert without_reply(subject) == subject


def test_the_tag_of_a_list_stays_and_hides_no_answer() -> None:
    assert is_reply("[project-x] Re: Budget")
    assert without_reply("[project-x] Re: Budget") == "[project-x] Re: Budget"


def test_a_hostile_subject_costs_no_time() -> None:
    assert without_reply("Re: " * 200_000 + "x") == "x"
    assert not is_of_another("[" * 500_000)
    assert not is_of_another(" " * 500_000)
