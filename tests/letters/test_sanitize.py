"""Subjects and other people's text, made harmless."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ackd.letters.sanitize import bare_subject, cut, one_line, paragraphs, tidy_subject


@pytest.mark.parametrize(
    "prefix",
    ["Re:", "RE:", "re: ", "AW:", "Aw: Re: AW:", "SV:", "RIF:", "R:", "Antw:", "RES:", "VS:", "Odp:",
     "Re[2]:", "RE(3):", "Re^4:", "RE : ", "Re：", "回复：", "Vá:", "Ynt:", "ΑΠ:", "Re: Re: Re: Re:"],
)  # fmt: skip
def test_prefixes_of_answers(prefix: str) -> None:
    assert bare_subject(f"{prefix} Budget") == "Budget"
    assert tidy_subject(f"{prefix} Budget") == "Re: Budget"


@pytest.mark.parametrize(
    "subject",
    ["Fwd: Budget", "WG: Budget", "Report: Budget", "Reg: Budget", "Rest: x", "r2: y", "Area: Re: x"],
)
def test_other_beginnings_stay(subject: str) -> None:
    assert bare_subject(subject) == subject
    assert tidy_subject(f"Re: {subject}") == f"Re: {subject}"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\r\nBcc: eve@evil.example", "a Bcc: eve@evil.example"),
        ("a\u2028b\u2029c\x85d\x0be", "a b c d e"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u2066x\u2069\u200f\u061c\ufeff y", "x y"),
        ("null\x00byte", "null byte"),
        ("\ud800lone", "lone"),
        ("tag\U000e0041s", "tags"),
        ("  many \t  blanks ", "many blanks"),
        ("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"),
    ],
)
def test_one_line(hostile: str, shown: str) -> None:
    assert one_line(hostile, 255) == shown


@given(st.text(st.characters(), max_size=600))
def test_every_subject_fits_exchange_and_has_no_controls(text: str) -> None:
    subject = tidy_subject(f"Re: {text}")
    assert len(subject.encode("utf-16-le")) // 2 <= 255
    assert subject.isprintable() or "\u200c" in subject or "\u200d" in subject
    assert subject.startswith("Re:")
    assert tidy_subject(subject) == subject


def test_cuts_show_that_something_is_missing_and_never_halve_a_character() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"
    assert cut("😀😀😀", 4) == "😀…"
    assert one_line("x" * 5_000, 10_000).endswith("…")


def test_paragraphs_keep_lines_and_lose_controls() -> None:
    assert paragraphs("a\r\nb\rc\n\n\n\n\nd\x07\u202e\t!", 100) == "a\nb\nc\n\nd    !"
    assert paragraphs("x" * 50, 10) == "x" * 9 + "…"


def test_huge_text_costs_nothing() -> None:
    before = time.process_time()
    for huge in ("Re: " * 3_000_000, "re[" * 3_000_000, "\u202e" * 10_000_000, " " * 10_000_000):
        tidy_subject(huge)
        paragraphs(huge, 1000)
    assert time.process_time() - before < 1
